//! What an API message was charged, besides the tokens that it states for itself: at which rate, for which web searches, and
//! for which work of other models or other attempts within the same request.

use serde::{Deserialize, Serialize};

use super::price::{Charged, Spent};
use super::rate::Rate;
use crate::model::TokenUsage;

/// Kept with a message as JSON; nothing is kept for one that has only its tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Billing {
    #[serde(skip_serializing_if = "Rate::is_standard")]
    pub(crate) rate: Rate,
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) web_searches: i64,
    /// Those of the message's tokens that belong to long requests, and to very long ones, if it was more than one request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) above: Option<[Spent; 2]>,
    /// What its tokens leave out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) iterations: Vec<Iteration>,
}

/// A request within a request, which the tokens of the message leave out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Iteration {
    /// What it was for, such as `advisor_message`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Its model; that of the message where it names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<String>,
    #[serde(skip_serializing_if = "Rate::is_standard")]
    pub(crate) rate: Rate,
    pub(crate) tokens: TokenUsage,
}

/// What one model was charged with, at one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Charge {
    pub(crate) model: Option<String>,
    pub(crate) rate: Rate,
    pub(crate) tokens: TokenUsage,
    pub(crate) charged: Charged,
    /// Whether it is an [`Iteration`], not the message itself.
    pub(crate) is_iteration: bool,
}

impl Billing {
    /// As it is kept; `None` if it says nothing.
    pub(crate) fn to_text(&self) -> Option<String> {
        // Numbers and strings always serialise.
        (*self != Billing::default()).then(|| serde_json::to_string(self).unwrap_or_default())
    }

    /// From what was kept. What cannot be read says nothing.
    pub(crate) fn parse(text: Option<&str>) -> Billing {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// How much it says, to distinguish the line that has all of it from those written before.
    pub(crate) fn weight(&self) -> [i64; 3] {
        let tokens = self.iterations.iter().map(|iteration| iteration.tokens.total()).sum();
        [self.web_searches, tokens, self.rate.weight() + self.iterations.len() as i64]
    }

    /// Everything that was charged for a message of this model and these tokens: itself first.
    pub(crate) fn charges(self, model: Option<&str>, tokens: TokenUsage) -> Vec<Charge> {
        let all = Spent::of(&tokens);
        let [above_100k, above_200k] = self.above.unwrap_or_else(|| all.above(&tokens));
        let by_length = [all.without(&above_100k), above_100k.without(&above_200k), above_200k];
        let own = Charge {
            model: model.map(str::to_owned),
            rate: self.rate,
            tokens,
            charged: Charged { by_length, web_searches: self.web_searches },
            is_iteration: false,
        };
        let others = self.iterations.into_iter().map(|iteration| Charge {
            model: iteration.model.or_else(|| model.map(str::to_owned)),
            rate: iteration.rate,
            tokens: iteration.tokens,
            charged: Charged { by_length: Spent::of(&iteration.tokens).by_length(&iteration.tokens), web_searches: 0 },
            is_iteration: true,
        });
        std::iter::once(own).chain(others).collect()
    }
}

impl Spent {
    /// By what they are charged as.
    pub(crate) fn of(tokens: &TokenUsage) -> Spent {
        Spent {
            input: tokens.input_tokens,
            output: tokens.output_tokens,
            cache_read: tokens.cache_read_tokens,
            cache_write_5m: tokens.cache_creation5m_tokens,
            cache_write_1h: tokens.cache_creation1h_tokens,
        }
    }

    /// Those of a long request, and of a very long one: of one request all or none.
    pub(crate) fn above(self, tokens: &TokenUsage) -> [Spent; 2] {
        let prompt = tokens.input_tokens + tokens.cache_read_tokens + tokens.cache_creation_tokens;
        LENGTHS.map(|limit| if prompt > limit { self } else { Spent::default() })
    }

    fn by_length(self, tokens: &TokenUsage) -> [Spent; 3] {
        let [above_100k, above_200k] = self.above(tokens);
        [self.without(&above_100k), above_100k.without(&above_200k), above_200k]
    }

    /// Both together.
    pub(crate) fn plus(&self, other: &Spent) -> Spent {
        self.without(&Spent::default().without(other))
    }
}

/// Beyond which prompts are long, and very long.
const LENGTHS: [i64; 2] = [100_000, 200_000];

fn is_zero(number: &i64) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(input: i64, output: i64) -> TokenUsage {
        TokenUsage { input_tokens: input, output_tokens: output, ..TokenUsage::default() }
    }

    #[test]
    fn what_says_nothing_is_not_kept_and_the_rest_is_read_as_it_was_written() {
        assert_eq!(Billing::default().to_text(), None);
        let iteration = Iteration { kind: "compaction".into(), tokens: tokens(5, 6), ..Iteration::default() };
        let rate = Rate::of(Some("fast"), None, None, false);
        for billing in [
            Billing { rate: rate.clone(), ..Billing::default() },
            Billing { web_searches: 7, above: Some([Spent { input: 3, ..Spent::default() }; 2]), ..Billing::default() },
            Billing { rate, iterations: vec![iteration], ..Billing::default() },
        ] {
            let text = billing.to_text().unwrap();
            assert_eq!(Billing::parse(Some(&text)), billing, "{text}");
        }
        for nothing in [None, Some(""), Some("[]"), Some("{\"rate\": 7}")] {
            assert_eq!(Billing::parse(nothing), Billing::default());
        }
    }

    #[test]
    fn a_message_is_charged_by_its_length_or_by_those_of_its_requests() {
        let lengths = |billing: Billing| {
            let charges = billing.charges(Some("m"), tokens(210_000, 9));
            charges[0].charged.by_length.map(|spent| (spent.input, spent.output))
        };
        assert_eq!(lengths(Billing::default()), [(0, 0), (0, 0), (210_000, 9)]);
        let long = Spent { input: 110_000, output: 5, ..Spent::default() };
        let billing = Billing { above: Some([long, Spent::default()]), ..Billing::default() };
        assert_eq!(lengths(billing), [(100_000, 4), (110_000, 5), (0, 0)]);
    }

    #[test]
    fn what_names_no_model_is_of_the_messages() {
        let named = Iteration { model: Some("other".into()), tokens: tokens(1, 1), ..Iteration::default() };
        let nameless = Iteration { tokens: tokens(150_000, 1), ..Iteration::default() };
        let billing = Billing { iterations: vec![named, nameless], ..Billing::default() };
        let charges = billing.charges(Some("m"), tokens(3, 4));
        let found: Vec<_> = charges.iter().map(|charge| (charge.model.as_deref(), charge.is_iteration)).collect();
        assert_eq!(found, [(Some("m"), false), (Some("other"), true), (Some("m"), true)]);
        assert_eq!(charges[2].charged.by_length[1].input, 150_000);
    }
}
