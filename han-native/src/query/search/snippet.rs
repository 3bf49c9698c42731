//! Snippets: the piece of a message's text around its matches.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;

use super::terms::Term;
use crate::derive::tokens::{Token, for_each_token};
use crate::model::{MatchRange, SearchField};

/// About how many characters a snippet has.
const CHARACTERS: usize = 160;
/// No character takes more bytes than this.
const MAXIMUM_BYTES: usize = 4 * CHARACTERS;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Snippet {
    pub field: SearchField,
    pub text: String,
    pub matches: Vec<MatchRange>,
}

/// Cuts a snippet from the text with the most matches; from the first one with any text if nothing matches.
pub(super) fn cut(texts: &[(SearchField, String)], terms: &[Term]) -> Option<Snippet> {
    let finder = Finder::new(terms);
    let mut best: Option<(SearchField, &str, Vec<Match>)> = None;
    for (field, text) in texts.iter().filter(|(_, text)| text.chars().any(|character| !is_blank(character))) {
        let matches = finder.find(text);
        if best.as_ref().is_none_or(|(_, _, most)| matches.len() > most.len()) {
            best = Some((*field, text, matches));
        }
    }
    let (field, text, matches) = best?;
    let window = window(text, &matches);
    let (text, matches) = render(text, window, &matches);
    Some(Snippet { field, text, matches })
}

/// Where a term was found, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Match {
    range: Range<usize>,
    term: usize,
}

/// Finds terms in texts, in one pass through their tokens.
struct Finder<'t> {
    terms: &'t [Term],
    /// The terms by the token that ends them.
    whole: HashMap<&'t str, Vec<usize>>,
    prefixes: Vec<(&'t str, usize)>,
    longest: usize,
}

impl<'t> Finder<'t> {
    fn new(terms: &'t [Term]) -> Finder<'t> {
        let mut finder = Finder { terms, whole: HashMap::new(), prefixes: Vec::new(), longest: 1 };
        for (index, term) in terms.iter().enumerate() {
            let Some(last) = term.tokens.last() else { continue };
            finder.longest = finder.longest.max(term.tokens.len());
            match term.is_prefix {
                true => finder.prefixes.push((last, index)),
                false => finder.whole.entry(last).or_default().push(index),
            }
        }
        finder
    }

    /// Every place of every term, in the order in which they end.
    fn find(&self, text: &str) -> Vec<Match> {
        let mut matches = Vec::new();
        let mut recent: VecDeque<(usize, Cow<'_, str>)> = VecDeque::with_capacity(self.longest);
        for_each_token(text, &mut |token: Token<'_>| {
            let (start, end) = (token.start, token.end);
            if recent.len() == self.longest {
                recent.pop_front();
            }
            recent.push_back((start, token.folded));
            let Some((_, folded)) = recent.back() else { return };
            let whole = self.whole.get(folded.as_ref()).into_iter().flatten().copied();
            let prefixes = self.prefixes.iter().filter(|(prefix, _)| folded.starts_with(prefix)).map(|(_, term)| *term);
            for term in whole.chain(prefixes) {
                let tokens = &self.terms[term].tokens;
                let Some(first) = recent.len().checked_sub(tokens.len()) else { continue };
                let before = tokens.len() - 1;
                if !recent.range(first..first + before).map(|(_, token)| token.as_ref()).eq(tokens[..before].iter()) {
                    continue;
                }
                // A single character that begins a pair: the other one was not asked for.
                let is_half = self.terms[term].is_prefix && tokens[before].chars().nth(1).is_none();
                let end = match text[start..end].chars().next() {
                    Some(character) if is_half => start + character.len_utf8(),
                    _ => end,
                };
                matches.push(Match { range: recent[first].0..end, term });
            }
        });
        matches
    }
}

/// The stretch of the text that shows the most different terms; the first such one.
fn window(text: &str, matches: &[Match]) -> Range<usize> {
    let mut ordered: Vec<&Match> = matches.iter().collect();
    ordered.sort_by_key(|found| (found.range.start, found.range.end));
    let all = ordered.iter().map(|found| found.term).collect::<HashSet<_>>().len();
    let mut best: (usize, Option<Range<usize>>) = (0, None);
    for (index, first) in ordered.iter().enumerate() {
        let mut shown = HashSet::from([first.term]);
        let mut stretch = first.range.clone();
        let mut length = text[stretch.clone()].chars().count();
        for found in &ordered[index + 1..] {
            let beyond = &text[stretch.end..found.range.end.max(stretch.end)];
            length += if beyond.len() > MAXIMUM_BYTES { CHARACTERS + 1 } else { beyond.chars().count() };
            if length > CHARACTERS {
                break;
            }
            stretch.end += beyond.len();
            shown.insert(found.term);
        }
        if shown.len() > best.0 {
            best = (shown.len(), Some(stretch));
        }
        if best.0 == all {
            break;
        }
    }
    let start = text.find(|character| !is_blank(character)).unwrap_or(0);
    widen(text, best.1.unwrap_or(start..start))
}

/// Fills a stretch up to the length of a snippet, with whole words on both sides.
fn widen(text: &str, core: Range<usize>) -> Range<usize> {
    let length = text[core.clone()].chars().take(CHARACTERS + 1).count();
    let Some(spare) = CHARACTERS.checked_sub(length) else {
        return core.start..core.start + bytes_of(text[core.start..].chars(), CHARACTERS);
    };
    let behind_all = text[core.end..].chars().take(spare).count();
    // Somewhat more in front where there is little after, and the other way around.
    let before = text[..core.start].chars().rev().take(spare - behind_all.min(spare - spare / 3)).count();
    let start = core.start - bytes_of(text[..core.start].chars().rev(), before);
    let end = core.end + bytes_of(text[core.end..].chars(), spare - before);
    let start = match text[..start].chars().next_back() {
        Some(character) if !is_blank(character) => {
            text[start..core.start].char_indices().find(|(_, c)| is_blank(*c)).map_or(start, |(at, _)| start + at)
        }
        _ => start,
    };
    let end = match text[end..].chars().next() {
        Some(character) if !is_blank(character) => {
            text[core.end..end].char_indices().rfind(|(_, c)| is_blank(*c)).map_or(end, |(at, _)| core.end + at)
        }
        _ => end,
    };
    // Nothing but blanks would be left of a text without matches whose first word is very long.
    if start == end { core.start..core.end + bytes_of(text[core.end..].chars(), spare) } else { start..end }
}

fn bytes_of(characters: impl Iterator<Item = char>, count: usize) -> usize {
    characters.take(count).map(char::len_utf8).sum()
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// The stretch as it is shown, blanks collapsed, and the matches in it, overlapping ones joined.
fn render(text: &str, window: Range<usize>, matches: &[Match]) -> (String, Vec<MatchRange>) {
    let mut ranges: Vec<Range<usize>> = matches
        .iter()
        .map(|found| found.range.start.max(window.start)..found.range.end.min(window.end))
        .filter(|range| !range.is_empty())
        .collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, previous| {
        let overlaps = next.start < previous.end;
        if overlaps {
            previous.end = previous.end.max(next.end);
        }
        overlaps
    });

    let is_cut = |outside: &str| outside.chars().any(|character| !is_blank(character));
    let mut shown = Shown::default();
    if is_cut(&text[..window.start]) {
        shown.push('…');
    }
    let mut marks = Vec::with_capacity(ranges.len());
    let mut pending = ranges.into_iter().peekable();
    let mut opened = None;
    let mut is_blank_due = false;
    for (offset, character) in text[window.clone()].char_indices() {
        let at = window.start + offset;
        if let (Some(start), Some(range)) = (opened, pending.peek())
            && range.end <= at
        {
            marks.push(MatchRange { start, end: shown.units });
            opened = None;
            pending.next();
        }
        if is_blank(character) {
            is_blank_due = true;
            continue;
        }
        if std::mem::take(&mut is_blank_due) && !shown.text.is_empty() && shown.text != "…" {
            shown.push(' ');
        }
        if opened.is_none() && pending.peek().is_some_and(|range| range.start <= at) {
            opened = Some(shown.units);
        }
        shown.push(character);
    }
    if let Some(start) = opened {
        marks.push(MatchRange { start, end: shown.units });
    }
    if is_cut(&text[window.end..]) {
        shown.push('…');
    }
    (shown.text, marks)
}

/// A text, and how long it is in UTF-16 code units.
#[derive(Default)]
struct Shown {
    text: String,
    units: i64,
}

impl Shown {
    fn push(&mut self, character: char) {
        self.text.push(character);
        self.units += character.len_utf16() as i64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::search::plain;
    use proptest::prelude::*;

    /// The snippet with its matches in brackets.
    fn marked(text: &str, query: &str) -> String {
        let snippet = cut(&[(SearchField::User, text.into())], &plain::terms(query)).unwrap();
        let units: Vec<u16> = snippet.text.encode_utf16().collect();
        let mut marked = String::new();
        let mut at = 0;
        for range in &snippet.matches {
            let (start, end) = (range.start as usize, range.end as usize);
            marked.push_str(&String::from_utf16(&units[at..start]).unwrap());
            marked.push_str(&format!("[{}]", String::from_utf16(&units[start..end]).unwrap()));
            at = end;
        }
        marked + &String::from_utf16(&units[at..]).unwrap()
    }

    #[test]
    fn matches_are_shown() {
        let cases = [
            ("The red fox", "red", "The [red] fox"),
            ("The redder fox", "red", "The [redder] fox"),
            ("The redder fox", "red fox", "The redder [fox]"),
            ("red\n\n  green\tblue", r#""green blue""#, "red [green blue]"),
            ("call handle_file_event(x)", "handle_file_event", "call [handle_file_event](x)"),
            ("🦊 says Füchse", "füchse", "🦊 says [Füchse]"),
            ("关于版本控制的说明", "版本控制", "关于[版本控制]的说明"),
            ("关于版本控制的说明", "控", "关于版本[控]制的说明"),
            ("nothing here", "absent", "nothing here"),
            ("red red", "red", "[red] [red]"),
        ];
        for (text, query, expected) in cases {
            assert_eq!(marked(text, query), expected, "{query} in {text}");
        }
    }

    #[test]
    fn long_texts_are_cut_at_words() {
        let text = format!("{}needle {}", "before ".repeat(100), "after ".repeat(100));
        let snippet = marked(&text, "needle");
        assert!(snippet.starts_with("…before before") && snippet.ends_with("after after…"), "{snippet}");
        assert!(snippet.contains(" [needle] "), "{snippet}");
        assert!((120..=170).contains(&snippet.chars().count()), "{snippet}");

        let edge = marked(&format!("{}needle", "before ".repeat(100)), "needle");
        assert!(edge.starts_with('…') && edge.ends_with("[needle]") && edge.chars().count() > 120, "{edge}");
    }

    #[test]
    fn the_stretch_with_the_most_different_terms_is_shown() {
        let filler = "filler ".repeat(60);
        let text = format!("red red red {filler} red and green {filler} green green");
        assert!(marked(&text, "red green").contains("[red] and [green]"));
    }

    #[test]
    fn the_field_with_the_most_matches_is_chosen() {
        let texts = [(SearchField::User, "red".to_owned()), (SearchField::ToolOutput, "red red".to_owned())];
        assert_eq!(cut(&texts, &plain::terms("red")).unwrap().field, SearchField::ToolOutput);
        assert_eq!(cut(&texts, &plain::terms("blue")).unwrap().field, SearchField::User);
        assert_eq!(cut(&[(SearchField::User, " \n ".to_owned())], &plain::terms("red")), None);
    }

    #[test]
    fn a_word_longer_than_a_snippet_is_cut() {
        let word = "x".repeat(1_000);
        assert_eq!(marked(&word, &word), format!("[{}]…", "x".repeat(CHARACTERS)));
        assert_eq!(marked(&word, "absent"), format!("{}…", "x".repeat(CHARACTERS)));
    }

    proptest! {
        #[test]
        fn offsets_lie_in_the_snippet_and_in_order(text in r"([a-c ]{0,6}|版本控|🦊|\PC|\n){0,80}", query in r"[a-c版本 ]{1,6}") {
            let Some(snippet) = cut(&[(SearchField::User, text.clone())], &plain::terms(&query)) else {
                prop_assert!(text.chars().all(is_blank));
                return Ok(());
            };
            prop_assert!(!snippet.text.is_empty());
            let length = snippet.text.encode_utf16().count() as i64;
            let mut at = 0;
            for range in &snippet.matches {
                prop_assert!(at <= range.start && range.start < range.end && range.end <= length);
                at = range.end;
            }
        }
    }
}
