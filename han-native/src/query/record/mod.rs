//! Stored records: their bytes, one by one or many at once, and what they say.

pub(super) mod blocks;
pub(super) mod bookkeeping;
pub(super) mod bytes;
pub(super) mod cut;
pub(super) mod parts;
pub(super) mod records;
