use std::fs;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::*;
use crate::error::ErrorCode;

fn write(root: &Path, path: &str, text: &str) -> PathBuf {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

fn no_globs() -> GlobSet {
    GlobSetBuilder::new().build().unwrap()
}

fn paths(discovery: &Discovery) -> Vec<&str> {
    let mut paths: Vec<&str> = discovery.files.iter().map(|file| file.path.as_str()).collect();
    paths.sort_unstable();
    paths
}

#[test]
fn every_layout_is_found_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let wanted = [
        "projects/-p/agent-a1.jsonl",
        "projects/-p/notes.jsonl",
        "projects/-p/s1-han.jsonl",
        "projects/-p/s1.jsonl",
        "projects/-p/s1/subagents/agent-a2.jsonl",
        "projects/-p/s1/subagents/workflows/wf_1/agent-a3.jsonl",
        "projects/-p/s1/tool-results/toolu_1.txt",
    ];
    let unwanted = [
        "history.jsonl",
        "projects/loose.jsonl",
        "projects/-p/sessions-index.json",
        "projects/-p/memory/m.md",
        "projects/-p/s1/subagents/workflows/wf_1/journal.jsonl",
        "projects/-p/s1/workflows/wf_1.jsonl",
    ];
    for path in wanted.iter().chain(&unwanted) {
        write(root.path(), path, "{}\n");
    }
    let meta = r#"{"agentType":"Explore","description":"Find it","agentType":"Plan"}"#;
    write(root.path(), "projects/-p/s1/subagents/agent-a2.meta.json", meta);
    write(root.path(), "projects/-p/s1/workflows/wf_1.json", r#"{"name":"Review"}"#);

    let mut discovery = discover(&[root.path().to_path_buf()], &no_globs(), &Cancellation::default());
    assert_eq!(discovery.errors, []);
    assert_eq!(paths(&discovery), wanted);
    discovery.files.iter_mut().for_each(SourceFile::read_sidecars);
    let agent = discovery.files.iter().find(|file| file.agent.as_deref() == Some("a2")).unwrap();
    assert_eq!(agent.agent_type.as_deref(), Some("Plan"));
    assert_eq!(agent.agent_description.as_deref(), Some("Find it"));
    assert_eq!(agent.config_dir, root.path().canonicalize().unwrap().to_str().unwrap());
    assert_eq!((agent.project.as_str(), agent.stat.size), ("-p", 3));
    let workflow = discovery.files.iter().find(|file| file.agent.as_deref() == Some("a3")).unwrap();
    assert_eq!(workflow.workflow.as_deref(), Some("wf_1 Review"));
}

#[test]
fn sidecars_are_found_and_say_whom_they_are_about() {
    let root = tempfile::tempdir().unwrap();
    let meta = write(root.path(), "projects/-p/s1/subagents/agent-a2.meta.json", "{}");
    let flat = write(root.path(), "projects/-p/agent-a1.meta.json", "{}");
    let run = write(root.path(), "projects/-p/s1/workflows/wf_1.json", "{}");
    for other in ["projects/-p/x.meta.json", "projects/-p/s1/workflows/notes.json", "projects/-p/s1/agent-a.meta.json"]
    {
        write(root.path(), other, "{}");
    }
    let canonical = root.path().canonicalize().unwrap();
    let mut found = discover(&[root.path().to_path_buf()], &no_globs(), &Cancellation::default()).sidecars;
    found.sort_by(|left, right| left.absolute.cmp(&right.absolute));
    let found: Vec<_> = found.into_iter().map(|sidecar| (sidecar.absolute, sidecar.of)).collect();
    let place = |path: &Path| canonical.join(path.strip_prefix(root.path()).unwrap());
    let folder = canonical.join("projects/-p");
    let subagents = folder.join("s1/subagents");
    assert_eq!(
        found,
        [
            (place(&flat), SidecarOf::Transcript(folder.join("agent-a1.jsonl"))),
            (place(&meta), SidecarOf::Transcript(subagents.join("agent-a2.jsonl"))),
            (place(&run), SidecarOf::Workflow { subagents, folder: "wf_1".into() }),
        ]
    );
}

#[test]
fn one_place_is_found_as_a_walk_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["-p/s1.jsonl", "-p/s1/subagents/agent-a1.jsonl", "-q/s2.jsonl", "-q/notes.md"] {
        write(folder.path(), &format!("projects/{path}"), "{}\n");
    }
    let root = Root::of(folder.path()).unwrap().unwrap();
    let everything = discover(&[folder.path().to_path_buf()], &no_globs(), &Cancellation::default());
    let mut globs = GlobSetBuilder::new();
    globs.add(Glob::new("projects/-q").unwrap());
    let globs = globs.build().unwrap();
    for (path, exclude, expected) in [
        (
            "projects",
            &no_globs(),
            &["projects/-p/s1.jsonl", "projects/-p/s1/subagents/agent-a1.jsonl", "projects/-q/s2.jsonl"][..],
        ),
        ("projects/-p", &no_globs(), &["projects/-p/s1.jsonl", "projects/-p/s1/subagents/agent-a1.jsonl"]),
        ("projects/-q/s2.jsonl", &no_globs(), &["projects/-q/s2.jsonl"]),
        ("projects/-q/s2.jsonl", &globs, &[]),
        ("projects/-q/notes.md", &no_globs(), &[]),
        ("projects/-q/gone.jsonl", &no_globs(), &[]),
        ("history.jsonl", &no_globs(), &[]),
    ] {
        let mut discovery = Discovery::default();
        discover_at(&root, &root.folder().join(path), exclude, &mut discovery);
        assert_eq!(paths(&discovery), expected, "{path}");
        assert!(discovery.files.iter().all(|file| everything.files.contains(file)), "{path}");
    }
}

#[test]
fn a_spill_is_kept_up_to_a_size() {
    let root = tempfile::tempdir().unwrap();
    let spill = write(root.path(), "projects/-p/s1/tool-results/toolu_1.txt", "");
    let transcript = write(root.path(), "projects/-p/s1.jsonl", "");
    for (surplus, found) in [(0, 2), (1, 1)] {
        for path in [&spill, &transcript] {
            fs::File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_len(crate::spill::LARGEST_BYTES as u64 + surplus)
                .unwrap();
        }
        let discovery = discover(&[root.path().to_path_buf()], &no_globs(), &Cancellation::default());
        assert_eq!((discovery.files.len(), discovery.errors.len()), (found, 0));
        assert_eq!(identify(&spill, &[]).is_ok(), surplus == 0);
    }
}

#[test]
fn excluded_files_and_folders_are_left_out() {
    let root = tempfile::tempdir().unwrap();
    for path in ["projects/-a/s1.jsonl", "projects/-b/s2.jsonl", "projects/-c/s3.jsonl"] {
        write(root.path(), path, "{}\n");
    }
    let mut globs = GlobSetBuilder::new();
    globs.add(Glob::new("projects/-a").unwrap()).add(Glob::new("**/s3.jsonl").unwrap());
    let discovery = discover(&[root.path().to_path_buf()], &globs.build().unwrap(), &Cancellation::default());
    assert_eq!(paths(&discovery), ["projects/-b/s2.jsonl"]);
}

#[test]
fn a_missing_config_dir_is_no_error() {
    let root = tempfile::tempdir().unwrap();
    let discovery =
        discover(&[root.path().join("none"), root.path().to_path_buf()], &no_globs(), &Cancellation::default());
    assert!(discovery.files.is_empty() && discovery.errors.is_empty());
}

#[cfg(unix)]
#[test]
fn links_count_once_and_pipes_are_never_opened() {
    use std::os::unix::fs::symlink;

    let root = tempfile::tempdir().unwrap();
    let real = root.path().join("real");
    let session = write(&real, "projects/-p/s1.jsonl", "{}\n");
    symlink(&real, root.path().join("linked")).unwrap();
    let shares_projects = root.path().join("shares");
    fs::create_dir(&shares_projects).unwrap();
    symlink(real.join("projects"), shares_projects.join("projects")).unwrap();
    symlink(&real, real.join("projects/-p/loop")).unwrap();
    symlink(&session, real.join("projects/-p/copy.jsonl")).unwrap();
    let pipe = real.join("projects/-p/pipe.jsonl");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();

    let config_dirs = [root.path().join("linked"), real.clone(), shares_projects];
    let discovery = discover(&config_dirs, &no_globs(), &Cancellation::default());
    let refused: Vec<&Path> = discovery.errors.iter().map(|error| Path::new(&error.path)).collect();
    assert_eq!(refused, [real.canonicalize().unwrap().join("projects/-p/copy.jsonl")]);
    assert_eq!(paths(&discovery), ["projects/-p/s1.jsonl"]);
    assert_eq!(identify(&pipe, &config_dirs).unwrap_err().code(), ErrorCode::InvalidArgument);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_an_error_and_the_walk_goes_on() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let root = tempfile::tempdir().unwrap();
    let session = write(root.path(), "projects/-p/s1.jsonl", "{}\n");
    fs::write(session.with_file_name(OsStr::from_bytes(b"\xff.jsonl")), "{}\n").unwrap();
    let discovery = discover(&[root.path().to_path_buf()], &no_globs(), &Cancellation::default());
    assert_eq!(paths(&discovery), ["projects/-p/s1.jsonl"]);
    assert_eq!(discovery.errors.len(), 1);
    assert_eq!(discovery.errors[0].code, "HAN_INVALID_ARGUMENT");
}

#[test]
fn a_named_file_is_what_its_place_says() {
    let root = tempfile::tempdir().unwrap();
    let canonical = root.path().canonicalize().unwrap();
    let inside = write(root.path(), "cfg/projects/-p/s1/subagents/agent-a1.jsonl", "{}\n");
    let outside = write(root.path(), "loose/session.jsonl", "{}\n");

    for config_dirs in [vec![root.path().join("cfg")], Vec::new()] {
        let file = identify(&inside, &config_dirs).unwrap();
        assert_eq!(file.config_dir, canonical.join("cfg").to_str().unwrap());
        assert_eq!(file.path, "projects/-p/s1/subagents/agent-a1.jsonl");
        assert_eq!((file.project.as_str(), file.session.as_deref()), ("-p", Some("s1")));
    }
    let file = identify(&outside, &[root.path().join("cfg")]).unwrap();
    assert_eq!((file.config_dir.as_str(), file.project.as_str()), ("", "loose"));
    assert_eq!(file.path, canonical.join("loose/session.jsonl").to_str().unwrap());
    assert_eq!((file.kind, file.session.as_deref()), (FileKind::Main, Some("session")));
}

#[test]
fn what_is_no_transcript_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let journal = write(root.path(), "projects/-p/s1/subagents/workflows/wf_1/journal.jsonl", "{}\n");
    let text = write(root.path(), "readme.txt", "hello\n");
    let cases = [
        (root.path().join("none.jsonl"), ErrorCode::NotFound),
        (root.path().to_path_buf(), ErrorCode::IsDirectory),
        (journal, ErrorCode::InvalidArgument),
        (text, ErrorCode::InvalidArgument),
    ];
    for (path, code) in cases {
        assert_eq!(identify(&path, &[]).unwrap_err().code(), code, "{}", path.display());
    }
}

#[test]
fn a_walk_that_is_cancelled_ends() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "projects/-p/s1.jsonl", "{}\n");
    let cancelled = Cancellation::default();
    cancelled.cancel();
    assert_eq!(discover(&[root.path().to_path_buf()], &no_globs(), &cancelled).files, []);
}
