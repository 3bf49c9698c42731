//! After any history, batches agree with the rows.

use std::collections::BTreeMap;

use han_native::model::{SessionOrder, SessionQuery, ToolCallOptions};
use proptest::collection::vec;
use proptest::prelude::*;

use super::rows::{Messages, all};
use crate::support::home::{Database, Home};
use crate::support::laws::REQUEST_LOG;
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, Taking, content, place, taking};

type Checked = Result<(), TestCaseError>;

/// The session ids of a database, and one that it does not have.
fn sessions(database: &Database) -> Vec<String> {
    let mut ids = all(&database.connection(), "SELECT session_id FROM sessions ORDER BY id DESC", |row| row.get(0));
    ids.push("unknown".into());
    ids
}

/// Events by session, in the order in which they happened: their message and a text.
type Events = BTreeMap<String, Vec<(String, String)>>;

fn events(database: &Database, messages: &Messages, sql: &str) -> Events {
    let rows: Vec<(i64, i64, String)> =
        all(&database.connection(), sql, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let mut counted: Vec<_> = rows.into_iter().filter(|(message, ..)| messages.counts(*message)).collect();
    counted.sort_by_key(|(message, ordinal, _)| (messages.rows[message].when(), *ordinal));
    let mut events = Events::new();
    for (message, _, text) in counted {
        let message = &messages.rows[&message];
        events.entry(message.session.clone()).or_default().push((message.id.clone(), text));
    }
    events
}

/// Compares the answers for every session with events; an unknown session has no answer.
fn same<T>(
    ids: &[String],
    answers: Vec<Option<Vec<T>>>,
    mut expected: Events,
    event: impl Fn(&T) -> (String, String),
) -> Checked {
    prop_assert_eq!(answers.len(), ids.len());
    for (id, answer) in ids.iter().zip(answers) {
        let answer = answer.map(|events| events.iter().map(&event).collect::<Vec<_>>());
        let expected = (id != "unknown").then(|| expected.remove(id).unwrap_or_default());
        prop_assert_eq!(answer, expected, "of {}", id);
    }
    prop_assert!(expected.is_empty(), "not requested: {expected:?}");
    Ok(())
}

fn states_agree(database: &Database, ids: &[String]) -> Checked {
    let messages = Messages::of(database);
    let han = &database.han;
    let changes = events(
        database,
        &messages,
        "SELECT message_id, ordinal, path || action || lines_added || lines_removed FROM session_file_changes",
    );
    same(ids, han.file_changes().get(ids).unwrap(), changes, |change| {
        let text = format!("{}{}{}{}", change.path, change.action, change.lines_added, change.lines_removed);
        (change.message_id.to_string(), text)
    })?;
    let hooks = events(
        database,
        &messages,
        "SELECT message_id, ordinal, event || coalesce(name, '-') || coalesce(command, '-') || is_error FROM hook_executions",
    );
    same(ids, han.hook_executions().get(ids).unwrap(), hooks, |hook| {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or("-".into());
        let text =
            format!("{}{}{}{}", hook.event, or_dash(&hook.name), or_dash(&hook.command), i64::from(hook.is_error));
        (hook.message_id.to_string(), text)
    })?;
    let lists = events(database, &messages, "SELECT message_id, 0, todos FROM session_todos");
    for (id, list) in ids.iter().zip(han.todos().get(ids).unwrap()) {
        let items = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        let expected =
            lists.get(id).and_then(|lists| lists.last()).map(|(message, todos)| (message.clone(), items(todos)));
        let found = list.map(|list| (list.message_id.to_string(), serde_json::to_value(list.items).unwrap()));
        prop_assert_eq!(found, expected, "todos of {}", id);
    }
    Ok(())
}

fn tool_calls_agree(database: &Database) -> Checked {
    let messages = Messages::of(database);
    let rows = |table: &str| -> Vec<(i64, i64, i64)> {
        let sql = format!("SELECT tool_use_key, message_id, ordinal FROM {table}");
        all(&database.connection(), &sql, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    };
    let (calls, results) = (rows("tool_calls"), rows("tool_results"));
    let least = |rows: &[(i64, i64, i64)], key: i64| {
        rows.iter()
            .filter(|(of, message, _)| {
                *of == key && !messages.rows[message].is_superseded && !messages.rows[message].is_copy
            })
            .map(|(_, message, ordinal)| (&messages.rows[message], ordinal))
            .min_by_key(|(row, ordinal)| (row.carried_uuid.is_some(), &row.path, row.line, row.part, *ordinal))
            .map(|(row, _)| row.id.clone())
    };
    let ids: Vec<(i64, String)> =
        all(&database.connection(), "SELECT DISTINCT tool_use_key, tool_use_id FROM tool_calls", |row| {
            Ok((row.get(0)?, row.get(1)?))
        });
    let asked: Vec<String> = ids.iter().map(|(_, id)| id.clone()).collect();
    let options = ToolCallOptions { include_text: true };
    let answers = database.han.tool_calls().get(&asked, options).unwrap();
    for ((key, id), call) in ids.iter().zip(answers) {
        let found = call.as_ref().map(|call| call.message_id.to_string());
        prop_assert_eq!(&found, &least(&calls, *key), "the call {}", id);
        let Some(call) = call else { continue };
        prop_assert_eq!(&call.id, id);
        prop_assert!(call.input.is_some(), "{call:?}");
        let result = call.result.map(|result| (result.message_id.to_string(), result.output.is_some()));
        prop_assert_eq!(result, least(&results, *key).map(|message| (message, true)), "the result of {}", id);
    }
    Ok(())
}

fn sums_agree(database: &Database, ids: &[String]) -> Checked {
    let han = &database.han;
    let spent: Vec<(String, Option<String>, i64, i64)> = all(
        &database.connection(),
        "WITH spent (session_id, model, answers, tokens) AS (
             SELECT u.session_id, m.value, 1, u.input_tokens + u.output_tokens + u.cache_read_tokens + u.cache_creation_tokens
             FROM usage u LEFT JOIN strings m ON m.id = u.model_id WHERE u.winner_id IS NOT NULL
             UNION ALL
             SELECT u.session_id, coalesce(part.value ->> 'model', m.value), 0, (part.value -> 'tokens' ->> 'inputTokens')
                 + (part.value -> 'tokens' ->> 'outputTokens') + (part.value -> 'tokens' ->> 'cacheReadTokens')
                 + (part.value -> 'tokens' ->> 'cacheCreationTokens')
             FROM usage u LEFT JOIN strings m ON m.id = u.model_id CROSS JOIN json_each(u.billing, '$.iterations') AS part
             WHERE u.winner_id IS NOT NULL AND u.billing IS NOT NULL)
         SELECT s.session_id, spent.model, sum(answers), sum(tokens)
         FROM spent JOIN sessions s ON s.id = spent.session_id GROUP BY 1, 2 ORDER BY 1, 4 DESC, 2",
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    );
    let sum = |tokens: &han_native::model::TokenUsage| {
        tokens.input_tokens + tokens.output_tokens + tokens.cache_read_tokens + tokens.cache_creation_tokens
    };
    for (id, usage) in ids.iter().zip(han.usage().by_session(ids).unwrap()) {
        let expected: Vec<_> = spent.iter().filter(|(session, ..)| session == id).cloned().collect();
        prop_assert_eq!(usage.is_some(), id != "unknown");
        let Some(usage) = usage else { continue };
        let found: Vec<_> = usage
            .by_model
            .iter()
            .map(|model| (usage.session_id.clone(), model.model.clone(), model.api_messages, sum(&model.tokens)))
            .collect();
        prop_assert_eq!(&found, &expected);
        let all_models = expected.iter().fold((0, 0), |all, (.., count, sum)| (all.0 + count, all.1 + sum));
        prop_assert_eq!((usage.api_messages, sum(&usage.tokens)), all_models);
    }
    let query = SessionQuery { order: Some(SessionOrder::MostTokens), include_empty: true, ..SessionQuery::default() };
    let listed = han.sessions().list(&query).unwrap().items;
    let found: Vec<(i64, &str)> = listed.iter().map(|session| (sum(&session.tokens), session.id.as_str())).collect();
    prop_assert_eq!(found.len(), ids.len() - 1);
    prop_assert!(found.is_sorted_by(|left, right| left > right), "{found:?}");
    Ok(())
}

fn files_and_times_agree(database: &Database, ids: &[String]) -> Checked {
    let han = &database.han;
    let counts = han.messages().count_batch(ids).unwrap();
    for (id, times) in ids.iter().zip(han.messages().timestamps_batch(ids).unwrap()) {
        prop_assert_eq!(times.is_some(), id != "unknown");
        let Some(times) = times else { continue };
        prop_assert_eq!(times.count, counts[id]);
        let expected: (Option<i64>, Option<i64>) = database
            .connection()
            .query_row(
                &format!(
                    "SELECT min(m.time), max(m.time) FROM sessions s JOIN files f ON f.session_id = s.id AND f.kind = 'main'
                     JOIN messages m ON m.generation_id = f.generation_id AND NOT ({REQUEST_LOG}) WHERE s.session_id = ?1"
                ),
                [id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        prop_assert_eq!((times.first.map(|time| time.0), times.last.map(|time| time.0)), expected);
    }
    let mut paths: Vec<String> = all(&database.connection(), "SELECT path FROM files", |row| row.get(0));
    let by_session = han.files().by_session(ids).unwrap();
    prop_assert!(by_session.last().unwrap().is_none());
    let files: Vec<_> = by_session.into_iter().flatten().flatten().collect();
    let file_ids: Vec<String> = files.iter().map(|file| file.id.clone()).collect();
    let found: Vec<_> = han.files().get(&file_ids).unwrap().into_iter().map(Option::unwrap).collect();
    prop_assert_eq!(&found, &files);
    let mut found: Vec<String> = files.into_iter().map(|file| file.path).collect();
    found.sort();
    paths.sort();
    prop_assert_eq!(found, paths);
    Ok(())
}

/// Files that grow or are rewritten.
fn history() -> impl Strategy<Value = Vec<(String, Bytes, bool, Taking)>> {
    vec((place(), content(5), proptest::bool::weighted(0.2), taking()), 1..14)
}

#[test]
fn batches_say_what_the_rows_say() {
    check(80, history(), |history| {
        let home = Home::new();
        let database = home.database();
        for (path, bytes, is_anew, taking) in history {
            if is_anew {
                home.write(&path, &bytes.0);
            } else {
                home.append(&path, &bytes.0);
            }
            taking.run(&home, &database, &path);
        }
        database.scan();
        let ids = sessions(&database);
        states_agree(&database, &ids)?;
        tool_calls_agree(&database)?;
        sums_agree(&database, &ids)?;
        files_and_times_agree(&database, &ids)
    });
}
