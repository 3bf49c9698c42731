//! What an operation returns, for whichever language asked.

use serde::Serialize;

use crate::error::{Error, Result};

/// The result of an operation.
pub enum Answer {
    /// A value that serde writes: as JSON, or as the objects of another language.
    Value(Box<dyn erased_serde::Serialize + Send>),
    /// A document of text.
    Text(String),
    /// Bytes, or `None` for what does not exist. JSON has no bytes: there they are base64 text (RFC 4648, with padding).
    Bytes(Vec<Option<Vec<u8>>>),
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Answer::Value(_) => "Value",
            Answer::Text(_) => "Text",
            Answer::Bytes(_) => "Bytes",
        })
    }
}

impl Answer {
    /// The result as bytes: a document as it is, everything else as one line of JSON.
    ///
    /// # Errors
    /// Only if there is a defect: every result can be written as JSON.
    pub fn into_bytes(self) -> Result<Vec<u8>> {
        let written = match self {
            Answer::Text(text) => return Ok(text.into_bytes()),
            Answer::Value(value) => serde_json::to_vec(&value),
            Answer::Bytes(records) => {
                serde_json::to_vec(&records.iter().map(|bytes| bytes.as_ref().map(base64::encode)).collect::<Vec<_>>())
            }
        };
        written.map_err(|error| Error::io("the JSON of the result", error.into()))
    }
}

/// What kind of result an operation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// [`Answer::Value`].
    Value,
    /// [`Answer::Text`].
    Text,
    /// [`Answer::Bytes`].
    Bytes,
}

/// A result that becomes an [`Answer`].
pub(super) trait Reply {
    const FORM: Form;

    fn answer(self) -> Answer;
}

impl<T: Serialize + Send + 'static> Reply for T {
    const FORM: Form = Form::Value;

    fn answer(self) -> Answer {
        Answer::Value(Box::new(self))
    }
}

/// A document that other languages get as text, not as JSON.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(transparent))]
pub(super) struct Document(pub String);

impl Reply for Document {
    const FORM: Form = Form::Text;

    fn answer(self) -> Answer {
        Answer::Text(self.0)
    }
}

/// Bytes that other languages get as such.
pub(super) struct Records(pub Vec<Option<Vec<u8>>>);

impl Reply for Records {
    const FORM: Form = Form::Bytes;

    fn answer(self) -> Answer {
        Answer::Bytes(self.0)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Records {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Records".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "array",
            "items": { "type": ["string", "null"], "contentEncoding": "base64" },
        })
    }
}
