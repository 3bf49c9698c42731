//! How the inputs of operations are read. A key whose value is `null` counts as left out, in every language.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// Any value; its type's default for `null`.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A flag.
pub(crate) fn bool_or<'de, const DEFAULT: bool, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Option::deserialize(deserializer).map(|flag| flag.unwrap_or(DEFAULT))
}

/// An integer.
pub(crate) fn integer_or<'de, const DEFAULT: i64, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Option::deserialize(deserializer).map(|integer| integer.unwrap_or(DEFAULT))
}

/// A duration, as a whole number of milliseconds.
pub(crate) fn milliseconds_or<'de, const DEFAULT: u64, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Duration, D::Error> {
    Option::deserialize(deserializer).map(|milliseconds| Duration::from_millis(milliseconds.unwrap_or(DEFAULT)))
}

/// An object inside another one. Unlike serde's own structs it may not be an array of the fields in their order.
pub(crate) fn object_or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_unit<E>(self) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(fields))
        }
    }

    deserializer.deserialize_any(Object(PhantomData))
}
