//! Parameters: one JSON object, taken apart into what an operation needs. What does not fit is refused by name.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// The parameters of one call.
#[derive(Debug)]
pub struct Arguments(Map<String, Value>);

impl Arguments {
    /// Reads a JSON object; `None` counts as an empty one.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for text that is not a JSON object, or has a key twice.
    pub fn parse(json: Option<&str>) -> Result<Arguments> {
        let Some(json) = json else { return Ok(Arguments(Map::new())) };
        match serde_json::from_str::<Unique>(json) {
            Ok(Unique(object)) => Ok(Arguments(object)),
            Err(error) => Err(Error::invalid("parameters", format!("are refused: {error}"))),
        }
    }

    /// Takes out one parameter, named as in Rust.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T> {
        let name = camel_case(name);
        let value = self.0.remove(&name).unwrap_or_default();
        let is_missing = value.is_null();
        deserialize(value, &name).map_err(|error| match is_missing {
            true => Error::invalid(name, "is missing"),
            false => error,
        })
    }

    /// What is left as the options of an operation, in which a key whose value is `null` counts as left out.
    pub fn options<T: DeserializeOwned>(mut self) -> Result<T> {
        self.0.retain(|_, value| !value.is_null());
        deserialize(Value::Object(self.0), "")
    }

    /// Refuses what is left.
    pub(super) fn finish(self) -> Result<()> {
        match self.0.into_iter().find(|(_, value)| !value.is_null()) {
            Some((name, _)) => Err(Error::invalid("parameters", format!("are refused: unknown field `{name}`"))),
            None => Ok(()),
        }
    }
}

/// The name in JSON of what is `snake_case` in Rust.
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// A value by its shape; an error names the place inside `name` that does not fit.
fn deserialize<T: DeserializeOwned>(value: Value, name: &str) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { "" } else { &path };
        let separator = if name.is_empty() || path.is_empty() || path.starts_with('[') { "" } else { "." };
        let problem = error.inner().to_string();
        match format!("{name}{separator}{path}") {
            place if place.is_empty() => Error::invalid("parameters", format!("are refused: {problem}")),
            place => Error::invalid(place, format!("is refused: {problem}")),
        }
    })
}

/// An object whose keys are all different: of two, serde_json would keep one silently.
struct Unique(Map<String, Value>);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Unique, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Unique;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<Unique, A::Error> {
                let mut object = Map::new();
                while let Some((key, value)) = entries.next_entry::<String, Value>()? {
                    if object.contains_key(&key) {
                        return Err(A::Error::custom(format!("`{key}` is there twice")));
                    }
                    object.insert(key, value);
                }
                Ok(Unique(object))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MessageQuery, SearchQuery};

    fn refusal<T>(result: Result<T>) -> String {
        match result {
            Ok(_) => panic!("was accepted"),
            Err(error) => error.to_string(),
        }
    }

    fn options<T: DeserializeOwned>(json: &str) -> Result<T> {
        Arguments::parse(Some(json)).and_then(Arguments::options)
    }

    #[test]
    fn a_refusal_names_the_place() {
        for (message, parts) in [
            (refusal(options::<MessageQuery>(r#"{"sessionId":"s","first":"ten"}"#)), &["first is refused", "ten"][..]),
            (refusal(options::<MessageQuery>(r#"{"sessionId":"s","frist":1}"#)), &["frist is refused", "`frist`"]),
            (refusal(options::<SearchQuery>(r#"{"query":"q","fields":["user","body"]}"#)), &["fields[1] is", "body"]),
            (refusal(options::<SearchQuery>(r#"{"query":"q","since":"yesterday"}"#)), &["since", "yesterday"]),
            (refusal(options::<SearchQuery>("{}")), &["missing field `query`"]),
            (refusal(options::<SearchQuery>(r#"{"query":"a","query":"b"}"#)), &["`query` is there twice"]),
            (refusal(options::<SearchQuery>("[]")), &["a JSON object"]),
            (refusal(options::<SearchQuery>("{")), &["EOF"]),
            (refusal(options::<SearchQuery>("{} {}")), &["trailing"]),
            (refusal(options::<SearchQuery>("")), &["EOF"]),
        ] {
            assert!(parts.iter().all(|part| message.contains(part)), "{message}");
        }
    }

    #[test]
    fn null_counts_as_left_out() {
        let query: MessageQuery = options(r#"{"sessionId":"s","first":null,"includeReplays":null}"#).unwrap();
        assert_eq!(query, MessageQuery { session_id: "s".into(), ..MessageQuery::default() });
    }

    #[test]
    fn leading_parameters_are_taken_by_their_names() {
        let mut arguments = Arguments::parse(Some(r#"{"sessionIds":["a",5],"since":null,"more":1}"#)).unwrap();
        assert!(refusal(arguments.take::<Vec<String>>("session_ids")).starts_with("sessionIds[1] is refused"));
        assert_eq!(refusal(arguments.take::<Vec<String>>("ids")), "ids is missing");
        assert_eq!(arguments.take::<Option<String>>("since").unwrap(), None);
        assert_eq!(refusal(arguments.finish()), "parameters are refused: unknown field `more`");
    }
}
