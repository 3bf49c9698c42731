use proptest::prelude::*;

use super::*;

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for_each_token(text, &mut |token| tokens.push(token.folded.into_owned()));
    tokens
}

#[test]
fn words_are_folded_and_parts_of_identifiers_are_apart() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        (" \t\n--", &[]),
        ("Hello, World", &["hello", "world"]),
        ("handle_file_event", &["handle", "file", "event"]),
        ("src/store/mod.rs:42", &["src", "store", "mod", "rs", "42"]),
        ("Crème BRÛLÉE", &["creme", "brulee"]),
        ("cre\u{300}me", &["creme"]),
        ("ﬁle ℌ ①②", &["file", "h", "12"]),
        ("İstanbul ΣΟΦΟΣ σοφος Straße", &["istanbul", "σοφοσ", "σοφοσ", "straße"]),
        ("Ｆｕｌｌ", &["full"]),
        ("½ cup", &["12", "cup"]),
        ("हिन्दी", &["हिन्दी"]),
        ("a\u{0}b 🎉 c", &["a", "b", "c"]),
        ("\u{301}x", &["x"]),
        ("naïve2Go", &["naive2go"]),
    ];
    for (text, expected) in cases {
        assert_eq!(tokens(text), *expected, "{text:?}");
    }
}

#[test]
fn cjk_runs_become_pairs_and_a_last_single_character() {
    let cases: &[(&str, &[&str])] = &[
        ("重", &["重"]),
        ("重跑", &["重跑", "跑"]),
        ("重跑gen", &["重跑", "跑", "gen"]),
        ("v2版本", &["v2", "版本", "本"]),
        ("日志，文件", &["日志", "志", "文件", "件"]),
        ("ガード", &["ガー", "ード", "ド"]),
        ("ｶﾞｰﾄﾞ", &["ガー", "ード", "ド"]),
        ("カ\u{3099}", &["ガ"]),
        ("한국어", &["한국", "국어", "어"]),
        ("𠀀𠀁", &["𠀀𠀁", "𠀁"]),
    ];
    for (text, expected) in cases {
        assert_eq!(tokens(text), *expected, "{text:?}");
    }
}

#[test]
fn long_words_are_cut_at_character_boundaries() {
    let cut = tokens(&"A".repeat(130));
    assert_eq!(cut.iter().map(String::len).collect::<Vec<_>>(), [64, 64, 2]);
    let cut = tokens(&"ж".repeat(33));
    assert_eq!(cut.iter().map(String::len).collect::<Vec<_>>(), [64, 2]);
}

#[test]
fn ranges_point_at_the_original_text() {
    let text = "see Über_Größe 重跑!";
    let mut found = Vec::new();
    for_each_token(text, &mut |token| found.push((&text[token.start..token.end], token.folded.into_owned())));
    let expected = [("see", "see"), ("Über", "uber"), ("Größe", "große"), ("重跑", "重跑"), ("跑", "跑")];
    assert_eq!(found, expected.map(|(piece, folded)| (piece, folded.to_owned())));
}

#[test]
fn the_frequent_answers_agree_with_unicode() {
    for character in (0..=0x3_ffff).filter_map(char::from_u32) {
        assert_eq!(fold::is_word(character), character.is_alphanumeric(), "{character:?}");
    }
}

proptest! {
    #[test]
    fn any_text_gives_clean_tokens_that_fold_to_themselves(text in "\\PC{0,80}|[\\x00-\\x{ffff}]{0,40}") {
        let mut end = 0;
        for_each_token(&text, &mut |token| {
            assert!(text.get(token.start..token.end).is_some_and(|piece| !piece.is_empty()));
            assert!(token.end >= end);
            end = token.end;
            assert!(!token.folded.is_empty() && token.folded.len() <= TOKEN_LIMIT);
            assert!(token.folded.bytes().all(|byte| byte >= 0x80 || byte.is_ascii_digit() || byte.is_ascii_lowercase()));
        });
    }

    #[test]
    fn a_document_has_the_tokens_of_its_text(
        text in "\\PC{0,80}|[a-zA-Z_é重跑 ]{0,200}|[a-z0]{60,200}|([a-zA-Z]{60,70}[ \\x00—\u{301}é]){0,4}",
    ) {
        let document = document(text.clone());
        let found: Vec<String> = split_by_the_index(&document).collect();
        prop_assert_eq!(&found, &tokens(&text), "{:?}", document);
        prop_assert_eq!(document.is_empty(), found.is_empty());
    }
}

/// What the tokenizer `ascii` of the index makes of a document.
fn split_by_the_index(document: &str) -> impl Iterator<Item = String> {
    let words = document.split(|character: char| character.is_ascii() && !character.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase)
}

#[test]
fn a_text_in_ascii_is_its_own_document() {
    let cases = [
        ("let x = Foo::bar_baz(\"a\\0b\");", true),
        ("x".repeat(TOKEN_LIMIT).as_str(), true),
        ("x".repeat(TOKEN_LIMIT + 1).as_str(), false),
        ("caf\u{e9}", false),
        ("*** --- ***", false),
    ]
    .map(|(text, is_own)| (text.to_owned(), is_own));
    for (text, is_own) in cases {
        assert_eq!(document(text.clone()) == text, is_own, "{text:?}");
    }
}
