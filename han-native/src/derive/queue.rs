//! Texts that wait until the agent has time for them, and what became of each.
//!
//! A person may type while the agent works. The text is written down as it joins the queue, and mostly again, as an attachment or
//! as a `user` record, when the agent gets it: then that is the prompt. Where nothing else has it, the text that waited is the
//! prompt. So it counts as one from its first line on, and is taken back by the line that shows that it is not.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::leaf::look;
use super::prompt::{is_queued_prompt, with_blocks};
use super::tools;
use super::typed::{Typed, as_it_waited, typed};
use crate::transcript::record::{Block, Raw, Record, RecordType};

/// How many texts are known at a time; beyond that, the oldest stay what they are.
const MOST: usize = 64;

/// How much of a text distinguishes it from others.
const LOOK_LIMIT: usize = 1 << 20;

/// Where a record is: its line and part.
type Place = (i64, i64);

/// The queue of a file, as its lines show it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Queue {
    texts: Vec<Waiting>,
    /// Whether the agent is at work: it got a text, and uses tools.
    is_mid_turn: bool,
}

/// A text that was put into the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Waiting {
    place: Place,
    hash: u64,
    /// 0, if the record does not have the text.
    length: usize,
    state: State,
    /// Whether it has left the queue to begin a turn.
    begins_turn: bool,
    /// Whether it was taken back: it only waits to be taken out.
    is_settled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum State {
    /// It has left the queue, and the model has not spoken since.
    Taken,
    Queued,
    /// It has left the queue, and the model has spoken since.
    Spent,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        *self == Queue::default()
    }

    /// Notes a record of a main file, and returns the places of texts that are not prompts by themselves, as it shows.
    pub(super) fn follow(&mut self, record: &Record<'_>, place: Place) -> Vec<Place> {
        if record.envelope.is_sidechain.0 {
            return Vec::new();
        }
        match record.record_type() {
            Some(RecordType::QueueOperation) => self.operation(record, place),
            Some(RecordType::User) => self.user(record),
            Some(RecordType::Assistant) => {
                self.assistant(record.blocks);
                Vec::new()
            }
            _ if self.texts.is_empty() => Vec::new(),
            Some(RecordType::Attachment) => self.attachment(record),
            Some(RecordType::System) => self.system(record),
            _ => Vec::new(),
        }
    }

    fn operation(&mut self, record: &Record<'_>, place: Place) -> Vec<Place> {
        let envelope = record.envelope;
        let content = with_blocks(envelope.content, |blocks| texts_of(envelope.content, blocks).join("\n"));
        let content = content.trim();
        match envelope.operation.get().unwrap_or_default() {
            "enqueue" => {
                if self.texts.len() == MOST {
                    self.texts.remove(0);
                }
                let (hash, length) = (xxh3_64(content.as_bytes()), content.len());
                let is_settled = length == 0;
                self.texts.push(Waiting { place, hash, length, state: State::Queued, begins_turn: false, is_settled });
                Vec::new()
            }
            // Between turns a turn begins with it, and it is said again, unless something refused it.
            "dequeue" => self.take_out(content, true, !self.is_mid_turn),
            "remove" => {
                let reason = envelope.reason.non_empty();
                self.take_out(content, false, reason.is_some_and(|reason| !reason.starts_with("absorbed")))
            }
            "popAll" => {
                let is_back = |text: &Waiting| {
                    text.state == State::Queued && (content.is_empty() || text.length == 0 || text.is_line_of(content))
                };
                self.take_back(is_back)
            }
            _ => Vec::new(),
        }
    }

    /// One text leaves the queue: this one, or the one that waits longest.
    fn take_out(&mut self, content: &str, begins_turn: bool, is_no_prompt: bool) -> Vec<Place> {
        let queued = |text: &Waiting| text.state == State::Queued;
        let named = self.texts.iter().position(|text| queued(text) && !content.is_empty() && text.is(content));
        let Some(index) = named.or_else(|| self.texts.iter().position(queued)) else { return Vec::new() };
        if self.texts[index].is_settled || (is_no_prompt && !begins_turn) {
            let text = self.texts.remove(index);
            return if text.is_settled { Vec::new() } else { vec![text.place] };
        }
        let text = &mut self.texts[index];
        (text.state, text.begins_turn, text.is_settled) = (State::Taken, begins_turn, is_no_prompt);
        if is_no_prompt { vec![text.place] } else { Vec::new() }
    }

    fn user(&mut self, record: &Record<'_>) -> Vec<Place> {
        if record.blocks.iter().any(tools::is_result) {
            self.is_mid_turn = true;
            return Vec::new();
        }
        let envelope = record.envelope;
        let texts = texts_of(envelope.message.content, record.blocks);
        let (mut settled, is_known) = self.settle(&texts, false);
        if !envelope.is_meta.0 && !texts.is_empty() {
            let is_prompt = is_any_typed(&texts);
            self.is_mid_turn = is_prompt;
            if is_prompt && !is_known {
                // It may have waited in other words, such as a placeholder for what was pasted.
                settled = self.take_back(|text| text.state == State::Taken && text.begins_turn);
            }
            if is_prompt {
                self.texts.retain(|text| text.state != State::Spent);
            }
        }
        settled
    }

    fn assistant(&mut self, blocks: &[Block<'_>]) {
        for block in blocks {
            if tools::is_call(block) {
                self.is_mid_turn = true;
            } else if block.kind.get() == Some("text") {
                self.is_mid_turn = false;
            }
        }
        for text in self.texts.iter_mut().filter(|text| text.state == State::Taken) {
            text.state = State::Spent;
        }
    }

    fn attachment(&mut self, record: &Record<'_>) -> Vec<Place> {
        let attachment = &record.envelope.attachment;
        if attachment.kind.get() != Some("queued_command") {
            return Vec::new();
        }
        with_blocks(attachment.prompt, |blocks| {
            let texts = texts_of(attachment.prompt, blocks);
            let (settled, is_known) = self.settle(&texts, true);
            if is_known || !is_queued_prompt(attachment) || !is_any_typed(&texts) {
                return settled;
            }
            // It may have waited in other words.
            let may_be = |text: &Waiting| !text.is_settled && text.state != State::Spent;
            let waiting = self.texts.iter().enumerate().filter(|(_, text)| may_be(text));
            let longest = waiting.map(|(index, text)| (text.state, index)).min();
            longest.and_then(|(_, index)| self.settle_at(index)).into_iter().collect()
        })
    }

    /// Settles a text; returns its place, unless it was settled before.
    fn settle_at(&mut self, index: usize) -> Option<Place> {
        let Waiting { place, state, is_settled, .. } = self.texts[index];
        match state {
            State::Queued => self.texts[index].is_settled = true,
            State::Taken | State::Spent => drop(self.texts.remove(index)),
        }
        (!is_settled).then_some(place)
    }

    /// A command that starts no turn may be shown by a notice alone.
    fn system(&mut self, record: &Record<'_>) -> Vec<Place> {
        let envelope = record.envelope;
        let mut texts: Vec<String> = look(envelope.content, LOOK_LIMIT).into_iter().collect();
        if let Some(command) = envelope.command_run.command.non_empty() {
            let arguments = look(envelope.command_run.args, LOOK_LIMIT).unwrap_or_default();
            texts.push(format!("/{command} {arguments}").trim().to_owned());
        }
        self.settle(&texts, false).0
    }

    /// Settles what waited and is said by these texts: one text, or several in one, a line each. Returns whether there was any.
    fn settle(&mut self, said: &[String], is_attached: bool) -> (Vec<Place>, bool) {
        if self.texts.is_empty() {
            return (Vec::new(), false);
        }
        let mut settled = Vec::new();
        for form in said.iter().flat_map(|text| as_it_waited(text)) {
            let may_be = |text: &Waiting| match is_attached {
                true => !text.is_settled,
                false if text.begins_turn => true,
                false => !text.is_settled && text.state != State::Spent,
            };
            let meant = self.texts.iter().enumerate().filter(|(_, text)| may_be(text) && text.is(&form));
            if let Some((_, index)) = meant.map(|(index, text)| (text.state, index)).min() {
                settled.extend(self.settle_at(index));
                return (settled, true);
            }
            settled.extend(self.take_back(|text| text.state == State::Taken && text.is_line_of(&form)));
        }
        let is_known = !settled.is_empty();
        (settled, is_known)
    }

    fn take_back(&mut self, is_meant: impl Fn(&Waiting) -> bool) -> Vec<Place> {
        let mut places = Vec::new();
        self.texts.retain(|text| {
            let is_kept = !is_meant(text);
            if !is_kept && !text.is_settled {
                places.push(text.place);
            }
            is_kept
        });
        places
    }
}

impl Waiting {
    fn is(&self, text: &str) -> bool {
        self.length == text.len() && self.hash == xxh3_64(text.as_bytes())
    }

    /// Whether it is a line of the text, or several.
    fn is_line_of(&self, text: &str) -> bool {
        if self.length == 0 || self.length > text.len() {
            return false;
        }
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        for start in starts {
            let end = start + self.length;
            let ends_line = end == text.len() || text.as_bytes().get(end) == Some(&b'\n');
            if ends_line && text.get(start..end).is_some_and(|line| self.is(line)) {
                return true;
            }
        }
        false
    }
}

fn is_any_typed(texts: &[String]) -> bool {
    texts.iter().any(|text| matches!(typed(text), Typed::Text(_)))
}

/// The texts of a content: the string that it is, or those of its blocks.
fn texts_of(content: Raw<'_>, blocks: &[Block<'_>]) -> Vec<String> {
    let texts = std::iter::once(content).chain(blocks.iter().map(|block| block.text));
    texts.filter_map(|text| look(text, LOOK_LIMIT)).collect()
}
