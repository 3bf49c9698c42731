//! Reading a list of prices: JSON with the field names of the public LiteLLM list.
//!
//! `{"source": ..., "date": ..., "prices": {MODEL: ENTRY}}`, or, as that list is, `{MODEL: ENTRY}`. An entry is an object, or
//! a list of such that each hold from their `effective_from` (a date) on. Prices are US dollars per token. An entry that does
//! not say what input and output cost is none: lists name models of images and sound, too.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::Prices;
use super::price::{Price, Rates};
use crate::error::{Error, Result};

/// What a file holds.
#[derive(Debug)]
pub(super) struct List {
    pub(super) source: Option<String>,
    pub(super) date: Option<String>,
    pub(super) models: HashMap<String, Prices>,
}

/// The public list has about 2 MB.
const MOST_BYTES: u64 = 64 << 20;

pub(super) fn read(path: &Path) -> Result<List> {
    let named = |error| Error::io(path, error);
    let metadata = std::fs::metadata(path).map_err(named)?;
    if metadata.is_dir() {
        return Err(Error::IsDirectory { path: path.into() });
    }
    if metadata.len() > MOST_BYTES {
        return Err(bad(path, "is too large to be a list of prices"));
    }
    parse(&std::fs::read_to_string(path).map_err(named)?, path)
}

fn bad(path: &Path, reason: &str) -> Error {
    Error::invalid("priceFile", format!("{}: {reason}", path.display()))
}

/// Parses a list; `path` names it in errors.
pub(super) fn parse(text: &str, path: &Path) -> Result<List> {
    let value: Value = serde_json::from_str(text).map_err(|error| bad(path, &format!("is no JSON: {error}")))?;
    let Value::Object(mut fields) = value else { return Err(bad(path, "is no JSON object of models")) };
    let text_of = |field: Option<&Value>| field.and_then(Value::as_str).map(str::to_owned);
    let (source, date) = (text_of(fields.get("source")), text_of(fields.get("date")));
    let entries = match fields.remove("prices") {
        Some(Value::Object(entries)) => entries,
        _ => fields,
    };
    let mut models = HashMap::new();
    for (model, entry) in entries {
        let prices = prices(&entry).map_err(|reason| bad(path, &format!("{model}: {reason}")))?;
        if let Some(prices) = prices {
            models.insert(model, prices);
        }
    }
    if models.is_empty() {
        return Err(bad(path, "names no model with input_cost_per_token and output_cost_per_token"));
    }
    Ok(List { source, date, models })
}

fn prices(entry: &Value) -> Result<Option<Prices>, String> {
    let entries = match entry {
        Value::Array(entries) => entries.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut prices = Vec::new();
    for entry in entries.iter().filter_map(Value::as_object) {
        let from = match entry.get("effective_from").map(|value| value.as_str().and_then(day)) {
            None => i64::MIN,
            Some(Some(day)) => day,
            Some(None) => return Err("effective_from is no date such as 2026-01-31".into()),
        };
        if let Some(price) = price(entry)? {
            prices.push((from, price));
        }
    }
    prices.sort_by_key(|(from, _)| *from);
    Ok((!prices.is_empty()).then_some(Prices(prices)))
}

/// Days since 1970-01-01.
pub(super) fn day(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == 10)?;
    let days = date.since(jiff::civil::date(1970, 1, 1)).ok()?.get_days();
    Some(i64::from(days))
}

fn price(entry: &Map<String, Value>) -> Result<Option<Price>, String> {
    let (Some(input), Some(output)) = (rate(entry, "input_cost_per_token")?, rate(entry, "output_cost_per_token")?)
    else {
        return Ok(None);
    };
    // A cache that the list does not tell of is charged as input.
    let cache_write_5m = rate(entry, "cache_creation_input_token_cost")?.unwrap_or(input);
    let short = Rates {
        input,
        output,
        cache_read: rate(entry, "cache_read_input_token_cost")?.unwrap_or(input),
        cache_write_5m,
        cache_write_1h: rate(entry, "cache_creation_input_token_cost_above_1hr")?.unwrap_or(cache_write_5m),
    };
    let long = above(entry, "100k", short)?;
    let very_long = above(entry, "200k", long)?;
    Ok(Some(Price { by_length: [short, long, very_long] }))
}

/// The rates above a length of the prompt; what is not named costs what it does below.
fn above(entry: &Map<String, Value>, length: &str, below: Rates) -> Result<Rates, String> {
    let rate = |name: &str, below: i64| {
        Ok::<i64, String>(rate(entry, &format!("{name}_above_{length}_tokens"))?.unwrap_or(below))
    };
    let cache_write_5m = rate("cache_creation_input_token_cost", below.cache_write_5m)?;
    Ok(Rates {
        input: rate("input_cost_per_token", below.input)?,
        output: rate("output_cost_per_token", below.output)?,
        cache_read: rate("cache_read_input_token_cost", below.cache_read)?,
        cache_write_5m,
        // Lists that name the one only: an hour costs no less than five minutes.
        cache_write_1h: rate("cache_creation_input_token_cost_above_1hr", below.cache_write_1h.max(cache_write_5m))?,
    })
}

/// Dollars per token as picodollars; nothing where the list does not say it.
fn rate(entry: &Map<String, Value>, name: &str) -> Result<Option<i64>, String> {
    match entry.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64() {
            Some(dollars) if (0.0..=1.0).contains(&dollars) => Ok(Some((dollars * 1e12).round() as i64)),
            _ => Err(format!("{name} is no price in US dollars per token: {value}")),
        },
    }
}
