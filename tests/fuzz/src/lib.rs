//! What the fuzz targets check, and the values that they start from.

pub mod oracles;
pub mod seeds;
