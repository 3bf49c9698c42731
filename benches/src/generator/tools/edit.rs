//! Edit, MultiEdit and Write: they change the project's files, and their results carry the file as it was.

use super::super::code::{self, Language};
use super::super::era::{EDIT_LINES, Era, FILE_BYTES};
use super::super::json::{Json, Maybe, object};
use super::super::session::Session;
use super::Exchange;

/// Lines of context around a change in a patch.
const CONTEXT: usize = 3;

/// One replaced piece of a file.
struct Change {
    path: String,
    old: String,
    new: String,
    original: String,
    patch: Json,
}

pub(super) fn edit(session: &mut Session) -> Exchange {
    let change = change(session);
    let input = object! {
        "file_path": change.path,
        "old_string": change.old,
        "new_string": change.new,
        "replace_all": Maybe((session.era >= Era::V2_1).then_some(false)),
    };
    let answer = if session.era >= Era::V2_1 {
        format!("The file {} has been updated successfully.", change.path)
    } else {
        // Early versions show the changed piece with its line numbers.
        let numbered: Vec<String> =
            change.new.split('\n').enumerate().map(|(index, line)| format!("{:>6}→{line}", index + 1)).collect();
        format!("The file {} has been updated. The changed piece:\n{}", change.path, numbered.join("\n"))
    };
    let original = session.random.chance(0.91).then_some(change.original);
    let result = object! {
        "filePath": change.path,
        "oldString": change.old,
        "newString": change.new,
        "originalFile": original,
        "structuredPatch": vec![change.patch],
        "userModified": false,
        "replaceAll": false,
    };
    Exchange::new(session, "Edit", input, Json::of(&answer), result)
}

pub(super) fn multi_edit(session: &mut Session) -> Exchange {
    let change = change(session);
    let edits = vec![object! { "old_string": change.old, "new_string": change.new }];
    let input = object! { "file_path": change.path, "edits": edits };
    let answer = Json::of(&format!("Applied 1 edit to {}", change.path));
    let result = object! {
        "filePath": change.path,
        "edits": edits,
        "originalFileContents": change.original,
        "structuredPatch": vec![change.patch],
        "userModified": false,
    };
    Exchange::new(session, "MultiEdit", input, answer, result)
}

pub(super) fn write(session: &mut Session) -> Exchange {
    let is_new = session.random.chance(0.75);
    let index = if is_new {
        session.project.add_file(&mut session.random)
    } else {
        session.project.pick_file(&mut session.random)
    };
    let path = session.project.files[index].path.clone();
    let original = (!is_new).then(|| session.project.lines(&mut session.random, index).join("\n"));
    if !is_new {
        let length = session.random.quantile(FILE_BYTES) / 2;
        let text = code::source(&mut session.random, Language::Python, &session.project.names, length.max(1));
        *session.project.lines(&mut session.random, index) = text.split('\n').map(str::to_owned).collect();
    }
    if is_new {
        let lines = session.project.lines(&mut session.random, index);
        lines.truncate((lines.len() / 2).max(1));
    }
    let content = session.project.lines(&mut session.random, index).join("\n");
    let action = if is_new { "create" } else { "update" };
    let answer = Json::of(&format!("File {action}d successfully at: {path}"));
    let result = object! {
        "type": action,
        "filePath": path,
        "content": content,
        "structuredPatch": Vec::<Json>::new(),
        "originalFile": Maybe((session.era != Era::V1_0).then_some(original)),
    };
    Exchange::new(session, "Write", object! { "file_path": path, "content": content }, answer, result)
}

fn change(session: &mut Session) -> Change {
    let index = session.project.pick_file(&mut session.random);
    let path = session.project.files[index].path.clone();
    let total = session.project.lines(&mut session.random, index).len();
    let removed = session.random.quantile(EDIT_LINES).clamp(1, total);
    let start = session.random.below(total - removed + 1);
    let added_bytes = session.random.quantile(EDIT_LINES).max(1) * 32;
    let language = session.random.weighted(&[(Language::Rust, 0.5), (Language::TypeScript, 0.5)]);
    let new = code::source(&mut session.random, language, &session.project.names, added_bytes);
    let lines = session.project.lines(&mut session.random, index);
    let original = lines.join("\n");
    let old = lines[start..start + removed].join("\n");

    let before = start.saturating_sub(CONTEXT);
    let end = (start + removed + CONTEXT).min(total);
    let added: Vec<String> = new.split('\n').map(str::to_owned).collect();
    let mut shown: Vec<String> = lines[before..start].iter().map(|line| format!(" {line}")).collect();
    shown.extend(lines[start..start + removed].iter().map(|line| format!("-{line}")));
    shown.extend(added.iter().map(|line| format!("+{line}")));
    shown.extend(lines[start + removed..end].iter().map(|line| format!(" {line}")));
    let patch = object! {
        "oldStart": before + 1,
        "oldLines": end - before,
        "newStart": before + 1,
        "newLines": end - before - removed + added.len(),
        "lines": shown,
    };
    lines.splice(start..start + removed, added);
    Change { path, old, new, original, patch }
}
