//! The path of a project, and the repository that its sessions work in.

use serde_json::{Value, json};

use crate::support::dump::Scope;
use crate::support::home::{Database, Home};
use crate::support::lines::{line, user, with};

/// The name that the folder of a project gets.
fn slug(cwd: &str) -> String {
    cwd.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect()
}

fn said_in(session: &str, cwd: &str) -> String {
    line(session, 1, with(user("hello"), &[("/cwd", cwd.into())]))
}

fn worktree(path: &str, original: &str) -> String {
    format!(
        "{}\n",
        json!({ "type": "worktree-state", "worktreeSession": { "worktreePath": path, "originalCwd": original } })
    )
}

/// A session's working directory; a worktree that it names, with where that comes from; and its repository.
type Session = (&'static str, Option<(&'static str, &'static str)>, &'static str);

/// Each project's path with its repository.
fn repositories(database: &Database) -> Vec<(String, String)> {
    let connection = database.connection();
    let mut statement = connection
        .prepare("SELECT p.path, coalesce(r.path, '-') FROM projects p LEFT JOIN repos r ON r.id = p.repo_id ORDER BY p.path")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn worktrees_beside_and_elsewhere_belong_to_their_repository_in_whatever_order_they_come() {
    let cases: [&[Session]; 6] = [
        &[
            ("/src/shop", None, "/src/shop"),
            ("/src/shop.worktrees/a", None, "/src/shop"),
            ("/home/dev/.claude-worktrees/shop/b", None, "/src/shop"),
            ("/tmp/wt/c", Some(("/tmp/wt/c", "/src/shop")), "/src/shop"),
            ("/tmp/wt/c/deep", None, "/src/shop"),
        ],
        // Nobody knows which of two is meant.
        &[
            ("/src/shop", None, "/src/shop"),
            ("/other/shop", None, "/other/shop"),
            ("/home/dev/.claude-worktrees/shop/b", None, "/home/dev/.claude-worktrees/shop/b"),
        ],
        // A worktree of the same name is not a repository of its own.
        &[
            ("/src/shop", None, "/src/shop"),
            ("/src/lib.worktrees/shop", None, "/src/lib"),
            ("/home/dev/.claude-worktrees/shop/b", None, "/src/shop"),
        ],
        &[("/home/dev/.claude-worktrees/shop/b", None, "/home/dev/.claude-worktrees/shop/b")],
        // Windows, on any system.
        &[
            (r"C:\src\shop", None, r"C:\src\shop"),
            (r"c:\src\shop", None, r"C:\src\shop"),
            ("C:/src/shop/.claude/worktrees/x", None, r"C:\src\shop"),
            (r"c:\wt\y", Some((r"C:\wt\y", "c:/src/shop")), r"C:\src\shop"),
            (r"C:\Users\dev\.claude-worktrees\shop\z", None, r"C:\src\shop"),
        ],
        // A circle leads nowhere.
        &[("/a", Some(("/a", "/b")), "/a"), ("/b", Some(("/b", "/a")), "/b")],
    ];
    for sessions in cases {
        let mut expected: Vec<(String, String)> =
            sessions.iter().map(|(cwd, _, repository)| ((*cwd).to_owned(), (*repository).to_owned())).collect();
        expected.sort();
        let mut orders: Vec<Vec<usize>> = vec![(0..sessions.len()).collect(), (0..sessions.len()).rev().collect()];
        orders.push((0..sessions.len()).map(|index| (index + sessions.len() / 2) % sessions.len()).collect());
        for order in orders {
            let home = Home::new();
            let database = home.database();
            for at in order {
                let (cwd, from, _) = sessions[at];
                let session = format!("s{at}");
                let worktree = from.map(|(path, original)| worktree(path, original)).unwrap_or_default();
                home.write(&format!("projects/{}/{session}.jsonl", slug(cwd)), said_in(&session, cwd) + &worktree);
                database.scan();
            }
            assert_eq!(repositories(&database), expected);
            assert_eq!(database.dump(Scope::Present), home.from_scratch());
        }
    }
}

#[test]
fn what_a_rewritten_file_said_of_a_worktree_is_forgotten() {
    let home = Home::new();
    let database = home.database();
    let file = "projects/-tmp-wt-c/s1.jsonl";
    home.write(file, said_in("s1", "/tmp/wt/c") + &worktree("/tmp/wt/c", "/src/shop"));
    database.scan();
    assert_eq!(repositories(&database), [("/tmp/wt/c".to_owned(), "/src/shop".to_owned())]);
    home.append(file, worktree("/tmp/wt/c", "/src/lib"));
    database.scan();
    assert_eq!(repositories(&database), [("/tmp/wt/c".to_owned(), "/src/lib".to_owned())], "the last one counts");
    std::fs::remove_file(home.file(file)).unwrap();
    home.write(file, said_in("s1", "/tmp/wt/c"));
    database.scan();
    assert_eq!(repositories(&database), [("/tmp/wt/c".to_owned(), "/tmp/wt/c".to_owned())]);
}

#[test]
fn a_session_that_was_moved_has_the_path_of_its_folder() {
    let relocated =
        |cwd: Value| format!("{}\n", json!({ "type": "relocated", "relocatedCwd": cwd, "sessionId": "s1" }));
    let home = Home::new();
    let database = home.database();
    let file = "projects/-src-app/s1.jsonl";
    home.write(file, said_in("s1", "/elsewhere/wt1") + &relocated(json!(7)));
    database.scan();
    assert_eq!(repositories(&database)[0].0, "/elsewhere/wt1");
    home.append(file, relocated("/src/app".into()));
    database.scan();
    assert_eq!(repositories(&database)[0], ("/src/app".to_owned(), "/src/app".to_owned()));
}
