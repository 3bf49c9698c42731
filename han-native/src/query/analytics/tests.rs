//! How the sums are read; what is in them is tested from outside.

use rusqlite::Connection;

use super::activity::activity_in;
use super::dashboard::dashboard_in;
use crate::cost::PriceTable;
use crate::model::AnalyticsFilter;

fn empty() -> Connection {
    let connection = crate::query::testing::empty_index();
    connection.execute("UPDATE meta SET value = 'Europe/Berlin' WHERE key = 'time_zone'", []).unwrap();
    connection
}

/// Every step of the plans of the statements that a read runs.
fn plans(ask: impl Fn(&Connection)) -> Vec<String> {
    let connection = empty();
    let asked = crate::query::testing::traced(|| ask(&connection));
    let mut steps = Vec::new();
    for sql in asked {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get(3).unwrap());
        }
    }
    steps
}

#[test]
fn no_answer_scans_a_table() {
    let prices = PriceTable::load(None).unwrap();
    for zone in ["Europe/Berlin", "UTC"] {
        for project in [None, Some("p".to_owned())] {
            let filter = AnalyticsFilter {
                since: Some("2026-01-01".into()),
                until: Some("2026-12-31".into()),
                time_zone: Some(zone.into()),
                project_id: project,
            };
            let steps = plans(|connection| {
                dashboard_in(connection, &prices, &filter).unwrap();
                activity_in(connection, &prices, &filter).unwrap();
            });
            assert!(steps.iter().any(|step| step.contains("SEARCH session_sums")), "{steps:#?}");
            // The agents' files are few, and all of an index that has nothing else.
            let allowed = |step: &str| {
                ["VIRTUAL TABLE", "files_of_agents", "SCAN called", "SCAN spans"].iter().any(|part| step.contains(part))
            };
            let scans: Vec<_> = steps.iter().filter(|step| step.starts_with("SCAN") && !allowed(step)).collect();
            assert!(scans.is_empty(), "{scans:#?} of {steps:#?}");
        }
    }
}
