//! Messages that come to another place, and those that can be seen again: nothing is embedded twice, and nothing is forgotten.

use std::sync::Arc;

use han_native::{EmbedOptions, ForgetTarget};

use super::embedders::Counting;
use super::{file, found, ids, pending, prompts};
use crate::support::home::{Database, Home};

fn counting(database: &Database) -> Arc<Counting> {
    let embedder = Arc::new(Counting::default());
    database.han.register_embedder(embedder.clone()).unwrap();
    embedder
}

fn embed(database: &Database) -> i64 {
    database.han.vectors().embed_pending("letters", EmbedOptions::default()).unwrap().messages
}

#[test]
fn what_was_moved_is_not_embedded_again() {
    let home = Home::new();
    home.write(&file("s"), prompts("s", &["one", "two", "three"]).as_bytes());
    let database = home.database();
    database.scan();
    let embedder = counting(&database);
    assert_eq!(embed(&database), 3);
    let former = ids(&database.han, "s");
    // To another session, to another project, and to both.
    for (from, to) in [
        (file("s"), file("t")),
        (file("t"), "projects/-code-other/t.jsonl".into()),
        ("projects/-code-other/t.jsonl".into(), file("u")),
    ] {
        std::fs::create_dir_all(home.file(&to).parent().unwrap()).unwrap();
        std::fs::rename(home.file(&from), home.file(&to)).unwrap();
        database.scan();
        assert_eq!(pending(&database.han, "letters"), [""; 0], "{to}");
        assert_eq!((embed(&database), embedder.texts()), (0, 3), "{to}");
    }
    let now = ids(&database.han, "u");
    assert!(now.len() == 3 && now.iter().all(|id| !former.contains(id)));
    let mut hits = found(&database.han, "letters", &[1.0; 26]);
    hits.sort_by_key(|id| now.iter().position(|known| known == id));
    assert_eq!(hits, now);
    let model = database.han.vectors().models().unwrap().remove(0);
    assert_eq!((model.messages, model.vectors, model.stale), (3, 3, 0));
    assert!(database.han.doctor(Default::default()).unwrap().is_healthy);
    database.han.forget(&ForgetTarget::Session("u".into())).unwrap();
    assert_eq!(database.han.vectors().models().unwrap()[0].vectors, 0);
}

#[test]
fn what_is_new_in_a_moved_file_is_embedded() {
    let home = Home::new();
    home.write(&file("s"), prompts("s", &["one", "two"]).as_bytes());
    let database = home.database();
    database.scan();
    let embedder = counting(&database);
    assert_eq!(embed(&database), 2);
    std::fs::rename(home.file(&file("s")), home.file(&file("t"))).unwrap();
    home.append(&file("t"), prompts("t", &["-", "-", "rake the leaves"]).lines().last().unwrap().as_bytes());
    database.scan();
    assert_eq!((embed(&database), embedder.texts()), (1, 3));
}
