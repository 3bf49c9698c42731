//! What is forgotten is gone: from results, from the bytes of the files, and from later scans.

use std::path::Path;

use han_native::model::{SessionQuery, Timestamp};
use han_native::{DoctorOptions, ForgetTarget, Han, ScanOptions};

use super::checks::{assert_sound, code, found, reader};
use crate::support::dump::Scope;
use crate::support::home::{Database, Home};
use crate::support::lines::{turn, turns};

/// Part of every text of the forgotten session, and of nothing else. Its end matters as well: an index may share the start of a
/// word with the word before it.
const SECRET: &str = "wolframquartz";
const SECRET_END: &str = "ramquartz";

const KEPT: &str = "projects/-code-shop/kept.jsonl";
const FORGOTTEN: &str = "projects/-code-wolframquartz/gone.jsonl";

/// A session that has the secret wherever a record has room for text.
fn secret_lines() -> String {
    let frame = |number: usize, kind: &str, rest: &str| {
        format!(
            r#"{{"type":"{kind}","uuid":"00000000-0000-4000-8000-0000000000{number:02}","parentUuid":null,"timestamp":"2026-02-01T10:00:{number:02}.000Z","sessionId":"gone","cwd":"/code/{SECRET}","version":"1-{SECRET}","gitBranch":"b-{SECRET}","isSidechain":false,{rest}}}"#
        ) + "\n"
    };
    let answer = |number: usize, block: &str| {
        frame(
            number,
            "assistant",
            &format!(
                r#""message":{{"id":"msg_gone_{number}","role":"assistant","model":"model-{SECRET}","content":[{block}],"usage":{{"input_tokens":3,"output_tokens":5}}}}"#
            ),
        )
    };
    let result = |number: usize, id: &str, rest: &str| {
        frame(
            number,
            "user",
            &format!(
                r#""message":{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"{id}","content":"said {SECRET}","is_error":false}}]}}{rest}"#
            ),
        )
    };
    [
        frame(1, "user", &format!(r#""message":{{"role":"user","content":"tell {SECRET}"}}"#)),
        answer(2, &format!(r#"{{"type":"text","text":"answer {SECRET}"}}"#)),
        answer(3, &format!(r#"{{"type":"thinking","thinking":"think {SECRET}","signature":"x"}}"#)),
        answer(4, &format!(r#"{{"type":"tool_use","id":"toolu_{SECRET}","name":"mcp__{SECRET}","input":{{"command":"run {SECRET}"}}}}"#)),
        result(5, &format!("toolu_{SECRET}"), ""),
        answer(6, &format!(r#"{{"type":"tool_use","id":"toolu_w","name":"Write","input":{{"file_path":"/code/{SECRET}/a.rs","content":"x"}}}}"#)),
        result(7, "toolu_w", &format!(r#","toolUseResult":{{"type":"create","filePath":"/code/{SECRET}/a.rs","content":"x","structuredPatch":[]}}"#)),
        answer(8, &format!(r#"{{"type":"tool_use","id":"toolu_t","name":"TodoWrite","input":{{"todos":[{{"content":"todo {SECRET}","status":"pending","activeForm":"doing {SECRET}"}}]}}}}"#)),
        answer(9, &format!(r#"{{"type":"tool_use","id":"toolu_c","name":"TaskCreate","input":{{"subject":"task {SECRET}","description":"more {SECRET}"}}}}"#)),
        result(10, "toolu_c", &format!(r#","toolUseResult":{{"task":{{"id":"1","subject":"task {SECRET}"}}}}"#)),
        frame(11, "system", &format!(r#""subtype":"stop_hook_summary","hookCount":1,"hookInfos":[{{"command":"hook {SECRET}"}}],"hookErrors":["failed {SECRET}"],"content":"system {SECRET}""#)),
        frame(12, &format!("kind-{SECRET}"), &format!(r#""subtype":"sub-{SECRET}","anything":"else {SECRET}","agentId":"agent-{SECRET}""#)),
        result(13, "toolu_x", &format!(r#","toolUseResult":{{"stdout":"","persistedOutputPath":"/x/gone/tool-results/{SECRET}.txt","persistedOutputSize":9}}"#)),
        format!(r#"{{"type":"custom-title","customTitle":"title {SECRET}","sessionId":"gone"}}"#) + "\n",
        format!(r#"{{"type":"ai-title","aiTitle":"ai title {SECRET}","sessionId":"{SECRET}"}}"#) + "\n",
        format!(r#"{{"type":"summary","summary":"sum {SECRET}","leafUuid":"{SECRET}"}}"#) + "\n",
        format!("no json, but {SECRET}\n[\"{SECRET}\"]\n{{\"torn\":\"{SECRET}"),
    ]
    .concat()
}

fn home() -> Home {
    let home = Home::new();
    home.write(KEPT, turns("kept", 20).as_bytes());
    home.write("projects/-code-shop/also.jsonl", turns("also", 20).as_bytes());
    home.write(FORGOTTEN, secret_lines().as_bytes());
    let beside = FORGOTTEN.trim_end_matches(".jsonl");
    home.write(&format!("{beside}/tool-results/{SECRET}.txt"), format!("spilled {SECRET}\n").as_bytes());
    home.write(&format!("{beside}/subagents/agent-a{SECRET}.jsonl"), secret_lines().as_bytes());
    home.write(
        &format!("{beside}/subagents/agent-a{SECRET}.meta.json"),
        format!(r#"{{"agentType":"type {SECRET}","description":"about {SECRET}"}}"#).as_bytes(),
    );
    home
}

/// How often the bytes occur in the database, its log and the other files beside it.
fn occurrences(database: &Path, needle: &[u8]) -> usize {
    places(database, needle).len()
}

/// Where they occur, with the bytes around them.
fn places(database: &Path, needle: &[u8]) -> Vec<String> {
    let mut places = Vec::new();
    for entry in std::fs::read_dir(database.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let windows = bytes.windows(needle.len()).enumerate();
        for (at, _) in windows.filter(|(_, window)| window.eq_ignore_ascii_case(needle)) {
            let around = &bytes[at.saturating_sub(60)..bytes.len().min(at + needle.len() + 20)];
            places.push(format!("{} at {at}: {}", path.display(), around.escape_ascii()));
        }
    }
    places
}

/// Pieces of what is stored compressed, each long enough to be found again.
fn compressed_pieces(database: &Path, session: &str) -> Vec<Vec<u8>> {
    let connection = reader(database);
    let mut statement = connection
        .prepare(
            "SELECT data FROM raw_blocks WHERE generation_id IN (SELECT g.id FROM generations g
             JOIN files f ON f.id = g.file_id JOIN sessions s ON s.id = f.session_id WHERE s.session_id = ?1)",
        )
        .unwrap();
    let blocks = statement.query_map([session], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    // A frame's header is the same in many.
    blocks.flat_map(|block| block.unwrap()[16..].chunks_exact(32).map(<[u8]>::to_vec).collect::<Vec<_>>()).collect()
}

fn remove_sources(home: &Home) {
    std::fs::remove_dir_all(home.file("projects/-code-wolframquartz")).unwrap();
}

fn assert_equals_scratch(home: &Home, database: &Database) {
    if let Err(difference) = database.dump(Scope::Present).expect(&home.from_scratch(), "after forgetting") {
        panic!("{difference}");
    }
    assert_sound(&database.han, &database.path);
}

#[test]
fn a_forgotten_session_is_nowhere_in_the_bytes() {
    let home = home();
    let database = home.database();
    database.scan();
    assert!(!found(&database.han, SECRET).is_empty());
    assert!(occurrences(&database.path, SECRET.as_bytes()) > 20, "the secret is there to be forgotten");
    let pieces = compressed_pieces(&database.path, "gone");
    assert!(!pieces.is_empty());
    assert!(pieces.iter().all(|piece| occurrences(&database.path, piece) > 0));

    let report = database.han.forget(&ForgetTarget::Session("gone".into())).unwrap();
    assert_eq!(report.sessions, 1);
    assert!(report.files >= 2 && report.messages >= 32, "{report:?}");

    for needle in [SECRET, SECRET_END] {
        assert_eq!(places(&database.path, needle.as_bytes()), [""; 0], "{needle} is still in the files");
    }
    assert!(pieces.iter().all(|piece| occurrences(&database.path, piece) == 0), "compressed bytes are still there");
    assert_eq!(found(&database.han, SECRET), [""; 0]);
    assert_eq!(found(&database.han, "wolfram*"), [""; 0]);
    assert_eq!(database.han.sessions().get(["gone"]).unwrap(), [None]);
    assert_eq!(code(database.han.forget(&ForgetTarget::Session("gone".into()))), "HAN_NOT_FOUND");
    let target = tempfile::tempdir().unwrap();
    let source = home.file(FORGOTTEN);
    assert_eq!(code(database.han.restore(source.to_str().unwrap(), target.path().join("x"))), "HAN_NOT_FOUND");
    assert_sound(&database.han, &database.path);

    assert_eq!(database.scan().messages_indexed, 0, "a scan does not bring it back");
    home.append(FORGOTTEN, secret_lines().as_bytes());
    assert_eq!(database.scan().messages_indexed, 0, "nor when it grows");
    assert_eq!(database.han.index_session_file(home.file(FORGOTTEN)).map_or(0, |result| result.messages_indexed), 0);
    database.han.doctor(DoctorOptions { fix: true }).unwrap();
    database.han.rederive().unwrap();
    for needle in [SECRET, SECRET_END] {
        assert_eq!(places(&database.path, needle.as_bytes()), [""; 0], "{needle} came back");
    }
    remove_sources(&home);
    database.scan();
    assert_equals_scratch(&home, &database);
}

#[test]
fn what_the_forgotten_session_shared_belongs_to_the_others() {
    let home = home();
    let database = home.database();
    // Both the messages' usage and the originals of the copies are the forgotten session's: its lines are the earlier ones.
    let shared = turns("gone", 6);
    let copied = shared.replace(r#""sessionId":"gone""#, r#""sessionId":"heir""#).replace("2026-03-01T", "2026-03-02T");
    home.write(FORGOTTEN, shared.as_bytes());
    home.write("projects/-code-shop/heir.jsonl", (copied + &turn("heir", 99, "some more")).as_bytes());
    database.scan();
    let heir = |han: &Han| han.sessions().get(["heir"]).unwrap().remove(0).unwrap();
    let before = heir(&database.han);
    let all = database.han.stats().unwrap().tokens;
    assert_eq!((before.message_count, before.tokens.output_tokens), (2, 11), "the rest are copies");

    database.han.forget(&ForgetTarget::Session("gone".into())).unwrap();

    let after = heir(&database.han);
    assert_eq!((after.message_count, after.tokens.output_tokens), (14, 77), "they are its own now");
    assert!(database.han.stats().unwrap().tokens.output_tokens < all.output_tokens + 1);
    remove_sources(&home);
    database.scan();
    assert_equals_scratch(&home, &database);
}

#[test]
fn a_project_is_forgotten_with_all_its_sessions() {
    let home = home();
    let database = home.database();
    database.scan();
    assert_eq!(code(database.han.forget(&ForgetTarget::Project("-nowhere".into()))), "HAN_NOT_FOUND");
    let report = database.han.forget(&ForgetTarget::Project("-code-shop".into())).unwrap();
    assert_eq!((report.sessions, report.messages), (2, 80));
    let left: Vec<String> = listed(&database.han);
    assert_eq!(left, ["gone"]);
    assert_eq!(found(&database.han, "number7"), [""; 0]);
    assert_eq!(places(&database.path, b"number7"), [""; 0]);
    assert_eq!(database.scan().messages_indexed, 0);
    std::fs::remove_dir_all(home.file("projects/-code-shop")).unwrap();
    database.scan();
    assert_equals_scratch(&home, &database);
}

fn listed(han: &Han) -> Vec<String> {
    let query = SessionQuery { include_empty: true, ..SessionQuery::default() };
    han.sessions().list(&query).unwrap().items.into_iter().map(|session| session.id).collect()
}

#[test]
fn sessions_before_a_date_are_forgotten() {
    let home = home();
    let database = home.database();
    database.scan();
    let before = |text: &str| ForgetTarget::Before(text.parse::<Timestamp>().unwrap());
    assert_eq!(database.han.forget(&before("2026-02-01T10:00:00Z")).unwrap().sessions, 0);
    assert_eq!(listed(&database.han).len(), 3);
    assert_eq!(database.han.forget(&before("2026-02-28")).unwrap().sessions, 1);
    let mut left = listed(&database.han);
    left.sort();
    assert_eq!(left, ["also", "kept"]);
    assert_eq!(places(&database.path, SECRET_END.as_bytes()), [""; 0]);
    assert_eq!(database.han.scan(ScanOptions::default()).unwrap().messages_indexed, 0);
    remove_sources(&home);
    database.scan();
    assert_equals_scratch(&home, &database);
}

#[test]
fn forgetting_while_others_read_leaves_nothing_once_they_are_done() {
    let home = home();
    let database = home.database();
    database.scan();
    let others: Vec<Han> =
        (0..2).map(|_| Han::open(super::checks::options(&database.path, &home.config_dir())).unwrap()).collect();
    std::thread::scope(|scope| {
        for han in &others {
            scope.spawn(|| {
                for _ in 0..100 {
                    let hits = found(han, SECRET).len();
                    assert!(hits == 0 || hits > 10, "a session is forgotten whole: {hits}");
                }
            });
        }
        database.han.forget(&ForgetTarget::Session("gone".into())).unwrap();
    });
    for han in &others {
        assert_eq!(found(han, SECRET), [""; 0]);
        han.close();
    }
    assert_sound(&database.han, &database.path);
    database.han.close();
    assert_eq!(places(&database.path, SECRET_END.as_bytes()), [""; 0]);
}
