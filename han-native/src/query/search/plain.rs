//! The plain syntax: words, all of which must be there, and "phrases". Whatever is typed means something; nothing is an
//! error.

use super::terms::Term;

/// The terms of a query, each once, in their order.
///
/// A quote that is not closed runs to the end. The last word, and words that end with `*`, match every word that
/// begins with them.
pub(super) fn terms(query: &str) -> Vec<Term> {
    let mut words = Vec::new();
    for (index, part) in query.split('"').enumerate() {
        if index % 2 == 1 {
            words.push((part, false));
        } else {
            words.extend(part.split_whitespace().map(|word| (word, word.ends_with('*'))));
        }
    }
    // Only a word that is typed last, not a phrase, may still be unfinished.
    let ends_with_word = query.matches('"').count().is_multiple_of(2) && !query.trim_end().ends_with('"');
    if let (Some(last), true) = (words.last_mut(), ends_with_word) {
        last.1 = true;
    }
    let mut seen = std::collections::HashSet::new();
    let terms = words.into_iter().filter_map(|(text, wants_prefix)| Term::new(text, wants_prefix));
    terms.filter(|term| seen.insert(term.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SearchField;
    use crate::query::search::terms::expression;
    use crate::query::testing;
    use proptest::prelude::*;

    #[test]
    fn queries_and_their_expressions() {
        let cases = [
            ("", ""),
            ("   ", ""),
            ("-- ?! *", ""),
            ("red", r#""red"*"#),
            ("re", r#""re""#),
            ("Red  GREEN", r#""red" AND "green"*"#),
            ("red green", r#""red" AND "green"*"#),
            ("red* green", r#""red"* AND "green"*"#),
            ("re* green", r#""re" AND "green"*"#),
            (r#""red green""#, r#""red green""#),
            (r#""red green" blue"#, r#""red green" AND "blue"*"#),
            (r#"blue "red gre"#, r#""blue" AND "red gre""#),
            (r#"foo"bar baz"qux"#, r#""foo" AND "bar baz" AND "qux"*"#),
            (r#""""#, ""),
            ("red AND NOT green", r#""red" AND "and" AND "not" AND "green"*"#),
            ("user:red ^x (y", r#""user red" AND "x" AND "y""#),
            ("handle_file_event", r#""handle file event"*"#),
            ("src/foo.rs end", r#""src foo rs" AND "end"*"#),
            ("red red red", r#""red" AND "red"*"#),
            ("版本控制", r#""版本 本控 控制""#),
            ("版", r#""版"*"#),
        ];
        for (query, expected) in cases {
            assert_eq!(expression(&terms(query), &SearchField::ALL), expected, "{query:?}");
        }
    }

    #[test]
    fn a_long_query_is_still_a_query() {
        let connection = testing::empty_index();
        let words: Vec<String> = (0..9_000).map(|number| format!("w{number}")).collect();
        let sql = "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH ?1";
        let found = connection
            .query_row(sql, [expression(&terms(&words.join(" ")), &SearchField::ALL)], |row| row.get::<_, i64>(0));
        assert_eq!(found.unwrap(), 0);
    }

    proptest! {
        #[test]
        fn no_query_is_an_error_of_fts5(query in r#"([\PC\x00-\x20]|["*():^{}+\-]|AND|NEAR|版本|[a-z_./]{1,8}){0,12}"#, narrow: bool) {
            let terms = terms(&query);
            prop_assume!(!terms.is_empty());
            let fields: &[SearchField] = if narrow { &[SearchField::Title] } else { &SearchField::ALL };
            let sql = "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH ?1";
            testing::EMPTY_INDEX.with(|connection| {
                let found = connection.query_row(sql, [expression(&terms, fields)], |row| row.get::<_, i64>(0));
                assert!(found.is_ok(), "{query:?}: {found:?}");
            });
        }
    }
}
