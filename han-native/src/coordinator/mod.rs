//! Who may write: exactly one of many handles, in this process and others. Decides when to try, to follow, to take over and to
//! show a sign of life; the store does it. Writes nothing itself, and knows nothing about transcripts.

mod machine;
mod ports;
mod seat;
#[cfg(test)]
mod seat_tests;
#[cfg(test)]
mod tests;
mod timing;

pub(crate) use seat::{Seat, Wish};
pub(crate) use timing::Timing;
