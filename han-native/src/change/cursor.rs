//! Where a subscriber is in the feed, as it is written in cursors: `seq`, or `seq.index` between the messages of a change.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// Everything up to here was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub seq: i64,
    /// Only the messages up to this one of the change were reported: its row id minus that of the range's first.
    pub index: Option<i64>,
}

impl Position {
    /// After a whole change.
    pub(super) fn behind(seq: i64) -> Position {
        Position { seq, index: None }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(formatter, "{}.{index}", self.seq),
            None => write!(formatter, "{}", self.seq),
        }
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Position, Error> {
        let refused = || Error::invalid("since", format!("is not a cursor: {text:?}; pass one of a feed item"));
        let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse::<i64>().map_err(|_| refused()),
            false => Err(refused()),
        };
        match text.split_once('.') {
            Some((seq, index)) => Ok(Position { seq: number(seq)?, index: Some(number(index)?) }),
            None => Ok(Position::behind(number(text)?)),
        }
    }
}
