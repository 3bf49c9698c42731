//! The values of a statement's parameters.

use rusqlite::Statement;
use rusqlite::types::Value as SqlValue;
use serde_json::Value;

use crate::error::Error;
use crate::model::SqlParameters;
use crate::store::Failure;

const NAME: &str = "parameters";

/// Binds every parameter of the statement.
pub(super) fn bind(statement: &mut Statement<'_>, parameters: &SqlParameters) -> Result<(), Failure> {
    let count = statement.parameter_count();
    match parameters {
        SqlParameters::Positional(values) if values.len() != count => {
            let given = values.len();
            let problem = format!("holds {given} values, and the statement has {count} parameters; pass one for each");
            Err(Error::invalid(NAME, problem).into())
        }
        SqlParameters::Positional(values) => {
            for (index, value) in values.iter().enumerate() {
                statement.raw_bind_parameter(index + 1, to_sql(value)?)?;
            }
            Ok(())
        }
        SqlParameters::Named(values) => {
            let mut is_used = vec![false; values.len()];
            for index in 1..=count {
                let Some(name) = statement.parameter_name(index).map(str::to_owned) else {
                    let problem = "is an object, and the statement has parameters without a name; write :name";
                    return Err(Error::invalid(NAME, problem).into());
                };
                let is_meant = |key: &str| key == name || key == &name[1..];
                let Some((at, (_, value))) = values.iter().enumerate().find(|(_, (key, _))| is_meant(key)) else {
                    return Err(Error::invalid(NAME, format!("has no value for {name}")).into());
                };
                is_used[at] = true;
                statement.raw_bind_parameter(index, to_sql(value)?)?;
            }
            match values.keys().zip(is_used).find(|(_, is_used)| !is_used) {
                Some((key, _)) => {
                    let problem = format!("has a value for {key:?}, which the statement does not name");
                    Err(Error::invalid(NAME, problem).into())
                }
                None => Ok(()),
            }
        }
    }
}

fn to_sql(value: &Value) -> Result<SqlValue, Failure> {
    Ok(match value {
        Value::Null => SqlValue::Null,
        Value::Bool(is_true) => SqlValue::Integer(i64::from(*is_true)),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => SqlValue::Integer(integer),
            (None, Some(real)) if !number.is_u64() => SqlValue::Real(real),
            _ => return Err(Error::invalid(NAME, format!("{number} is beyond 64 bits; pass it as text")).into()),
        },
        Value::String(text) => SqlValue::Text(text.clone()),
        Value::Array(_) => SqlValue::Text(value.to_string()),
        Value::Object(fields) => match fields.get("hex") {
            Some(Value::String(digits)) if fields.len() == 1 => SqlValue::Blob(bytes(digits)?),
            _ => SqlValue::Text(value.to_string()),
        },
    })
}

fn bytes(digits: &str) -> Result<Vec<u8>, Failure> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let pair = |pair: &[u8]| match *pair {
        [high, low] => Some((nibble(high)? << 4 | nibble(low)?) as u8),
        _ => None,
    };
    let read: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(pair).collect();
    read.ok_or_else(|| Error::invalid(NAME, format!("holds a blob that is not hex: {digits:?}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_values() {
        let cases = [
            (serde_json::json!(null), SqlValue::Null),
            (serde_json::json!(true), SqlValue::Integer(1)),
            (serde_json::json!(i64::MIN), SqlValue::Integer(i64::MIN)),
            (serde_json::json!(0.5), SqlValue::Real(0.5)),
            (serde_json::json!("a"), SqlValue::Text("a".into())),
            (serde_json::json!([1, "b"]), SqlValue::Text("[1,\"b\"]".into())),
            (serde_json::json!({ "hex": "00Ff" }), SqlValue::Blob(vec![0, 255])),
            (serde_json::json!({ "hex": "00", "a": 1 }), SqlValue::Text("{\"a\":1,\"hex\":\"00\"}".into())),
        ];
        for (json, expected) in cases {
            assert_eq!(to_sql(&json).unwrap(), expected, "{json}");
        }
        for refused in
            [serde_json::json!(u64::MAX), serde_json::json!({ "hex": "0" }), serde_json::json!({ "hex": "é" })]
        {
            assert!(to_sql(&refused).is_err(), "{refused}");
        }
    }
}
