//! Where the desktop application keeps the config dirs of the sessions that it runs itself: one for each, some folders down.

use std::path::{Path, PathBuf};

/// The folder of all such sessions, in the folder of the application.
const SESSIONS: &str = "local-agent-mode-sessions";
/// A config dir, in the folder of its session.
const CONFIG_DIR: &str = ".claude";
/// How far down a session's folder is.
const DEPTH: usize = 4;
/// How many folders are looked into at most.
const FOLDERS: usize = 10_000;

/// The folder of the application, in a home folder.
#[cfg(target_os = "macos")]
pub(crate) fn application(home: &Path) -> PathBuf {
    home.join("Library").join("Application Support").join("Claude")
}

/// The folder of the application, in a home folder.
#[cfg(windows)]
pub(crate) fn application(home: &Path) -> PathBuf {
    home.join("AppData").join("Roaming").join("Claude")
}

/// The folder of the application, in a home folder.
#[cfg(not(any(target_os = "macos", windows)))]
pub(crate) fn application(home: &Path) -> PathBuf {
    home.join(".config").join("Claude")
}

/// The config dirs that have projects, below the folder of the application. What a session works on is beside its config dir, and
/// is not looked into.
pub(crate) fn config_dirs(application: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut looked = 0;
    let mut level = vec![application.join(SESSIONS)];
    for _ in 0..=DEPTH {
        let mut next = Vec::new();
        for folder in level {
            looked += 1;
            if looked > FOLDERS {
                break;
            }
            let config_dir = folder.join(CONFIG_DIR);
            if std::fs::symlink_metadata(&config_dir).is_ok_and(|metadata| metadata.is_dir()) {
                found.extend(config_dir.join("projects").is_dir().then_some(config_dir));
                continue;
            }
            let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            next.extend(
                entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()),
            );
        }
        next.sort();
        level = next;
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_dirs_are_found_and_what_sessions_work_on_is_not_looked_into() {
        let folder = tempfile::tempdir().unwrap();
        let application = folder.path();
        assert_eq!(config_dirs(application), [] as [PathBuf; 0]);
        for path in [
            "local-agent-mode-sessions/account/place/local_1/.claude/projects/-p",
            "local-agent-mode-sessions/account/local_2/.claude/projects",
            "local-agent-mode-sessions/account/place/local_1/work/.claude/projects",
            "local-agent-mode-sessions/account/place/local_3/.claude/other",
            "local-agent-mode-sessions/a/b/c/d/e/f/.claude/projects",
            "other/local_4/.claude/projects",
        ] {
            std::fs::create_dir_all(application.join(path)).unwrap();
        }
        let sessions = application.join(SESSIONS).join("account");
        assert_eq!(
            config_dirs(application),
            [sessions.join("local_2/.claude"), sessions.join("place/local_1/.claude")]
        );
    }
}
