//! Compact JSON whose keys keep the order they are written in, as real records do (a `serde_json::Value` sorts them).

/// The fields of an object, without its braces.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<u8>);

/// A finished JSON value.
#[derive(Debug, Clone)]
pub(crate) struct Json(Vec<u8>);

/// A value that can follow a key.
pub(crate) trait ToJson {
    fn write_json(&self, out: &mut Vec<u8>);

    /// A field without a value is left out, key and all.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A field that is left out if it is `None`; a plain `None` becomes `null`.
pub(crate) struct Maybe<T>(pub(crate) Option<T>);

impl Fields {
    pub(crate) fn add(&mut self, key: &str, value: &(impl ToJson + ?Sized)) {
        if value.is_absent() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push(b',');
        }
        key.write_json(&mut self.0);
        self.0.push(b':');
        value.write_json(&mut self.0);
    }

    pub(crate) fn append(&mut self, fields: &Fields) {
        if !self.0.is_empty() && !fields.0.is_empty() {
            self.0.push(b',');
        }
        self.0.extend_from_slice(&fields.0);
    }

    pub(crate) fn close(self) -> Json {
        let mut bytes = self.0;
        bytes.insert(0, b'{');
        bytes.push(b'}');
        Json(bytes)
    }
}

impl Json {
    pub(crate) fn array(items: &[Json]) -> Json {
        let mut bytes = Vec::new();
        items.write_json(&mut bytes);
        Json(bytes)
    }

    pub(crate) fn of(value: &(impl ToJson + ?Sized)) -> Json {
        let mut bytes = Vec::new();
        value.write_json(&mut bytes);
        Json(bytes)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl ToJson for Json {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

impl ToJson for str {
    fn write_json(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(out, self).expect("a string is written to memory");
    }
}

impl ToJson for String {
    fn write_json(&self, out: &mut Vec<u8>) {
        self.as_str().write_json(out);
    }
}

impl ToJson for bool {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl ToJson for i64 {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.to_string().as_bytes());
    }
}

impl ToJson for i32 {
    fn write_json(&self, out: &mut Vec<u8>) {
        i64::from(*self).write_json(out);
    }
}

impl ToJson for usize {
    fn write_json(&self, out: &mut Vec<u8>) {
        (*self as i64).write_json(out);
    }
}

impl ToJson for f64 {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.to_string().as_bytes());
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.write_json(out),
            None => out.extend_from_slice(b"null"),
        }
    }
}

impl<T: ToJson> ToJson for Maybe<T> {
    fn write_json(&self, out: &mut Vec<u8>) {
        self.0.write_json(out);
    }

    fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

impl<T: ToJson> ToJson for [T] {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            item.write_json(out);
        }
        out.push(b']');
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write_json(&self, out: &mut Vec<u8>) {
        self.as_slice().write_json(out);
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn write_json(&self, out: &mut Vec<u8>) {
        (**self).write_json(out);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

/// Fields in their order: `fields! { "key": value, ... }`.
macro_rules! fields {
    ($($key:literal : $value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut fields = $crate::generator::json::Fields::default();
        $(fields.add($key, &$value);)*
        fields
    }};
}

/// An object with its keys in this order: `object! { "key": value, ... }`.
macro_rules! object {
    ($($key:literal : $value:expr),* $(,)?) => {
        $crate::generator::json::fields!($($key: $value),*).close()
    };
}

pub(crate) use {fields, object};
