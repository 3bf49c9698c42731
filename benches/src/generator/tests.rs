//! Whether the generator keeps its promises.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Era, Generator, Summary, Tokens, faults};

fn transcripts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "jsonl") && !path.ends_with("journal.jsonl")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn config_dir(seed: u64, bytes: u64) -> (tempfile::TempDir, Summary) {
    let folder = tempfile::tempdir().unwrap();
    let summary = Generator::new(seed).config_dir(folder.path(), bytes).unwrap();
    (folder, summary)
}

fn lines(era: Era, count: usize) -> Vec<Value> {
    let lines = Generator::new(3).session(era).take(count);
    lines.map(|line| serde_json::from_slice(&line.bytes).unwrap()).collect()
}

fn share(lines: &[Value], record_type: &str) -> f64 {
    lines.iter().filter(|line| line["type"] == record_type).count() as f64 / lines.len() as f64
}

#[test]
fn the_same_seed_writes_the_same_files() {
    let ((first, first_summary), (second, second_summary)) = (config_dir(7, 600_000), config_dir(7, 600_000));
    let content = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let paths = transcripts(folder);
        paths.iter().map(|path| (path.strip_prefix(folder).unwrap().to_owned(), fs::read(path).unwrap())).collect()
    };
    assert_eq!(content(first.path()), content(second.path()));
    assert_eq!(first_summary, second_summary);
    assert_ne!(first_summary, config_dir(8, 600_000).1);
}

#[test]
fn the_summary_counts_what_is_in_the_files() {
    let (folder, summary) = config_dir(11, 6_000_000);
    let paths = transcripts(folder.path());
    assert_eq!(summary.files, paths.len() as u64);
    let mut by_type: BTreeMap<String, u64> = BTreeMap::new();
    let (mut bytes, mut lines, mut prompts, mut calls) = (0, 0, 0, 0);
    let mut uuids: HashMap<String, u64> = HashMap::new();
    let mut messages: HashMap<String, (bool, Tokens)> = HashMap::new();
    for path in paths {
        let content = fs::read_to_string(&path).unwrap();
        assert!(content.ends_with('\n'), "{}", path.display());
        bytes += content.len() as u64;
        for line in content.lines() {
            let record: Value = serde_json::from_str(line).unwrap();
            lines += 1;
            *by_type.entry(record["type"].as_str().unwrap().to_owned()).or_default() += 1;
            if let Some(uuid) = record["uuid"].as_str() {
                *uuids.entry(uuid.to_owned()).or_default() += 1;
            }
            let content = &record["message"]["content"];
            let is_result = content[0]["type"] == "tool_result";
            let text = content.as_str().unwrap_or_default();
            let is_injected =
                record["isMeta"] == true || record["isCompactSummary"] == true || text.starts_with(['<', '[']);
            if record["type"] == "user" && !is_result && !is_injected && record["isSidechain"] == false {
                prompts += 1;
            }
            if record["type"] == "assistant" {
                calls += u64::from(content[0]["type"] == "tool_use");
            }
            let is_carried = record["data"]["type"] == "agent_progress";
            let message = if is_carried { &record["data"]["message"]["message"] } else { &record["message"] };
            if let Some(id) = message["id"].as_str() {
                let usage = &message["usage"];
                let creation = &usage["cache_creation"];
                let tokens = Tokens {
                    input: usage["input_tokens"].as_i64().unwrap(),
                    output: usage["output_tokens"].as_i64().unwrap(),
                    cache_read: usage["cache_read_input_tokens"].as_i64().unwrap(),
                    cache_creation_5m: creation["ephemeral_5m_input_tokens"].as_i64().unwrap(),
                    cache_creation_1h: creation["ephemeral_1h_input_tokens"].as_i64().unwrap(),
                };
                let known = messages.entry(id.to_owned()).or_insert((is_carried, tokens));
                if (!is_carried, tokens.output) > (!known.0, known.1.output) {
                    *known = (is_carried, tokens);
                }
            }
        }
    }
    assert_eq!(summary.bytes, bytes);
    assert_eq!(summary.lines, lines);
    assert_eq!(summary.prompts, prompts);
    assert_eq!(summary.tool_calls, calls);
    assert_eq!(
        by_type.iter().map(|(name, count)| (name.as_str(), *count)).collect::<BTreeMap<_, _>>(),
        summary.lines_by_type.iter().map(|(name, count)| (*name, *count)).collect()
    );
    assert_eq!(summary.repeated_uuids, uuids.values().map(|count| count - 1).sum::<u64>());
    assert!(summary.repeated_uuids > 0, "no resume or fork was written");
    assert_eq!(summary.api_messages(), messages.len() as u64);
    let mut sum = Tokens::default();
    messages.values().for_each(|(_, tokens)| sum += *tokens);
    assert_eq!(summary.tokens(), sum);
}

#[test]
fn the_mix_of_records_is_that_of_the_era() {
    let early = lines(Era::V1_0, 4_000);
    assert!((0.52..0.68).contains(&share(&early, "assistant")), "{}", share(&early, "assistant"));
    assert_eq!(share(&early, "progress"), 0.0);
    let middle = lines(Era::V2_1, 8_000);
    assert!((0.26..0.46).contains(&share(&middle, "assistant")), "{}", share(&middle, "assistant"));
    assert!((0.20..0.48).contains(&share(&middle, "progress")), "{}", share(&middle, "progress"));
    assert!((0.15..0.27).contains(&share(&middle, "user")), "{}", share(&middle, "user"));
    let late = lines(Era::V2_1Late, 8_000);
    assert!((0.26..0.46).contains(&share(&late, "assistant")), "{}", share(&late, "assistant"));
    assert!((0.12..0.28).contains(&share(&late, "attachment")), "{}", share(&late, "attachment"));
    assert!(share(&late, "ai-title") > 0.01);
}

#[test]
fn an_api_message_streams_over_about_two_lines() {
    let (_, summary) = Generator::new(5).session_bytes(Era::V2_1, 4_000_000);
    let per_message = summary.lines_of("assistant") as f64 / summary.api_messages() as f64;
    assert!((1.5..2.6).contains(&per_message), "{per_message}");
}

#[test]
fn bytes_compress_as_transcripts_do() {
    let bytes = Generator::new(9).single_session(4_000_000);
    let compressed: usize = bytes.chunks(1 << 18).map(|block| zstd::bulk::compress(block, 1).unwrap().len()).sum();
    let ratio = compressed as f64 / bytes.len() as f64;
    assert!((0.12..0.25).contains(&ratio), "{ratio}");
}

#[test]
fn a_project_folder_encodes_the_working_directory() {
    let (folder, _) = config_dir(2, 300_000);
    for path in transcripts(folder.path()) {
        let slug = path.strip_prefix(folder.path().join("projects")).unwrap().components().next().unwrap();
        let content = fs::read_to_string(&path).unwrap();
        let cwd = content
            .lines()
            .find_map(|line| serde_json::from_str::<Value>(line).unwrap()["cwd"].as_str().map(str::to_owned));
        if let Some(cwd) = cwd {
            assert_eq!(super::project::slug_of(&cwd), slug.as_os_str().to_str().unwrap());
        }
    }
}

#[test]
fn a_long_line_has_exactly_the_bytes_asked_for() {
    for length in [1_000, 70_000, 3_000_000] {
        let line = Generator::new(1).long_line(length);
        assert_eq!(line.len(), length);
        assert!(serde_json::from_slice::<Value>(&line).unwrap().is_object());
        assert!(!line.contains(&b'\n'));
    }
}

#[test]
fn damage_is_done_where_it_is_asked_for() {
    let whole = b"{\"a\":\"1\"}\n{\"b\":\"2\"}\n{\"c\":\"3\"}\n".to_vec();
    let after = |damage: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        damage(&mut bytes);
        bytes
    };
    assert_eq!(after(&faults::torn_tail), b"{\"a\":\"1\"}\n{\"b\":\"2\"}\n{\"c\"");
    assert_eq!(after(&|bytes| faults::glue_records(bytes, 1)), b"{\"a\":\"1\"}\n{\"b\":\"2\"}{\"c\":\"3\"}\n");
    assert_eq!(
        after(&|bytes| faults::line_without_object(bytes, 1)),
        b"{\"a\":\"1\"}\n[1,2,3]\n{\"b\":\"2\"}\n{\"c\":\"3\"}\n"
    );
    assert_eq!(after(&|bytes| faults::invalid_utf8(bytes, 2)), b"{\"a\":\"1\"}\n{\"b\":\"2\"}\n{\"c\":\"\xff3\"}\n");
    let invalid = after(&|bytes| faults::invalid_line(bytes, 3));
    let added = invalid.strip_prefix(whole.as_slice()).unwrap();
    assert!(added.ends_with(b"\n") && serde_json::from_slice::<Value>(added).is_err());
    assert_eq!(after(&|bytes| faults::nul_prefix(bytes, 1))[10..522], [0; 512]);
    assert_eq!(after(&|bytes| faults::blank_lines(bytes, 0))[..6], *b"\n \t\r\n\n");
}
