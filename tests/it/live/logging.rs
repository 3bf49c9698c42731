//! Log records of the library go to the hook of the handle, and with the feature `log` to that crate.

use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use han_native::{LogLevel, OpenOptions, ScanOptions};

use super::watch_support::{place, prompts};
use crate::support::home::{Database, Home};

/// Keeps what is logged, with the thread that did it: tests run side by side.
struct Recorder(Mutex<Vec<(ThreadId, log::Level, String)>>);

static RECORDER: Recorder = Recorder(Mutex::new(Vec::new()));

impl log::Log for Recorder {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target() == "han_native"
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = (std::thread::current().id(), record.level(), record.args().to_string());
            self.0.lock().unwrap().push(line);
        }
    }

    fn flush(&self) {}
}

#[test]
fn the_hook_and_the_facade_get_the_same_records() {
    log::set_logger(&RECORDER).unwrap();
    log::set_max_level(log::LevelFilter::Debug);
    let home = Home::new();
    home.write(&place("s1"), prompts("s1", 3).as_bytes());
    let hooked: Arc<Mutex<Vec<(log::Level, String)>>> = Arc::default();
    let database = Database::with(OpenOptions {
        config_dirs: Some(vec![home.config_dir()]),
        log: Some({
            let hooked = Arc::clone(&hooked);
            Arc::new(move |record| {
                let level = match record.level {
                    LogLevel::Warning => log::Level::Warn,
                    LogLevel::Info => log::Level::Info,
                    LogLevel::Debug => log::Level::Debug,
                };
                hooked.lock().unwrap().push((level, record.message.to_owned()));
            })
        }),
        ..OpenOptions::default()
    });
    // The calling thread reports.
    database.han.scan(ScanOptions::default()).unwrap();
    let recorded = RECORDER.0.lock().unwrap();
    let own = recorded.iter().filter(|(thread, ..)| *thread == std::thread::current().id());
    let own: Vec<(log::Level, String)> = own.map(|(_, level, message)| (*level, message.clone())).collect();
    assert_eq!(own, *hooked.lock().unwrap());
    assert_eq!(own.last(), Some(&(log::Level::Info, "scan done: 3 messages".to_owned())));
}
