//! Processes of this machine: distinguishing one from a later one that got the same number.

/// A process, as others can recognise it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    pub pid: i64,
    /// When it started, in a unit of the system's own; `None` if the system does not say it.
    pub start: Option<i64>,
    /// The boot of the system that it runs under; `None` if the system does not say it.
    pub boot_id: Option<String>,
}

impl Process {
    /// Whether the system was restarted between the two, so that they never ran at the same time.
    pub(crate) fn is_of_another_boot(&self, other: &Process) -> bool {
        self.boot_id.is_some() && other.boot_id.is_some() && self.boot_id != other.boot_id
    }
}

/// This process.
pub(crate) fn current() -> Process {
    let pid = i64::from(std::process::id());
    Process { pid, start: start_of(pid), boot_id: boot_id() }
}

/// Whether a process still runs, stopped ones included.
pub(crate) fn is_running(process: &Process) -> bool {
    if process.boot_id.is_some() && process.boot_id != boot_id() {
        return false;
    }
    match process.start {
        Some(start) => start_of(process.pid) == Some(start),
        None => exists(process.pid),
    }
}

/// Clock ticks after the boot; `None` for a process that is gone, or has ended and was not waited for.
#[cfg(target_os = "linux")]
fn start_of(pid: i64) -> Option<i64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name is in brackets and may hold anything, blanks and brackets included; the fields after it are numbers.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") { None } else { fields.nth(18)?.parse().ok() }
}

#[cfg(not(target_os = "linux"))]
fn start_of(_pid: i64) -> Option<i64> {
    None
}

#[cfg(target_os = "linux")]
fn boot_id() -> Option<String> {
    Some(std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned())
}

#[cfg(not(target_os = "linux"))]
fn boot_id() -> Option<String> {
    None
}

#[cfg(unix)]
fn exists(pid: i64) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| match rustix::process::test_kill_process(pid) {
        Ok(()) => true,
        // Another user's, but there.
        Err(error) => error == rustix::io::Errno::PERM,
    })
}

#[cfg(not(unix))]
fn exists(_pid: i64) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_from_a_later_one_of_its_number() {
        let this = current();
        assert!(is_running(&this));
        assert!(is_running(&Process { start: None, boot_id: None, ..this.clone() }));
        assert!(
            !is_running(&Process { start: this.start.map(|start| start + 1), ..this.clone() }) || this.start.is_none()
        );
        let of_another_boot = Process { boot_id: Some("another".into()), ..this.clone() };
        assert!(!is_running(&of_another_boot));
        assert!(of_another_boot.is_of_another_boot(&this) || this.boot_id.is_none());
        assert!(!this.is_of_another_boot(&this));
        assert!(!Process { boot_id: None, ..this.clone() }.is_of_another_boot(&this), "unknown is not another");
    }

    #[test]
    fn a_process_that_ended_does_not_run() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = i64::from(child.id());
        let process = Process { pid, start: start_of(pid), boot_id: boot_id() };
        child.wait().unwrap();
        assert!(!is_running(&process));
    }
}
