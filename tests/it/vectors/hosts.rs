//! Embedders that behave unexpectedly, and handles that may not write: nothing is locked meanwhile, and nothing is lost.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use han_native::model::{EmbedReport, SearchMode, SearchQuery, VectorItem};
use han_native::{EmbedOptions, Embedder, ForgetTarget, Han, OpenOptions};
use han_tests::Letters;

use super::{failure, file, found, ids, pending, place, prompts};
use crate::support::home::{Database, Home};

/// How long anything may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Does something before it embeds as [`Letters`] does.
struct Acting<F>(F);

impl<F: Fn() + Send + Sync> Embedder for Acting<F> {
    fn model(&self) -> &str {
        Letters.model()
    }

    fn dimensions(&self) -> usize {
        Letters.dimensions()
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, String> {
        self.0();
        Letters.embed(texts)
    }
}

fn session(texts: &[&str]) -> (Home, Database) {
    let home = Home::new();
    home.write(&file("s"), prompts("s", texts).as_bytes());
    let database = home.database();
    database.scan();
    (home, database)
}

fn act(database: &Database, action: impl Fn() + Send + Sync + 'static) {
    database.han.vectors().register(Arc::new(Acting(action))).unwrap();
}

fn embed(han: &Han) -> han_native::Result<EmbedReport> {
    han.vectors().embed_pending("letters", EmbedOptions::default())
}

fn by_meaning(text: &str) -> SearchQuery {
    SearchQuery { query: text.into(), mode: Some(SearchMode::Vector), ..SearchQuery::default() }
}

#[test]
fn a_panic_of_an_embedder_is_the_callers_and_leaves_the_handle_whole() {
    let (_home, database) = session(&["one", "two"]);
    act(&database, || panic!("no such luck"));
    let han = AssertUnwindSafe(&database.han);
    assert!(catch_unwind(|| embed(&han)).is_err());
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    assert_eq!(embed(&database.han).unwrap().messages, 2);
    act(&database, || panic!("nor this time"));
    assert!(catch_unwind(|| han.search(&by_meaning("one"))).is_err());
    assert_eq!(found(&database.han, "letters", &Letters::vector("one")).len(), 2);
    assert!(database.han.doctor(Default::default()).unwrap().is_healthy);
}

#[test]
fn an_embedder_may_use_the_handle() {
    let (home, database) = session(&["one", "two"]);
    let (han, file) = (database.han.clone(), home.file(&file("s")));
    act(&database, move || {
        let id = ids(&han, "s").remove(0);
        han.vectors().index("other", &[VectorItem { place: place(&id), vector: &[1.0] }]).unwrap();
        assert_eq!(found(&han, "other", &[1.0]), [id]);
        assert_eq!(pending(&han, "letters").len(), 2);
        han.index_session_file(&file).unwrap();
        han.vectors().register(Arc::new(Letters)).unwrap();
        assert_eq!(han.vectors().embed_pending("letters", EmbedOptions::default()).unwrap().messages, 2);
        assert_eq!(han.search(&by_meaning("one")).unwrap().items.len(), 2);
    });
    // The inner call was there first; the same vectors again change nothing.
    assert_eq!(embed(&database.han).unwrap().vectors, 2);
    let models = database.han.vectors().models().unwrap();
    assert_eq!(
        models.iter().map(|model| (model.name.as_str(), model.vectors)).collect::<Vec<_>>(),
        [("letters", 2), ("other", 1)]
    );
    database.han.close();
}

#[test]
fn a_handle_that_is_closed_meanwhile_says_so() {
    let (_home, database) = session(&["one", "two"]);
    let han = database.han.clone();
    act(&database, move || han.close());
    assert_eq!(failure(embed(&database.han)).0, "HAN_CLOSED");
    let options = OpenOptions { db_path: Some(database.path.clone()), ..OpenOptions::default() };
    let again = Han::open(options).unwrap();
    assert_eq!((again.vectors().models().unwrap().len(), pending(&again, "letters").len()), (0, 2));
}

/// What an embedder waits for, and what it signals before.
struct Meeting {
    begun: Mutex<Sender<()>>,
    may_end: Mutex<Receiver<()>>,
}

impl Meeting {
    fn wait(&self) {
        self.begun.lock().unwrap().send(()).unwrap();
        self.may_end.lock().unwrap().recv_timeout(PATIENCE).unwrap();
    }
}

#[test]
fn others_read_and_write_while_an_embedder_works() {
    let (home, database) = session(&["one", "two"]);
    let ((begun, has_begun), (end, may_end)) = (channel(), channel());
    let meeting = Meeting { begun: Mutex::new(begun), may_end: Mutex::new(may_end) };
    act(&database, move || meeting.wait());
    std::thread::scope(|scope| {
        let embedding = scope.spawn(|| embed(&database.han));
        has_begun.recv_timeout(PATIENCE).unwrap();
        home.write(&file("t"), prompts("t", &["three, which came later"]).as_bytes());
        // By this handle, and by one of its own.
        database.scan();
        let options = OpenOptions { db_path: Some(database.path.clone()), ..OpenOptions::default() };
        let other = Han::open(options).unwrap();
        let id = ids(&other, "t").remove(0);
        other.vectors().index("other", &[VectorItem { place: place(&id), vector: &[1.0] }]).unwrap();
        assert_eq!(found(&database.han, "other", &[1.0]), [id]);
        end.send(()).unwrap();
        // What arrived meanwhile is embedded by the same call.
        has_begun.recv_timeout(PATIENCE).unwrap();
        end.send(()).unwrap();
        assert_eq!(embedding.join().unwrap().unwrap().messages, 3);
    });
}

#[test]
fn a_text_that_changes_while_it_is_embedded_is_embedded_again() {
    let home = Home::new();
    let lines = prompts("s", &["one", "two"]);
    home.write(&file("s"), lines.as_bytes());
    let database = home.database();
    database.scan();
    let (path, han) = (home.file(&file("s")), database.han.clone());
    let longer = prompts("s", &["one and much more", "two"]);
    act(&database, move || {
        std::fs::write(&path, &longer).unwrap();
        han.index_session_file(&path).unwrap();
    });
    // The ids are those of the new generation's messages by now; the second one has the text that was embedded.
    let options = EmbedOptions { limit: Some(2), ..EmbedOptions::default() };
    let report = database.han.vectors().embed_pending("letters", options).unwrap();
    assert_eq!((report.messages, report.has_more), (2, true));
    assert_eq!(database.han.vectors().models().unwrap()[0].stale, 1);
    assert_eq!(pending(&database.han, "letters"), ids(&database.han, "s")[..1]);
    assert_eq!(embed(&database.han).unwrap().messages, 1);
    assert_eq!(database.han.vectors().models().unwrap()[0].stale, 0);
    database.han.close();
}

#[test]
fn what_is_forgotten_while_it_is_embedded_stays_forgotten() {
    let (_home, database) = session(&["one", "two"]);
    let han = database.han.clone();
    act(&database, move || {
        han.forget(&ForgetTarget::Session("s".into())).unwrap();
    });
    let report = embed(&database.han).unwrap();
    assert_eq!((report.messages, report.vectors, report.has_more), (0, 0, false));
    assert_eq!(database.han.vectors().models().unwrap(), []);
    database.han.close();
}

#[test]
fn who_may_not_write_hears_it_before_the_embedder_works() {
    let (_home, database) = session(&["one", "two"]);
    let leadership = database.han.coordinator().try_acquire().unwrap();
    let open = |read_only| {
        let options = OpenOptions { db_path: Some(database.path.clone()), read_only, ..OpenOptions::default() };
        let han = Han::open(options).unwrap();
        han.vectors().register(Arc::new(Acting(|| panic!("it is not asked in vain")))).unwrap();
        han
    };
    let (follower, reader) = (open(false), open(true));
    let refused: [(&Han, &str); 2] = [(&follower, "HAN_NOT_LEADER"), (&reader, "HAN_READ_ONLY")];
    for (han, code) in refused {
        assert_eq!(failure(embed(han)).0, code);
        let id = ids(han, "s").remove(0);
        assert_eq!(failure(han.vectors().index("m", &[VectorItem { place: place(&id), vector: &[1.0] }])).0, code);
        assert_eq!(failure(han.vectors().remove("letters")).0, code);
        assert_eq!(pending(han, "letters").len(), 2);
        assert_eq!(han.vectors().models().unwrap(), []);
    }
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    assert_eq!(embed(&database.han).unwrap().messages, 2);
    // If there is nothing to embed, there is nothing to write.
    for (han, _) in refused {
        assert_eq!(embed(han).unwrap(), EmbedReport::default());
        assert_eq!(found(han, "letters", &Letters::vector("one")).len(), 2);
        han.vectors().register(Arc::new(Letters)).unwrap();
        assert_eq!(han.search(&by_meaning("two")).unwrap().items.len(), 2);
    }
    drop(leadership);
}
