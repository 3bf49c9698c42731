//! What sums cost: each row of them at its model's price of its day. Nothing of it is stored.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::cells::Cell;
use super::days::Days;
use crate::cost::{Money, PriceTable, Prices, Spent};
use crate::model::TokenUsage;
use crate::store::Failure;
use crate::store::rollups::Sums;

/// Finds the prices of the models of one answer.
pub(super) struct Pricing<'c> {
    connection: &'c Connection,
    table: &'c PriceTable,
    models: HashMap<i64, Model<'c>>,
}

struct Model<'c> {
    name: Option<String>,
    prices: Option<&'c Prices>,
}

/// What something cost, and how much of it has no price.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bill {
    pub(super) cost: Money,
    pub(super) unpriced_api_messages: i64,
}

impl Bill {
    pub(super) fn add(&mut self, other: Bill) {
        self.cost += other.cost;
        self.unpriced_api_messages += other.unpriced_api_messages;
    }
}

impl<'c> Pricing<'c> {
    pub(super) fn new(connection: &'c Connection, table: &'c PriceTable) -> Pricing<'c> {
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

    /// What sums of a model cost on a day. The day is asked for only where the price changes.
    pub(super) fn bill_on(
        &mut self,
        model_id: i64,
        sums: &Sums,
        day: impl FnOnce() -> Option<i64>,
    ) -> Result<Bill, Failure> {
        if sums.api_messages == 0 {
            return Ok(Bill::default());
        }
        let Some(prices) = self.model(model_id)?.prices else {
            return Ok(Bill { unpriced_api_messages: sums.api_messages, ..Bill::default() });
        };
        let day = if prices.is_constant() { None } else { day() };
        let cost = prices.on(day).map(|price| price.cost(&spent(sums))).unwrap_or_default();
        Ok(Bill { cost, unpriced_api_messages: 0 })
    }

    /// The name of a model.
    pub(super) fn name(&mut self, model_id: i64) -> Result<Option<String>, Failure> {
        Ok(self.model(model_id)?.name.clone())
    }

    fn model(&mut self, id: i64) -> Result<&Model<'c>, Failure> {
        if !self.models.contains_key(&id) {
            let mut statement = self.connection.prepare_cached("SELECT value FROM strings WHERE id = ?1")?;
            let name: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
            let prices = name.as_deref().and_then(|name| self.table.of(name));
            self.models.insert(id, Model { name, prices });
        }
        Ok(&self.models[&id])
    }
}

/// The tokens of requests of each length.
fn spent(sums: &Sums) -> [Spent; 3] {
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
    let all = Spent {
        input: sums.input_tokens,
        output: sums.output_tokens,
        cache_read: sums.cache_read_tokens,
        cache_write_5m: sums.cache_creation_5m_tokens,
        cache_write_1h: sums.cache_creation_1h_tokens,
    };
    [all.without(&above_100k), above_100k.without(&above_200k), above_200k]
}

/// The tokens as they are shown.
pub(super) fn tokens(sums: &Sums) -> TokenUsage {
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
