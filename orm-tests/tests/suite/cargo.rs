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

/// Licences that ask whoever ships a program for no more than their text.
const LICENCES: [&str; 6] = ["MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "Unicode-3.0", "Zlib"];

#[test]
fn every_crate_is_of_the_registry_and_under_a_licence_that_asks_for_nothing() {
    let tree = ["tree", "--workspace", "--prefix", "none", "--no-dedupe", "--format", "{p}|{l}"];
    let printed = cargo(&tree, "");
    let crates: Vec<_> = printed.lines().filter_map(|line| line.split_once('|')).collect();
    assert!(crates.len() > 100);
    for (name, licence) in crates {
        // Behind the version stands where it is from, if that is not the registry.
        let own = name.starts_with("orm-");
        assert!(own || !name.contains('(') || name.ends_with("(proc-macro)"), "{name} is of no registry");
        let licence = licence.replace('/', " OR ");
        let fits = |clause: &str| {
            clause.trim_matches(['(', ')']).split(" OR ").any(|licence| LICENCES.contains(&licence))
        };
        assert!(licence.split(" AND ").all(fits), "{name} is under {licence:?}");
    }
}

#[test]
fn the_documentation_builds_without_warnings_and_has_the_names_that_are_listed() {
    cargo(&["doc", "--package", "orm-core", "--package", "orm-derive", "--no-deps"], "-D warnings");
    let program = std::env::current_exe().unwrap();
    let target = program.ancestors().nth(3).unwrap();
    let page = fs::read_to_string(target.join("doc/orm_core/all.html")).unwrap();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/public_names.txt");
    let names = public_names(&page);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&list, &names).unwrap();
    }
    let listed = fs::read_to_string(&list).unwrap();
    let differs = |one: &str, other: &str| -> Vec<String> {
        one.lines().filter(|name| !other.lines().any(|other| other == *name)).map(str::to_owned).collect()
    };
    let (new, gone) = (differs(&names, &listed), differs(&listed, &names));
    assert!(
        new.is_empty() && gone.is_empty(),
        "public names differ from tests/public_names.txt: {new:?} are new, {gone:?} are gone; where that is meant, \
         UPDATE_SNAPSHOTS=1 writes the list anew"
    );
}

/// What the documentation lists, a line each: `struct engine::Engine`.
fn public_names(page: &str) -> String {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split_once(".html\"")?.0.into());
    let names = links.filter_map(|link: &str| {
        let (modules, file) = link.rsplit_once('/').unwrap_or(("", link));
        let (kind, name) = file.split_once('.')?;
        let modules = modules.replace('/', "::");
        let path = if modules.is_empty() { name.to_owned() } else { format!("{modules}::{name}") };
        Some(format!("{kind} {path}"))
    });
    let mut names: Vec<String> = names.filter(|name| !name.contains("..")).collect();
    names.sort_unstable();
    names.dedup();
    names.join("\n") + "\n"
}
