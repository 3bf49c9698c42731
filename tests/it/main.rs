//! Black-box tests.

mod adhoc;
mod analytics;
mod export;
mod faults;
mod live;
mod model;
mod properties;
mod queries;
mod request_log;
mod state;
mod support;
mod testing;
mod vectors;
