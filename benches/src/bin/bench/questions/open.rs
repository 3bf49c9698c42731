//! How long does it take to open an existing database and list the last sessions?

use std::time::Instant;

use han_native::model::SessionQuery;

use crate::Result;
use crate::context::{Context, open};
use crate::report::Row;
use crate::statistics::Sample;

const ROUNDS: usize = 50;

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let database = context.copy_of_indexed()?;
    let mut durations = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let han = open(&database, &context.config_dir)?;
        han.sessions().list(&SessionQuery { first: Some(20), ..SessionQuery::default() })?;
        han.close();
        drop(han);
        durations.push(start.elapsed());
    }
    let sample = Sample::of_durations(&durations);
    let measured = format!("p50 {:.2} ms, max {:.2} ms", sample.median(), sample.greatest());
    Ok(vec![Row::new("open, list 20 sessions, close", measured, sample.median(), " ms")])
}
