//! All packages carry one version, and the README names the rusqlite version that they need.

use super::assert_none;
use super::source::{files, root};

#[test]
fn every_package_has_the_version_of_the_workspace() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let package = manifest.split("[workspace.package]").nth(1).unwrap();
    let version = package.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"')).unwrap();
    let mut violations = Vec::new();
    let mut count = 0;
    for path in files(&root()) {
        if !path.ends_with("package.json") {
            continue;
        }
        let package: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        // A private package of tests has none.
        if let Some(found) = package["version"].as_str() {
            count += 1;
            if found != version {
                violations.push(format!("{}: {found}, not {version}", path.display()));
            }
        }
    }
    assert!(count >= 2, "only {count} packages were found");
    for member in ["han-native", "han-ffi", "bindings"] {
        let manifest = std::fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
        if !manifest.contains("version.workspace = true") {
            violations.push(format!("{member}/Cargo.toml has a version of its own"));
        }
    }
    assert_none("every package has the version of the workspace", &violations);
}

#[test]
fn the_readme_names_the_rusqlite_of_this_version() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let of = |key: &str| {
        let value = manifest.lines().find_map(|line| line.strip_prefix(key)?.split('"').nth(1));
        value.unwrap().rsplit_once('.').unwrap().0.to_owned()
    };
    let (own, rusqlite) = (of("version = "), of("rusqlite = "));
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let expected = format!("Release {own} goes with rusqlite {rusqlite}, which is");
    assert!(readme.contains(&expected), "the README does not say: {expected}");
}
