//! What an answer says about its price besides its tokens: mode, place, service tier, web searches, refusals, and the requests
//! that it was made of.

use super::stated::{Stated, count};
use crate::cost::{Billing, Iteration, Rate, Spent, canonical};
use crate::model::TokenUsage;
use crate::transcript::record::{Record, UsageIteration};

/// How many requests of one answer are looked at.
const MOST_ITERATIONS: usize = 1_000;

/// How long the kind of a request may be.
const LONGEST_KIND: usize = 64;

/// The billing of the message of a record, whose own tokens these are.
pub(super) fn billing(record: &Record<'_>, tokens: &TokenUsage) -> Billing {
    let message = &record.spoken().message;
    let usage = &message.usage;
    let (speed, geo, tier) = (usage.speed.get(), usage.inference_geo.get(), usage.service_tier.get());
    let rate = Rate::of(speed, geo, tier, is_refused(record, tokens));
    let mut billing = Billing { web_searches: count(usage.server_tools.web_searches), ..Billing::default() };
    let mut requests: Vec<TokenUsage> = Vec::new();
    for iteration in usage.iterations.items().iter().take(MOST_ITERATIONS) {
        let Some(tokens) = Stated::from(iteration).tokens() else { continue };
        match part(iteration, message.model.get()) {
            Part::OfTheMessage => requests.push(tokens),
            // An attempt that was refused before it said anything is free.
            Part::Attempt if tokens.output_tokens == 0 => {}
            Part::Attempt => billing.iterations.push(beside(iteration, tokens, rate.without_refusal())),
            Part::Help => billing.iterations.push(beside(iteration, tokens, rate.without_speed())),
            Part::Own => billing.iterations.push(beside(iteration, tokens, rate.without_refusal())),
        }
    }
    billing.above = above(&requests, tokens);
    billing.rate = rate;
    billing
}

/// What a request within a request is to the message.
enum Part {
    /// The message's tokens have it.
    OfTheMessage,
    /// What another model said before it was refused, and the message's model took over.
    Attempt,
    /// Advice of another model.
    Help,
    /// What the message's own model did besides the message, such as summarising what came before.
    Own,
}

fn part(iteration: &UsageIteration<'_>, model: Option<&str>) -> Part {
    let own = iteration.model.non_empty();
    let is_other = own.is_some_and(|own| model.is_none_or(|model| canonical(own) != canonical(model)));
    match iteration.kind.get() {
        Some("advisor_message") => Part::Help,
        Some("compaction") => Part::Own,
        _ if is_other => Part::Attempt,
        _ => Part::OfTheMessage,
    }
}

fn beside(iteration: &UsageIteration<'_>, tokens: TokenUsage, rate: Rate) -> Iteration {
    let own_rate = iteration.speed.non_empty().map(|speed| rate.with_speed(speed));
    Iteration {
        kind: iteration.kind.get().unwrap_or_default().chars().take(LONGEST_KIND).collect(),
        model: iteration.model.to_owned(),
        rate: own_rate.unwrap_or(rate),
        tokens,
    }
}

/// Whether the request was declined before anything was said: then nothing is charged for its tokens. The first token, which an
/// empty answer may count, does not count here.
fn is_refused(record: &Record<'_>, tokens: &TokenUsage) -> bool {
    let message = &record.spoken().message;
    let says_nothing = record.blocks.is_empty() && message.content.text_length() == 0;
    message.stop_reason.get() == Some("refusal")
        && (tokens.output_tokens == 0 || says_nothing && tokens.output_tokens == 1)
}

/// For a message that took several requests, the tokens of the long ones: prices depend on the length of each. Only if these
/// requests have all of its tokens, and if it makes a difference.
fn above(requests: &[TokenUsage], tokens: &TokenUsage) -> Option<[Spent; 2]> {
    let all = requests.iter().fold(TokenUsage::default(), |sum, request| sum.plus(request));
    // Requests seldom say how long a cache lives.
    let is_all = [all.input_tokens, all.output_tokens, all.cache_read_tokens, all.cache_creation_tokens]
        == [tokens.input_tokens, tokens.output_tokens, tokens.cache_read_tokens, tokens.cache_creation_tokens];
    let is_split_alike = all.cache_creation1h_tokens == tokens.cache_creation1h_tokens;
    if requests.len() < 2 || !is_all || !is_split_alike {
        return None;
    }
    let above = requests.iter().fold([Spent::default(); 2], |sum, request| {
        let above = Spent::of(request).above(request);
        [sum[0].plus(&above[0]), sum[1].plus(&above[1])]
    });
    (above != Spent::of(tokens).above(tokens)).then_some(above)
}
