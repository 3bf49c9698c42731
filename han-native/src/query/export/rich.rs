//! The Markdown of an answer to HTML that can do nothing: HTML in it is shown as text, links lead to the web only, and
//! pictures, which would be loaded, are named.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

use super::html::block;

/// A longer text is not conversation, and is shown as it is.
const LONGEST: usize = 1 << 20;

/// The HTML of a Markdown text.
pub(super) fn rich(text: &str) -> String {
    if text.len() > LONGEST {
        return block(text);
    }
    // HTML knows no other control characters.
    let text: String = text
        .chars()
        .map(|character| if is_unknown(character) { char::REPLACEMENT_CHARACTER } else { character })
        .collect();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut link_is_kept = Vec::new();
    let events = Parser::new_ext(&text, options).map(|event| harmless(event, &mut link_is_kept));
    let mut html = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

fn is_unknown(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\t' | '\r')
}

fn harmless<'a>(event: Event<'a>, link_is_kept: &mut Vec<bool>) -> Event<'a> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let is_kept = is_web(&dest_url);
            link_is_kept.push(is_kept);
            match is_kept {
                true => Event::Start(Tag::Link { link_type, dest_url, title, id }),
                false => nothing(),
            }
        }
        Event::End(TagEnd::Link) => match link_is_kept.pop() {
            Some(true) => event,
            _ => nothing(),
        },
        Event::Start(Tag::Image { dest_url, .. }) => Event::Text(format!("[image {dest_url} ").into()),
        Event::End(TagEnd::Image) => Event::Text("]".into()),
        event => event,
    }
}

fn nothing<'a>() -> Event<'a> {
    Event::Text(CowStr::Borrowed(""))
}

fn is_web(url: &str) -> bool {
    let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["https://", "http://", "mailto:"].into_iter().any(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered_and_html_is_text() {
        let cases = [
            ("**a** `b<c>`", "<p><strong>a</strong> <code>b&lt;c&gt;</code></p>\n"),
            ("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n"),
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
            ("[x](javascript:alert(1))", "<p>x</p>\n"),
            ("[x](JavaScript:alert(1)) [y](https://y.example)", "<p>x <a href=\"https://y.example\">y</a></p>\n"),
            ("<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n"),
            ("![x](https://y.example/z.png)", "<p>[image https://y.example/z.png x]</p>\n"),
            ("a\u{0}\u{1b}", "<p>a\u{fffd}\u{fffd}</p>\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(rich(text), expected, "{text:?}");
        }
    }
}
