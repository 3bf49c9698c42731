//! Texts that want to be more than text.

use han_native::model::ExportFormat;
use scraper::{Html, Node, Selector};
use serde_json::json;

use super::{answer, call, database, exported, line, prompt, result};

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
fn hostile_text_stays_text_wherever_it_stands() {
    for hostile in HOSTILE {
        let lines = [
            prompt(1, hostile),
            answer(2, json!({ "type": "text", "text": hostile })),
            answer(3, json!({ "type": "thinking", "thinking": hostile })),
            call(4, "toolu_1", hostile, json!({ hostile: hostile, "list": [hostile] })),
            result(5, "toolu_1", hostile, json!({ "agentId": hostile })),
            line(6, json!({ "type": "custom-title", "customTitle": hostile })),
            line(7, json!({ "type": hostile, "subtype": hostile, "content": hostile })),
            line(
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
        let expected: String = hostile
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
        prompt(1, "go"),
        call(2, "toolu_1", "Bash", json!({ "command": inner })),
        result(3, "toolu_1", inner, json!({})),
    ];
    let (_home, database) = database(&lines);
    let markdown = exported(&database, ExportFormat::Markdown);
    let fence = "``````";
    assert_eq!(markdown.matches(&format!("{fence}text\n{inner}\n{fence}\n")).count(), 2, "{markdown}");
}
