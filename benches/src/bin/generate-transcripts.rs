//! Writes a config dir full of generated transcripts.

use std::path::PathBuf;
use std::process::ExitCode;

use han_benches::Generator;
use lexopt::ValueExt;

const USAGE: &str = "usage: generate-transcripts [--seed N] [--bytes N[K|M|G]] DIR

Writes DIR/projects/... with transcripts of about this many bytes (10M by default). The same seed (1 by default)
produces the same files.";

struct Arguments {
    seed: u64,
    bytes: u64,
    folder: PathBuf,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| arguments.map_or(Ok(()), generate)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate-transcripts: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Option<Arguments>, Box<dyn std::error::Error>> {
    let (mut seed, mut bytes, mut folder) = (1, 10_000_000, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("seed") => seed = parser.value()?.parse()?,
            lexopt::Arg::Long("bytes") => bytes = han_benches::parse_bytes(&parser.value()?.to_string_lossy())?,
            lexopt::Arg::Long("help") => {
                println!("{USAGE}");
                return Ok(None);
            }
            lexopt::Arg::Value(value) if folder.is_none() => folder = Some(PathBuf::from(value)),
            other => return Err(other.unexpected().into()),
        }
    }
    let folder = folder.ok_or("the folder to write to is missing; see --help")?;
    Ok(Some(Arguments { seed, bytes, folder }))
}

fn generate(Arguments { seed, bytes, folder }: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let summary = Generator::new(seed).config_dir(&folder, bytes)?;
    println!("{}: {} transcripts, {} lines, {} bytes", folder.display(), summary.files, summary.lines, summary.bytes);
    Ok(())
}
