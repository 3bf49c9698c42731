//! The table.

use std::fmt::Write;

use serde_json::json;

use crate::Result;

/// The goal for a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// One line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: String,
    /// The figures as displayed.
    pub(crate) measured: String,
    /// What they are compared with, in the same run.
    pub(crate) floor: Option<String>,
    pub(crate) ratio: Option<f64>,
    /// The value that the bounds apply to; `None` if the question could not be measured.
    pub(crate) judged: Option<f64>,
    pub(crate) unit: &'static str,
    pub(crate) goal: Option<Bound>,
    pub(crate) must: Option<Bound>,
}

impl Row {
    pub(crate) fn new(what: impl Into<String>, measured: impl Into<String>, judged: f64, unit: &'static str) -> Row {
        Row {
            what: what.into(),
            measured: measured.into(),
            floor: None,
            ratio: None,
            judged: Some(judged),
            unit,
            goal: None,
            must: None,
        }
    }

    pub(crate) fn skipped(what: impl Into<String>, reason: &str) -> Row {
        Row { judged: None, ..Row::new(what, format!("skipped: {reason}"), 0.0, "") }
    }

    pub(crate) fn against(mut self, floor: impl Into<String>, ratio: f64) -> Row {
        self.floor = Some(floor.into());
        self.ratio = Some(ratio);
        self
    }

    pub(crate) fn goal(mut self, goal: Bound) -> Row {
        self.goal = Some(goal);
        self
    }

    pub(crate) fn must(mut self, must: Bound) -> Row {
        self.must = Some(must);
        self
    }

    fn reaches(&self, bound: Option<Bound>) -> bool {
        match (bound, self.judged) {
            (Some(Bound::AtLeast(least)), Some(value)) => value >= least,
            (Some(Bound::AtMost(greatest)), Some(value)) => value <= greatest,
            _ => true,
        }
    }

    fn verdict(&self) -> &'static str {
        match () {
            () if self.judged.is_none() => "skipped",
            () if !self.reaches(self.must) => "MISS",
            () if !self.reaches(self.goal) => "MISS (goal)",
            () if self.goal.is_none() && self.must.is_none() => "-",
            () => "ok",
        }
    }

    fn shown(&self, bound: Option<Bound>) -> String {
        match bound {
            Some(Bound::AtLeast(least)) => format!(">= {least}{}", self.unit),
            Some(Bound::AtMost(greatest)) => format!("<= {greatest}{}", self.unit),
            None => String::new(),
        }
    }
}

/// All rows so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<(&'static str, Row)>,
}

impl Report {
    pub(crate) fn add(&mut self, question: &'static str, row: Row) {
        self.rows.push((question, row));
    }

    pub(crate) fn has_missed_must(&self) -> bool {
        self.rows.iter().any(|(_, row)| !row.reaches(row.must))
    }

    pub(crate) fn table(&self) -> String {
        let mut cells = vec![["what", "measured", "floor", "ratio", "goal", "must", "verdict"].map(str::to_owned)];
        for (_, row) in &self.rows {
            cells.push([
                row.what.clone(),
                row.measured.clone(),
                row.floor.clone().unwrap_or_default(),
                row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
                row.shown(row.goal),
                row.shown(row.must),
                row.verdict().to_owned(),
            ]);
        }
        let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..cells[0].len()).map(width).collect();
        let mut table = String::new();
        for (index, row) in cells.iter().enumerate() {
            for (cell, width) in row.iter().zip(&widths) {
                let _ = write!(table, "| {cell:<width$} ");
            }
            table.push_str("|\n");
            if index == 0 {
                for width in &widths {
                    let _ = write!(table, "| {} ", "-".repeat(*width));
                }
                table.push_str("|\n");
            }
        }
        table
    }

    pub(crate) fn json(&self, input: &str) -> Result<String> {
        let rows: Vec<_> = (self.rows.iter())
            .map(|(question, row)| {
                json!({
                    "question": question,
                    "what": row.what,
                    "measured": row.measured,
                    "value": row.judged,
                    "unit": row.unit.trim(),
                    "floor": row.floor,
                    "ratio": row.ratio,
                    "goal": row.goal.map(|_| row.shown(row.goal)),
                    "must": row.must.map(|_| row.shown(row.must)),
                    "verdict": row.verdict(),
                })
            })
            .collect();
        Ok(serde_json::to_string_pretty(&json!({ "input": input, "rows": rows }))? + "\n")
    }
}
