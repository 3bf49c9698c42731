//! What the agent program says that its session cost so far: `cost-state` records.

use super::stated::count;
use crate::model::TokenUsage;
use crate::row::{CostStateRow, ReportedRow};
use crate::transcript::record::{Record, RecordType};

/// How long the name of a model may be.
const LONGEST_MODEL: usize = 256;

/// The cost that a record states; `None` if it names no sum.
pub(super) fn cost_state(record: &Record<'_>) -> Option<CostStateRow> {
    if record.record_type() != Some(RecordType::CostState) {
        return None;
    }
    let envelope = record.envelope;
    let cost = envelope.total_cost.picodollars()?;
    let named = envelope.model_usage.models();
    let named = named.filter(|(model, _)| !model.is_empty() && model.len() <= LONGEST_MODEL);
    let models = named.map(|(model, said)| {
        let (five_minutes, one_hour) = (count(said.five_minutes), count(said.one_hour));
        let written =
            if said.cache_creation.get().is_some() { count(said.cache_creation) } else { five_minutes + one_hour };
        // As with answers: a split that does not sum up says nothing.
        let is_split = five_minutes + one_hour == written;
        ReportedRow {
            model: model.to_owned(),
            cost: said.cost.picodollars().unwrap_or(0),
            web_searches: count(said.web_searches),
            tokens: TokenUsage {
                input_tokens: count(said.input),
                output_tokens: count(said.output),
                cache_read_tokens: count(said.cache_read),
                cache_creation_tokens: written,
                cache_creation5m_tokens: if is_split { five_minutes } else { written },
                cache_creation1h_tokens: if is_split { one_hour } else { 0 },
            },
        }
    });
    Some(CostStateRow { cost, models: models.collect() })
}

/// The same in words, for people.
pub(super) fn words(record: &Record<'_>) -> String {
    let Some(state) = cost_state(record) else { return String::new() };
    let dollars = |picodollars: i64| {
        let hundredths = (picodollars + 50_000_000) / 100_000_000;
        format!("${}.{:04}", hundredths / 10_000, hundredths % 10_000)
    };
    let models: Vec<String> =
        state.models.iter().map(|said| format!("{} {}", said.model, dollars(said.cost))).collect();
    let whole = format!("the session cost {} so far", dollars(state.cost));
    if models.is_empty() { whole } else { format!("{whole}: {}", models.join(", ")) }
}
