//! What tokens cost: a table of prices by model and date. Pure except for reading the file that overrides it; knows nothing about
//! databases.
//!
//! Costs are list prices of the API, at the speed, in the place and of the service tier that an answer names. Discounts of one's
//! own are not known here.

mod billing;
mod file;
mod names;
mod price;
mod rate;

use std::collections::HashMap;
use std::path::Path;

use crate::error::Result;
use crate::model::PriceList;
pub(crate) use billing::{Billing, Charge, Iteration};
pub(crate) use names::canonical;
pub(crate) use price::{Charged, Money, Spent};
pub(crate) use rate::{Rate, STANDARD};

use price::{FAST, Price};

/// The prices that come with the library.
const PUBLISHED: &str = include_str!("prices.json");

/// Prices by model.
#[derive(Debug)]
pub(crate) struct PriceTable {
    models: HashMap<String, Prices>,
    list: PriceList,
}

/// The prices of one model, ordered by the day from which each holds, in days since 1970-01-01.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Prices(Vec<(i64, Price)>);

impl Prices {
    /// The price on a day; before the first one, that; on no day, the last.
    fn on(&self, day: Option<i64>) -> Option<&Price> {
        let count = day.map_or(self.0.len(), |day| self.0.partition_point(|(from, _)| *from <= day));
        self.0.get(count.saturating_sub(1)).map(|(_, price)| price)
    }
}

/// The prices of a model under the name by which it was requested.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ModelPrices<'t> {
    prices: &'t Prices,
    /// Whether the name says that it answers in its fast mode.
    is_fast: bool,
}

impl ModelPrices<'_> {
    /// Whether they are the same on every day.
    pub(crate) fn is_constant(&self) -> bool {
        self.prices.0.len() == 1
    }

    /// What was charged costs on a day, at a rate; `None` if the list has no price for that.
    fn cost(&self, day: Option<i64>, charged: &Charged, rate: &Rate) -> Option<Money> {
        let price = self.prices.on(day)?;
        if self.is_fast { price.cost(charged, &rate.with_speed(FAST)) } else { price.cost(charged, rate) }
    }
}

/// What was charged costs on a day, at a rate, of a model with these prices, if it has any; `None` if no price is known.
pub(crate) fn cost_of(
    prices: Option<ModelPrices<'_>>,
    day: Option<i64>,
    charged: &Charged,
    rate: &Rate,
) -> Option<Money> {
    match prices {
        Some(prices) => prices.cost(day, charged, rate),
        // What is free needs no price.
        None => (rate.is_free() && charged.web_searches == 0).then(Money::default),
    }
}

impl PriceTable {
    /// The published prices, with those of a file in the place of the ones of the same model.
    ///
    /// # Errors
    /// `NOT_FOUND`, `IS_DIRECTORY`, `PERMISSION`, and `INVALID_ARGUMENT` for a file that holds no prices or a bad one.
    pub(crate) fn load(own: Option<&Path>) -> Result<PriceTable> {
        let published = file::parse(PUBLISHED, Path::new("prices.json"), 0)?;
        let list = PriceList { source: published.source.unwrap_or_default(), date: published.date, own_file: None };
        let mut table = PriceTable { models: published.models, list };
        if let Some(path) = own {
            let own = file::read(path, published.web_search)?;
            table.models.extend(own.models);
            table.list.own_file = Some(path.display().to_string());
        }
        Ok(table)
    }

    /// The prices of a model; `None` if it is unknown. A name is looked up as it is first, then as other lists and providers
    /// write it. A model is never taken for another one that is called alike.
    pub(crate) fn of(&self, model: &str) -> Option<ModelPrices<'_>> {
        let prices_of = |name: &str, is_fast| self.models.get(name).map(|prices| ModelPrices { prices, is_fast });
        let spelled = || {
            let spellings = names::spellings(model);
            spellings.iter().find_map(|spelling| prices_of(&spelling.name, spelling.is_fast))
        };
        prices_of(model, false).or_else(spelled)
    }

    /// What a charge costs; `None` if no price of it is known.
    pub(crate) fn cost(&self, charge: &Charge, day: Option<i64>) -> Option<Money> {
        let prices = charge.model.as_deref().and_then(|model| self.of(model));
        cost_of(prices, day, &charge.charged, &charge.rate)
    }

    /// The days, in order, on which the price of any model changes.
    pub(crate) fn days_of_change(&self) -> Vec<i64> {
        let days = self.models.values().flat_map(|prices| prices.0.iter().skip(1).map(|(from, _)| *from));
        days.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// Where the prices are from.
    pub(crate) fn list(&self) -> &PriceList {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millions(spent: Spent, web_searches: i64) -> Charged {
        Charged { by_length: [spent, Spent::default(), Spent::default()], web_searches }
    }

    fn dollars(table: &PriceTable, model: &str, date: Option<&str>, charged: &Charged, rate: &Rate) -> Option<f64> {
        table.of(model)?.cost(date.and_then(day), charged, rate).map(Money::dollars)
    }

    fn day(text: &str) -> Option<i64> {
        file::day(text)
    }

    #[test]
    fn the_published_prices_are_those_of_the_list() {
        let table = PriceTable::load(None).unwrap();
        let million = millions(Spent { input: 1_000_000, ..Spent::default() }, 0);
        for (model, expected) in [
            ("claude-opus-4-1-20250805", Some(15.0)),
            ("claude-opus-4-5-20251101", Some(5.0)),
            ("claude-3-5-haiku-20241022", Some(0.8)),
            ("us.anthropic.claude-sonnet-4-20250514-v1:0", Some(3.0)),
            ("claude-sonnet-4-5[1m]", Some(3.0)),
            ("claude-opus-4.1", Some(15.0)),
            ("claude-4.5-sonnet", Some(3.0)),
            ("claude-sonnet-3.7-thinking", Some(3.0)),
            ("openrouter/anthropic/claude-4.1-opus", Some(15.0)),
            ("claude-opus-4-6-fast", Some(30.0)),
            ("claude-opus-4-5-fast", None),
            ("claude-opus-9", None),
            ("claude-opus-4-10", None),
            ("claude-opus-4-1-mini", None),
        ] {
            let found = dollars(&table, model, Some("2026-01-01"), &million, &Rate::default());
            assert_eq!(found, expected, "{model}");
        }
        assert!(table.list().source.contains("list prices"));
        assert!(table.models.values().all(|prices| !prices.0.is_empty()));
    }

    #[test]
    fn what_an_answer_says_of_its_price_multiplies_it() {
        let table = PriceTable::load(None).unwrap();
        let spent = Spent { input: 1_000_000, output: 1_000_000, cache_read: 1_000_000, ..Spent::default() };
        let charged = millions(spent, 3);
        let cost = |model: &str, speed: &str, geo: &str, tier: &str| {
            let rate = Rate::of(Some(speed), Some(geo), Some(tier), false);
            dollars(&table, model, None, &charged, &rate)
        };
        for (model, speed, geo, tier, expected) in [
            ("claude-opus-4-6", "", "", "", Some(30.5 + 0.03)),
            ("claude-opus-4-6", "fast", "", "", Some(183.0 + 0.03)),
            ("claude-opus-4-7", "fast", "us", "", Some(201.3 + 0.03)),
            ("claude-opus-4-8", "fast", "", "", Some(61.0 + 0.03)),
            ("claude-opus-5", "", "us", "batch", Some(16.775 + 0.03)),
            ("claude-opus-4-5", "", "us", "", Some(30.5 + 0.03)),
            ("claude-opus-4-5", "fast", "", "", None),
            ("claude-opus-5", "", "mars", "", None),
            ("claude-opus-5", "", "", "priority", None),
            ("claude-opus-5", "slow", "", "", None),
        ] {
            assert_eq!(cost(model, speed, geo, tier), expected, "{model} {speed} {geo} {tier}");
        }
        let refused = Rate::of(Some("slow"), None, None, true);
        assert_eq!(dollars(&table, "claude-opus-5", None, &charged, &refused), Some(0.03), "only what was searched");
    }

    #[test]
    fn a_price_holds_from_its_day_on() {
        let table = PriceTable::load(None).unwrap();
        let read = millions(Spent { cache_read: 10_000_000, ..Spent::default() }, 0);
        let on = |date: Option<&str>| dollars(&table, "claude-sonnet-5-5", date, &read, &Rate::default());
        assert_eq!(on(Some("2026-10-06")), Some(2.0));
        assert_eq!(on(Some("2026-10-07")), Some(1.0));
        assert_eq!(on(None), Some(1.0), "what has no time is priced as of the last day");
        let is_constant = |model: &str| table.of(model).unwrap().is_constant();
        assert!(!is_constant("claude-sonnet-5-5") && is_constant("claude-opus-4-1"));
    }

    #[test]
    fn a_file_overrides_the_models_that_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prices.json");
        let of = |json: &str| {
            std::fs::write(&path, json).unwrap();
            PriceTable::load(Some(&path))
        };
        let million = millions(Spent { input: 1_000_000, ..Spent::default() }, 0);
        let entry = r#"{"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}"#;
        for json in [
            format!(r#"{{"claude-opus-4-1": {entry}, "house-model": {entry}, "prefix/image": {{"mode": "image"}}}}"#),
            format!(r#"{{"prices": {{"claude-opus-4-1": [{entry}], "house-model": {entry}}}}}"#),
        ] {
            let table = of(&json).unwrap();
            let input = |model: &str| dollars(&table, model, None, &million, &Rate::default()).unwrap();
            assert_eq!((input("claude-opus-4-1"), input("house-model"), input("claude-opus-4")), (1.0, 1.0, 15.0));
            assert_eq!(table.list().own_file.as_deref(), path.to_str());
        }
        for bad in [
            "[]",
            "{",
            "{}",
            r#"{"m": {"input_cost_per_token": -1, "output_cost_per_token": 1}}"#,
            r#"{"m": {"input_cost_per_token": 5, "output_cost_per_token": "x"}}"#,
            r#"{"m": [{"effective_from": "soon", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}]}"#,
            r#"{"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6,
                "provider_specific_entry": {"fast": -2}}}"#,
            r#"{"web_search_cost_per_request": "x", "prices": {}}"#,
        ] {
            let error = of(bad).unwrap_err();
            assert_eq!(error.code().as_str(), "HAN_INVALID_ARGUMENT", "{bad}: {error}");
            assert!(error.to_string().contains("prices.json"), "{error}");
        }
        assert_eq!(PriceTable::load(Some(Path::new("/nowhere/prices"))).unwrap_err().code().as_str(), "HAN_NOT_FOUND");
    }

    #[test]
    fn a_file_prices_service_tiers_and_searches() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prices.json");
        let json = r#"{"m": {"input_cost_per_token": 2e-6, "output_cost_per_token": 4e-6, "cache_read_input_token_cost": 1e-6,
            "input_cost_per_token_priority": 6e-6, "output_cost_per_token_priority": 9e-6,
            "input_cost_per_token_batches": 1e-6, "output_cost_per_token_batches": 2e-6,
            "provider_specific_entry": {"us": 2, "note": "text"},
            "search_context_cost_per_query": {"search_context_size_medium": 0.5}}}"#;
        std::fs::write(&path, json).unwrap();
        let table = PriceTable::load(Some(&path)).unwrap();
        let charged =
            millions(Spent { input: 1_000_000, output: 1_000_000, cache_read: 1_000_000, ..Spent::default() }, 2);
        for (tier, geo, expected) in [
            ("standard", "", Some(7.0 + 1.0)),
            ("priority", "", Some(6.0 + 9.0 + 3.0 + 1.0)),
            ("batch", "us", Some(2.0 * (1.0 + 2.0 + 0.5) + 1.0)),
            ("flex", "", None),
        ] {
            let rate = Rate::of(None, Some(geo), Some(tier), false);
            assert_eq!(dollars(&table, "m", None, &charged, &rate), expected, "{tier} {geo}");
        }
    }
}
