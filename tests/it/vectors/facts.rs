//! What is known of each message, read from the rows in a simple way.

use std::collections::HashMap;

use crate::support::home::Database;

/// A message.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) row_id: i64,
    pub(super) id: String,
    /// Its file, generation, line and part, which stay when its session is another.
    pub(super) place: String,
    pub(super) session: String,
    pub(super) project: String,
    pub(super) agent: Option<String>,
    pub(super) time: Option<i64>,
    pub(super) is_superseded: bool,
    pub(super) is_copy: bool,
    /// Whether an agent's own file has it as well.
    pub(super) is_echo: bool,
    /// Whether an agent's file of another session has it, or had it.
    pub(super) is_echo_of_others: bool,
    /// Whether it has an entry in the search index.
    pub(super) is_searchable: bool,
}

/// Every message.
pub(super) fn facts(database: &Database) -> Vec<Fact> {
    let connection = database.connection();
    let mut statement = connection
        .prepare(
            "SELECT m.id, printf('%016x:%d:%d', f.path_hash, m.line, m.part)
                    || CASE WHEN g.is_superseded THEN '~' || g.number ELSE '' END,
                    s.session_id, p.slug, coalesce(own.value, of_file.value), m.time, g.is_superseded,
                    m.replay_of IS NOT NULL, CAST(m.carried_uuid AS BLOB), CAST(m.uuid AS BLOB), f.kind, m.flags & 1024,
                    printf('%016x~%d:%d:%d', f.path_hash, g.number, m.line, m.part)
             FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
             JOIN sessions s ON s.id = f.session_id JOIN projects p ON p.id = f.project_id
             LEFT JOIN strings own ON own.id = m.agent_id LEFT JOIN strings of_file ON of_file.id = f.agent_id",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        let fact = Fact {
            row_id: row.get(0)?,
            id: row.get(1)?,
            session: row.get(2)?,
            project: row.get(3)?,
            agent: row.get(4)?,
            time: row.get(5)?,
            is_superseded: row.get(6)?,
            is_copy: row.get(7)?,
            is_echo: false,
            is_echo_of_others: false,
            is_searchable: row.get::<_, i64>(11)? != 0,
            place: row.get(12)?,
        };
        Ok((fact, row.get(8)?, row.get(9)?, row.get(10)?))
    });
    type Known = (Fact, Option<Vec<u8>>, Option<Vec<u8>>, String);
    let rows: Vec<Known> = rows.unwrap().map(Result::unwrap).collect();
    let mut of_agents: HashMap<Vec<u8>, Vec<Fact>> = HashMap::new();
    for (fact, _, uuid, kind) in &rows {
        if let (Some(uuid), "agent") = (uuid, kind.as_str()) {
            of_agents.entry(uuid.clone()).or_default().push(fact.clone());
        }
    }
    rows.into_iter()
        .map(|(fact, carried, ..)| {
            let own = carried.and_then(|uuid| of_agents.get(&uuid)).map(Vec::as_slice).unwrap_or_default();
            Fact {
                is_echo: own.iter().any(|own| !own.is_superseded),
                is_echo_of_others: own.iter().any(|own| own.session != fact.session),
                ..fact
            }
        })
        .collect()
}
