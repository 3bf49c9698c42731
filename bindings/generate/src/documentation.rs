//! The documentation of Rust in the terms of another language.

use std::collections::{BTreeMap, BTreeSet};

use han_native::ErrorCode;
use heck::{ToLowerCamelCase, ToShoutySnakeCase};

/// How a language writes the names in Rust's documentation.
pub struct Dialect {
    /// A missing value.
    pub null: &'static str,
    /// A name of a field or a value.
    pub name: fn(&str) -> String,
    /// An operation, by its dotted name.
    pub operation: fn(&str) -> String,
    /// The longest line, without indentation.
    pub width: usize,
}

/// The documentation of one item, in paragraphs.
#[derive(Debug, Clone, Default)]
pub struct Documentation {
    /// What it does.
    pub body: String,
    /// How it fails.
    pub errors: String,
}

/// Translates documentation.
pub struct Translator<'t> {
    dialect: &'t Dialect,
    /// Dotted names of operations by the Rust method that they run.
    operations: &'t BTreeMap<String, String>,
    /// Names of fields in Rust. Other words with an underscore are values, which are the same in every language.
    fields: &'t BTreeSet<String>,
}

impl<'t> Translator<'t> {
    /// A translator into a dialect.
    pub fn new(
        dialect: &'t Dialect,
        operations: &'t BTreeMap<String, String>,
        fields: &'t BTreeSet<String>,
    ) -> Translator<'t> {
        Translator { dialect, operations, fields }
    }

    /// The documentation of a method.
    pub fn translate(&self, rust: &str) -> Documentation {
        let (mut body, mut errors, mut part) = (String::new(), String::new(), Part::Body);
        let mut is_code = false;
        for line in rust.lines() {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
                continue;
            }
            match line.strip_prefix("# ") {
                Some("Errors") => part = Part::Errors,
                Some(_) => part = Part::Skipped,
                None if is_code => {}
                None => match part {
                    Part::Body => body.extend([line, "\n"]),
                    Part::Errors => errors.extend([line, "\n"]),
                    Part::Skipped => {}
                },
            }
        }
        Documentation { body: self.paragraphs(&body), errors: self.paragraphs(&errors) }
    }

    /// Text, each paragraph filled to the width.
    fn paragraphs(&self, text: &str) -> String {
        let words = self.words(text);
        let paragraphs = words.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
        paragraphs.map(|paragraph| self.fill(paragraph)).collect::<Vec<_>>().join("\n\n")
    }

    fn fill(&self, paragraph: &str) -> String {
        let mut filled = String::new();
        let mut is_new = true;
        for line in paragraph.lines() {
            // The items of a list begin on lines of their own.
            if line.starts_with("- ") && !is_new {
                filled.push('\n');
                is_new = true;
            }
            for word in line.split_whitespace() {
                let length = filled.rsplit('\n').next().unwrap_or_default().chars().count();
                if !is_new && length + 1 + word.chars().count() > self.dialect.width {
                    filled.push('\n');
                } else if !is_new {
                    filled.push(' ');
                }
                filled.push_str(word);
                is_new = false;
            }
        }
        filled
    }

    /// Text without Rust's links, with names as in the language.
    fn words(&self, text: &str) -> String {
        let unlinked = without_links(text);
        let mut pieces = unlinked.split('`');
        let mut words = pieces.next().unwrap_or_default().to_owned();
        let mut is_code = true;
        for piece in pieces {
            if is_code {
                words.push_str(&self.code(piece));
            } else {
                words.push_str(piece);
            }
            is_code = !is_code;
        }
        words
    }

    fn code(&self, code: &str) -> String {
        let name = code.trim_end_matches("()").trim_start_matches("crate::").trim_start_matches("super::");
        let last = name.rsplit("::").next().unwrap_or(name);
        if let Some(error) = error_code(name, last) {
            return (self.dialect.name)(error);
        }
        if let Some(operation) = self.operations.get(name) {
            return (self.dialect.operation)(operation);
        }
        match name {
            "None" => self.dialect.null.to_owned(),
            _ if name.contains("::") && name.chars().all(|one| one.is_alphanumeric() || "_:".contains(one)) => {
                (self.dialect.name)(&last.to_lower_camel_case())
            }
            _ if self.fields.contains(name) => (self.dialect.name)(&name.to_lower_camel_case()),
            _ => (self.dialect.name)(code),
        }
    }
}

#[derive(Clone, Copy)]
enum Part {
    Body,
    Errors,
    Skipped,
}

/// The stable name of an error that is written `LOCKED`, `Error::Locked` or `ErrorCode::Locked`.
fn error_code(name: &str, last: &str) -> Option<&'static str> {
    let is_error = name.starts_with("Error::") || name.starts_with("ErrorCode::");
    ErrorCode::ALL.iter().map(|code| code.as_str()).find(|code| {
        let short = code.trim_start_matches("HAN_");
        name == short || name == *code || is_error && last.to_shouty_snake_case() == short
    })
}

/// `[text](target)` and `[text]` as `text`; a name that links to an item as the path of that item.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let Some(end) = rest[start..].find(']').map(|end| start + end) else { break };
        let inner = &rest[start + 1..end];
        let after = &rest[end + 1..];
        let target = after.strip_prefix('(').and_then(|after| Some(&after[..after.find(')')?]));
        let is_code = inner.starts_with('`') && inner.ends_with('`');
        plain.push_str(&rest[..start]);
        match target {
            Some(target) if is_code && target.contains("::") && !target.contains('/') => {
                plain.push_str(&format!("`{target}`"));
            }
            None if !is_code => plain.push_str(&rest[start..=end]),
            _ => plain.push_str(inner),
        }
        rest = &after[target.map_or(0, |target| target.len() + 2)..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIALECT: Dialect =
        Dialect { null: "`null`", name: |name| format!("`{name}`"), operation: |name| format!("<{name}>"), width: 40 };

    #[test]
    fn names_and_links_are_translated() {
        let fields = BTreeSet::from(["include_text".to_owned()]);
        let operations = BTreeMap::from([("Messages::list".to_owned(), "messages.list".to_owned())]);
        let translator = Translator::new(&DIALECT, &operations, &fields);
        let rust = "As [`list`](Messages::list), [`Messages::list`]; `None` for `include_text` or `a_value`, [0].\n\n```\nlet a = 1;\n```\n\n# Errors\n\
                    [`ErrorCode::NotFound`] or `LOCKED`, see [`crate::Han::scan`].\n\n# Examples\nnothing";
        let Documentation { body, errors } = translator.translate(rust);
        assert_eq!(body, "As <messages.list>, <messages.list>;\n`null` for `includeText` or `a_value`,\n[0].");
        assert_eq!(errors, "`HAN_NOT_FOUND` or `HAN_LOCKED`, see\n`scan`.");
    }
}
