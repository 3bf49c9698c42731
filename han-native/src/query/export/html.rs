//! The session as one HTML page: no scripts, nothing from elsewhere, light and dark, and readable on paper. Every text is
//! escaped; the answers' Markdown is rendered by `rich.rs`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};

use super::reading::{self, Speaker};
use super::{Document, Entry, File, Header, input, rich};
use crate::model::SearchField;
use crate::query::record::parts::{Call, Outcome, Part};

const STYLE: &str = include_str!("style.css");

/// Nothing is loaded and nothing runs, whatever may slip through.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

pub(super) struct Html<W> {
    out: W,
    /// Whose article is open.
    speaker: Option<Speaker>,
    /// The agents that have a section.
    agents: BTreeSet<String>,
}

impl<W: Write> Html<W> {
    pub(super) fn new(out: W) -> Html<W> {
        Html { out, speaker: None, agents: BTreeSet::new() }
    }

    fn open_article(&mut self, entry: &Entry) -> io::Result<()> {
        let speaker = reading::speaker(entry);
        if speaker.class != "user" && self.speaker.as_ref() == Some(&speaker) {
            return Ok(());
        }
        self.close_article()?;
        write!(self.out, "<article class=\"{}\">\n<h3>{}", speaker.class, escaped(&speaker.name))?;
        if let Some(time) = entry.message.timestamp {
            write!(self.out, " <time datetime=\"{time}\">{time}</time>")?;
        }
        self.speaker = Some(speaker);
        self.out.write_all(b"</h3>\n")
    }

    fn close_article(&mut self) -> io::Result<()> {
        match self.speaker.take() {
            Some(_) => self.out.write_all(b"</article>\n"),
            None => Ok(()),
        }
    }

    fn part(&mut self, entry: &Entry, part: &Part) -> io::Result<()> {
        match part {
            Part::Said { field, text, is_cut, .. } => {
                match field {
                    SearchField::Assistant => writeln!(self.out, "<div class=\"rich\">{}</div>", rich::rich(text))?,
                    SearchField::User => writeln!(self.out, "<div class=\"text\">{}</div>", escaped(text))?,
                    _ if entry.message.role.is_some() => self.folded("Context", text)?,
                    _ if reading::is_inline(text) => self.remark(&reading::record_name(entry), text)?,
                    _ => self.folded(&reading::record_name(entry), text)?,
                }
                if *is_cut { self.cut() } else { Ok(()) }
            }
            Part::Thinking { text } => self.folded("Thinking", text),
            Part::Call(call) => self.call(call),
            Part::Result(outcome) => self.outcome(outcome),
            Part::Picture(_) => self.out.write_all(b"<p class=\"remark\">[image]</p>\n"),
            Part::Document => self.out.write_all(b"<p class=\"remark\">[document]</p>\n"),
        }
    }

    fn call(&mut self, call: &Call) -> io::Result<()> {
        writeln!(self.out, "<div class=\"call\">\n<h4>{}</h4>", escaped(reading::call_name(call)))?;
        match input::fields(&call.input) {
            Some(fields) if fields.is_empty() => {}
            Some(fields) => {
                self.out.write_all(b"<dl>\n")?;
                for (name, value) in &fields {
                    let (name, value) = (escaped(name), code(value));
                    writeln!(self.out, "<dt>{name}</dt><dd>{value}</dd>")?;
                }
                self.out.write_all(b"</dl>\n")?;
            }
            None if call.input.is_empty() => {}
            None => writeln!(self.out, "{}", block(&call.input))?,
        }
        call.outcomes.iter().try_for_each(|outcome| self.outcome(outcome))?;
        self.out.write_all(b"</div>\n")
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.folded(reading::outcome_name(outcome), &outcome.text)?;
        if let Some((text, is_cut)) = &outcome.spilled {
            self.folded("Whole output", text)?;
            if *is_cut {
                self.cut()?;
            }
        }
        match &outcome.agent_id {
            Some(agent) if self.agents.contains(agent) => {
                let (anchor, name) = (anchor(agent), escaped(agent));
                writeln!(self.out, "<p class=\"remark\">By the <a href=\"#{anchor}\">agent {name}</a></p>")
            }
            Some(agent) => self.remark("By the agent", agent),
            None => Ok(()),
        }
    }

    fn folded(&mut self, name: &str, text: &str) -> io::Result<()> {
        let class = if name == "Error" { " class=\"error\"" } else { "" };
        let (name, text) = (escaped(name), block(text));
        writeln!(self.out, "<details{class}><summary>{name}</summary>\n{text}\n</details>")
    }

    fn remark(&mut self, name: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "<p class=\"remark\"><b>{}</b> {}</p>", escaped(name), escaped(text))
    }

    fn cut(&mut self) -> io::Result<()> {
        writeln!(self.out, "<p class=\"remark\">{}</p>", escaped(reading::CUT))
    }
}

impl<W: Write> Document for Html<W> {
    const IS_READ_BY_PEOPLE: bool = true;

    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.agents.clone_from(&header.agents);
        let title = escaped(reading::title(header));
        write!(
            self.out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<dl>\n"
        )?;
        for (name, value) in reading::facts(header) {
            writeln!(self.out, "<dt>{name}</dt><dd>{}</dd>", escaped(&value))?;
        }
        self.out.write_all(b"</dl>\n</header>\n<main>\n")
    }

    fn begin_file(&mut self, file: &File) -> io::Result<()> {
        match &file.agent_id {
            Some(agent) => writeln!(self.out, "<section id=\"{}\">", anchor(agent))?,
            None => self.out.write_all(b"<section>\n")?,
        }
        match reading::file_title(file) {
            Some(title) => writeln!(self.out, "<h2>{}</h2>", escaped(&title)),
            None => Ok(()),
        }
    }

    fn message(&mut self, entry: &Entry) -> io::Result<()> {
        if reading::is_compaction(entry) {
            self.close_article()?;
            return self.out.write_all(b"<p class=\"compacted\">The conversation was compacted here.</p>\n");
        }
        if let Some(remark) = reading::remark(entry) {
            return self.remark(&reading::record_name(entry), remark);
        }
        if entry.parts.is_empty() && entry.raw.is_none() {
            return Ok(());
        }
        if reading::is_spoken(entry) {
            self.open_article(entry)?;
        }
        entry.parts.iter().try_for_each(|part| self.part(entry, part))?;
        match &entry.raw {
            Some(raw) => self.folded("Record", raw),
            None => Ok(()),
        }
    }

    fn end_file(&mut self) -> io::Result<()> {
        self.close_article()?;
        self.out.write_all(b"</section>\n")
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.write_all(b"</main>\n</body>\n</html>\n")
    }
}

/// The id of an agent's section. An id may hold anything but blanks.
fn anchor(agent: &str) -> String {
    let name: String =
        agent.chars().map(|character| if character.is_alphanumeric() { character } else { '-' }).collect();
    format!("agent-{name}")
}

fn code(value: &str) -> String {
    if reading::is_inline(value) { format!("<code>{}</code>", escaped(value)) } else { block(value) }
}

/// A block of text as it is. A parser drops the line break after the tag.
pub(super) fn block(text: &str) -> String {
    format!("<pre>\n{}</pre>", escaped(text))
}

/// Text for any place between tags or in a quoted attribute. Characters that HTML does not know become U+FFFD.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let is_plain = |character: char| match character {
        '&' | '<' | '>' | '"' | '\'' => false,
        '\n' | '\t' => true,
        character => !character.is_control(),
    };
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\r' => escaped.push_str("&#13;"),
            _ if is_plain(character) => escaped.push(character),
            _ => escaped.push(char::REPLACEMENT_CHARACTER),
        }
    }
    Cow::Owned(escaped)
}
