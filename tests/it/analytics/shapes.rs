//! Shapes of transcripts on which simple ways of counting tokens go wrong. Each test states the result of a simple way, the
//! correct one, and why.

use serde_json::{Value, json};

use super::transcript::{AGENT, MAIN, OTHER, answer, dashboard, indexed, prompt, with};
use crate::support::home::Database;

const DAY: &str = "2026-03-01T10:00:00.000Z";
const NEXT_DAY: &str = "2026-03-02T10:00:00.000Z";

/// Input and output tokens.
fn spent(database: &Database) -> (i64, i64) {
    let tokens = dashboard(database).tokens;
    (tokens.input_tokens, tokens.output_tokens)
}

/// The sum of the usage of every line.
fn every_line(files: &[(&str, &[Value])]) -> (i64, i64) {
    let records = files.iter().flat_map(|(_, records)| records.iter());
    let messages = records.map(|record| record.pointer("/data/message/message").unwrap_or(&record["message"]));
    let tokens = |message: &Value, name: &str| message["usage"][name].as_i64().unwrap_or(0);
    messages.fold((0, 0), |(input, output), message| {
        (input + tokens(message, "input_tokens"), output + tokens(message, "output_tokens"))
    })
}

/// Asserts the correct result, and that the simple way returns another.
fn assert_spent(files: &[(&str, &[Value])], right: (i64, i64), simple: (i64, i64)) {
    let (_home, database) = indexed(files);
    assert_eq!(every_line(files), simple, "the sum of every line");
    assert_ne!(right, simple, "the shape makes a difference");
    assert_eq!(spent(&database), right);
}

/// One API message is written as a line for each of its blocks, and every line repeats the usage of the whole message. It was
/// paid for once. Its output grows while it is streamed: the last line has what was paid, the first one hardly anything.
#[test]
fn a_streamed_answer_is_counted_once_with_its_last_output() {
    let lines =
        [answer("u1", DAY, "msg_1", 100, 1), answer("u2", DAY, "msg_1", 100, 1), answer("u3", DAY, "msg_1", 100, 40)];
    assert_spent(&[(MAIN, &lines)], (100, 40), (300, 42));
}

/// Cache reads are most of the tokens, and every line of an answer repeats them: on a usual day, whose answers
/// have two or three lines each, counting lines counts them 2.6 times.
#[test]
fn cache_reads_are_counted_once_however_many_lines_repeat_them() {
    let lines_of_answers = [2, 3, 4, 2, 2];
    let mut lines = Vec::new();
    for (number, count) in lines_of_answers.into_iter().enumerate() {
        for line in 0..count {
            let record = answer(&format!("u{number}{line}"), DAY, &format!("msg_{number}"), 3, 40);
            lines.push(with(record, &[("/message/usage/cache_read_input_tokens", 50_000.into())]));
        }
    }
    let (_home, database) = indexed(&[(MAIN, &lines)]);
    let cache_reads = |record: &Value| record["message"]["usage"]["cache_read_input_tokens"].as_i64().unwrap();
    let every_line: i64 = lines.iter().map(cache_reads).sum();
    let right = dashboard(&database).tokens.cache_read_tokens;
    assert_eq!(right, 5 * 50_000, "each answer was paid for once");
    assert_eq!(every_line as f64 / right as f64, 2.6);
}

/// A resumed session starts as a copy of the old one: the same uuids in a new file, with the time of the resumption. Nothing in
/// it was requested or paid for again, and it happened on the day of the original.
#[test]
fn a_resumed_session_pays_for_nothing_again() {
    let first = [prompt("u1", DAY), answer("u2", DAY, "msg_1", 100, 40)];
    let at =
        |record: &Value, id: &str| with(record.clone(), &[("/timestamp", NEXT_DAY.into()), ("/sessionId", id.into())]);
    let resumed = [at(&first[0], "s2"), at(&first[1], "s2"), at(&answer("u3", NEXT_DAY, "msg_2", 7, 8), "s2")];
    let files: [(&str, &[Value]); 2] = [(MAIN, &first), (OTHER, &resumed)];
    assert_spent(&files, (107, 48), (207, 88));
    let (_home, database) = indexed(&files);
    let day = |date: &str| {
        let filter = super::transcript::days(Some(date), Some(date), "UTC");
        let answer = database.han.dashboard(&filter).unwrap();
        (answer.tokens.input_tokens, answer.prompts, answer.sessions)
    };
    assert_eq!((day("2026-03-01"), day("2026-03-02")), ((100, 1, 1), (7, 0, 1)));
}

/// A fork keeps message ids under new uuids and another session. The key that counts is the API's message id, over all files.
#[test]
fn a_fork_with_new_uuids_is_the_same_answer() {
    let original = [answer("u1", DAY, "msg_1", 100, 40)];
    let fork = [with(answer("u9", NEXT_DAY, "msg_1", 100, 40), &[("/sessionId", "s2".into())])];
    assert_spent(&[(MAIN, &original), (OTHER, &fork)], (100, 40), (200, 80));
}

/// A side question sends the conversation again and repeats its answers, under a new request id and sometimes with other
/// numbers. What the conversation itself states for its answer is right.
#[test]
fn a_sidechain_that_repeats_an_answer_does_not_pay_for_it() {
    let main = [answer("u1", DAY, "msg_1", 100, 40)];
    let changes =
        [("/isSidechain", json!(true)), ("/requestId", "req_2".into()), ("/message/usage/output_tokens", 90.into())];
    let side = [with(answer("u9", NEXT_DAY, "msg_1", 100, 40), &changes)];
    assert_spent(&[(MAIN, &main), (AGENT, &side)], (100, 40), (200, 130));
}

fn progress(carried: Value) -> Value {
    json!({ "type": "progress", "uuid": "p1", "sessionId": "s1", "timestamp": DAY,
        "data": { "type": "agent_progress", "agentId": "a1", "message": carried } })
}

/// The main file mirrors what its agents say. If the agent's own file exists, that is the same answer a second time; if
/// not, the mirror is the only record, and leaving it out loses what was spent.
#[test]
fn the_progress_of_an_agent_counts_where_nothing_else_reports_it() {
    let call = json!([{ "type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {} }]);
    let own = with(answer("u1", DAY, "msg_1", 100, 40), &[("/isSidechain", json!(true)), ("/message/content", call)]);
    let mirror = [progress(own.clone())];
    assert_spent(&[(MAIN, &mirror), (AGENT, std::slice::from_ref(&own))], (100, 40), (200, 80));
    let (_home, database) = indexed(&[(MAIN, &mirror)]);
    assert_eq!(spent(&database), (100, 40), "the only witness");
    let (_home, database) = indexed(&[(MAIN, &mirror), (AGENT, &[own])]);
    assert_eq!(dashboard(&database).tool_calls, 1, "what the agent did is counted in its own file");
}

/// The result of an agent's call sums up what the agent used. That has been counted already, answer by answer.
#[test]
fn the_summary_in_an_agents_result_is_not_added() {
    let result = json!({ "type": "user", "uuid": "u2", "sessionId": "s1", "timestamp": DAY,
        "message": { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "toolu_1", "content": "ok" }] },
        "toolUseResult": { "status": "completed", "totalTokens": 9_999, "usage": { "input_tokens": 9_000, "output_tokens": 999 } } });
    let (_home, database) = indexed(&[(MAIN, &[result]), (AGENT, &[answer("u1", DAY, "msg_1", 100, 40)])]);
    assert_eq!(spent(&database), (100, 40));
}

/// A second compaction writes the whole history into the file again, byte for byte.
#[test]
fn history_that_is_written_again_is_no_second_history() {
    let lines = [prompt("u1", DAY), answer("u2", DAY, "msg_1", 100, 40)];
    let twice = [lines.clone(), lines].concat();
    assert_spent(&[(MAIN, &twice)], (100, 40), (200, 80));
    let (_home, database) = indexed(&[(MAIN, &twice)]);
    let answer = dashboard(&database);
    assert_eq!((answer.messages, answer.prompts, answer.sessions), (2, 1, 1));
}

/// The agent program writes answers that are not from a model, such as errors. They cost nothing, and do not count as an unknown model.
#[test]
fn what_no_model_said_is_free() {
    let lines = [with(answer("u1", DAY, "msg_1", 100, 40), &[("/message/model", "<synthetic>".into())])];
    assert_spent(&[(MAIN, &lines)], (0, 0), (100, 40));
    let (_home, database) = indexed(&[(MAIN, &lines)]);
    let answer = dashboard(&database);
    assert_eq!((answer.cost, answer.api_messages, answer.unpriced_models.len(), answer.models.len()), (0.0, 0, 0, 0));
}

/// Cache writes for an hour cost twice the input, those for five minutes a quarter more: one price for both is wrong by half.
#[test]
fn cache_writes_of_an_hour_have_their_own_price() {
    let usage = json!({ "input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 100_000,
        "cache_creation": { "ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 100_000 } });
    let untrusted = json!({ "input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 100_000,
        "cache_creation": { "ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 60_000 } });
    for (usage, expected, why) in
        [(usage, 3.0, "an hour"), (untrusted, 1.875, "a split that does not sum up to the total says nothing")]
    {
        let (_home, database) =
            indexed(&[(MAIN, &[with(answer("u1", DAY, "msg_1", 0, 0), &[("/message/usage", usage)])])]);
        assert_eq!(dashboard(&database).cost, expected, "{why}");
    }
}

/// Long prompts have their own price, for the whole request. Whether a prompt was long is decided for each request, never for
/// sums: many short requests together are not a long one.
#[test]
fn the_price_of_long_prompts_is_that_of_each_request() {
    let request = |number: i64, input: i64, cache_read: i64| {
        let changes = [
            ("/message/model", json!("claude-sonnet-4-5-20250929")),
            ("/message/usage/cache_read_input_tokens", cache_read.into()),
        ];
        with(answer(&format!("u{number}"), DAY, &format!("msg_{number}"), input, 1_000), &changes)
    };
    let short = [request(1, 150_000, 50_000), request(2, 150_000, 50_000)];
    let (_home, database) = indexed(&[(MAIN, &short)]);
    assert_eq!(dashboard(&database).cost, (300_000.0 * 3.0 + 100_000.0 * 0.3 + 2_000.0 * 15.0) / 1e6);
    let long = [request(1, 150_000, 50_001), request(2, 150_000, 50_000)];
    let (_home, database) = indexed(&[(MAIN, &long)]);
    let expected = (150_000.0 * 9.0 + 50_001.0 * 0.6 + 50_000.0 * 0.3 + 1_000.0 * (22.5 + 15.0)) / 1e6;
    assert!((dashboard(&database).cost - expected).abs() < 1e-9, "cached tokens are part of the prompt");
}
