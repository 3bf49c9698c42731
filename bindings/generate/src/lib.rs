//! Writes what follows from the table of operations (`han_native::operations`): no declaration of an operation in any language is
//! written by hand.

pub mod c;
pub mod catalogue;
pub mod documentation;
pub mod javascript;
pub mod python;
pub mod shape;
pub mod source;
pub mod typescript;

use std::path::{Path, PathBuf};

use catalogue::Catalogue;
use typescript::Surface;

/// The folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every generated file: its path below the project, and its text.
pub fn files() -> Vec<(&'static str, String)> {
    let root = root();
    let catalogue = Catalogue::read(&root.join("han-native/src"));
    let read = |name: &str| {
        std::fs::read_to_string(root.join("bindings/surface").join(name)).expect("the surface is readable")
    };
    let surface = Surface {
        common: read("common.d.ts.in"),
        han: read("han.d.ts.in"),
        default_handle: read("default-handle.d.ts.in"),
    };
    vec![
        ("han-ffi/src/operations.rs", c::functions(&catalogue)),
        ("han-ffi/src/operations.json", catalogue.json()),
        ("han-ffi/src/shapes.txt", c::shapes(&catalogue)),
        ("bindings/index.d.ts", typescript::declarations(&catalogue, &surface)),
        ("bindings/index.js", javascript::module(&catalogue)),
        ("bindings/python/src/han_native/_operations.py", python::module(&catalogue)),
    ]
}
