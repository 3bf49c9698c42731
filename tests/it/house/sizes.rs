//! No file is too long to be read in one sitting.

use super::assert_none;
use super::source::{files, root};

const LIMIT: usize = 600;
/// Written by programs.
const GENERATED: [&str; 6] =
    ["Cargo.lock", "package-lock.json", "index.d.ts", "han.h", "han-ffi/src/operations.rs", "_operations.py"];
const OURS: [&str; 17] =
    ["rs", "ts", "tsx", "mts", "cts", "js", "mjs", "cjs", "sql", "py", "c", "cc", "cpp", "h", "sh", "css", "md"];

#[test]
fn no_file_is_longer_than_the_limit() {
    let mut violations = Vec::new();
    let mut count = 0;
    for path in files(&root()) {
        let is_ours = path.extension().is_some_and(|extension| OURS.iter().any(|ours| extension == *ours));
        if !is_ours || GENERATED.iter().any(|generated| path.to_str().unwrap().ends_with(generated)) {
            continue;
        }
        count += 1;
        let lines = std::fs::read(&path).unwrap().split(|byte| *byte == b'\n').count();
        if lines > LIMIT {
            violations.push(format!("{}: {lines} lines", path.strip_prefix(root()).unwrap().display()));
        }
    }
    assert!(count > 50, "only {count} files were found");
    assert_none("no file of ours is longer than 600 lines", &violations);
}
