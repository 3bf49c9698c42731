//! What is known of each message, read from the rows in a plain way.

use std::collections::HashSet;

use crate::support::home::Database;

/// A message.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) row_id: i64,
    pub(super) id: String,
    pub(super) session: String,
    pub(super) project: String,
    pub(super) agent: Option<String>,
    pub(super) time: Option<i64>,
    pub(super) is_superseded: bool,
    pub(super) is_copy: bool,
    /// Whether an agent's own file has it as well.
    pub(super) is_echo: bool,
}

/// Every message.
pub(super) fn facts(database: &Database) -> Vec<Fact> {
    let connection = database.connection();
    let mut statement = connection
        .prepare(
            "SELECT m.id, printf('%016x:%d:%d', f.path_hash, m.line, m.part)
                    || CASE WHEN g.is_superseded THEN '~' || g.number ELSE '' END,
                    s.session_id, p.slug, coalesce(own.value, of_file.value), m.time, g.is_superseded,
                    m.replay_of IS NOT NULL, CAST(m.carried_uuid AS BLOB), CAST(m.uuid AS BLOB), f.kind
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
        };
        Ok((fact, row.get(8)?, row.get(9)?, row.get(10)?))
    });
    type Known = (Fact, Option<Vec<u8>>, Option<Vec<u8>>, String);
    let rows: Vec<Known> = rows.unwrap().map(Result::unwrap).collect();
    let of_agents: HashSet<Vec<u8>> = rows
        .iter()
        .filter(|(fact, _, _, kind)| kind == "agent" && !fact.is_superseded)
        .filter_map(|(_, _, uuid, _)| uuid.clone())
        .collect();
    rows.into_iter()
        .map(|(fact, carried, ..)| Fact { is_echo: carried.is_some_and(|uuid| of_agents.contains(&uuid)), ..fact })
        .collect()
}
