//! Texts that look like source files and like the output of programs.

use super::random::Random;
use super::vocabulary::VOCABULARY;

/// A template of one line. `$i` an identifier, `$T` a type, `$w` a word, `$n` a number, `$s` a few words.
type Line = &'static str;

const RUST: &[Line] = &[
    "use crate::$w::{$i, $T};",
    "pub fn $i(&self, $i: &$T) -> Result<$T, Error> {",
    "    let $i = self.$i.$i($i)?;",
    "    let mut $i = Vec::with_capacity($n);",
    "    for ($i, $i) in $i.iter().enumerate() {",
    "        if $i.is_empty() || $i.len() > $n {",
    "            return Err(Error::$T { $i, $i });",
    "        }",
    "        $i.push($T::new($i, $i.$i()));",
    "    }",
    "    Ok($i)",
    "}",
    "",
    "/// $s",
    "    // $s",
    "#[derive(Debug, Clone)]",
    "pub struct $T {",
    "    $i: Option<$T>,",
    "    assert_eq!($i.$i(), $n, \"$s\");",
    "        $T::$T => self.$i($i),",
];
const TYPESCRIPT: &[Line] = &[
    "import { $i, $T } from './$w/$w';",
    "export async function $i($i: $T, options: $T = {}): Promise<$T> {",
    "  const $i = await this.$i.$i($i, { $i: $n });",
    "  if (!$i || $i.length === $n) {",
    "    throw new $T(`$s ${$i}`);",
    "  }",
    "  return $i.map(($i) => ({ ...$i, $i: $i.$i }));",
    "}",
    "",
    "  // $s",
    "export interface $T {",
    "  $i?: $T;",
    "  it('$s', async () => {",
    "    expect(await $i($i)).toEqual($n);",
    "  });",
    "  logger.debug('$s', { $i, $i });",
];
const PYTHON: &[Line] = &[
    "from $w.$w import $i, $T",
    "class $T:",
    "    def $i(self, $i: $T, $i=None) -> $T:",
    "        \"\"\"$s\"\"\"",
    "        if $i is None or len($i) < $n:",
    "            raise ValueError(f\"$s {$i}\")",
    "        self.$i = [$i.$i for $i in $i if $i.$i != $n]",
    "        return self.$i($i)",
    "",
    "    # $s",
    "def test_$i($i):",
    "    assert $i.$i($n) == $i",
];
const MARKDOWN: &[Line] = &["# $s", "", "$s. $s.", "- $s", "- `$i`: $s", "| $i | $n | $s |", "    $i --$w $n"];
const CONFIG: &[Line] = &["[$w.$w]", "$i = \"$w\"", "$i = $n", "$i = [\"$w\", \"$w\"]", "", "# $s"];

const TEST_RUN: &[Line] = &[
    "test $w::$i ... ok",
    "test $w::$w::$i ... ok",
    " ✓ $w/$w.test.ts > $s ($n ms)",
    "--- PASS: Test$T (0.$ns)",
    "   Compiling $w v0.$n.$n",
];
const LISTING: &[Line] = &[
    "src/$w/$i.rs",
    "./packages/$w/src/$i.ts",
    "-rw-r--r--  1 $w staff $n Jan $n 10:$n $i.py",
    "drwxr-xr-x  5 $w staff $n Feb $n 09:$n $w",
];
const HISTORY: &[Line] = &["$h $w: $s", "$h Merge branch '$w/$i'", " src/$w/$i.rs | $n +++++---"];
const LOG: &[Line] = &[
    "2025-11-$n 10:$n:$n INFO  $w::$w: $s $i=$n",
    "2025-11-$n 10:$n:$n DEBUG $w::$i: $s",
    "warning: unused variable: `$i`",
    "  --> src/$w/$i.rs:$n:$n",
    "error[E0$n]: $s",
    "    at $i ($w/$i.js:$n:$n)",
];
const FOUND: &[Line] =
    &["src/$w/$i.rs:$n:    let $i = self.$i($i)?;", "src/$w/$i.ts:$n:  $i: $T;", "lib/$w.py:$n:def $i($i):"];

/// The share of lines that repeat an earlier line of the same text.
const REPEATED_LINES: f64 = 0.3;

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Rust,
    TypeScript,
    Python,
    Markdown,
    Config,
}

impl Language {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Language::Rust => "rs",
            Language::TypeScript => "ts",
            Language::Python => "py",
            Language::Markdown => "md",
            Language::Config => "toml",
        }
    }

    fn lines(self) -> &'static [Line] {
        match self {
            Language::Rust => RUST,
            Language::TypeScript => TYPESCRIPT,
            Language::Python => PYTHON,
            Language::Markdown => MARKDOWN,
            Language::Config => CONFIG,
        }
    }
}

/// Names of a project's things and phrases about them, the common ones first.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) identifiers: Vec<String>,
    types: Vec<String>,
    words: Vec<String>,
    phrases: Vec<String>,
}

impl Names {
    /// The names of a whole project.
    pub(crate) fn new(random: &mut Random) -> Names {
        let phrase = |random: &mut Random| {
            let words: Vec<&str> = (0..random.between(3, 7)).map(|_| VOCABULARY.word(random)).collect();
            words.join(" ")
        };
        Names {
            identifiers: (0..500).map(|_| identifier(random)).collect(),
            types: (0..120).map(|_| type_name(random)).collect(),
            words: (0..120).map(|_| VOCABULARY.programming(random).to_owned()).collect(),
            phrases: (0..600).map(|_| phrase(random)).collect(),
        }
    }

    /// The few of them that one file or one command is about.
    fn local(&self, random: &mut Random) -> Names {
        let mut some = |all: &[String], count: usize| -> Vec<String> {
            (0..count).map(|_| all[skewed(random, all.len())].clone()).collect()
        };
        Names {
            identifiers: some(&self.identifiers, 26),
            types: some(&self.types, 8),
            words: some(&self.words, 8),
            phrases: some(&self.phrases, 12),
        }
    }

    pub(crate) fn identifier(&self, random: &mut Random) -> &str {
        &self.identifiers[skewed(random, self.identifiers.len())]
    }

    pub(crate) fn phrase(&self, random: &mut Random) -> &str {
        &self.phrases[skewed(random, self.phrases.len())]
    }

    fn type_name(&self, random: &mut Random) -> &str {
        &self.types[skewed(random, self.types.len())]
    }

    fn word(&self, random: &mut Random) -> &str {
        &self.words[skewed(random, self.words.len())]
    }
}

/// Low indexes come up far more often than high ones.
fn skewed(random: &mut Random, count: usize) -> usize {
    let share = f64::from(random.word()) / (f64::from(u32::MAX) + 1.0);
    (share * share * share * count as f64) as usize
}

fn identifier(random: &mut Random) -> String {
    let mut name = VOCABULARY.programming(random).to_owned();
    if random.chance(0.7) {
        name.push('_');
        name.push_str(if random.chance(0.5) { VOCABULARY.built(random) } else { VOCABULARY.programming(random) });
    }
    name
}

fn type_name(random: &mut Random) -> String {
    let mut name = String::new();
    for _ in 0..2 {
        let start = name.len();
        name.push_str(if random.chance(0.7) { VOCABULARY.programming(random) } else { VOCABULARY.built(random) });
        name[start..=start].make_ascii_uppercase();
    }
    name
}

/// About `length` bytes of a source file.
pub(crate) fn source(random: &mut Random, language: Language, names: &Names, length: usize) -> String {
    fill(random, language.lines(), names, length)
}

/// About `length` bytes of what a command prints.
pub(crate) fn output(random: &mut Random, names: &Names, length: usize) -> String {
    let lines = random.weighted(&[(TEST_RUN, 0.25), (LISTING, 0.2), (HISTORY, 0.15), (LOG, 0.25), (FOUND, 0.15)]);
    fill(random, lines, names, length)
}

/// About `length` bytes of lines found in files.
pub(crate) fn found(random: &mut Random, names: &Names, length: usize) -> String {
    fill(random, FOUND, names, length)
}

/// A command as it is typed into a shell.
pub(crate) fn command(random: &mut Random, names: &Names, folder: &str, length: usize) -> String {
    const STARTS: &[&str] = &[
        "cargo test -p $w $i",
        "git diff --stat",
        "git log --oneline -$n",
        "ls -la src/$w",
        "npm run $w",
        "grep -rn '$i' src/$w | head -$n",
        "python3 scripts/$w.py --$w $n",
        "cat src/$w/$i.rs",
        "rg $i --type ts",
        "mise run $w 2>&1 | tail -$n",
    ];
    let mut text = String::new();
    if random.chance(0.25) {
        text.push_str("cd ");
        text.push_str(folder);
        text.push_str(" && ");
    }
    let start = random.pick(STARTS);
    line(random, start, names, &mut text);
    while text.len() < length {
        text.push_str(if random.chance(0.5) { " && " } else { "\n" });
        let more = random.pick(STARTS);
        line(random, more, names, &mut text);
    }
    text
}

fn fill(random: &mut Random, lines: &[Line], names: &Names, length: usize) -> String {
    let names = names.local(random);
    let mut text = String::with_capacity(length + 80);
    // Where the lines so far start: some of them are repeated, as in every source file and every log.
    let mut starts = Vec::new();
    while text.len() < length {
        if !text.is_empty() {
            text.push('\n');
        }
        let start = text.len();
        if !starts.is_empty() && random.chance(REPEATED_LINES) {
            let again: usize = starts[random.below(starts.len())];
            let end = text[again..].find('\n').map_or(start, |length| again + length);
            text.extend_from_within(again..end);
        } else {
            let template = random.pick(lines);
            line(random, template, &names, &mut text);
            starts.push(start);
        }
    }
    text
}

fn line(random: &mut Random, template: &str, names: &Names, text: &mut String) {
    let mut pieces = template.split('$');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match piece.as_bytes().first() {
            Some(b'i') => text.push_str(names.identifier(random)),
            Some(b'T') => text.push_str(names.type_name(random)),
            Some(b'w') => text.push_str(names.word(random)),
            Some(b'n') => text.push_str(&random.between(1, 60).to_string()),
            Some(b'h') => text.push_str(&random.hex(7)),
            Some(b's') if random.chance(0.7) => text.push_str(names.phrase(random)),
            Some(b's') => {
                for index in 0..random.between(3, 6) {
                    if index > 0 {
                        text.push(' ');
                    }
                    text.push_str(VOCABULARY.word(random));
                }
            }
            _ => {
                text.push('$');
                text.push_str(piece);
                continue;
            }
        }
        text.push_str(&piece[1..]);
    }
}
