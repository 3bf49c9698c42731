//! Read: a piece of a file, once with line numbers for the model and once as it is.

use super::super::era::READ_LINES;
use super::super::json::{Json, Maybe, object};
use super::super::session::Session;
use super::Exchange;

pub(super) fn read(session: &mut Session) -> Exchange {
    let index = session.project.pick_file(&mut session.random);
    let path = session.project.files[index].path.clone();
    if session.random.chance(0.004) {
        return image(session, &path);
    }
    let wanted = session.random.quantile(READ_LINES).max(1);
    let total = session.project.lines(&mut session.random, index).len();
    let start = if total > wanted { session.random.below(total - wanted + 1) } else { 0 };
    let lines = &session.project.lines(&mut session.random, index)[start..(start + wanted).min(total)];
    let numbered: Vec<String> =
        (lines.iter().enumerate()).map(|(offset, line)| format!("{:>6}→{line}", start + offset + 1)).collect();
    let (content, count) = (lines.join("\n"), lines.len());
    let is_part = count < total;
    let input = object! {
        "file_path": path,
        "offset": Maybe(is_part.then_some(start + 1)),
        "limit": Maybe(is_part.then_some(wanted)),
    };
    let file = object! {
        "filePath": path,
        "content": content,
        "numLines": count,
        "startLine": start + 1,
        "totalLines": total,
    };
    let answer = Json::of(&numbered.join("\n"));
    Exchange::new(session, "Read", input, answer, object! { "type": "text", "file": file })
}

fn image(session: &mut Session, path: &str) -> Exchange {
    let path = format!("{path}.png");
    let length = session.random.between(8_000, 140_000) as usize / 4 * 4;
    let data = session.random.base64(length);
    let block = object! {
        "type": "image",
        "source": object! { "type": "base64", "data": data, "media_type": "image/png" },
    };
    let file = object! { "base64": data, "type": "image/png", "originalSize": length / 4 * 3 };
    let result = object! { "type": "image", "file": file };
    Exchange::new(session, "Read", object! { "file_path": path }, Json::array(&[block]), result)
}
