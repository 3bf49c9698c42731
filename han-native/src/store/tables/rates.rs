//! Table `rates`: models with the rate at which something of them was charged, if that is not the usual one. Sums have its id in
//! the place of the model's.

use rusqlite::{Connection, OptionalExtension, params};

use crate::cost::Rate;
use crate::store::failure::Failure;

/// The smallest id: far from those of names, and six bytes where sums are packed.
pub(crate) const FIRST: i64 = 1 << 40;

/// The id that sums of a model at a rate are stored under: the model's own if it is charged as usual.
pub(super) fn intern(connection: &Connection, model_id: i64, rate: &Rate) -> Result<i64, Failure> {
    if rate.is_standard() {
        return Ok(model_id);
    }
    let text = rate.to_string();
    let known = connection
        .prepare_cached("SELECT id FROM rates WHERE model_id = ?1 AND rate = ?2")?
        .query_row(params![model_id, text], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO rates SELECT max(?1, coalesce(max(id) + 1, 0)), ?2, ?3 FROM rates")?
        .execute(params![FIRST, model_id, text])?;
    Ok(connection.last_insert_rowid())
}

/// The name of the model, and the rate, of ids that sums are stored under: their own id first. Takes a JSON list of ids as `?1`.
pub(crate) const NAMES: &str = "
    SELECT wanted.value, model.value, rate.rate FROM json_each(?1) AS wanted
    LEFT JOIN rates AS rate ON rate.id = wanted.value
    LEFT JOIN strings AS model ON model.id = coalesce(rate.model_id, wanted.value)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_at_a_rate_has_one_id_which_is_that_of_no_name() {
        let connection = crate::store::empty_database();
        connection.execute("INSERT INTO strings VALUES (7, 'm')", []).unwrap();
        let rate = |text: &str| Rate::parse(text);
        let of = |model_id: i64, text: &str| intern(&connection, model_id, &rate(text)).unwrap();
        assert_eq!((of(7, ""), of(0, "")), (7, 0), "as usual");
        let ids = [of(7, "speed=fast"), of(7, "geo=us"), of(0, "speed=fast")];
        assert_eq!(ids, [FIRST, FIRST + 1, FIRST + 2]);
        assert_eq!(of(7, "geo=us"), FIRST + 1);
        let mut statement = connection.prepare(NAMES).unwrap();
        let mut names = statement
            .query_map([format!("[7, {FIRST}, {}, 0]", FIRST + 2)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .collect::<rusqlite::Result<Vec<(i64, Option<String>, Option<String>)>>>()
            .unwrap();
        names.sort();
        let (model, fast) = (Some("m".to_owned()), Some("speed=fast".to_owned()));
        let expected =
            [(0, None, None), (7, model.clone(), None), (FIRST, model, fast.clone()), (FIRST + 2, None, fast)];
        assert_eq!(names, expected);
    }
}
