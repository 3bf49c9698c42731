//! What tokens cost: a table of prices by model and date. Pure but for reading the file that overrides it; knows nothing of
//! databases.
//!
//! Costs are list prices of the API at its standard speed. Discounts, batches and searches of the web are not known here.

mod file;
mod names;
mod price;

use std::collections::HashMap;
use std::path::Path;

use crate::error::Result;
use crate::model::PriceList;
pub(crate) use price::{Money, Price, Spent};

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
    pub(crate) fn on(&self, day: Option<i64>) -> Option<&Price> {
        let count = day.map_or(self.0.len(), |day| self.0.partition_point(|(from, _)| *from <= day));
        self.0.get(count.saturating_sub(1)).map(|(_, price)| price)
    }

    /// Whether it is the same on every day.
    pub(crate) fn is_constant(&self) -> bool {
        self.0.len() == 1
    }
}

impl PriceTable {
    /// The published prices, with those of a file in the place of the ones of the same model.
    ///
    /// # Errors
    /// `NOT_FOUND`, `IS_DIRECTORY`, `PERMISSION`, and `INVALID_ARGUMENT` for a file that holds no prices or a bad one.
    pub(crate) fn load(own: Option<&Path>) -> Result<PriceTable> {
        let published = file::parse(PUBLISHED, Path::new("prices.json"))?;
        let list = PriceList { source: published.source.unwrap_or_default(), date: published.date, own_file: None };
        let mut table = PriceTable { models: published.models, list };
        if let Some(path) = own {
            let own = file::read(path)?;
            table.models.extend(own.models);
            table.list.own_file = Some(path.display().to_string());
        }
        Ok(table)
    }

    /// The prices of a model; nothing where it is unknown. A name is looked up as it is first, then without what providers
    /// put around it. A model is never taken for another one that is called alike.
    pub(crate) fn of(&self, model: &str) -> Option<&Prices> {
        self.models.get(model).or_else(|| names::variants(model).iter().find_map(|name| self.models.get(name)))
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

    fn day(text: &str) -> Option<i64> {
        file::day(text)
    }

    #[test]
    fn the_published_prices_are_those_of_the_list() {
        let table = PriceTable::load(None).unwrap();
        let million = Spent { input: 1_000_000, ..Spent::default() };
        let dollars = |model: &str, date: &str| {
            table.of(model).map(|prices| {
                prices.on(day(date)).unwrap().cost(&[million, Spent::default(), Spent::default()]).dollars()
            })
        };
        for (model, expected) in [
            ("claude-opus-4-1-20250805", Some(15.0)),
            ("claude-opus-4-5-20251101", Some(5.0)),
            ("claude-3-5-haiku-20241022", Some(0.8)),
            ("us.anthropic.claude-sonnet-4-20250514-v1:0", Some(3.0)),
            ("claude-sonnet-4-5[1m]", Some(3.0)),
            ("claude-opus-9", None),
            ("claude-opus-4-10", None),
        ] {
            assert_eq!(dollars(model, "2026-01-01"), expected, "{model}");
        }
        assert!(table.list().source.contains("list prices"));
        assert!(table.models.values().all(|prices| !prices.0.is_empty()));
    }

    #[test]
    fn a_price_holds_from_its_day_on() {
        let table = PriceTable::load(None).unwrap();
        let prices = table.of("claude-sonnet-5-5").unwrap();
        let read = Spent { cache_read: 10_000_000, ..Spent::default() };
        let dollars =
            |day: Option<i64>| prices.on(day).unwrap().cost(&[read, Spent::default(), Spent::default()]).dollars();
        assert_eq!(dollars(day("2026-10-06")), 2.0);
        assert_eq!(dollars(day("2026-10-07")), 1.0);
        assert_eq!(dollars(None), 1.0, "what has no time is priced as of the last day");
        assert!(!prices.is_constant() && table.of("claude-opus-4-1").unwrap().is_constant());
    }

    #[test]
    fn a_file_overrides_the_models_that_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prices.json");
        let of = |json: &str| {
            std::fs::write(&path, json).unwrap();
            PriceTable::load(Some(&path))
        };
        let entry = r#"{"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}"#;
        for json in [
            format!(r#"{{"claude-opus-4-1": {entry}, "house-model": {entry}, "prefix/image": {{"mode": "image"}}}}"#),
            format!(r#"{{"prices": {{"claude-opus-4-1": [{entry}], "house-model": {entry}}}}}"#),
        ] {
            let table = of(&json).unwrap();
            let input = |model: &str| {
                let million = Spent { input: 1_000_000, ..Spent::default() };
                table
                    .of(model)
                    .unwrap()
                    .on(None)
                    .unwrap()
                    .cost(&[million, Spent::default(), Spent::default()])
                    .dollars()
            };
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
        ] {
            let error = of(bad).unwrap_err();
            assert_eq!(error.code().as_str(), "HAN_INVALID_ARGUMENT", "{bad}: {error}");
            assert!(error.to_string().contains("prices.json"), "{error}");
        }
        assert_eq!(PriceTable::load(Some(Path::new("/nowhere/prices"))).unwrap_err().code().as_str(), "HAN_NOT_FOUND");
    }
}
