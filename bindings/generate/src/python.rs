//! `bindings/python/src/han_native/_operations.py`: a method for each operation, and the shapes as `TypedDict`s.

use std::collections::BTreeMap;

use han_native::operations::{Form, Kind};
use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::catalogue::{Catalogue, Entry};
use crate::documentation::{Dialect, Documentation, Translator};
use crate::shape::{Body, Definition, Field, Type};

const DIALECT: Dialect = Dialect {
    null: "None",
    name: |name| match name {
        "null" => "None".to_owned(),
        "true" => "True".to_owned(),
        "false" => "False".to_owned(),
        "writer" => "`write`".to_owned(),
        _ => format!("`{name}`"),
    },
    operation: |name| format!("`{}`", name.split('.').map(ToSnakeCase::to_snake_case).collect::<Vec<_>>().join(".")),
    width: 104,
};

/// The hand-written methods of the class `Han`, by the names of the Rust methods. Its `search_vectors` passes numbers, not JSON.
const BY_HAND: [&str; 6] = ["searchVectors", "indexVectors", "registerEmbedder", "subscribe", "onChange", "close"];

/// Words that cannot be names in Python.
const KEYWORDS: [&str; 5] = ["from", "global", "in", "is", "not"];

/// The longest line of code.
const WIDTH: usize = 120;

/// The module.
pub fn module(catalogue: &Catalogue) -> String {
    let names = names(catalogue);
    let translator = Translator::new(&DIALECT, &names, &catalogue.core.field_names);
    let mut module = Module::default();
    for definition in ordered(catalogue) {
        shape(&mut module, &translator, definition);
    }
    for item in pages(catalogue) {
        let name = format!("{item}Page");
        let about = "One page of a list. Cursors are opaque and stay valid while the database lives.";
        let list = Type::List(Box::new(Type::Named(item)));
        let cursor = Type::Union(vec![Type::Text, Type::Null]);
        let total = Type::Union(vec![Type::Integer, Type::Null]);
        let field = |name: &str, value: Type, about: &str| Field {
            name: name.into(),
            value,
            is_required: true,
            documentation: about.into(),
        };
        let fields = [
            field("items", list, "The items, in the order of the list whichever way it is paged."),
            field("hasNextPage", Type::Boolean, "Whether the list goes on after the last item."),
            field("hasPreviousPage", Type::Boolean, "Whether the list has items before the first one."),
            field("startCursor", cursor.clone(), "The cursor of the first item; `None` on an empty page."),
            field("endCursor", cursor, "The cursor of the last item; `None` on an empty page."),
            field("totalCount", total, "How many items the whole list has; `None` if it was not asked for."),
        ];
        object(&mut module, &translator, &name, about, &fields);
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
        let about = format!("{}.", about.trim_end_matches('.'));
        let methods: String = entries.iter().map(|entry| method(catalogue, &translator, entry)).collect();
        module.class(&name, &about, "", &methods);
    }
    let members: String = groups
        .keys()
        .map(|group| format!("        self.{} = {}(calls)\n", group.to_snake_case(), group.to_upper_camel_case()))
        .collect();
    let (functions, methods): (Vec<&Entry>, Vec<&Entry>) =
        own.iter().copied().partition(|entry| entry.operation.kind == Kind::Static);
    let methods: String = methods
        .iter()
        .filter(|entry| !BY_HAND.contains(&entry.operation.name))
        .map(|entry| method(catalogue, &translator, entry))
        .collect();
    module.class("Operations", "The operations of a handle.", &members, &methods);
    for entry in functions {
        module.add(&entry.operation.name.to_snake_case(), &function(catalogue, &translator, entry));
    }
    module.finish()
}

/// The text of the module, and the names that it exports.
#[derive(Default)]
struct Module {
    text: String,
    names: Vec<String>,
}

impl Module {
    fn add(&mut self, name: &str, text: &str) {
        self.text.push_str(&format!("\n\n{text}"));
        self.names.push(name.to_owned());
    }

    fn class(&mut self, name: &str, about: &str, members: &str, methods: &str) {
        let about = docstring(about, "    ");
        let head = format!("class {name}:\n{about}\n    def __init__(self, calls: Calls) -> None:\n");
        self.add(name, &format!("{head}        self._calls = calls\n{members}{methods}"));
    }

    fn finish(mut self) -> String {
        self.names.sort();
        let names: String = self.names.iter().map(|name| format!("    \"{name}\",\n")).collect();
        format!(
            "\"\"\"The operations and their shapes. Generated from the table of operations by `make generate`; do not edit.\"\"\"\n\n\
             # mypy: disable-error-code=\"no-any-return\"\n\n\
             from __future__ import annotations\n\n\
             import os\n\
             from typing import Any, Callable, Dict, List, Literal, Mapping, Optional, Sequence, TypedDict, Union\n\n\
             from ._calls import Calls\nfrom ._library import Cancellation, call_static\n\n\
             __all__ = [\n{names}]\n\n\
             Path = Union[str, \"os.PathLike[str]\"]\n{}",
            self.text
        )
    }
}

/// Dotted names of operations by the Rust method that they run; those of the handle itself also without its type, as its own
/// documentation calls them.
fn names(catalogue: &Catalogue) -> BTreeMap<String, String> {
    let mut names = catalogue.names.clone();
    let own = catalogue.entries.iter().map(|entry| entry.operation.name).filter(|name| !name.contains('.'));
    let own = own.chain(BY_HAND).map(|name| (name.to_snake_case(), name.to_owned()));
    names.extend(own.flat_map(|(method, name)| [(format!("Han::{method}"), name.clone()), (method, name)]));
    names
}

/// Shapes in the order in which Python can read them: the members of a union come before it.
fn ordered(catalogue: &Catalogue) -> Vec<&Definition> {
    let is_last = |definition: &&Definition| matches!(definition.body, Body::Variants(_));
    let (last, first): (Vec<&Definition>, Vec<&Definition>) = catalogue.definitions.values().partition(is_last);
    let (aliases, objects): (Vec<&Definition>, Vec<&Definition>) =
        first.into_iter().partition(|definition| !matches!(definition.body, Body::Object(_)));
    aliases.into_iter().chain(objects).chain(last).collect()
}

/// The items that pages exist for.
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
    let (mut parameters, mut arguments) = parameters(catalogue, entry);
    parameters.insert(0, "self".into());
    let how = match operation.kind {
        Kind::Stream => "stream",
        _ if operation.is_cancellable || operation.has_progress => "long",
        _ => "call",
    };
    match operation.form {
        Form::Text => arguments.push("form=\"text\"".into()),
        Form::Bytes => arguments.push("form=\"bytes\"".into()),
        _ => {}
    }
    let is_none = operation.kind == Kind::Stream || entry.result == Type::Null;
    format!(
        "\n{}{}{}",
        head(&name, &parameters, &result(entry), "    "),
        docstring(&documentation(translator, entry), "        "),
        statement(if is_none { "" } else { "return " }, &format!("self._calls.{how}"), &arguments, "        "),
    )
}

fn function(catalogue: &Catalogue, translator: &Translator<'_>, entry: &Entry) -> String {
    let (parameters, arguments) = parameters(catalogue, entry);
    format!(
        "{}{}{}",
        head(&entry.operation.name.to_snake_case(), &parameters, &result(entry), ""),
        docstring(&documentation(translator, entry), "    "),
        statement("return ", "call_static", &arguments, "    "),
    )
}

fn head(name: &str, parameters: &[String], result: &str, indent: &str) -> String {
    let line = format!("{indent}def {name}({}) -> {result}:\n", parameters.join(", "));
    if line.len() <= WIDTH + 1 {
        return line;
    }
    let lines: String = parameters.iter().map(|parameter| format!("{indent}    {parameter},\n")).collect();
    format!("{indent}def {name}(\n{lines}{indent}) -> {result}:\n")
}

fn statement(keyword: &str, function: &str, arguments: &[String], indent: &str) -> String {
    let line = format!("{indent}{keyword}{function}({})\n", arguments.join(", "));
    if line.len() <= WIDTH + 1 {
        return line;
    }
    let lines: String = arguments.iter().map(|argument| format!("{indent}    {argument},\n")).collect();
    format!("{indent}{keyword}{function}(\n{lines}{indent})\n")
}

/// The parameters of a method, and the arguments of the call inside it.
fn parameters(catalogue: &Catalogue, entry: &Entry) -> (Vec<String>, Vec<String>) {
    let operation = entry.operation;
    let mut parameters = Vec::new();
    let mut passed = Vec::new();
    // Whatever follows a parameter that may be left out may be left out, too.
    let is_optional =
        |at: usize| operation.kind != Kind::Stream && entry.leading[at..].iter().all(|(_, of)| of.is_nullable());
    for (at, (name, of)) in entry.leading.iter().enumerate() {
        let python = name.to_snake_case();
        let is_path = python.ends_with("path") || python.ends_with("_dir") || python == "folder";
        let of = if is_path { "Path".to_owned() } else { input(of) };
        let default = if is_optional(at) { " = None" } else { "" };
        parameters.push(format!("{python}: {of}{default}"));
        passed.push(format!("\"{name}\": {python}"));
    }
    let mut arguments = vec![format!("\"{}\"", operation.name), format!("{{{}}}", passed.join(", "))];
    if operation.kind == Kind::Stream {
        parameters.push("write: Callable[[bytes], Any]".into());
    }
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
            arguments.push("options".into());
        }
        None => arguments.push("None".into()),
    }
    if operation.kind == Kind::Stream {
        arguments.push("write".into());
    } else if operation.is_cancellable || operation.has_progress {
        match &entry.progress {
            Some(progress) => {
                parameters.push(format!("on_progress: Optional[Callable[[{}], Any]] = None", render(progress)));
                arguments.push("on_progress".into());
            }
            None => arguments.push("None".into()),
        }
        parameters.push("cancellation: Optional[Cancellation] = None".into());
        arguments.push("cancellation".into());
    }
    (parameters, arguments)
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
    if errors.is_empty() { body } else { format!("{body}\n\nRaises HanError: {}", lower_first(&errors)) }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
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

fn shape(module: &mut Module, translator: &Translator<'_>, definition: &Definition) {
    let Definition { name, documentation, body } = definition;
    let about = translator.translate(documentation).body;
    match body {
        Body::Alias(of) => module.add(name, &format!("{}{name} = {}\n", remark(&about, ""), evaluated(of))),
        Body::Enumeration(members) => {
            let lines: String = members
                .iter()
                .map(|(member, about)| {
                    format!("{}    \"{member}\",\n", remark(&translator.translate(about).body, "    "))
                })
                .collect();
            module.add(name, &format!("{}{name} = Literal[\n{lines}]\n", remark(&about, "")));
        }
        Body::Object(fields) => object(module, translator, name, &about, fields),
        Body::Variants(variants) => {
            let mut names = Vec::new();
            for (documentation, fields) in variants {
                let tag = fields.iter().find_map(|field| match &field.value {
                    Type::Literals(values) => values.first().map(|value| value.to_upper_camel_case()),
                    _ => None,
                });
                let tag = tag.unwrap_or_else(|| fields.iter().map(|field| field.name.to_upper_camel_case()).collect());
                let own = if tag == *name { format!("{name}Item") } else { format!("{name}{tag}") };
                object(module, translator, &own, &translator.translate(documentation).body, fields);
                names.push(own);
            }
            module.add(name, &format!("{}{name} = Union[{}]\n", remark(&about, ""), names.join(", ")));
        }
    }
}

fn object(module: &mut Module, translator: &Translator<'_>, name: &str, about: &str, fields: &[Field]) {
    let comment = |field: &Field, indent| remark(&translator.translate(&field.documentation).body, indent);
    if fields.iter().any(|field| KEYWORDS.contains(&field.name.as_str())) {
        let member = |field: &Field| {
            format!("{}        \"{}\": {},\n", comment(field, "        "), field.name, evaluated(&field.value))
        };
        let members: String = fields.iter().map(member).collect();
        let about = remark(about, "");
        return module
            .add(name, &format!("{about}{name} = TypedDict(\n    \"{name}\",\n    {{\n{members}    }},\n)\n"));
    }
    let (required, optional): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| field.is_required);
    let members = |fields: &[&Field]| -> String {
        fields
            .iter()
            .map(|field| {
                let of = if field.is_required { render(&field.value) } else { input(&field.value) };
                format!("{}    {}: {of}\n", comment(field, "    "), field.name)
            })
            .collect()
    };
    let documentation = docstring(about, "    ");
    let text = match (required.is_empty(), optional.is_empty()) {
        (_, true) => format!("class {name}(TypedDict):\n{documentation}\n{}", members(&required)),
        (true, false) => format!("class {name}(TypedDict, total=False):\n{documentation}\n{}", members(&optional)),
        (false, false) => format!(
            "class _{name}(TypedDict):\n{}\n\nclass {name}(_{name}, total=False):\n{documentation}\n{}",
            members(&required),
            members(&optional)
        ),
    };
    module.add(name, &text);
}

fn remark(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}# {line}").trim_end().to_owned() + "\n").collect()
}

/// A type that Python evaluates at once, when the shapes that it names may not exist yet.
fn evaluated(of: &Type) -> String {
    let quoted = |name: &str| Type::Named(format!("\"{name}\""));
    let inside = |of: &Type| Type::Named(evaluated(of));
    render(&match of {
        Type::Named(name) => quoted(name),
        Type::Page(item) => quoted(&format!("{}Page", render(item))),
        Type::List(item) => Type::List(Box::new(inside(item))),
        Type::Map(item) => Type::Map(Box::new(inside(item))),
        Type::Union(types) => {
            let keep = |of: &Type| if *of == Type::Null { Type::Null } else { inside(of) };
            Type::Union(types.iter().map(keep).collect())
        }
        other => other.clone(),
    })
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
