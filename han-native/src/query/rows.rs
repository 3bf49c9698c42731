//! Rows to the structs of `model`: the one place that knows which column becomes which field.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::columns::{assert_run, select};
use crate::model::{Message, MessageId, Session, Timestamp, TokenUsage};
use crate::row::flag;
use crate::store::Failure;
pub(super) use crate::store::file_kind;

select! {
    /// The messages of row ids, in their order. A message's first call names its tool, else its first result.
    pub(super) const MESSAGES;

    mod message_columns {
        KEY: "wanted.key",
        PATH_HASH: "file.path_hash",
        LINE: "message.line",
        PART: "message.part",
        GENERATION: "generation.number",
        IS_SUPERSEDED: "generation.is_superseded",
        SESSION: "session.session_id",
        RECORD_SESSION: "record_session.value",
        UUID: "message.uuid",
        PARENT_UUID: "CASE typeof(message.parent_uuid) WHEN 'integer' THEN (
            SELECT parent.uuid FROM messages AS parent WHERE parent.generation_id = message.generation_id
            AND parent.line = message.line - message.parent_uuid AND parent.part = 0) ELSE message.parent_uuid END",
        TYPE: "type.value",
        SUBTYPE: "subtype.value",
        FLAGS: "message.flags",
        IS_REWOUND: "message.flags & 16 AND coalesce((
            SELECT NOT rewind.is_continued FROM rewinds AS rewind WHERE rewind.prompt_id = message.id
            ORDER BY rewind.by_line DESC, rewind.by_id DESC LIMIT 1), FALSE)",
        AGENT: "coalesce(own_agent.value, file_agent.value)",
        TOOL_NAME: "coalesce(call_name.value, answered_name.value)",
        TOOL_USE: "coalesce(call.tool_use_id, answered.tool_use_id)",
        MODEL: "model.value",
        USAGE_KEY: "usage.key",
        PREVIEW: "message.preview",
        TIME: "message.time",
        PATH: "file.path",
        ORIGINAL_PATH_HASH: "original_file.path_hash",
        ORIGINAL_LINE: "original.line",
        ORIGINAL_PART: "original.part",
        ORIGINAL_GENERATION: "original_generation.number",
        ORIGINAL_IS_SUPERSEDED: "original_generation.is_superseded",
        INPUT_TOKENS: "message.input_tokens",
        OUTPUT_TOKENS: "message.output_tokens",
        CACHE_READ_TOKENS: "message.cache_read_tokens",
        CACHE_CREATION_TOKENS: "message.cache_creation_tokens",
        CACHE_CREATION_5M_TOKENS: "message.cache_creation_5m_tokens",
        CACHE_CREATION_1H_TOKENS: "message.cache_creation_1h_tokens",
    }

    "FROM json_each(?1) AS wanted
    CROSS JOIN messages AS message ON message.id = wanted.value
    CROSS JOIN generations AS generation ON generation.id = message.generation_id
    CROSS JOIN files AS file ON file.id = generation.file_id
    CROSS JOIN sessions AS session ON session.id = file.session_id
    LEFT JOIN strings AS type ON type.id = message.type_id
    LEFT JOIN strings AS subtype ON subtype.id = message.subtype_id
    LEFT JOIN strings AS record_session ON record_session.id = message.record_session_id
    LEFT JOIN strings AS own_agent ON own_agent.id = message.agent_id
    LEFT JOIN strings AS file_agent ON file_agent.id = file.agent_id
    LEFT JOIN strings AS model ON model.id = message.model_id
    LEFT JOIN usage ON usage.id = message.usage_id
    LEFT JOIN messages AS original ON original.id = message.replay_of
    LEFT JOIN generations AS original_generation ON original_generation.id = original.generation_id
    LEFT JOIN files AS original_file ON original_file.id = original_generation.file_id
    LEFT JOIN tool_calls AS call ON call.message_id = message.id AND call.ordinal = 0
    LEFT JOIN strings AS call_name ON call_name.id = call.name_id
    LEFT JOIN tool_results AS result ON call.message_id IS NULL AND result.message_id = message.id AND result.ordinal = 0
    LEFT JOIN tool_calls AS answered ON (answered.message_id, answered.ordinal) = (
        SELECT found.message_id, found.ordinal FROM tool_calls AS found
        CROSS JOIN messages AS called ON called.id = found.message_id
        CROSS JOIN generations AS called_generation ON called_generation.id = called.generation_id
        CROSS JOIN files AS called_file ON called_file.id = called_generation.file_id
        WHERE found.tool_use_key = result.tool_use_key
        ORDER BY called_generation.is_superseded, called_file.path, called.line, called.part, found.ordinal LIMIT 1)
    LEFT JOIN strings AS answered_name ON answered_name.id = answered.name_id"
}

const _: () = {
    use message_columns::*;
    // What `message_id` and `tokens` read.
    assert_run(&[PATH_HASH, LINE, PART, GENERATION, IS_SUPERSEDED]);
    assert_run(&[ORIGINAL_PATH_HASH, ORIGINAL_LINE, ORIGINAL_PART, ORIGINAL_GENERATION, ORIGINAL_IS_SUPERSEDED]);
    assert_run(&[
        INPUT_TOKENS,
        OUTPUT_TOKENS,
        CACHE_READ_TOKENS,
        CACHE_CREATION_TOKENS,
        CACHE_CREATION_5M_TOKENS,
        CACHE_CREATION_1H_TOKENS,
    ]);
};

/// The messages of these row ids, in their order; one that is gone is left out.
pub(super) fn messages(connection: &Connection, row_ids: &[i64]) -> Result<Vec<Message>, Failure> {
    if row_ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Option<Message>> = vec![None; row_ids.len()];
    let mut statement = connection.prepare_cached(MESSAGES)?;
    let mut rows = statement.query([json_array(row_ids)])?;
    while let Some(row) = rows.next()? {
        if let Some(slot) = found.get_mut(index(row, message_columns::KEY)?) {
            *slot = Some(message(row)?);
        }
    }
    Ok(found.into_iter().flatten().collect())
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    use message_columns as column;
    let flags: i64 = row.get(column::FLAGS)?;
    let is = |bit: i64| flags & bit != 0;
    let time = timestamp(row, column::TIME)?;
    Ok(Message {
        id: message_id(row, column::PATH_HASH)?,
        session_id: row.get(column::SESSION)?,
        record_session_id: row.get(column::RECORD_SESSION)?,
        uuid: uuid(row, column::UUID)?,
        parent_uuid: uuid(row, column::PARENT_UUID)?,
        record_type: row.get::<_, Option<String>>(column::TYPE)?.unwrap_or_default(),
        subtype: row.get(column::SUBTYPE)?,
        role: match () {
            () if is(flag::ROLE_USER) => Some("user".into()),
            () if is(flag::ROLE_ASSISTANT) => Some("assistant".into()),
            () => None,
        },
        agent_id: row.get(column::AGENT)?,
        tool_name: row.get(column::TOOL_NAME)?,
        tool_use_id: row.get(column::TOOL_USE)?,
        model: row.get(column::MODEL)?,
        api_message_id: row.get::<_, Option<String>>(column::USAGE_KEY)?.filter(|key| !key.starts_with("uuid:")),
        preview: row.get(column::PREVIEW)?,
        timestamp: time.filter(|_| is(flag::OWN_TIME)),
        effective_timestamp: time,
        path: row.get(column::PATH)?,
        line_number: row.get(column::LINE)?,
        part: row.get(column::PART)?,
        is_sidechain: is(flag::SIDECHAIN),
        is_meta: is(flag::META),
        is_error: is(flag::ERROR),
        is_prompt: is(flag::PROMPT),
        is_rewound: row.get(column::IS_REWOUND)?,
        replay_of: match row.get::<_, Option<i64>>(column::ORIGINAL_PATH_HASH)? {
            Some(_) => Some(message_id(row, column::ORIGINAL_PATH_HASH)?),
            None => None,
        },
        is_superseded: row.get(column::IS_SUPERSEDED)?,
        is_provisional: is(flag::PROVISIONAL),
        tokens: match row.get::<_, Option<i64>>(column::INPUT_TOKENS)? {
            Some(_) => Some(tokens(row, column::INPUT_TOKENS)?),
            None => None,
        },
    })
}

select! {
    /// The sessions of row ids, with their sums, in one statement; up to the name of the column that they are looked up by.
    const SESSIONS;

    mod session_columns {
        KEY: "wanted.key",
        ROW_ID: "session.id",
        ID: "session.session_id",
        PROJECT: "project.slug",
        PROJECT_PATH: "project.path",
        REPOSITORY_PATH: "repo.path",
        TITLE: "session.title",
        STARTED_AT: "session.started_at",
        ENDED_AT: "session.ended_at",
        MODEL: "model.value",
        GIT_BRANCH: "branch.value",
        VERSION: "version.value",
        CWD: "session.cwd",
        MESSAGE_COUNT: "session.message_count",
        PROMPT_COUNT: "session.prompt_count",
        ASSISTANT_COUNT: "session.assistant_count",
        COPIED_COUNT: "session.copied_count",
        FORKED_FROM: "(SELECT source.session_id FROM sessions AS source WHERE source.id = session.forked_from_id)",
        AGENT_COUNT: "session.agent_count",
        IS_MISSING: "NOT EXISTS (
            SELECT 1 FROM files WHERE files.session_id = session.id AND files.kind <> 'spill' AND NOT files.is_missing)",
        INPUT_TOKENS: "sum(rollup.input_tokens)",
        OUTPUT_TOKENS: "sum(rollup.output_tokens)",
        CACHE_READ_TOKENS: "sum(rollup.cache_read_tokens)",
        CACHE_CREATION_TOKENS: "sum(rollup.cache_creation_tokens)",
        CACHE_CREATION_5M_TOKENS: "sum(rollup.cache_creation_5m_tokens)",
        CACHE_CREATION_1H_TOKENS: "sum(rollup.cache_creation_1h_tokens)",
    }

    "FROM json_each(?1) AS wanted
    CROSS JOIN sessions AS session ON session."
}

const _: () = {
    use session_columns::*;
    // What `tokens` reads.
    assert_run(&[
        INPUT_TOKENS,
        OUTPUT_TOKENS,
        CACHE_READ_TOKENS,
        CACHE_CREATION_TOKENS,
        CACHE_CREATION_5M_TOKENS,
        CACHE_CREATION_1H_TOKENS,
    ]);
};

const SESSIONS_JOINED: &str = " = wanted.value
    CROSS JOIN projects AS project ON project.id = session.project_id
    LEFT JOIN repos AS repo ON repo.id = project.repo_id
    LEFT JOIN strings AS model ON model.id = session.model_id
    LEFT JOIN strings AS branch ON branch.id = session.git_branch_id
    LEFT JOIN strings AS version ON version.id = session.version_id
    LEFT JOIN rollups AS rollup ON rollup.scope = 0 AND rollup.bucket = session.id
    GROUP BY wanted.key";

/// The sessions of these row ids, in their order, each with its row id, except for what they cost; `None` in the place of one that is gone.
pub(super) fn sessions(connection: &Connection, row_ids: &[i64]) -> Result<Vec<Option<(i64, Session)>>, Failure> {
    sessions_where(connection, "id", json_array(row_ids), row_ids.len())
}

/// The sessions of these session ids, in the same way; `None` in the place of an unknown one.
pub(super) fn sessions_by_name(
    connection: &Connection,
    ids: &[String],
) -> Result<Vec<Option<(i64, Session)>>, Failure> {
    let mut found = sessions_where(connection, "session_id", json_array(ids), ids.len())?;
    // SQLite ends a text of JSON at a NUL: what it found is not what was requested.
    for (session, id) in found.iter_mut().zip(ids) {
        session.take_if(|(_, session)| session.id != *id);
    }
    Ok(found)
}

fn sessions_where(
    connection: &Connection,
    column: &str,
    wanted: String,
    count: usize,
) -> Result<Vec<Option<(i64, Session)>>, Failure> {
    let mut found: Vec<Option<(i64, Session)>> = vec![None; count];
    if count == 0 {
        return Ok(found);
    }
    let mut statement = connection.prepare_cached(&format!("{SESSIONS}{column}{SESSIONS_JOINED}"))?;
    let mut rows = statement.query([wanted])?;
    while let Some(row) = rows.next()? {
        if let Some(slot) = found.get_mut(index(row, session_columns::KEY)?) {
            *slot = Some((row.get(session_columns::ROW_ID)?, session(row)?));
        }
    }
    Ok(found)
}

fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    use session_columns as column;
    Ok(Session {
        id: row.get(column::ID)?,
        project_id: row.get(column::PROJECT)?,
        project_path: row.get(column::PROJECT_PATH)?,
        repository_path: row.get(column::REPOSITORY_PATH)?,
        title: row.get(column::TITLE)?,
        started_at: timestamp(row, column::STARTED_AT)?,
        ended_at: timestamp(row, column::ENDED_AT)?,
        model: row.get(column::MODEL)?,
        git_branch: row.get(column::GIT_BRANCH)?,
        version: row.get(column::VERSION)?,
        cwd: row.get(column::CWD)?,
        message_count: row.get(column::MESSAGE_COUNT)?,
        prompt_count: row.get(column::PROMPT_COUNT)?,
        assistant_count: row.get(column::ASSISTANT_COUNT)?,
        copied_count: row.get(column::COPIED_COUNT)?,
        forked_from: row.get(column::FORKED_FROM)?,
        agent_count: row.get(column::AGENT_COUNT)?,
        is_missing: row.get(column::IS_MISSING)?,
        tokens: tokens(row, column::INPUT_TOKENS)?,
        cost: 0.0,
        unpriced: Vec::new(),
    })
}

/// Five columns from `first` on: path hash, line, part, generation number, whether that is superseded.
pub(super) fn message_id(row: &Row<'_>, first: usize) -> rusqlite::Result<MessageId> {
    let is_superseded: bool = row.get(first + 4)?;
    Ok(MessageId {
        path_hash: row.get::<_, i64>(first)? as u64,
        line: row.get(first + 1)?,
        part: row.get(first + 2)?,
        generation: if is_superseded { Some(row.get(first + 3)?) } else { None },
    })
}

/// Six columns from `first` on, in the order of the table's; null is 0.
pub(super) fn tokens(row: &Row<'_>, first: usize) -> rusqlite::Result<TokenUsage> {
    let column = |offset: usize| row.get::<_, Option<i64>>(first + offset).map(Option::unwrap_or_default);
    Ok(TokenUsage {
        input_tokens: column(0)?,
        output_tokens: column(1)?,
        cache_read_tokens: column(2)?,
        cache_creation_tokens: column(3)?,
        cache_creation5m_tokens: column(4)?,
        cache_creation1h_tokens: column(5)?,
    })
}

pub(super) fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

/// A column of a uuid: 16 bytes are written with hyphens; a text is kept as it is.
pub(super) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    Ok(uuid_text(row.get_ref(column)?))
}

/// 16 bytes are written with hyphens; a text is kept as it is.
pub(super) fn uuid_text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Blob(bytes) => {
            let mut text = String::with_capacity(36);
            for (index, byte) in bytes.iter().enumerate() {
                if matches!(index, 4 | 6 | 8 | 10) {
                    text.push('-');
                }
                text.push_str(&format!("{byte:02x}"));
            }
            Some(text)
        }
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

/// A column of JSON text that the store wrote; `None` for null.
pub(super) fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// A column that is an index into a list of this crate.
pub(super) fn index(row: &Row<'_>, column: usize) -> rusqlite::Result<usize> {
    let value: i64 = row.get(column)?;
    usize::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// A list as the one JSON parameter that `json_each` spreads, so that a statement does not depend on its length.
pub(super) fn json_array<T: serde::Serialize>(items: &[T]) -> String {
    // Numbers, strings and tuples of them always serialise.
    serde_json::to_string(items).unwrap_or_default()
}
