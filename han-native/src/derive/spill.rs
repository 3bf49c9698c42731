//! Tool output that was written to a file beside the transcript, and the stub that replaces it.

use crate::spill::Spill;
use crate::transcript::record::ToolUseResult;

/// Reads a spilled tool result by its file name.
pub(super) type SpillReader<'a> = &'a mut dyn FnMut(&str) -> Spill;

const STUB: &str = "<persisted-output>";
const PLACEHOLDERS: [&str; 3] = [STUB, "[Old tool result content cleared", "Output too large"];

/// Whether a tool result's text is only a stub for the output.
pub(super) fn is_stub(text: &str) -> bool {
    PLACEHOLDERS.iter().any(|start| text.starts_with(start))
}

/// The file name that the output was spilled to: as the structured result says, else as the stub says.
pub(super) fn name(result: &ToolUseResult<'_>, text: &str) -> Option<String> {
    let told = || text.starts_with(STUB).then(|| text.split_once("saved to: ")?.1.lines().next()).flatten();
    plain_name(result.persisted_output_path.non_empty().or_else(told)?)
}

/// The last part of a path, if it is the plain name of a text file: nothing else is ever looked up.
fn plain_name(path: &str) -> Option<String> {
    let name = path.trim().rsplit(['/', '\\']).next()?;
    let stem = name.strip_suffix(".txt")?;
    let is_plain = !stem.is_empty() && name.len() <= 255 && !stem.starts_with('.');
    (is_plain && !name.contains(|character: char| character.is_control() || character == ':')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_text_files_are_taken() {
        let cases = [
            ("/home/a/.claude/projects/p/s/tool-results/toolu_01.txt", Some("toolu_01.txt")),
            ("C:\\Users\\a\\tool-results\\b7x.txt", Some("b7x.txt")),
            ("x.txt", Some("x.txt")),
            ("/etc/passwd", None),
            ("../../.txt", None),
            ("/a/..txt", None),
            ("/a/b.txt/", None),
            ("/a/b\u{0}.txt", None),
            ("/a/stream:b.txt", None),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(plain_name(path).as_deref(), expected, "{path:?}");
        }
    }

    #[test]
    fn older_stubs_name_the_file_in_their_text() {
        let text =
            "<persisted-output>\nOutput too large (70KB). Full output saved to: /a/tool-results/b1.txt\n\nPreview:";
        assert_eq!(name(&ToolUseResult::default(), text).as_deref(), Some("b1.txt"));
        assert_eq!(name(&ToolUseResult::default(), "It was saved to: /a/b.txt"), None);
    }
}
