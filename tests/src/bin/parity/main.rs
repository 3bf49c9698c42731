//! Runs a script of operations and prints one line of JSON for each, as the runners in the other languages do:
//! `parity SCRIPT.json`, where the script is `{"open": {...}, "steps": [{"op": "sessions.list", "args": {...}}, ...]}`.

mod live;
mod vectors;

use std::path::PathBuf;

use han_native::model::{
    AnalyticsFilter, MessageQuery, ProblemFilter, SearchQuery, SessionQuery, SqlParameters, Timestamp,
};
use han_native::{DoctorOptions, Error, ForgetTarget, Han, OpenOptions, Result, ScanOptions};
use live::Live;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Script {
    open: Open,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Open {
    db_path: Option<PathBuf>,
    data_dir: Option<PathBuf>,
    config_dirs: Option<Vec<PathBuf>>,
    time_zone: Option<String>,
}

#[derive(Deserialize)]
struct Step {
    op: String,
    #[serde(default)]
    args: Value,
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: parity SCRIPT.json")?;
    let script: Script = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let Open { db_path, data_dir, config_dirs, time_zone } = script.open;
    let han = Han::open(OpenOptions { db_path, data_dir, config_dirs, time_zone, ..OpenOptions::default() })?;
    let mut live = Live::default();
    for step in script.steps {
        let outcome = live
            .run(&han, &step.op, &step.args)
            .or_else(|| vectors::run(&han, &step.op, &step.args))
            .unwrap_or_else(|| run(&han, &step.op, &step.args));
        let line = match outcome {
            Ok(value) => json!({ "ok": value }),
            Err(error) => json!({ "error": { "code": error.code().as_str() } }),
        };
        println!("{line}");
    }
    Ok(())
}

fn run(han: &Han, op: &str, args: &Value) -> Result<Value> {
    Ok(match op {
        "indexSessionFile" => json!(han.index_session_file(text(args, "path")?)?),
        "scan" => {
            let paths: Option<Vec<PathBuf>> = field(args, "paths")?;
            json!(han.scan(ScanOptions { paths, ..ScanOptions::default() })?)
        }
        "sessions.list" => json!(han.sessions().list(&whole::<SessionQuery>(args)?)?),
        "sessions.get" => json!(han.sessions().get(&ids(args, "ids")?)?),
        "messages.list" => json!(han.messages().list(&whole::<MessageQuery>(args)?)?),
        "messages.get" => json!(han.messages().get(&ids(args, "ids")?)?),
        "messages.raw" => json!(han.messages().raw(&ids(args, "ids")?)?),
        "messages.rawBytes" => {
            let records = han.messages().raw_bytes(&ids(args, "ids")?)?;
            json!(records.iter().map(|bytes| bytes.as_deref().map(hex)).collect::<Vec<_>>())
        }
        "messages.countBatch" => json!(han.messages().count_batch(&ids(args, "sessionIds")?)?),
        "messages.timestampsBatch" => json!(han.messages().timestamps_batch(&ids(args, "sessionIds")?)?),
        "files.get" => json!(han.files().get(&ids(args, "ids")?)?),
        "files.bySession" => json!(han.files().by_session(&ids(args, "sessionIds")?)?),
        "toolCalls.get" => json!(han.tool_calls().get(&ids(args, "ids")?, whole(&args["options"])?)?),
        "todos.get" => json!(han.todos().get(&ids(args, "sessionIds")?)?),
        "tasks.get" => json!(han.tasks().get(&ids(args, "sessionIds")?)?),
        "fileChanges.get" => json!(han.file_changes().get(&ids(args, "sessionIds")?)?),
        "hookExecutions.get" => json!(han.hook_executions().get(&ids(args, "sessionIds")?)?),
        "summaries.get" => json!(han.summaries().get(&ids(args, "sessionIds")?)?),
        "usage.bySession" => json!(han.usage().by_session(&ids(args, "sessionIds")?)?),
        "dashboard" => json!(han.dashboard(&whole::<AnalyticsFilter>(args)?)?),
        "activity" => json!(han.activity(&whole::<AnalyticsFilter>(args)?)?),
        "queryDashboardAggregates" => {
            json!(han.query_dashboard_aggregates(field::<Option<String>>(args, "since")?.as_deref())?)
        }
        "query" => {
            let parameters: Option<SqlParameters> = field(args, "parameters")?;
            json!(han.query(&text(args, "sql")?, &parameters.unwrap_or_default(), &whole(&args["options"])?)?)
        }
        "exportSession" => {
            json!(han.export_session(&text(args, "id")?, field(args, "format")?, &whole(&args["options"])?)?)
        }
        "exportSessionToFile" => {
            let (format, target) = (field(args, "format")?, text(args, "targetPath")?);
            json!(han.export_session_to_file(&text(args, "id")?, format, &whole(&args["options"])?, target)?)
        }
        "search" => json!(han.search(&whole::<SearchQuery>(args)?)?),
        "problems" => json!(han.problems(&whole::<ProblemFilter>(args)?)?),
        "restore" => json!(han.restore(&text(args, "sourcePath")?, text(args, "targetPath")?)?),
        "stats" => json!(han.stats()?),
        "doctor" => {
            let fix = field::<Option<bool>>(args, "fix")?.unwrap_or(false);
            json!(han.doctor(DoctorOptions { fix })?)
        }
        "rederive" => json!(han.rederive()?),
        "forget" => {
            let target = if let Some(session) = field::<Option<String>>(args, "sessionId")? {
                ForgetTarget::Session(session)
            } else if let Some(project) = field::<Option<String>>(args, "projectId")? {
                ForgetTarget::Project(project)
            } else {
                ForgetTarget::Before(field::<Timestamp>(args, "before")?)
            };
            json!(han.forget(&target)?)
        }
        "backup" => json!(han.backup(text(args, "path")?)?),
        "close" => json!(han.close()),
        other => return Err(Error::invalid("op", format!("is unknown: {other}"))),
    })
}

fn whole<T: DeserializeOwned>(args: &Value) -> Result<T> {
    let args = if args.is_null() { json!({}) } else { args.clone() };
    serde_json::from_value(args).map_err(|error| Error::invalid("options", error.to_string()))
}

fn field<T: DeserializeOwned>(args: &Value, name: &'static str) -> Result<T> {
    serde_json::from_value(args[name].clone()).map_err(|error| Error::invalid(name, error.to_string()))
}

fn text(args: &Value, name: &'static str) -> Result<String> {
    field(args, name)
}

fn ids(args: &Value, name: &'static str) -> Result<Vec<String>> {
    field(args, name)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
