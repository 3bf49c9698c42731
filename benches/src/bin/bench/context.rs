//! What the questions share: the transcripts, and a database of them.

use std::path::{Path, PathBuf};

use han_benches::Generator;
use han_native::{Han, OpenOptions, ScanOptions};

use crate::Result;
use crate::arguments::Arguments;

pub(crate) struct Context {
    folder: tempfile::TempDir,
    pub(crate) config_dir: PathBuf,
    pub(crate) seed: u64,
    pub(crate) large: bool,
    /// How many messages the large database has.
    pub(crate) messages: Option<i64>,
    is_generated: bool,
    indexed: Option<Indexed>,
    folders: usize,
}

/// A database of all transcripts.
#[derive(Debug, Clone)]
pub(crate) struct Indexed {
    pub(crate) database: PathBuf,
    pub(crate) transcript_bytes: i64,
    pub(crate) messages: i64,
}

impl Context {
    pub(crate) fn new(arguments: &Arguments) -> Result<Context> {
        let folder = tempfile::Builder::new().prefix("han-bench-").tempdir()?;
        let corpus = std::env::var_os("HAN_CORPUS").filter(|path| !path.is_empty()).map(PathBuf::from);
        let is_generated = corpus.is_none();
        let config_dir = match corpus {
            Some(path) if path.join("projects").is_dir() => path,
            Some(path) => return Err(format!("HAN_CORPUS: there is no folder {}/projects", path.display()).into()),
            None => {
                let path = folder.path().join("claude");
                Generator::new(arguments.seed).config_dir(&path, arguments.bytes)?;
                path
            }
        };
        let &Arguments { seed, large, messages, .. } = arguments;
        Ok(Context { folder, config_dir, seed, large, messages, is_generated, indexed: None, folders: 0 })
    }

    /// An empty folder that lives until the end.
    pub(crate) fn new_folder(&mut self) -> Result<PathBuf> {
        self.folders += 1;
        let path = self.folder.path().join(self.folders.to_string());
        std::fs::create_dir(&path)?;
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(path)
    }

    /// The database of all transcripts, closed.
    pub(crate) fn indexed(&mut self) -> Result<Indexed> {
        if let Some(indexed) = &self.indexed {
            return Ok(indexed.clone());
        }
        let database = self.new_folder()?.join("han.db");
        let han = open(&database, &self.config_dir)?;
        han.scan(ScanOptions::default())?;
        let stats = han.stats()?;
        han.close();
        let indexed = Indexed { database, transcript_bytes: stats.transcript_bytes, messages: stats.messages };
        self.indexed = Some(indexed.clone());
        Ok(indexed)
    }

    /// A copy of that database that may be written to.
    pub(crate) fn copy_of_indexed(&mut self) -> Result<PathBuf> {
        let original = self.indexed()?.database;
        let copy = self.new_folder()?.join("han.db");
        std::fs::copy(original, &copy)?;
        Ok(copy)
    }

    /// What the measurement ran on.
    pub(crate) fn describe(&self) -> String {
        let source = match self.is_generated {
            true => format!("generated, seed {}", self.seed),
            false => self.config_dir.display().to_string(),
        };
        match &self.indexed {
            Some(indexed) => format!(
                "{source}: {:.1} MB of transcripts, {} messages",
                indexed.transcript_bytes as f64 / 1e6,
                indexed.messages
            ),
            None => source,
        }
    }
}

/// Opens a database for the transcripts of one config dir.
pub(crate) fn open(database: &Path, config_dir: &Path) -> Result<Han> {
    let options = OpenOptions {
        data_dir: database.parent().map(Path::to_owned),
        db_path: Some(database.to_owned()),
        config_dirs: Some(vec![config_dir.to_owned()]),
        ..OpenOptions::default()
    };
    Ok(Han::open(options)?)
}

/// The bytes of a database and its log.
pub(crate) fn database_bytes(database: &Path) -> u64 {
    let length = |suffix: &str| {
        let mut path = database.as_os_str().to_owned();
        path.push(suffix);
        std::fs::metadata(PathBuf::from(path)).map_or(0, |metadata| metadata.len())
    };
    length("") + length("-wal")
}
