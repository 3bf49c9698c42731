//! Writes the generated files.

use std::process::ExitCode;

fn main() -> ExitCode {
    let root = han_generate::root();
    for (path, text) in han_generate::files() {
        let target = root.join(path);
        if std::fs::read_to_string(&target).is_ok_and(|written| written == text) {
            continue;
        }
        if let Err(error) = std::fs::write(&target, text) {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
