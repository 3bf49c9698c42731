//! What is read from the Rust sources of the core: the documentation of its methods, and the order of fields.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use heck::{ToLowerCamelCase, ToSnakeCase};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Fields, ImplItem, Item, ReturnType, Type};

use crate::shape::FieldOrder;

/// What was read from the core.
#[derive(Default)]
pub struct Core {
    /// By `Type::method`, and by the name of a free function.
    methods: BTreeMap<String, Method>,
    /// The documentation of types.
    pub types: BTreeMap<String, String>,
    /// The order of fields.
    pub fields: FieldOrder,
    /// The names of fields in Rust, which other languages write in camel case.
    pub field_names: BTreeSet<String>,
}

struct Method {
    documentation: String,
    /// The type that it returns, by which the next method of a chain is found.
    returns: Option<String>,
}

impl Core {
    /// Reads every source below a folder.
    pub fn read(folder: &Path) -> Core {
        let mut core = Core::default();
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.expect("the sources are readable");
            if entry.path().extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(entry.path()).expect("a source is UTF-8");
                let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", entry.path().display()));
                file.items.iter().for_each(|item| core.item(item));
            }
        }
        core
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Impl(block) if block.trait_.is_none() => {
                let Some(owner) = type_name(&block.self_ty) else { return };
                for item in &block.items {
                    if let ImplItem::Fn(function) = item {
                        let method = Method {
                            documentation: documentation(&function.attrs),
                            returns: returned(&function.sig.output),
                        };
                        self.methods.insert(format!("{owner}::{}", function.sig.ident), method);
                    }
                }
            }
            Item::Fn(function) => {
                let method =
                    Method { documentation: documentation(&function.attrs), returns: returned(&function.sig.output) };
                self.methods.insert(function.sig.ident.to_string(), method);
            }
            Item::Struct(structure) => {
                // A private type may have the name of a public one.
                if matches!(structure.vis, syn::Visibility::Public(_)) {
                    self.types.insert(structure.ident.to_string(), documentation(&structure.attrs));
                }
                self.fields.insert(structure.ident.to_string(), names(&structure.fields));
                let idents = structure.fields.iter().filter_map(|field| field.ident.as_ref());
                self.field_names.extend(idents.map(ToString::to_string));
            }
            Item::Enum(enumeration) => {
                let fields = enumeration.variants.iter().flat_map(|variant| names(&variant.fields));
                let fields = ["type".to_owned()].into_iter().chain(fields).collect();
                self.fields.insert(enumeration.ident.to_string(), fields);
            }
            _ => {}
        }
    }

    /// The documentation of the method that an operation's expression runs.
    pub fn documentation(&self, expression: &str) -> String {
        let name = self.method(expression);
        self.methods.get(&name).unwrap_or_else(|| panic!("{expression}: {name} is unknown")).documentation.clone()
    }

    /// The method that an operation's expression runs, as `Type::method`.
    pub fn method(&self, expression: &str) -> String {
        let parsed: Expr = syn::parse_str(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
        let mut finder = Finder { core: self, found: None };
        finder.visit_expr(&parsed);
        finder.found.unwrap_or_else(|| panic!("{expression} calls no method of the core"))
    }

    /// The name of the method that a chain of calls ends with, as `Type::method`.
    fn resolve(&self, expression: &Expr) -> Option<String> {
        let Expr::MethodCall(call) = expression else { return None };
        let owner = match call.receiver.as_ref() {
            Expr::Path(path) if path.path.is_ident("han") => "Han".to_owned(),
            Expr::Path(path) if path.path.is_ident("handle") => "Handle".to_owned(),
            receiver => self.methods.get(&self.resolve(receiver)?)?.returns.clone()?,
        };
        let name = format!("{owner}::{}", call.method);
        self.methods.contains_key(&name).then_some(name)
    }
}

/// Finds the longest chain of calls that begins with `han` or `handle`, or the call of a function of the core.
struct Finder<'c> {
    core: &'c Core,
    found: Option<String>,
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        if let Some(name) = self.core.resolve(expression) {
            self.found = Some(name);
            return;
        }
        if let Expr::Call(call) = expression
            && let Expr::Path(path) = call.func.as_ref()
            && path.path.segments.first().is_some_and(|segment| segment.ident == "crate")
        {
            self.found = path.path.segments.last().map(|segment| segment.ident.to_string());
            return;
        }
        visit::visit_expr(self, expression);
    }
}

fn names(fields: &Fields) -> Vec<String> {
    fields
        .iter()
        .filter_map(|field| {
            let renamed = field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")).find_map(renamed);
            renamed.or_else(|| field.ident.as_ref().map(|name| name.to_string().to_lower_camel_case()))
        })
        .collect()
}

/// The name of a field in serde.
fn renamed(attribute: &Attribute) -> Option<String> {
    let mut name = None;
    // Other keys have other forms, which are skipped; so a parse failure is not an error here.
    let _ = attribute.parse_nested_meta(|meta| {
        let value = meta.value()?.parse::<syn::LitStr>()?;
        if meta.path.is_ident("rename") {
            name = Some(value.value());
        }
        Ok(())
    });
    name
}

fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
        let Expr::Lit(literal) = &pair.value else { return None };
        let syn::Lit::Str(text) = &literal.lit else { return None };
        let text = text.value();
        Some(text.strip_prefix(' ').map(str::to_owned).unwrap_or(text))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn type_name(of: &Type) -> Option<String> {
    let Type::Path(path) = of else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

fn returned(output: &ReturnType) -> Option<String> {
    let ReturnType::Type(_, of) = output else { return None };
    type_name(of)
}

/// The name of an operation in snake case, with its group if it has one: `messages`, `count_batch`.
pub fn snake_names(name: &str) -> Vec<String> {
    name.split('.').map(|part| part.to_snake_case()).collect()
}
