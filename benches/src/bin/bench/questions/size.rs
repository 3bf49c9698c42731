//! How large is the database, everything kept and searchable?

use crate::Result;
use crate::context::{Context, database_bytes};
use crate::report::{Bound, Row};

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let indexed = context.indexed()?;
    let bytes = database_bytes(&indexed.database) as f64;
    let ratio = bytes / indexed.transcript_bytes as f64;
    let row = Row::new("database / transcripts", format!("{:.1} MB, {ratio:.3}", bytes / 1e6), ratio, "")
        .against(format!("{:.1} MB", indexed.transcript_bytes as f64 / 1e6), ratio)
        .goal(Bound::AtMost(0.35))
        .must(Bound::AtMost(0.40));
    Ok(vec![row])
}
