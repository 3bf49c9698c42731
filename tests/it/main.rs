//! Black-box tests.

mod faults;
mod house;
mod properties;
mod support;
