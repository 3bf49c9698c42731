//! One session as it is written: a state that advances turn by turn, and the envelope around each record.

use std::collections::VecDeque;

use super::era::Era;
use super::json::{Fields, Json, Maybe, fields};
use super::line::{Facts, Line};
use super::project::Project;
use super::random::Random;
use super::records;
use super::vocabulary::VOCABULARY;

/// A file that is written beside the transcript.
#[derive(Debug)]
pub(crate) struct SideFile {
    /// Below the project's folder.
    pub(crate) path: String,
    pub(crate) content: SideContent,
}

#[derive(Debug)]
pub(crate) enum SideContent {
    Transcript(Vec<Line>),
    /// A spilled tool result, or a file that is not a transcript.
    Other(Vec<u8>),
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) random: Random,
    pub(crate) era: Era,
    pub(crate) project: Project,
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) model: &'static str,
    /// The name of the plan, on records of some versions.
    pub(crate) plan: Option<String>,
    pub(crate) now: i64,
    /// The parent uuid of the next record.
    pub(crate) parent: Option<String>,
    pub(crate) is_sidechain: bool,
    /// The agent whose file this is.
    pub(crate) agent: Option<String>,
    pub(crate) has_hooks: bool,
    /// Whether agents, spilled results and the like may be written beside the transcript.
    pub(crate) may_write_beside: bool,
    pub(crate) title: Option<String>,
    pub(crate) prompt_id: String,
    pub(crate) last_prompt: String,
    pub(crate) turns: u32,
    pub(crate) context_tokens: i64,
    /// Native tasks: (subject, status).
    pub(crate) tasks: Vec<(String, &'static str)>,
    pub(crate) todos: Vec<(String, &'static str)>,
    pub(crate) ready: VecDeque<Line>,
    pub(crate) beside: Vec<SideFile>,
}

impl Session {
    pub(crate) fn new(mut random: Random, era: Era, project: Project) -> Session {
        let id = random.uuid();
        let version = era.version(&mut random);
        let now = era.start() + random.between(0, 21 * 86_400_000);
        let plan = matches!(era, Era::V2_0 | Era::V2_1).then(|| {
            format!(
                "{}-{}-{}",
                VOCABULARY.word(&mut random),
                VOCABULARY.built(&mut random),
                VOCABULARY.built(&mut random)
            )
        });
        let has_hooks = random.chance(0.5);
        let prompt_id = random.uuid();
        Session {
            random,
            era,
            project,
            id,
            version,
            model: era.model(),
            plan,
            now,
            parent: None,
            is_sidechain: false,
            agent: None,
            has_hooks,
            may_write_beside: true,
            title: None,
            prompt_id,
            last_prompt: String::new(),
            turns: 0,
            context_tokens: 16_000,
            tasks: Vec::new(),
            todos: Vec::new(),
            ready: VecDeque::new(),
            beside: Vec::new(),
        }
    }

    /// The session of a subagent of this one.
    pub(crate) fn agent(&mut self, agent: String) -> Session {
        let random = self.random.split();
        Session {
            random,
            era: self.era,
            project: self.project.clone(),
            id: self.id.clone(),
            version: self.version.clone(),
            model: self.model,
            plan: self.plan.clone(),
            now: self.now,
            parent: None,
            is_sidechain: true,
            agent: Some(agent),
            has_hooks: false,
            may_write_beside: false,
            title: None,
            prompt_id: self.prompt_id.clone(),
            last_prompt: String::new(),
            turns: 0,
            context_tokens: 9_000,
            tasks: Vec::new(),
            todos: Vec::new(),
            ready: VecDeque::new(),
            beside: Vec::new(),
        }
    }

    /// Writes one more turn: a prompt and everything that follows it.
    pub(crate) fn turn(&mut self) {
        records::turn::write(self);
        self.turns += 1;
    }

    /// The next line; a session never ends by itself.
    pub(crate) fn next_line(&mut self) -> Line {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return line;
            }
            self.turn();
        }
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, least_ms: i64, greatest_ms: i64) {
        self.now += self.random.between(least_ms, greatest_ms);
    }

    pub(crate) fn timestamp(&self) -> String {
        timestamp(self.now)
    }

    /// Writes a record that is part of the chain: `body` is in the place of the type's own fields, `tail` after the time.
    /// Returns its uuid.
    pub(crate) fn chained(&mut self, record_type: &'static str, body: &Fields, tail: &Fields, facts: Facts) -> String {
        let uuid = self.random.uuid();
        let bytes = self.envelope(record_type, &uuid, body, tail).into_bytes();
        let facts = Facts {
            record_type,
            uuid: Some(uuid.clone()),
            timestamp: Some(self.timestamp()),
            is_sidechain: self.is_sidechain,
            ..facts
        };
        self.ready.push_back(Line { bytes, facts });
        self.parent = Some(uuid.clone());
        uuid
    }

    /// Writes a record outside the chain, which has no uuid.
    pub(crate) fn loose(&mut self, record_type: &'static str, record: Json, timestamp: Option<String>) {
        let facts = Facts { record_type, timestamp, ..Facts::default() };
        self.ready.push_back(Line { bytes: record.into_bytes(), facts });
    }

    fn envelope(&self, record_type: &str, uuid: &str, body: &Fields, tail: &Fields) -> Json {
        let place = fields! {
            "userType": "external",
            "entrypoint": Maybe((self.era == Era::V2_1Late).then_some("cli")),
            "cwd": self.project.cwd,
            "sessionId": self.id,
            "version": self.version,
            "gitBranch": self.project.branch,
        };
        let identity = fields! { "uuid": uuid, "timestamp": self.timestamp() };
        let agent = Maybe(self.agent.as_deref());
        let mut record = fields! { "parentUuid": self.parent, "isSidechain": self.is_sidechain };
        if self.era == Era::V2_1Late {
            record.add("agentId", &agent);
            record.add("promptId", &Maybe((record_type == "user").then_some(self.prompt_id.as_str())));
            record.append(body);
            record.add("type", record_type);
            record.append(&identity);
            record.append(tail);
            record.append(&place);
            record.add("session_id", &Maybe((record_type != "system").then_some(self.id.as_str())));
        } else {
            record.append(&place);
            record.add("agentId", &agent);
            record.add("slug", &Maybe(self.plan.as_deref().filter(|_| self.turns > 0)));
            record.add("type", record_type);
            record.append(body);
            record.append(&identity);
            record.append(tail);
        }
        record.close()
    }
}

/// Milliseconds since 1970 as a record's `timestamp`.
pub(crate) fn timestamp(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds)
        .map(|instant| instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
        .expect("generated times are within range")
}
