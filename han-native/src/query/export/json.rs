//! The session as JSON: the shape of `SessionExport`, written message by message.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Document, Entry, File, Header};
use crate::model::{ExportedMessage, SearchField};
use crate::query::record::parts::Part;

const FORMAT: &str = "han-session";
const VERSION: i64 = 1;

pub(super) struct Json<W> {
    out: W,
    /// Whether a comma is due before the next file, and the next message.
    is_first_file: bool,
    is_first_message: bool,
}

impl<W: Write> Json<W> {
    pub(super) fn new(out: W) -> Json<W> {
        Json { out, is_first_file: true, is_first_message: true }
    }

    fn field(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, name)?;
        self.out.write_all(b":")?;
        serde_json::to_writer(&mut self.out, value)?;
        Ok(())
    }

    fn separator(&mut self, is_first: bool) -> io::Result<()> {
        self.out.write_all(if is_first { b"\n" } else { b",\n" })
    }
}

impl<W: Write> Document for Json<W> {
    const IS_READ_BY_PEOPLE: bool = false;

    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.out.write_all(b"{")?;
        self.field("format", &FORMAT)?;
        self.out.write_all(b",")?;
        self.field("version", &VERSION)?;
        self.out.write_all(b",\n")?;
        self.field("session", &header.session)?;
        self.out.write_all(b",\n")?;
        self.field("problems", &header.problems)?;
        self.out.write_all(b",\n\"files\":[")
    }

    fn begin_file(&mut self, file: &File) -> io::Result<()> {
        let is_first = std::mem::replace(&mut self.is_first_file, false);
        self.separator(is_first)?;
        self.is_first_message = true;
        self.out.write_all(b"{")?;
        let File { path, kind, agent_id, agent_type, agent_description, workflow, is_missing } = file;
        let texts = [("agentId", agent_id), ("agentType", agent_type), ("agentDescription", agent_description)];
        self.field("path", path)?;
        self.out.write_all(b",")?;
        self.field("kind", kind)?;
        for (name, text) in texts.into_iter().chain([("workflow", workflow)]) {
            self.out.write_all(b",")?;
            self.field(name, text)?;
        }
        self.out.write_all(b",")?;
        self.field("isMissing", is_missing)?;
        self.out.write_all(b",\"messages\":[")
    }

    fn message(&mut self, entry: &Entry) -> io::Result<()> {
        let is_first = std::mem::replace(&mut self.is_first_message, false);
        self.separator(is_first)?;
        let message =
            ExportedMessage { message: entry.message.clone(), text: text(&entry.parts), raw: entry.raw.clone() };
        Ok(serde_json::to_writer(&mut self.out, &message)?)
    }

    fn end_file(&mut self) -> io::Result<()> {
        self.out.write_all(b"]}")
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.write_all(b"]}\n")
    }
}

/// The texts by field; several of one field are lines below each other.
fn text(parts: &[Part]) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for part in parts {
        let (field, text): (SearchField, &str) = match part {
            Part::Said { field, text, .. } => (*field, text),
            Part::Thinking { text } => (SearchField::Thinking, text),
            Part::Call(call) => (SearchField::ToolInput, &call.input),
            Part::Result(outcome) => {
                add(&mut texts, SearchField::ToolOutput, &outcome.text);
                match &outcome.spilled {
                    Some((text, _)) => (SearchField::ToolOutput, text),
                    None => continue,
                }
            }
            Part::Picture(_) | Part::Document => continue,
        };
        add(&mut texts, field, text);
    }
    texts
}

fn add(texts: &mut BTreeMap<String, String>, field: SearchField, text: &str) {
    let all = texts.entry(name(field)).or_default();
    if !all.is_empty() {
        all.push('\n');
    }
    all.push_str(text);
}

/// The name of a field at the edge.
fn name(field: SearchField) -> String {
    match field {
        SearchField::User => "user",
        SearchField::Assistant => "assistant",
        SearchField::Thinking => "thinking",
        SearchField::ToolInput => "toolInput",
        SearchField::ToolOutput => "toolOutput",
        SearchField::Title => "title",
        SearchField::Other => "other",
    }
    .to_owned()
}
