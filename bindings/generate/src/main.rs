//! Writes the generated files, or with `--check` only compares them.

use std::process::ExitCode;

fn main() -> ExitCode {
    let is_check = std::env::args().any(|argument| argument == "--check");
    let root = han_generate::root();
    let mut differs = false;
    for (path, text) in han_generate::files() {
        let target = root.join(path);
        if std::fs::read_to_string(&target).is_ok_and(|written| written == text) {
            continue;
        }
        if is_check {
            eprintln!("{path} is not what the table of operations says; run: make generate");
            differs = true;
        } else if let Err(error) = std::fs::write(&target, text) {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    }
    if differs { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
