//! `bindings/index.js`: the names that the package exports, written out so that ES modules can import them.

use crate::catalogue::Catalogue;

/// The functions of the default handle that are written by hand.
const BY_HAND: [&str; 6] =
    ["indexSessionFileSync", "subscribe", "onChange", "indexVectors", "registerEmbedder", "close"];

/// The module.
pub fn module(catalogue: &Catalogue) -> String {
    let mut names: Vec<&str> = Vec::new();
    for entry in &catalogue.entries {
        let name = entry.operation.name.split('.').next().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.extend(BY_HAND);
    let names: String = names.iter().map(|name| format!("  {name},\n")).collect();
    format!(
        "'use strict';\n\n// What the package exports. Generated from the table of operations by `make generate`; do not edit.\n\n\
         const {{ Han }} = require('./han.js');\nconst {{\n{names}}} = require('./default-handle.js');\n\n\
         module.exports = {{\n  Han,\n{names}}};\n"
    )
}
