//! Embedders of the host's: what is pending is embedded, once, and one that fails loses nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use han_native::model::{EmbedProgress, MatchedBy, PendingQuery, SearchMode, SearchQuery, VectorQuery};
use han_native::{Cancellation, EmbedOptions, Embedder, Han};
use han_tests::Letters;

use super::{failure, file, found, hit_ids, ids, index, pending, prompts};
use crate::support::home::{Database, Home};

/// Counts the texts that it receives.
#[derive(Default)]
pub(super) struct Counting {
    texts: AtomicUsize,
}

impl Counting {
    pub(super) fn texts(&self) -> usize {
        self.texts.load(Ordering::SeqCst)
    }
}

impl Embedder for Counting {
    fn model(&self) -> &str {
        Letters.model()
    }

    fn dimensions(&self) -> usize {
        Letters.dimensions()
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, String> {
        self.texts.fetch_add(texts.len(), Ordering::SeqCst);
        Letters.embed(texts)
    }
}

/// Returns what it was made with, whatever it is passed.
struct Odd(Vec<Vec<f32>>);

impl Embedder for Odd {
    fn model(&self) -> &str {
        "odd"
    }

    fn dimensions(&self) -> usize {
        2
    }

    fn embed(&self, _: &[&str]) -> Result<Vec<Vec<f32>>, String> {
        Ok(self.0.clone())
    }
}

fn session(texts: &[&str]) -> (Home, Database, Vec<String>) {
    let home = Home::new();
    home.write(&file("s"), prompts("s", texts).as_bytes());
    let database = home.database();
    database.scan();
    let ids = ids(&database.han, "s");
    (home, database, ids)
}

fn embed(han: &Han, limit: Option<i64>) -> han_native::Result<(i64, i64, bool)> {
    let report = han.vectors().embed_pending("letters", EmbedOptions { limit, ..EmbedOptions::default() })?;
    Ok((report.messages, report.vectors, report.has_more))
}

#[test]
fn what_is_pending_is_embedded_once() {
    let (home, database, ids) = session(&["water the tomatoes", "mow the lawn", "paint the fence"]);
    let embedder = Arc::new(Counting::default());
    database.han.vectors().register(embedder.clone()).unwrap();
    assert_eq!(embed(&database.han, Some(2)).unwrap(), (2, 2, true));
    assert_eq!(embed(&database.han, None).unwrap(), (1, 1, false));
    assert_eq!(embed(&database.han, None).unwrap(), (0, 0, false));
    assert_eq!(embedder.texts(), 3);
    assert_eq!(found(&database.han, "letters", &Letters::vector("tomato water"))[0], ids[0]);
    home.append(&file("s"), prompts("s", &["x", "x", "x", "rake the leaves"]).lines().last().unwrap().as_bytes());
    database.scan();
    assert_eq!(embed(&database.han, None).unwrap(), (1, 1, false));
    assert_eq!(embedder.texts(), 4);
}

#[test]
fn a_text_is_embedded_for_a_search() {
    let (_home, database, ids) = session(&["water the tomatoes", "mow the lawn", "zzz"]);
    let query = |mode, text: &str| SearchQuery { query: text.into(), mode: Some(mode), ..SearchQuery::default() };
    let search = |mode, text: &str| database.han.search(&query(mode, text));
    assert_eq!(failure(search(SearchMode::Vector, "lawn")).0, "HAN_NOT_FOUND");
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    assert_eq!(failure(search(SearchMode::Vector, "lawn")).0, "HAN_NOT_FOUND", "nothing is embedded yet");
    embed(&database.han, None).unwrap();
    let hits = search(SearchMode::Vector, "lawn").unwrap().items;
    assert_eq!((hits[0].message.id.to_string(), hits[0].matched_by), (ids[1].clone(), MatchedBy::Vector));
    assert_eq!(hits[0].matches.len(), 1, "the words that it shares with the query are marked");
    let hits = search(SearchMode::Hybrid, "lawn").unwrap().items;
    assert_eq!((hits[0].message.id.to_string(), hits[0].matched_by), (ids[1].clone(), MatchedBy::Both));
    assert_eq!(failure(search(SearchMode::Vector, "  ")).0, "HAN_INVALID_ARGUMENT");
    let (code, text) = failure(search(SearchMode::Hybrid, "poison"));
    assert!(code == "HAN_EMBEDDER" && text.contains("letters") && text.contains("cannot read"), "{text}");
}

#[test]
fn a_search_for_vectors_alone_asks_no_embedder() {
    let (_home, database, ids) = session(&["one", "two"]);
    index(&database.han, "given", &[(&ids[1], &[1.0, 0.0])]);
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    let query = VectorQuery { vector: vec![1.0, 0.0], ..VectorQuery::default() };
    assert_eq!(hit_ids(&database.han.vectors().search(&query).unwrap()), ids[1..], "the only model with vectors");
    // The same in a search that knows of embedders means theirs.
    let (code, text) = failure(database.han.search(&query.into()));
    assert!(code == "HAN_NOT_FOUND" && text.contains("letters"), "{text}");
}

#[test]
fn a_failing_embedder_loses_nothing() {
    let texts: Vec<String> = (0..59).map(|number| format!("text {number}")).collect();
    let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    texts.push("poison");
    let (home, database, _) = session(&texts);
    let more = prompts("t", &texts[..59]).replace("\"00000000-", "\"00000001-");
    home.write(&file("t"), more.as_bytes());
    database.scan();
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    let (code, text) = failure(embed(&database.han, None));
    assert_eq!((code, text.contains("cannot read \"poison\"")), ("HAN_EMBEDDER", true), "{text}");
    let done = database.han.vectors().models().unwrap().first().map_or(0, |model| model.messages);
    assert_eq!(pending(&database.han, "letters").len() as i64, 119 - done);
}

#[test]
fn progress_is_reported_and_cancelling_keeps_what_is_done() {
    let texts: Vec<String> = (0..60).map(|number| format!("text {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (home, database, _) = session(&texts);
    for name in ["t", "u"] {
        home.write(
            &file(name),
            prompts(name, &texts)
                .replace("\"00000000-", &format!("\"0000000{}-", u8::from(name == "t") + 1))
                .as_bytes(),
        );
    }
    database.scan();
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    let cancellation = Cancellation::default();
    let mut told: Vec<EmbedProgress> = Vec::new();
    let cancel = cancellation.clone();
    let options = EmbedOptions {
        on_progress: Some(Box::new(|progress| {
            told.push(*progress);
            if told.len() == 2 {
                cancel.cancel();
            }
        })),
        cancellation,
        limit: None,
    };
    assert_eq!(failure(database.han.vectors().embed_pending("letters", options)).0, "HAN_CANCELLED");
    assert_eq!(told, [EmbedProgress { messages: 64, vectors: 64 }, EmbedProgress { messages: 128, vectors: 128 }]);
    assert_eq!(embed(&database.han, None).unwrap(), (52, 52, false));
}

#[test]
fn long_texts_are_embedded_in_pieces() {
    let long = format!("{}needle {}", "hay ".repeat(2_000), "hay ".repeat(100));
    let (_home, database, ids) = session(&[&long]);
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    let query = PendingQuery { model: "letters".into(), ..PendingQuery::default() };
    let chunks = database.han.vectors().pending(&query).unwrap().items.remove(0).chunks;
    assert_eq!(chunks.len(), 5);
    let units: Vec<u16> = long.encode_utf16().collect();
    for chunk in &chunks {
        assert_eq!(String::from_utf16(&units[chunk.start as usize..chunk.end as usize]).unwrap(), chunk.text);
    }
    assert_eq!(embed(&database.han, None).unwrap(), (1, 5, false));
    let query = SearchQuery { query: "needle".into(), mode: Some(SearchMode::Vector), ..SearchQuery::default() };
    let hits = database.han.search(&query).unwrap().items;
    assert_eq!((hits.len(), hits[0].message.id.to_string()), (1, ids[0].clone()));
    assert!(hits[0].chunk == Some(4) && hits[0].snippet.contains("needle"), "{:?}", hits[0]);
}

#[test]
fn a_page_of_long_texts_ends_early() {
    let texts: Vec<String> = (0..30).map(|number| format!("{number} {}", "版".repeat(128_000))).collect();
    let (_home, database, ids) = session(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let query = PendingQuery { model: "letters".into(), first: Some(1_000), after: None };
    let page = database.han.vectors().pending(&query).unwrap();
    assert!(page.has_next_page && page.items.len() < 30, "{} messages", page.items.len());
    let rest = database.han.vectors().pending(&PendingQuery { after: page.end_cursor, ..query }).unwrap();
    assert!(!rest.has_next_page);
    let listed: Vec<String> = page.items.into_iter().chain(rest.items).map(|message| message.message_id).collect();
    assert_eq!(listed, ids);
}

#[test]
fn an_embedder_is_held_to_what_it_says() {
    let (_home, database, _) = session(&["one", "two"]);
    let cases = [
        (vec![vec![1.0, 2.0]], "1 vectors for 2 texts"),
        (vec![vec![1.0, 2.0], vec![1.0]], "1 dimensions"),
        (vec![vec![1.0, 2.0], vec![f32::NAN, 1.0]], "NaN at position 0"),
        (vec![vec![1.0, 2.0], vec![0.0, 0.0]], "all zeros"),
    ];
    for (vectors, expected) in cases {
        database.han.vectors().register(Arc::new(Odd(vectors))).unwrap();
        let (code, text) = failure(database.han.vectors().embed_pending("odd", EmbedOptions::default()));
        assert!(code == "HAN_EMBEDDER" && text.contains(expected), "{text}");
    }
    assert_eq!(database.han.vectors().models().unwrap(), []);
    assert_eq!(failure(database.han.vectors().embed_pending("unknown", EmbedOptions::default())).0, "HAN_NOT_FOUND");
}

/// The three files of a small model of static embeddings.
fn write_model(folder: &std::path::Path) {
    let words = ["[UNK]", "water", "rain", "engine"];
    let vocabulary: serde_json::Map<String, serde_json::Value> =
        (0..).zip(words).map(|(id, word): (u32, _)| (word.to_owned(), id.into())).collect();
    let tokenizer = serde_json::json!({
        "version": "1.0", "added_tokens": [], "normalizer": { "type": "Lowercase" },
        "pre_tokenizer": { "type": "Whitespace" },
        "model": { "type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]" }
    });
    let rows = [0.0_f32, 0.0, 1.0, 0.25, 1.0, 0.0, 0.0, 1.0];
    let data: Vec<u8> = rows.iter().flat_map(|number| number.to_le_bytes()).collect();
    let header =
        serde_json::json!({ "embeddings": { "dtype": "F32", "shape": [4, 2], "data_offsets": [0, data.len()] } });
    let header = header.to_string().into_bytes();
    let tensors = [(header.len() as u64).to_le_bytes().to_vec(), header, data].concat();
    std::fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    std::fs::write(folder.join("model.safetensors"), tensors).unwrap();
    std::fs::write(folder.join("config.json"), r#"{"normalize": true}"#).unwrap();
}

#[test]
fn static_embeddings_from_a_folder_find_by_meaning() {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path());
    let (_home, database, ids) = session(&["mend the engine", "water the tomatoes", "nothing that it knows"]);
    let info = database.han.vectors().load(folder.path(), Some("static")).unwrap();
    assert_eq!((info.model.as_str(), info.dimensions), ("static", 2));
    let report = database.han.vectors().embed_pending("static", EmbedOptions::default()).unwrap();
    assert_eq!((report.messages, report.vectors), (3, 3));
    assert_eq!(pending(&database.han, "static"), [""; 0]);
    let query = SearchQuery { query: "rain".into(), mode: Some(SearchMode::Hybrid), ..SearchQuery::default() };
    let hits = database.han.search(&query).unwrap().items;
    assert_eq!((hits[0].message.id.to_string(), hits[0].matched_by), (ids[1].clone(), MatchedBy::Vector));
    assert_eq!(failure(database.han.vectors().load(folder.path().join("nowhere"), None)).0, "HAN_NOT_FOUND");
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    let (code, text) = failure(database.han.search(&query));
    assert!(
        code == "HAN_INVALID_ARGUMENT" && text.contains("letters, static"),
        "two embedders, and no model named: {text}"
    );
}
