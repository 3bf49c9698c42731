//! Table `messages_fts`: the full-text index.

use rusqlite::{Connection, Statement, params};

use crate::model::SearchField;
use crate::store::failure::Failure;

/// The statement of [`insert`].
pub(crate) const INSERT: &str = "
    INSERT INTO messages_fts (rowid, user, assistant, thinking, tool_input, tool_output, title, other)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

pub(crate) fn insert(
    statement: &mut Statement<'_>,
    message_id: i64,
    document: &[(SearchField, String)],
) -> Result<(), Failure> {
    let mut columns: [Option<&str>; SearchField::ALL.len()] = Default::default();
    for (field, text) in document {
        columns[*field as usize] = Some(text);
    }
    let [user, assistant, thinking, tool_input, tool_output, title, other] = columns;
    statement.execute(params![message_id, user, assistant, thinking, tool_input, tool_output, title, other])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM messages_fts WHERE rowid = ?1")?.execute([message_id])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::derive::tokens;
    use crate::store::empty_database;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_index_finds_the_tokens_of_a_text(
            text in "\\PC{0,80}|[a-zA-Z_é重跑 ]{0,200}|([a-zA-Z]{60,70}[ \\x00—\u{301}é\\\\\"]){0,4}|[\\x00-\\x{ffff}]{0,40}",
        ) {
            let connection = empty_database();
            let document = [(SearchField::User, tokens::document(text.clone()))];
            insert(&mut connection.prepare(INSERT).unwrap(), 1, &document).unwrap();
            connection.execute_batch("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, messages_fts, instance)").unwrap();
            let mut statement = connection.prepare("SELECT term FROM words ORDER BY offset").unwrap();
            let found: Vec<String> =
                statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
            let mut expected = Vec::new();
            tokens::for_each_token(&text, &mut |token| expected.push(token.folded.into_owned()));
            prop_assert_eq!(found, expected);
        }
    }
}
