//! What sums cost: each row of them at its model's price of its day. Nothing of it is stored.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, OptionalExtension};

use super::cells::Cell;
use super::days::Days;
use crate::cost::{Charged, ModelPrices, Money, PriceTable, Rate, Spent, cost_of};
use crate::model::TokenUsage;
use crate::store::Failure;
use crate::store::rates;
use crate::store::rollups::Sums;

/// Finds the prices of the models of one answer.
pub(crate) struct Pricing<'c> {
    connection: &'c Connection,
    table: &'c PriceTable,
    models: HashMap<i64, Model<'c>>,
}

/// What sums are stored under: a model, and the rate at which it was charged.
pub(super) struct Model<'c> {
    pub(super) name: Option<String>,
    pub(super) rate: Rate,
    prices: Option<ModelPrices<'c>>,
}

impl Model<'_> {
    /// Whether the list knows the model, if not at each rate.
    pub(super) fn is_known(&self) -> bool {
        self.prices.is_some()
    }
}

/// What something cost, and how much of it has no price.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bill {
    pub(crate) cost: Money,
    pub(crate) unpriced_api_messages: i64,
    pub(crate) unpriced_iterations: i64,
}

impl Bill {
    pub(crate) fn add(&mut self, other: Bill) {
        self.cost += other.cost;
        self.unpriced_api_messages += other.unpriced_api_messages;
        self.unpriced_iterations += other.unpriced_iterations;
    }

    /// Whether all of it has a price.
    pub(crate) fn is_whole(&self) -> bool {
        self.unpriced_api_messages == 0 && self.unpriced_iterations == 0
    }
}

impl<'c> Pricing<'c> {
    pub(crate) fn new(connection: &'c Connection, table: &'c PriceTable) -> Pricing<'c> {
        Pricing { connection, table, models: HashMap::new() }
    }

    /// The days on which a price changes: no row of sums may reach over one.
    pub(super) fn days_of_change(&self) -> Vec<i64> {
        self.table.days_of_change()
    }

    /// What a row of sums costs.
    pub(super) fn bill(&mut self, cell: &Cell<'_>, days: &Days) -> Result<Bill, Failure> {
        self.bill_on(cell.model_id, cell.sums, || days.day(cell.scope, cell.bucket))
    }

    /// What sums of a model cost on a day. The day is requested only where the price changes.
    pub(crate) fn bill_on(
        &mut self,
        model_id: i64,
        sums: &Sums,
        day: impl FnOnce() -> Option<i64>,
    ) -> Result<Bill, Failure> {
        if !is_charged(sums) {
            return Ok(Bill::default());
        }
        let Model { rate, prices, .. } = self.model(model_id)?;
        let day = if prices.is_none_or(|prices| prices.is_constant()) { None } else { day() };
        Ok(match cost_of(*prices, day, &charged(sums), rate) {
            Some(cost) => Bill { cost, ..Bill::default() },
            None => Bill {
                unpriced_api_messages: sums.api_messages,
                unpriced_iterations: sums.iterations,
                ..Bill::default()
            },
        })
    }

    /// The model and the rate that sums are stored under.
    pub(super) fn model(&mut self, id: i64) -> Result<&Model<'c>, Failure> {
        match self.models.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let mut statement = self.connection.prepare_cached(rates::NAMES)?;
                let found: Option<(Option<String>, Option<String>)> =
                    statement.query_row([format!("[{id}]")], |row| Ok((row.get(1)?, row.get(2)?))).optional()?;
                let (name, rate) = found.unwrap_or_default();
                let prices = name.as_deref().and_then(|name| self.table.of(name));
                Ok(place.insert(Model { name, rate: Rate::parse(&rate.unwrap_or_default()), prices }))
            }
        }
    }
}

/// Whether anything in them is charged.
pub(super) fn is_charged(sums: &Sums) -> bool {
    sums.api_messages != 0 || sums.iterations != 0
}

/// The tokens of requests of each length, and the searches.
fn charged(sums: &Sums) -> Charged {
    let above_100k = Spent {
        input: sums.input_tokens_above_100k,
        output: sums.output_tokens_above_100k,
        cache_read: sums.cache_read_tokens_above_100k,
        cache_write_5m: sums.cache_creation_5m_tokens_above_100k,
        cache_write_1h: sums.cache_creation_1h_tokens_above_100k,
    };
    let above_200k = Spent {
        input: sums.input_tokens_above_200k,
        output: sums.output_tokens_above_200k,
        cache_read: sums.cache_read_tokens_above_200k,
        cache_write_5m: sums.cache_creation_5m_tokens_above_200k,
        cache_write_1h: sums.cache_creation_1h_tokens_above_200k,
    };
    let all = Spent::of(&tokens(sums));
    let by_length = [all.without(&above_100k), above_100k.without(&above_200k), above_200k];
    Charged { by_length, web_searches: sums.web_searches }
}

/// The tokens as they are shown.
pub(crate) fn tokens(sums: &Sums) -> TokenUsage {
    TokenUsage {
        input_tokens: sums.input_tokens,
        output_tokens: sums.output_tokens,
        cache_read_tokens: sums.cache_read_tokens,
        cache_creation_tokens: sums.cache_creation_tokens,
        cache_creation5m_tokens: sums.cache_creation_5m_tokens,
        cache_creation1h_tokens: sums.cache_creation_1h_tokens,
    }
}

/// How many tokens these are, of all kinds.
pub(super) fn total(sums: &Sums) -> i64 {
    sums.input_tokens + sums.output_tokens + sums.cache_read_tokens + sums.cache_creation_tokens
}
