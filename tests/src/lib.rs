//! Black-box tests of han-native; the tests are in `it/`. This is what its programs share with them.

use han_native::Embedder;

/// An embedder that counts letters: texts that share many are close. It refuses the text "poison". The runners of the other
/// languages have the same.
#[derive(Debug, Clone, Copy, Default)]
pub struct Letters;

impl Letters {
    /// The vector of a text.
    pub fn vector(text: &str) -> Vec<f32> {
        let mut counts = vec![0.125; 26];
        text.bytes().filter(u8::is_ascii_lowercase).for_each(|byte| counts[usize::from(byte - b'a')] += 1.0);
        counts
    }
}

impl Embedder for Letters {
    fn model(&self) -> &str {
        "letters"
    }

    fn dimensions(&self) -> usize {
        26
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, String> {
        match texts.iter().find(|text| **text == "poison") {
            Some(text) => Err(format!("cannot read {text:?}")),
            None => Ok(texts.iter().map(|text| Letters::vector(text)).collect()),
        }
    }
}
