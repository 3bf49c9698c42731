//! Markdown of people and models inside ours: it is read as Markdown, except HTML, which is shown as text, and nothing that
//! it leaves open reaches what comes after it.
//!
//! What is code, in which `<` must stay as it is, is determined by a parser. What comes out is parsed again: if it still has HTML,
//! or something open, the whole text is shown as it is.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::markdown::fenced;

/// A longer text is not conversation, and is shown as it is.
const LONGEST: usize = 1 << 20;

/// What readers support besides plain Markdown differs, and with it what is code: the `|` of a table ends it, a footnote continues
/// where otherwise an indented line is code, and a formula may hold a backtick.
const DIALECTS: [Options; 3] = [
    Options::empty(),
    Options::ENABLE_TABLES,
    Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES).union(Options::ENABLE_MATH),
];

/// A text as a part of a document.
pub(super) fn embedded(text: &str) -> String {
    // After a list, an indented first line would belong to its last item.
    let text = with_line_feeds(text.trim_matches([' ', '\t', '\r', '\n']));
    if !["<", "```", "~~~"].iter().any(|piece| text.contains(piece)) {
        return text.into_owned();
    }
    if text.len() > LONGEST {
        return fenced(&text);
    }
    let mut shown = without_html(&text);
    if is_harmless(&shown) {
        return shown;
    }
    if let Some(fence) = last_fence(&shown) {
        shown.push('\n');
        shown.push_str(&fence);
        if is_harmless(&shown) {
            return shown;
        }
    }
    fenced(&text)
}

fn with_line_feeds(text: &str) -> Cow<'_, str> {
    match text.contains('\r') {
        true => text.replace("\r\n", "\n").replace('\r', "\n").into(),
        false => text.into(),
    }
}

/// The text with every `<` escaped that is not inside code.
fn without_html(text: &str) -> String {
    // For the parser `<` is what it will be: the start of an entity. It opens no HTML, which could hide code or show it.
    let plain = text.replace('<', "&");
    let readings = DIALECTS.map(|dialect| code(&plain, dialect));
    let is_code = |at: usize| {
        readings.iter().all(|code| {
            let behind = code.partition_point(|range| range.start <= at);
            code[..behind].last().is_some_and(|range| range.contains(&at))
        })
    };
    let mut shown = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = 0;
    for (at, _) in text.match_indices('<').filter(|(at, _)| !is_code(*at)) {
        shown.push_str(&text[rest..at]);
        // The backslash of `\<` would escape our `&`.
        if (shown.len() - shown.trim_end_matches('\\').len()) % 2 == 1 {
            shown.pop();
        }
        shown.push_str("&lt;");
        rest = at + 1;
    }
    shown.push_str(&text[rest..]);
    shown
}

/// Where a text is code, in its order.
fn code(text: &str, dialect: Options) -> Vec<Range<usize>> {
    let events = Parser::new_ext(text, dialect).into_offset_iter();
    let code = events.filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))));
    code.map(|(_, range)| range).collect()
}

/// Whether it has no HTML, and whether what comes after it is read as if it were not there.
fn is_harmless(text: &str) -> bool {
    const BEHIND: &str = "<hr>";
    let document = format!("{text}\n\n{BEHIND}\n");
    DIALECTS.into_iter().all(|dialect| {
        let mut depth = 0_usize;
        let mut html = Vec::new();
        for (event, range) in Parser::new_ext(&document, dialect).into_offset_iter() {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Html(_) | Event::InlineHtml(_) => html.push((range.start, depth)),
                _ => {}
            }
        }
        // Within the block of HTML that it is.
        html == [(document.len() - BEHIND.len() - 1, 1)]
    })
}

/// What closes the last fence of a text.
fn last_fence(text: &str) -> Option<String> {
    let events = Parser::new_ext(text, Options::empty()).into_offset_iter();
    let is_fence = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))));
    let (_, block) = events.filter(|(event, _)| is_fence(event)).last()?;
    let opening = text[block].trim_start_matches(' ');
    let character = opening.chars().next()?;
    Some(opening.chars().take_while(|next| *next == character).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_becomes_text_and_open_fences_are_closed() {
        let cases = [
            ("a <b> c", "a &lt;b> c"),
            ("`Vec<u8>` and <i>", "`Vec<u8>` and &lt;i>"),
            ("``a ` <b>`` <c>", "``a ` <b>`` &lt;c>"),
            ("` <b>", "` &lt;b>"),
            ("\\` <b> `", "\\` &lt;b> `"),
            ("\\<b>", "&lt;b>"),
            ("\\\\<b>", "\\\\&lt;b>"),
            ("<javascript:alert(1)>", "&lt;javascript:alert(1)>"),
            ("```html\n<b>\n```\n<c>", "```html\n<b>\n```\n&lt;c>"),
            ("```\n<b>", "```\n<b>\n```"),
            ("~~~~\n~~~\n<b>", "~~~~\n~~~\n<b>\n~~~~"),
            ("1. do\n    ```html\n    <b>\n    ```\n2. <c>", "1. do\n    ```html\n    <b>\n    ```\n2. &lt;c>"),
            ("a\r\n\r\n    <b>\rc", "a\n\n    <b>\nc"),
            ("\n    <b>\n", "&lt;b>"),
        ];
        for (text, expected) in cases {
            assert_eq!(embedded(text), expected, "{text:?}");
        }
    }

    /// What looks like code, line by line, but is not.
    #[test]
    fn html_behind_code_that_ends_elsewhere_becomes_text() {
        for text in [
            "a `b\nc` <script>alert(1)</script> `d",
            "- ```\n  x\n  ```\n\n<script>alert(1)</script>\n",
            "> ```\n<script>alert(1)</script>\n",
            "| `a | <script> | b` |\n| --- | --- | --- |\n| ` | <script> ` | c |",
            "<x y='`'> `<script>` ",
            "a \\`b` <script> `c`",
            "```\n````\n<script>\n``` ```\n~~~\n<script>",
            "- a\n\n      ```\n  <script>\n",
            "[^1]: a\n\n    <script>",
            "$`$ <script> `x`",
        ] {
            let shown = embedded(text);
            assert!(is_harmless(&shown), "{text:?} is shown as {shown:?}");
            assert!(shown.contains("script"), "{text:?} is shown as {shown:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_embedded_stays_harmless(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "`", "``", "```", "````", "~~~", "<b>", "<!--", "-->", "<?x", "</details>", "<script>", "\n", "\n\n", "    ",
                    "  ", "- ", "1. ", "> ", "|", "| --- |", "\\", "[a](", ")", "<a:b>", "&lt;", "x", " ", "\t", "---", "\r",
                    "[^1]: ", "$$", "é",
                ]),
                0..24,
            )
        ) {
            let text = pieces.concat();
            let shown = embedded(&text);
            prop_assert!(is_harmless(&shown), "{:?} is shown as {:?}", text, shown);
            // After an open list, too.
            let listed = format!("- a\n\n{shown}");
            prop_assert!(is_harmless(&listed), "{:?} is shown as {:?}", text, shown);
        }
    }
}
