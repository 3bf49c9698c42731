//! The events of the operating system, through the crate `notify`.

use std::path::Path;
use std::sync::Arc;

use notify::event::{EventKind, MetadataKind, ModifyKind};
use notify::{ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::inbox::Inbox;
use super::ports::{EventSource, Fault, Opener};

/// The watches of a user are for all programs of theirs: at most one part in this many is ours.
const BUDGET_SHARE: usize = 4;
/// The limit, if that of the user cannot be read.
const FALLBACK_LIMIT: usize = 8_192;
/// Where Linux reports the limit.
const LIMIT_FILE: &str = "/proc/sys/fs/inotify/max_user_watches";

/// Opens sources of native events.
pub(crate) struct Native;

struct NativeSource {
    watcher: RecommendedWatcher,
    budget: usize,
}

impl Opener for Native {
    fn open(&self, inbox: &Arc<Inbox>) -> Result<Box<dyn EventSource>, String> {
        let inbox = Arc::clone(inbox);
        let watcher = notify::recommended_watcher(move |event| receive(&inbox, event));
        let watcher = watcher.map_err(|error| format!("native events are not available: {error}"))?;
        Ok(Box::new(NativeSource { watcher, budget: budget() }))
    }
}

impl EventSource for NativeSource {
    fn watch(&mut self, folder: &Path) -> Result<(), Fault> {
        self.watcher.watch(folder, RecursiveMode::NonRecursive).map_err(fault)
    }

    fn unwatch(&mut self, folder: &Path) {
        // The system drops the watch of a folder that is gone by itself; then this one is unknown.
        let _ = self.watcher.unwatch(folder);
    }

    fn budget(&self) -> usize {
        self.budget
    }
}

fn budget() -> usize {
    if !cfg!(any(target_os = "linux", target_os = "android")) {
        return usize::MAX;
    }
    let limit = std::fs::read_to_string(LIMIT_FILE).ok().and_then(|text| text.trim().parse().ok());
    limit.unwrap_or(FALLBACK_LIMIT) / BUDGET_SHARE
}

fn fault(error: notify::Error) -> Fault {
    use std::io::ErrorKind as Io;
    match &error.kind {
        ErrorKind::MaxFilesWatch => Fault::Limit,
        ErrorKind::PathNotFound => Fault::Gone,
        ErrorKind::Io(cause) => match cause.kind() {
            Io::StorageFull | Io::QuotaExceeded => Fault::Limit,
            Io::NotFound | Io::NotADirectory => Fault::Gone,
            _ => Fault::Refused(error.to_string()),
        },
        _ => Fault::Refused(error.to_string()),
    }
}

fn receive(inbox: &Inbox, event: notify::Result<Event>) {
    match event {
        Ok(event) if event.need_rescan() => inbox.add_loss(),
        // Reading changes nothing, and what was written was reported before.
        Ok(Event {
            kind: EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)),
            ..
        }) => {}
        Ok(event) => {
            let is_structural = !matches!(event.kind, EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)));
            event.paths.into_iter().for_each(|path| inbox.add(path, is_structural));
        }
        Err(_) => inbox.add_loss(),
    }
}
