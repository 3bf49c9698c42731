//! Texts that try to be more than text.

use han_native::model::ExportFormat;
use pulldown_cmark::{Event, Options, Parser};
use scraper::{Html, Node, Selector};
use serde_json::json;

use super::{SESSION, database, exported};
use crate::support::lines::{answer, call, line, prompt, result, text as text_block, thinking};

const HOSTILE: [&str; 14] = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](  JaVaScRiPt:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "<a href=\"javascript:alert(1)\">x</a>",
    "![p](https://tracker.example/p.png)",
    "</style></title></textarea></pre></details><iframe src=//x>",
    "<!-- <svg/onload=alert(1)> --!>",
    "```\n</code></pre><script>alert(1)</script>",
    "'\" onmouseover=alert(1) x=\"",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;&#60;script&#62;",
    "\u{0}\u{8}\u{1b}[31m\u{202e}<script\u{0}>",
];

/// The elements and attributes that our pages have, and no other.
const ELEMENTS: &str = "html head meta title style body header h1 h2 h3 h4 h5 h6 dl dt dd main section article time div p a \
    pre code details summary b em strong del ul ol li table thead tbody tr th td blockquote hr br input";
const ATTRIBUTES: &str =
    "lang charset http-equiv content name class id datetime href title start type checked disabled align style";

fn check(page: &str) {
    let page = Html::parse_document(page);
    for node in page.tree.nodes() {
        let Node::Element(element) = node.value() else { continue };
        assert!(ELEMENTS.split_whitespace().any(|name| name == element.name()), "a <{}> came about", element.name());
        for (name, value) in element.attrs() {
            assert!(ATTRIBUTES.split_whitespace().any(|known| known == name), "<{} {name}> came about", element.name());
            if name == "href" {
                let is_harmless =
                    ["#agent-", "https://", "http://", "mailto:"].iter().any(|start| value.starts_with(start));
                assert!(is_harmless, "a link leads to {value}");
            }
            assert!(name != "style" || value.starts_with("text-align"), "style={value}");
        }
    }
}

#[test]
fn hostile_text_stays_text_wherever_it_is() {
    for hostile in HOSTILE {
        let lines = [
            prompt(SESSION, 1, hostile),
            answer(SESSION, 2, text_block(hostile)),
            answer(SESSION, 3, thinking(hostile)),
            call(SESSION, 4, "toolu_1", hostile, json!({ hostile: hostile, "list": [hostile] })),
            result(SESSION, 5, "toolu_1", hostile, json!({ "agentId": hostile })),
            line(SESSION, 6, json!({ "type": "custom-title", "customTitle": hostile })),
            line(SESSION, 7, json!({ "type": hostile, "subtype": hostile, "content": hostile })),
            line(
                SESSION,
                8,
                json!({ "type": "user", "gitBranch": hostile, "version": hostile, "message": { "role": "user",
                "content": [{ "type": "image", "source": { "type": "base64", "media_type": hostile, "data": hostile } }] } }),
            ),
        ];
        let (_home, database) = database(&lines);
        let page = exported(&database, ExportFormat::Html);
        check(&page);
        let text = Html::parse_document(&page);
        let said = Selector::parse("article.user .text").unwrap();
        let shown: String = text.select(&said).flat_map(|element| element.text()).collect();
        // Terminal control sequences are not text.
        let expected: String = hostile
            .replace("\u{1b}[31m", "")
            .chars()
            .map(|character| if character.is_control() && character != '\n' { '\u{fffd}' } else { character })
            .collect();
        assert!(shown.contains(&expected), "{hostile:?} is shown as {shown:?}");
        let json = exported(&database, ExportFormat::Json);
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
    }
}

#[test]
fn fences_in_a_text_do_not_end_ours() {
    let inner = "````\n</details>\n`````\n# not a heading";
    let lines = [
        prompt(SESSION, 1, "go"),
        call(SESSION, 2, "toolu_1", "Bash", json!({ "command": inner })),
        result(SESSION, 3, "toolu_1", inner, json!({})),
    ];
    let (_home, database) = database(&lines);
    let markdown = exported(&database, ExportFormat::Markdown);
    let fence = "``````";
    assert_eq!(markdown.matches(&format!("{fence}text\n{inner}\n{fence}\n")).count(), 2, "{markdown}");
}

/// Our own HTML in a Markdown document: collapsible sections, and nothing else.
fn is_own_html(html: &str) -> bool {
    let html = html.trim();
    let is_summary = html
        .strip_prefix("<details><summary>")
        .and_then(|rest| rest.strip_suffix("</summary>"))
        .is_some_and(|name| !name.contains('<'));
    html.is_empty() || is_summary || html == "</details>"
}

#[test]
fn markdown_has_no_html_but_ours() {
    // What is code when read line by line, but not when read as Markdown.
    let hidden = [
        "a `b\nc` <script>alert(1)</script> `d",
        "- ```\n  x\n  ```\n\n<script>alert(1)</script>",
        "- item",
        "    <script>alert(1)</script>",
        "  ```\n<script>alert(1)</script>\n  ```",
        "> ```\n<script>alert(1)</script>",
        "```",
        "| ` | <script> |\n| --- | --- |\n| ` | x |",
        "<!--",
        "[x]: <script>",
    ];
    let texts: Vec<&str> = HOSTILE.into_iter().chain(hidden).collect();
    let mut lines = Vec::new();
    for (number, text) in (1..).step_by(6).zip(&texts) {
        let id = format!("toolu_{number}");
        lines.extend([
            prompt(SESSION, number, text),
            answer(SESSION, number + 1, text_block(text)),
            answer(SESSION, number + 2, text_block(text)),
            call(SESSION, number + 3, &id, text, json!({ *text: text, "list": [text] })),
            result(SESSION, number + 4, &id, text, json!({ "agentId": text })),
            line(SESSION, number + 5, json!({ "type": text, "subtype": text, "content": text })),
        ]);
    }
    let (_home, database) = database(&lines);
    let markdown = exported(&database, ExportFormat::Markdown);
    for dialect in [Options::empty(), Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES] {
        let mut folded = 0;
        for event in Parser::new_ext(&markdown, dialect) {
            if let Event::Html(html) | Event::InlineHtml(html) = event {
                assert!(is_own_html(&html), "{html:?} came about");
                folded += usize::from(html.contains("<details>"));
            }
        }
        assert_eq!(folded, markdown.matches("<details><summary>").count(), "none of ours was swallowed");
        assert!(folded >= texts.len());
    }
}

#[test]
fn the_name_of_what_is_folded_is_as_it_was_written() {
    let text = "word ".repeat(60);
    let (_home, database) = database(&[
        prompt(SESSION, 1, "go"),
        line(SESSION, 2, json!({ "type": "system", "subtype": "away_<b>", "content": text })),
    ]);
    let markdown = exported(&database, ExportFormat::Markdown);
    assert!(markdown.contains("<details><summary>system away_&lt;b&gt;</summary>"), "{markdown}");
}
