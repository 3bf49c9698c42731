//! What goes wrong around a database, and what has to hold nevertheless: kills, full and read-only disks, foreign and damaged
//! files, other processes, transcripts that change under the reader. Everything through the public interface; the bytes
//! of the database are read only if the fault is in them.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod backups;
mod cancelling;
mod checks;
mod child;
mod closing;
mod corruption;
mod database_files;
mod disk_full;
mod embedding;
mod forgetting;
mod fuzz;
mod kills;
mod locking;
mod memory;
mod mounts;
mod other_owner;
mod permissions;
mod read_only;
mod schemas;
mod sources;
mod upgrades;
mod watching;
