//! How long does a full-text search take, 20 hits with snippets, over words of every frequency?

use std::path::Path;
use std::time::Instant;

use han_native::model::SearchQuery;
use rand::{Rng, SeedableRng};
use rusqlite::Connection;

use crate::Result;
use crate::context::{Context, open};
use crate::report::{Bound, Row};
use crate::statistics::Sample;

const QUERIES: usize = 200;
/// The most frequent words in queries are in this share of the messages.
const GREATEST_SHARE: f64 = 0.10;

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let indexed = context.indexed()?;
    let queries = queries(&indexed.database, context.seed)?;
    let han = open(&indexed.database, &context.config_dir)?;
    let (mut durations, mut hits) = (Vec::new(), 0);
    for query in &queries {
        let start = Instant::now();
        let page = han.search(&SearchQuery { query: query.clone(), first: Some(20), ..SearchQuery::default() })?;
        durations.push(start.elapsed());
        hits += usize::from(!page.items.is_empty());
    }
    han.close();
    let sample = Sample::of_durations(&durations);
    let found = format!("{hits} of {} queries found something", queries.len());
    let row = |share: f64, name: &str, bound: f64| {
        let value = sample.quantile(share);
        Row::new(format!("search, {name}"), format!("{value:.2} ms, {found}"), value, " ms").goal(Bound::AtMost(bound))
    };
    Ok(vec![row(0.5, "p50", 10.0), row(0.99, "p99", 50.0)])
}

/// Queries of one to three words, each word's document frequency drawn log-uniformly.
pub(crate) fn queries(database: &Path, seed: u64) -> Result<Vec<String>> {
    let words = words(database)?;
    let greatest = words.last().ok_or("the database has no words to search for")?.1;
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut word = || {
        let frequency = random.random_range(0.0..=(greatest as f64).ln()).exp().round() as i64;
        let first = words.partition_point(|word| word.1 < frequency);
        let end = words.partition_point(|word| word.1 <= frequency).max(first + 1).min(words.len());
        words[random.random_range(first..end)].0.clone()
    };
    let query = |number: usize| (0..=number % 3).map(|_| word()).collect::<Vec<_>>().join(" ");
    Ok((0..QUERIES).map(query).collect())
}

/// Plain words with the number of messages they are in, the rarest first.
fn words(database: &Path) -> Result<Vec<(String, i64)>> {
    let connection = Connection::open(database)?;
    connection.execute_batch("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, messages_fts, row)")?;
    let messages: i64 = connection.query_row("SELECT count(*) FROM messages", [], |row| row.get(0))?;
    let mut statement = connection.prepare(
        "SELECT term, doc FROM temp.words
         WHERE doc <= ?1 AND length(term) BETWEEN 3 AND 20 AND term NOT GLOB '*[^a-z]*' ORDER BY doc, term",
    )?;
    let words = statement.query_map([messages as f64 * GREATEST_SHARE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(words.collect::<rusqlite::Result<_>>()?)
}
