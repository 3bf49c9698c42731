//! `bindings/python/src/han_native/_operations.py`: a method for each operation, and the shapes as `TypedDict`s.

use std::collections::BTreeMap;

use han_native::operations::{Form, Kind};
use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::catalogue::{Catalogue, Entry};
use crate::documentation::{Dialect, Documentation, Translator};
use crate::shape::{Body, Definition, Field, Type};

const DIALECT: Dialect = Dialect {
    null: "None",
    name: |name| format!("`{name}`"),
    operation: |name| format!("`{}`", name.split('.').map(ToSnakeCase::to_snake_case).collect::<Vec<_>>().join(".")),
    width: 104,
};

/// Words that are no names in Python.
const KEYWORDS: [&str; 5] = ["from", "global", "in", "is", "not"];

/// The module.
pub fn module(catalogue: &Catalogue) -> String {
    let translator = Translator::new(&DIALECT, &catalogue.names);
    let mut text = String::from(
        "\"\"\"The operations and their shapes. Generated from the table of operations by `make generate`; do not edit.\"\"\"\n\n\
         from __future__ import annotations\n\n\
         import os\nfrom typing import Any, Callable, Dict, List, Literal, Mapping, Optional, Sequence, TypedDict, Union\n\n\
         from ._library import Cancellation, call_static\n\n\
         Path = Union[str, \"os.PathLike[str]\"]\n\n",
    );
    for definition in ordered(catalogue) {
        text.push_str(&shape(&translator, definition));
    }
    for item in pages(catalogue) {
        text.push_str(&format!(
            "\nclass {item}Page(TypedDict):\n    \"\"\"One page of a list. Cursors are opaque and stay valid while the database lives.\"\"\"\n\n    \
             items: List[{item}]\n    hasNextPage: bool\n    hasPreviousPage: bool\n    startCursor: Optional[str]\n    \
             endCursor: Optional[str]\n    totalCount: Optional[int]\n\n"
        ));
    }
    let mut groups: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in &catalogue.entries {
        groups.entry(entry.operation.name.split_once('.').map_or("", |(group, _)| group)).or_default().push(entry);
    }
    let own = groups.remove("").unwrap_or_default();
    for (group, entries) in &groups {
        let name = group.to_upper_camel_case();
        let about = catalogue.core.types.get(&name).cloned().unwrap_or_default();
        let about = translator.translate(about.split("; see [").next().unwrap_or_default()).body;
        let about = about.trim_end_matches('.');
        text.push_str(&format!(
            "\nclass {name}:\n    \"\"\"{about}.\"\"\"\n\n    def __init__(self, handle: Any) -> None:\n        self._handle = handle\n"
        ));
        entries.iter().for_each(|entry| text.push_str(&method(catalogue, &translator, entry)));
        text.push('\n');
    }
    text.push_str(
        "\nclass Operations:\n    \"\"\"The operations of a handle.\"\"\"\n\n    def __init__(self, handle: Any) -> None:\n        self._handle = handle\n",
    );
    for group in groups.keys() {
        let (member, class) = (group.to_snake_case(), group.to_upper_camel_case());
        text.push_str(&format!("        self.{member} = {class}(handle)\n"));
    }
    own.iter()
        .filter(|entry| entry.operation.kind != Kind::Static)
        .for_each(|entry| text.push_str(&method(catalogue, &translator, entry)));
    for entry in own.iter().filter(|entry| entry.operation.kind == Kind::Static) {
        text.push_str(&format!("\n\n{}", function(catalogue, &translator, entry)));
    }
    text
}

/// Shapes in the order in which Python can read them: what a union names comes before it.
fn ordered(catalogue: &Catalogue) -> Vec<&Definition> {
    let is_last = |definition: &&Definition| matches!(definition.body, Body::Variants(_));
    let (last, first): (Vec<&Definition>, Vec<&Definition>) = catalogue.definitions.values().partition(is_last);
    let (aliases, objects): (Vec<&Definition>, Vec<&Definition>) =
        first.into_iter().partition(|definition| !matches!(definition.body, Body::Object(_)));
    aliases.into_iter().chain(objects).chain(last).collect()
}

/// What there are pages of.
fn pages(catalogue: &Catalogue) -> Vec<String> {
    let mut items: Vec<String> = catalogue
        .entries
        .iter()
        .filter_map(|entry| match &entry.result {
            Type::Page(item) => Some(render(item)),
            _ => None,
        })
        .collect();
    items.sort();
    items.dedup();
    items
}

fn method(catalogue: &Catalogue, translator: &Translator<'_>, entry: &Entry) -> String {
    let operation = entry.operation;
    let name = operation.name.rsplit('.').next().unwrap_or_default().to_snake_case();
    let (mut parameters, call) = parameters(catalogue, entry);
    parameters.insert(0, "self".into());
    let how = match operation.kind {
        Kind::Stream => "_stream",
        _ if operation.is_cancellable || operation.has_progress => "_long",
        _ => "_call",
    };
    let form = match operation.form {
        Form::Text => ", form=\"text\"",
        Form::Bytes => ", form=\"bytes\"",
        _ => "",
    };
    format!(
        "\n    def {name}({}) -> {}:\n{}        return self._handle.{how}(\"{}\", {call}{form})\n",
        parameters.join(", "),
        result(entry),
        docstring(&documentation(translator, entry), "        "),
        operation.name,
    )
}

fn function(catalogue: &Catalogue, translator: &Translator<'_>, entry: &Entry) -> String {
    let (parameters, call) = parameters(catalogue, entry);
    format!(
        "def {}({}) -> {}:\n{}    return call_static(\"{}\", {call})\n",
        entry.operation.name.to_snake_case(),
        parameters.join(", "),
        result(entry),
        docstring(&documentation(translator, entry), "    "),
        entry.operation.name,
    )
}

/// The parameters of a method, and what it hands on.
fn parameters(catalogue: &Catalogue, entry: &Entry) -> (Vec<String>, String) {
    let operation = entry.operation;
    let mut parameters = Vec::new();
    let mut passed = Vec::new();
    let is_optional =
        |at: usize| operation.kind != Kind::Stream && entry.leading[at..].iter().all(|(_, of)| of.is_nullable());
    for (at, (name, of)) in entry.leading.iter().enumerate() {
        let python = name.to_snake_case();
        let is_path = python.ends_with("path") || python.ends_with("_dir") || python == "folder";
        let of = if is_path { "Path".to_owned() } else { input(of) };
        let default = if is_optional(at) { " = None" } else { "" };
        parameters.push(format!("{python}: {of}{default}"));
        passed.push(if is_path { format!("\"{name}\": os.fspath({python})") } else { format!("\"{name}\": {python}") });
    }
    let leading = format!("{{{}}}", passed.join(", "));
    if operation.kind == Kind::Stream {
        parameters.push("write: Callable[[bytes], Any]".into());
    }
    let mut call = leading;
    match &entry.options {
        Some(name) => {
            let is_required = match &catalogue.definitions[name].body {
                Body::Object(fields) => fields.iter().any(|field| field.is_required),
                _ => true,
            };
            parameters.push(if is_required {
                format!("options: {name}")
            } else {
                format!("options: Optional[{name}] = None")
            });
            call.push_str(", options");
        }
        None => call.push_str(", None"),
    }
    if operation.kind == Kind::Stream {
        call.push_str(", write");
    } else if operation.is_cancellable || operation.has_progress {
        match &entry.progress {
            Some(progress) => {
                parameters.push(format!("on_progress: Optional[Callable[[{}], Any]] = None", render(progress)));
                call.push_str(", on_progress");
            }
            None => call.push_str(", None"),
        }
        parameters.push("cancellation: Optional[Cancellation] = None".into());
        call.push_str(", cancellation");
    }
    (parameters, call)
}

fn result(entry: &Entry) -> String {
    match (entry.operation.kind, entry.operation.form) {
        (Kind::Stream, _) => "None".into(),
        (_, Form::Text) => "str".into(),
        (_, Form::Bytes) => "List[Optional[bytes]]".into(),
        _ => render(&entry.result),
    }
}

fn documentation(translator: &Translator<'_>, entry: &Entry) -> String {
    let Documentation { body, errors } = translator.translate(&entry.documentation);
    if errors.is_empty() { body } else { format!("{body}\n\nRaises HanError with the code {errors}") }
}

fn docstring(text: &str, indent: &str) -> String {
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "'''");
    let lines: Vec<&str> = text.lines().collect();
    match lines[..] {
        [] => String::new(),
        [line] => format!("{indent}\"\"\"{line}\"\"\"\n"),
        [first, ref rest @ ..] => {
            let rest: String = rest.iter().map(|line| format!("{indent}{line}").trim_end().to_owned() + "\n").collect();
            format!("{indent}\"\"\"{first}\n{rest}{indent}\"\"\"\n")
        }
    }
}

fn shape(translator: &Translator<'_>, definition: &Definition) -> String {
    let Definition { name, documentation, body } = definition;
    let about = translator.translate(documentation).body;
    match body {
        Body::Alias(of) => format!("\n{}{name} = {}\n", remark(&about, ""), alias(of)),
        Body::Enumeration(members) => {
            let lines: String = members
                .iter()
                .map(|(member, about)| {
                    format!("{}    \"{member}\",\n", remark(&translator.translate(about).body, "    "))
                })
                .collect();
            format!("\n{}{name} = Literal[\n{lines}]\n", remark(&about, ""))
        }
        Body::Object(fields) => object(translator, name, &about, fields),
        Body::Variants(variants) => {
            let mut text = String::new();
            let mut names = Vec::new();
            for (documentation, fields) in variants {
                let tag = fields.iter().find_map(|field| match &field.value {
                    Type::Literals(values) => values.first().map(|value| value.to_upper_camel_case()),
                    _ => None,
                });
                let tag = tag.unwrap_or_else(|| fields.iter().map(|field| field.name.to_upper_camel_case()).collect());
                let own = if tag == *name { format!("{name}Item") } else { format!("{name}{tag}") };
                text.push_str(&object(translator, &own, &translator.translate(documentation).body, fields));
                names.push(own);
            }
            format!("{text}\n{}{name} = Union[{}]\n", remark(&about, ""), names.join(", "))
        }
    }
}

fn object(translator: &Translator<'_>, name: &str, about: &str, fields: &[Field]) -> String {
    if fields.iter().any(|field| KEYWORDS.contains(&field.name.as_str())) {
        let members: Vec<String> =
            fields.iter().map(|field| format!("\"{}\": \"{}\"", field.name, render(&field.value))).collect();
        return format!("\n{}{name} = TypedDict(\"{name}\", {{{}}})\n\n", remark(about, ""), members.join(", "));
    }
    let (required, optional): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| field.is_required);
    let members = |fields: &[&Field]| -> String {
        fields
            .iter()
            .map(|field| {
                let about = remark(&translator.translate(&field.documentation).body, "    ");
                let of = if field.is_required { render(&field.value) } else { input(&field.value) };
                format!("{about}    {}: {of}\n", field.name)
            })
            .collect()
    };
    let documentation = docstring(about, "    ");
    match (required.is_empty(), optional.is_empty()) {
        (_, true) => format!("\nclass {name}(TypedDict):\n{documentation}\n{}\n", members(&required)),
        (true, false) => format!("\nclass {name}(TypedDict, total=False):\n{documentation}\n{}\n", members(&optional)),
        (false, false) => format!(
            "\nclass _{name}(TypedDict):\n{}\n\nclass {name}(_{name}, total=False):\n{documentation}\n{}\n",
            members(&required),
            members(&optional)
        ),
    }
}

fn remark(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}# {line}").trim_end().to_owned() + "\n").collect()
}

/// The type of an alias, which Python evaluates.
fn alias(of: &Type) -> String {
    match of {
        Type::Named(name) => format!("\"{name}\""),
        other => render(other),
    }
}

fn input(of: &Type) -> String {
    match of {
        Type::List(item) => format!("Sequence[{}]", input(item)),
        Type::Vector => "Sequence[float]".into(),
        Type::Map(item) => format!("Mapping[str, {}]", input(item)),
        Type::Union(_) if of.is_nullable() => format!("Optional[{}]", input(&of.non_null())),
        Type::Union(types) => format!("Union[{}]", types.iter().map(input).collect::<Vec<_>>().join(", ")),
        other => render(other),
    }
}

fn render(of: &Type) -> String {
    match of {
        Type::Any => "Any".into(),
        Type::Null => "None".into(),
        Type::Boolean => "bool".into(),
        Type::Integer => "int".into(),
        Type::Number => "float".into(),
        Type::Text => "str".into(),
        Type::Bytes => "bytes".into(),
        Type::Vector => "List[float]".into(),
        Type::Literals(names) => {
            format!("Literal[{}]", names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "))
        }
        Type::List(item) => format!("List[{}]", render(item)),
        Type::Map(item) => format!("Dict[str, {}]", render(item)),
        Type::Named(name) => name.clone(),
        Type::Page(item) => format!("{}Page", render(item)),
        Type::Union(_) if of.is_nullable() => format!("Optional[{}]", render(&of.non_null())),
        Type::Union(types) => format!("Union[{}]", types.iter().map(render).collect::<Vec<_>>().join(", ")),
    }
}
