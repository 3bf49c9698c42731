//! Transcripts that are not files, may not be read, vanish or shrink under the reader, or are reached in several ways.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use han_native::model::{ProblemFilter, ProblemKind};
use han_native::{Han, OpenOptions, ScanOptions};

use super::checks::{assert_sound, code, is_root, scan, skip};
use super::child;
use super::database_files::make_pipe;
use super::mounts::Mount;
use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::lines::turns;
use crate::support::random::Random;

#[test]
fn pipes_sockets_and_devices_are_never_opened() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 2));
    let pipe = home.transcript("pipe");
    make_pipe(&pipe);
    let socket = home.transcript("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let spills = home.transcript("s1").with_extension("").join("tool-results");
    std::fs::create_dir_all(&spills).unwrap();
    make_pipe(&spills.join("toolu_1.txt"));
    let mut refused = vec![pipe, socket, PathBuf::from("/dev/zero")];
    if is_root() {
        use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};
        let device = home.transcript("device");
        // The numbers of /dev/zero: a reader would never come to an end.
        match mknodat(CWD, &device, FileType::CharacterDevice, Mode::from_raw_mode(0o600), makedev(1, 5)) {
            Ok(()) => refused.push(device),
            Err(error) => skip(&format!("no device may be made here: {error}")),
        }
    }
    let han = home.open();
    let report = scan(&han);
    assert_eq!((report.files, report.messages_indexed), (1, 4));
    for path in refused {
        assert_eq!(code(han.index_session_file(&path)), "HAN_INVALID_ARGUMENT", "{}", path.display());
        let paths = Some(vec![path.clone()]);
        assert_eq!(code(han.scan(ScanOptions { paths, ..ScanOptions::default() })), "HAN_INVALID_ARGUMENT");
    }
}

#[test]
fn a_path_that_is_no_transcript_is_refused_with_its_reason() {
    let home = Home::new();
    let path = home.write_session("s1", turns("s1", 2));
    let han = home.open();
    assert_eq!(code(han.index_session_file(path.parent().unwrap())), "HAN_IS_DIRECTORY");
    assert_eq!(code(han.index_session_file(home.transcript("missing"))), "HAN_NOT_FOUND");
    assert_eq!(code(han.index_session_file("")), "HAN_NOT_FOUND");
    assert_eq!(code(han.index_session_file(path.join("below"))), "HAN_IO");
    let missing = Some(vec![path.clone(), home.folder().join("missing")]);
    assert_eq!(code(han.scan(ScanOptions { paths: missing, ..ScanOptions::default() })), "HAN_NOT_FOUND");
    let notes = path.with_file_name("notes.md");
    std::fs::write(&notes, "x").unwrap();
    let error = han.index_session_file(&notes).unwrap_err();
    assert_eq!(error.code().as_str(), "HAN_INVALID_ARGUMENT");
    assert!(error.to_string().contains("notes.md"), "{error}");
    assert_eq!(han.stats().unwrap().messages, 0, "nothing changed");
}

#[test]
fn a_transcript_that_may_not_be_read_is_named_and_the_scan_goes_on() {
    const NOBODY: u32 = 65_534;
    if !is_root() {
        return skip("becoming another user needs the superuser");
    }
    let home = Home::new();
    home.write_session("s1", turns("s1", 2));
    let locked = home.write_session("s2", turns("s2", 2));
    let folder = home.config_dir().join("projects/-locked");
    std::fs::create_dir(&folder).unwrap();
    for path in [&locked, &folder] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).unwrap();
    }
    std::fs::set_permissions(home.folder(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = child::for_everybody(&home.folder());
    let own = home.folder().join("own");
    std::fs::create_dir(&own).unwrap();
    std::os::unix::fs::chown(&own, Some(NOBODY), Some(NOBODY)).unwrap();
    let (database, config_dir) = (own.join("han.db"), home.config_dir());
    let run = |action: &str, more: &[&str]| {
        let arguments = [&[action, child::text(&database), child::text(&config_dir)], more].concat();
        child::run(child::command_as(&program, NOBODY, &arguments))
    };
    let ending = run("scan", &[]);
    assert_eq!(ending.outcome, Ok(4), "{ending:?}");
    for path in [&locked, &folder] {
        let line = format!("unreadable HAN_PERMISSION {}", path.display());
        assert!(ending.lines.contains(&line), "{line}: {ending:?}");
    }
    let (code, message) = run("index", &[child::text(&locked)]).outcome.unwrap_err();
    assert_eq!(code, "HAN_PERMISSION");
    assert!(message.contains(child::text(&locked)), "{message}");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(run("scan", &[]).outcome, Ok(4), "what may be read by now is read");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    for action in ["doctor", "mend"] {
        assert_eq!(run(action, &[]).outcome, Ok(0), "a source that may not be read is not damage");
    }
}

#[test]
fn a_transcript_whose_bytes_cannot_be_read_is_named_and_the_scan_goes_on() {
    // A file of a whole page that cannot be read.
    let broken = Path::new("/sys/class/net/lo/speed");
    let is_broken = std::fs::metadata(broken).is_ok_and(|metadata| metadata.is_file() && metadata.len() == 4096)
        && std::fs::read(broken).is_err();
    if !is_broken {
        return skip("no file of this system fails to be read");
    }
    let home = Home::new();
    let lines = turns("s1", 20);
    let path = home.write_session("s1", &lines[..4096]);
    home.write_session("s2", turns("s2", 2));
    let han = home.scanned();
    let Some(_mount) = Mount::of_file(broken, &path) else { return };
    home.write_session("s3", turns("s3", 2));
    let report = han.scan(ScanOptions::default()).unwrap();
    let errors: Vec<_> = report.errors.iter().map(|error| (error.code.as_str(), Path::new(&error.path))).collect();
    assert_eq!(errors, [("HAN_IO", path.as_path())]);
    assert_eq!(report.messages_indexed, 4);
    assert_eq!(code(han.index_session_file(&path)), "HAN_IO");
    assert_sound(&han, &home.database_file());
}

#[test]
fn a_spill_that_is_too_large_is_noted_and_not_kept() {
    let home = Home::new();
    let record = r#"{"type":"user","uuid":"u1","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"beginning"}]},"toolUseResult":{"persistedOutputPath":"/x/toolu_1.txt"}}"#;
    let path = home.write_session("s1", format!("{record}\n"));
    let spill = path.with_extension("").join("tool-results/toolu_1.txt");
    std::fs::create_dir_all(spill.parent().unwrap()).unwrap();
    std::fs::File::create(&spill).unwrap().set_len((64 << 20) + 1).unwrap();
    let han = home.open();
    let report = scan(&han);
    assert_eq!((report.messages_indexed, report.notes), (1, 1));
    let problems = han.problems(&ProblemFilter::default()).unwrap().items;
    assert_eq!(problems[0].kind, ProblemKind::SpillTooLarge);
    assert_eq!(han.stats().unwrap().transcript_bytes, record.len() as i64 + 1);
    let paths = Some(vec![spill]);
    assert_eq!(code(han.scan(ScanOptions { paths, ..ScanOptions::default() })), "HAN_INVALID_ARGUMENT");
    assert_sound(&han, &home.database_file());
}

#[test]
fn the_folder_of_a_project_may_be_a_link_and_nothing_else() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 2));
    let projects = home.config_dir().join("projects");
    let elsewhere = home.folder().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("secret.jsonl"), turns("secret", 2)).unwrap();
    symlink(&projects, projects.join("-loop")).unwrap();
    symlink("..", projects.join("-code-shop/up")).unwrap();
    symlink("self", projects.join("self")).unwrap();
    symlink(&elsewhere, projects.join("-elsewhere")).unwrap();
    symlink(elsewhere.join("secret.jsonl"), projects.join("-code-shop/linked.jsonl")).unwrap();
    symlink("missing", projects.join("-code-shop/dangling.jsonl")).unwrap();
    symlink(&elsewhere, projects.join("-second")).unwrap();
    symlink(projects.join("-code-shop"), projects.join("-again")).unwrap();
    symlink(projects.join("-code-shop/s2"), projects.join("-inside")).unwrap();
    std::fs::create_dir_all(projects.join("-code-shop/s2/tool-results")).unwrap();
    symlink(projects.join("-code-shop/s2"), projects.join("-code-shop/s3")).unwrap();
    symlink(home.folder(), projects.join("-code-shop/memory")).unwrap();
    let han = home.open();
    let report = han.scan(ScanOptions::default()).unwrap();
    assert_eq!((report.files, report.messages_indexed), (2, 8), "the link's target is a session like others");
    let mut refused: Vec<_> = report
        .errors
        .iter()
        .map(|error| (Path::new(&error.path).strip_prefix(&projects).unwrap().to_str().unwrap(), error.code.as_str()))
        .collect();
    refused.sort_unstable();
    let names = ["-again", "-code-shop/linked.jsonl", "-code-shop/s3", "-inside", "-loop", "-second", "self"];
    assert_eq!(refused, names.map(|name| (name, "HAN_INVALID_ARGUMENT")));
    assert!(report.errors.iter().all(|error| error.message.contains("not followed")), "{:?}", report.errors);
    // Explicitly named, by whichever path, it is the same file.
    for path in [elsewhere.join("secret.jsonl"), projects.join("-elsewhere/secret.jsonl")] {
        assert_eq!(han.index_session_file(&path).unwrap().messages_indexed, 0, "{}", path.display());
    }
    assert_eq!(han.stats().unwrap().files, 2);
    // One that takes the place of a link that was followed is followed.
    std::fs::remove_file(projects.join("-elsewhere")).unwrap();
    let report = han.scan(ScanOptions::default()).unwrap();
    assert!(!report.errors.iter().any(|error| error.path.ends_with("-second")), "{:?}", report.errors);
    assert_eq!(han.stats().unwrap().messages, 8);
}

#[test]
fn links_of_two_config_dirs_to_one_folder_count_once() {
    let (home, other) = (Home::new(), Home::new());
    let elsewhere = home.folder().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("s1.jsonl"), turns("s1", 2)).unwrap();
    for config_dir in [home.config_dir(), other.config_dir()] {
        std::fs::create_dir(config_dir.join("projects")).unwrap();
        symlink(&elsewhere, config_dir.join("projects/-link")).unwrap();
    }
    let config_dirs = Some(vec![home.config_dir(), other.config_dir()]);
    let han = Han::open(OpenOptions { config_dirs: config_dirs.clone(), ..home.options() }).unwrap();
    let report = han.scan(ScanOptions::default()).unwrap();
    assert_eq!((report.files, report.errors.len()), (1, 1));
    han.close();
    let exclude = vec!["projects/-link".to_owned()];
    let han = Han::open(OpenOptions { config_dirs, exclude, ..home.options() }).unwrap();
    assert_eq!(scan(&han).files, 0, "what is excluded is neither followed nor complained of");
}

#[test]
fn a_config_dir_that_is_named_twice_counts_once() {
    let home = Home::new();
    let path = home.write_session("s1", turns("s1", 2));
    let link = home.folder().join("link");
    symlink(home.config_dir(), &link).unwrap();
    let shared = home.folder().join("shared");
    std::fs::create_dir(&shared).unwrap();
    symlink(home.config_dir().join("projects"), shared.join("projects")).unwrap();
    let config_dirs = vec![link.clone(), home.config_dir(), home.config_dir().join("."), shared.clone()];
    let han = Han::open(OpenOptions { config_dirs: Some(config_dirs), ..home.options() }).unwrap();
    let report = scan(&han);
    assert_eq!((report.files, report.messages_indexed), (1, 4));
    for root in [link, home.config_dir(), shared] {
        let same = root.join("projects/-code-shop/s1.jsonl");
        let result = han.index_session_file(&same).unwrap();
        assert_eq!((result.messages_indexed, result.total_messages), (0, 4), "{}", same.display());
    }
    assert_eq!(han.index_session_file(path).unwrap().messages_indexed, 0);
    assert_eq!(han.stats().unwrap().files, 1);
    assert_sound(&han, &home.database_file());
}

#[test]
fn a_transcript_that_vanishes_before_it_is_read_is_named() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 2));
    let vanishing = home.write_session("s2", turns("s2", 2));
    let han = home.open();
    let report = {
        let vanishing = vanishing.clone();
        han.scan(ScanOptions {
            // The first call comes when the amount to read is known, and nothing is read yet.
            on_progress: Some(Box::new(move |_| {
                let _ = std::fs::remove_file(&vanishing);
            })),
            ..ScanOptions::default()
        })
    };
    let report = report.unwrap();
    // The reading thread may be ahead of the hook only after it was called the first time.
    assert_eq!(report.messages_indexed, 4);
    let errors: Vec<_> = report.errors.iter().map(|error| (error.code.as_str(), Path::new(&error.path))).collect();
    assert_eq!(errors, [("HAN_NOT_FOUND", vanishing.as_path())]);
    assert_sound(&han, &home.database_file());
    assert_eq!(scan(&han).errors, []);
}

#[test]
fn the_transcripts_of_a_config_dir_that_is_gone_are_missing_until_it_is_back() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 2));
    let han = home.scanned();
    let away = home.folder().join("away");
    std::fs::rename(home.config_dir(), &away).unwrap();
    assert_eq!(scan(&han).files, 0);
    let stats = han.stats().unwrap();
    assert_eq!((stats.files, stats.files_missing, stats.messages), (1, 1, 4));
    std::fs::rename(&away, home.config_dir()).unwrap();
    assert_eq!(scan(&han).messages_indexed, 0);
    assert_eq!(han.stats().unwrap().files_missing, 0);
}

#[test]
fn files_that_shrink_and_grow_under_the_reader_end_as_they_are() {
    let home = Home::new();
    let below = "projects/-code-shop/s1.jsonl";
    let other = "projects/-code-shop/s2.jsonl";
    let whole = turns("s1", 400);
    home.write(below, whole.as_bytes());
    home.write(other, turns("s2", 5).as_bytes());
    let database = home.database();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut random = Random::new(3);
            while !is_over.load(Ordering::SeqCst) {
                let path = home.file(below);
                let length = random.below(whole.len() as u64);
                std::fs::File::options().write(true).open(&path).unwrap().set_len(length).unwrap();
                if random.below(2) == 0 {
                    std::fs::write(&path, &whole.as_bytes()[..random.below(whole.len() as u64) as usize]).unwrap();
                }
            }
        });
        for _ in 0..12 {
            let report = database.han.scan(ScanOptions::default()).unwrap();
            assert!(report.errors.iter().all(|error| error.code != "HAN_PANIC"), "{:?}", report.errors);
            database.han.index_session_file(home.file(below)).unwrap();
        }
        is_over.store(true, Ordering::SeqCst);
    });
    home.write(below, whole.as_bytes());
    database.scan();
    // What the older generations alone were spent on stays spent.
    let spending = ["usage", "spent", "answered tokens"];
    let expected = home.from_scratch().without(&spending);
    let dump = database.dump(Scope::Present).without(&spending);
    if let Err(difference) = dump.expect(&expected, "once the file no longer changes") {
        panic!("{difference}");
    }
    assert_sound(&database.han, &database.path);
}

#[test]
fn excluded_paths_are_left_out() {
    let home = Home::new();
    for session in ["s1", "s2", "private-1"] {
        home.write_session(session, turns(session, 1));
    }
    let deep = home.transcript("s1").with_extension("").join("subagents");
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(deep.join("agent-a1.jsonl"), turns("s1", 1)).unwrap();
    let cases: [(&[&str], i64); 5] = [
        (&["projects/*/private-*.jsonl"], 3),
        (&["**/subagents/**"], 3),
        (&["projects/-code-shop"], 0),
        (&["projects/-code-shop/**"], 0),
        (&["projects/*.jsonl"], 4),
    ];
    for (globs, files) in cases {
        let exclude = globs.iter().map(ToString::to_string).collect();
        let database = home.folder().join(format!("{}.db", globs[0].replace(['/', '*'], "_")));
        let options = OpenOptions { exclude, ..super::checks::options(&database, &home.config_dir()) };
        assert_eq!(scan(&Han::open(options).unwrap()).files, files, "{globs:?}");
    }
    let bad = OpenOptions { exclude: vec!["[".into()], ..home.options() };
    assert_eq!(code(Han::open(bad)), "HAN_INVALID_ARGUMENT");
}

fn assert_one_that_is_not_utf8_is_named(home: &Path) {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let unnameable = home.join(OsStr::from_bytes(b"\xff"));
    std::fs::create_dir_all(unnameable.join("projects")).unwrap();
    let list = [unnameable.as_os_str(), home.join(".claude").as_os_str()].join(OsStr::new(","));
    let mut command = child::command(&["scan", child::text(&home.join("e.db")), "-"]);
    command.env("CLAUDE_CONFIG_DIR", list);
    let ending = child::run(command);
    assert_eq!(ending.outcome, Ok(2));
    let is_named = |line: &String| line.starts_with("unreadable HAN_INVALID_ARGUMENT ");
    assert!(ending.lines.iter().any(is_named), "{ending:?}");
}

#[test]
fn the_environment_names_the_config_dirs() {
    let homes = [Home::new(), Home::new(), Home::new()];
    for (number, home) in homes.iter().enumerate() {
        let name = format!("s{number}");
        home.write_session(&name, turns(&name, 1));
    }
    let of = |number: usize| homes[number].config_dir().display().to_string();
    let home = homes[2].folder();
    std::fs::rename(homes[2].config_dir(), home.join(".claude")).unwrap();
    let run = |list: &str, database: &str| {
        let database = home.join(database);
        let mut command = child::command(&["scan", child::text(&database), "-"]);
        command.env("CLAUDE_CONFIG_DIR", list).env("HOME", &home);
        child::run(command).outcome
    };
    assert_eq!(run(&format!("{} , {},", of(0), of(1)), "a.db"), Ok(4), "a comma list");
    assert_eq!(run(&of(1), "b.db"), Ok(2));
    assert_eq!(run("", "c.db"), Ok(2), "the home's where it is empty");
    assert_eq!(run("/nonexistent", "d.db"), Ok(0), "a missing one is empty");
    assert_one_that_is_not_utf8_is_named(&home);
    let none = Han::open(OpenOptions { config_dirs: Some(Vec::new()), ..homes[0].options() }).unwrap();
    assert_eq!(scan(&none).files, 0);
}
