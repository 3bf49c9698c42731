//! Dashboards, activity and costs: against a second, slow implementation that reads the raw files, against simpler ways of
//! counting, and at day boundaries.
#![allow(clippy::unwrap_used)]

mod billing;
mod calendar;
mod counters;
mod generated;
mod oracle;
mod prices;
mod reported;
mod shapes;
mod transcript;
