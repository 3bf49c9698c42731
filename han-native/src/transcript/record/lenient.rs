//! Reading JSON that may be of any shape: every type here takes any JSON value and ignores what it does not want.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::text;

/// The visitor of a lenient type.
pub(super) struct Shape<T>(pub(super) PhantomData<T>);

/// The visitor methods of the JSON kinds that a lenient type does not want.
macro_rules! ignore_kinds {
    (scalars) => {
        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (list) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<serde::de::IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
}

/// Declares a JSON object with the wanted fields: `name: Type = "key"`.
///
/// serde's own derive refuses duplicate keys, and gives up the whole object for one field of the wrong kind.
macro_rules! lenient_object {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident $(<$lifetime:lifetime>)? {
            $($(#[$field_meta:meta])* $field:ident: $type:ty = $key:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Default)]
        $visibility struct $name $(<$lifetime>)? {
            $($(#[$field_meta])* pub(crate) $field: $type,)*
        }

        impl<'de $(: $lifetime, $lifetime)?> serde::de::Deserialize<'de> for $name $(<$lifetime>)? {
            fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let shape = $crate::transcript::record::lenient::Shape::<Self>(std::marker::PhantomData);
                deserializer.deserialize_any(shape)
            }
        }

        impl<'de $(: $lifetime, $lifetime)?> serde::de::Visitor<'de>
            for $crate::transcript::record::lenient::Shape<$name $(<$lifetime>)?>
        {
            type Value = $name $(<$lifetime>)?;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("any JSON value")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut object = Self::Value::default();
                while let Some(key) = map.next_key::<$crate::transcript::record::lenient::Key<'de>>()? {
                    match key.as_str() {
                        $($key => object.$field = map.next_value()?,)*
                        _ => {
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(object)
            }

            ignore_kinds!(scalars);
            ignore_kinds!(list);
        }

        impl $(<$lifetime>)? $name $(<$lifetime>)? {
            /// Reads valid JSON and hands the object on; if a value cannot be read as it is, from a repaired copy.
            // Objects that only occur inside others are never read by themselves.
            #[allow(dead_code)]
            pub(crate) fn read<R>(
                json: &str,
                then: impl FnOnce(&$crate::transcript::record::lenient::shape_of!($name $(, $lifetime)?)) -> R,
            ) -> R {
                match serde_json::from_str(json) {
                    Ok(object) => then(&object),
                    Err(_) => {
                        let mended = $crate::transcript::record::mend::mend(json);
                        then(&serde_json::from_str(&mended).unwrap_or_default())
                    }
                }
            }
        }
    };
}

/// The type of a lenient object of any lifetime.
macro_rules! shape_of {
    ($name:ident) => { $name };
    ($name:ident, $lifetime:lifetime) => { $name<'_> };
}
pub(crate) use shape_of;

/// A key, unescaped.
pub(super) struct Key<'a>(Cow<'a, str>);

impl Key<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(Shape::<Self>(PhantomData))
    }
}

impl<'de> Visitor<'de> for Shape<Key<'de>> {
    type Value = Key<'de>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(key)))
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(key.to_owned())))
    }
}

/// Any JSON value, as it is written: for texts, which are unescaped only as far as they are needed, and for parts that
/// are walked later.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Raw<'a>(&'a str);

impl<'a> Raw<'a> {
    pub(super) fn new(json: &'a str) -> Raw<'a> {
        Raw(json)
    }

    /// As it is written.
    pub(crate) fn json(self) -> &'a str {
        self.0
    }

    /// Whether the key was there, with anything but `null`.
    pub(crate) fn is_given(self) -> bool {
        !self.0.is_empty() && self.0 != "null"
    }

    /// Whether it is `false`, and not only missing.
    pub(crate) fn is_false(self) -> bool {
        self.0 == "false"
    }

    /// The JSON of an object.
    pub(crate) fn object(self) -> Option<&'a str> {
        self.0.starts_with('{').then_some(self.0)
    }

    /// The JSON of a list.
    pub(crate) fn list(self) -> Option<&'a str> {
        self.0.starts_with('[').then_some(self.0)
    }

    /// The JSON of an object or a list.
    pub(crate) fn tree(self) -> Option<&'a str> {
        self.object().or(self.list())
    }

    /// The inside of a string, still escaped.
    pub(crate) fn string(self) -> Option<&'a str> {
        self.0.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
    }

    /// The text of a string, at most `limit` bytes of it.
    pub(crate) fn text(self, limit: usize) -> Option<Cow<'a, str>> {
        self.string().map(|string| text::unescape(string, limit))
    }

    /// Appends the text of a string, at most `limit` bytes of it; returns whether something was left out.
    pub(crate) fn append_to(self, text: &mut String, limit: usize) -> bool {
        self.string().is_some_and(|string| text::unescape_into(string, text, limit))
    }

    /// Whether the text of a string may have control characters, except the usual white space.
    pub(crate) fn may_have_controls(self) -> bool {
        self.string().is_some_and(text::may_have_controls)
    }

    /// How many bytes the text of a string has; 0 for any other value.
    pub(crate) fn text_length(self) -> usize {
        self.string().map_or(0, text::unescaped_length)
    }

    /// How many lines a string has; a last one without an end counts.
    pub(crate) fn line_count(self) -> Option<i64> {
        self.string().map(text::line_count)
    }

    /// A string or a number, as text.
    pub(crate) fn label(self) -> Option<Cow<'a, str>> {
        let is_number = self.0.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        if is_number { Some(Cow::Borrowed(self.0)) } else { self.text(Text::LIMIT) }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw<'a>, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|value| Raw(value.get()))
    }
}

/// A short string: a name, an id, a path.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    /// A longer one is not a name, and counts as missing.
    pub(crate) const LIMIT: usize = 64 << 10;

    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The text, if there is any in it.
    pub(crate) fn non_empty(&self) -> Option<&str> {
        self.get().filter(|text| !text.is_empty())
    }

    pub(crate) fn to_owned(&self) -> Option<String> {
        self.non_empty().map(str::to_owned)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
        let string = Raw::deserialize(deserializer)?.string().filter(|string| string.len() <= Text::LIMIT);
        Ok(Text(string.map(|string| text::unescape(string, usize::MAX))))
    }
}

/// A number; a fraction is cut off.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Number(Option<i64>);

impl Number {
    pub(crate) fn get(self) -> Option<i64> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        let json = Raw::deserialize(deserializer)?.0;
        if json.starts_with('"') {
            return Ok(Number(None));
        }
        let fraction = || json.parse::<f64>().ok().filter(|number| number.is_finite());
        Ok(Number(json.parse().ok().or_else(|| fraction().map(|number| number as i64))))
    }
}

/// `true`; anything else is false.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Flag, D::Error> {
        Ok(Flag(Raw::deserialize(deserializer)?.0 == "true"))
    }
}

/// A list.
#[derive(Debug)]
pub(crate) struct List<T> {
    items: Vec<T>,
    is_given: bool,
    is_cut: bool,
}

impl<T> List<T> {
    /// How many items are kept; memory must not grow with a line that lists millions.
    const LIMIT: usize = 10_000;

    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// Whether there was a list, even an empty one.
    pub(crate) fn is_given(&self) -> bool {
        self.is_given
    }

    /// Whether there were more items than are kept.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List { items: Vec::new(), is_given: false, is_cut: false }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<List<T>, D::Error> {
        deserializer.deserialize_any(Shape::<List<T>>(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Shape<List<T>> {
    type Value = List<T>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
        let mut items = Vec::new();
        while items.len() < List::<T>::LIMIT {
            match list.next_element()? {
                Some(item) => items.push(item),
                None => return Ok(List { items, is_given: true, is_cut: false }),
            }
        }
        let mut is_cut = false;
        while list.next_element::<IgnoredAny>()?.is_some() {
            is_cut = true;
        }
        Ok(List { items, is_given: true, is_cut })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(List::default())
    }

    ignore_kinds!(scalars);
}
