//! Dashboards and activity, from the sums that the store keeps: the cost depends on the requested days and the sessions in
//! them, not on the messages.
//! Days of the database's own time zone are read as they are kept. Those of any other are the same days where they lie inside
//! what is requested, and quarter hours at its ends.

mod activity;
mod by_model;
mod cells;
mod dashboard;
mod days;
mod pricing;
mod reported;
mod session_bills;
mod session_costs;
mod sessions;
#[cfg(test)]
mod tests;

pub(crate) use activity::activity;
pub(super) use by_model::ByModel;
pub(crate) use dashboard::dashboard;
pub(super) use pricing::{Pricing, tokens};
pub(super) use reported::{Reported, reported};
pub(super) use session_bills::session_bills;
pub(super) use session_costs::session_costs;
