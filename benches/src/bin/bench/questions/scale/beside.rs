//! Processes that write while queries run.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use han_native::ScanOptions;
use rusqlite::Connection;

use crate::Result;
use crate::context::open;

/// A working process; killed when it is dropped.
pub(super) struct Beside(RefCell<Child>);

impl Beside {
    /// Indexes these config dirs, one after the other.
    pub(super) fn write(database: &Path, config_dirs: &[PathBuf]) -> Result<Beside> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--child-write").arg(database).args(config_dirs);
        Beside::start(command)
    }

    /// Stays inside a write transaction.
    pub(super) fn hold(database: &Path, seconds: u64) -> Result<Beside> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--child-hold").arg(database).arg(seconds.to_string());
        Beside::start(command)
    }

    /// Waits until it reports that it is working.
    fn start(mut command: Command) -> Result<Beside> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("the child has no output")?).read_line(&mut line)?;
        let child = Beside(RefCell::new(child));
        if line.is_empty() { Err("the child failed".into()) } else { Ok(child) }
    }

    pub(super) fn is_running(&self) -> bool {
        matches!(self.0.borrow_mut().try_wait(), Ok(None))
    }

    /// Waits for its end.
    pub(super) fn finish(self) -> Result<()> {
        match self.0.borrow_mut().wait()?.success() {
            true => Ok(()),
            false => Err("the child failed".into()),
        }
    }

    pub(super) fn stop(self) -> Result<()> {
        let mut child = self.0.borrow_mut();
        child.kill()?;
        child.wait()?;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // It may have ended; there is nothing to do if that fails.
        let child = self.0.get_mut();
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn say_that_it_began() -> Result<()> {
    let mut output = std::io::stdout();
    writeln!(output, "begun")?;
    Ok(output.flush()?)
}

/// The first child.
pub(crate) fn index_all(database: &Path, config_dirs: &[PathBuf]) -> Result<()> {
    for (number, config_dir) in config_dirs.iter().enumerate() {
        let han = open(database, config_dir)?;
        if number == 0 {
            say_that_it_began()?;
        }
        han.scan(ScanOptions::default())?;
        han.close();
    }
    Ok(())
}

/// The other child. What it writes is rolled back at the end.
pub(crate) fn hold(database: &Path, seconds: u64) -> Result<()> {
    let mut connection = Connection::open(database)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute("UPDATE sessions SET cwd = cwd", [])?;
    say_that_it_began()?;
    std::thread::sleep(Duration::from_secs(seconds));
    Ok(transaction.rollback()?)
}
