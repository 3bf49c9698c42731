//! The same batch in Node: the addon beside better-sqlite3.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::database::Scaled;
use crate::Result;
use crate::context::Context;
use crate::questions::counts;
use crate::report::{Bound, Row};

const WHAT: &str = "1,000 counts in one call of Node, beside better-sqlite3";

pub(super) fn counts(context: &mut Context, scaled: &Scaled, ids: &[String]) -> Result<Row> {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bindings = benches.join("../bindings");
    let is_addon = |path: &Path| path.extension().is_some_and(|extension| extension == "node");
    if !std::fs::read_dir(&bindings)?.flatten().any(|entry| is_addon(&entry.path())) {
        return Ok(Row::skipped(WHAT, "the addon is not built; run make build"));
    }
    if !benches.join("node/node_modules/better-sqlite3").is_dir() {
        return Ok(Row::skipped(WHAT, "better-sqlite3 is not there; run make bench"));
    }
    let copy = context.new_folder()?.join("copy.db");
    let input = context.new_folder()?.join("input.json");
    std::fs::write(&input, json!({ "ids": ids, "sql": counts::BARE }).to_string())?;
    let mut command = Command::new("node");
    command.arg(benches.join("node/batch.mjs")).arg(bindings).arg(&scaled.database).arg(&copy).arg(input);
    let output = command.output().map_err(|error| format!("node: {error}"))?;
    // It does not exist if the script failed early.
    let _ = std::fs::remove_file(copy);
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
    }
    let result: Value = serde_json::from_slice(&output.stdout)?;
    let number = |key: &str| result[key].as_f64().ok_or_else(|| format!("the script printed no {key}"));
    let (ours, theirs) = (number("ours")?, number("theirs")?);
    let ratio = ours / theirs;
    Ok(Row::new(WHAT, format!("p50 {ours:.2} ms"), ratio, "x")
        .against(format!("p50 {theirs:.2} ms"), ratio)
        .goal(Bound::AtMost(2.0)))
}
