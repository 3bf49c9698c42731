//! No panic crosses a language boundary: every exported function runs its body inside the guard.

use super::assert_none;
use super::source::{Source, sources};

/// The body of the function whose declaration starts here.
fn body(source: &Source, start: usize) -> &str {
    let open = start + source.code[start..].find('{').unwrap();
    let mut depth = 0;
    let end = source.code[open..].char_indices().find_map(|(at, character)| {
        depth += i32::from(character == '{') - i32::from(character == '}');
        (depth == 0).then_some(open + at + 1)
    });
    &source.code[open..end.unwrap()]
}

fn calls(body: &str, names: &[&str]) -> bool {
    names.iter().any(|name| {
        body.match_indices(name).any(|(at, _)| {
            let is_word = !body[..at].ends_with(|character: char| character.is_alphanumeric() || character == '_');
            is_word && body[at + name.len()..].trim_start().starts_with('(')
        })
    })
}

#[test]
fn every_exported_c_function_is_guarded() {
    let mut violations = Vec::new();
    let mut count = 0;
    for source in sources("han-ffi/src") {
        for (at, _) in source.code.match_indices("extern \"") {
            let rest = source.code[at..].trim_start_matches("extern \"").trim_start_matches(['C', ' ', '"']);
            let is_export = rest.starts_with("fn ") && source.code[..at].trim_end().ends_with(['b', 'e']);
            if !is_export {
                continue;
            }
            count += 1;
            // The body is the guard's call and nothing beside it.
            let body = body(&source, at);
            let inner = body.trim_start_matches('{').trim_start();
            if !calls(body, &["guard", "guard_value"]) || inner.starts_with("let ") {
                violations.push(source.place(at));
            }
        }
    }
    assert!(count > 20, "only {count} exported functions were found");
    assert_none("the body of an exported C function is one call of the guard", &violations);
}

#[test]
fn every_call_from_javascript_into_the_core_is_guarded() {
    // The core is reached through `guarded`, or on a thread of the handle through `promise`, which uses it.
    const GUARDS: [&str; 3] = ["guarded", "promise", "lane.run"];
    let mut violations = Vec::new();
    let mut count = 0;
    for source in sources("bindings/src") {
        for at in source.words("fn") {
            let declaration = &source.code[at..at + source.code[at..].find(['{', ';']).unwrap_or(0)];
            let body = body(&source, at);
            let uses_core = ["core.", "Handle::open", "operations::call"].iter().any(|call| body.contains(call));
            if !declaration.contains('(') || !uses_core {
                continue;
            }
            // Passing the core on is not a call of it.
            let is_handed_on = body.matches("core.").count() == body.matches("core.or_throw(").count()
                && !body.contains("Handle::open")
                && !body.contains("operations::call");
            count += 1;
            if !is_handed_on && !calls(body, &GUARDS) {
                violations.push(source.place(at));
            }
        }
    }
    assert!(count >= 7, "only {count} functions that use the core were found");
    assert_none("JavaScript reaches the core through the guard", &violations);
}
