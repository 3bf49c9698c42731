//! The files of the core import each other in one direction only.

use std::collections::{BTreeMap, BTreeSet};

use super::assert_none;
use super::source::{Source, sources};

/// Remaining circles: the folder they are in, and their largest number of files. Nothing is added to this list.
const REMAINING: [(&str, usize); 10] = [
    ("config", 4),
    ("cost", 2),
    ("derive", 15),
    ("embedding", 2),
    ("han", 6),
    ("index", 3),
    ("model", 18),
    ("query", 20),
    ("transcript/discover", 4),
    ("transcript/record", 15),
];

type Module = Vec<String>;

/// The module of a file: its path below the crate.
fn module(source: &Source) -> Module {
    let path = source.path.strip_prefix("han-native/src/").unwrap().trim_end_matches(".rs");
    path.trim_end_matches("/mod").split('/').map(str::to_owned).collect()
}

/// The paths that begin here, each as a list of names: one, or those of a group. Also their length in the text.
fn paths(text: &str) -> (Vec<Module>, usize) {
    let start = text.len() - text.trim_start().len();
    let rest = &text[start..];
    if let Some(group) = rest.strip_prefix('{') {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(character) = group[at..].chars().next() {
            match character {
                '}' => return (found, start + 1 + at + 1),
                ',' => at += 1,
                _ if character.is_whitespace() => at += character.len_utf8(),
                _ => {
                    let (inner, length) = paths(&group[at..]);
                    found.extend(inner);
                    // A path is followed by `as` and a name, which is not a path of its own.
                    let end = group[at + length..].find([',', '}']).unwrap_or(group.len() - at - length);
                    at += length + end;
                }
            }
        }
        return (found, text.len());
    }
    let length = rest.find(|character: char| !(character.is_alphanumeric() || character == '_')).unwrap_or(rest.len());
    let name = rest[..length].to_owned();
    if name.is_empty() {
        return (Vec::new(), start + 1);
    }
    let Some(below) = rest[length..].strip_prefix("::") else { return (vec![vec![name]], start + length) };
    let (inner, taken) = paths(below);
    let with_name = |path: Module| std::iter::once(name.clone()).chain(path).collect();
    match inner.is_empty() {
        true => (vec![vec![name]], start + length + 2),
        false => (inner.into_iter().map(with_name).collect(), start + length + 2 + taken),
    }
}

/// The modules that a file names by a path, its own left out.
fn imports(own: &Module, code: &str, modules: &BTreeSet<Module>) -> BTreeSet<Module> {
    let mut imports = BTreeSet::new();
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    for (end, _) in code.match_indices("::") {
        let start = code[..end].rfind(|character| !is_word(character)).map_or(0, |before| before + 1);
        // Only where a path begins.
        if start == end || code[..start].ends_with("::") {
            continue;
        }
        let is_child = modules.contains(&[&own[..], &[code[start..end].to_owned()]].concat());
        if !is_child && !["crate", "self", "super"].contains(&&code[start..end]) {
            continue;
        }
        for path in paths(&code[start..]).0 {
            let ups = path.iter().take_while(|name| *name == "super").count();
            let full = match path[0].as_str() {
                "crate" => path[1..].to_vec(),
                "self" => [&own[..], &path[1..]].concat(),
                "super" => [&own[..own.len().saturating_sub(ups)], &path[ups..]].concat(),
                _ => [&own[..], &path[..]].concat(),
            };
            let target =
                (1..=full.len()).rev().map(|length| full[..length].to_vec()).find(|path| modules.contains(path));
            imports.extend(target.filter(|target| target != own));
        }
    }
    imports
}

/// What can be reached from a module.
fn reachable<'g>(graph: &'g BTreeMap<Module, BTreeSet<Module>>, from: &'g Module) -> BTreeSet<&'g Module> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(next) = open.pop() {
        open.extend(graph[next].iter().filter(|target| found.insert(*target)));
    }
    found
}

/// Groups of modules that all reach each other.
fn circles(graph: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<BTreeSet<&Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        graph.keys().map(|module| (module, reachable(graph, module))).collect();
    let mut circles: Vec<BTreeSet<&Module>> = Vec::new();
    for module in graph.keys().filter(|module| reached[module].contains(module)) {
        if !circles.iter().any(|circle| circle.contains(module)) {
            circles.push(reached[module].iter().copied().filter(|other| reached[other].contains(module)).collect());
        }
    }
    circles
}

/// The folder that all modules of a circle are in, or are.
fn folder(circle: &BTreeSet<&Module>) -> String {
    let first = circle.first().unwrap();
    let length =
        (0..=first.len()).rev().find(|length| circle.iter().all(|module| module.starts_with(&first[..*length])));
    first[..length.unwrap()].join("/")
}

#[test]
fn files_do_not_import_each_other_in_circles() {
    let sources = sources("han-native/src");
    let sources: BTreeMap<Module, &Source> = sources.iter().map(|source| (module(source), source)).collect();
    let modules: BTreeSet<Module> = sources.keys().cloned().collect();
    let graph: BTreeMap<Module, BTreeSet<Module>> =
        sources.iter().map(|(own, source)| (own.clone(), imports(own, &source.code, &modules))).collect();
    let circles = circles(&graph);
    let mut violations = Vec::new();
    for circle in &circles {
        let folder = folder(circle);
        let remaining = REMAINING.iter().find(|(known, _)| *known == folder).map_or(0, |(_, count)| *count);
        if circle.len() > remaining {
            let names: Vec<String> = circle.iter().map(|module| module.join("/")).collect();
            violations.push(format!("{folder}: {} files, not {remaining} at most: {}", names.len(), names.join(" ")));
        }
    }
    for (known, _) in REMAINING {
        if !circles.iter().any(|circle| folder(circle) == known) {
            violations.push(format!("{known} has no circle any more: take it off the list"));
        }
    }
    assert_none("files do not import each other in circles", &violations);
}

#[test]
fn paths_are_understood() {
    let module = |path: &str| -> Module { path.split("::").map(str::to_owned).collect() };
    let found = |text: &str| paths(text).0.iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(found("crate::store::Store;"), ["crate::store::Store"]);
    assert_eq!(
        found("super::{self, a::{B, c::D as E}, f::*};"),
        ["super::self", "super::a::B", "super::a::c::D", "super::f"]
    );
    let modules: BTreeSet<Module> = ["a", "a::b", "a::c", "d", "a::b::e"].map(module).into();
    let code =
        "use super::c::X; use crate::{d::{self, Y}}; fn f() { e::g(); b::h(); super::super::d::i(); } use std::io;";
    let expected: BTreeSet<Module> = ["a::c", "d", "a::b::e"].map(module).into();
    assert_eq!(imports(&module("a::b"), code, &modules), expected);
    let graph: BTreeMap<Module, BTreeSet<Module>> = [
        (module("a"), [module("a::b")].into()),
        (module("a::b"), [module("a::c")].into()),
        (module("a::c"), [module("a::b"), module("d")].into()),
        (module("d"), BTreeSet::new()),
        (module("a::b::e"), [module("d")].into()),
    ]
    .into();
    let circles = circles(&graph);
    assert_eq!(circles, [BTreeSet::from([&module("a::b"), &module("a::c")])]);
    assert_eq!(folder(&circles[0]), "a");
}
