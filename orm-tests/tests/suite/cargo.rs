//! What the workspace promises to those who build it.

use std::fs;
use std::path::Path;
use std::process::Command;

fn cargo(arguments: &[&str], flags: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--locked", "--offline"])
        .env("RUSTDOCFLAGS", flags)
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// How many crates a build of orm-core needs, itself and its derive included.
fn crates(features: &[&str]) -> usize {
    let tree = ["tree", "--edges", "normal", "--package", "orm-core", "--prefix", "none", "--no-dedupe"];
    let printed = cargo(&[&tree[..], features].concat(), "");
    let mut lines: Vec<&str> = printed.lines().filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.len()
}

#[test]
fn the_dependency_tree_is_small_and_as_the_guide_says() {
    let (bare, default) = (crates(&["--no-default-features"]), crates(&[]));
    assert!(bare < 80 && default < 105, "{bare} and {default} crates");
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../orm-core/src/guide/cost.md"))
            .unwrap();
    let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let claim = format!("has {bare} crates without optional features and {default} with the default ones");
    assert!(words.contains(&claim), "the page should say: {claim}");
}

#[test]
fn the_documentation_builds_without_warnings() {
    cargo(&["doc", "--package", "orm-core", "--package", "orm-derive", "--no-deps"], "-D warnings");
}
