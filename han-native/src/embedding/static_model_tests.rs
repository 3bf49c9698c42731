use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

const WORDS: [&str; 5] = ["[UNK]", "garden", "tulip", "engine", "the"];

fn tokenizer() -> Value {
    let vocabulary: serde_json::Map<String, Value> =
        (0..).zip(WORDS).map(|(id, word): (u32, _)| (word.to_owned(), id.into())).collect();
    json!({
        "version": "1.0", "truncation": { "direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0 },
        "padding": null, "added_tokens": [], "normalizer": { "type": "Lowercase" },
        "pre_tokenizer": { "type": "Whitespace" }, "post_processor": null, "decoder": null,
        "model": { "type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]" }
    })
}

/// One table and more, as safetensors.
fn tensors(all: &[(&str, &str, Vec<usize>, Vec<u8>)]) -> Vec<u8> {
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    for (name, kind, shape, bytes) in all {
        let start = data.len();
        data.extend_from_slice(bytes);
        header.insert((*name).into(), json!({ "dtype": kind, "shape": shape, "data_offsets": [start, data.len()] }));
    }
    let header = Value::Object(header).to_string().into_bytes();
    [(header.len() as u64).to_le_bytes().to_vec(), header, data].concat()
}

fn f32s(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

const ROWS: [f32; 10] = [9.0, 9.0, 1.0, 0.0, 3.0, 4.0, 0.0, -2.0, 0.0, 0.0];

fn folder(tensors: &[u8], config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tokenizer.json"), tokenizer().to_string()).unwrap();
    std::fs::write(folder.path().join("model.safetensors"), tensors).unwrap();
    std::fs::write(folder.path().join("config.json"), config).unwrap();
    folder
}

/// The same with other words for the tokenizer.
fn with_tokenizer(tokenizer: &[u8]) -> TempDir {
    let folder = folder(&plain(), "{}");
    std::fs::write(folder.path().join("tokenizer.json"), tokenizer).unwrap();
    folder
}

fn plain() -> Vec<u8> {
    tensors(&[("embeddings", "F32", vec![5, 2], f32s(&ROWS))])
}

fn embed(model: &StaticModel, text: &str) -> Vec<f32> {
    model.embed(&[text]).unwrap().remove(0)
}

#[test]
fn a_text_is_the_mean_of_its_tokens() {
    let folder = folder(&plain(), r#"{"normalize": false, "model_type": "model2vec"}"#);
    let model = StaticModel::load(folder.path(), Some("words")).unwrap();
    assert_eq!((model.model(), model.dimensions()), ("words", 2));
    assert_eq!(embed(&model, "garden"), [1.0, 0.0]);
    assert_eq!(embed(&model, "Garden TULIP"), [2.0, 2.0]);
    assert_eq!(embed(&model, "tulip weeds tulip"), [3.0, 4.0], "what is unknown says nothing");
    assert_eq!(embed(&model, "garden garden garden tulip"), [1.5, 1.0], "the tokenizer's own limit does not count");
    assert_eq!(model.embed(&["garden", "engine"]).unwrap(), [[1.0, 0.0], [0.0, -2.0]]);
}

#[test]
fn vectors_are_of_length_one_unless_the_model_says_otherwise() {
    for config in ["{}", r#"{"normalize": true}"#] {
        let folder = folder(&plain(), config);
        let model = StaticModel::load(folder.path(), None).unwrap();
        assert_eq!(model.model(), folder.path().canonicalize().unwrap().file_name().unwrap().to_str().unwrap());
        let vector = embed(&model, "tulip");
        assert!((vector[0] - 0.6).abs() < 1e-6 && (vector[1] - 0.8).abs() < 1e-6, "{vector:?}");
    }
}

#[test]
fn a_text_of_nothing_known_still_has_a_direction() {
    let folder = folder(&plain(), r#"{"normalize": false}"#);
    let model = StaticModel::load(folder.path(), None).unwrap();
    let mean = [13.0 / 5.0, 11.0 / 5.0];
    for text in ["", "weeds", "the", "the the"] {
        assert_eq!(embed(&model, text), mean, "{text:?}");
    }
}

#[test]
fn rows_may_be_shared_and_weighted_and_small() {
    let half: Vec<u8> = ROWS.iter().flat_map(|number| f16::from_f32(*number).to_le_bytes()).collect();
    let mapping: Vec<u8> = [0_i64, 1, 2, 1, 4].iter().flat_map(|row| row.to_le_bytes()).collect();
    let weights: Vec<u8> = [1.0_f64, 2.0, 1.0, 0.5, 1.0].iter().flat_map(|weight| weight.to_le_bytes()).collect();
    let all = tensors(&[
        ("embeddings", "F16", vec![5, 2], half),
        ("mapping", "I64", vec![5], mapping),
        ("weights", "F64", vec![5], weights),
    ]);
    let small = folder(&all, r#"{"normalize": false}"#);
    let model = StaticModel::load(small.path(), None).unwrap();
    assert_eq!(embed(&model, "garden"), [2.0, 0.0]);
    assert_eq!(embed(&model, "engine tulip"), [1.75, 2.0]);
    let bytes: Vec<u8> = ROWS.iter().map(|number| (*number as i8).cast_unsigned()).collect();
    let tiny = folder(&tensors(&[("embeddings", "I8", vec![5, 2], bytes)]), r#"{"normalize": false}"#);
    assert_eq!(embed(&StaticModel::load(tiny.path(), None).unwrap(), "engine"), [0.0, -2.0]);
}

#[test]
fn what_is_no_model_is_refused_by_file() {
    let refusal = |folder: &TempDir| StaticModel::load(folder.path(), None).err().unwrap().to_string();
    let good = plain();
    let cases: [(Vec<u8>, &str, &str); 7] = [
        (b"nonsense".to_vec(), "{}", "model.safetensors"),
        (good.clone(), "[", "config.json"),
        (tensors(&[("other", "F32", vec![5, 2], f32s(&ROWS))]), "{}", "model.safetensors"),
        (tensors(&[("embeddings", "F32", vec![10], f32s(&ROWS))]), "{}", "shape"),
        (tensors(&[("embeddings", "F32", vec![0, 2], Vec::new())]), "{}", "at least one row"),
        (tensors(&[("embeddings", "F32", vec![1, 2], f32s(&[f32::NAN, 1.0]))]), "{}", "numbers"),
        (
            tensors(&[
                ("embeddings", "F32", vec![5, 2], f32s(&ROWS)),
                ("mapping", "I32", vec![1], 5_i32.to_le_bytes().to_vec()),
            ]),
            "{}",
            "mapping",
        ),
    ];
    for (tensors, config, expected) in cases {
        let told = refusal(&folder(&tensors, config));
        assert!(told.starts_with("folder ") && told.contains(expected), "{told}");
    }
    let odd = folder(&good, "{}");
    std::fs::write(odd.path().join("tokenizer.json"), r#"{"model": {"type": "Mystery"}}"#).unwrap();
    assert!(refusal(&odd).contains("tokenizer.json"));
    std::fs::remove_file(odd.path().join("tokenizer.json")).unwrap();
    let missing = StaticModel::load(odd.path(), None).err().unwrap();
    assert_eq!(missing.code().as_str(), "HAN_NOT_FOUND");
    // More tokens than rows: what has none says nothing.
    let short = folder(&tensors(&[("embeddings", "F32", vec![2, 2], f32s(&ROWS[..4]))]), r#"{"normalize": false}"#);
    let model = StaticModel::load(short.path(), None).unwrap();
    assert_eq!(embed(&model, "garden tulip engine"), [1.0, 0.0]);
}

/// Loads a folder, whatever is in it, and embeds with what it loads.
fn survive(folder: &TempDir) -> bool {
    match StaticModel::load(folder.path(), Some("m")) {
        Ok(model) => {
            for vector in ["garden", "tulip the 版 🦊", ""].iter().filter_map(|text| model.vector(text).ok()) {
                assert_eq!((vector.len(), super::super::check_numbers(&vector)), (model.dimensions(), Ok(())));
            }
            true
        }
        Err(error) => {
            assert_eq!(error.code().as_str(), "HAN_INVALID_ARGUMENT", "{error}");
            false
        }
    }
}

/// Every text that results from one by another character, or none, at a place.
fn changed(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len()).flat_map(move |at| {
        let other = [b'0', b'9', b'"', b'{', b'-', 0xff].map(|byte| [&bytes[..at], &[byte], &bytes[at + 1..]].concat());
        other.into_iter().chain([bytes[..at].to_vec(), [&bytes[..at], &bytes[at + 1..]].concat()])
    })
}

#[test]
fn tensors_may_be_anything() {
    let good = tensors(&[
        ("embeddings", "F16", vec![5, 2], [0, 0x3c].repeat(10)),
        ("mapping", "I32", vec![5], [1, 0, 0, 0].repeat(5)),
        ("weights", "F32", vec![5], f32s(&[1.0; 5])),
    ]);
    let folder = folder(&good, "{}");
    assert!(survive(&folder));
    let mut loaded = 0;
    for bytes in changed(&good) {
        std::fs::write(folder.path().join("model.safetensors"), bytes).unwrap();
        loaded += usize::from(survive(&folder));
    }
    assert!(loaded > 0, "a change of a number is none of the format");
    let header = |length: u64, text: &str| [&length.to_le_bytes(), text.as_bytes()].concat();
    let huge = u64::MAX.to_string();
    let overflowing = format!(r#"{{"embeddings":{{"dtype":"F32","shape":[{huge},2],"data_offsets":[0,{huge}]}}}}"#);
    for bytes in [
        header(u64::MAX, "{}"),
        header(99 << 20, "{}"),
        header(1 << 40, ""),
        header(overflowing.len() as u64, &overflowing),
        tensors(&[("embeddings", "BF16", vec![5, 2], vec![0; 20])]),
        tensors(&[("embeddings", "F32", vec![5, 0], Vec::new())]),
        tensors(&[("embeddings", "F32", vec![1, 8_193], vec![0; 4 * 8_193])]),
        tensors(&[("embeddings", "F64", vec![1, 2], [1e300_f64, 1.0].map(f64::to_le_bytes).concat())]),
        tensors(&[("embeddings", "F32", vec![5, 2], f32s(&ROWS)), ("weights", "I64", vec![1], vec![0; 8])]),
        tensors(&[("embeddings", "F32", vec![5, 2], f32s(&ROWS)), ("mapping", "F32", vec![1], vec![0; 4])]),
        tensors(&[("embeddings", "F32", vec![5, 2], f32s(&ROWS)), ("mapping", "I32", vec![1], vec![0xff; 4])]),
    ] {
        std::fs::write(folder.path().join("model.safetensors"), bytes).unwrap();
        assert!(!survive(&folder));
    }
}

#[test]
fn a_tokenizer_may_be_anything() {
    let good = tokenizer().to_string();
    assert!(survive(&with_tokenizer(good.as_bytes())));
    let folder = with_tokenizer(b"");
    for bytes in changed(good.as_bytes()) {
        std::fs::write(folder.path().join("tokenizer.json"), bytes).unwrap();
        survive(&folder);
    }
    let change = |name: &str, value: Value| {
        let mut tokenizer = tokenizer();
        tokenizer[name] = value;
        with_tokenizer(tokenizer.to_string().as_bytes())
    };
    let charsmap = |bytes: &[u8]| json!({ "type": "Precompiled", "precompiled_charsmap": base64::encode(bytes) });
    // A table that says that it has four thousand million bytes.
    let told = StaticModel::load(change("normalizer", charsmap(&[0xff; 8])).path(), None).err().unwrap().to_string();
    assert!(told.contains("tokenizer.json: its table of characters"), "{told}");
    let token = json!({ "id": 7, "content": "", "single_word": true, "lstrip": true, "rstrip": true,
        "normalized": true, "special": false });
    let unigram =
        json!({ "type": "Unigram", "unk_id": 9, "vocab": [["a", f64::MIN], ["", 0.0]], "byte_fallback": true });
    for odd in [
        change("added_tokens", json!([token])),
        change("normalizer", json!({ "type": "Replace", "pattern": { "Regex": "(x+x+)+y" }, "content": "" })),
        change("normalizer", json!({ "type": "Replace", "pattern": { "String": "" }, "content": "x" })),
        change("normalizer", json!({ "type": "Sequence", "normalizers": [] })),
        change(
            "pre_tokenizer",
            json!({ "type": "Split", "pattern": { "Regex": "" }, "behavior": "Isolated", "invert": true }),
        ),
        change("model", unigram),
        change("model", json!({ "type": "BPE", "vocab": { "a": 9_999_999 }, "merges": [], "unk_token": "a" })),
        change(
            "model",
            json!({ "type": "WordPiece", "vocab": {}, "unk_token": "?", "continuing_subword_prefix": "",
            "max_input_chars_per_word": 0 }),
        ),
        change("model", json!({ "type": "WordLevel", "vocab": {}, "unk_token": "?" })),
    ] {
        survive(&odd);
    }
}

/// A library that panics is one that refuses.
#[test]
fn a_tokenizer_that_cannot_go_on_is_a_failure_of_the_embedder() {
    let mut broken = tokenizer();
    // No table at all, in which it looks each character up.
    broken["normalizer"] = json!({ "type": "Precompiled", "precompiled_charsmap": base64::encode([0; 4]) });
    let folder = with_tokenizer(broken.to_string().as_bytes());
    let model = StaticModel::load(folder.path(), Some("m")).unwrap();
    let told = model.embed(&["garden"]).unwrap_err();
    assert!(told.contains("do not fit together"), "{told}");
}
