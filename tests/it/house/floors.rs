//! A module of the core imports only from lower floors.

use super::assert_none;
use super::source::{Source, sources};

/// The floors, from the ground up. The modules of one floor do not import each other.
const FLOORS: [&[&str]; 9] = [
    &["error", "clock", "signal"],
    &["platform", "model"],
    &["config", "row", "source_file", "spill", "cost", "embedding"],
    &["logging", "transcript", "store"],
    &["derive"],
    &["index", "query", "watch", "coordinator", "change"],
    &["han"],
    &["operations"],
    &["bench_support"],
];

/// Names that the root of the crate re-exports, and the module that they come from.
const GIVEN_ON: [(&str, &[&str]); 4] = [
    ("embedding", &["Embedder"]),
    ("error", &["Error", "ErrorCode", "Result"]),
    (
        "config",
        &[
            "Cancellation",
            "DoctorOptions",
            "EmbedHook",
            "EmbedOptions",
            "ForgetTarget",
            "LoadEmbedderOptions",
            "LogHook",
            "LogLevel",
            "LogRecord",
            "OpenOptions",
            "ProgressHook",
            "ScanOptions",
            "SqlOptions",
            "SubscribeOptions",
            "WatchOptions",
        ],
    ),
    (
        "han",
        &[
            "Coordinator",
            "FileChanges",
            "Files",
            "Han",
            "HookExecutions",
            "Items",
            "Leadership",
            "Messages",
            "Sessions",
            "Subscription",
            "Summaries",
            "Tasks",
            "Testing",
            "Todos",
            "ToolCalls",
            "Usage",
            "Vectors",
            "Watcher",
        ],
    ),
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

/// The path of a source's module below the crate.
fn module_path(source: &Source) -> Vec<&str> {
    let path = source.path.strip_prefix("han-native/src/").unwrap().trim_end_matches(".rs");
    path.trim_end_matches("/mod").split('/').collect()
}

/// Every top-level module that a source names, and where.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let depth = module_path(source).len();
    let mut imports = Vec::new();
    for at in source.words("crate") {
        if let Some(rest) = source.code[at..].strip_prefix("crate::") {
            imports.extend(first_names(rest).into_iter().map(|name| (at, name)));
        }
    }
    for at in source.words("super") {
        // Only the first of a chain; the module that it reaches may be the root of the crate.
        if source.code[..at].ends_with("super::") {
            continue;
        }
        let mut rest = &source.code[at..];
        let mut steps = 0;
        while let Some(next) = rest.strip_prefix("super::") {
            (rest, steps) = (next, steps + 1);
        }
        if steps == depth {
            imports.extend(first_names(rest).into_iter().map(|name| (at, name)));
        }
    }
    imports
}

/// The first name of a path, or of each path of a group.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn a_module_imports_only_from_lower_floors() {
    let mut violations = Vec::new();
    let sources = sources("han-native/src");
    for source in &sources {
        let own = module_path(source)[0];
        if ["lib", "bench_support"].contains(&own) {
            continue;
        }
        let Some(own_floor) = floor(own) else {
            violations.push(format!("{}: the module `{own}` is on no floor", source.path));
            continue;
        };
        for (at, name) in imports(source) {
            let module = GIVEN_ON.iter().find(|(_, names)| names.contains(&name.as_str()));
            let module = module.map_or(name.as_str(), |(module, _)| module);
            match floor(module) {
                _ if module == own => {}
                Some(floor) if floor < own_floor => {}
                Some(floor) => violations.push(format!(
                    "{}: `{own}` (floor {own_floor}) imports `{module}` (floor {floor})",
                    source.place(at)
                )),
                None => violations.push(format!("{}: `{own}` imports the unknown `{module}`", source.place(at))),
            }
        }
    }
    assert_none("a module imports only from lower floors", &violations);
}

#[test]
fn imports_are_understood() {
    let names = |text: &str| first_names(text);
    assert_eq!(names("store::Store;"), ["store"]);
    assert_eq!(names("{index, query};"), ["index", "query"]);
    assert_eq!(names("{store::{self, Store}, model::{Page},\n derive};"), ["store", "model", "derive"]);
}
