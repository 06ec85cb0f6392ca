//! Mistakes that the compiler finds, and what it says of them; each is a program in `tests/ui`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The programs, with the texts their errors must have.
fn programs() -> Vec<(PathBuf, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let mut programs: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let expected =
                text.lines().filter_map(|line| line.strip_prefix("// expect: ")).map(str::to_owned);
            (path, expected.collect())
        })
        .collect();
    programs.sort();
    programs
}

/// A package with a binary for each program, outside this workspace, so that its mistakes stop nobody's build.
fn package(programs: &[(PathBuf, Vec<String>)]) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes");
    fs::create_dir_all(&folder).unwrap();
    let mut manifest = format!(
        "[package]\nname = \"mistakes\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\n[dependencies]\n\
         orm-core = {{ path = {:?} }}\norm-tests = {{ path = {tests:?} }}\n",
        tests.join("../orm-core")
    );
    for (path, _) in programs {
        let name = path.file_stem().unwrap().to_str().unwrap();
        manifest.push_str(&format!("\n[[bin]]\nname = {name:?}\npath = {path:?}\n"));
    }
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(tests.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

#[test]
fn the_compiler_finds_them_and_says_what_is_wrong() {
    let programs = programs();
    assert!(programs.len() >= 38);
    let folder = package(&programs);
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--keep-going", "--message-format", "short", "--bins"])
        .env("CARGO_TERM_COLOR", "never")
        // What the workspace has checked already need not be checked again.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."))
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let mut wrong = Vec::new();
    for (path, expected) in &programs {
        let name = path.file_name().unwrap().to_str().unwrap();
        let place = format!("{name}:");
        let errors: Vec<&str> =
            said.lines().filter(|line| line.contains(&place) && line.contains("error")).collect();
        let missing = expected.iter().filter(|text| !errors.iter().any(|error| error.contains(&***text)));
        for text in missing {
            wrong.push(format!("{name} does not say: {text}\n  it says: {errors:#?}"));
        }
        if errors.is_empty() || expected.is_empty() {
            wrong.push(format!("{name} compiles, or expects nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}\n\n{said}", wrong.join("\n"));
}
