//! A whole config dir: projects with sessions of every era, their agents and spilled results, resumes and forks.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::copies;
use super::era::Era;
use super::line::Line;
use super::project::Project;
use super::random::Random;
use super::session::{Session, SideContent, timestamp};
use super::summary::Summary;

/// The size limit of sessions that a resume or a fork copies.
const COPIED_BYTES: u64 = 1_500_000;

pub(super) fn write(seed: u64, path: &Path, target_bytes: u64) -> io::Result<Summary> {
    let mut folder = Folder { projects_dir: path.join("projects"), summary: Summary::default(), copyable: 0 };
    fs::create_dir_all(&folder.projects_dir)?;
    let mut random = Random::new(seed, 1);
    let projects: Vec<Project> =
        (0..(target_bytes / 8_000_000).clamp(2, 40)).map(|_| Project::new(&mut random)).collect();
    let greatest_session = (target_bytes / 4).max(100_000);
    for (stream, era) in (2..).zip(Era::MIX.iter().cycle()) {
        if folder.summary.bytes >= target_bytes {
            break;
        }
        let project = projects[random.below(projects.len())].clone();
        let rest = target_bytes - folder.summary.bytes;
        let bytes = (random.quantile(era.session_bytes()) as u64).min(greatest_session).min(rest);
        let session = Session::new(Random::new(seed, stream), *era, project);
        folder.session(session, bytes)?;
    }
    Ok(folder.summary)
}

struct Folder {
    projects_dir: PathBuf,
    summary: Summary,
    /// Sessions so far of versions that copy.
    copyable: u64,
}

impl Folder {
    fn session(&mut self, mut session: Session, bytes: u64) -> io::Result<()> {
        let is_copyable = matches!(session.era, Era::V1_0 | Era::V2_1Late);
        // The first one is, so that every folder of some size has one.
        let is_copied = is_copyable && self.copyable.is_multiple_of(3);
        self.copyable += u64::from(is_copyable);
        let bytes = if is_copied { bytes.min(COPIED_BYTES) } else { bytes };
        if session.era == Era::V2_0 && session.random.chance(0.5) {
            self.warm_up(&mut session)?;
        }
        let history = self.main_file(&mut session, bytes, &[], is_copied)?;
        if !is_copied {
            return Ok(());
        }

        let old_id = std::mem::replace(&mut session.id, session.random.uuid());
        session.wait(600_000, 86_400_000);
        let copied = match session.era {
            Era::V1_0 => copies::resumed(&history, &old_id, &session.id, &timestamp(session.now)),
            _ => history[..history.len().div_ceil(2)].to_vec(),
        };
        let more = self.bytes_of(&copied) + 60_000;
        self.main_file(&mut session, more, &copied, false)?;
        Ok(())
    }

    fn bytes_of(&self, lines: &[Line]) -> u64 {
        lines.iter().map(|line| line.bytes.len() as u64 + 1).sum()
    }

    /// Writes the main file until it has this many bytes, and the files beside it. Returns its lines if requested.
    fn main_file(&mut self, session: &mut Session, bytes: u64, first: &[Line], keep: bool) -> io::Result<Vec<Line>> {
        let folder = self.projects_dir.join(session.project.slug());
        let path = folder.join(format!("{}.jsonl", session.id));
        let mut transcript = Transcript::create(&path)?;
        let mut kept = Vec::new();
        for line in first {
            transcript.line(line, &mut self.summary)?;
        }
        loop {
            let line = session.next_line();
            transcript.line(&line, &mut self.summary)?;
            if keep {
                kept.push(line);
            }
            if transcript.bytes >= bytes {
                break;
            }
        }
        transcript.finish(session.now)?;
        self.summary.files += 1;
        self.summary.main_files += 1;
        session.ready.clear();
        self.beside(session, &folder)?;
        Ok(kept)
    }

    fn beside(&mut self, session: &mut Session, folder: &Path) -> io::Result<()> {
        for file in session.beside.drain(..) {
            let path = folder.join(&file.path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            match file.content {
                SideContent::Transcript(lines) => {
                    let mut transcript = Transcript::create(&path)?;
                    for line in &lines {
                        transcript.line(line, &mut self.summary)?;
                    }
                    transcript.finish(session.now)?;
                    self.summary.files += 1;
                }
                SideContent::Other(bytes) => {
                    self.summary.spills += u64::from(path.extension().is_some_and(|extension| extension == "txt"));
                    fs::write(&path, bytes)?;
                }
            }
        }
        Ok(())
    }

    /// The flat agent files of two lines that 2.0 starts its sessions with.
    fn warm_up(&mut self, session: &mut Session) -> io::Result<()> {
        let folder = self.projects_dir.join(session.project.slug());
        for _ in 0..session.random.between(1, 3) {
            let id = format!("a{}", session.random.hex(6));
            let mut agent = session.agent(id.clone());
            super::records::prompt::write_text(&mut agent, "Warmup");
            super::records::assistant::write(&mut agent, true);
            let mut transcript = Transcript::create(&folder.join(format!("agent-{id}.jsonl")))?;
            for line in agent.ready.drain(..) {
                transcript.line(&line, &mut self.summary)?;
            }
            transcript.finish(agent.now)?;
            self.summary.files += 1;
        }
        Ok(())
    }
}

struct Transcript {
    file: BufWriter<File>,
    bytes: u64,
}

impl Transcript {
    fn create(path: &Path) -> io::Result<Transcript> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(Transcript { file: BufWriter::with_capacity(1 << 18, File::create(path)?), bytes: 0 })
    }

    fn line(&mut self, line: &Line, summary: &mut Summary) -> io::Result<()> {
        self.file.write_all(&line.bytes)?;
        self.file.write_all(b"\n")?;
        self.bytes += line.bytes.len() as u64 + 1;
        summary.add(line);
        Ok(())
    }

    fn finish(mut self, milliseconds: i64) -> io::Result<()> {
        self.file.flush()?;
        let since = Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default());
        self.file.get_ref().set_modified(UNIX_EPOCH + since)
    }
}
