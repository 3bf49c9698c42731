//! Runs a script of operations and prints one line of JSON for each, as the runners in the other languages do:
//! `parity SCRIPT.json`, where the script is `{"open": {...}, "steps": [{"op": "sessions.list", "args": {...}}, ...]}`.

mod live;
mod vectors;

use std::path::Path;

use han_benches::Generator;
use han_native::operations::{Answer, Call, Handle, Kind, call_static, operation};
use han_native::{Error, OpenOptions, Result};
use live::Live;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Script {
    open: OpenOptions,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    op: String,
    #[serde(default)]
    args: Value,
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = match arguments.as_slice() {
        [script] => script,
        [flag, folder] if flag == "--generate" => {
            // The transcripts that the scripts are about: the same in every run.
            Generator::new(7).config_dir(Path::new(folder), 2_000_000)?;
            return Ok(());
        }
        _ => return Err("usage: parity SCRIPT.json | parity --generate FOLDER".into()),
    };
    let script: Script = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let handle = Handle::open(script.open)?;
    let mut live = Live::default();
    for step in script.steps {
        let outcome = live
            .run(handle.han(), &step.op, &step.args)
            .or_else(|| vectors::run(handle.han(), &step.op, &step.args))
            .unwrap_or_else(|| run(&handle, &step.op, &step.args));
        let line = match outcome {
            Ok(value) => json!({ "ok": value }),
            Err(error) => json!({ "error": { "code": error.code().as_str() } }),
        };
        println!("{line}");
    }
    Ok(())
}

/// Runs an operation of the table. If `args` is not an object, it is passed on as it is, to be refused.
fn run(handle: &Handle, op: &str, args: &Value) -> Result<Value> {
    if op == "close" {
        handle.close();
        return Ok(Value::Null);
    }
    let parameters = (!args.is_null()).then(|| args.to_string());
    let parameters = parameters.as_deref();
    let answer = match operation(op)?.kind {
        Kind::Stream => {
            let mut text = Vec::new();
            handle.call_to(op, parameters, &mut text)?;
            return Ok(String::from_utf8_lossy(&text).into());
        }
        Kind::Static => call_static(op, parameters)?,
        _ => handle.call(op, parameters, &mut Call::default())?,
    };
    match answer {
        // Not through JSON text, which serde_json reads with the last digit of a fraction rounded.
        Answer::Value(value) => Ok(json!(value)),
        Answer::Text(text) => Ok(text.into()),
        answer => serde_json::from_slice(&answer.into_bytes()?).map_err(|error| refused("result", error)),
    }
}

fn refused(name: &'static str, problem: impl ToString) -> Error {
    Error::InvalidArgument { name: name.into(), problem: problem.to_string() }
}

fn whole<T: DeserializeOwned>(args: &Value) -> Result<T> {
    let args = if args.is_null() { json!({}) } else { args.clone() };
    serde_json::from_value(args).map_err(|error| refused("options", error))
}

fn field<T: DeserializeOwned>(args: &Value, name: &'static str) -> Result<T> {
    serde_json::from_value(args[name].clone()).map_err(|error| refused(name, error))
}

fn text(args: &Value, name: &'static str) -> Result<String> {
    field(args, name)
}
