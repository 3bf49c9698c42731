//! The input of a tool call, field by field in the order in which it was written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The names and values of an input that is an object, in their order: strings as they read, other values as JSON. `None`
/// for any other input.
pub(super) fn fields(input: &str) -> Option<Vec<(String, String)>> {
    serde_json::from_str::<Fields>(input).ok().map(|fields| fields.0)
}

struct Fields(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    let json = value.get();
                    let text = if json.starts_with('"') { serde_json::from_str(json).ok() } else { None };
                    fields.push((name, text.unwrap_or_else(|| json.to_owned())));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_odd_input_is_left_alone() {
        let found = fields(r#"{"zeta":"two\nlines","alpha":[1,{"b":2}],"n":1e400,"odd":"\ud800"}"#).unwrap();
        let expected = [("zeta", "two\nlines"), ("alpha", r#"[1,{"b":2}]"#), ("n", "1e400"), ("odd", r#""\ud800""#)];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(fields("[1]"), None);
        assert_eq!(fields(r#"{"cut": "off"#), None);
        assert_eq!(fields(""), None);
    }
}
