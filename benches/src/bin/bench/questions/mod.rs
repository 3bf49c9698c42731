//! One question per file.

pub(crate) mod append;
pub(crate) mod counts;
pub(crate) mod event;
pub(crate) mod event_loop;
pub(crate) mod floor;
pub(crate) mod idle;
pub(crate) mod memory;
pub(crate) mod open;
pub(crate) mod scale;
pub(crate) mod search;
pub(crate) mod size;
pub(crate) mod throughput;
pub(crate) mod usage;
pub(crate) mod vectors;

use crate::Result;
use crate::context::Context;
use crate::report::Row;

/// Something to measure.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    pub(crate) ask: fn(&mut Context) -> Result<Vec<Row>>,
}

/// In the order of the table.
pub(crate) const ALL: &[Question] = &[
    Question { name: "throughput", ask: throughput::ask },
    Question { name: "size", ask: size::ask },
    Question { name: "append", ask: append::ask },
    Question { name: "memory", ask: memory::ask },
    Question { name: "open", ask: open::ask },
    Question { name: "event-loop", ask: event_loop::ask },
    Question { name: "counts", ask: counts::ask },
    Question { name: "search", ask: search::ask },
    Question { name: "usage", ask: usage::ask },
    Question { name: "vectors", ask: vectors::ask },
    Question { name: "event", ask: event::ask },
    Question { name: "idle", ask: idle::ask },
    Question { name: "scale", ask: scale::ask },
];
