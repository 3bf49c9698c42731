//! What a session may be called, and the summaries of it.

use super::row::{SummaryRow, TitleRow, Uuid};
use super::texts::Texts;
use super::{leaf, plain, uuid};
use crate::model::SearchField;
use crate::transcript::record::{Raw, Record, RecordType};

/// How much of a chosen title is kept, in UTF-16 code units.
const TITLE_LIMIT: usize = 1_000;

/// How much of a summary is kept, in bytes.
const SUMMARY_LIMIT: usize = 1 << 20;

/// A title that the record sets for its session.
pub(super) fn given_title(record: &Record<'_>) -> Option<TitleRow> {
    let envelope = record.envelope;
    let (rank, title) = match record.record_type()? {
        RecordType::CustomTitle => (0, envelope.custom_title),
        RecordType::AgentName => (1, envelope.agent_name),
        RecordType::AiTitle => (2, envelope.ai_title),
        _ => return None,
    };
    let title = title.text(4 * TITLE_LIMIT).map(|title| plain::one_line(&title, TITLE_LIMIT))?;
    (!title.is_empty()).then_some(TitleRow { rank, title })
}

/// The title that the first prompt of a session makes.
pub(super) fn title_of_prompt(prompt: &str) -> Option<TitleRow> {
    let title = plain::one_line(prompt, plain::PROMPT_TITLE_LIMIT);
    (!title.is_empty()).then_some(TitleRow { rank: 4, title })
}

/// A summary of this session or another one.
pub(super) fn summary(record: &Record<'_>, texts: &Texts) -> Option<SummaryRow> {
    let envelope = record.envelope;
    let (kind, leaf_uuid, text): (_, Option<Uuid>, String) = match record.record_type()? {
        RecordType::Summary => ("summary", envelope.leaf_uuid.non_empty().map(uuid::read), kept(envelope.summary)?),
        RecordType::User if envelope.is_compact_summary.0 => {
            ("compaction", None, texts.field(SearchField::Other).to_owned())
        }
        RecordType::System if envelope.subtype.get() == Some("away_summary") => ("away", None, kept(envelope.content)?),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(SummaryRow { kind, leaf_uuid, text })
}

fn kept(text: Raw<'_>) -> Option<String> {
    leaf::look(text, SUMMARY_LIMIT)
}
