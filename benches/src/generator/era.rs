//! How transcripts changed over the versions of the program that writes them, and the numbers that calibrate them.

use super::random::{Quantiles, Random};

/// Versions that write alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Era {
    /// 1.0: user and assistant lines; subagents inline as side chains; a resume copies the history with new times.
    V1_0,
    /// 2.0: subagents in flat files beside the main one.
    V2_0,
    /// 2.1 up to about 2.1.60: progress lines, subagents in folders, snapshots, queue operations.
    V2_1,
    /// 2.1 from about 2.1.200 on: attachments, lines without uuid that repeat every turn, workflows; forks keep ids.
    V2_1Late,
}

/// How long prompts are, in bytes.
pub(crate) const PROMPT_BYTES: Quantiles = &[(0.0, 4.0), (0.5, 67.0), (0.9, 445.0), (0.99, 7_981.0), (1.0, 60_000.0)];
/// How long source files are, in bytes.
pub(crate) const FILE_BYTES: Quantiles =
    &[(0.0, 120.0), (0.1, 900.0), (0.25, 3_000.0), (0.5, 9_500.0), (0.75, 24_000.0), (0.9, 48_000.0), (1.0, 120_000.0)];
/// How much of a file is read at once, in lines.
pub(crate) const READ_LINES: Quantiles = &[(0.0, 5.0), (0.25, 40.0), (0.5, 90.0), (0.75, 200.0), (1.0, 1_200.0)];
/// How much a command prints, in bytes.
pub(crate) const OUTPUT_BYTES: Quantiles =
    &[(0.0, 0.0), (0.1, 20.0), (0.5, 330.0), (0.75, 1_500.0), (0.9, 4_200.0), (0.99, 29_000.0), (1.0, 30_000.0)];
/// How long a text of the assistant is, in bytes.
pub(crate) const TEXT_BYTES: Quantiles = &[(0.0, 20.0), (0.5, 150.0), (0.75, 420.0), (0.9, 1_300.0), (1.0, 5_000.0)];
/// How long a thought is, in bytes.
pub(crate) const THINKING_BYTES: Quantiles = &[(0.0, 60.0), (0.5, 230.0), (0.9, 800.0), (1.0, 4_000.0)];
/// How long the signature of a thought is, in characters.
pub(crate) const SIGNATURE_CHARACTERS: Quantiles =
    &[(0.0, 200.0), (0.25, 360.0), (0.5, 640.0), (0.75, 1_300.0), (0.9, 3_000.0), (1.0, 9_000.0)];
/// How long a shell command is, in bytes.
pub(crate) const COMMAND_BYTES: Quantiles = &[(0.0, 8.0), (0.5, 75.0), (0.9, 350.0), (0.99, 2_500.0), (1.0, 6_000.0)];
/// How many bytes a changed piece of a file has.
pub(crate) const EDIT_LINES: Quantiles = &[(0.0, 1.0), (0.5, 6.0), (0.9, 28.0), (1.0, 90.0)];

impl Era {
    /// All of them, the oldest first.
    pub const ALL: [Era; 4] = [Era::V1_0, Era::V2_0, Era::V2_1, Era::V2_1Late];

    /// The sessions of a config dir, in turn; the first four cover every era.
    pub(crate) const MIX: [Era; 12] = [
        Era::V2_1,
        Era::V1_0,
        Era::V2_1Late,
        Era::V2_0,
        Era::V2_1,
        Era::V2_1,
        Era::V2_1,
        Era::V1_0,
        Era::V2_1,
        Era::V2_1,
        Era::V2_1,
        Era::V2_1,
    ];

    pub(crate) fn version(self, random: &mut Random) -> String {
        match self {
            Era::V1_0 => format!("1.0.{}", random.between(59, 90)),
            Era::V2_0 => format!("2.0.{}", random.between(64, 76)),
            Era::V2_1 => format!("2.1.{}", random.between(1, 49)),
            Era::V2_1Late => format!("2.1.{}", random.between(207, 232)),
        }
    }

    pub(crate) fn model(self) -> &'static str {
        match self {
            Era::V1_0 => "claude-sonnet-4-20250514",
            Era::V2_0 => "claude-opus-4-5-20251101",
            Era::V2_1 => "claude-opus-4-6",
            Era::V2_1Late => "claude-opus-4-8",
        }
    }

    /// When its first sessions start, in milliseconds.
    pub(crate) fn start(self) -> i64 {
        match self {
            Era::V1_0 => 1_752_000_000_000,
            Era::V2_0 => 1_765_900_000_000,
            Era::V2_1 => 1_768_200_000_000,
            Era::V2_1Late => 1_784_000_000_000,
        }
    }

    /// How large main files are, in bytes. The upper tail reaches what long-lived sessions grow to.
    pub(crate) fn session_bytes(self) -> Quantiles {
        match self {
            Era::V1_0 => {
                &[(0.0, 900.0), (0.25, 4_200.0), (0.5, 99_000.0), (0.75, 1_260_000.0), (0.9, 2_800_000.0), (1.0, 8e6)]
            }
            Era::V2_0 => &[(0.0, 1_000.0), (0.25, 20_000.0), (0.5, 200_000.0), (0.9, 1_500_000.0), (1.0, 5e6)],
            Era::V2_1 => &[
                (0.0, 1_500.0),
                (0.1, 6_000.0),
                (0.25, 15_000.0),
                (0.5, 135_000.0),
                (0.75, 722_000.0),
                (0.9, 2_000_000.0),
                (0.99, 6_000_000.0),
                (1.0, 15e6),
            ],
            Era::V2_1Late => &[
                (0.0, 40_000.0),
                (0.1, 103_000.0),
                (0.25, 290_000.0),
                (0.5, 1_400_000.0),
                (0.75, 3_400_000.0),
                (1.0, 15e6),
            ],
        }
    }

    /// API messages between two prompts.
    pub(crate) fn messages_per_prompt(self) -> Quantiles {
        match self {
            Era::V1_0 => &[(0.0, 1.0), (0.25, 3.0), (0.5, 9.0), (0.75, 16.0), (1.0, 60.0)],
            Era::V2_0 | Era::V2_1 => &[(0.0, 1.0), (0.25, 4.0), (0.5, 11.0), (0.75, 21.0), (1.0, 90.0)],
            Era::V2_1Late => &[(0.0, 1.0), (0.25, 3.0), (0.5, 7.0), (0.75, 12.0), (1.0, 50.0)],
        }
    }

    /// The share of API messages that think.
    pub(crate) fn thinking_share(self) -> f64 {
        match self {
            Era::V1_0 => 0.10,
            Era::V2_0 => 0.05,
            Era::V2_1 => 0.66,
            Era::V2_1Late => 0.68,
        }
    }

    pub(crate) fn has_progress(self) -> bool {
        self == Era::V2_1
    }

    pub(crate) fn has_attachments(self) -> bool {
        self == Era::V2_1Late
    }

    pub(crate) fn has_snapshots(self) -> bool {
        self != Era::V1_0
    }
}
