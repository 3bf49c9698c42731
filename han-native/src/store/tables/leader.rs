//! Table `leader`: who may write.

use rusqlite::{Connection, OptionalExtension, params};

use crate::platform::process::Process;
use crate::store::failure::Failure;

/// The row: who leads, or which call wrote last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leader {
    pub epoch: i64,
    /// One handle of one process.
    pub owner: String,
    pub process: Process,
    pub version: String,
    pub socket: Option<String>,
    /// Raised with every transaction, and while the leader is idle.
    pub heartbeat: i64,
    /// Milliseconds; for people.
    pub heartbeat_at: i64,
    /// Device and inode of the file whose kernel lock it holds.
    pub lock: Option<(i64, i64)>,
    pub is_released: bool,
}

/// The row; `None` before the first write.
pub(crate) fn read(connection: &Connection) -> Result<Option<Leader>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT epoch, owner, pid, process_start, boot_id, version, socket, heartbeat, heartbeat_at, lock_device,
         lock_inode, is_released FROM leader",
    )?;
    let leader = statement.query_row([], |row| {
        Ok(Leader {
            epoch: row.get(0)?,
            owner: row.get(1)?,
            process: Process { pid: row.get(2)?, start: row.get(3)?, boot_id: row.get(4)? },
            version: row.get(5)?,
            socket: row.get(6)?,
            heartbeat: row.get(7)?,
            heartbeat_at: row.get(8)?,
            lock: row.get::<_, Option<i64>>(9)?.zip(row.get(10)?),
            is_released: row.get(11)?,
        })
    });
    Ok(leader.optional()?)
}

/// Replaces the row.
pub(crate) fn put(connection: &Connection, leader: &Leader) -> Result<(), Failure> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO leader VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")?
        .execute(params![
            leader.epoch,
            leader.owner,
            leader.process.pid,
            leader.process.start,
            leader.process.boot_id,
            leader.version,
            leader.socket,
            leader.heartbeat,
            leader.heartbeat_at,
            leader.lock.map(|lock| lock.0),
            leader.lock.map(|lock| lock.1),
            leader.is_released,
        ])?;
    Ok(())
}

/// Raises the heartbeat, if the row is still that of this owner in this epoch; returns whether it is.
pub(crate) fn beat(connection: &Connection, epoch: i64, owner: &str, now: i64) -> Result<bool, Failure> {
    let changed = connection
        .prepare_cached(
            "UPDATE leader SET heartbeat = heartbeat + 1, heartbeat_at = ?3 WHERE epoch = ?1 AND owner = ?2",
        )?
        .execute(params![epoch, owner, now])?;
    Ok(changed == 1)
}

/// Notes which file's kernel lock the leader holds.
pub(crate) fn set_lock(connection: &Connection, (device, inode): (i64, i64)) -> Result<(), Failure> {
    connection.prepare_cached("UPDATE leader SET lock_device = ?1, lock_inode = ?2")?.execute([device, inode])?;
    Ok(())
}

/// Lets any handle write that gets the kernel lock. Nobody is the owner any more, so that what still runs in its name is refused.
pub(crate) fn release(connection: &Connection, epoch: i64, owner: &str) -> Result<(), Failure> {
    connection
        .prepare_cached("UPDATE leader SET is_released = 1, owner = '' WHERE epoch = ?1 AND owner = ?2")?
        .execute(params![epoch, owner])?;
    Ok(())
}

/// Lets anyone write a copy of the database: the leader of the original knows nothing about it.
pub(crate) fn release_copy(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE leader SET is_released = 1, owner = ''", [])?;
    Ok(())
}
