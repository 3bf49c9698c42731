//! Generated files are committed exactly as they are generated.

#[test]
fn the_generated_files_are_what_the_table_of_operations_says() {
    for (path, text) in han_generate::files() {
        let written = std::fs::read_to_string(han_generate::root().join(path)).unwrap_or_default();
        let place = text.lines().zip(written.lines()).position(|(new, old)| new != old);
        assert!(written == text, "{path} differs from line {} on; run: make generate", place.unwrap_or(0) + 1);
    }
}
