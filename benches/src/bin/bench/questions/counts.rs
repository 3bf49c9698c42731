//! What do the counts of 1,000 sessions in one call cost, against the bare SQL statement?

use std::time::Instant;

use han_benches::{Era, Generator};
use han_native::ScanOptions;
use rusqlite::{Connection, OpenFlags};

use crate::Result;
use crate::context::{Context, open};
use crate::report::{Bound, Row};
use crate::statistics::Sample;

const SESSIONS: u64 = 1_000;
const ROUNDS: usize = 60;

/// The statement that the call runs; its parameter is a JSON array of session ids.
pub(crate) const BARE: &str =
    "SELECT session.session_id, sum(generation.messages - generation.logged - generation.replays)
    FROM json_each(?1) AS wanted
    CROSS JOIN sessions AS session ON session.session_id = wanted.value
    CROSS JOIN files AS file ON file.session_id = session.id AND file.kind = 'main'
    CROSS JOIN generations AS generation ON generation.id = file.generation_id
    GROUP BY wanted.key";

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let database = context.copy_of_indexed()?;
    let config_dir = context.new_folder()?;
    let project = config_dir.join("projects/-home-kim-many");
    std::fs::create_dir_all(&project)?;
    let mut ids = Vec::new();
    for number in 0..SESSIONS {
        let generator = Generator::new(context.seed + 1_000 + number);
        let id = generator.session(Era::V2_1).session_id().to_owned();
        std::fs::write(project.join(format!("{id}.jsonl")), generator.single_session(4_000))?;
        ids.push(id);
    }
    let han = open(&database, &config_dir)?;
    han.scan(ScanOptions::default())?;

    let wanted = serde_json::to_string(&ids)?;
    let connection = Connection::open_with_flags(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare(BARE)?;
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let counted = han.messages().count_batch(&ids)?;
        ours.push(start.elapsed());
        let start = Instant::now();
        let bare: Vec<(String, i64)> =
            statement.query_map([&wanted], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        floors.push(start.elapsed());
        if bare.len() != ids.len() || bare.iter().any(|(id, count)| counted.get(id) != Some(count)) {
            return Err("the call and the bare statement do not agree".into());
        }
    }
    han.close();
    let (ours, floors) = (Sample::of_durations(&ours), Sample::of_durations(&floors));
    let ratio = ours.median() / floors.median();
    let row = Row::new("1,000 counts in one call", format!("p50 {:.2} ms", ours.median()), ratio, "x")
        .against(format!("p50 {:.2} ms", floors.median()), ratio)
        .goal(Bound::AtMost(2.0));
    Ok(vec![row])
}
