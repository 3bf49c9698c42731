//! Reading a list of prices: JSON with the field names of the public LiteLLM list.
//!
//! `{"source": ..., "date": ..., "prices": {MODEL: ENTRY}}`, or, as that list is, `{MODEL: ENTRY}`. An entry is an object, or
//! a list of objects that each hold from their `effective_from` (a date) on. Prices are US dollars per token. An entry that does
//! not say what input and output cost is not a price: lists also name models for images and sound.
//!
//! What sets a price apart: `provider_specific_entry` has factors by the name of a mode (`fast`), of a place (`us`) or of a service
//! tier (`batch`); fields that end in `_batches`, `_flex` or `_priority` have the prices of these tiers themselves. A web search
//! costs `search_context_cost_per_query`, else `web_search_cost_per_request` of the list, else what the published list says.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::Prices;
use super::price::{Factor, Price, Rates, TIERS};
use crate::error::{Error, Result};

/// What a file holds.
#[derive(Debug)]
pub(super) struct List {
    pub(super) source: Option<String>,
    pub(super) date: Option<String>,
    pub(super) models: HashMap<String, Prices>,
    /// Picodollars for each web search.
    pub(super) web_search: i64,
}

/// What the fields of tiers end in, in the order of [`TIERS`].
const TIER_SUFFIXES: [&str; 3] = ["_batches", "_flex", "_priority"];

/// The public list has about 2 MB.
const MOST_BYTES: u64 = 64 << 20;

pub(super) fn read(path: &Path, web_search: i64) -> Result<List> {
    let named = |error| Error::io(path, error);
    let metadata = std::fs::metadata(path).map_err(named)?;
    if metadata.is_dir() {
        return Err(Error::IsDirectory { path: path.into() });
    }
    if metadata.len() > MOST_BYTES {
        return Err(bad(path, "is too large to be a list of prices"));
    }
    parse(&std::fs::read_to_string(path).map_err(named)?, path, web_search)
}

fn bad(path: &Path, reason: &str) -> Error {
    Error::invalid("priceFile", format!("{}: {reason}", path.display()))
}

/// Parses a list; `path` names it in errors. A web search costs `web_search`, if the list does not say.
pub(super) fn parse(text: &str, path: &Path, web_search: i64) -> Result<List> {
    let value: Value = serde_json::from_str(text).map_err(|error| bad(path, &format!("is not JSON: {error}")))?;
    let Value::Object(mut fields) = value else { return Err(bad(path, "is not a JSON object of models")) };
    let text_of = |field: Option<&Value>| field.and_then(Value::as_str).map(str::to_owned);
    let (source, date) = (text_of(fields.get("source")), text_of(fields.get("date")));
    let web_search =
        rate(&fields, "web_search_cost_per_request").map_err(|reason| bad(path, &reason))?.unwrap_or(web_search);
    let entries = match fields.remove("prices") {
        Some(Value::Object(entries)) => entries,
        _ => fields,
    };
    let mut models = HashMap::new();
    for (model, entry) in entries {
        let prices = prices(&entry, web_search).map_err(|reason| bad(path, &format!("{model}: {reason}")))?;
        if let Some(prices) = prices {
            models.insert(model, prices);
        }
    }
    if models.is_empty() {
        return Err(bad(path, "names no model with input_cost_per_token and output_cost_per_token"));
    }
    Ok(List { source, date, models, web_search })
}

fn prices(entry: &Value, web_search: i64) -> Result<Option<Prices>, String> {
    let entries = match entry {
        Value::Array(entries) => entries.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut prices = Vec::new();
    for entry in entries.iter().filter_map(Value::as_object) {
        let from = match entry.get("effective_from").map(|value| value.as_str().and_then(day)) {
            None => i64::MIN,
            Some(Some(day)) => day,
            Some(None) => return Err("effective_from is not a date such as 2026-01-31".into()),
        };
        if let Some(price) = price(entry, web_search)? {
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

fn price(entry: &Map<String, Value>, web_search: i64) -> Result<Option<Price>, String> {
    let Some(by_length) = by_length(entry, "")? else { return Ok(None) };
    let mut tiers = Vec::new();
    for (tier, suffix) in TIERS.into_iter().zip(TIER_SUFFIXES) {
        if let Some(rates) = tier_rates(entry, suffix, &by_length)? {
            tiers.push((tier.to_owned(), rates));
        }
    }
    let web_search = search_rate(entry)?.unwrap_or(web_search);
    Ok(Some(Price { by_length, factors: factors(entry)?, tiers, web_search }))
}

/// The rates of the fields that end in `suffix`; `None` if the list does not say what input and output cost.
fn by_length(entry: &Map<String, Value>, suffix: &str) -> Result<Option<[Rates; 3]>, String> {
    let of = |name: &str| rate(entry, &format!("{name}{suffix}"));
    let (Some(input), Some(output)) = (of("input_cost_per_token")?, of("output_cost_per_token")?) else {
        return Ok(None);
    };
    // A cache that the list does not mention is charged as input.
    let cache_write_5m = of("cache_creation_input_token_cost")?.unwrap_or(input);
    let short = Rates {
        input,
        output,
        cache_read: of("cache_read_input_token_cost")?.unwrap_or(input),
        cache_write_5m,
        cache_write_1h: of("cache_creation_input_token_cost_above_1hr")?.unwrap_or(cache_write_5m),
    };
    let long = above(entry, &format!("_above_100k_tokens{suffix}"), short)?;
    let very_long = above(entry, &format!("_above_200k_tokens{suffix}"), long)?;
    Ok(Some([short, long, very_long]))
}

/// The rates of a tier. Of the caches, lists mostly say nothing: they cost less, or more, as input does.
fn tier_rates(entry: &Map<String, Value>, suffix: &str, standard: &[Rates; 3]) -> Result<Option<[Rates; 3]>, String> {
    let Some(mut rates) = by_length(entry, suffix)? else { return Ok(None) };
    let says = |name: &str| entry.get(&format!("{name}{suffix}")).is_some_and(Value::is_number);
    for (rates, standard) in rates.iter_mut().zip(standard) {
        let ratio = rates.input as f64 / standard.input.max(1) as f64;
        let scaled = Factor::new(ratio).map_or(*standard, |factor| standard.times(factor));
        if !says("cache_read_input_token_cost") {
            rates.cache_read = scaled.cache_read;
        }
        if !says("cache_creation_input_token_cost") {
            rates.cache_write_5m = scaled.cache_write_5m;
            rates.cache_write_1h = scaled.cache_write_1h;
        }
    }
    Ok(Some(rates))
}

/// The rates above a length of the prompt, of the fields that end in `suffix`; what is not named costs what it does below.
fn above(entry: &Map<String, Value>, suffix: &str, below: Rates) -> Result<Rates, String> {
    let rate = |name: &str, below: i64| Ok::<i64, String>(rate(entry, &format!("{name}{suffix}"))?.unwrap_or(below));
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

/// What prices are multiplied by. What is not a usable number says nothing: lists keep other things there, too.
fn factors(entry: &Map<String, Value>) -> Result<Vec<(String, Factor)>, String> {
    let Some(Value::Object(named)) = entry.get("provider_specific_entry") else { return Ok(Vec::new()) };
    let mut factors = Vec::new();
    for (name, value) in named {
        let Some(number) = value.as_f64() else { continue };
        let Some(factor) = Factor::new(number) else { return Err(format!("{name} is not a factor: {value}")) };
        factors.push((name.to_ascii_lowercase(), factor));
    }
    Ok(factors)
}

/// What a web search costs; of the sizes that lists distinguish, the middle one.
fn search_rate(entry: &Map<String, Value>) -> Result<Option<i64>, String> {
    match entry.get("search_context_cost_per_query") {
        Some(Value::Object(sizes)) => rate(sizes, "search_context_size_medium"),
        _ => Ok(None),
    }
}

/// Dollars as picodollars; `None` if the list does not say it.
fn rate(entry: &Map<String, Value>, name: &str) -> Result<Option<i64>, String> {
    match entry.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64() {
            Some(dollars) if (0.0..=1.0).contains(&dollars) => Ok(Some((dollars * 1e12).round() as i64)),
            _ => Err(format!("{name} is not a price in US dollars: {value}")),
        },
    }
}
