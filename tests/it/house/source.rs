//! Rust sources, taken apart just far enough: code, strings, and what is compiled for tests only.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// One source file.
pub(super) struct Source {
    /// Below the root of the repository, `/` between its parts.
    pub(super) path: String,
    /// The text as it is.
    pub(super) text: String,
    /// The same length; comments, the contents of strings and test code are blank.
    pub(super) code: String,
    /// Where each string literal outside comments and test code starts, and its content.
    pub(super) strings: Vec<(usize, String)>,
}

impl Source {
    /// The place of a byte, for humans.
    pub(super) fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, self.text[..at].matches('\n').count() + 1)
    }

    /// Where a whole word is in the code.
    pub(super) fn words<'s>(&'s self, word: &'s str) -> impl Iterator<Item = usize> + 's {
        let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let bytes = self.code.as_bytes();
        self.code.match_indices(word).map(|(at, _)| at).filter(move |at| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            !is_part(before) && !is_part(bytes.get(at + word.len()))
        })
    }
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The sources below a folder that are compiled into what we ship; tests are left out.
pub(super) fn sources(folder: &str) -> Vec<Source> {
    let mut sources: Vec<Source> = files(&root().join(folder))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| read(&path))
        .collect();
    let tests: HashSet<String> = sources.iter_mut().flat_map(blank_tests).collect();
    sources.retain(|source| {
        let stem = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        !tests.iter().any(|test| stem == test || stem.starts_with(&format!("{test}/")))
    });
    assert!(!sources.is_empty(), "{folder} has no sources");
    sources
}

/// Every file below a folder, except what is built or fetched.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    const SKIPPED: [&str; 8] =
        [".git", "target", "node_modules", "dist", "build", "corpus", "artifacts", "__pycache__"];
    let (mut folders, mut found) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    let (code, strings) = take_apart(&text);
    let path = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
    Source { path, text, code, strings }
}

/// Blanks comments and the contents of strings, and returns the strings.
fn take_apart(text: &str) -> (String, Vec<(usize, String)>) {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut strings = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let (length, inner) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), None)
        } else if rest.starts_with("/*") {
            (rest.find("*/").map_or(rest.len(), |end| end + 2), None)
        } else if let Some((start, length)) = string_at(text, at) {
            (length, Some(start))
        } else if let Some(length) = character_at(rest) {
            (length, Some(1))
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        match inner {
            Some(start) => strings.push((at, text[at + start..at + length].to_owned())),
            None => code[at..at + length].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' '),
        }
        if let Some(start) = inner {
            code[at + start..at + length].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
        at += length;
    }
    (String::from_utf8(code).unwrap(), strings)
}

/// A string literal that starts here: where its content starts, and its length.
fn string_at(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = &text[at..];
    let is_inside_word = at > 0 && text.as_bytes()[at - 1].is_ascii_alphanumeric();
    let prefix = rest.find('"').filter(|end| *end <= 4)?;
    let (letters, hashes) = rest[..prefix].split_at(rest[..prefix].find('#').unwrap_or(prefix));
    if !["", "b", "c", "r", "br", "cr"].contains(&letters) || hashes.chars().any(|hash| hash != '#') {
        return None;
    }
    if !letters.is_empty() && is_inside_word {
        return None;
    }
    let body = prefix + 1;
    if letters.contains('r') {
        let end = format!("\"{hashes}");
        return Some((body, rest[body..].find(&end).map_or(rest.len(), |found| body + found + end.len())));
    }
    if !hashes.is_empty() {
        return None;
    }
    let mut is_escaped = false;
    for (offset, character) in rest[body..].char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some((body, body + offset + 1)),
            _ => {}
        }
    }
    Some((body, rest.len()))
}

/// The length of a character literal that starts here; a lifetime is not one.
fn character_at(rest: &str) -> Option<usize> {
    let mut characters = rest.strip_prefix('\'')?.char_indices();
    match characters.next()? {
        (_, '\\') => rest[3..].find('\'').map(|end| end + 4),
        (_, first) => rest[1 + first.len_utf8()..].starts_with('\'').then(|| 2 + first.len_utf8()),
    }
}

/// Blanks what is compiled for tests only, and returns the stems of the files that are such modules.
fn blank_tests(source: &mut Source) -> Vec<String> {
    let mut modules = Vec::new();
    while let Some(start) = source.code.find("#[cfg(test)]") {
        let bytes = source.code.as_bytes();
        let (mut end, mut depth) = (start, 0_i32);
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'{' | b'(' | b'[' => depth += 1,
                b'}' | b')' | b']' => depth -= 1,
                _ => {}
            }
            end += 1;
            if depth == 0 && (*byte == b'}' || *byte == b';') {
                break;
            }
        }
        let item = source.code[start..end].to_owned();
        if let Some(name) =
            item.strip_suffix(';').and_then(|item| item.rsplit_once("mod ")).map(|(_, name)| name.trim())
        {
            modules.push(module_stem(source, start..end, name));
        }
        source.code.replace_range(start..end, &item.replace(|character| character != '\n', " "));
        source.strings.retain(|(at, _)| !(start..end).contains(at));
    }
    modules
}

/// The path, without its ending, of a module that is declared in a file.
fn module_stem(source: &Source, item: std::ops::Range<usize>, name: &str) -> String {
    let (folder, file) = source.path.rsplit_once('/').unwrap();
    let given = source.strings.iter().find(|(at, text)| item.contains(at) && text.ends_with(".rs\""));
    if let Some((_, given)) = given {
        return format!("{folder}/{}", given.trim_end_matches(".rs\""));
    }
    match file {
        "mod.rs" | "lib.rs" | "main.rs" => format!("{folder}/{name}"),
        _ => format!("{folder}/{}/{name}", file.trim_end_matches(".rs")),
    }
}

#[test]
fn sources_are_taken_apart() {
    let text = "let a = \"x // no\"; // unsafe\nlet b = r#\"SELECT \"1\"\"#; let c: &'static str = '\"'.into(); /* unwrap */ f('\\'', b\"z\")";
    let (code, strings) = take_apart(text);
    assert_eq!(code.len(), text.len());
    for hidden in ["no", "unsafe", "SELECT", "unwrap", "z"] {
        assert!(!code.contains(hidden), "{hidden} in {code}");
    }
    assert!(code.contains("&'static str") && code.contains("f("));
    let contents: Vec<&str> = strings.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(contents, ["x // no\"", "SELECT \"1\"\"#", "\"'", "\\''", "z\""]);
}

#[test]
fn tests_are_left_out() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { x.unwrap() }\n}\n#[cfg(test)]\nmod far;\nfn c() {}\n";
    let (code, strings) = take_apart(text);
    let mut source = Source { path: "han/src/deep/file.rs".into(), text: text.into(), code, strings };
    assert_eq!(blank_tests(&mut source), ["han/src/deep/file/far"]);
    assert!(!source.code.contains("unwrap") && source.code.contains("fn c"));
    assert_eq!(source.code.len(), text.len());
}
