//! Plans what to read, and writes it. The only user of both `transcript` and `store`.

mod context;
mod doctor;
mod forget;
mod ingest;
mod line_walk;
mod live;
mod plan;
mod prepare;
mod rederive;
mod scan;
mod single;
mod threads;
mod vectors;

pub(crate) use context::Context;
pub(crate) use doctor::doctor;
pub(crate) use forget::forget;
pub(crate) use live::{Depth, Live};
pub(crate) use rederive::rederive;
pub(crate) use scan::scan;
pub(crate) use single::index_session_file;
pub(crate) use vectors::{check_items, index_vectors, remove_model};
