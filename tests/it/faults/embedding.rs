//! A process that embeds is killed at any moment: what it committed is whole, and the next one finishes the work.

use std::sync::Arc;

use han_native::model::{PendingQuery, VectorQuery};
use han_native::{EmbedOptions, Han};
use han_tests::Letters;

use super::checks::assert_sound;
use super::child::{self, Running};
use crate::support::home::Home;
use crate::support::lines::turns;
use crate::support::random::Random;

const KILLS: usize = 12;

fn pending(han: &Han) -> usize {
    let query = PendingQuery { model: "letters".into(), first: Some(1_000), after: None };
    let mut page = han.vectors().pending(&query).unwrap();
    let mut count = page.items.len();
    while page.has_next_page {
        page = han.vectors().pending(&PendingQuery { after: page.end_cursor.take(), ..query.clone() }).unwrap();
        count += page.items.len();
    }
    count
}

/// Kills the child once it has moved this many bytes; false if it ended before.
fn kill_after(mut running: Running, work: u64) -> bool {
    while running.is_running() {
        match running.work() {
            Some(done) if done < work => std::thread::yield_now(),
            Some(_) => {
                running.kill();
                return true;
            }
            None => break,
        }
    }
    assert!(running.finish().outcome.is_ok());
    false
}

#[test]
fn kills_while_embedding_lose_nothing_and_double_nothing() {
    let home = Home::new();
    for session in ["one", "two", "three"] {
        home.write_session(session, turns(session, 300));
    }
    let han = home.scanned();
    let all = pending(&han);
    assert_eq!(all, 1_800);
    han.close();
    let (database, config_dir) = (home.database_file(), home.config_dir());
    let arguments = ["embed", child::text(&database), child::text(&config_dir)];
    let mut random = Random::new(7);
    let (mut kills, mut halfway) = (0, 0);
    while kills < KILLS && kill_after(child::start(child::command(&arguments)), random.below(6_000_000)) {
        kills += 1;
        let han = home.open();
        let left = pending(&han);
        let stored = han.vectors().models().unwrap().first().map_or(0, |model| model.messages as usize);
        assert_eq!(left + stored, all, "after kill {kills}");
        halfway += usize::from(left > 0 && stored > 0);
        assert_sound(&han, &database);
        han.close();
    }
    let han = home.open();
    han.vectors().register(Arc::new(Letters)).unwrap();
    han.vectors().embed_pending("letters", EmbedOptions::default()).unwrap();
    let model = han.vectors().models().unwrap().remove(0);
    assert_eq!((model.messages as usize, model.vectors as usize, pending(&han)), (all, all, 0));
    let near = VectorQuery { vector: Letters::vector("the garden"), first: Some(1_000), ..VectorQuery::default() };
    assert_eq!(han.vectors().search(&near).unwrap().items.len(), 1_000);
    assert_sound(&han, &database);
    println!("{kills} kills, {halfway} of them with a part committed");
    assert!(halfway > 0, "every kill came before the first commit or after the last one");
}
