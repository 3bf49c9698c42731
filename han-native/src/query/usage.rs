//! Token sums of sessions, from the sums that are kept with the data.

use rusqlite::{Connection, Row};

use super::page;
use super::per_session::Wanted;
use super::rows::tokens;
use crate::error::Result;
use crate::model::{ModelUsage, SessionUsage, TokenUsage};
use crate::store::{Failure, Store};

pub(crate) fn by_session(store: &Store, session_ids: &[String]) -> Result<Vec<Option<SessionUsage>>> {
    page::check_batch(session_ids)?;
    store.read(|connection| by_session_in(connection, session_ids))
}

/// A session that moved between projects has rows of each.
const BY_MODEL: &str = "
    SELECT wanted.key, model.value, sum(rollup.api_messages), sum(rollup.input_tokens), sum(rollup.output_tokens),
           sum(rollup.cache_read_tokens), sum(rollup.cache_creation_tokens), sum(rollup.cache_creation_5m_tokens),
           sum(rollup.cache_creation_1h_tokens)
    FROM json_each(?1) AS wanted
    CROSS JOIN rollups AS rollup ON rollup.scope = 0 AND rollup.bucket = wanted.value
    LEFT JOIN strings AS model ON model.id = rollup.model_id
    WHERE rollup.api_messages <> 0
    GROUP BY wanted.key, rollup.model_id
    ORDER BY wanted.key,
             sum(rollup.input_tokens + rollup.output_tokens + rollup.cache_read_tokens + rollup.cache_creation_tokens)
             DESC, model.value";

pub(super) fn by_session_in(
    connection: &Connection,
    session_ids: &[String],
) -> Result<Vec<Option<SessionUsage>>, Failure> {
    let wanted = Wanted::find(connection, session_ids)?;
    let models = wanted.rows(connection, BY_MODEL, |row: &Row<'_>, _| {
        Ok(ModelUsage { model: row.get(1)?, api_messages: row.get(2)?, tokens: tokens(row, 3)? })
    })?;
    let sum = |(name, models): (Option<&str>, Option<Vec<ModelUsage>>)| {
        let by_model = models?;
        Some(SessionUsage {
            session_id: name?.to_owned(),
            api_messages: by_model.iter().map(|model| model.api_messages).sum(),
            tokens: by_model.iter().fold(TokenUsage::default(), |sum, model| plus(sum, model.tokens)),
            by_model,
        })
    };
    Ok(wanted.names().zip(models).map(sum).collect())
}

fn plus(left: TokenUsage, right: TokenUsage) -> TokenUsage {
    TokenUsage {
        input_tokens: left.input_tokens + right.input_tokens,
        output_tokens: left.output_tokens + right.output_tokens,
        cache_read_tokens: left.cache_read_tokens + right.cache_read_tokens,
        cache_creation_tokens: left.cache_creation_tokens + right.cache_creation_tokens,
        cache_creation5m_tokens: left.cache_creation5m_tokens + right.cache_creation5m_tokens,
        cache_creation1h_tokens: left.cache_creation1h_tokens + right.cache_creation1h_tokens,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::Fixture;

    #[test]
    fn tokens_are_summed_by_session_and_model() {
        let fixture = Fixture::new();
        let (spent, _free) = (fixture.session("spent", None, true), fixture.session("free", None, true));
        let (large, small) = (fixture.string("large"), fixture.string("small"));
        let rows = [
            // Scope, bucket, project, model, API messages, input, cache reads.
            [0, spent, 1, small, 1, 5, 0],
            [0, spent, 1, large, 2, 1, 900],
            [0, spent, 2, small, 1, 7, 0],
            [0, spent, 1, 0, 1, 12, 0],
            [0, spent, 3, 0, 0, 0, 0],
            [1, spent, 1, large, 50, 50, 50],
        ];
        for row in rows {
            fixture.run(
                "INSERT INTO rollups (scope, bucket, project_id, model_id, api_messages, input_tokens, cache_read_tokens)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            );
        }
        let found = by_session_in(&fixture.connection, &["free", "unknown", "spent"].map(str::to_owned)).unwrap();
        let of = |model: Option<&str>, api_messages, input_tokens, cache_read_tokens| ModelUsage {
            model: model.map(str::to_owned),
            api_messages,
            tokens: TokenUsage { input_tokens, cache_read_tokens, ..TokenUsage::default() },
        };
        let free = found[0].as_ref().unwrap();
        assert_eq!((free.session_id.as_str(), free.api_messages, free.by_model.len()), ("free", 0, 0));
        assert_eq!(found[1], None);
        let spent = found[2].as_ref().unwrap();
        assert_eq!(spent.by_model, [of(Some("large"), 2, 1, 900), of(None, 1, 12, 0), of(Some("small"), 2, 12, 0)]);
        assert_eq!((spent.api_messages, spent.tokens.input_tokens, spent.tokens.cache_read_tokens), (5, 25, 900));
    }
}
