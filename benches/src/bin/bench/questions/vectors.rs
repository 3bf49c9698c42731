//! How long does a search by vectors take, 20 hits of 100,000 messages, against sqlite-vec alone on the same table?

use std::time::Instant;

use han_native::model::{SearchHit, SearchMode, SearchQuery, VectorItem, VectorPlace, VectorQuery};
use han_native::{Han, ScanOptions, bench_support};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::Result;
use crate::context::{Context, open};
use crate::report::{Bound, Row};
use crate::statistics::Sample;

const SESSIONS: usize = 100;
const MESSAGES: usize = 1_000;
const DIMENSIONS: usize = 384;
const HITS: i64 = 20;
const ROUNDS: usize = 30;
/// Vectors of one call.
const BATCH: usize = 5_000;

/// The table of the first model of a database.
const BARE: &str =
    "SELECT rowid, distance FROM message_vectors_1 WHERE embedding MATCH ?1 AND k = ?2 ORDER BY distance";

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let config_dir = context.new_folder()?;
    let database = context.new_folder()?.join("han.db");
    let ids = write_transcripts(&config_dir.join("projects/-home-kim-vectors"))?;
    let han = open(&database, &config_dir)?;
    han.scan(ScanOptions::default())?;
    let mut random = ChaCha8Rng::seed_from_u64(context.seed);
    let seconds = index(&han, &ids, &mut random)?;

    let connection = bench_support::reader(&database)?;
    let mut bare = connection.prepare(BARE)?;
    let queries: Vec<Vec<f32>> = (0..ROUNDS).map(|_| vector(&mut random)).collect();
    let since = "2026-03-01T00:10:00.000Z".parse()?;
    let [mut floors, mut plain, mut session, mut half, mut hybrid] = [const { Vec::new() }; 5];
    for (round, vector) in queries.into_iter().enumerate() {
        let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
        let start = Instant::now();
        let nearest: Vec<(i64, f64)> =
            bare.query_map((&bytes, HITS), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        floors.push(start.elapsed());

        let query = VectorQuery { vector, first: Some(HITS), ..VectorQuery::default() };
        let timed = |query: &VectorQuery, durations: &mut Vec<_>| -> Result<Vec<SearchHit>> {
            let start = Instant::now();
            let hits = han.vectors().search(query)?.items;
            durations.push(start.elapsed());
            Ok(hits)
        };
        let hits = timed(&query, &mut plain)?;
        let distances = nearest.iter().map(|(_, distance)| Some(*distance));
        if !hits.iter().map(|hit| hit.distance).eq(distances) {
            return Err("the search and the bare statement do not agree".into());
        }
        let session_id = Some(format!("session-{:03}", round % SESSIONS));
        timed(&VectorQuery { session_id, ..query.clone() }, &mut session)?;
        timed(&VectorQuery { since: Some(since), ..query.clone() }, &mut half)?;
        let query = SearchQuery { query: "prompt".into(), mode: Some(SearchMode::Hybrid), ..SearchQuery::from(query) };
        let start = Instant::now();
        han.search(&query)?;
        hybrid.push(start.elapsed());
    }
    han.close();

    let floor = Sample::of_durations(&floors).median();
    let row = |what: &str, durations: &[_]| {
        let median = Sample::of_durations(durations).median();
        let ratio = median / floor;
        Row::new(format!("nearest {HITS} of 100,000 x {DIMENSIONS}{what}"), format!("p50 {median:.2} ms"), ratio, "x")
            .against(format!("p50 {floor:.2} ms"), ratio)
    };
    let rate = ids.len() as f64 / seconds;
    Ok(vec![
        row("", &plain).goal(Bound::AtMost(1.2)).must(Bound::AtMost(1.2)),
        row(", one session", &session),
        row(", half of the time", &half),
        row(", with words", &hybrid),
        Row::new("vectors stored", format!("{rate:.0} a second"), rate, " a second"),
    ])
}

/// Sessions of prompts, a second apart; returns the ids of their messages.
fn write_transcripts(project: &std::path::Path) -> Result<Vec<String>> {
    std::fs::create_dir_all(project)?;
    for number in 0..SESSIONS {
        let session = format!("session-{number:03}");
        let mut lines = String::new();
        for line in 0..MESSAGES {
            let time = format!("2026-03-01T00:{:02}:{:02}.000Z", line / 60, line % 60);
            let message = serde_json::json!({ "role": "user", "content": format!("prompt {line} of {session}") });
            let uuid = format!("{number:08x}-0000-4000-8000-{line:012x}");
            let record = serde_json::json!({ "type": "user", "uuid": uuid, "timestamp": time, "message": message });
            lines.push_str(&record.to_string());
            lines.push('\n');
        }
        std::fs::write(project.join(format!("{session}.jsonl")), lines)?;
    }
    Ok((0..SESSIONS)
        .flat_map(|number| {
            let path = format!("projects/-home-kim-vectors/session-{number:03}.jsonl");
            let hash = bench_support::path_hash(&path);
            (1..=MESSAGES).map(move |line| format!("{hash:016x}:{line}:0"))
        })
        .collect())
}

/// Stores a vector for each message; returns the seconds that it took.
fn index(han: &Han, ids: &[String], random: &mut ChaCha8Rng) -> Result<f64> {
    let mut seconds = 0.0;
    for ids in ids.chunks(BATCH) {
        let vectors: Vec<Vec<f32>> = ids.iter().map(|_| vector(random)).collect();
        let place = |id: &String| VectorPlace { message_id: id.clone(), ..VectorPlace::default() };
        let items: Vec<VectorItem<'_>> =
            ids.iter().zip(&vectors).map(|(id, vector)| VectorItem { place: place(id), vector }).collect();
        let start = Instant::now();
        let report = han.vectors().index("bench", &items)?;
        seconds += start.elapsed().as_secs_f64();
        if report.vectors != ids.len() as i64 {
            return Err(format!("{} messages are unknown", report.unknown.len()).into());
        }
    }
    Ok(seconds)
}

fn vector(random: &mut ChaCha8Rng) -> Vec<f32> {
    (0..DIMENSIONS).map(|_| random.random_range(-1.0..1.0)).collect()
}
