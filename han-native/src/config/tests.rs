use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::model::{ExportOptions, MessageQuery, Timestamp, WatchMode};

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

#[test]
fn null_counts_as_left_out() {
    let nulls = json!({
        "dataDir": null, "dbPath": null, "configDirs": null, "readOnly": null, "inMemory": null, "lockTimeoutMs": null,
        "heartbeatIntervalMs": null, "staleAfterMs": null, "exclude": null, "timeZone": null, "priceFile": null,
        "watch": null,
    });
    let default = format!("{:?}", OpenOptions::default());
    assert_eq!(read::<OpenOptions>(nulls).map(|options| format!("{options:?}")), Ok(default.clone()));
    let nulls = json!({"mode": null, "scanIntervalMs": null, "pollIntervalMs": null, "nativeRetryMs": null});
    assert_eq!(read::<OpenOptions>(json!({"watch": nulls})).map(|options| format!("{options:?}")), Ok(default));

    let sql: SqlOptions = read(json!({"deadlineMs": null, "maxRows": null, "maxBytes": null})).unwrap();
    assert_eq!((sql.deadline, sql.max_rows, sql.max_bytes), (Duration::from_secs(5), 10_000, 64 << 20));
    let subscribe: SubscribeOptions = read(json!({"topics": null, "since": null, "expand": null})).unwrap();
    assert_eq!((subscribe.topics, subscribe.since, subscribe.expand), (Vec::new(), None, false));
    assert_eq!(read(json!({"fix": null})), Ok(DoctorOptions::default()));
    assert_eq!(read::<ScanOptions<'_>>(json!({"paths": null})).map(|options| options.paths), Ok(None));
    assert_eq!(read::<EmbedOptions<'_>>(json!({"limit": null})).map(|options| options.limit), Ok(None));
    let export: ExportOptions =
        read(json!({"includeAgents": null, "includeThinking": null, "includeRaw": null})).unwrap();
    assert_eq!(export, ExportOptions::default());
    assert!(export.include_agents && export.include_thinking && !export.include_raw);
    let messages: MessageQuery = read(json!({"sessionId": "s", "onlyErrors": null, "withTotal": null})).unwrap();
    assert_eq!(messages, MessageQuery { session_id: "s".into(), ..MessageQuery::default() });
}

#[test]
fn durations_are_whole_milliseconds() {
    let options: OpenOptions = read(json!({
        "lockTimeoutMs": 0, "heartbeatIntervalMs": 20, "staleAfterMs": 1_500,
        "watch": {"mode": "poll", "scanIntervalMs": 1, "pollIntervalMs": 2, "nativeRetryMs": u64::MAX},
    }))
    .unwrap();
    let milliseconds = Duration::from_millis;
    assert_eq!(options.lock_timeout, Duration::ZERO);
    assert_eq!((options.heartbeat(), options.stale()), (milliseconds(20), milliseconds(1_500)));
    assert_eq!(options.watch.mode, Some(WatchMode::Poll));
    assert_eq!(options.watch.intervals().unwrap(), [milliseconds(1), milliseconds(2), LONGEST]);
    for value in [json!(-1), json!(1.5), json!("5s")] {
        let refusal = read::<OpenOptions>(json!({"lockTimeoutMs": value})).unwrap_err();
        assert!(refusal.starts_with("invalid "), "{refusal}");
    }
}

#[test]
fn what_is_no_option_is_refused() {
    for (value, named) in [
        (json!({"dataDri": null}), "`dataDri`"),
        (json!({"watch": {"siez": 7}}), "`siez`"),
        (json!({"watch": ["poll"]}), "expected an object"),
        (json!({"lockTimeout": 5}), "`lockTimeout`"),
        (json!({"log": null}), "`log`"),
    ] {
        let refusal = read::<OpenOptions>(value.clone()).unwrap_err();
        assert!(refusal.contains(named), "{value}: {refusal}");
    }
    assert!(
        read::<ScanOptions<'_>>(json!({"cancellation": {}})).is_err_and(|refusal| refusal.contains("`cancellation`"))
    );
}

#[test]
fn forget_takes_exactly_one_target() {
    assert_eq!(read(json!({"sessionId": "s"})), Ok(ForgetTarget::Session("s".into())));
    assert_eq!(read(json!({"projectId": "p", "sessionId": null})), Ok(ForgetTarget::Project("p".into())));
    assert_eq!(read(json!({"before": "1970-01-01"})), Ok(ForgetTarget::Before(Timestamp(0))));
    let both = json!({"sessionId": "s", "before": "1970-01-01"});
    for value in [json!({}), json!({"sessionId": null}), both] {
        let refusal = "forget needs exactly one of sessionId, projectId and before".to_owned();
        assert_eq!(read::<ForgetTarget>(value), Err(refusal));
    }
}
