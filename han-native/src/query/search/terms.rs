//! What is searched for, as the tokens of the index.

use std::fmt::Write as _;

use crate::derive::tokens::for_each_token;
use crate::model::SearchField;

/// The fewest characters of a word that matches all words that begin with it.
const PREFIX_CHARACTERS: usize = 3;

/// Tokens that must follow each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Term {
    pub tokens: Vec<String>,
    /// Whether the last token matches every token that begins with it.
    pub is_prefix: bool,
}

impl Term {
    /// The tokens of a text; `None` if it has none. A run of several CJK characters is a run of overlapping pairs; a single
    /// one at the end is the beginning of some pair.
    pub(super) fn new(text: &str, wants_prefix: bool) -> Option<Term> {
        let mut tokens: Vec<(usize, usize, String)> = Vec::new();
        for_each_token(text, &mut |token| tokens.push((token.start, token.end, token.folded.into_owned())));
        if let [.., before, last] = tokens.as_slice() {
            // In the index the last character of a run is alone only where the run ends, which a query does not ask.
            let is_end_of_run = last.0 < before.1 && last.2.chars().nth(1).is_none();
            if is_end_of_run {
                tokens.pop();
            }
        }
        let last = &tokens.last()?.2;
        let is_prefix = is_single_cjk(last) || wants_prefix && last.chars().count() >= PREFIX_CHARACTERS;
        Some(Term { tokens: tokens.into_iter().map(|(_, _, folded)| folded).collect(), is_prefix })
    }

    fn write_fts5(&self, expression: &mut String) {
        let star = if self.is_prefix { "*" } else { "" };
        let _ = write!(expression, "\"{}\"{star}", self.tokens.join(" ").replace('"', "\"\""));
    }
}

/// Whether the token is one character of those that are indexed in pairs.
fn is_single_cjk(token: &str) -> bool {
    let mut characters = token.chars();
    let (Some(character), None) = (characters.next(), characters.next()) else { return false };
    let mut count = 0;
    for_each_token(&String::from_iter([character, character]), &mut |_| count += 1);
    count == 2
}

/// The FTS5 expression for messages that have every term, in these fields.
pub(super) fn expression(terms: &[Term], fields: &[SearchField]) -> String {
    let mut all = String::new();
    for term in terms {
        if !all.is_empty() {
            all.push_str(" AND ");
        }
        term.write_fts5(&mut all);
    }
    in_columns(&all, fields)
}

/// Narrows an expression to the columns of these fields.
pub(super) fn in_columns(expression: &str, fields: &[SearchField]) -> String {
    if SearchField::ALL.iter().all(|field| fields.contains(field)) {
        return expression.to_owned();
    }
    let columns: Vec<&str> = fields.iter().map(|field| column(*field)).collect();
    format!("{{{}}} : ({expression})", columns.join(" "))
}

/// The column of the index that holds a field.
fn column(field: SearchField) -> &'static str {
    match field {
        SearchField::User => "user",
        SearchField::Assistant => "assistant",
        SearchField::Thinking => "thinking",
        SearchField::ToolInput => "tool_input",
        SearchField::ToolOutput => "tool_output",
        SearchField::Title => "title",
        SearchField::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_the_tokens_of_the_index() {
        let cases: &[(&str, bool, &[&str], bool)] = &[
            ("Hello", false, &["hello"], false),
            ("Hel", true, &["hel"], true),
            ("he", true, &["he"], false),
            ("src/foo.rs", true, &["src", "foo", "rs"], false),
            ("handle_file", true, &["handle", "file"], true),
            ("版本控制", true, &["版本", "本控", "控制"], false),
            ("版本", false, &["版本"], false),
            ("版", false, &["版"], true),
            ("版本2", false, &["版本", "本", "2"], false),
            ("v版", false, &["v", "版"], true),
        ];
        for (text, wants_prefix, tokens, is_prefix) in cases {
            let term = Term::new(text, *wants_prefix).unwrap();
            assert_eq!(
                (term.tokens, term.is_prefix),
                (tokens.iter().map(|t| (*t).to_owned()).collect(), *is_prefix),
                "{text}"
            );
        }
        for empty in ["", " ", "?!", "***"] {
            assert_eq!(Term::new(empty, true), None, "{empty:?}");
        }
    }

    #[test]
    fn fields_become_a_column_filter() {
        let terms = [Term::new("one two", false).unwrap(), Term::new("thr", true).unwrap()];
        assert_eq!(expression(&terms, &SearchField::ALL), r#""one two" AND "thr"*"#);
        let fields = [SearchField::User, SearchField::ToolInput];
        assert_eq!(expression(&terms, &fields), r#"{user tool_input} : ("one two" AND "thr"*)"#);
    }
}
