//! The session as Markdown (GitHub's), with folded thinking and results. What people and models wrote is Markdown already and
//! stays so, see `embedded.rs`; everything else is in fences that nothing inside can close.

use std::io::{self, Write};

use super::embedded::embedded;
use super::html::escaped;
use super::reading::{self, Speaker};
use super::{Document, Entry, File, Header, input};
use crate::model::SearchField;
use crate::query::record::parts::{Call, Outcome, Part};

pub(super) struct Markdown<W> {
    out: W,
    /// Whose heading comes last.
    speaker: Option<Speaker>,
}

impl<W: Write> Markdown<W> {
    pub(super) fn new(out: W) -> Markdown<W> {
        Markdown { out, speaker: None }
    }

    fn part(&mut self, entry: &Entry, part: &Part) -> io::Result<()> {
        match part {
            Part::Said { field, text, is_cut, .. } => {
                match field {
                    SearchField::User | SearchField::Assistant => write!(self.out, "{}\n\n", embedded(text))?,
                    _ if entry.message.role.is_some() => self.folded("Context", text)?,
                    _ if reading::is_inline(text) => {
                        write!(self.out, "*{}*: {}\n\n", plain(&reading::record_name(entry)), plain(text))?;
                    }
                    _ => self.folded(&reading::record_name(entry), text)?,
                }
                if *is_cut { write!(self.out, "*{}*\n\n", reading::CUT) } else { Ok(()) }
            }
            Part::Thinking { text } => self.folded("Thinking", text),
            Part::Call(call) => self.call(call),
            Part::Result(outcome) => self.outcome(outcome),
            Part::Picture(_) => self.out.write_all(b"*[image]*\n\n"),
            Part::Document => self.out.write_all(b"*[document]*\n\n"),
        }
    }

    fn call(&mut self, call: &Call) -> io::Result<()> {
        write!(self.out, "**Tool: {}**\n\n", plain(reading::call_name(call)))?;
        match input::fields(&call.input) {
            Some(fields) => {
                for (name, value) in &fields {
                    match reading::is_inline(value) {
                        true => write!(self.out, "- {}: {}\n\n", plain(name), code(value))?,
                        false => write!(self.out, "- {}:\n\n{}\n\n", plain(name), fenced(value))?,
                    }
                }
            }
            None if call.input.is_empty() => {}
            None => write!(self.out, "{}\n\n", fenced(&call.input))?,
        }
        call.outcomes.iter().try_for_each(|outcome| self.outcome(outcome))
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.folded(reading::outcome_name(outcome), &outcome.text)?;
        if let Some((text, is_cut)) = &outcome.spilled {
            self.folded("Whole output", text)?;
            if *is_cut {
                write!(self.out, "*{}*\n\n", reading::CUT)?;
            }
        }
        match &outcome.agent_id {
            Some(agent) => write!(self.out, "*By the agent {}*\n\n", plain(agent)),
            None => Ok(()),
        }
    }

    fn folded(&mut self, name: &str, text: &str) -> io::Result<()> {
        // The line of the summary is HTML, in which no Markdown is read.
        let (name, text) = (in_one_line(name), fenced(text));
        write!(self.out, "<details><summary>{}</summary>\n\n{text}\n\n</details>\n\n", escaped(&name))
    }
}

impl<W: Write> Document for Markdown<W> {
    const IS_READ_BY_PEOPLE: bool = true;

    fn begin(&mut self, header: &Header) -> io::Result<()> {
        write!(self.out, "# {}\n\n", plain(reading::title(header)))?;
        for (name, value) in reading::facts(header) {
            writeln!(self.out, "- {name}: {}", code(&value))?;
        }
        writeln!(self.out)
    }

    fn begin_file(&mut self, file: &File) -> io::Result<()> {
        self.speaker = None;
        match reading::file_title(file) {
            Some(title) => write!(self.out, "---\n\n## {}\n\n", plain(&title)),
            None => write!(self.out, "---\n\n"),
        }
    }

    fn message(&mut self, entry: &Entry) -> io::Result<()> {
        if reading::is_compaction(entry) {
            self.speaker = None;
            return write!(self.out, "---\n\n*The conversation was compacted here.*\n\n");
        }
        if let Some(remark) = reading::remark(entry) {
            return write!(self.out, "*{}*: {}\n\n", plain(&reading::record_name(entry)), plain(remark));
        }
        if !entry.parts.is_empty() && reading::is_spoken(entry) {
            let speaker = reading::speaker(entry);
            if speaker.class == "user" || self.speaker.as_ref() != Some(&speaker) {
                let time = entry.message.timestamp.map(|time| format!(" · {time}")).unwrap_or_default();
                write!(self.out, "### {}{time}\n\n", plain(&speaker.name))?;
            }
            self.speaker = Some(speaker);
        }
        entry.parts.iter().try_for_each(|part| self.part(entry, part))?;
        match &entry.raw {
            Some(raw) => self.folded("Record", raw),
            None => Ok(()),
        }
    }

    fn end_file(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A text in one line, in which nothing is Markdown.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '|' | '>' => escaped.extend(['\\', character]),
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn in_one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// A line of code.
fn code(text: &str) -> String {
    let text = in_one_line(text);
    if text.trim().is_empty() {
        return "(empty)".into();
    }
    let ticks = "`".repeat(longest_run(&text, '`') + 1);
    // A blank on each side is taken off again, and keeps a backtick apart from the fence.
    let is_edged = |edge: Option<char>| matches!(edge, Some('`' | ' '));
    let pad = if is_edged(text.chars().next()) || is_edged(text.chars().next_back()) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A block of text as it is.
pub(super) fn fenced(text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}text\n{text}{end}{fence}")
}

fn longest_run(text: &str, wanted: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for character in text.chars() {
        run = if character == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_longer_than_any_inside() {
        assert_eq!(fenced("a"), "```text\na\n```");
        assert_eq!(fenced("a\n````\nb\n"), "`````text\na\n````\nb\n`````");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`b"), "`` `b ``");
        assert_eq!(code("\u{0}"), "(empty)");
    }

    #[test]
    fn plain_text_is_no_markdown() {
        assert_eq!(plain("# *a* [b](c) <d> `e`\n"), r"\# \*a\* \[b\](c) &lt;d\> \`e\` ");
    }
}
