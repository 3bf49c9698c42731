//! The threads of a scan: some read, derive and compress, one checkpoints, the caller's writes.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use parking_lot::{Condvar, Mutex};

use super::plan::Planned;
use super::prepare::{self, Prepared, Stop};
use crate::config::Cancellation;
use crate::error::{Error, Result};
use crate::store::Failure;
use crate::store::batch::Chunk;
use crate::store::blocks::Compressor;
use crate::store::checkpointer::Checkpointer;

/// Chunks that may wait for the writer.
const CHANNEL_CHUNKS: usize = 32;
/// Reading threads at most; more would only wait for the one writer.
const MAX_READERS: usize = 3;
/// Bytes of transcripts in chunks that wait for the writer at most, unless it is one chunk alone.
const WAITING_BYTES: i64 = 64 * 1024 * 1024;
/// Larger files are read one at a time, so that memory stays bounded when their lines are long.
const LARGE_FILE_BYTES: i64 = 8 * 1024 * 1024;
/// From the thread that reads to the thread that writes.
pub(super) enum Message {
    Chunk(usize, Box<Chunk>),
    /// Nothing more comes of this file.
    Finished(usize, Result<Prepared, Failure>),
}

/// The writer's side of what connects the two threads.
pub(super) struct Channel {
    receiver: Receiver<Message>,
    used: Sender<Box<Chunk>>,
    /// After a commit there is something to checkpoint.
    wake: Sender<()>,
    /// In the write-ahead log, as of the last checkpoint.
    log_pages: Arc<AtomicI64>,
    waiting: Arc<Waiting>,
}

impl Drop for Channel {
    fn drop(&mut self) {
        // On any way out: no thread may wait for a writer that is gone.
        self.waiting.end();
    }
}

impl Channel {
    /// What comes next; `None` once every file is finished.
    pub(super) fn next(&self) -> Option<Message> {
        self.receiver.recv().ok()
    }

    /// Freeing the rows of a chunk takes time that the writer does not have: they go back to where they were made.
    pub(super) fn give_back(&self, chunk: Box<Chunk>) {
        self.waiting.leave(chunk.bytes);
        // A reading thread that has ended frees nothing more; then the chunk is freed here.
        let _ = self.used.send(chunk);
    }

    /// Notifies the checkpointing thread of a commit; returns the pages that the log had at its last look, once.
    pub(super) fn committed(&self) -> i64 {
        // A full channel means that it will look anyway.
        let _ = self.wake.try_send(());
        self.log_pages.swap(0, Ordering::Relaxed)
    }
}

/// Reads the planned files on threads of their own while `write` takes what they make, on this one.
pub(super) fn run(
    planned: &[Planned],
    cancellation: &Cancellation,
    checkpointer: Option<Checkpointer>,
    write: impl FnOnce(&Channel) -> Result<()>,
) -> Result<()> {
    let (sender, receiver) = bounded(CHANNEL_CHUNKS);
    let (used, returned) = unbounded();
    let (wake, wakeups) = bounded(1);
    let waiting = Arc::new(Waiting { bytes: Mutex::new(Some(0)), changed: Condvar::new() });
    let log_pages = Arc::new(AtomicI64::new(0));
    let queue = Queue { planned, next: AtomicUsize::new(0), large_file: Mutex::new(()), waiting: Arc::clone(&waiting) };
    // The writer is the slowest: it gets a core for itself.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let readers = cores.saturating_sub(1).clamp(1, MAX_READERS);
    std::thread::scope(|scope| {
        // Dropped on any way out, which ends the other threads.
        let channel = Channel { receiver, used, wake, log_pages: Arc::clone(&log_pages), waiting };
        let queue = &queue;
        for _ in 0..readers.min(planned.len()) {
            let (sender, returned) = (sender.clone(), returned.clone());
            let read = move || read_all(queue, &sender, &returned, cancellation);
            spawn(scope, "han-read", read)?;
        }
        drop((sender, returned));
        if let Some(checkpointer) = checkpointer {
            spawn(scope, "han-checkpoint", move || checkpoint(&checkpointer, &wakeups, &log_pages))?;
        }
        write(&channel)
    })
}

fn spawn<'scope>(
    scope: &'scope std::thread::Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() + Send + 'scope,
) -> Result<()> {
    let thread = std::thread::Builder::new().name(name.into());
    thread.spawn_scoped(scope, work).map(drop).map_err(|error| Error::io(name, error))
}

/// What the reading threads share.
struct Queue<'p> {
    planned: &'p [Planned],
    next: AtomicUsize,
    large_file: Mutex<()>,
    waiting: Arc<Waiting>,
}

/// Bounds the bytes of the chunks that wait for the writer.
struct Waiting {
    /// The bytes; `None` once the writer is gone.
    bytes: Mutex<Option<i64>>,
    changed: Condvar,
}

impl Waiting {
    /// Waits until there is room, and takes it; false if the writer is gone.
    fn enter(&self, bytes: i64) -> bool {
        let mut waiting = self.bytes.lock();
        loop {
            match &mut *waiting {
                Some(sum) if *sum == 0 || *sum + bytes <= WAITING_BYTES => {
                    *sum += bytes;
                    return true;
                }
                Some(_) => self.changed.wait(&mut waiting),
                None => return false,
            }
        }
    }

    fn leave(&self, bytes: i64) {
        if let Some(sum) = &mut *self.bytes.lock() {
            *sum -= bytes;
        }
        self.changed.notify_all();
    }

    fn end(&self) {
        *self.bytes.lock() = None;
        self.changed.notify_all();
    }
}

/// A reading thread: prepares one planned file after the other.
fn read_all(queue: &Queue<'_>, sender: &Sender<Message>, returned: &Receiver<Box<Chunk>>, cancellation: &Cancellation) {
    let mut compressor = Compressor::new();
    loop {
        let index = queue.next.fetch_add(1, Ordering::Relaxed);
        let Some(planned) = queue.planned.get(index) else { return };
        let _turn = (planned.bytes() > LARGE_FILE_BYTES).then(|| queue.large_file.lock());
        let outcome = match &mut compressor {
            Ok(compressor) => prepare::prepare(planned, compressor, &mut |chunk| {
                returned.try_iter().for_each(drop);
                let is_taken = !cancellation.is_cancelled()
                    && queue.waiting.enter(chunk.bytes)
                    && sender.send(Message::Chunk(index, Box::new(chunk))).is_ok();
                if is_taken { ControlFlow::Continue(()) } else { ControlFlow::Break(Stop::Failed) }
            }),
            Err(_) => Err(Error::io(&planned.file.absolute, std::io::ErrorKind::OutOfMemory.into()).into()),
        };
        if cancellation.is_cancelled() || sender.send(Message::Finished(index, outcome)).is_err() {
            return;
        }
    }
}

/// The checkpointing thread: after each commit, until the writer is done. What it leaves the writer copies at the end.
fn checkpoint(checkpointer: &Checkpointer, wakeups: &Receiver<()>, log_pages: &AtomicI64) {
    for () in wakeups {
        match checkpointer.checkpoint() {
            Ok(pages) => log_pages.store(pages, Ordering::Relaxed),
            // A full disk or a broken database: the writer meets it, too, and can say so.
            Err(_) => return,
        }
    }
}
