//! The FTS5 syntax: passed through to SQLite. Here only its words are found, to be shown in snippets.

use super::terms::Term;

/// The words and phrases of an expression; operators, columns and distances are not.
pub(super) fn terms(expression: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = expression;
    let mut is_distance = false;
    while let Some(character) = rest.chars().next() {
        let (text, behind, is_word) = match character {
            '"' => {
                let (text, behind) = quoted(&rest[1..]);
                (text, behind, false)
            }
            '{' => {
                rest = rest.split_once('}').map_or("", |(_, behind)| behind);
                continue;
            }
            _ if is_bareword(character) => {
                let end = rest.find(|character| !is_bareword(character)).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..], true)
            }
            _ => {
                // After a comma comes the distance of NEAR.
                is_distance = character == ',' || is_distance && character.is_whitespace();
                rest = &rest[character.len_utf8()..];
                continue;
            }
        };
        let following = behind.trim_start().chars().next();
        let is_operator = is_word && matches!(text.as_str(), "AND" | "OR" | "NOT" | "NEAR");
        if !is_operator && !is_distance && following != Some(':') {
            // FTS5 itself sets no minimum length for a prefix.
            let term = Term::new(&text, false);
            terms.extend(term.map(|term| Term { is_prefix: term.is_prefix || following == Some('*'), ..term }));
        }
        is_distance = false;
        rest = behind;
    }
    terms
}

fn is_bareword(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '\u{1a}' || !character.is_ascii()
}

/// The text up to the closing quote, a doubled quote being one in the text, and what follows.
fn quoted(text: &str) -> (String, &str) {
    let mut unescaped = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('"') {
        unescaped.push_str(before);
        match behind.strip_prefix('"') {
            Some(behind) => {
                unescaped.push('"');
                rest = behind;
            }
            None => return (unescaped, behind),
        }
    }
    unescaped.push_str(rest);
    (unescaped, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_expressions() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("red", &["red"]),
            ("red AND NOT green OR blue*", &["red", "green", "blue*"]),
            ("NEAR(red green, 10) blue", &["red", "green", "blue"]),
            ("user : red", &["red"]),
            ("{user tool_input} : (red + \"green blue\")", &["red", "green blue"]),
            ("- {user} : ^red", &["red"]),
            (r#""a ""quoted"" word""#, &["a quoted word"]),
            (r#""open"#, &["open"]),
            ("{open", &[]),
            ("snake_case", &["snake case"]),
            ("版本", &["版本"]),
        ];
        for (expression, expected) in cases {
            let found: Vec<String> = terms(expression)
                .iter()
                .map(|term| term.tokens.join(" ") + if term.is_prefix { "*" } else { "" })
                .collect();
            assert_eq!(found, *expected, "{expression}");
        }
    }
}
