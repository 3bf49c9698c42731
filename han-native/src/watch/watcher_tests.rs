use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::ports::Fault;
use super::*;

/// A system of hand-made events: it knows what is watched, and has this many watches.
#[derive(Default)]
struct System {
    watched: HashSet<PathBuf>,
    limit: usize,
    budget: usize,
    /// Why there are no events at all.
    refusal: Option<String>,
    inbox: Option<Arc<Inbox>>,
}

#[derive(Clone)]
struct Fake(Arc<Mutex<System>>);

struct FakeSource(Fake);

impl Opener for Fake {
    fn open(&self, inbox: &Arc<Inbox>) -> Result<Box<dyn EventSource>, String> {
        let mut system = self.0.lock();
        if let Some(reason) = &system.refusal {
            return Err(reason.clone());
        }
        system.inbox = Some(Arc::clone(inbox));
        Ok(Box::new(FakeSource(self.clone())))
    }
}

impl EventSource for FakeSource {
    fn watch(&mut self, folder: &Path) -> Result<(), Fault> {
        let mut system = self.0.0.lock();
        if !folder.is_dir() {
            return Err(Fault::Gone);
        }
        if system.watched.len() >= system.limit {
            return Err(Fault::Limit);
        }
        assert!(system.watched.insert(folder.into()), "watched twice: {}", folder.display());
        Ok(())
    }

    fn unwatch(&mut self, folder: &Path) {
        self.0.0.lock().watched.remove(folder);
    }

    fn budget(&self) -> usize {
        self.0.0.lock().budget
    }
}

impl Drop for FakeSource {
    fn drop(&mut self) {
        self.0.0.lock().watched.clear();
    }
}

#[derive(Clone, Default)]
struct HandClock(Arc<AtomicU64>);

impl MonotonicClock for HandClock {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

struct World {
    folder: tempfile::TempDir,
    system: Fake,
    clock: HandClock,
    remote: Remote,
}

impl World {
    fn new() -> World {
        let system = System { limit: usize::MAX, budget: usize::MAX, ..System::default() };
        let clock = HandClock(Arc::new(AtomicU64::new(1_000)));
        let folder = tempfile::tempdir().unwrap();
        World { folder, system: Fake(Arc::new(Mutex::new(system))), clock, remote: Remote::default() }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(below)
    }

    fn make(&self, below: &str) -> PathBuf {
        let path = self.path(below);
        match path.extension() {
            Some(_) => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, "{}\n").unwrap();
            }
            None => fs::create_dir_all(&path).unwrap(),
        }
        path
    }

    fn watch(&self) -> Watch {
        self.watch_dirs(&["cfg"], None)
    }

    fn watch_dirs(&self, config_dirs: &[&str], poll_reason: Option<&str>) -> Watch {
        let plan = Plan {
            config_dirs: config_dirs.iter().map(|dir| self.path(dir)).collect(),
            exclude: GlobSet::empty(),
            periods: Periods::default(),
            poll_reason: poll_reason.map(str::to_owned),
        };
        Watch::start(&self.remote, plan, Box::new(self.system.clone()), Box::new(self.clock.clone()))
    }

    /// An event, if the folder that it is in is watched.
    fn tell(&self, path: &Path, is_structural: bool) {
        let system = self.system.0.lock();
        let is_watched =
            system.watched.contains(path) || path.parent().is_some_and(|folder| system.watched.contains(folder));
        assert!(is_watched, "nobody would be notified of {}", path.display());
        system.inbox.as_ref().unwrap().add(path.into(), is_structural);
    }

    fn watched(&self) -> Vec<PathBuf> {
        let mut watched: Vec<PathBuf> = self.system.0.lock().watched.iter().cloned().collect();
        watched.sort();
        watched
    }

    fn paths(&self, below: &[&str]) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = below.iter().map(|below| self.path(below)).collect();
        paths.sort();
        paths
    }

    fn pass(&self, seconds: u64) {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// What is dirty by now.
fn dirty(watch: &mut Watch) -> (Option<Look>, Vec<PathBuf>) {
    assert!(watch.gather(), "stopped");
    let Dirty { look, paths } = std::mem::take(&mut watch.dirty);
    let mut paths: Vec<PathBuf> = paths.into_iter().collect();
    paths.sort();
    (look, paths)
}

const NOTHING: (Option<Look>, Vec<PathBuf>) = (None, Vec::new());

#[test]
fn everything_that_may_hold_something_is_watched() {
    let world = World::new();
    for below in [
        "cfg/projects/p/s1.jsonl",
        "cfg/projects/p/s1/subagents/workflows/wf_1/agent-a.jsonl",
        "cfg/projects/p/s1/tool-results/deep",
        "cfg/projects/p/s1/workflows",
        "cfg/projects/p/s1/other",
        "cfg/todos",
    ] {
        world.make(below);
    }
    let mut watch = world.watch();
    let folders = [
        "cfg",
        "cfg/projects",
        "cfg/projects/p",
        "cfg/projects/p/s1",
        "cfg/projects/p/s1/subagents",
        "cfg/projects/p/s1/subagents/workflows",
        "cfg/projects/p/s1/subagents/workflows/wf_1",
        "cfg/projects/p/s1/tool-results",
        "cfg/projects/p/s1/workflows",
    ];
    assert_eq!(world.watched(), world.paths(&folders));
    assert_eq!(dirty(&mut watch), (Some(Look::Full), vec![]), "first everything");
    assert_eq!(dirty(&mut watch), NOTHING);
    assert_eq!(world.remote.standing(), Standing::default());
}

#[test]
fn events_become_dirty_paths_and_noise_does_not() {
    let world = World::new();
    let session = world.make("cfg/projects/p/s1.jsonl");
    let notes = world.make("cfg/projects/p/notes.md");
    let meta = world.make("cfg/projects/p/s1/subagents/agent-a.meta.json");
    let gone = world.path("cfg/projects/p/s2.jsonl");
    let mut watch = world.watch();
    dirty(&mut watch);
    for path in [&session, &notes, &meta, &gone, &session] {
        world.tell(path, false);
    }
    world.tell(&world.path("cfg/history.jsonl"), true);
    let mut expected = vec![session, meta, gone];
    expected.sort();
    assert_eq!(dirty(&mut watch), (None, expected));
    assert_eq!(dirty(&mut watch), NOTHING);
}

#[test]
fn a_folder_that_appears_is_watched_and_dirty_and_one_that_goes_is_let_go() {
    let world = World::new();
    world.make("cfg/projects");
    let mut watch = world.watch();
    dirty(&mut watch);
    world.make("cfg/projects/p/s1/subagents/agent-a.jsonl");
    let project = world.path("cfg/projects/p");
    world.tell(&project, true);
    assert_eq!(dirty(&mut watch), (None, vec![project.clone()]));
    let folders = ["cfg", "cfg/projects", "cfg/projects/p", "cfg/projects/p/s1", "cfg/projects/p/s1/subagents"];
    assert_eq!(world.watched(), world.paths(&folders));

    fs::rename(&project, world.path("elsewhere")).unwrap();
    world.tell(&project, true);
    assert_eq!(dirty(&mut watch), (None, vec![project.clone()]));
    assert_eq!(world.watched(), world.paths(&["cfg", "cfg/projects"]));

    // The same folder, with a watch that the system has dropped meanwhile.
    fs::rename(world.path("elsewhere"), &project).unwrap();
    world.tell(&project, true);
    assert_eq!(dirty(&mut watch), (None, vec![project]));
    assert_eq!(world.watched(), world.paths(&folders));
}

#[test]
fn a_folder_that_was_replaced_unnoticed_is_watched_anew_by_the_next_full_look() {
    let world = World::new();
    let project = world.make("cfg/projects/p");
    let mut watch = world.watch();
    dirty(&mut watch);
    fs::rename(&project, world.path("old")).unwrap();
    fs::create_dir(&project).unwrap();
    // The watch is still on the folder that was moved away: the system knows it under its number, not its name.
    world.system.0.lock().watched.remove(&project);
    world.pass(30);
    assert_eq!(dirty(&mut watch), (Some(Look::Full), vec![]));
    assert!(world.watched().contains(&project));
}

#[test]
fn missing_folders_are_waited_for_and_may_go_again() {
    let world = World::new();
    let mut watch = world.watch_dirs(&["deep/cfg"], None);
    assert_eq!(world.watched(), world.paths(&[""]));
    assert_eq!(dirty(&mut watch), (Some(Look::Full), vec![]));
    for (made, watched) in [("deep", "deep"), ("deep/cfg", "deep/cfg")] {
        let made = world.make(made);
        world.tell(&made, true);
        assert_eq!(dirty(&mut watch), (Some(Look::Changes), vec![]));
        assert_eq!(world.watched(), world.paths(&[watched]));
    }
    world.make("deep/cfg/projects/p");
    world.tell(&world.path("deep/cfg/projects"), true);
    assert_eq!(dirty(&mut watch), (Some(Look::Changes), vec![]));
    assert_eq!(world.watched(), world.paths(&["deep/cfg", "deep/cfg/projects", "deep/cfg/projects/p"]));

    fs::rename(world.path("deep/cfg"), world.path("deep/away")).unwrap();
    world.tell(&world.path("deep/cfg"), true);
    assert_eq!(dirty(&mut watch), (Some(Look::Changes), vec![]));
    assert_eq!(world.watched(), world.paths(&["deep"]));
    fs::rename(world.path("deep/away"), world.path("deep/cfg")).unwrap();
    world.tell(&world.path("deep/cfg"), true);
    dirty(&mut watch);
    assert_eq!(world.watched(), world.paths(&["deep/cfg", "deep/cfg/projects", "deep/cfg/projects/p"]));
}

#[test]
fn config_dirs_change_while_it_runs() {
    let world = World::new();
    world.make("one/projects");
    world.make("two/projects/p");
    let mut watch = world.watch_dirs(&["one"], None);
    dirty(&mut watch);
    world.remote.set_config_dirs(vec![world.path("two")]);
    assert_eq!(dirty(&mut watch), (Some(Look::Changes), vec![]));
    assert_eq!(world.watched(), world.paths(&["two", "two/projects", "two/projects/p"]));
}

#[test]
fn lost_events_are_answered_by_a_look_at_everything() {
    let world = World::new();
    world.make("cfg/projects/p");
    let mut watch = world.watch();
    dirty(&mut watch);
    // What was made while events were lost is watched from now on.
    world.make("cfg/projects/q");
    world.remote.inbox.add_loss();
    assert_eq!(dirty(&mut watch), (Some(Look::Changes), vec![]));
    assert!(world.watched().contains(&world.path("cfg/projects/q")));
    assert_eq!(dirty(&mut watch), NOTHING);
}

#[test]
fn without_any_watch_it_polls_and_says_why() {
    let world = World::new();
    world.make("cfg/projects/p");
    world.system.0.lock().limit = 0;
    let mut watch = world.watch();
    assert_eq!(dirty(&mut watch), (Some(Look::Full), vec![]));
    let standing = world.remote.standing();
    assert_eq!(standing.mode, WatchMode::Poll);
    assert!(standing.reason.unwrap().contains("watches"));
    assert_eq!(world.watched(), Vec::<PathBuf>::new());
    world.pass(4);
    assert_eq!(dirty(&mut watch), NOTHING);
    world.pass(1);
    assert_eq!(dirty(&mut watch), (Some(Look::Changes), vec![]));
    world.pass(25);
    assert_eq!(dirty(&mut watch), (Some(Look::Full), vec![]));
}

#[test]
fn with_few_watches_sessions_are_polled_and_projects_are_not() {
    let world = World::new();
    for session in ["s1", "s2", "s3"] {
        world.make(&format!("cfg/projects/p/{session}/subagents/agent-a.jsonl"));
    }
    // The way, the projects, one project, and half of the sessions.
    world.system.0.lock().limit = 6;
    let mut watch = world.watch();
    dirty(&mut watch);
    let needed = ["cfg", "cfg/projects", "cfg/projects/p"];
    assert_eq!(world.watched().len(), 6);
    assert!(world.paths(&needed).iter().all(|folder| world.watched().contains(folder)));
    let standing = world.remote.standing();
    assert_eq!(standing.mode, WatchMode::Native);
    assert!(standing.reason.unwrap().contains("polled"));
    world.pass(5);
    let (look, polled) = dirty(&mut watch);
    assert_eq!(look, None);
    for session in ["s1", "s2", "s3"] {
        let file = world.path(&format!("cfg/projects/p/{session}/subagents/agent-a.jsonl"));
        let is_watched = world.watched().contains(&file.parent().unwrap().to_path_buf());
        assert!(is_watched || polled.iter().any(|folder| file.starts_with(folder)), "{session} is forgotten");
    }

    // Another project takes the watch of a session.
    let other = world.make("cfg/projects/q");
    world.tell(&other, true);
    assert_eq!(dirty(&mut watch).1, vec![other.clone()]);
    assert!(world.watched().contains(&other));
    world.pass(5);
    let polled = dirty(&mut watch).1;
    assert_eq!(polled, world.paths(&["cfg/projects/p/s1", "cfg/projects/p/s2", "cfg/projects/p/s3"]));
    assert_eq!(world.remote.standing().mode, WatchMode::Native);
}

#[test]
fn the_budget_is_kept_for_sessions() {
    let world = World::new();
    world.make("cfg/projects/p/s1");
    world.make("cfg/projects/p/s2");
    world.system.0.lock().budget = 4;
    let mut watch = world.watch();
    dirty(&mut watch);
    assert_eq!(world.watched().len(), 4);
    world.pass(5);
    assert_eq!(dirty(&mut watch).1.len(), 1);
}

#[test]
fn native_events_are_tried_again_and_come_back() {
    let world = World::new();
    world.make("cfg/projects/p");
    world.system.0.lock().refusal = Some("no inotify".into());
    let mut watch = world.watch();
    dirty(&mut watch);
    assert_eq!(world.remote.standing(), Standing { mode: WatchMode::Poll, reason: Some("no inotify".into()) });
    world.system.0.lock().refusal = None;
    world.pass(59);
    dirty(&mut watch);
    assert_eq!(world.remote.standing().mode, WatchMode::Poll);
    world.pass(1);
    assert_eq!(dirty(&mut watch).0, Some(Look::Changes), "what happened before the watches were set");
    assert_eq!(world.remote.standing(), Standing::default());
    assert_eq!(world.watched(), world.paths(&["cfg", "cfg/projects", "cfg/projects/p"]));
    world.pass(5);
    assert_eq!(dirty(&mut watch), NOTHING, "no polling any more");
}

#[test]
fn who_asks_for_polling_gets_nothing_else() {
    let world = World::new();
    world.make("cfg/projects/p");
    let mut watch = world.watch_dirs(&["cfg"], Some("asked for"));
    dirty(&mut watch);
    world.pass(600);
    dirty(&mut watch);
    assert_eq!(world.remote.standing(), Standing { mode: WatchMode::Poll, reason: Some("asked for".into()) });
    assert_eq!(world.watched(), Vec::<PathBuf>::new());
}

#[test]
fn a_clock_set_back_does_not_stop_the_looks() {
    let world = World::new();
    world.make("cfg/projects/p");
    let mut watch = world.watch();
    dirty(&mut watch);
    world.clock.0.store(0, Ordering::SeqCst);
    assert_eq!(dirty(&mut watch), NOTHING);
    world.pass(30);
    assert_eq!(dirty(&mut watch), (Some(Look::Full), vec![]));
}

#[test]
fn waiting_ends_with_an_event_and_with_a_stop() {
    let world = World::new();
    let session = world.make("cfg/projects/p/s1.jsonl");
    let mut watch = world.watch();
    dirty(&mut watch);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let heard = watch.next(None);
            (heard, watch.next(None))
        });
        world.tell(&session, false);
        // The stop must not overtake the event.
        while !world.remote.inbox.is_taken() {
            std::thread::yield_now();
        }
        world.remote.stop();
        let (heard, end) = waiting.join().unwrap();
        assert_eq!(heard.unwrap().paths, HashSet::from([session.clone()]));
        assert_eq!(end, None);
    });
}

#[cfg(unix)]
#[test]
fn links_to_the_folders_of_projects_are_watched_and_others_are_not() {
    let world = World::new();
    world.make("cfg/projects/p");
    world.make("elsewhere/s/subagents");
    let link = |below: &str| {
        let link = world.path(below);
        std::os::unix::fs::symlink(world.path("elsewhere"), &link).unwrap();
        link
    };
    link("cfg/projects/p/deeper");
    let first = link("cfg/projects/first");
    let mut watch = world.watch();
    dirty(&mut watch);
    let unlinked = ["cfg", "cfg/projects", "cfg/projects/p"];
    let linked = ["cfg/projects/first", "cfg/projects/first/s", "cfg/projects/first/s/subagents"];
    assert_eq!(world.watched(), world.paths(&[&unlinked[..], &linked[..]].concat()));
    let session = world.make("elsewhere/s1.jsonl");
    let session = first.join(session.file_name().unwrap());
    world.tell(&session, false);
    assert_eq!(dirty(&mut watch), (None, vec![session]));
    // It goes, and another one takes its place.
    fs::remove_file(&first).unwrap();
    world.tell(&first, true);
    assert_eq!(dirty(&mut watch).0, Some(Look::Changes));
    assert_eq!(world.watched(), world.paths(&unlinked));
    let second = link("cfg/projects/second");
    world.tell(&second, true);
    assert_eq!(dirty(&mut watch).0, Some(Look::Changes));
    assert!(world.watched().contains(&second.join("s")));
}
