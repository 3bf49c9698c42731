//! Sums by the model, and the rate, that they are stored under, as they are shown: models with what they cost, and what has no price.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::pricing::{Bill, Pricing, is_charged, tokens};
use crate::cost::{Money, STANDARD};
use crate::model::{ModelActivity, ModelRate, TokenUsage, UnpricedModel};
use crate::store::Failure;
use crate::store::rollups::Sums;

/// Sums and what they cost, by what they are stored under.
#[derive(Debug, Default)]
pub(crate) struct ByModel(HashMap<i64, (Sums, Bill)>);

/// What one model did, at all its rates.
#[derive(Debug, Default)]
struct OneModel {
    cost: Money,
    is_priced: bool,
    rates: Vec<ModelRate>,
}

impl ByModel {
    pub(crate) fn add(&mut self, model_id: i64, sums: &Sums, bill: Bill) {
        let (all, total) = self.0.entry(model_id).or_default();
        all.add(sums, 1);
        total.add(bill);
    }

    /// Everything together.
    pub(crate) fn whole(&self) -> (Sums, Bill) {
        let mut whole: (Sums, Bill) = Default::default();
        for (sums, bill) in self.0.values() {
            whole.0.add(sums, 1);
            whole.1.add(*bill);
        }
        whole
    }

    /// What each model cost, at all its rates; `None` for one that has no price.
    pub(crate) fn costs(&self, pricing: &mut Pricing<'_>) -> Result<Vec<(String, Money)>, Failure> {
        let mut costs = BTreeMap::new();
        for (id, (_, bill)) in self.charged() {
            if let Some(name) = pricing.model(*id)?.name.clone() {
                *costs.entry(name).or_default() += bill.cost;
            }
        }
        Ok(costs.into_iter().collect())
    }

    /// The models that were charged for, the costliest first, and of them what has no price, the most tokens first.
    pub(crate) fn shown(&self, pricing: &mut Pricing<'_>) -> Result<(Vec<ModelActivity>, Vec<UnpricedModel>), Failure> {
        let mut models: BTreeMap<Option<String>, OneModel> = BTreeMap::new();
        let mut unpriced: BTreeMap<(Option<String>, Option<String>), UnpricedModel> = BTreeMap::new();
        for (id, (sums, bill)) in self.charged() {
            let found = pricing.model(*id)?;
            let (name, rate) = (found.name.clone(), found.rate.name());
            let is_priced = bill.is_whole();
            if !is_priced {
                // An unknown model has no known rate either.
                let rate = found.is_known().then(|| rate.clone());
                add_unpriced(unpriced.entry((name.clone(), rate)).or_default(), sums, bill);
            }
            let model = models.entry(name).or_default();
            model.cost += bill.cost;
            // Some of it may have a price, on the other side of a day on which prices change.
            let has_price = is_priced || bill.cost != Money::default();
            model.is_priced |= has_price;
            model.rates.push(ModelRate {
                rate,
                api_messages: sums.api_messages,
                iterations: sums.iterations,
                web_searches: sums.web_searches,
                tokens: tokens(sums),
                cost: has_price.then(|| bill.cost.dollars()),
            });
        }
        let mut models: Vec<(Money, ModelActivity)> =
            models.into_iter().map(|(name, model)| (model.cost, activity(name, model))).collect();
        models.sort_by_key(|(cost, model)| (Reverse((*cost, model.tokens.total())), model.model.clone()));
        let named = unpriced.into_iter().map(|((model, rate), unpriced)| UnpricedModel { model, rate, ..unpriced });
        let mut unpriced: Vec<UnpricedModel> = named.collect();
        unpriced
            .sort_by_key(|unpriced| (Reverse(unpriced.tokens.total()), unpriced.model.clone(), unpriced.rate.clone()));
        Ok((models.into_iter().map(|(_, model)| model).collect(), unpriced))
    }

    fn charged(&self) -> impl Iterator<Item = (&i64, &(Sums, Bill))> {
        self.0.iter().filter(|(_, (sums, _))| is_charged(sums))
    }
}

fn add_unpriced(unpriced: &mut UnpricedModel, sums: &Sums, bill: &Bill) {
    unpriced.api_messages += bill.unpriced_api_messages;
    unpriced.iterations += bill.unpriced_iterations;
    unpriced.web_searches += sums.web_searches;
    unpriced.tokens = unpriced.tokens.plus(&tokens(sums));
}

/// The standard rate first, the others by their names.
fn activity(model: Option<String>, OneModel { cost, is_priced, mut rates }: OneModel) -> ModelActivity {
    rates.sort_by(|left, right| (left.rate != STANDARD, &left.rate).cmp(&(right.rate != STANDARD, &right.rate)));
    let sum = |count: fn(&ModelRate) -> i64| rates.iter().map(count).sum();
    ModelActivity {
        model,
        api_messages: sum(|rate| rate.api_messages),
        iterations: sum(|rate| rate.iterations),
        web_searches: sum(|rate| rate.web_searches),
        tokens: rates.iter().fold(TokenUsage::default(), |sum, rate| sum.plus(&rate.tokens)),
        cost: is_priced.then(|| cost.dollars()),
        rates,
    }
}
