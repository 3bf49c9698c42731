//! Reads arguments: JSON text into the core's input structs. What does not fit is refused by name.

use std::path::PathBuf;

use han_native::model::{Timestamp, WatchMode};
use han_native::{DoctorOptions, ForgetTarget, OpenOptions, WatchOptions};
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

/// The options of `Han.open`, but for the log function.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct OpenInput {
    data_dir: Option<PathBuf>,
    db_path: Option<PathBuf>,
    config_dirs: Option<Vec<PathBuf>>,
    read_only: Option<bool>,
    in_memory: Option<bool>,
    lock_timeout_ms: Option<u64>,
    heartbeat_interval_ms: Option<u64>,
    stale_after_ms: Option<u64>,
    exclude: Option<Vec<String>>,
    time_zone: Option<String>,
    price_file: Option<PathBuf>,
    watch: Option<WatchInput>,
}

impl From<OpenInput> for OpenOptions {
    fn from(input: OpenInput) -> OpenOptions {
        OpenOptions {
            data_dir: input.data_dir,
            db_path: input.db_path,
            config_dirs: input.config_dirs,
            read_only: input.read_only.unwrap_or_default(),
            in_memory: input.in_memory.unwrap_or_default(),
            lock_timeout_ms: input.lock_timeout_ms,
            heartbeat_interval_ms: input.heartbeat_interval_ms,
            stale_after_ms: input.stale_after_ms,
            exclude: input.exclude.unwrap_or_default(),
            time_zone: input.time_zone,
            price_file: input.price_file,
            watch: input.watch.unwrap_or_default().into(),
            log: None,
        }
    }
}

/// How the watcher of a handle watches.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct WatchInput {
    mode: Option<WatchMode>,
    scan_interval_ms: Option<u64>,
    poll_interval_ms: Option<u64>,
    native_retry_ms: Option<u64>,
}

impl From<WatchInput> for WatchOptions {
    fn from(input: WatchInput) -> WatchOptions {
        WatchOptions {
            mode: input.mode,
            scan_interval_ms: input.scan_interval_ms,
            poll_interval_ms: input.poll_interval_ms,
            native_retry_ms: input.native_retry_ms,
        }
    }
}

/// The options of `subscribe`, but for the signal.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SubscribeInput {
    pub(crate) topics: Option<Vec<String>>,
    pub(crate) since: Option<String>,
    pub(crate) expand: Option<bool>,
}

/// The options of `scan`, but for the functions.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ScanInput {
    pub(crate) paths: Option<Vec<PathBuf>>,
}

/// The options of `vectors.embedPending`, but for the function and the signal.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct EmbedInput {
    pub(crate) limit: Option<i64>,
}

/// The options of `loadEmbedder`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct LoadInput {
    pub(crate) model: Option<String>,
}

/// The options of `doctor`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct DoctorInput {
    fix: Option<bool>,
}

impl From<DoctorInput> for DoctorOptions {
    fn from(input: DoctorInput) -> DoctorOptions {
        DoctorOptions { fix: input.fix.unwrap_or_default() }
    }
}

/// The target of `forget`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ForgetInput {
    session_id: Option<String>,
    project_id: Option<String>,
    before: Option<Timestamp>,
}

impl TryFrom<ForgetInput> for ForgetTarget {
    type Error = Failure;

    fn try_from(input: ForgetInput) -> Result<ForgetTarget, Failure> {
        match (input.session_id, input.project_id, input.before) {
            (Some(session), None, None) => Ok(ForgetTarget::Session(session)),
            (None, Some(project), None) => Ok(ForgetTarget::Project(project)),
            (None, None, Some(before)) => Ok(ForgetTarget::Before(before)),
            _ => Err(Failure::invalid("forget needs exactly one of sessionId, projectId and before")),
        }
    }
}

#[cfg(test)]
mod tests {
    use han_native::model::{MessageQuery, SearchQuery, SessionQuery};

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
        let target = |json: &str| options::<ForgetInput>(json).and_then(ForgetTarget::try_from);
        assert_eq!(target(r#"{"sessionId":"s"}"#).ok(), Some(ForgetTarget::Session("s".into())));
        assert!(target("{}").is_err());
        assert!(target(r#"{"sessionId":"s","projectId":"p"}"#).is_err());
    }
}
