//! Text that is repeated in many sessions is stored once, and every file is restored byte for byte.

use han_native::{DoctorOptions, ForgetTarget};

use super::{system_prompt, turn};
use crate::support::dump::Scope;
use crate::support::home::{Database, Home, place};
use crate::support::laws;

/// Texts that are stored once.
const SHARED: &str = "SELECT count(*) FROM shared_texts";

/// This many sessions of two turns with one system prompt.
pub(crate) fn sessions(home: &Home, count: usize, system: &str) {
    for number in 0..count {
        let name = format!("s{number}");
        let lines = [turn(&name, 1, "peel a quince", system), turn(&name, 2, "bake it", system)].concat();
        home.write_session(&name, lines.concat());
    }
}

#[test]
fn a_database_grows_by_what_a_session_has_of_its_own() {
    let sizes = [1, 20].map(|count| {
        let home = Home::new();
        sessions(&home, count, &system_prompt(4, 30_000));
        let database = home.database();
        database.scan();
        laws::bytes_are_kept(&home, &database).unwrap();
        // As an element of a list, as a text, and as the description of a tool.
        assert_eq!(database.number(SHARED), 3, "each text once, of {count} sessions");
        let pages = database.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
        (database.han.stats().unwrap(), pages)
    });
    let raw = sizes.each_ref().map(|(stats, _)| stats.raw_bytes);
    assert!(raw[1] < raw[0] + 19 * 2_000, "{raw:?} bytes of 1 and 20 sessions");
    let (stats, pages) = &sizes[1];
    assert!(pages * 4 < stats.transcript_bytes, "{pages} bytes of {stats:?}");
}

#[test]
fn any_number_of_appends_produces_what_one_reading_produces() {
    let system = system_prompt(5, 9_000);
    let lines: Vec<String> = (1..60).flat_map(|number| turn("s1", number, "peel a quince", &system)).collect();
    for step in [1, 3, 7] {
        let home = Home::new();
        let database = home.database();
        for lines in lines.chunks(step) {
            // The last line is first indexed without its end.
            let text = lines.concat();
            for part in [&text[..text.len() - 1], "\n"] {
                home.append(&place("s1"), part);
                database.index(&home.transcript("s1"));
            }
        }
        laws::check(&home, &database).unwrap();
        assert_eq!(database.number(SHARED), 3);
        assert!(database.number("SELECT count(*) FROM raw_blocks WHERE is_sealed") > 1, "frames were sealed");
        database.dump(Scope::Present).expect(&home.from_scratch(), "appended").unwrap();
        let bytes = database.han.stats().unwrap().raw_bytes;
        assert!(bytes < 200_000, "{bytes} bytes, by {step} lines at a time");
    }
}

/// Pieces of the frames of the shared texts, each long enough to be found again.
fn pieces(database: &Database) -> Vec<Vec<u8>> {
    let connection = database.connection();
    let mut statement = connection.prepare("SELECT data FROM shared_texts").unwrap();
    let frames = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    frames.flat_map(|frame| frame.unwrap()[64..].chunks_exact(64).map(<[u8]>::to_vec).collect::<Vec<_>>()).collect()
}

/// How many of the pieces occur in the folder of the database.
fn found(database: &Database, pieces: &[Vec<u8>]) -> usize {
    let folder = database.path.parent().unwrap();
    let files: Vec<Vec<u8>> =
        std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
    let is_there = |piece: &&Vec<u8>| files.iter().any(|bytes| memchr::memmem::find(bytes, piece).is_some());
    pieces.iter().filter(is_there).count()
}

#[test]
fn a_text_is_forgotten_with_the_last_session_that_has_it() {
    let home = Home::new();
    sessions(&home, 2, &system_prompt(6, 20_000));
    let database = home.database();
    database.scan();
    let pieces = pieces(&database);
    assert!(pieces.len() > 500);
    // One may be cut by the end of a page.
    assert!(found(&database, &pieces) > pieces.len() * 9 / 10);
    let forget = |name: &str| {
        let report = database.han.forget(&ForgetTarget::Session(name.into())).unwrap();
        assert_eq!((report.sessions, report.messages), (1, 4));
        std::fs::remove_file(home.transcript(name)).unwrap();
    };
    forget("s0");
    assert_eq!(database.number(SHARED), 3);
    laws::check(&home, &database).unwrap();
    forget("s1");
    assert_eq!(database.number(SHARED) + database.number("SELECT count(*) FROM block_splices"), 0);
    assert_eq!(found(&database, &pieces), 0);
    assert!(database.han.doctor(DoctorOptions::default()).unwrap().is_healthy);
}

#[test]
fn a_file_that_is_rewritten_keeps_what_it_was() {
    let home = Home::new();
    let system = system_prompt(7, 5_000);
    home.write_session("s1", turn("s1", 1, "peel a quince", &system).concat());
    let database = home.database();
    database.scan();
    let before = std::fs::read(home.transcript("s1")).unwrap();
    home.write_session("s1", turn("s1", 2, "bake it", &system).concat());
    database.scan();
    laws::check(&home, &database).unwrap();
    assert_eq!(database.number(SHARED), 3);
    assert_eq!(laws::restored(&database, &format!("{}~1", home.transcript("s1").display())), before);
}

#[test]
fn the_doctor_finds_texts_that_are_lost_and_removes_those_that_nobody_has() {
    let home = Home::new();
    sessions(&home, 2, &system_prompt(8, 5_000));
    let database = home.database();
    database.scan();
    let meddle = |sql: &str| rusqlite::Connection::open(&database.path).unwrap().execute_batch(sql).unwrap();
    let codes = |fix| {
        let report = database.han.doctor(DoctorOptions { fix }).unwrap();
        report.issues.into_iter().map(|issue| (issue.code, issue.is_fixed)).collect::<Vec<_>>()
    };
    let differ = |is_fixed| ("shared_texts_differ".to_owned(), is_fixed);
    assert_eq!(codes(false), []);
    meddle("INSERT INTO shared_texts SELECT 1000, hash, length, data FROM shared_texts LIMIT 1");
    assert_eq!(codes(false), [differ(false)]);
    assert_eq!(codes(true), [differ(true)]);
    assert_eq!(codes(false), []);
    meddle("DELETE FROM shared_texts WHERE id = 1");
    let lost = ("stored_bytes_damaged".to_owned(), false);
    assert_eq!(codes(true), [lost.clone(), lost, differ(false)]);
}
