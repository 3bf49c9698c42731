//! `han-ffi/src/operations.rs`: a C function for each operation, which cbindgen turns into `include/han.h`.

use han_native::operations::{Form, Kind};
use heck::ToSnakeCase;

use crate::catalogue::{Catalogue, Entry};
use crate::documentation::{Dialect, Documentation, Translator};
use crate::shape::{Body, Definition, Field, Type};

/// Operations whose C functions are written by hand: they pass vectors as numbers, not as JSON.
const BY_HAND: [&str; 1] = ["searchVectors"];

const DIALECT: Dialect = Dialect {
    null: "null",
    name: |name| match name.starts_with("HAN_") || name.contains([' ', '/', '"', '\'']) {
        true => name.to_owned(),
        false => format!("\"{name}\""),
    },
    operation: |name| format!("{}()", function_name(name)),
    width: 120,
};

/// The C name of an operation.
pub fn function_name(name: &str) -> String {
    format!("han_{}", name.replace('.', "_").to_snake_case())
}

/// The source file.
pub fn functions(catalogue: &Catalogue) -> String {
    let mut text = String::from(
        "//! A function for each operation. Generated from the table of operations by `make generate`; do not edit.\n\n\
         // The header shows the documentation as it is.\n#![allow(rustdoc::invalid_html_tags)]\n\n\
         use std::ffi::{c_char, c_void};\n\n\
         use crate::buffer::han_buf_t;\nuse crate::call::{alone, han_progress_callback_t, han_write_callback_t, long, plain, stream};\n\
         use crate::cancellation::han_cancellation_t;\nuse crate::code::han_code_t;\nuse crate::error::han_error_t;\n\
         use crate::guard::guard;\nuse crate::handle::han_t;\n",
    );
    let translator = Translator::new(&DIALECT, &catalogue.names, &catalogue.core.field_names);
    for entry in catalogue.entries.iter().filter(|entry| !BY_HAND.contains(&entry.operation.name)) {
        text.push_str(&function(catalogue, &translator, entry));
    }
    text
}

fn function(catalogue: &Catalogue, translator: &Translator<'_>, entry: &Entry) -> String {
    let operation = entry.operation;
    let name = operation.name;
    let has_hooks = operation.is_cancellable || operation.has_progress;
    let (before, between, call, result) = match operation.kind {
        Kind::Static => ("", "", "alone", true),
        Kind::Stream => ("handle, ", "write, user_data, ", "stream", false),
        _ if has_hooks => ("handle, ", "progress, user_data, cancellation, ", "long", true),
        _ => ("handle, ", "", "plain", true),
    };
    let mut signature = String::new();
    let mut parameter = |text: &str| signature.push_str(&format!("    {text},\n"));
    if !before.is_empty() {
        parameter("handle: Option<&han_t>");
    }
    parameter("parameters_json: *const c_char");
    for hook in between.split(", ").filter(|hook| !hook.is_empty()) {
        parameter(match hook {
            "write" => "write: han_write_callback_t",
            "progress" => "progress: han_progress_callback_t",
            "cancellation" => "cancellation: Option<&han_cancellation_t>",
            _ => "user_data: *mut c_void",
        });
    }
    if result {
        parameter("result: *mut han_buf_t");
    }
    parameter("error: *mut *mut han_error_t");
    let last = if result { "result" } else { "" };
    let arguments = format!("\"{name}\", {before}parameters_json, {between}{last}");
    let arguments = arguments.trim_end_matches(", ");
    let call = format!("{call}({arguments})");
    // As rustfmt breaks lines.
    let body = match format!("    guard(error, || unsafe {{ {call} }})") {
        line if line.len() <= 120 => line,
        _ => format!("    guard(error, || unsafe {{\n        {call}\n    }})"),
    };
    format!(
        "\n{}#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn {}(\n{signature}) -> han_code_t {{\n    \
         // SAFETY: the pointers are as the crate's contract says.\n{body}\n}}\n",
        comment(&documentation(catalogue, translator, entry, has_hooks)),
        function_name(name),
    )
}

fn documentation(catalogue: &Catalogue, translator: &Translator<'_>, entry: &Entry, has_hooks: bool) -> String {
    let operation = entry.operation;
    let Documentation { body, errors } = translator.translate(&entry.documentation);
    let mut parts = vec![body, parameters(catalogue, translator, entry)];
    if has_hooks {
        let mut hooks = String::new();
        match &entry.progress {
            Some(progress) => hooks.push_str(&format!(
                "`progress` is NULL, or called with `user_data` as the operation progresses; its JSON is {}.",
                value(catalogue, progress)
            )),
            None => hooks.push_str("`progress` is not called."),
        }
        hooks.push_str(" `cancellation` is NULL, or a token that ends it early; it must live until the call returns.");
        parts.push(hooks);
    }
    parts.push(match (operation.kind, operation.form) {
        (Kind::Stream, _) => {
            "`write` is called with `user_data` and the pieces of the document, one after the other.".into()
        }
        (_, Form::Text) => "`result` becomes the text of the document.".into(),
        (_, Form::Bytes) => "`result` becomes a JSON array of base64 texts (RFC 4648, with padding), or null.".into(),
        _ => format!("`result` becomes {}.", value(catalogue, &entry.result)),
    });
    let (blocking, threads) = match operation.kind {
        Kind::Read => ("for the query", "any; reads do not wait for writes"),
        Kind::Write => (
            "until it is committed; up to \"lockTimeoutMs\" for another process that writes",
            "any; writes wait for each other",
        ),
        Kind::Instant => ("for half a second at most", "any"),
        Kind::Static => ("never", "any"),
        _ => ("until it is done, perhaps for minutes", "any; operations that write wait for other writes"),
    };
    let ownership = match operation.kind {
        Kind::Stream => "",
        _ => "Ownership: `result` is the caller's, to be freed with han_buf_free(). ",
    };
    let errors = match errors.as_str() {
        "" => String::new(),
        errors => format!(" {}", errors.trim_end_matches('.').to_owned() + ";"),
    };
    parts.push(format!(
        "{ownership}Blocking: {blocking}. Threads: {threads}. Errors:{errors} HAN_INVALID_ARGUMENT for invalid parameters{}.",
        if operation.kind == Kind::Static { "" } else { ", HAN_CLOSED" }
    ));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn parameters(catalogue: &Catalogue, translator: &Translator<'_>, entry: &Entry) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut is_needed = false;
    for (name, of) in &entry.leading {
        is_needed |= !of.is_nullable();
        let need = if of.is_nullable() { "" } else { ", required" };
        lines.push(format!("- \"{name}\" ({}{need})", value(catalogue, &of.non_null())));
    }
    match entry.options.as_ref().map(|name| &catalogue.definitions[name].body) {
        Some(Body::Object(fields)) => {
            is_needed |= fields.iter().any(|field| field.is_required);
            lines.extend(fields.iter().map(|field| option(catalogue, translator, field)));
        }
        Some(Body::Variants(variants)) => {
            is_needed = true;
            for (documentation, fields) in variants {
                let fields: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.name)).collect();
                lines.push(format!("- {}: {}", fields.join(", "), translator.translate(documentation).body));
            }
        }
        _ => {}
    }
    match (lines.is_empty(), is_needed) {
        (true, _) => "`parameters_json` is NULL, or an empty JSON object.".into(),
        (false, true) => format!("`parameters_json` is a JSON object of\n{}", lines.join("\n")),
        (false, false) => {
            format!("`parameters_json` is NULL for the defaults, or a JSON object of\n{}", lines.join("\n"))
        }
    }
}

fn option(catalogue: &Catalogue, translator: &Translator<'_>, field: &Field) -> String {
    let need = if field.is_required { ", required" } else { "" };
    let about = translator.translate(&field.documentation).body.replace('\n', " ");
    format!("- \"{}\" ({}{need}): {about}", field.name, value(catalogue, &field.value.non_null()))
}

/// A value described in words.
fn value(catalogue: &Catalogue, of: &Type) -> String {
    match of {
        Type::Any => "anything".into(),
        Type::Null => "null".into(),
        Type::Boolean => "true or false".into(),
        Type::Integer => "an integer".into(),
        Type::Number => "a number".into(),
        Type::Text => "a string".into(),
        Type::Bytes => "base64 text".into(),
        Type::Vector => "an array of numbers".into(),
        Type::Literals(names) => names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" or "),
        Type::List(item) => format!("an array, each {}", value(catalogue, item)),
        Type::Map(item) => format!("an object, each value {}", value(catalogue, item)),
        Type::Page(item) => format!("a Page, each item {}", value(catalogue, item)),
        Type::Named(name) => match &catalogue.definitions[name].body {
            Body::Enumeration(members) => {
                members.iter().map(|(member, _)| format!("\"{member}\"")).collect::<Vec<_>>().join(" or ")
            }
            Body::Alias(_) => name.clone(),
            _ if name.starts_with(['A', 'E', 'I', 'O']) => format!("an {name}"),
            _ => format!("a {name}"),
        },
        Type::Union(types) => types.iter().map(|one| value(catalogue, one)).collect::<Vec<_>>().join(" or "),
    }
}

/// The lines of a documentation comment, wrapped.
fn comment(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let indent = if line.starts_with("- ") { "  " } else { "" };
        let mut current = String::new();
        for word in line.split(' ') {
            if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > DIALECT.width {
                lines.push_str(&format!("/// {current}\n"));
                current = format!("{indent}{word}");
            } else {
                if !current.is_empty() {
                    current.push(' ');
                }
                current.push_str(word);
            }
        }
        lines.push_str(format!("/// {current}").trim_end());
        lines.push('\n');
    }
    lines
}

/// The shapes of what is passed and returned, as the closing comment of the header.
pub fn shapes(catalogue: &Catalogue) -> String {
    let translator = Translator::new(&DIALECT, &catalogue.names, &catalogue.core.field_names);
    let mut text = String::from(
        "/*\n * The shapes of JSON objects. What may be null is marked with a question mark.\n *\n \
         * Page: {\"items\", \"hasNextPage\", \"hasPreviousPage\", \"startCursor\"?, \"endCursor\"?, \"totalCount\"?}. Cursors are\n \
         * opaque and stay valid while the database lives.\n",
    );
    for definition in catalogue.definitions.values() {
        let Definition { name, documentation, body } = definition;
        let about = translator.translate(documentation).body.replace('\n', " ");
        match body {
            Body::Object(fields) => text.push_str(&listed(catalogue, &translator, &format!("{name}: {about}"), fields)),
            Body::Variants(variants) => {
                text.push_str(&listed(catalogue, &translator, &format!("{name}: {about}"), &[]));
                for (documentation, fields) in variants {
                    let about = translator.translate(documentation).body.replace('\n', " ");
                    text.push_str(&listed(catalogue, &translator, &format!("{name}, one kind: {about}"), fields));
                }
            }
            Body::Alias(of) => text.push_str(&listed(
                catalogue,
                &translator,
                &format!("{name}: {}. {about}", value(catalogue, of)),
                &[],
            )),
            Body::Enumeration(members) => {
                text.push_str(&listed(catalogue, &translator, &format!("{name}: {about}"), &[]));
                for (member, documentation) in members {
                    let about = translator.translate(documentation).body.replace('\n', " ");
                    text.push_str(&wrapped(&format!("- \"{member}\": {about}")));
                }
            }
        }
    }
    text.push_str(" */");
    text
}

fn listed(catalogue: &Catalogue, translator: &Translator<'_>, head: &str, fields: &[Field]) -> String {
    let mut text = format!(" *\n{}", wrapped(head.trim_end_matches([':', ' '])));
    for field in fields {
        let mark = if field.is_required && field.value.is_nullable() { "?" } else { "" };
        let about = translator.translate(&field.documentation).body.replace('\n', " ");
        let line = format!("- \"{}\"{mark} ({}): {about}", field.name, value(catalogue, &field.value.non_null()));
        text.push_str(&wrapped(line.trim_end_matches([':', ' '])));
    }
    text
}

fn wrapped(line: &str) -> String {
    // A comment must not end early.
    let line = line.replace("*/", "* /");
    comment(&line).lines().map(|line| format!(" * {}\n", line.trim_start_matches("/// "))).collect()
}
