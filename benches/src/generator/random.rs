use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Points of a distribution: (share of the values at most this large, the value), by rising share.
pub(crate) type Quantiles = &'static [(f64, f64)];

/// The only source of randomness: the same seed and stream give the same values on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    /// Streams of one seed are independent of each other.
    pub(crate) fn new(seed: u64, stream: u64) -> Random {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(stream);
        Random(source)
    }

    /// A source of its own, so that what it is used for does not shift what comes after.
    pub(crate) fn split(&mut self) -> Random {
        Random::new(self.0.next_u64(), 0)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound as u64) as usize
    }

    /// Both bounds are possible.
    pub(crate) fn between(&mut self, least: i64, greatest: i64) -> i64 {
        self.0.random_range(least..=greatest)
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.0.random_bool(probability)
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    pub(crate) fn weighted<T: Copy>(&mut self, choices: &[(T, f64)]) -> T {
        let total: f64 = choices.iter().map(|choice| choice.1).sum();
        let mut rest = self.0.random_range(0.0..total);
        for (choice, weight) in choices {
            rest -= weight;
            if rest < 0.0 {
                return *choice;
            }
        }
        choices[choices.len() - 1].0
    }

    /// A value of the distribution; between two points it is log-linear, as sizes are.
    pub(crate) fn quantile(&mut self, points: Quantiles) -> usize {
        let share = self.0.random_range(points[0].0..points[points.len() - 1].0);
        let above = points.partition_point(|point| point.0 <= share).min(points.len() - 1);
        let (low, high) = (points[above - 1], points[above]);
        let way = (share - low.0) / (high.0 - low.0);
        let value = (low.1 + 1.0).ln() * (1.0 - way) + (high.1 + 1.0).ln() * way;
        (value.exp() - 1.0).round() as usize
    }

    pub(crate) fn word(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A version 4 UUID in its usual spelling.
    pub(crate) fn uuid(&mut self) -> String {
        let mut bytes = [0u8; 16];
        self.0.fill_bytes(&mut bytes);
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let mut text = String::with_capacity(36);
        for (index, byte) in bytes.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            push_hex(&mut text, *byte);
        }
        text
    }

    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 1);
        while text.len() < digits {
            push_hex(&mut text, self.0.next_u32() as u8);
        }
        text.truncate(digits);
        text
    }

    pub(crate) fn base62(&mut self, length: usize) -> String {
        const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        (0..length).map(|_| char::from(DIGITS[self.below(62)])).collect()
    }

    pub(crate) fn base64(&mut self, length: usize) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::with_capacity(length + 5);
        while text.len() < length {
            let word = self.0.next_u32();
            for shift in [0, 6, 12, 18, 24] {
                text.push(char::from(DIGITS[(word >> shift & 63) as usize]));
            }
        }
        text.truncate(length);
        text
    }
}

fn push_hex(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    text.push(char::from(DIGITS[usize::from(byte >> 4)]));
    text.push(char::from(DIGITS[usize::from(byte & 15)]));
}
