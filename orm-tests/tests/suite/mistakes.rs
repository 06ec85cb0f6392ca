//! Mistakes that the compiler finds, and what it says of them; each is a program in `tests/ui`.
//!
//! A program says what it expects in its first lines: `// expect: text` is in one of its errors, with its labels, notes
//! and help, white space aside; `// at: text` below it is the source where that error begins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::rooms;

struct Program {
    name: String,
    path: PathBuf,
    source: String,
}

/// What a program expects to be told, and where.
struct Expected<'a> {
    text: &'a str,
    at: Option<&'a str>,
}

impl Program {
    fn expected(&self) -> Vec<Expected<'_>> {
        let mut expected: Vec<Expected<'_>> = Vec::new();
        for line in self.source.lines() {
            if let Some(text) = line.strip_prefix("// expect: ") {
                expected.push(Expected { text, at: None });
            } else if let Some(at) = line.strip_prefix("// at: ") {
                expected.last_mut().expect("`at` below an `expect`").at = Some(at);
            }
        }
        expected
    }

    /// What is wrong with what the compiler says of it.
    fn wrong(&self, errors: &[String]) -> Vec<String> {
        let place = format!("{}.rs:", self.name);
        let mine: Vec<(String, &str)> = errors
            .iter()
            .filter_map(|error| Some((words(error), self.source_at(error.split_once(&place)?.1)?)))
            .collect();
        let expected = self.expected();
        let is_told = |expected: &&Expected<'_>| {
            mine.iter().any(|(error, source)| {
                error.contains(&words(expected.text)) && source.starts_with(expected.at.unwrap_or_default())
            })
        };
        let name = &self.name;
        let missing = expected.iter().filter(|expected| !is_told(expected));
        let mut wrong: Vec<_> = missing
            .map(|Expected { text, at }| format!("{name} does not say: {text}\n  at {at:?}, but: {mine:#?}"))
            .collect();
        if mine.is_empty() || expected.is_empty() {
            wrong.push(format!("{name} compiles, or expects nothing"));
        }
        wrong
    }

    /// The source at `line:column`, with which this text begins.
    fn source_at(&self, place: &str) -> Option<&str> {
        let mut numbers = place.split(|other: char| !other.is_ascii_digit()).map(str::parse::<usize>);
        let (line, column) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        self.source.lines().nth(line - 1)?.get(column - 1..)
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn programs() -> Vec<Program> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let read = |path: PathBuf| Program {
        name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
        source: fs::read_to_string(&path).unwrap(),
        path,
    };
    let mut programs: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap().path())).collect();
    programs.sort_by(|one, other| one.name.cmp(&other.name));
    programs
}

/// A package of the programs, outside this workspace, so that its mistakes stop nobody's build.
fn package(programs: &[Program]) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes");
    fs::create_dir_all(&folder).unwrap();
    let manifest = format!(
        "[package]\nname = \"mistakes\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\n[dependencies]\n\
         orm-core = {{ path = {:?} }}\norm-tests = {{ path = {tests:?} }}\n\n\
         [[bin]]\nname = \"mistakes\"\npath = \"main.rs\"\n",
        tests.join("../orm-core")
    );
    // One binary, which takes seconds where one for each took a minute. The compiler names a type by its whole path where
    // another has the same name, so a program whose error names a type of its own needs a name no other has.
    let modules =
        programs.iter().map(|Program { name, path, .. }| format!("#[path = {path:?}]\nmod {name};\n"));
    fs::write(folder.join("main.rs"), modules.collect::<String>() + "fn main() {}\n").unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(tests.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// The errors of all programs, as the compiler shows them.
fn errors(package: &Path) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--message-format", "json"])
        // What the workspace has checked already need not be checked again.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."))
        .current_dir(package)
        .output()
        .unwrap();
    let messages = String::from_utf8(output.stdout).unwrap();
    let errors = messages.lines().filter_map(|line| {
        let message = serde_json::from_str::<Value>(line).unwrap()["message"].take();
        (message["level"] == "error").then(|| message["rendered"].as_str().unwrap().to_owned())
    });
    let errors: Vec<String> = errors.collect();
    assert!(!errors.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    errors
}

#[test]
fn the_compiler_finds_them_and_says_what_is_wrong() {
    let programs = programs();
    assert!(programs.len() >= 340);
    let errors = errors(&package(&programs));
    let wrong: Vec<_> = programs.iter().flat_map(|program| program.wrong(&errors)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // What a reader takes in at once; the compiler adds where the method, and its macro, are defined.
    let long: Vec<_> = errors.iter().filter(|error| error.lines().count() > 27).collect();
    assert!(long.len() * 8 < errors.len(), "{} of {} errors are long: {long:#?}", long.len(), errors.len());
}

/// Traits that no error of a program names: their impls follow from those of other traits, or only the derive asks for them.
const UNNAMED: [&str; 9] = [
    "Arity",
    "CellColumn",
    "JsonContent",
    "Kind",
    "ReferenceValue",
    "ReturnedRows",
    "ToOne",
    "Tracker",
    "Value",
];

#[test]
fn every_public_trait_says_what_was_expected() {
    let mut sources = Vec::new();
    rooms::files(&rooms::sources(), &mut sources);
    let (mut silent, mut speaking) = (Vec::new(), 0);
    for path in sources {
        let source = fs::read_to_string(&path).unwrap();
        for (place, _) in source.match_indices("\npub trait ") {
            let name = source[place + "\npub trait ".len()..].split(|letter: char| !letter.is_alphanumeric());
            let above = source[..place].rsplit("\n\n").next().unwrap();
            if above.contains("#[diagnostic::on_unimplemented(") {
                speaking += 1;
            } else {
                silent.extend(name.take(1).map(str::to_owned));
            }
        }
    }
    silent.sort();
    assert!(speaking > 40, "the traits were not found: {speaking}");
    assert_eq!(silent, UNNAMED, "a new trait needs a `#[diagnostic::on_unimplemented(..)]`");
}
