//! `instr`, `replace`, `trim`, `ltrim` and `rtrim`: as SQLite's own, but in time that grows with the sum of their arguments'
//! lengths. Its own take hours for long ones, and neither a deadline nor cancelling ends a function.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use memchr::memmem;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, ffi};

use super::answer::{Answer, FLAGS};
use super::gate::LONGEST_VALUE;

/// Registers the functions with a connection. `text_of` writes a fraction as SQLite does.
pub(super) fn register(
    target: &Connection,
    text_of: impl Fn(f64) -> Answer<String> + Send + Sync + 'static,
) -> rusqlite::Result<()> {
    let texts = Arc::new(Texts { of_real: Box::new(text_of) });
    let own = Arc::clone(&texts);
    target.create_scalar_function("instr", 2, FLAGS, move |context| own.instr(context))?;
    let own = Arc::clone(&texts);
    target.create_scalar_function("replace", 3, FLAGS, move |context| own.replace(context))?;
    for (name, ends) in [("trim", (true, true)), ("ltrim", (true, false)), ("rtrim", (false, true))] {
        let own = Arc::clone(&texts);
        target.create_scalar_function(name, 2, FLAGS, move |context| own.trim(context, ends))?;
    }
    Ok(())
}

struct Texts {
    of_real: Box<dyn Fn(f64) -> Answer<String> + Send + Sync>,
}

impl Texts {
    /// An argument as text; `None` for NULL.
    fn get<'c>(&self, context: &'c Context<'_>, at: usize) -> Answer<Option<Cow<'c, str>>> {
        Ok(Some(match context.get_raw(at) {
            ValueRef::Null => return Ok(None),
            ValueRef::Integer(integer) => Cow::Owned(integer.to_string()),
            ValueRef::Real(real) => Cow::Owned((self.of_real)(real)?),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes),
        }))
    }

    /// Where the second argument begins in the first: in bytes, if both are blobs, else in characters, from 1; 0 for nowhere.
    fn instr(&self, context: &Context<'_>) -> Answer<Option<i64>> {
        if let (ValueRef::Blob(all), ValueRef::Blob(wanted)) = (context.get_raw(0), context.get_raw(1)) {
            return Ok(Some(memmem::find(all, wanted).map_or(0, |at| at as i64 + 1)));
        }
        let (Some(all), Some(wanted)) = (self.get(context, 0)?, self.get(context, 1)?) else { return Ok(None) };
        let found = memmem::find(all.as_bytes(), wanted.as_bytes());
        Ok(Some(found.map_or(0, |at| all[..at].chars().count() as i64 + 1)))
    }

    fn replace(&self, context: &Context<'_>) -> Answer<Value> {
        let (Some(all), Some(wanted)) = (self.get(context, 0)?, self.get(context, 1)?) else { return Ok(Value::Null) };
        if wanted.is_empty() || wanted.starts_with('\0') {
            return Ok(Value::Text(all.into_owned()));
        }
        let Some(other) = self.get(context, 2)? else { return Ok(Value::Null) };
        let mut replaced = String::new();
        let mut rest = 0;
        for at in memmem::find_iter(all.as_bytes(), wanted.as_bytes()) {
            replaced.push_str(&all[rest..at]);
            replaced.push_str(&other);
            rest = at + wanted.len();
            if replaced.len() > LONGEST_VALUE as usize {
                return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_TOOBIG), None));
            }
        }
        replaced.push_str(&all[rest..]);
        Ok(Value::Text(replaced))
    }

    /// Takes the characters of the second argument off the ends of the first.
    fn trim(&self, context: &Context<'_>, (start, end): (bool, bool)) -> Answer<Option<String>> {
        let (Some(all), Some(wanted)) = (self.get(context, 0)?, self.get(context, 1)?) else { return Ok(None) };
        let wanted: HashSet<char> = wanted.chars().take_while(|character| *character != '\0').collect();
        let is_wanted = |character: char| wanted.contains(&character);
        let mut left: &str = &all;
        if start {
            left = left.trim_start_matches(is_wanted);
        }
        if end {
            left = left.trim_end_matches(is_wanted);
        }
        Ok(Some(left.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_answer_as_those_of_sqlite() {
        let own = Connection::open_in_memory().unwrap();
        let other = Connection::open_in_memory().unwrap();
        register(&own, |real| {
            let connection = Connection::open_in_memory()?;
            connection.query_row("SELECT CAST(?1 AS TEXT)", [real], |row| row.get(0))
        })
        .unwrap();
        let values = "NULL; ''; 'a'; 'aa'; 'ab'; 'baab'; 'größe a'; 'öß'; '😀a😀'; '😀'; 1; 10.5; 1e300; 0.1; -7; x''; x'6161'; \
            x'61'; x'c3b6'; char(0); 'a' || char(0) || 'b'; ' a '; ' '";
        let values: Vec<&str> = values.split("; ").collect();
        let others = ["NULL", "''", "'xyz'", "5", "2.50"];
        let mut count = 0;
        for first in &values {
            for second in &values {
                let mut calls = vec![format!("instr({first}, {second})")];
                calls.extend(["trim", "ltrim", "rtrim"].map(|name| format!("{name}({first}, {second})")));
                calls.extend(others.map(|other| format!("replace({first}, {second}, {other})")));
                for call in calls {
                    let sql = format!("SELECT typeof({call}), {call}");
                    let ask = |connection: &Connection| -> (String, Value) {
                        connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
                    };
                    assert_eq!(ask(&own), ask(&other), "{call}");
                    count += 1;
                }
            }
        }
        assert!(count > 4_000);
    }
}
