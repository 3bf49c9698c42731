use std::fs;
use std::io::Write;
use std::time::{Duration, SystemTime};

use super::*;
use crate::config::OpenOptions;
use crate::store::Store;
use crate::transcript::sources::Sources;

const LINE: &str = "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"hello\"}}\n";

/// A config dir, and a database in memory that follows it.
struct World {
    folder: tempfile::TempDir,
    store: Store,
    sources: Sources,
    log: Log,
    live: Live,
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("projects")).unwrap();
        let options = OpenOptions {
            in_memory: true,
            config_dirs: Some(vec![folder.path().into()]),
            lock_timeout: Duration::from_millis(1),
            ..OpenOptions::default()
        };
        let sources = Sources::of(&options).unwrap();
        World { folder, store: Store::open(options).unwrap(), sources, log: Log::default(), live: Live::default() }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("projects").join(below)
    }

    /// Appends, and sets the time of change to long enough ago that a look need not look twice.
    fn append(&self, below: &str, text: &str) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = fs::OpenOptions::new().create(true).append(true).open(&path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(3_600)).unwrap();
    }

    fn look(&mut self, depth: Depth) {
        let context = Context { store: &self.store, sources: &self.sources, log: &self.log };
        self.live.look(context, depth, &Cancellation::default()).unwrap();
    }

    fn look_at(&mut self, below: &[&str]) {
        let paths = below.iter().map(|below| self.path(below)).collect();
        let context = Context { store: &self.store, sources: &self.sources, log: &self.log };
        self.live.look_at(context, &paths, &Cancellation::default()).unwrap();
    }

    fn number(&self, sql: &str) -> i64 {
        self.store.read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?)).unwrap()
    }

    fn messages(&self) -> i64 {
        self.number("SELECT count(*) FROM messages")
    }

    fn missing(&self) -> i64 {
        self.number("SELECT count(*) FROM files WHERE is_missing")
    }
}

#[test]
fn a_tail_is_left_until_two_full_looks_find_it_the_same() {
    let mut world = World::new();
    world.append("p/s.jsonl", &format!("{LINE}{}", LINE.trim_end()));
    world.look(Depth::Full);
    assert_eq!(world.messages(), 1, "the tail is left");
    world.look_at(&["p/s.jsonl"]);
    world.look(Depth::Changes);
    assert_eq!(world.messages(), 1, "and stays so, however often it is looked at");
    world.look(Depth::Full);
    assert_eq!(world.messages(), 2, "it has come to rest");
    world.append("p/s.jsonl", "\n{\"type\":");
    world.look_at(&["p/s.jsonl"]);
    assert_eq!(world.messages(), 2, "it has got its end, and there is another");
    world.look(Depth::Full);
    world.append("p/s.jsonl", "\"user\"}");
    world.look(Depth::Full);
    assert_eq!(world.messages(), 2, "it has grown since the full look before");
    world.append("p/s.jsonl", "\n");
    world.look_at(&["p/s.jsonl"]);
    assert_eq!(world.messages(), 3);
    assert_eq!(world.number("SELECT count(*) FROM problems"), 0);
}

#[test]
fn a_tail_that_was_taken_and_grows_is_kept_until_it_has_its_end() {
    let mut world = World::new();
    world.append("p/s.jsonl", "{\"type\":\"user\"}");
    world.look(Depth::Full);
    world.look(Depth::Full);
    assert_eq!(world.messages(), 1);
    world.append("p/s.jsonl", " ");
    world.look_at(&["p/s.jsonl"]);
    assert_eq!(world.messages(), 1);
    world.append("p/s.jsonl", "\n");
    world.look_at(&["p/s.jsonl"]);
    assert_eq!((world.messages(), world.number("SELECT lines FROM generations")), (1, 1));
    assert_eq!(world.number("SELECT count(*) FROM generations WHERE tail_offset IS NOT NULL"), 0);
}

#[test]
fn a_look_at_what_is_as_it_was_writes_nothing_and_asks_for_no_turn() {
    let mut world = World::new();
    for session in 0..100 {
        world.append(&format!("p/s{session}.jsonl"), LINE);
    }
    world.append("p/s0/subagents/agent-a.jsonl", LINE);
    world.append("p/s0/subagents/agent-a.meta.json", "{}");
    world.look(Depth::Full);
    assert_eq!(world.messages(), 101);
    let World { store, sources, log, live, .. } = &mut world;
    let context = Context { store, sources, log };
    let _turn = store.begin_writing().unwrap();
    live.look(context, Depth::Full, &Cancellation::default()).unwrap();
}

#[test]
fn what_is_gone_is_marked_and_what_is_back_goes_on() {
    let mut world = World::new();
    for path in ["p/s1.jsonl", "p/s1/subagents/agent-a.jsonl", "q/s2.jsonl"] {
        world.append(path, LINE);
    }
    world.look(Depth::Full);
    let (there, away) = (world.path("p"), world.folder.path().join("away"));
    fs::rename(&there, &away).unwrap();
    world.look_at(&["p"]);
    assert_eq!((world.missing(), world.messages()), (2, 3));
    fs::rename(&away, &there).unwrap();
    world.look_at(&["p"]);
    assert_eq!((world.missing(), world.messages()), (0, 3));
    fs::remove_file(world.path("q/s2.jsonl")).unwrap();
    world.look(Depth::Changes);
    assert_eq!(world.missing(), 1);
    world.append("q/s2.jsonl", &LINE.repeat(2));
    world.look_at(&["q/s2.jsonl"]);
    assert_eq!(world.missing(), 0);
}

#[test]
fn what_goes_with_its_config_dir_is_marked_and_what_is_back_goes_on() {
    let mut world = World::new();
    world.append("p/s.jsonl", LINE);
    world.look(Depth::Full);
    let there = world.folder.path().to_path_buf();
    let away = there.with_extension("away");
    fs::rename(&there, &away).unwrap();
    {
        let World { store, sources, log, live, .. } = &mut world;
        let context = Context { store, sources, log };
        let _turn = store.begin_writing().unwrap();
        assert!(live.look(context, Depth::Full, &Cancellation::default()).is_err(), "it is not this one's turn");
    }
    world.look(Depth::Full);
    assert_eq!((world.missing(), world.messages()), (1, 1));
    fs::rename(&away, &there).unwrap();
    world.append("p/s.jsonl", LINE);
    world.look(Depth::Full);
    assert_eq!((world.missing(), world.messages()), (0, 2));
}

#[test]
fn a_file_that_moves_takes_its_rows_along() {
    for count in [1, FEW_FILES + 1] {
        let mut world = World::new();
        for session in 0..count {
            world.append(&format!("p/s{session}.jsonl"), LINE);
        }
        world.look(Depth::Full);
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for session in 0..count {
            from.push(format!("p/s{session}.jsonl"));
            to.push(format!("q/t{session}.jsonl"));
        }
        fs::create_dir(world.path("q")).unwrap();
        for (from, to) in from.iter().zip(&to) {
            fs::rename(world.path(from), world.path(to)).unwrap();
        }
        let both: Vec<&str> = from.iter().chain(&to).map(String::as_str).collect();
        world.look_at(&both);
        assert_eq!(world.number("SELECT count(*) FROM files"), count as i64, "{count} files");
        assert_eq!((world.missing(), world.messages()), (0, count as i64));
        assert_eq!(world.number("SELECT count(*) FROM generations"), count as i64);
    }
}

#[test]
fn what_is_said_beside_an_agent_may_come_later() {
    let mut world = World::new();
    world.append("p/s/subagents/agent-a.jsonl", LINE);
    world.append("p/s/subagents/workflows/wf_1/agent-b.jsonl", LINE);
    world.look(Depth::Full);
    world.append("p/s/subagents/agent-a.meta.json", "{\"agentType\":\"Plan\"}");
    world.append("p/s/workflows/wf_1.json", "{\"name\":\"Review\"}");
    world.look_at(&["p/s/subagents/agent-a.meta.json", "p/s/workflows/wf_1.json"]);
    assert_eq!(world.number("SELECT count(*) FROM files WHERE agent_type = 'Plan'"), 1);
    assert_eq!(world.number("SELECT count(*) FROM files WHERE workflow = 'wf_1 Review'"), 1);
    world.append("p/s/subagents/agent-a.meta.json", " ");
    fs::write(world.path("p/s/subagents/agent-a.meta.json"), "{\"agentType\":\"Explore\"}").unwrap();
    world.look(Depth::Changes);
    assert_eq!(world.number("SELECT count(*) FROM files WHERE agent_type = 'Explore'"), 1);
    world.append("p/s/subagents/workflows/wf_1/agent-b.jsonl", LINE);
    world.look(Depth::Changes);
    assert_eq!(world.number("SELECT count(*) FROM files WHERE workflow = 'wf_1 Review'"), 1);
}

#[test]
fn a_failed_look_is_made_up_for_by_the_same_look() {
    let mut world = World::new();
    world.look(Depth::Full);
    world.append("p/s.jsonl", LINE);
    let paths = HashSet::from([world.path("p/s.jsonl")]);
    {
        let World { store, sources, log, live, .. } = &mut world;
        let context = Context { store, sources, log };
        let _turn = store.begin_writing().unwrap();
        let refused = live.look_at(context, &paths, &Cancellation::default());
        assert!(matches!(refused, Err(Error::Locked { .. })), "{refused:?}");
    }
    assert_eq!(world.messages(), 0);
    world.look_at(&["p/s.jsonl"]);
    assert_eq!(world.messages(), 1);
}

#[test]
fn what_was_said_beside_an_agent_while_nothing_ran_is_found() {
    let mut world = World::new();
    world.append("p/s/subagents/agent-a.jsonl", LINE);
    // This one has a tail that is left.
    world.append("p/s/subagents/agent-t.jsonl", &format!("{LINE}{{"));
    world.append("p/s/subagents/workflows/wf_1/agent-b.jsonl", LINE);
    world.look(Depth::Full);
    let labels = "SELECT count(*) FROM files WHERE agent_type = 'Plan' OR workflow = 'wf_1 Review'";
    assert_eq!((world.messages(), world.number(labels)), (3, 0));
    fs::write(world.path("p/s/subagents/agent-a.meta.json"), "{\"agentType\":\"Plan\"}").unwrap();
    fs::write(world.path("p/s/subagents/agent-t.meta.json"), "{\"agentType\":\"Plan\"}").unwrap();
    fs::create_dir_all(world.path("p/s/workflows")).unwrap();
    fs::write(world.path("p/s/workflows/wf_1.json"), "{\"name\":\"Review\"}").unwrap();
    world.live = Live::default();
    world.look(Depth::Full);
    assert_eq!((world.messages(), world.number(labels)), (3, 3));

    // An older file that takes its place, and a scan that is requested.
    let other = world.folder.path().join("other");
    fs::write(&other, "{\"agentType\":\"Explore\"}").unwrap();
    let old = SystemTime::now() - Duration::from_secs(86_400);
    fs::File::options().write(true).open(&other).unwrap().set_modified(old).unwrap();
    fs::rename(&other, world.path("p/s/subagents/agent-a.meta.json")).unwrap();
    let context = Context { store: &world.store, sources: &world.sources, log: &world.log };
    let report = super::super::scan(context, crate::config::ScanOptions::default()).unwrap();
    assert_eq!((report.errors.len(), world.number("SELECT count(*) FROM files WHERE agent_type = 'Explore'")), (0, 1));
}

#[cfg(unix)]
#[test]
fn a_transcript_that_something_else_takes_the_place_of_is_missing() {
    let mut world = World::new();
    let others: [(&str, &dyn Fn(&Path)); 3] = [
        ("p/folder.jsonl", &|path| fs::create_dir(path).unwrap()),
        ("p/link.jsonl", &|path| std::os::unix::fs::symlink("/dev/zero", path).unwrap()),
        ("p/pipe.jsonl", &|path| {
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
    ];
    for (path, _) in &others {
        world.append(path, LINE);
    }
    world.append("q/s.jsonl", LINE);
    world.look(Depth::Full);
    assert_eq!((world.messages(), world.missing()), (4, 0));
    for (path, replace) in &others {
        fs::remove_file(world.path(path)).unwrap();
        replace(&world.path(path));
        world.look_at(&[path]);
    }
    assert_eq!((world.messages(), world.missing()), (4, 3));
    fs::remove_dir_all(world.path("q")).unwrap();
    fs::write(world.path("q"), "a file").unwrap();
    world.look(Depth::Changes);
    assert_eq!(world.missing(), 4);
    for (path, _) in &others {
        fs::remove_file(world.path(path)).or_else(|_| fs::remove_dir(world.path(path))).unwrap();
        world.append(path, &LINE.repeat(2));
    }
    world.look(Depth::Changes);
    assert_eq!((world.missing(), world.messages()), (1, 7));
}

#[test]
fn a_cancelled_look_takes_nothing_for_gone() {
    let mut world = World::new();
    world.append("p/s.jsonl", LINE);
    world.look(Depth::Full);
    fs::remove_file(world.path("p/s.jsonl")).unwrap();
    let cancelled = Cancellation::default();
    cancelled.cancel();
    let World { store, sources, log, live, .. } = &mut world;
    let context = Context { store, sources, log };
    assert!(matches!(live.look(context, Depth::Full, &cancelled), Err(Error::Cancelled)));
    assert_eq!(world.missing(), 0);
    world.look(Depth::Full);
    assert_eq!(world.missing(), 1);
}

#[test]
fn files_of_the_future_cost_no_more_than_others() {
    let mut world = World::new();
    for session in 0..=FEW_FILES {
        let path = format!("p/s{session}.jsonl");
        world.append(&path, LINE);
        let file = fs::File::options().write(true).open(world.path(&path)).unwrap();
        file.set_modified(SystemTime::now() + Duration::from_secs(86_400)).unwrap();
    }
    world.look(Depth::Full);
    let World { store, sources, log, live, .. } = &mut world;
    let context = Context { store, sources, log };
    {
        let _turn = store.begin_writing().unwrap();
        live.look(context, Depth::Full, &Cancellation::default()).unwrap();
    }
    world.append("p/s0.jsonl", LINE);
    world.look(Depth::Changes);
    assert_eq!(world.messages(), FEW_FILES as i64 + 2);
}
