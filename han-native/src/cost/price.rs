//! The price of one model at one time, and what tokens cost at it. Exact: money is a whole number of picodollars.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

use super::rate::Rate;

/// Picodollars: millionths of a millionth of a US dollar. Prices are whole numbers of them, so that no order of summing up
/// changes a cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Money(i128);

impl Money {
    const IN_A_DOLLAR: f64 = 1e12;

    /// As it is kept.
    pub(crate) fn picodollars(self) -> i128 {
        self.0
    }

    /// As it was kept.
    pub(crate) fn of_picodollars(picodollars: i64) -> Money {
        Money(i128::from(picodollars))
    }

    /// As a number to order by, which is smaller; up to nine million dollars it is exact.
    pub(crate) fn ordering(self) -> i64 {
        i64::try_from(self.0).unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX })
    }

    /// In US dollars.
    pub(crate) fn dollars(self) -> f64 {
        self.0 as f64 / Money::IN_A_DOLLAR
    }
}

impl Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Money;

    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(items: I) -> Money {
        items.fold(Money::default(), Add::add)
    }
}

/// Tokens by what they are charged as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Spent {
    pub input: i64,
    pub output: i64,
    pub cache_read: i64,
    pub cache_write_5m: i64,
    pub cache_write_1h: i64,
}

impl Spent {
    /// Those that are not among these.
    pub(crate) fn without(&self, other: &Spent) -> Spent {
        Spent {
            input: self.input - other.input,
            output: self.output - other.output,
            cache_read: self.cache_read - other.cache_read,
            cache_write_5m: self.cache_write_5m - other.cache_write_5m,
            cache_write_1h: self.cache_write_1h - other.cache_write_1h,
        }
    }
}

/// What one price applies to: the tokens of short, of long and of very long requests, and web searches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Charged {
    pub by_length: [Spent; 3],
    pub web_searches: i64,
}

/// Picodollars per token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rates {
    pub(super) input: i64,
    pub(super) output: i64,
    pub(super) cache_read: i64,
    pub(super) cache_write_5m: i64,
    pub(super) cache_write_1h: i64,
}

impl Rates {
    fn cost(&self, spent: &Spent) -> i128 {
        let part = |tokens: i64, rate: i64| i128::from(tokens) * i128::from(rate);
        part(spent.input, self.input)
            + part(spent.output, self.output)
            + part(spent.cache_read, self.cache_read)
            + part(spent.cache_write_5m, self.cache_write_5m)
            + part(spent.cache_write_1h, self.cache_write_1h)
    }

    /// Each of them times a factor: a whole number of picodollars again, so that costs stay exact in whichever parts they are
    /// summed up.
    pub(super) fn times(&self, factor: Factor) -> Rates {
        Rates {
            input: factor.of(self.input),
            output: factor.of(self.output),
            cache_read: factor.of(self.cache_read),
            cache_write_5m: factor.of(self.cache_write_5m),
            cache_write_1h: factor.of(self.cache_write_1h),
        }
    }
}

/// What a price is multiplied by, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Factor(i64);

impl Factor {
    const ONE: i64 = 1_000_000;
    const GREATEST: f64 = 1_000.0;

    pub(super) fn new(factor: f64) -> Option<Factor> {
        let is_factor = (0.0..=Factor::GREATEST).contains(&factor);
        is_factor.then(|| Factor((factor * Factor::ONE as f64).round() as i64))
    }

    fn of(self, rate: i64) -> i64 {
        let half = i128::from(Factor::ONE / 2);
        ((i128::from(rate) * i128::from(self.0) + half) / i128::from(Factor::ONE)) as i64
    }
}

/// What a model's tokens cost, by the length of the request's prompt: up to 100,000 tokens, up to 200,000, above. The prompt
/// is everything that was sent: input, cache reads and cache writes; the whole request has the price of its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Price {
    pub(super) by_length: [Rates; 3],
    /// By the names of modes, places and service tiers.
    pub(super) factors: Vec<(String, Factor)>,
    /// Those of service tiers that the list prices by themselves.
    pub(super) tiers: Vec<(String, [Rates; 3])>,
    /// Picodollars for each web search.
    pub(super) web_search: i64,
}

/// Service tiers: what else there are factors for are modes and places.
pub(super) const TIERS: [&str; 3] = ["batch", "flex", "priority"];
/// The mode that names of models may say, too.
pub(super) const FAST: &str = "fast";

impl Price {
    /// What this costs at a rate; `None` if the list does not say.
    pub(crate) fn cost(&self, charged: &Charged, rate: &Rate) -> Option<Money> {
        let searches = i128::from(charged.web_searches) * i128::from(self.web_search);
        if rate.is_refused {
            return Some(Money(searches));
        }
        let tokens = if rate.is_standard() { total(&self.by_length, charged) } else { total(&self.at(rate)?, charged) };
        Some(Money(tokens + searches))
    }

    /// The prices at a rate. A place that has no factor costs what any other does, unless other places have one.
    fn at(&self, rate: &Rate) -> Option<[Rates; 3]> {
        let mut rates = self.by_length;
        if let Some(tier) = &rate.tier {
            rates = match self.tiers.iter().find(|(name, _)| name == tier) {
                Some((_, rates)) => *rates,
                None => times(rates, self.factor(tier)?),
            };
        }
        if let Some(speed) = &rate.speed {
            rates = times(rates, self.factor(speed)?);
        }
        match rate.geo.as_ref().map(|geo| self.factor(geo)) {
            Some(Some(factor)) => Some(times(rates, factor)),
            Some(None) if self.has_places() => None,
            _ => Some(rates),
        }
    }

    fn factor(&self, name: &str) -> Option<Factor> {
        self.factors.iter().find(|(known, _)| known == name).map(|(_, factor)| *factor)
    }

    fn has_places(&self) -> bool {
        self.factors.iter().any(|(name, _)| name != FAST && !TIERS.contains(&name.as_str()))
    }
}

fn times(rates: [Rates; 3], factor: Factor) -> [Rates; 3] {
    rates.map(|rates| rates.times(factor))
}

fn total(rates: &[Rates; 3], charged: &Charged) -> i128 {
    rates.iter().zip(&charged.by_length).map(|(rates, spent)| rates.cost(spent)).sum()
}
