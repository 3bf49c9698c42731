//! How fast is a full index, against the floor? Each side in a process of its own, like a program that does nothing else.

use std::process::Command;

use super::{floor, memory};
use crate::Result;
use crate::context::Context;
use crate::report::{Bound, Row};
use crate::statistics::Sample;

/// Times each side is measured, in turn.
const ROUNDS: usize = 5;

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let indexed = context.indexed()?;
    let config_dir = context.config_dir.clone();
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = context.new_folder()?;
        write_back()?;
        let run = memory::index_in_child(&config_dir, &folder.join("han.db"))?;
        ours.push(indexed.transcript_bytes as f64 / 1e6 / run.seconds);
        write_back()?;
        floors.push(floor::measure(&indexed.database, &folder.join("floor.db"))? / 1e6);
        std::fs::remove_dir_all(folder)?;
    }
    let ratios = Sample::new(ours.iter().zip(&floors).map(|(ours, floor)| ours / floor).collect());
    let (ours, floors) = (Sample::new(ours), Sample::new(floors));
    let shown =
        |sample: &Sample| format!("{:.0} MB/s ({:.0}-{:.0})", sample.median(), sample.least(), sample.greatest());
    let ratio = ratios.median();
    let row = Row::new("full index, of the floor", shown(&ours), ratio, "")
        .against(shown(&floors), ratio)
        .goal(Bound::AtLeast(1.0))
        .must(Bound::AtLeast(0.8));
    Ok(vec![row])
}

/// Makes the system write out what the previous side has left, so that it disturbs neither measurement.
fn write_back() -> Result<()> {
    match Command::new("sync").status()?.success() {
        true => Ok(()),
        false => Err("sync failed".into()),
    }
}
