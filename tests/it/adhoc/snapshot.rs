//! One statement sees one state of the database, texts included, whoever writes meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};

use han_native::{Han, OpenOptions};
use serde_json::json;

use super::{rows, shop};
use crate::support::home::Home;
use crate::support::lines::prompt;

const PLACE: &str = "projects/-code-shop/s9.jsonl";

#[test]
fn texts_belong_to_the_rows_while_somebody_writes() {
    let home = Home::new();
    let database = home.database();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Sixty uuids: what comes after them repeats them, and is left out as a replay.
            for number in 0..150 {
                let line = prompt("s9", number % 60, &format!("{number} words to keep {}", "and more ".repeat(200)));
                // A line that grows is indexed twice, and open blocks are sealed now and then.
                let (start, rest) = line.split_at(line.len() / 2);
                home.append(PLACE, start.as_bytes());
                database.index(&home.file(PLACE));
                home.append(PLACE, rest.as_bytes());
                database.index(&home.file(PLACE));
            }
            is_done.store(true, Ordering::SeqCst);
        });
        let mut looks = 0;
        while !is_done.load(Ordering::SeqCst) || looks == 0 {
            let wrong = rows(
                &database.han,
                "SELECT line_number, raw FROM v_messages
                 WHERE raw IS NULL OR NOT json_valid(raw) OR text IS NOT raw ->> '$.message.content'
                    OR octet_length(raw) <> size_bytes",
            );
            assert!(wrong.is_empty(), "{wrong:?}");
            looks += 1;
        }
    });
    assert_eq!(rows(&database.han, "SELECT count(*) FROM v_messages"), [[json!(60)]]);
}

#[test]
fn a_handle_for_reading_only_answers() {
    let (_home, database) = shop();
    let options = OpenOptions { db_path: Some(database.path.clone()), read_only: true, ..OpenOptions::default() };
    let reader = Han::open(options).unwrap();
    let sql = "SELECT id, text FROM v_messages ORDER BY id";
    assert_eq!(rows(&reader, sql), rows(&database.han, sql));
}
