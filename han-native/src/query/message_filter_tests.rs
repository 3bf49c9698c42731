use proptest::prelude::*;
use proptest::sample::select;

use crate::model::{AgentSelection, Message, MessageQuery, MessageRole, Page, Timestamp};
use crate::query::messages::list_in;
use crate::query::testing::{Fixture, Line};
use crate::row::{self, flag};

const TYPES: [&str; 3] = ["user", "assistant", "system"];
const TOOLS: [&str; 3] = ["Bash", "Edit", "Unused"];

/// What the filters see of a message.
#[derive(Debug, Clone)]
struct Facts {
    is_of_agent: bool,
    time: Option<i64>,
    record_type: usize,
    role: Option<MessageRole>,
    is_error: bool,
    is_copy: bool,
    is_request_log: bool,
    /// The tool that it calls, and the earlier or later message whose calls it has the results of.
    calls: Option<usize>,
    answers: Option<usize>,
}

fn facts() -> impl Strategy<Value = Facts> {
    let role = proptest::option::of(select(vec![MessageRole::User, MessageRole::Assistant]));
    let tools = (proptest::option::of(0..2_usize), proptest::option::of(0..8_usize));
    let flags = (any::<bool>(), any::<bool>(), proptest::bool::weighted(0.2), proptest::bool::weighted(0.2));
    (proptest::option::of(0..6_i64), 0..3_usize, role, tools, flags).prop_map(
        |(time, record_type, role, (calls, answers), (is_of_agent, is_error, is_copy, is_request_log))| Facts {
            is_of_agent,
            time,
            record_type,
            role,
            is_error,
            is_copy,
            is_request_log,
            calls,
            answers,
        },
    )
}

fn store(all: &[Facts]) -> Fixture {
    let fixture = Fixture::new();
    let session = fixture.session("s1", None, true);
    let main = fixture.file(session, "projects/p/s1.jsonl", "main", None);
    let agent = fixture.file(session, "projects/p/s1/subagents/agent-a1.jsonl", "agent", Some("a1"));
    for (at, facts) in all.iter().enumerate() {
        let generation = if facts.is_of_agent { agent } else { main };
        let replay_of = facts.is_copy.then_some(1_000_000);
        let text = format!("m{at}");
        let line = Line { replay_of, ..Line::new(at as i64 + 1, facts.time, &text) };
        let id = fixture.line(generation, line);
        let role = match facts.role {
            Some(MessageRole::User) => flag::ROLE_USER,
            Some(MessageRole::Assistant) => flag::ROLE_ASSISTANT,
            None => 0,
        };
        let error = if facts.is_error { flag::ERROR } else { 0 };
        let record_type = fixture.string(TYPES[facts.record_type]);
        let log = if facts.is_request_log { flag::REQUEST_LOG } else { 0 };
        let flags = role | error | log;
        fixture.run("UPDATE messages SET type_id = ?2, flags = ?3 WHERE id = ?1", [id, record_type, flags]);
        if facts.is_request_log {
            fixture.run(
                "UPDATE generations SET logged = logged + 1, replays = replays - ?2 WHERE id = ?1",
                [generation, i64::from(facts.is_copy)],
            );
        }
        if let Some(tool) = facts.calls {
            let (id_of_call, name) = (format!("toolu_{at}"), fixture.string(TOOLS[tool]));
            let key = row::tool_use_key(&id_of_call);
            fixture.run("INSERT INTO tool_calls VALUES (?1, 0, ?2, ?3, ?4)", (id, key, id_of_call, name));
        }
        if let Some(call) = facts.answers {
            let key = row::tool_use_key(&format!("toolu_{call}"));
            fixture.run("INSERT INTO tool_results VALUES (?1, 0, ?2, 0, NULL)", [id, key]);
        }
    }
    fixture
}

fn query() -> impl Strategy<Value = MessageQuery> {
    let rarely = |range: std::ops::Range<usize>| proptest::option::weighted(0.3, range);
    let files = select(vec![(None, None), (None, Some(AgentSelection::All)), (Some("a1"), None)]);
    let types = proptest::option::weighted(0.4, proptest::collection::vec(0..3_usize, 0..3));
    let role = proptest::option::weighted(0.3, select(vec![MessageRole::User, MessageRole::Assistant]));
    let times = (rarely(0..7), rarely(0..7));
    (files, types, role, rarely(0..3), times, any::<bool>(), any::<bool>()).prop_map(
        |((agent, agents), types, role, tool, (since, until), only_errors, include_replays)| MessageQuery {
            session_id: "s1".into(),
            agent_id: agent.map(str::to_owned),
            agents,
            types: types.map(|types| types.iter().map(|index| TYPES[*index].to_owned()).collect()),
            role,
            tool: tool.map(|index| TOOLS[index].to_owned()),
            since: since.map(|time| Timestamp(time as i64)),
            until: until.map(|time| Timestamp(time as i64)),
            only_errors,
            include_replays,
            with_total: true,
            ..MessageQuery::default()
        },
    )
}

/// Which messages are listed, and in which order, written a second time.
fn listed(all: &[Facts], query: &MessageQuery) -> Vec<String> {
    let uses = |facts: &Facts, tool: &str| {
        let answered = facts.answers.and_then(|call| all.get(call)).and_then(|call| call.calls);
        [facts.calls, answered].into_iter().flatten().any(|index| TOOLS[index] == tool)
    };
    let is_wanted = |facts: &Facts| {
        let of_file = match (&query.agent_id, query.agents) {
            (Some(_), _) => facts.is_of_agent,
            (None, Some(AgentSelection::All)) => true,
            (None, _) => !facts.is_of_agent,
        };
        let types = query.types.as_deref().unwrap_or_default();
        of_file
            && (types.is_empty() || types.iter().any(|name| name == TYPES[facts.record_type]))
            && query.role.is_none_or(|role| facts.role == Some(role))
            && query.tool.as_deref().is_none_or(|tool| uses(facts, tool))
            && query.since.is_none_or(|since| facts.time.is_some_and(|time| time >= since.0))
            && query.until.is_none_or(|until| facts.time.is_some_and(|time| time < until.0))
            && (!query.only_errors || facts.is_error)
            && (query.include_replays || !facts.is_copy)
            && (!facts.is_request_log || !types.is_empty())
    };
    let is_merged = query.agents == Some(AgentSelection::All) && query.agent_id.is_none();
    let mut found: Vec<(Option<i64>, bool, usize)> = all
        .iter()
        .enumerate()
        .filter(|(_, facts)| is_wanted(facts))
        .map(|(at, facts)| (facts.time.filter(|_| is_merged), facts.is_of_agent, at))
        .collect();
    found.sort();
    found.into_iter().map(|(_, _, at)| format!("m{at}")).collect()
}

fn previews(page: &Page<Message>) -> Vec<String> {
    page.items.iter().map(|message| message.preview.clone()).collect()
}

proptest! {
    #[test]
    fn lists_are_what_their_definition_says(
        all in proptest::collection::vec(facts(), 0..12),
        query in query(),
        size in 1..5_i64,
    ) {
        let fixture = store(&all);
        let expected = listed(&all, &query);
        let page = list_in(&fixture.connection, &query).unwrap();
        prop_assert_eq!(previews(&page), &expected[..]);
        prop_assert_eq!(page.total_count, Some(expected.len() as i64));

        let (mut forwards, mut after) = (Vec::new(), None);
        loop {
            let query = MessageQuery { first: Some(size), after, ..query.clone() };
            let page = list_in(&fixture.connection, &query).unwrap();
            forwards.extend(previews(&page));
            after = page.end_cursor;
            if !page.has_next_page {
                break;
            }
        }
        let (mut backwards, mut before) = (Vec::new(), None);
        loop {
            let query = MessageQuery { last: Some(size), before, ..query.clone() };
            let page = list_in(&fixture.connection, &query).unwrap();
            backwards.splice(0..0, previews(&page));
            before = page.start_cursor;
            if !page.has_previous_page {
                break;
            }
        }
        prop_assert_eq!([forwards, backwards], [expected.clone(), expected]);
    }
}
