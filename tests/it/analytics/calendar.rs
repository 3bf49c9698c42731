//! Days and hours of time zones, daylight saving, and the bounds of a query.

use han_native::model::AnalyticsFilter;
use han_native::{Han, OpenOptions, ScanOptions};

use super::transcript::{MAIN, answer, days, indexed, prompt, write};
use crate::support::home::Home;

#[test]
fn an_instant_represents_the_day_that_contains_it() {
    let lines = [
        prompt("u1", "2026-03-01T22:59:59.999Z"),
        prompt("u2", "2026-03-01T23:00:00.000Z"),
        prompt("u3", "2026-03-02T22:59:59.999Z"),
    ];
    let (_home, database) = indexed(&[(MAIN, &lines)]);
    let prompts = |since: Option<&str>, until: Option<&str>| {
        database.han.dashboard(&days(since, until, "Europe/Berlin")).unwrap().prompts
    };
    for (since, until, expected) in [
        (None, None, 3),
        (Some("2026-03-02"), None, 2),
        (None, Some("2026-03-01"), 1),
        (Some("2026-03-02"), Some("2026-03-02"), 2),
        (Some("20260302"), Some("20260302"), 2),
        (Some("2026-03-02T10:00:00Z"), None, 2),
        (Some("2026-03-01T22:59:59Z"), None, 3),
        (None, Some("2026-03-01T23:00:00Z"), 1),
        (None, Some("2026-03-01T23:00:00.001Z"), 3),
        (Some("2026-03-03"), None, 0),
    ] {
        assert_eq!(prompts(since, until), expected, "{since:?} {until:?}");
    }
    let answer = database.han.dashboard(&days(Some("2026-03-01T23:00:00Z"), None, "Europe/Berlin")).unwrap();
    assert_eq!(
        (answer.since.as_deref(), answer.until, answer.time_zone.as_str()),
        (Some("2026-03-02"), None, "Europe/Berlin")
    );
    let answer = database.han.dashboard(&days(None, None, "europe/BERLIN")).unwrap();
    assert_eq!((answer.prompts, answer.time_zone.as_str()), (3, "Europe/Berlin"));
}

#[test]
fn a_bad_question_is_refused() {
    let (_home, database) = indexed(&[(MAIN, &[prompt("u1", "2026-03-01T10:00:00Z")])]);
    for filter in [
        days(Some("yesterday"), None, "UTC"),
        days(None, Some("2026-02-30"), "UTC"),
        days(Some("2026-03-02"), Some("2026-03-01"), "UTC"),
        days(None, None, "Mars/Olympus"),
    ] {
        assert_eq!(database.han.dashboard(&filter).unwrap_err().code().as_str(), "HAN_INVALID_ARGUMENT", "{filter:?}");
        assert_eq!(database.han.activity(&filter).unwrap_err().code().as_str(), "HAN_INVALID_ARGUMENT", "{filter:?}");
    }
    let unknown = AnalyticsFilter { project_id: Some("unknown".into()), ..AnalyticsFilter::default() };
    let answer = database.han.dashboard(&unknown).unwrap();
    assert_eq!((answer.messages, answer.sessions, answer.projects.len()), (0, 0, 0));
    assert!(database.han.activity(&unknown).unwrap().days.is_empty());
}

#[test]
fn hours_are_those_of_the_clock_where_daylight_saving_repeats_and_skips_them() {
    // In New York the clocks go back from 2:00 to 1:00 on the first of November, and in Berlin on from 2:00 to 3:00.
    let autumn = ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"];
    let spring = ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"];
    for (zone, times, expected) in [
        ("America/New_York", &autumn[..], &[(1, 2), (2, 1)][..]),
        ("Europe/Berlin", &spring[..], &[(1, 1), (3, 1)][..]),
        ("Asia/Kathmandu", &spring[..], &[(6, 1), (7, 1)][..]),
    ] {
        let lines: Vec<_> = times.iter().zip(1..).map(|(time, number)| prompt(&format!("u{number}"), time)).collect();
        let (_home, database) = indexed(&[(MAIN, &lines)]);
        let activity = database.han.activity(&days(None, None, zone)).unwrap();
        let hours: Vec<(i64, i64)> =
            activity.hours.iter().filter(|hour| hour.prompts > 0).map(|hour| (hour.hour, hour.prompts)).collect();
        assert_eq!((activity.hours.len(), &hours[..]), (24, expected), "{zone}");
        assert_eq!(activity.days.len(), 1, "{zone}");
    }
}

#[test]
fn what_has_no_time_counts_where_nothing_bounds_the_days() {
    let untimed = serde_json::json!({ "type": "summary", "summary": "what was done", "leafUuid": "u1" });
    let (_home, database) = indexed(&[(MAIN, &[untimed, prompt("u1", "2026-03-01T10:00:00Z")])]);
    for zone in ["Asia/Kolkata", "UTC"] {
        let messages = |since, until| database.han.dashboard(&days(since, until, zone)).unwrap().messages;
        assert_eq!(messages(None, None), 2);
        assert_eq!(messages(Some("1970-01-01"), None), 1);
        assert_eq!(messages(None, Some("2100-01-01")), 1);
        let activity = database.han.activity(&days(None, None, zone)).unwrap();
        assert_eq!(activity.days.iter().map(|day| day.messages).sum::<i64>(), 1);
    }
    let flat = database.han.query_dashboard_aggregates(Some("2026-03-01")).unwrap();
    assert_eq!(flat, database.han.dashboard(&days(Some("2026-03-01"), None, "Asia/Kolkata")).unwrap());
    assert_eq!(database.han.query_dashboard_aggregates(None).unwrap().messages, 2);
}

#[test]
fn the_days_of_a_database_are_those_of_the_time_zone_it_is_opened_with() {
    let home = Home::new();
    let lines: Vec<_> = (0..48)
        .map(|number| {
            answer(
                &format!("u{number}"),
                &format!("2026-03-{:02}T{:02}:10:00Z", 28 + number / 24, number % 24),
                &format!("m{number}"),
                1,
                1,
            )
        })
        .collect();
    write(&home, MAIN, &lines);
    let folder = tempfile::tempdir().unwrap();
    let open = |zone: Option<&str>, read_only: bool| {
        Han::open(OpenOptions {
            db_path: Some(folder.path().canonicalize().unwrap().join("han.db")),
            config_dirs: Some(vec![home.config_dir()]),
            time_zone: zone.map(str::to_owned),
            read_only,
            ..OpenOptions::default()
        })
        .unwrap()
    };
    let days_of = |han: &Han| -> Vec<(String, i64)> {
        let activity = han.activity(&AnalyticsFilter::default()).unwrap();
        let bounds = (Some("2026-03-28".to_owned()), Some("2026-03-30".to_owned()));
        let filter = AnalyticsFilter { since: bounds.0, until: bounds.1, ..AnalyticsFilter::default() };
        let total: i64 = activity.days.iter().map(|day| day.tokens.input_tokens).sum();
        assert_eq!(han.dashboard(&filter).unwrap().tokens.input_tokens, total, "by day and by quarter hour");
        activity.days.into_iter().map(|day| (day.date, day.messages)).collect()
    };
    let named = |days: &[(&str, i64)]| days.iter().map(|(day, count)| (day.to_string(), *count)).collect::<Vec<_>>();
    let han = open(Some("UTC"), false);
    han.scan(ScanOptions::default()).unwrap();
    assert_eq!(days_of(&han), named(&[("2026-03-28", 24), ("2026-03-29", 24)]));
    han.close();
    let han = open(Some("Europe/Berlin"), false);
    // The day on which the clocks go forward has 23 hours.
    let berlin = named(&[("2026-03-28", 23), ("2026-03-29", 23), ("2026-03-30", 2)]);
    assert_eq!(days_of(&han), berlin);
    write(&home, super::transcript::OTHER, &[prompt("v1", "2026-03-28T23:30:00Z")]);
    han.scan(ScanOptions::default()).unwrap();
    assert!(han.doctor(Default::default()).unwrap().is_healthy);
    let grown = named(&[("2026-03-28", 23), ("2026-03-29", 24), ("2026-03-30", 2)]);
    assert_eq!(days_of(&han), grown, "new messages are on its days, too");
    han.close();
    for han in [open(None, false), open(Some("Asia/Tokyo"), true)] {
        assert_eq!(days_of(&han), grown, "it keeps its time zone, and a reader does not change it");
        assert_eq!(han.dashboard(&AnalyticsFilter::default()).unwrap().time_zone, "Europe/Berlin");
    }
}
