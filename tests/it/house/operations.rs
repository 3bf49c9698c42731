//! An operation is declared once: its name is written in the table, and nowhere else by hand.

use han_native::operations::OPERATIONS;

use super::assert_none;
use super::source::{files, root};

/// Where names of operations may be written by hand besides the table, each for its reason.
const ALLOWED: [(&str, &str); 6] = [
    // Handles that lead or watch are kept alive.
    ("bindings/operations.js", "coordinator.tryAcquire"),
    ("bindings/operations.js", "watcher.start"),
    // The same operation on the calling thread.
    ("bindings/han.js", "indexSessionFile"),
    // In C and Python it takes its vector as numbers.
    ("bindings/generate/src/c.rs", "searchVectors"),
    ("bindings/generate/src/python.rs", "searchVectors"),
    // An example in a test.
    ("bindings/generate/src/documentation.rs", "messages.list"),
];

const GENERATED: [&str; 3] =
    ["bindings/index.js", "han-ffi/src/operations.rs", "bindings/python/src/han_native/_operations.py"];

#[test]
fn an_operation_is_named_in_the_table_only() {
    let mut violations = Vec::new();
    let mut in_table = 0;
    for folder in ["han-native/src/operations", "han-ffi/src", "bindings"] {
        for file in files(&root().join(folder)) {
            let path = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            let is_ours =
                file.extension().is_some_and(|extension| ["rs", "js", "py"].iter().any(|ours| extension == *ours));
            if !is_ours || GENERATED.contains(&path.as_str()) {
                continue;
            }
            // Examples in comments are not a second definition.
            let text = std::fs::read_to_string(&file).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let text = code.join("\n");
            // A name of one everyday word says nothing.
            for operation in OPERATIONS.iter().filter(|operation| {
                path.ends_with("table.rs")
                    || operation.name.chars().any(|letter| letter == '.' || letter.is_uppercase())
            }) {
                let count: usize = ["\"", "'"]
                    .iter()
                    .map(|quote| text.matches(&format!("{quote}{}{quote}", operation.name)).count())
                    .sum();
                if path == "han-native/src/operations/table.rs" {
                    in_table += count;
                } else if count > 0 && !ALLOWED.contains(&(path.as_str(), operation.name)) {
                    violations.push(format!("{path}: {}", operation.name));
                }
            }
        }
    }
    assert_eq!(in_table, OPERATIONS.len(), "each operation is one line of the table");
    assert_none("an operation is named in the table only; what languages say of it is generated", &violations);
}
