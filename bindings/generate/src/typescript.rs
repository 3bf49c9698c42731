//! `bindings/index.d.ts`: the hand-written declarations of `bindings/surface/`, and those generated from the table.

use std::collections::BTreeMap;
use std::fmt::Write;

use han_native::ErrorCode;
use han_native::operations::{Form, Kind};
use heck::ToUpperCamelCase;

use crate::catalogue::{Catalogue, Entry};
use crate::documentation::{Dialect, Documentation, Translator};
use crate::shape::{Body, Definition, Field, Type};

const BANNER: &str = "// Generated from surface/ and the table of operations by `make generate`. Do not edit.\n\n\
                      /// <reference lib=\"esnext.disposable\" />\n";

const DIALECT: Dialect = Dialect {
    null: "`null`",
    name: |name| format!("`{name}`"),
    operation: |name| match name.split_once('.') {
        Some((group, method)) => format!("{{@link {}.{method}}}", group.to_upper_camel_case()),
        None => format!("{{@link Han.{name}}}"),
    },
    width: 118,
};

/// The hand-written parts.
pub struct Surface {
    /// The text before everything else.
    pub common: String,
    /// The members of the class that are written by hand, without its last line.
    pub han: String,
    /// Functions of the default handle that are written by hand.
    pub default_handle: String,
}

/// The whole file.
pub fn declarations(catalogue: &Catalogue, surface: &Surface) -> String {
    let translator = Translator::new(&DIALECT, &catalogue.names, &catalogue.core.field_names);
    let mut text = format!("{BANNER}\n{}\n", surface.common.trim());
    let codes = ErrorCode::ALL.iter().map(|code| format!("  | '{}'", code.as_str())).collect::<Vec<_>>().join("\n");
    write_text(&mut text, format_args!("\n/** The stable codes of errors. */\nexport type ErrorCode =\n{codes}\n"));
    for (group, entries) in groups(catalogue) {
        if group.is_empty() {
            continue;
        }
        let name = group.to_upper_camel_case();
        let about = about(catalogue, &translator, &name);
        write_text(&mut text, format_args!("\n{}export interface {name} {{\n", comment(&about, "")));
        entries.iter().for_each(|entry| text.push_str(&member(catalogue, &translator, entry)));
        text.push_str("}\n");
    }
    write_text(&mut text, format_args!("\n{}\n", surface.han.trim_end()));
    for (group, entries) in groups(catalogue) {
        if group.is_empty() {
            entries.iter().for_each(|entry| text.push_str(&format!("\n{}", member(catalogue, &translator, entry))));
        } else {
            let name = group.to_upper_camel_case();
            let about = about(catalogue, &translator, &name);
            write_text(&mut text, format_args!("\n{}  readonly {group}: {name}\n", comment(&about, "  ")));
        }
    }
    text.push_str("}\n\n");
    text.push_str(surface.default_handle.trim());
    text.push('\n');
    for (group, entries) in groups(catalogue) {
        if group.is_empty() {
            for entry in entries {
                let name = entry.operation.name;
                let (of, member) =
                    if entry.operation.kind == Kind::Static { ("", "typeof ") } else { (" of the default handle", "") };
                let reference = if member.is_empty() { format!("Han['{name}']") } else { format!("typeof Han.{name}") };
                write_text(
                    &mut text,
                    format_args!("/** {{@link Han.{name}}}{of}. */\nexport declare const {name}: {reference}\n"),
                );
            }
        } else {
            let name = group.to_upper_camel_case();
            write_text(
                &mut text,
                format_args!(
                    "/** {{@link Han.{group}}} of the default handle. */\nexport declare const {group}: {name}\n"
                ),
            );
        }
    }
    let bases = bases(catalogue);
    for definition in catalogue.definitions.values() {
        let base = bases.get(&definition.name).map(|base| format!(" extends {}", base.join(", "))).unwrap_or_default();
        text.push_str(&shape(&translator, definition, &base));
    }
    text
}

fn write_text(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a string succeeds");
}

/// The operations by their groups, in the order of the table; those of the handle itself have no group.
fn groups(catalogue: &Catalogue) -> Vec<(&'static str, Vec<&Entry>)> {
    let mut order: Vec<&'static str> = Vec::new();
    let mut groups: BTreeMap<&'static str, Vec<&Entry>> = BTreeMap::new();
    for entry in &catalogue.entries {
        let group = entry.operation.name.split_once('.').map_or("", |(group, _)| group);
        if !groups.contains_key(group) {
            order.push(group);
        }
        groups.entry(group).or_default().push(entry);
    }
    order.into_iter().map(|group| (group, groups.remove(group).unwrap_or_default())).collect()
}

/// What a group is, from the documentation of its Rust type.
fn about(catalogue: &Catalogue, translator: &Translator<'_>, name: &str) -> String {
    let documentation = catalogue.core.types.get(name).cloned().unwrap_or_default();
    let own = documentation.split("; see [").next().unwrap_or_default();
    translator.translate(&format!("{}.", own.trim_end_matches('.'))).body
}

fn member(catalogue: &Catalogue, translator: &Translator<'_>, entry: &Entry) -> String {
    let operation = entry.operation;
    let name = operation.name.rsplit('.').next().unwrap_or_default();
    let is_now = matches!(operation.kind, Kind::Instant | Kind::Static);
    let Documentation { body, errors } = translator.translate(&entry.documentation);
    let verb = if is_now { "Throws" } else { "Rejects with" };
    let documentation = if errors.is_empty() { body } else { format!("{body}\n\n{verb}: {}", first_lower(&errors)) };
    let mut parameters: Vec<String> = Vec::new();
    for (at, (name, of)) in entry.leading.iter().enumerate() {
        // Only a parameter that no required one follows may be left out.
        let is_last = entry.leading[at..].iter().all(|(_, of)| of.is_nullable());
        let mark = if of.is_nullable() && is_last && operation.kind != Kind::Stream { "?" } else { "" };
        parameters.push(format!("{name}{mark}: {}", input(of)));
    }
    if operation.kind == Kind::Stream {
        parameters.push("write: (chunk: Uint8Array) => unknown".into());
    }
    parameters.extend(options(catalogue, entry));
    let modifier = if operation.kind == Kind::Static { "static " } else { "" };
    let result = match (&entry.result, operation.form) {
        (_, Form::Text) => "string".to_owned(),
        (_, Form::Bytes) => "Array<Uint8Array | null>".to_owned(),
        (Type::Null, _) => "void".to_owned(),
        (result, _) => output(result),
    };
    let result = if is_now { result } else { format!("Promise<{result}>") };
    format!("{}  {modifier}{name}({}): {result}\n", comment(&documentation, "  "), parameters.join(", "))
}

fn options(catalogue: &Catalogue, entry: &Entry) -> Option<String> {
    let Some(name) = &entry.options else {
        return entry.operation.is_cancellable.then(|| "options?: Cancellable | null".into());
    };
    let is_required = match &catalogue.definitions[name].body {
        Body::Object(fields) => fields.iter().any(|field| field.is_required),
        _ => true,
    };
    Some(if is_required { format!("options: {name}") } else { format!("options?: {name} | null") })
}

/// What the options of each operation have besides their own fields, by the name of their shape: functions and signals, which exist
/// only in JavaScript.
fn bases(catalogue: &Catalogue) -> BTreeMap<String, Vec<String>> {
    let mut bases = BTreeMap::from([
        ("OpenOptions".to_owned(), vec!["Logging".to_owned()]),
        ("SubscribeOptions".to_owned(), vec!["Cancellable".to_owned()]),
    ]);
    for entry in &catalogue.entries {
        let Some(name) = &entry.options else { continue };
        let reporting = entry.progress.iter().map(|progress| format!("Reporting<{}>", output(progress)));
        let cancellable = entry.operation.is_cancellable.then(|| "Cancellable".to_owned());
        let of: Vec<String> = reporting.chain(cancellable).collect();
        if !of.is_empty() {
            bases.insert(name.clone(), of);
        }
    }
    bases
}

fn first_lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A documentation comment.
fn comment(text: &str, indent: &str) -> String {
    match text.lines().collect::<Vec<_>>()[..] {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        ref lines => {
            let lines =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n").collect::<String>();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}

fn shape(translator: &Translator<'_>, definition: &Definition, base: &str) -> String {
    let Definition { name, documentation, body } = definition;
    let head = comment(&translator.translate(documentation).body, "");
    match body {
        Body::Object(fields) => {
            format!("\n{head}export interface {name}{base} {{\n{}}}\n", members(translator, fields, "  "))
        }
        Body::Alias(of) => format!("\n{head}export type {name} = {}\n", input(of)),
        Body::Enumeration(members) => {
            let lines = members.iter().map(|(member, documentation)| {
                format!("{}  | '{member}'\n", comment(&translator.translate(documentation).body, "  "))
            });
            format!("\n{head}export type {name} =\n{}", lines.collect::<String>())
        }
        Body::Variants(variants) => {
            let names: Vec<&str> =
                variants.iter().flat_map(|(_, fields)| fields).map(|field| field.name.as_str()).collect();
            let lines = variants.iter().map(|(documentation, fields)| {
                let about = comment(&translator.translate(documentation).body, "  ");
                let is_tagged = fields.iter().any(|field| matches!(field.value, Type::Literals(_)));
                let has = |name: &str| fields.iter().any(|field| field.name == name);
                // Without a field that identifies the kind, one must not have the fields of the others.
                let others = names.iter().filter(|name| !is_tagged && !has(name));
                let others: String = others.map(|name| format!("      {name}?: null\n")).collect();
                format!("{about}  | {{\n{}{others}    }}\n", self::members(translator, fields, "      "))
            });
            format!("\n{head}export type {name} =\n{}", lines.collect::<String>())
        }
    }
}

fn members(translator: &Translator<'_>, fields: &[Field], indent: &str) -> String {
    let lines = fields.iter().map(|field| {
        let about = comment(&translator.translate(&field.documentation).body, indent);
        let (mark, null) = match (field.is_required, field.value.is_nullable()) {
            (true, _) => ("", ""),
            (false, true) => ("?", ""),
            (false, false) => ("?", " | null"),
        };
        format!("{about}{indent}{}{mark}: {}{null}\n", field.name, render(&field.value, !field.is_required))
    });
    lines.collect()
}

fn input(of: &Type) -> String {
    render(of, true)
}

fn output(of: &Type) -> String {
    render(of, false)
}

fn render(of: &Type, is_input: bool) -> String {
    match of {
        Type::Any => "unknown".into(),
        Type::Null => "null".into(),
        Type::Boolean => "boolean".into(),
        Type::Integer | Type::Number => "number".into(),
        Type::Text => "string".into(),
        Type::Bytes => "Uint8Array".into(),
        Type::Vector => "Float32Array | ReadonlyArray<number>".into(),
        Type::Literals(names) => names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" | "),
        Type::List(item) if is_input => format!("ReadonlyArray<{}>", render(item, true)),
        Type::List(item) => format!("Array<{}>", render(item, false)),
        Type::Map(item) if is_input => format!("{{ readonly [name: string]: {} }}", render(item, true)),
        Type::Map(item) => format!("Record<string, {}>", render(item, false)),
        Type::Named(name) => name.clone(),
        Type::Page(item) => format!("Page<{}>", render(item, is_input)),
        Type::Union(types) => types.iter().map(|one| render(one, is_input)).collect::<Vec<_>>().join(" | "),
    }
}
