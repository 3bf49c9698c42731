//! Running text: sentences, prompts, thoughts, lists, a little Chinese.

use super::code::Names;
use super::random::Random;
use super::vocabulary::{HAN, VOCABULARY};

/// About `length` bytes of paragraphs; `names` are mentioned here and there, and the project's phrases recur.
pub(crate) fn paragraphs(random: &mut Random, length: usize, names: &Names) -> String {
    let mut text = String::with_capacity(length + 80);
    loop {
        sentence(random, names, &mut text);
        if text.len() >= length {
            return text;
        }
        text.push_str(random.weighted(&[(" ", 0.75), ("\n\n", 0.15), ("\n- ", 0.1)]));
    }
}

/// One sentence of any length.
pub(crate) fn sentence(random: &mut Random, names: &Names, text: &mut String) {
    let pieces = random.between(3, 12);
    let start = text.len();
    for index in 0..pieces {
        if index > 0 {
            text.push_str(if random.chance(0.06) { ", " } else { " " });
        }
        if random.chance(0.3) {
            text.push_str(names.phrase(random));
        } else if random.chance(0.1) {
            text.push('`');
            text.push_str(names.identifier(random));
            text.push('`');
        } else {
            text.push_str(VOCABULARY.word(random));
        }
    }
    text[start..=start].make_ascii_uppercase();
    text.push(if random.chance(0.08) { '?' } else { '.' });
}

/// A prompt as a person types it: about `length` bytes, lower case, in Chinese now and then.
pub(crate) fn prompt(random: &mut Random, length: usize, names: &Names) -> String {
    if random.chance(0.05) {
        return han(random, (length / 3).max(4));
    }
    let mut text = String::with_capacity(length + 80);
    while text.len() < length.max(3) {
        if !text.is_empty() {
            text.push_str(if random.chance(0.1) { "\n" } else { " " });
        }
        if random.chance(0.05) {
            text.push_str(names.identifier(random));
        } else if random.chance(0.1) {
            text.push_str(names.phrase(random));
        } else {
            text.push_str(VOCABULARY.word(random));
        }
    }
    text
}

/// A few words, as in a title or a description.
pub(crate) fn title(random: &mut Random, words: i64) -> String {
    let mut text = String::new();
    for index in 0..words {
        if index > 0 {
            text.push(' ');
        }
        text.push_str(if random.chance(0.4) { VOCABULARY.programming(random) } else { VOCABULARY.word(random) });
    }
    text[..1].make_ascii_uppercase();
    text
}

fn han(random: &mut Random, characters: usize) -> String {
    let all: Vec<char> = HAN.chars().collect();
    let mut text = String::new();
    for index in 0..characters {
        if index > 0 && index % 9 == 0 {
            text.push('，');
        }
        text.push(all[random.below(all.len())]);
    }
    text.push('。');
    text
}
