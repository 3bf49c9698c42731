//! Processes that contend for one database, and what a test sees of them from outside: the row of who leads, the log of who
//! wrote, and the output of each of them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use han_native::{Han, OpenOptions};
use rusqlite::{Connection, OptionalExtension};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::feed_support::PATIENCE;

/// The time between two reads of the row.
const LOOK: Duration = Duration::from_millis(3);

/// The periods that are passed to the contenders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) heartbeat: Duration,
    pub(super) stale: Duration,
}

/// Several contenders for one database.
pub(super) struct Crowd {
    folder: tempfile::TempDir,
    times: Times,
    pub(super) contenders: Vec<Contender>,
    connection: Connection,
}

/// One process.
pub(super) struct Contender {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

/// The row of who leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) epoch: i64,
    pub(super) owner: String,
    pub(super) pid: u32,
    pub(super) heartbeat: i64,
    pub(super) lock_inode: Option<i64>,
    pub(super) is_released: bool,
}

/// What happened, and how long it took, without the delays of the test itself.
pub(super) struct Seen {
    pub(super) row: Row,
    pub(super) took: Duration,
}

/// Kept inside the same transactions: each heartbeat and each message, with who led then. A slow message keeps its transaction
/// open for a good while.
const LOG: &str = "
    CREATE TABLE test_signs (id INTEGER PRIMARY KEY, epoch INTEGER, owner TEXT, pid INTEGER, heartbeat INTEGER);
    CREATE TRIGGER test_sign AFTER UPDATE OF heartbeat ON leader BEGIN
        INSERT INTO test_signs (epoch, owner, pid, heartbeat) VALUES (new.epoch, new.owner, new.pid, new.heartbeat);
    END;
    CREATE TRIGGER test_begin AFTER INSERT ON leader BEGIN
        INSERT INTO test_signs (epoch, owner, pid, heartbeat) VALUES (new.epoch, new.owner, new.pid, new.heartbeat);
    END;
    CREATE TABLE test_messages (id INTEGER PRIMARY KEY, epoch INTEGER, pid INTEGER, session TEXT);
    CREATE TRIGGER test_message AFTER INSERT ON messages BEGIN
        INSERT INTO test_messages (epoch, pid, session)
            SELECT l.epoch, l.pid, s.session_id FROM leader l, generations g
            JOIN files f ON f.id = g.file_id JOIN sessions s ON s.id = f.session_id WHERE g.id = new.generation_id;
    END;
    CREATE TRIGGER test_slow AFTER INSERT ON messages WHEN new.preview LIKE 'slow%' BEGIN
        INSERT INTO test_messages (epoch, pid, session) SELECT NULL, NULL, count(*) FROM (
            WITH RECURSIVE counted (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counted LIMIT 4000000)
            SELECT number FROM counted);
        DELETE FROM test_messages WHERE epoch IS NULL;
    END;";

impl Crowd {
    pub(super) fn new(count: usize, times: Times) -> Crowd {
        let folder = tempfile::Builder::new().prefix("han-").tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("claude/projects/-code-shop")).unwrap();
        let database = folder.path().join("han.db");
        let options = OpenOptions { db_path: Some(database.clone()), ..OpenOptions::default() };
        Han::open(options).unwrap().close();
        let connection = Connection::open(&database).unwrap();
        connection.busy_timeout(Duration::ZERO).unwrap();
        connection.execute_batch(LOG).unwrap();
        let mut crowd = Crowd { folder, times, contenders: Vec::new(), connection };
        (0..count).for_each(|_| crowd.add());
        crowd
    }

    /// Starts one more contender, and returns once it contends.
    pub(super) fn add(&mut self) {
        let mut contender = self.start();
        contender.hear("ready");
        self.contenders.push(contender);
    }

    fn start(&self) -> Contender {
        let number = |period: Duration| period.as_millis().to_string();
        let mut command = Command::new(env!("CARGO_BIN_EXE_han-test-contender"));
        command.arg(self.folder.path().join("han.db")).arg(self.folder.path().join("claude"));
        command.args([number(self.times.heartbeat), number(self.times.stale)]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.for_each(|line| drop(sender.send(line)));
        });
        Contender { child, input, lines }
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.folder.path().join("coordinator.lock")
    }

    pub(super) fn row(&self) -> Option<Row> {
        let sql = "SELECT epoch, owner, pid, heartbeat, lock_inode, is_released FROM leader";
        let row = self.connection.query_row(sql, [], |row| {
            Ok(Row {
                epoch: row.get(0)?,
                owner: row.get(1)?,
                pid: row.get(2)?,
                heartbeat: row.get(3)?,
                lock_inode: row.get(4)?,
                is_released: row.get(5)?,
            })
        });
        row.optional().unwrap()
    }

    /// Reads the row until the condition holds. The time that it took excludes the time in which this thread could not run.
    pub(super) fn see(&self, since: Instant, what: &str, is_so: impl Fn(&Row) -> bool) -> Seen {
        let (mut late, mut looked) = (Duration::ZERO, since);
        loop {
            let row = self.row();
            let now = Instant::now();
            late += now.duration_since(looked).saturating_sub(LOOK * 2);
            looked = now;
            if let Some(row) = row.as_ref().filter(|row| is_so(row)) {
                return Seen { row: row.clone(), took: now.duration_since(since).saturating_sub(late) };
            }
            assert!(now.duration_since(since) < PATIENCE, "{what} does not come; the row is {row:?}");
            std::thread::sleep(LOOK);
        }
    }

    /// Waits until one of the contenders leads and sends a heartbeat; returns its place among them.
    pub(super) fn leader(&self) -> (usize, Row) {
        let now = Instant::now();
        let known = self.row().map_or(0, |row| row.heartbeat);
        let is_ours = |row: &Row| !row.is_released && row.heartbeat > known && self.place(row.pid).is_some();
        let row = self.see(now, "a leader", is_ours).row;
        (self.place(row.pid).unwrap(), row)
    }

    fn place(&self, pid: u32) -> Option<usize> {
        self.contenders.iter().position(|contender| contender.pid() == pid)
    }

    /// Kills one for good.
    pub(super) fn kill(&mut self, place: usize) -> u32 {
        let mut contender = self.contenders.remove(place);
        contender.child.kill().unwrap();
        contender.child.wait().unwrap();
        contender.pid()
    }

    /// Whether somebody is inside a write transaction at this moment.
    pub(super) fn is_inside(&self) -> bool {
        match self.connection.execute_batch("BEGIN IMMEDIATE") {
            Ok(()) => {
                self.connection.execute_batch("ROLLBACK").unwrap();
                false
            }
            Err(error) => {
                assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy), "{error}");
                true
            }
        }
    }

    /// Whether somebody is inside one and stays there for this many checks.
    pub(super) fn stays_inside(&self, looks: u32) -> bool {
        (0..looks).all(|_| {
            std::thread::sleep(LOOK);
            self.is_inside()
        })
    }

    /// What was written inside the transactions: one writer at a time, in epochs that grow. Returns the number of epochs.
    pub(super) fn check_log(&self) -> usize {
        let mut epochs: BTreeMap<i64, (String, u32)> = BTreeMap::new();
        let mut statement =
            self.connection.prepare("SELECT epoch, owner, pid, heartbeat FROM test_signs ORDER BY id").unwrap();
        let signs = statement.query_map([], |row| {
            Ok(((row.get::<_, i64>(0)?, row.get::<_, i64>(3)?), (row.get::<_, String>(1)?, row.get::<_, u32>(2)?)))
        });
        let mut last = (0, 0);
        for sign in signs.unwrap() {
            let (place, writer) = sign.unwrap();
            assert!(place.0 >= last.0 && place.1 > last.1, "epoch and heartbeat {place:?} come after {last:?}");
            assert!(place.0 <= last.0 + 1, "an epoch was left out: {place:?} comes after {last:?}");
            let first = epochs.entry(place.0).or_insert_with(|| writer.clone());
            assert_eq!(*first, writer, "two wrote in epoch {}", place.0);
            last = place;
        }
        let strangers: Vec<(i64, i64, String)> = self
            .connection
            .prepare("SELECT epoch, pid, session FROM test_messages WHERE session <> 'w' || pid")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(strangers, [], "somebody wrote in another one's epoch: (epoch, its process, whose line)");
        epochs.len()
    }

    /// How often somebody began to lead; the other epochs are those of calls that found no leader.
    pub(super) fn leaders(&self) -> i64 {
        let sql = "SELECT count(*) FROM changes WHERE topic = 'leader:acquired'";
        self.connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// How many messages were written.
    pub(super) fn messages(&self) -> i64 {
        self.connection.query_row("SELECT count(*) FROM test_messages", [], |row| row.get(0)).unwrap()
    }

    /// Ends every contender, each of which must still be running; returns the handle to read what they wrote.
    pub(super) fn finish(&mut self) -> Han {
        for mut contender in self.contenders.drain(..) {
            drop(contender.input);
            let status = contender.child.wait().unwrap();
            let said: Vec<String> = contender.lines.try_iter().collect();
            assert!(status.success(), "a contender ended with {status}: {said:?}");
        }
        // The doctor knows nothing of these.
        self.connection
            .execute_batch(
                "DROP TRIGGER test_sign; DROP TRIGGER test_begin; DROP TRIGGER test_message; DROP TRIGGER test_slow",
            )
            .unwrap();
        let options = OpenOptions { db_path: Some(self.folder.path().join("han.db")), ..OpenOptions::default() };
        Han::open(options).unwrap()
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        for contender in &mut self.contenders {
            // Nothing to kill if it has ended already.
            let _ = contender.child.kill();
            let _ = contender.child.wait();
        }
    }
}

impl Contender {
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line with this prefix; returns the rest of it.
    pub(super) fn hear(&mut self, start: &str) -> String {
        self.hear_within(start, PATIENCE).unwrap_or_else(|| panic!("nothing was said of {start}"))
    }

    /// Like [`hear`](Contender::hear), but not for ever.
    pub(super) fn hear_within(&mut self, start: &str, time: Duration) -> Option<String> {
        let deadline = Instant::now() + time;
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) if line.starts_with("failed") => panic!("contender {}: {line}", self.pid()),
                Ok(line) => {
                    if let Some(rest) = line.strip_prefix(start) {
                        return Some(rest.trim_start().into());
                    }
                }
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("contender {} ended without saying {start}", self.pid())
                }
            }
        }
    }

    /// Discards the output until now.
    pub(super) fn forget(&mut self) {
        while self.lines.try_recv().is_ok() {}
    }

    pub(super) fn tell(&mut self, command: &str) {
        writeln!(self.input, "{command}").unwrap();
    }

    pub(super) fn status(&mut self) -> Value {
        self.tell("status");
        serde_json::from_str(&self.hear("status")).unwrap()
    }

    /// Suspends it wherever it is, and waits until it has stopped; returns when the signal was sent.
    pub(super) fn stop(&self) -> Instant {
        let now = Instant::now();
        self.signal(Signal::STOP);
        while self.state() != 'T' {
            assert!(now.elapsed() < PATIENCE, "{} does not stop", self.pid());
            std::thread::yield_now();
        }
        now
    }

    pub(super) fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap(), signal).unwrap();
    }

    fn state(&self) -> char {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        stat.rsplit_once(')').unwrap().1.trim_start().chars().next().unwrap()
    }
}
