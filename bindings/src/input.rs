//! Reads arguments: JSON text into the core's input structs. What does not fit is refused by name.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// Reads a positional argument.
pub(crate) fn argument<T: DeserializeOwned>(name: &str, json: &str) -> Result<T, Failure> {
    deserialize(name, value(name, json)?)
}

/// Reads an options object; `null` stands for an empty one.
pub(crate) fn options<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    match value("options", json)? {
        Value::Null => deserialize("", Value::Object(Map::new())),
        object @ Value::Object(_) => deserialize("", object),
        _ => Err(Failure::invalid("options must be an object")),
    }
}

fn value(name: &str, json: &str) -> Result<Value, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::invalid(format!("{name}: {error}")))
}

fn deserialize<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, Failure> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { "" } else { &path };
        let separator = if name.is_empty() || path.is_empty() || path.starts_with('[') { "" } else { "." };
        let place = format!("{name}{separator}{path}");
        let colon = if place.is_empty() { "" } else { ": " };
        Failure::invalid(format!("{place}{colon}{}", error.inner()))
    })
}

/// The options of `loadEmbedder`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct LoadInput {
    pub(crate) model: Option<String>,
}

#[cfg(test)]
mod tests {
    use han_native::model::{MessageQuery, SearchQuery, SessionQuery};
    use han_native::{ForgetTarget, OpenOptions};

    use super::*;

    fn refusal<T>(result: Result<T, Failure>) -> String {
        match result {
            Ok(_) => panic!("was accepted"),
            Err(failure) => format!("{failure:?}"),
        }
    }

    #[test]
    fn a_refusal_names_the_option() {
        let wrong_type = refusal(options::<MessageQuery>(r#"{"sessionId":"s","first":"ten"}"#));
        assert!(wrong_type.contains("InvalidArgument") && wrong_type.contains("first: "), "{wrong_type}");
        let unknown_key = refusal(options::<MessageQuery>(r#"{"sessionId":"s","frist":1}"#));
        assert!(unknown_key.contains("frist"), "{unknown_key}");
        let unknown_enum = refusal(options::<SearchQuery>(r#"{"query":"q","fields":["user","body"]}"#));
        assert!(unknown_enum.contains("fields[1]") && unknown_enum.contains("body"), "{unknown_enum}");
        let bad_time = refusal(options::<SearchQuery>(r#"{"query":"q","since":"yesterday"}"#));
        assert!(bad_time.contains("since") && bad_time.contains("yesterday"), "{bad_time}");
        let bad_id = refusal(argument::<Vec<String>>("ids", r#"["a",5]"#));
        assert!(bad_id.contains("ids[1]"), "{bad_id}");
    }

    #[test]
    fn only_an_object_or_nothing_is_an_options_object() {
        assert!(options::<SessionQuery>("null").is_ok());
        assert!(refusal(options::<SearchQuery>("null")).contains("missing field `query`"));
        assert!(refusal(options::<MessageQuery>("{}")).contains("missing field `sessionId`"));
        for json in [r#"["query"]"#, r#""query""#, "5"] {
            assert!(refusal(options::<SearchQuery>(json)).contains("must be an object"));
        }
    }

    #[test]
    fn forget_takes_exactly_one_target() {
        let target = options::<ForgetTarget>;
        assert_eq!(target(r#"{"sessionId":"s"}"#).ok(), Some(ForgetTarget::Session("s".into())));
        assert_eq!(target(r#"{"sessionId":"s","before":null}"#).ok(), Some(ForgetTarget::Session("s".into())));
        let refused = "\"forget needs exactly one of sessionId, projectId and before\"";
        for json in ["{}", "null", r#"{"sessionId":"s","projectId":"p"}"#] {
            let message = refusal(target(json));
            assert!(message.contains(refused), "{message}");
        }
    }

    #[test]
    fn a_refusal_names_the_option_of_the_watcher() {
        let wrong_type = refusal(options::<OpenOptions>(r#"{"watch":{"scanIntervalMs":"often"}}"#));
        assert!(wrong_type.contains("watch.scanIntervalMs: "), "{wrong_type}");
        let array = refusal(options::<OpenOptions>(r#"{"watch":["poll"]}"#));
        assert!(array.contains("watch: ") && array.contains("expected an object"), "{array}");
    }
}
