//! What is in an export, and where.

use std::io::Write;

use han_native::ErrorCode;
use han_native::model::{ExportFormat, ExportOptions, SessionExport};
use scraper::{Html, Selector};
use serde_json::json;

use super::{SESSION, database, exported};
use crate::support::home::{Database, Home};
use crate::support::lines::{answer, call, line, prompt, result, text as text_block, thinking};

const FORMATS: [ExportFormat; 3] = [ExportFormat::Markdown, ExportFormat::Json, ExportFormat::Html];

/// A session with everything that a session may have.
fn rich() -> (Home, Database) {
    let stub = "<persisted-output>\nOutput too large. Full output saved to: /x/tool-results/out1.txt";
    let lines = [
        prompt(SESSION, 1, "open the shop"),
        answer(SESSION, 2, thinking("which shop?")),
        answer(SESSION, 3, text_block("I look **around**.")),
        call(SESSION, 4, "toolu_b", "Bash", json!({ "command": "ls -l", "description": "list\nall" })),
        call(SESSION, 5, "toolu_a", "Task", json!({ "prompt": "count the coins" })),
        result(SESSION, 6, "toolu_b", stub, json!({})),
        result(SESSION, 7, "toolu_a", "seven coins", json!({ "agentId": "a1" })),
        result(SESSION, 8, "toolu_x", "of nobody", json!({})),
        line(
            SESSION,
            9,
            json!({ "type": "system", "subtype": "compact_boundary", "content": "Conversation compacted" }),
        ),
        line(
            SESSION,
            10,
            json!({ "type": "user", "isCompactSummary": true,
            "message": { "role": "user", "content": "so far the shop was opened" } }),
        ),
        line(SESSION, 11, json!({ "type": "system", "subtype": "informational", "content": "a remark" })),
        "no json\n".to_owned(),
    ];
    let (home, database) = database(&lines);
    home.write("projects/-code-shop/s1/tool-results/out1.txt", b"the whole listing");
    let agent = [prompt(SESSION, 20, "count the coins"), answer(SESSION, 21, text_block("there are seven"))];
    home.write("projects/-code-shop/s1/subagents/agent-a1.jsonl", agent.concat().as_bytes());
    database.scan();
    (home, database)
}

#[test]
fn everything_said_is_in_every_format() {
    let (_home, database) = rich();
    for format in FORMATS {
        let text = exported(&database, format);
        for said in [
            "open the shop",
            "which shop?",
            "I look",
            "ls -l",
            "list",
            "the whole listing",
            "seven coins",
            "of nobody",
            "so far the shop was opened",
            "a remark",
            "count the coins",
            "there are seven",
            "invalid_json",
            "/code/shop",
            "model-a",
            "2026-03-01T10:00:01.000Z",
        ] {
            assert!(text.contains(said), "{format:?} lacks {said:?}:\n{text}");
        }
        if format != ExportFormat::Json {
            assert_eq!(text.matches("seven coins").count(), 1, "{format:?} shows a result once");
            assert!(text.contains("5,000 input"), "{format:?} sums tokens:\n{text}");
            assert!(text.contains("was compacted here"));
            let place = |said: &str| text.find(said).unwrap();
            assert!(place("Bash") < place("the whole listing") && place("the whole listing") < place("seven coins"));
            assert!(place("of nobody") < place("there are seven"), "agents follow the session");
        }
    }
}

#[test]
fn json_has_the_documented_shape() {
    let (_home, database) = rich();
    let export: SessionExport = serde_json::from_str(&exported(&database, ExportFormat::Json)).unwrap();
    assert_eq!((export.format.as_str(), export.version), ("han-session", 1));
    let session = database.han.sessions().get([SESSION]).unwrap().remove(0).unwrap();
    assert_eq!(export.session, session);
    assert_eq!(export.problems.get("invalid_json"), Some(&1));
    let kinds: Vec<(&str, Option<&str>)> =
        export.files.iter().map(|file| (file.kind.as_str(), file.agent_id.as_deref())).collect();
    assert_eq!(kinds, [("main", None), ("agent", Some("a1"))]);
    let query = han_native::model::MessageQuery { session_id: SESSION.into(), ..Default::default() };
    let listed = database.han.messages().list(&query).unwrap().items;
    let messages: Vec<_> = export.files[0].messages.iter().map(|exported| exported.message.clone()).collect();
    assert_eq!(messages, listed);
    let texts = &export.files[0].messages;
    assert_eq!(texts[0].text.get("user").map(String::as_str), Some("open the shop"));
    assert_eq!(
        texts[3].text.get("toolInput").map(String::as_str),
        Some("{\"command\":\"ls -l\",\"description\":\"list\\nall\"}")
    );
    assert!(texts[5].text["toolOutput"].ends_with("the whole listing"));
    assert_eq!(texts[0].raw, None);
}

#[test]
fn a_result_links_to_the_section_of_its_agent() {
    let (_home, database) = rich();
    let page = Html::parse_document(&exported(&database, ExportFormat::Html));
    let link = Selector::parse("article .call a[href='#agent-a1']").unwrap();
    let section = Selector::parse("section#agent-a1 article").unwrap();
    assert_eq!(page.select(&link).count(), 1);
    assert_eq!(page.select(&section).count(), 2);
}

#[test]
fn options_leave_out_and_cut_visibly() {
    let (_home, database) = rich();
    let with = |format, options| database.han.export_session(SESSION, format, &options).unwrap();
    for format in FORMATS {
        let options = ExportOptions { include_agents: false, ..Default::default() };
        assert!(!with(format, options).contains("there are seven"));
        let options = ExportOptions { include_thinking: false, ..Default::default() };
        assert!(!with(format, options.clone()).contains("which shop?\""), "{format:?}");
        let options = ExportOptions { max_text_bytes: Some(6), ..Default::default() };
        let text = with(format, options);
        assert!(text.contains("the wh") && text.contains("[… 11 bytes left out]"), "{format:?}:\n{text}");
        // In JSON there is a preview as well.
        assert!(format == ExportFormat::Json || !text.contains("the whole listing"), "{format:?}:\n{text}");
        let options = ExportOptions { include_raw: true, ..Default::default() };
        assert!(with(format, options).contains("toolu_x"), "{format:?}");
    }
    let error = database.han.export_session(
        SESSION,
        ExportFormat::Json,
        &ExportOptions { max_text_bytes: Some(0), ..Default::default() },
    );
    assert_eq!(error.unwrap_err().code(), ErrorCode::InvalidArgument);
}

#[test]
fn copies_are_left_out_unless_asked_for() {
    let (home, database) = database(&[prompt(SESSION, 1, "open the shop")]);
    home.write(
        "projects/-code-shop/s2.jsonl",
        [prompt(SESSION, 1, "open the shop"), prompt(SESSION, 30, "close it")].concat().as_bytes(),
    );
    database.scan();
    let of = |include_replays| {
        let options = ExportOptions { include_replays, ..Default::default() };
        let text = database.han.export_session("s2", ExportFormat::Json, &options).unwrap();
        serde_json::from_str::<SessionExport>(&text).unwrap().files[0].messages.len()
    };
    assert_eq!((of(false), of(true)), (1, 2));
}

#[test]
fn unknown_sessions_and_failing_writers_are_errors() {
    /// Counts the attempts.
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            self.0 += 1;
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (_home, database) = rich();
    for format in FORMATS {
        let options = ExportOptions::default();
        let error = database.han.export_session("nobody", format, &options).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
        let mut full = Full(0);
        let error = database.han.export_session_to(SESSION, format, &options, &mut full).unwrap_err();
        assert_eq!(error.code(), ErrorCode::DiskFull, "{error}");
        assert_eq!(full.0, 1, "a writer that failed is left alone");
    }
}

#[test]
fn a_large_session_is_written_piece_by_piece() {
    /// Counts what is written, and how much at once.
    #[derive(Default)]
    struct Counting {
        bytes: usize,
        largest: usize,
    }
    impl Write for Counting {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.bytes += bytes.len();
            self.largest = self.largest.max(bytes.len());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let text = "word ".repeat(2_000);
    let lines: Vec<String> = (1..=1_000).map(|number| prompt(SESSION, number, &text)).collect();
    let (_home, database) = database(&lines);
    for format in FORMATS {
        let mut counting = Counting::default();
        database.han.export_session_to(SESSION, format, &ExportOptions::default(), &mut counting).unwrap();
        assert!(counting.bytes > 9_000_000, "{format:?} wrote {}", counting.bytes);
        assert!(counting.largest < 100_000, "{format:?} wrote {} at once", counting.largest);
    }
}

#[test]
fn a_file_has_the_whole_document_or_is_not_there() {
    let (home, database) = rich();
    let export = |id: &str, format, target: &std::path::Path| {
        database.han.export_session_to_file(id, format, &ExportOptions::default(), target)
    };
    let folder = home.file("documents");
    std::fs::create_dir(&folder).unwrap();
    for (format, name) in FORMATS.into_iter().zip(["markdown", "json", "html"]) {
        let target = folder.join(name);
        export(SESSION, format, &target).unwrap();
        assert_eq!(std::fs::read_to_string(&target).unwrap(), exported(&database, format));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(target.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let error = export(SESSION, format, &target).unwrap_err();
        assert!(error.code() == ErrorCode::InvalidArgument && error.to_string().contains("exists already"), "{error}");
    }
    let format = ExportFormat::Html;
    assert_eq!(export("nobody", format, &folder.join("page")).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(export(SESSION, format, &folder.join("no/page")).unwrap_err().code(), ErrorCode::NotFound);
    let options = ExportOptions { max_text_bytes: Some(0), ..Default::default() };
    let refused = database.han.export_session_to_file(SESSION, format, &options, folder.join("page"));
    assert_eq!(refused.unwrap_err().code(), ErrorCode::InvalidArgument);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3);
}
