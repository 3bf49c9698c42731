//! The command line.

use std::path::PathBuf;

use lexopt::ValueExt;

use crate::{Result, questions};

pub(crate) const USAGE: &str =
    "usage: bench [--only QUESTION] [--bytes N[K|M|G]] [--seed N] [--large] [--messages N[K|M]] [--json FILE]
             [--strict]

Measures han-native on generated transcripts of about this many bytes (300M by default), or on the config dir that
HAN_CORPUS names, and prints one table.

  --only QUESTION  one question: throughput, size, append, memory, open, event-loop, counts, search,
                   usage, event, idle or scale
  --large          also appends to a database of 1 GB, and asks questions of one of 1M messages; they take minutes
                   and 8 GB on the disk to fill
  --messages N     of how many messages it asks questions, instead of 1M
  --json FILE      writes the rows of the table to a file, too
  --strict         exits with 1 if a value misses what it must reach";

/// What to do.
pub(crate) enum Command {
    Help,
    Bench(Arguments),
    /// Index in a separate process, so that its peak memory is that of the indexing.
    ChildIndex {
        config_dir: PathBuf,
        database: PathBuf,
    },
    /// Insert the rows of a database into another in a separate process.
    ChildFloor {
        database: PathBuf,
        path: PathBuf,
    },
    /// Query the dashboard in a separate process, so that its peak memory is that of the query.
    ChildUsage {
        database: PathBuf,
    },
    /// Follow the changes in a separate process.
    ChildFollow {
        database: PathBuf,
    },
    /// Index one config dir after the other in a separate process.
    ChildWrite {
        database: PathBuf,
        config_dirs: Vec<PathBuf>,
    },
    /// Hold a write transaction open in a separate process.
    ChildHold {
        database: PathBuf,
        seconds: u64,
    },
    /// Watch in a separate process.
    ChildIdle {
        config_dir: PathBuf,
        database: PathBuf,
        scan_interval_ms: u64,
        seconds: u64,
    },
}

pub(crate) struct Arguments {
    pub(crate) only: Option<String>,
    pub(crate) bytes: u64,
    pub(crate) seed: u64,
    pub(crate) large: bool,
    /// How many messages the large database has; `None` if it is not requested.
    pub(crate) messages: Option<i64>,
    pub(crate) json: Option<PathBuf>,
    pub(crate) strict: bool,
}

pub(crate) fn parse() -> Result<Command> {
    let mut arguments =
        Arguments { only: None, bytes: 300_000_000, seed: 1, large: false, messages: None, json: None, strict: false };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("only") => arguments.only = Some(question(parser.value()?.string()?)?),
            lexopt::Arg::Long("bytes") => arguments.bytes = han_benches::parse_bytes(&parser.value()?.string()?)?,
            lexopt::Arg::Long("seed") => arguments.seed = parser.value()?.parse()?,
            lexopt::Arg::Long("large") => arguments.large = true,
            lexopt::Arg::Long("messages") => {
                let count = han_benches::parse_bytes(&parser.value()?.string()?)?;
                arguments.messages = Some(i64::try_from(count)?);
            }
            lexopt::Arg::Long("json") => arguments.json = Some(PathBuf::from(parser.value()?)),
            lexopt::Arg::Long("strict") => arguments.strict = true,
            lexopt::Arg::Long("help") => return Ok(Command::Help),
            lexopt::Arg::Long("child-index") => {
                let (config_dir, database) = (parser.value()?.into(), parser.value()?.into());
                return Ok(Command::ChildIndex { config_dir, database });
            }
            lexopt::Arg::Long("child-floor") => {
                let (database, path) = (parser.value()?.into(), parser.value()?.into());
                return Ok(Command::ChildFloor { database, path });
            }
            lexopt::Arg::Long("child-usage") => return Ok(Command::ChildUsage { database: parser.value()?.into() }),
            lexopt::Arg::Long("child-follow") => return Ok(Command::ChildFollow { database: parser.value()?.into() }),
            lexopt::Arg::Long("child-write") => {
                let database = parser.value()?.into();
                return Ok(Command::ChildWrite {
                    database,
                    config_dirs: parser.values()?.map(PathBuf::from).collect(),
                });
            }
            lexopt::Arg::Long("child-hold") => {
                let (database, seconds) = (parser.value()?.into(), parser.value()?.parse()?);
                return Ok(Command::ChildHold { database, seconds });
            }
            lexopt::Arg::Long("child-idle") => {
                let (config_dir, database) = (parser.value()?.into(), parser.value()?.into());
                let (scan_interval_ms, seconds) = (parser.value()?.parse()?, parser.value()?.parse()?);
                return Ok(Command::ChildIdle { config_dir, database, scan_interval_ms, seconds });
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if arguments.large {
        arguments.messages.get_or_insert(1_000_000);
    }
    Ok(Command::Bench(arguments))
}

fn question(name: String) -> Result<String> {
    if questions::ALL.iter().any(|question| question.name == name) {
        return Ok(name);
    }
    let names: Vec<&str> = questions::ALL.iter().map(|question| question.name).collect();
    Err(format!("there is no question \"{name}\"; there are {}", names.join(", ")).into())
}
