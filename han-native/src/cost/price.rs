//! The price of one model at one time, and what tokens cost at it. Exact: money is a whole number of picodollars.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
}

/// What a model's tokens cost, by the length of the request's prompt: up to 100,000 tokens, up to 200,000, above. The prompt
/// is everything that was sent: input, cache reads and cache writes; the whole request has the price of its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Price {
    pub(super) by_length: [Rates; 3],
}

impl Price {
    /// What these tokens cost: those of short, of long and of very long requests.
    pub(crate) fn cost(&self, by_length: &[Spent; 3]) -> Money {
        Money(self.by_length.iter().zip(by_length).map(|(rates, spent)| rates.cost(spent)).sum())
    }
}
