//! `include/han.h` is generated from the sources and committed. `UPDATE=1 cargo test -p han-ffi` refreshes it; otherwise a
//! difference fails.

use std::fs;
use std::path::PathBuf;

use cbindgen::{Config, EnumConfig, ExportConfig, Language, LineEndingStyle, ParseConfig, RenameRule, Style};

/// The rules that hold for every function: the opening comment of the header.
const OPENING: &str = r#"/*
 * han.h: the C library of han-native.
 *
 * Indexes the transcripts of coding-agent sessions into one small, searchable SQLite database, inside your process.
 *
 * Generated from the sources of han-ffi; do not edit.
 *
 * Errors. A function that can fail returns a han_code_t, HAN_OK on success. Its last parameter `error` is NULL, or where
 * the error is written: on failure `*error` becomes a han_error_t with the code and a human-readable message, to be freed with
 * han_error_free(); on success it becomes NULL. What was in `*error` before is overwritten, not freed. A NULL where
 * something is needed, text that is not UTF-8, and an unknown key of a JSON object are HAN_INVALID_ARGUMENT, and the
 * message names them.
 *
 * Texts. Every `const char *` argument is a NUL-terminated string of UTF-8, borrowed for the duration of the call. A
 * parameter named `..._json` is the text of one JSON object; if it may be left out, NULL means {}. A key with null
 * counts as left out.
 *
 * Operations. Nearly every function is an operation: it takes a handle, its parameters as one JSON object, and a pointer to its
 * result. han_call() calls any of them by name, and han_operations() lists them with their JSON schemas.
 *
 * Results. A `han_buf_t *` is filled with bytes that the caller owns and frees with han_buf_free(); it need not be
 * initialised, and is {NULL, 0} on failure. JSON results are UTF-8 without line breaks. Their fields are the same as
 * those of the command `han --json`, and their shapes are listed at the end of this header: what is missing is null, times
 * are ISO 8601 strings in UTC, bytes are base64 texts. Later versions may add fields. On failure every result is empty,
 * never half filled.
 *
 * Memory. What has a `_free` function is freed with that and nothing else. Every `_free` ignores NULL.
 *
 * Threads. A `const han_t *` may be used from several threads at once; its writes wait for each other, its reads do not
 * wait for writes (except in memory, where all share one connection). han_free() needs exclusive use of the handle. Every
 * function blocks until it is done. These threads of the library outlive the call that starts them, and end at the latest in
 * han_close(): those of han_coordinator_try_acquire() ("han-lead"), han_watcher_start() ("han-watch"), han_subscribe() and
 * han_on_change(), which end with their purpose; and "han-pulse", which shows other processes that a call that writes to
 * disk is alive, and ends once no call has written for as long as "heartbeatIntervalMs" says.
 *
 * Beware.
 * - Do not open the database file with another SQLite library in the process while a handle on it is open, nor read or copy
 *   it as a file: POSIX drops every lock of a process on a file when any descriptor of it is closed, and what is written then
 *   may be lost. A copy made with han_backup() can be opened with anything.
 * - Do not use a handle, nor free it, in a child after fork() without exec().
 * - A callback must not throw an exception, nor longjmp out, nor call a function on the handle that called it, which only
 *   that of han_on_change() may.
 */
"#;

const REFRESH: &str = "refresh it with: UPDATE=1 cargo test -p han-ffi --test header";

fn crate_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn header_path() -> PathBuf {
    crate_dir().join("../include/han.h")
}

fn version_macros() -> String {
    let [major, minor, patch] =
        [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];
    format!(
        "\n/** The version of this header; han_version() is that of the loaded library. */\n\
         #define HAN_VERSION \"{}\"\n\
         #define HAN_VERSION_MAJOR {major}\n\
         #define HAN_VERSION_MINOR {minor}\n\
         #define HAN_VERSION_PATCH {patch}",
        env!("CARGO_PKG_VERSION")
    )
}

fn generate() -> String {
    let config = Config {
        language: Language::C,
        header: Some(OPENING.trim_end().to_owned()),
        include_guard: Some("HAN_H".to_owned()),
        no_includes: true,
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"].map(str::to_owned).to_vec(),
        after_includes: Some(version_macros()),
        trailer: Some(include_str!("../src/shapes.txt").to_owned()),
        cpp_compat: true,
        style: Style::Type,
        line_length: 100,
        line_endings: LineEndingStyle::LF,
        documentation: true,
        usize_is_size_t: true,
        parse: ParseConfig { parse_deps: false, ..ParseConfig::default() },
        export: ExportConfig::default(),
        enumeration: EnumConfig { rename_variants: RenameRule::None, ..EnumConfig::default() },
        ..Config::default()
    };
    let mut text = Vec::new();
    cbindgen::Builder::new()
        .with_crate(crate_dir())
        .with_config(config)
        .generate()
        .expect("cbindgen reads the sources")
        .write(&mut text);
    String::from_utf8(text).expect("the header is UTF-8")
}

struct Export {
    name: String,
    documentation: String,
    body: String,
}

/// The exported functions of the sources.
fn exports() -> Vec<Export> {
    let mut exports = Vec::new();
    for entry in fs::read_dir(crate_dir().join("src")).expect("src is there") {
        let text = fs::read_to_string(entry.expect("src is readable").path()).expect("a source is UTF-8");
        let pieces: Vec<&str> = text.split("#[unsafe(no_mangle)]\n").collect();
        for (before, item) in pieces.iter().zip(pieces.iter().skip(1)) {
            let body = item.split("\n}\n").next().unwrap_or_default();
            let signature = body.split("extern \"C\" fn ").nth(1).expect("an exported item is a C function");
            exports.push(Export {
                name: signature.split('(').next().unwrap_or_default().to_owned(),
                documentation: before.rsplit("\n\n").next().unwrap_or_default().to_owned(),
                body: body.to_owned(),
            });
        }
    }
    exports
}

fn committed() -> String {
    fs::read_to_string(header_path()).unwrap_or_else(|error| panic!("include/han.h: {error}; {REFRESH}"))
}

#[test]
fn the_header_is_what_the_sources_say() {
    let fresh = generate();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(header_path(), &fresh).expect("include/han.h is writable");
    }
    let old = committed();
    if let Some((number, (old, new))) = old.lines().zip(fresh.lines()).enumerate().find(|(_, (old, new))| old != new) {
        panic!("include/han.h differs in line {}:\n  committed: {old}\n  generated: {new}\n{REFRESH}", number + 1);
    }
    assert_eq!(old.len(), fresh.len(), "include/han.h has another length than generated; {REFRESH}");
}

#[test]
fn the_header_has_the_version_of_the_crate() {
    let header = generate();
    let defined = |name: &str| {
        let line = header.lines().find_map(|line| line.strip_prefix(&format!("#define {name} ")));
        line.unwrap_or_else(|| panic!("{name} is not defined")).to_owned()
    };
    assert_eq!(defined("HAN_VERSION"), format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    let parts = ["MAJOR", "MINOR", "PATCH"].map(|part| defined(&format!("HAN_VERSION_{part}")));
    assert_eq!(parts.join("."), env!("CARGO_PKG_VERSION"));
    let soname = format!("-soname,libhan.so.{}\"", defined("HAN_ABI_VERSION"));
    assert!(include_str!("../build.rs").contains(&soname), "build.rs names another binary interface");
}

#[test]
fn every_export_is_declared_documented_and_guarded() {
    let header = generate();
    let exports = exports();
    assert!(exports.len() >= 59, "only {} exported functions were found", exports.len());
    for Export { name, documentation, body } in exports {
        assert!(name.starts_with("han_"), "{name} is not named han_...");
        assert!(header.contains(&format!("{name}(")), "{name} is not in the header");
        let guarded = ["guard(", "guard_value("].iter().any(|call| body.contains(call));
        assert!(guarded, "{name} does not run inside the guard: a panic would reach the caller");
        assert!(documentation.contains("lock"), "{name} does not say whether it blocks");
        let owns = body.contains("*mut han_buf_t")
            || ["han_t,", "han_subscription_t,"].iter().any(|made| body.contains(&format!("*mut *mut {made}")));
        assert!(!owns || documentation.contains("Ownership:"), "{name} does not say who owns its result");
        let fails = body.contains("error: *mut *mut han_error_t");
        assert!(!fails || documentation.contains("Errors:"), "{name} does not say how it fails");
    }
}
