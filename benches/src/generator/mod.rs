//! Makes transcripts that look like real ones, from a seed: the same seed gives the same bytes.
//!
//! The mix of records, their sizes and how they repeat each other are calibrated on transcripts of every version since
//! 1.0; the words are our own. Knows nothing of han-native.

mod code;
mod copies;
mod era;
pub mod faults;
mod folder;
mod json;
mod line;
mod project;
mod prose;
mod random;
mod records;
mod session;
mod summary;
#[cfg(test)]
mod tests;
mod tools;
mod vocabulary;

use std::io;
use std::path::Path;

pub use era::Era;
pub use line::{Facts, Line, StatedUsage, Tokens};
pub use summary::Summary;

use project::Project;
use random::Random;
use session::Session;

/// Makes transcripts. Everything it produces depends on the seed and the arguments alone.
#[derive(Debug, Clone, Copy)]
pub struct Generator {
    seed: u64,
}

impl Generator {
    /// A generator with this seed.
    pub fn new(seed: u64) -> Generator {
        Generator { seed }
    }

    /// Writes a config dir (`<path>/projects/...`) with transcripts of about this many bytes, of every era, and returns what is
    /// in it.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn config_dir(&self, path: impl AsRef<Path>, target_bytes: u64) -> io::Result<Summary> {
        folder::write(self.seed, path.as_ref(), target_bytes)
    }

    /// An endless session, line by line. It writes nothing beside itself: its agents have no files.
    pub fn session(&self, era: Era) -> SessionLines {
        let mut random = Random::new(self.seed, 1);
        let project = Project::new(&mut random);
        let mut session = Session::new(random, era, project);
        session.may_write_beside = false;
        SessionLines { session }
    }

    /// The bytes of one session of 2.1, of at least this many bytes; ends with a whole line.
    pub fn single_session(&self, target_bytes: usize) -> Vec<u8> {
        self.session_bytes(Era::V2_1, target_bytes).0
    }

    /// The bytes of one session of at least this many bytes, and what is in them.
    pub fn session_bytes(&self, era: Era, target_bytes: usize) -> (Vec<u8>, Summary) {
        let mut bytes = Vec::with_capacity(target_bytes + (1 << 16));
        let mut summary = Summary::default();
        summary.files = 1;
        summary.main_files = 1;
        for line in self.session(era) {
            bytes.extend_from_slice(&line.bytes);
            bytes.push(b'\n');
            summary.add(&line);
            if bytes.len() >= target_bytes {
                break;
            }
        }
        (bytes, summary)
    }

    /// One line of exactly this many bytes, its end not counted: a tool result with a very long output. At least 1,000.
    pub fn long_line(&self, length: usize) -> Vec<u8> {
        let mut random = Random::new(self.seed, 1);
        let names = code::Names::new(&mut random);
        let mut text = code::output(&mut random, &names, length - 800);
        // No character needs an escape in JSON, so that the length is exact.
        text.retain(|character| {
            character.is_ascii() && !character.is_ascii_control() && !matches!(character, '"' | '\\')
        });
        let record = |text: &str| {
            let block = json::object! { "tool_use_id": "toolu_0", "type": "tool_result", "content": text };
            let message = json::object! { "role": "user", "content": vec![block] };
            json::object! { "type": "user", "message": message, "sessionId": "long" }.into_bytes()
        };
        let frame = record("").len();
        text.truncate(length - frame);
        while text.len() < length - frame {
            text.push('.');
        }
        record(&text)
    }
}

/// The lines of a session, without end.
#[derive(Debug)]
pub struct SessionLines {
    session: Session,
}

impl SessionLines {
    /// The session's id: the stem of its main file.
    pub fn session_id(&self) -> &str {
        &self.session.id
    }

    /// The name of its folder below `projects/`.
    pub fn project_slug(&self) -> String {
        self.session.project.slug()
    }
}

impl Iterator for SessionLines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        self.session.beside.clear();
        Some(self.session.next_line())
    }
}
