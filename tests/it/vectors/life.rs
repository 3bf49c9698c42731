//! What becomes of vectors when their messages change, are removed, or are copied.

use han_native::model::{SearchField, VectorItem, VectorPlace, VectorQuery};
use han_native::{DoctorOptions, ForgetTarget, Han, OpenOptions};

use super::facts::facts;
use super::{file, found, hit_ids, ids, index, near, pending, place, prompts};
use crate::support::home::{Database, Home};

/// A session of three prompts, indexed.
fn three() -> (Home, Database, Vec<String>) {
    let home = Home::new();
    home.write(&file("s"), prompts("s", &["one", "two", "three"]).as_bytes());
    let database = home.database();
    database.scan();
    let ids = ids(&database.han, "s");
    (home, database, ids)
}

fn stale(han: &Han) -> i64 {
    han.vectors().models().unwrap().iter().map(|model| model.stale).sum()
}

fn embed_all(han: &Han, ids: &[String]) {
    let vectors: Vec<(&str, &[f32])> = ids.iter().map(|id| (id.as_str(), &[1.0, 0.5][..])).collect();
    index(han, "m", &vectors);
}

/// Writes to the database without the library, which has sqlite-vec; this connection has not.
fn meddle(database: &Database, sql: &str) {
    let connection = rusqlite::Connection::open(&database.path).unwrap();
    connection.execute_batch(&format!("PRAGMA foreign_keys = off; {sql}")).unwrap();
}

#[test]
fn a_call_replaces_what_its_messages_had_and_nothing_else() {
    let (_home, database, ids) = three();
    embed_all(&database.han, &ids);
    let chunk = |chunk, vector| VectorItem { place: VectorPlace { chunk: Some(chunk), ..place(&ids[1]) }, vector };
    let items = [chunk(3, &[0.0, 1.0]), chunk(7, &[0.1, 1.0])];
    database.han.vectors().index("m", &items).unwrap();
    let model = database.han.vectors().models().unwrap().remove(0);
    assert_eq!((model.messages, model.vectors, model.dimensions), (3, 4, 2));
    let page = database.han.vectors().search(&near(&[0.0, 1.0])).unwrap();
    assert_eq!((hit_ids(&page)[0].as_str(), page.items[0].chunk, page.items.len()), (ids[1].as_str(), Some(3), 3));
    embed_all(&database.han, &ids[1..2]);
    assert_eq!(database.han.vectors().models().unwrap()[0].vectors, 3);
}

#[test]
fn unknown_messages_are_named_and_the_others_stored() {
    let (_home, database, ids) = three();
    let report =
        index(&database.han, "m", &[("0000000000000000:1:0", &[1.0]), (&ids[0], &[1.0]), ("nonsense", &[2.0])]);
    assert_eq!((report.messages, report.vectors), (1, 1));
    assert_eq!(report.unknown, ["0000000000000000:1:0", "nonsense"]);
    assert_eq!(found(&database.han, "m", &[1.0]), [ids[0].as_str()]);
    let nobody = index(&database.han, "never", &[("nonsense", &[2.0])]);
    assert_eq!(nobody.vectors, 0);
    assert_eq!(database.han.vectors().models().unwrap().len(), 1, "a model begins with its first vector");
}

#[test]
fn rows_that_are_derived_again_keep_their_vectors() {
    let (_home, database, ids) = three();
    embed_all(&database.han, &ids);
    meddle(&database, "UPDATE generations SET derive_revision = 0");
    let report = database.han.rederive().unwrap();
    assert_eq!(report.messages, 3);
    assert_eq!((found(&database.han, "m", &[1.0, 0.5]).len(), stale(&database.han)), (3, 0));
    assert_eq!(pending(&database.han, "m"), [""; 0]);
}

#[test]
fn a_message_that_grows_is_stale_until_it_is_embedded_again() {
    let home = Home::new();
    let lines = prompts("s", &["one", "two and more"]);
    let torn = lines.rfind('\n').unwrap();
    // Without its end, the last line is taken as it is; then it becomes another one.
    home.write(&file("s"), &lines.as_bytes()[..torn]);
    let database = home.database();
    database.scan();
    let ids = ids(&database.han, "s");
    embed_all(&database.han, &ids);
    assert_eq!((stale(&database.han), pending(&database.han, "m").len()), (0, 0));
    home.append(&file("s"), br#"{"type":"summary","summary":"glued on"}"#);
    home.append(&file("s"), b"\n");
    database.scan();
    assert_eq!(stale(&database.han), 0, "the same text, with another record after it");
    let glued = pending(&database.han, "m");
    assert_eq!(glued.len(), 1);
    embed_all(&database.han, &glued);

    home.append(&file("s"), br#"{"type":"user","message":{"role":"user","content":"draft"}}"#);
    database.scan();
    let last = super::ids(&database.han, "s").pop().unwrap();
    embed_all(&database.han, std::slice::from_ref(&last));
    home.write(
        &file("s"),
        format!("{lines}{}\n", r#"{"type":"user","message":{"role":"user","content":"draft, finished"}}"#).as_bytes(),
    );
    database.scan();
    let wanted = pending(&database.han, "m");
    assert!(!wanted.is_empty(), "a file that was rewritten has new messages");
    embed_all(&database.han, &wanted);
    assert_eq!(pending(&database.han, "m"), [""; 0]);
}

#[test]
fn another_text_under_the_same_row_is_stale() {
    let (_home, database, ids) = three();
    embed_all(&database.han, &ids);
    // As if an older version had derived another text.
    meddle(&database, "UPDATE vector_items SET text_hash = 1 WHERE id = 2; UPDATE generations SET derive_revision = 0");
    database.han.rederive().unwrap();
    assert_eq!(stale(&database.han), 1);
    assert_eq!(pending(&database.han, "m"), ids[1..2]);
    assert_eq!(found(&database.han, "m", &[1.0, 0.5]).len(), 3, "it is found until there is a better one");
    embed_all(&database.han, &ids[1..2]);
    assert_eq!((stale(&database.han), pending(&database.han, "m").len()), (0, 0));
}

#[test]
fn a_vector_of_an_older_text_is_stale_at_once() {
    let (_home, database, ids) = three();
    let item = VectorItem {
        place: VectorPlace { text_hash: Some("00000000000000ff".into()), ..place(&ids[0]) },
        vector: &[1.0, 0.5],
    };
    database.han.vectors().index("m", &[item]).unwrap();
    assert_eq!(stale(&database.han), 1);
    assert_eq!(pending(&database.han, "m"), ids);
    // One of a newer text beside it does not make up for it, although the message was passed over before.
    embed_all(&database.han, &ids);
    let chunk = |chunk, text_hash: Option<&str>| VectorItem {
        place: VectorPlace { chunk: Some(chunk), text_hash: text_hash.map(str::to_owned), ..place(&ids[0]) },
        vector: &[1.0, 0.5],
    };
    database.han.vectors().index("m", &[chunk(0, Some("00000000000000ff")), chunk(1, None)]).unwrap();
    assert_eq!((stale(&database.han), pending(&database.han, "m")), (1, ids[..1].to_vec()));
    embed_all(&database.han, &ids[..1]);
    assert_eq!((stale(&database.han), pending(&database.han, "m").len()), (0, 0));
}

#[test]
fn copies_want_no_vectors_until_their_original_goes() {
    let home = Home::new();
    let lines = prompts("first", &["one", "two"]);
    home.write(&file("first"), lines.as_bytes());
    let copied = lines.replace("\"first\"", "\"second\"")
        + &prompts("second", &["one", "two", "three!"]).lines().last().unwrap().replace(":02.", ":59.")
        + "\n";
    home.write(&file("second"), copied.as_bytes());
    let database = home.database();
    database.scan();
    let copies: Vec<String> = facts(&database).into_iter().filter(|fact| fact.is_copy).map(|fact| fact.id).collect();
    assert_eq!(copies.len(), 2);
    let wanted = pending(&database.han, "m");
    assert_eq!(wanted.len(), 3);
    assert!(copies.iter().all(|id| !wanted.contains(id)));
    embed_all(&database.han, &wanted);
    assert_eq!(pending(&database.han, "m"), [""; 0]);
    // Both copies are in one session: its records come later.
    let copying = facts(&database).into_iter().find(|fact| fact.is_copy).unwrap().session;
    let original = if copying == "first" { "second" } else { "first" };
    database.han.forget(&ForgetTarget::Session(original.into())).unwrap();
    assert_eq!(pending(&database.han, "m").len(), 2, "what was a copy is the original now");
}

#[test]
fn a_forgotten_vector_is_nowhere_in_the_bytes() {
    let home = Home::new();
    home.write(&file("kept"), prompts("kept", &["one", "two"]).as_bytes());
    home.write(&file("gone"), prompts("gone", &["a", "bb", "ccc", "dddd"]).as_bytes());
    let database = home.database();
    database.scan();
    let (kept, gone) = (ids(&database.han, "kept"), ids(&database.han, "gone"));
    let secret = |number: usize| [0.123_456_79 + number as f32, -9.876_543, 3.25];
    let bytes = |vector: &[f32]| vector.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let vectors: Vec<[f32; 3]> = (0..gone.len()).map(secret).collect();
    let items: Vec<(&str, &[f32])> = gone.iter().zip(&vectors).map(|(id, vector)| (id.as_str(), &vector[..])).collect();
    index(&database.han, "m", &items);
    index(&database.han, "m", &[(&kept[0], &[7.0, 7.5, 7.25])]);
    // One that was replaced before.
    let first = secret(99);
    index(&database.han, "m", &[(&gone[0], &first)]);
    index(&database.han, "m", &[(&gone[0], &secret(98))]);
    let occurrences = |needle: &[u8]| -> usize {
        let files = std::fs::read_dir(database.path.parent().unwrap()).unwrap();
        let files = files.map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
        files.map(|content| content.windows(needle.len()).filter(|window| *window == needle).count()).sum()
    };
    assert!(
        occurrences(&bytes(&secret(1))) > 0 && occurrences(&bytes(&secret(98))) > 0,
        "they are there to be forgotten"
    );
    database.han.forget(&ForgetTarget::Session("gone".into())).unwrap();
    for vector in (0..gone.len()).chain([98, 99]).map(secret) {
        assert_eq!(occurrences(&bytes(&vector)), 0, "{vector:?} is still in the files");
        // Nor a part of it that would reveal it.
        assert_eq!(occurrences(&vector[0].to_le_bytes()), 0);
    }
    assert!(occurrences(&bytes(&[7.0, 7.5, 7.25])) > 0);
    assert_eq!(found(&database.han, "m", &[7.0, 7.5, 7.25]), kept[..1]);
    let report = database.han.doctor(DoctorOptions::default()).unwrap();
    assert!(report.is_healthy, "{:?}", report.issues);
}

#[test]
fn what_is_left_is_found_after_the_database_was_rewritten() {
    let home = Home::new();
    let names: Vec<String> = (0..5).map(|number| format!("s{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        let texts: Vec<String> = (0..400).map(|at| format!("{name} {at}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let lines = prompts(name, &texts)
            .lines()
            .enumerate()
            .map(|(at, line)| line.replace("00000000-0000-4000", &format!("{number:08x}-{at:04x}-4000")) + "\n")
            .collect::<String>();
        home.write(&file(name), lines.as_bytes());
    }
    let database = home.database();
    database.scan();
    let vector = |session: usize, at: usize| [session as f32 + 1.0, at as f32, 1.0];
    for (session, name) in names.iter().enumerate() {
        let vectors: Vec<[f32; 3]> = (0..400).map(|at| vector(session, at)).collect();
        let ids = ids(&database.han, name);
        let items: Vec<(&str, &[f32])> =
            ids.iter().zip(&vectors).map(|(id, vector)| (id.as_str(), &vector[..])).collect();
        index(&database.han, "m", &items);
    }
    // The first sessions fill whole pieces of sqlite-vec's storage, which are removed with them.
    for name in &names[..3] {
        database.han.forget(&ForgetTarget::Session(name.clone())).unwrap();
    }
    for (session, name) in names.iter().enumerate().skip(3) {
        let ids = ids(&database.han, name);
        for at in [0, 7, 399] {
            let hits = found(&database.han, "m", &vector(session, at));
            assert_eq!((hits.len(), &hits[0]), (800, &ids[at]));
        }
    }
    embed_more(&database, &names[3]);
}

/// Vectors that are stored after others were removed do not collide with what is left.
fn embed_more(database: &Database, session: &str) {
    let ids = ids(&database.han, session);
    index(&database.han, "m", &[(&ids[5], &[0.0, 0.0, 1.0])]);
    assert_eq!(found(&database.han, "m", &[0.0, 0.0, 1.0])[0], ids[5]);
    let report = database.han.doctor(DoctorOptions::default()).unwrap();
    assert!(report.is_healthy, "{:?}", report.issues);
}

#[test]
fn the_doctor_finds_what_does_not_agree_and_has_it_embedded_again() {
    let (_home, database, ids) = three();
    embed_all(&database.han, &ids);
    meddle(
        &database,
        "DELETE FROM vector_items WHERE id = 1; UPDATE vector_items SET message_id = 999 WHERE id = 2;
        INSERT INTO vector_items VALUES (50, 1, 3, 4, NULL, NULL, NULL, 1, 0)",
    );
    let report = database.han.doctor(DoctorOptions::default()).unwrap();
    let told: Vec<&str> = report.issues.iter().map(|issue| issue.code.as_str()).collect();
    assert_eq!(told, ["vectors_differ"; 3], "{:?}", report.issues);
    let report = database.han.doctor(DoctorOptions { fix: true }).unwrap();
    assert!(report.is_healthy && report.issues.len() == 3, "{:?}", report.issues);
    assert_eq!(database.han.doctor(DoctorOptions::default()).unwrap().issues, []);
    assert_eq!(found(&database.han, "m", &[1.0, 0.5]), ids[2..]);
    assert_eq!(pending(&database.han, "m"), ids[..2]);
}

#[test]
fn a_reader_finds_vectors_and_stores_none() {
    let (_home, database, ids) = three();
    embed_all(&database.han, &ids);
    database.han.close();
    let options = OpenOptions { db_path: Some(database.path.clone()), read_only: true, ..OpenOptions::default() };
    let reader = Han::open(options).unwrap();
    assert_eq!(found(&reader, "m", &[1.0, 0.5]).len(), 3);
    assert_eq!(pending(&reader, "m"), [""; 0]);
    let refused = reader.vectors().index("m", &[VectorItem { place: place(&ids[0]), vector: &[1.0, 0.0] }]);
    assert_eq!(super::failure(refused).0, "HAN_READ_ONLY");
}

#[test]
fn a_database_in_memory_and_a_backup_have_them_too() {
    let (home, database, ids) = three();
    embed_all(&database.han, &ids);
    let copy = database.path.with_file_name("copy.db");
    database.han.backup(&copy).unwrap();
    let copied = Han::open(OpenOptions { db_path: Some(copy), ..OpenOptions::default() }).unwrap();
    assert_eq!(found(&copied, "m", &[1.0, 0.5]), found(&database.han, "m", &[1.0, 0.5]));
    let memory = Han::open_in_memory().unwrap();
    memory.index_session_file(home.file(&file("s"))).unwrap();
    let ids = super::ids(&memory, "s");
    embed_all(&memory, &ids);
    assert_eq!(found(&memory, "m", &[1.0, 0.5]).len(), 3);
    assert_eq!(pending(&memory, "m"), [""; 0]);
}

#[test]
fn the_snippet_is_cut_from_the_piece_that_is_near() {
    let home = Home::new();
    home.write(&file("s"), prompts("s", &["🦊 first part, second part"]).as_bytes());
    let database = home.database();
    database.scan();
    let id = &ids(&database.han, "s")[0];
    let item =
        |start, end, field| VectorItem { place: VectorPlace { start, end, field, ..place(id) }, vector: &[1.0, 1.0] };
    let snippet = |items: &[VectorItem<'_>]| {
        database.han.vectors().index("m", items).unwrap();
        let hit = database
            .han
            .vectors()
            .search(&VectorQuery { vector: vec![1.0, 1.0], ..VectorQuery::default() })
            .unwrap()
            .items
            .remove(0);
        (hit.field, hit.snippet)
    };
    let user = SearchField::User;
    assert_eq!(snippet(&[item(Some(15), None, Some(user))]), (user, "second part".into()));
    assert_eq!(snippet(&[item(Some(0), Some(8), None)]), (user, "🦊 first".into()));
    assert_eq!(snippet(&[item(None, None, None)]), (user, "🦊 first part, second part".into()));
    // Offsets that are out of range, or in a field that the message does not have, show the whole.
    assert_eq!(snippet(&[item(Some(1_000), None, None)]), (user, "🦊 first part, second part".into()));
    assert_eq!(snippet(&[item(None, None, Some(SearchField::Title))]).1, "🦊 first part, second part");
}
