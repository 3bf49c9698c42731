//! The operations that last: leading, watching, following, and the changes of files that are followed.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use han_native::model::Change;
use han_native::{Error, Han, Result, SubscribeOptions, Subscription};
use serde_json::{Value, json};

use crate::{field, refused, text, whole};

/// Long enough for any machine; the test fails if it is not.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a script holds between its steps.
#[derive(Default)]
pub(crate) struct Live {
    followed: BTreeMap<String, Subscription>,
}

impl Live {
    /// Runs one of these operations; `None` if it is another one.
    pub(crate) fn run(&mut self, han: &Han, op: &str, args: &Value) -> Option<Result<Value>> {
        let path = |name| text(args, name).map(PathBuf::from);
        Some(match op {
            // The core has no callbacks: it is the same here.
            "subscribe" | "onChange" => self.subscribe(han, args),
            "unsubscribe" => text(args, "name").map(|name| json!(self.followed.remove(&name).is_some())),
            "collect" => self.collect(args),
            "file.append" => path("path").and_then(|path| append(path, &text(args, "text")?)),
            "file.rename" => path("from").and_then(|from| rename(from, path("to")?)),
            "file.remove" => path("path").and_then(|path| {
                std::fs::remove_file(&path).map_err(|error| failed(&path, error))?;
                Ok(Value::Null)
            }),
            _ => return None,
        })
    }

    fn subscribe(&mut self, han: &Han, args: &Value) -> Result<Value> {
        let options: SubscribeOptions = whole(&args["options"])?;
        self.followed.insert(text(args, "name")?, han.subscribe(options)?);
        Ok(Value::Null)
    }

    /// The items up to the first one that has the requested fields.
    fn collect(&mut self, args: &Value) -> Result<Value> {
        let name = text(args, "name")?;
        let until: BTreeMap<String, Value> = field(args, "until")?;
        let subscription = self.followed.get_mut(&name).ok_or_else(|| refused("name", "is unknown"))?;
        let deadline = Instant::now() + PATIENCE;
        let mut items = Vec::new();
        loop {
            let Some(item) = subscription.next_timeout(deadline.saturating_duration_since(Instant::now()))? else {
                panic!("{name}: {until:?} never came, only {items:?}");
            };
            let item = json(&item);
            let is_last = until.iter().all(|(name, value)| item[name] == *value);
            items.push(item);
            if is_last {
                return Ok(Value::Array(items));
            }
        }
    }
}

fn json(change: &Change) -> Value {
    json!(change)
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.into(), source }
}

/// In one write, so that a watcher sees all of it or nothing.
fn append(path: PathBuf, text: &str) -> Result<Value> {
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| failed(&path, error))?;
    Ok(Value::Null)
}

fn rename(from: PathBuf, to: PathBuf) -> Result<Value> {
    std::fs::rename(&from, &to).map_err(|error| failed(&from, error))?;
    Ok(Value::Null)
}
