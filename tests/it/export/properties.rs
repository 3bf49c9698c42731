//! Any transcript can be exported: nothing panics, the HTML parses, and each prompt is in it.

use han_native::model::{AgentSelection, ExportFormat, ExportOptions, MessageQuery, SessionExport};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use scraper::{Html, Selector};

use crate::support::home::{Database, Home};
use crate::support::records::SESSIONS;
use crate::support::transcripts;

fn check(database: &Database, session: &str) -> Result<(), TestCaseError> {
    let options = ExportOptions::default();
    let json = database.han.export_session(session, ExportFormat::Json, &options).unwrap();
    let export: SessionExport = serde_json::from_str(&json).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let query = MessageQuery {
        session_id: session.into(),
        first: Some(10_000),
        agents: Some(AgentSelection::All),
        ..MessageQuery::default()
    };
    let mut listed: Vec<_> =
        database.han.messages().list(&query).unwrap().items.into_iter().map(|message| message.id).collect();
    let messages = || export.files.iter().flat_map(|file| &file.messages);
    let mut exported: Vec<_> = messages().map(|exported| exported.message.id).collect();
    listed.sort();
    exported.sort();
    prop_assert_eq!(exported, listed, "the messages of the session are those of the export");

    let page = database.han.export_session(session, ExportFormat::Html, &options).unwrap();
    let markdown = database.han.export_session(session, ExportFormat::Markdown, &options).unwrap();
    let said = Selector::parse("article .text").unwrap();
    let page = Html::parse_document(&page);
    let shown: String = page.select(&said).flat_map(|element| element.text().chain(["\n"])).collect();
    for prompt in messages().filter(|exported| exported.message.is_prompt) {
        let text = prompt.text.get("user").cloned().unwrap_or_default();
        for line in text.replace('\0', "\u{fffd}").lines() {
            prop_assert!(shown.contains(line), "{line:?} is not in {shown:?}");
            let start = line.split(['<', '\u{fffd}']).next().unwrap_or_default();
            prop_assert!(markdown.contains(start), "{line:?} is not in the Markdown");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_transcript_can_be_exported(
        contents in proptest::collection::vec((transcripts::place(), transcripts::content(24)), 1..4)
    ) {
        let home = Home::new();
        for (place, content) in &contents {
            home.write(place, &content.0);
        }
        home.write(&transcripts::spill("out1.txt"), "gamma \u{0} <b>".as_bytes());
        let database = home.database();
        database.scan();
        for session in SESSIONS {
            let is_known = database.han.sessions().get([session]).unwrap()[0].is_some();
            if is_known {
                check(&database, session)?;
            }
        }
    }
}
