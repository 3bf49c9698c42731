//! A project that sessions work on: its place and its source files, which change as they are edited.

use super::code::{self, Language, Names};
use super::era::FILE_BYTES;
use super::random::Random;
use super::vocabulary::VOCABULARY;

#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) cwd: String,
    pub(crate) branch: String,
    pub(crate) names: Names,
    pub(crate) files: Vec<SourceFile>,
}

/// One file; its content is generated on first use.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    pub(crate) path: String,
    language: Language,
    lines: Vec<String>,
}

impl Project {
    pub(crate) fn new(random: &mut Random) -> Project {
        const USERS: &[&str] = &["/Users/dana", "/home/robin", "/home/kim", "/Users/j.doe"];
        let mut cwd =
            format!("{}/{}/", random.pick(USERS), random.pick(&["code", "work", "src", "Desktop/my_projects"]));
        if random.chance(0.05) {
            cwd.push_str("项目");
        } else {
            let separator = random.pick(&["-", "_", "."]);
            cwd.push_str(VOCABULARY.built(random));
            cwd.push_str(separator);
            cwd.push_str(VOCABULARY.programming(random));
        }
        if random.chance(0.1) {
            cwd.push_str("/.worktrees/");
            cwd.push_str(VOCABULARY.built(random));
        }
        let names = Names::new(random);
        let count = random.between(20, 70);
        let files = (0..count).map(|_| SourceFile::new(random, &cwd, &names)).collect();
        let branch = if random.chance(0.4) {
            "main".to_owned()
        } else {
            format!("{}/{}-{}", VOCABULARY.programming(random), VOCABULARY.word(random), VOCABULARY.built(random))
        };
        Project { cwd, branch, names, files }
    }

    /// The name of its folder below `projects/`: every character that is not an ASCII letter or digit becomes `-`.
    pub(crate) fn slug(&self) -> String {
        slug_of(&self.cwd)
    }

    pub(crate) fn add_file(&mut self, random: &mut Random) -> usize {
        let file = SourceFile::new(random, &self.cwd, &self.names);
        self.files.push(file);
        self.files.len() - 1
    }

    /// A file to work on; some are touched far more often than others.
    pub(crate) fn pick_file(&self, random: &mut Random) -> usize {
        random.below(self.files.len()).min(random.below(self.files.len()))
    }

    /// The lines of a file.
    pub(crate) fn lines(&mut self, random: &mut Random, index: usize) -> &mut Vec<String> {
        let file = &mut self.files[index];
        if file.lines.is_empty() {
            let length = random.quantile(FILE_BYTES);
            let text = code::source(random, file.language, &self.names, length.max(1));
            file.lines = text.split('\n').map(str::to_owned).collect();
        }
        &mut file.lines
    }
}

impl SourceFile {
    fn new(random: &mut Random, cwd: &str, names: &Names) -> SourceFile {
        let language = random.weighted(&[
            (Language::Rust, 0.3),
            (Language::TypeScript, 0.35),
            (Language::Python, 0.2),
            (Language::Markdown, 0.1),
            (Language::Config, 0.05),
        ]);
        let folder = VOCABULARY.programming(random);
        let name = &names.identifiers[random.below(names.identifiers.len())];
        let path = format!("{cwd}/src/{folder}/{name}.{}", language.extension());
        SourceFile { path, language, lines: Vec::new() }
    }
}

/// The folder name of a working directory.
pub(crate) fn slug_of(cwd: &str) -> String {
    cwd.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).collect()
}
