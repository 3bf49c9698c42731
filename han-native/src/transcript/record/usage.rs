//! What was used: the token counts of an API message with what else its price depends on, and what the agent program says that a
//! session cost so far.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::lenient::{Key, Shape};
use super::{List, Number, Raw, Text};

lenient_object! {
    /// `message.usage`
    pub(crate) struct Usage<'a> {
        input: Number = "input_tokens",
        output: Number = "output_tokens",
        cache_read: Number = "cache_read_input_tokens",
        cache_creation: Number = "cache_creation_input_tokens",
        cache_split: CacheSplit = "cache_creation",
        server_tools: ServerTools = "server_tool_use",
        service_tier: Text<'a> = "service_tier",
        inference_geo: Text<'a> = "inference_geo",
        speed: Text<'a> = "speed",
        iterations: List<UsageIteration<'a>> = "iterations",
    }
}

lenient_object! {
    /// One of the requests that a request was made of.
    pub(crate) struct UsageIteration<'a> {
        kind: Text<'a> = "type",
        model: Text<'a> = "model",
        speed: Text<'a> = "speed",
        input: Number = "input_tokens",
        output: Number = "output_tokens",
        cache_read: Number = "cache_read_input_tokens",
        cache_creation: Number = "cache_creation_input_tokens",
        cache_split: CacheSplit = "cache_creation",
    }
}

lenient_object! {
    /// How long the tokens that were written to the cache live.
    pub(crate) struct CacheSplit {
        five_minutes: Number = "ephemeral_5m_input_tokens",
        one_hour: Number = "ephemeral_1h_input_tokens",
    }
}

lenient_object! {
    /// What the API did by itself, and charges for each time.
    pub(crate) struct ServerTools {
        web_searches: Number = "web_search_requests",
    }
}

lenient_object! {
    /// The part of one model in `modelUsage`.
    pub(crate) struct ModelCost {
        cost: Dollars = "costUSD",
        input: Number = "inputTokens",
        output: Number = "outputTokens",
        cache_read: Number = "cacheReadInputTokens",
        cache_creation: Number = "cacheCreationInputTokens",
        five_minutes: Number = "cacheCreationEphemeral5mInputTokens",
        one_hour: Number = "cacheCreationEphemeral1hInputTokens",
        web_searches: Number = "webSearchRequests",
    }
}

/// US dollars, as picodollars.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Dollars(Option<i64>);

impl Dollars {
    /// No session costs more; sums of it do not overflow.
    const MOST: f64 = 1e5;

    pub(crate) fn picodollars(self) -> Option<i64> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Dollars, D::Error> {
        let value = Raw::deserialize(deserializer)?;
        let number = value.label().filter(|_| value.string().is_none());
        let dollars = number.and_then(|number| number.parse::<f64>().ok()).filter(|dollars| dollars.is_finite());
        Ok(Dollars(dollars.map(|dollars| (dollars.clamp(0.0, Dollars::MOST) * 1e12).round() as i64)))
    }
}

/// `modelUsage`: an object with a key for each model that was asked.
#[derive(Debug, Default)]
pub(crate) struct ModelCosts(BTreeMap<String, ModelCost>);

impl ModelCosts {
    /// How many models are kept; memory must not grow with a line that names millions.
    const LIMIT: usize = 1_000;

    /// By model, in the order of their names.
    pub(crate) fn models(&self) -> impl Iterator<Item = (&str, &ModelCost)> {
        self.0.iter().map(|(model, cost)| (model.as_str(), cost))
    }
}

impl<'de> Deserialize<'de> for ModelCosts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ModelCosts, D::Error> {
        deserializer.deserialize_any(Shape::<ModelCosts>(PhantomData))
    }
}

impl<'de> Visitor<'de> for Shape<ModelCosts> {
    type Value = ModelCosts;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ModelCosts, A::Error> {
        let mut models = BTreeMap::new();
        while let Some(key) = map.next_key::<Key<'de>>()? {
            if models.len() < ModelCosts::LIMIT || models.contains_key(key.as_str()) {
                models.insert(key.as_str().to_owned(), map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(ModelCosts(models))
    }

    ignore_kinds!(scalars);
    ignore_kinds!(list);
}
