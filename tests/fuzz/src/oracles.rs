//! What must hold for any bytes and any query. Shared by the fuzz targets and the test suite.
#![allow(clippy::unwrap_used, missing_docs)]

use std::cell::OnceCell;
use std::path::Path;

use han_native::model::{Message, MessageQuery, Page, Problem, ProblemFilter, SearchHit, SearchQuery, SearchSyntax};
use han_native::{DoctorOptions, ErrorCode, Han};

/// Any bytes as a transcript: every line is a message or a problem, nothing is lost, read twice or read differently in slices.
pub fn lines(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    std::fs::write(&path, bytes).unwrap();
    let whole = Han::open_in_memory().unwrap();
    whole.index_session_file(&path).unwrap();
    assert_counts(&whole, bytes);
    assert_kept(&whole, &path, bytes);
    assert_eq!(whole.index_session_file(&path).unwrap().messages_indexed, 0, "read twice");
    let report = whole.doctor(DoctorOptions::default()).unwrap();
    assert!(report.is_healthy, "{:?}", report.issues);

    // The same bytes, in two slices: where to cut depends on them alone.
    let cut = bytes.iter().fold(bytes.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let cut = cut % (bytes.len() + 1);
    std::fs::write(&path, &bytes[..cut]).unwrap();
    let sliced = Han::open_in_memory().unwrap();
    sliced.index_session_file(&path).unwrap();
    assert_counts(&sliced, &bytes[..cut]);
    let mut file = std::fs::File::options().append(true).open(&path).unwrap();
    std::io::Write::write_all(&mut file, &bytes[cut..]).unwrap();
    sliced.index_session_file(&path).unwrap();
    assert_eq!(messages(&whole), messages(&sliced), "cut at {cut}");
    assert_eq!(problems(&whole), problems(&sliced), "cut at {cut}");
    assert_kept(&sliced, &path, bytes);
}

/// Any bytes as one line: its records are in it as they were written, and their values can be written as JSON.
pub fn records(bytes: &[u8]) {
    let line: Vec<u8> = bytes.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    std::fs::write(&path, [&line[..], b"\n"].concat()).unwrap();
    let han = Han::open_in_memory().unwrap();
    han.index_session_file(&path).unwrap();
    assert_counts(&han, &line);
    let messages = messages(&han);
    let ids: Vec<String> = messages.iter().map(|message| message.id.to_string()).collect();
    let is_object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&line).is_ok();
    assert!(!is_object || messages.len() == 1, "an object is one message, not {}", messages.len());
    for (message, raw) in messages.iter().zip(han.messages().raw_bytes(&ids).unwrap()) {
        let raw = raw.unwrap();
        assert!(raw.is_empty() || line.windows(raw.len()).any(|window| window == raw), "not what was written");
        assert_eq!(raw.first(), Some(&b'{'), "a record is an object");
        assert!(message.preview.chars().count() <= 128, "a long preview");
        let text = serde_json::to_string(message).unwrap();
        assert_eq!(&serde_json::from_str::<Message>(&text).unwrap(), message);
    }
    assert_eq!(han.messages().get(&ids).unwrap().into_iter().flatten().collect::<Vec<_>>(), messages);
    assert_eq!(han.rederive().unwrap().messages, 0, "nothing is derived by older rules");
}

/// Any text as a query: an answer whose snippets show the matches, or a refusal that says why.
pub fn search_query(text: &str) {
    thread_local! {
        static SEARCHED: OnceCell<Han> = const { OnceCell::new() };
    }
    SEARCHED.with(|han| {
        let han = han.get_or_init(searched);
        for syntax in [SearchSyntax::Plain, SearchSyntax::Fts5] {
            let query = |first, after| SearchQuery {
                query: text.into(),
                syntax: Some(syntax),
                first: Some(first),
                after,
                ..SearchQuery::default()
            };
            let all = match han.search(&query(1_000, None)) {
                Ok(page) => page,
                Err(error) => {
                    let allowed: &[ErrorCode] = match syntax {
                        SearchSyntax::Plain => &[ErrorCode::InvalidArgument],
                        SearchSyntax::Fts5 => &[ErrorCode::InvalidArgument, ErrorCode::QuerySyntax],
                    };
                    assert!(allowed.contains(&error.code()), "{text:?}: {error}");
                    continue;
                }
            };
            all.items.iter().for_each(assert_snippet);
            let mut paged = Vec::new();
            let mut after = None;
            while let Page { items, has_next_page: true, end_cursor, .. } =
                han.search(&query(2, after.clone())).unwrap()
            {
                paged.extend(items);
                after = end_cursor;
            }
            paged.extend(han.search(&query(2, after)).unwrap().items);
            let ids = |hits: &[SearchHit]| hits.iter().map(|hit| hit.message.id).collect::<Vec<_>>();
            assert_eq!(ids(&paged), ids(&all.items), "{text:?} in pages of two");
        }
    });
}

fn assert_snippet(hit: &SearchHit) {
    let units: Vec<u16> = hit.snippet.encode_utf16().collect();
    let mut end = 0;
    for range in &hit.matches {
        assert!(end <= range.start && range.start < range.end && range.end <= units.len() as i64, "{hit:?}");
        let shown = &units[range.start as usize..range.end as usize];
        assert!(String::from_utf16(shown).is_ok(), "a match cuts a character: {hit:?}");
        end = range.end;
    }
}

/// A database with something to find.
fn searched() -> Han {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let texts = [
        "the parser reads handle_file_event in src/main.rs",
        "a phrase about 数据库 and 日本語",
        "naïve 😀 words AND NOT NEAR operators",
        "user: a b c (a) \"quoted\" %_ a+b a_b",
        "parser parser parser",
    ];
    let lines: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let text = serde_json::to_string(text).unwrap();
            let time = format!("2026-03-01T10:00:0{number}.000Z");
            format!(r#"{{"type":"user","timestamp":"{time}","message":{{"role":"user","content":{text}}}}}"#) + "\n"
        })
        .collect();
    std::fs::write(&path, lines.concat()).unwrap();
    let han = Han::open_in_memory().unwrap();
    han.index_session_file(&path).unwrap();
    han
}

fn assert_counts(han: &Han, bytes: &[u8]) {
    let is_blank = |line: &[u8]| line.iter().all(|byte| b" \t\r".contains(byte));
    let expected = bytes.split(|byte| *byte == b'\n').filter(|line| !is_blank(line)).count();
    let firsts = messages(han).iter().filter(|message| message.part == 0).count();
    let lines = problems(han).iter().filter(|problem| !problem.is_note).count();
    assert_eq!(expected, firsts + lines, "{firsts} messages, {lines} problems");
}

fn assert_kept(han: &Han, path: &Path, bytes: &[u8]) {
    let target = path.with_extension("restored");
    match han.restore(path.canonicalize().unwrap().to_str().unwrap(), &target) {
        Ok(()) => assert!(std::fs::read(&target).unwrap() == bytes, "restored otherwise"),
        Err(error) => panic!("{error}"),
    }
    std::fs::remove_file(target).unwrap();
}

fn messages(han: &Han) -> Vec<Message> {
    let query =
        MessageQuery { session_id: "s".into(), first: Some(10_000), include_replays: true, ..MessageQuery::default() };
    han.messages().list(&query).unwrap().items
}

fn problems(han: &Han) -> Vec<Problem> {
    han.problems(&ProblemFilter { first: Some(10_000), ..ProblemFilter::default() }).unwrap().items
}
