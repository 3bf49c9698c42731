//! Does Node's event loop stay free while everything is indexed?

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::Result;
use crate::context::Context;
use crate::report::{Bound, Row};

const WHAT: &str = "Node event loop delay during a scan, p99";

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bindings = benches.join("../bindings");
    let is_addon = |path: &Path| path.extension().is_some_and(|extension| extension == "node");
    if !std::fs::read_dir(&bindings)?.flatten().any(|entry| is_addon(&entry.path())) {
        return Ok(vec![Row::skipped(WHAT, "the addon is not built; run make build")]);
    }
    let database = context.new_folder()?.join("han.db");
    let output = Command::new("node")
        .arg(benches.join("node/event_loop.mjs"))
        .arg(bindings)
        .arg(&context.config_dir)
        .arg(database)
        .output()
        .map_err(|error| format!("node: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
    }
    let result: Value = serde_json::from_slice(&output.stdout)?;
    let number = |key: &str| result[key].as_f64().ok_or_else(|| format!("the script printed no {key}"));
    let (median, p99, greatest) = (number("p50")?, number("p99")?, number("max")?);
    let measured = format!("p50 {median:.1}, p99 {p99:.1}, max {greatest:.1} ms");
    Ok(vec![Row::new(WHAT, measured, p99, " ms").goal(Bound::AtMost(20.0))])
}
