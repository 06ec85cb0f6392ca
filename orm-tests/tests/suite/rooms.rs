//! The order of orm-core's rooms: each imports only rooms above it.

use std::fs;
use std::path::{Path, PathBuf};

/// From the top down, as in CONTRIBUTING.md.
const ROOMS: [&str; 13] = [
    "error", "types", "schema", "row", "model", "query", "engine", "execute", "loading", "ddl", "session",
    "codegen", "guide",
];

pub(crate) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../orm-core/src")
}

/// The files of a folder, those of tests left out: tests may look at everything.
pub(crate) fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().unwrap() == "tests" {
            continue;
        }
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The rooms a text names by `crate::room`, alone or in braces; `$crate` in a macro is the user's crate.
fn rooms_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|before| before == '$' || before == '_' || before.is_alphanumeric()) {
            continue;
        }
        let path = &code[at + "crate::".len()..];
        let names = match path.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or("").split(',').map(str::trim).collect(),
            None => vec![path],
        };
        let word =
            |name: &str| name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        found.extend(names.into_iter().map(word));
    }
    found
}

#[test]
fn a_room_imports_only_rooms_above_it() {
    let root = sources();
    let mut all = Vec::new();
    files(&root, &mut all);
    let mut mistakes = Vec::new();
    let mut imports = 0;
    for file in all {
        let inside = file.strip_prefix(&root).unwrap();
        let room = inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs");
        if room == "lib" {
            continue;
        }
        let place = ROOMS.iter().position(|name| *name == room);
        let place = place.unwrap_or_else(|| panic!("{} is in no room of the list", inside.display()));
        for imported in rooms_in(&fs::read_to_string(&file).unwrap()) {
            if let Some(above) = ROOMS.iter().position(|name| *name == imported) {
                imports += 1;
                if above > place {
                    mistakes.push(format!("{} imports {imported}, which is below {room}", inside.display()));
                }
            }
        }
    }
    assert!(imports > 100, "the imports were not found: {imports}");
    assert_eq!(mistakes, Vec::<String>::new());
}

#[test]
fn the_list_of_rooms_is_what_is_there() {
    let declared = fs::read_to_string(sources().join("lib.rs")).unwrap();
    let modules = declared.lines().filter_map(|line| {
        let line = line.trim_start_matches("pub ").strip_prefix("mod ")?;
        Some(line.trim_end_matches(';').to_owned())
    });
    let mut modules: Vec<String> = modules.filter(|name| !name.starts_with("prelude")).collect();
    let mut rooms = ROOMS.map(str::to_owned).to_vec();
    modules.sort();
    rooms.sort();
    assert_eq!(modules, rooms);
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::error::Error;\nuse crate::{model, query::ast};\nlet x = crate::types::list();\n$crate::codegen::x;";
    assert_eq!(rooms_in(text), ["error", "model", "query", "types"]);
}

/// Words that no documentation of the field uses, which have been given up for types and modules.
const GIVEN_UP: [&str; 14] = [
    "shelf", "glance", "keeper", "prologue", "knot", "doomed", "few", "given", "gone", "along", "moved",
    "missed", "told", "wish",
];

/// Those that no name of our sources has: no variable, function, type, module or file. `in_flight` is a word of the field.
const NO_NAME: [&str; 14] = [
    "shelf", "glance", "keeper", "flight", "prologue", "moved", "few", "knot", "given", "room", "doomed",
    "early", "late", "missed",
];

/// What a cascade does in the words of PostgreSQL, which has none of these.
const PHRASES_GIVEN_UP: [&str; 6] =
    ["taken along", "take along", "takes along", "goes along", "go along", "rides along"];

#[test]
fn cascades_are_told_in_the_words_of_the_field() {
    let mut all = Vec::new();
    files(&sources(), &mut all);
    assert!(all.len() > 300, "{} files were found", all.len());
    for file in all {
        let text = fs::read_to_string(&file).unwrap();
        let found = PHRASES_GIVEN_UP.into_iter().find(|phrase| text.contains(phrase));
        assert_eq!(found, None, "in {}", file.display());
    }
}

/// The parts of a name: `in_flight` and `InFlight` are `in` and `flight`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for character in name.chars() {
        if character == '_' || character.is_uppercase() {
            parts.push(String::new());
        }
        parts.last_mut().unwrap().extend(character.to_lowercase().filter(|character| *character != '_'));
    }
    parts
}

/// Nouns that would be the name of anything: each is declared once at most.
const MEAN_ONE: [&str; 21] = [
    "Row",
    "Rows",
    "Cell",
    "Cells",
    "Batch",
    "Plan",
    "Kind",
    "Gone",
    "Given",
    "Place",
    "Outcome",
    "Intake",
    "Identity",
    "Target",
    "Transaction",
    "Refusal",
    "Sent",
    "Search",
    "State",
    "Then",
    "Wanted",
];

/// What a line declares; a `type` of a trait, which stands inside of it, belongs to the trait.
fn declared(line: &str) -> Option<&str> {
    let mut words = line.split(|character: char| !character.is_alphanumeric() && character != '_');
    let is_inside = line.starts_with(' ');
    let keyword = words.find(|word| ["struct", "enum", "trait", "type"].contains(word))?;
    let is_of_trait = keyword == "type" && is_inside;
    if line.trim_start().starts_with("//") || is_of_trait { None } else { words.next() }
}

#[test]
fn a_noun_that_fits_anything_is_the_name_of_one_thing() {
    let mut all = Vec::new();
    files(&sources(), &mut all);
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for file in all {
        let text = fs::read_to_string(&file).unwrap();
        found.extend(text.lines().filter_map(declared).map(|name| (name.to_owned(), file.clone())));
    }
    assert!(found.len() > 300, "{} declarations were found", found.len());
    for noun in MEAN_ONE {
        let files: Vec<_> = found.iter().filter(|(name, _)| name == noun).map(|(_, file)| file).collect();
        assert!(files.len() <= 1, "`{noun}` is declared {} times: {files:?}", files.len());
    }
    assert_eq!(declared("pub(super) struct Batch<'a> {"), Some("Batch"));
    assert_eq!(declared("type Place = usize;"), Some("Place"));
    assert_eq!(declared("    type Row = i64;"), None);
}

#[test]
fn types_and_modules_have_the_words_of_the_field() {
    let mut all = Vec::new();
    files(&sources(), &mut all);
    let mut names = 0;
    for file in all {
        let text = fs::read_to_string(&file).unwrap();
        let mut words =
            text.split(|character: char| !character.is_alphanumeric() && character != '_').peekable();
        while let Some(word) = words.next() {
            let Some(name) = words.peek().filter(|_| ["struct", "enum", "trait", "mod"].contains(&word))
            else {
                continue;
            };
            names += 1;
            let given_up = parts(name).into_iter().find(|part| GIVEN_UP.contains(&&**part));
            assert_eq!(given_up, None, "`{word} {name}` in {}", file.display());
        }
    }
    assert!(names > 300, "{names} names were found");
    assert_eq!(parts("OneOrMany"), ["", "one", "or", "many"]);
    assert_eq!(parts("in_flight"), ["in", "flight"]);
}

/// The names in a text: not those of comments, of text in quotes, and of the tests at its end.
fn names(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let mut rest = code.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|next| *next != '\n').is_some() {},
            '"' => {
                while let Some(inside) = rest.next().filter(|inside| *inside != '"') {
                    rest.next_if(|_| inside == '\\');
                }
            }
            '\'' if rest.next_if_eq(&'"').is_some() => {}
            character if character.is_alphanumeric() || character == '_' => {
                names.last_mut().unwrap().push(character);
                continue;
            }
            _ => {}
        }
        if !names.last().unwrap().is_empty() {
            names.push(String::new());
        }
    }
    names
}

#[test]
fn no_name_has_a_word_that_was_given_up() {
    let root = sources();
    let mut all = Vec::new();
    files(&root, &mut all);
    files(&root.join("../../orm-derive/src"), &mut all);
    let mut count = 0;
    for file in all {
        let mut found = names(&fs::read_to_string(&file).unwrap());
        let inside = file.strip_prefix(&root).unwrap_or(&file).with_extension("");
        found.push(inside.file_name().unwrap().to_str().unwrap().to_owned());
        count += found.len();
        for name in found {
            let own = ["in_flight", "IN_FLIGHT", "InFlight"]
                .iter()
                .fold(name.clone(), |own, field| own.replace(field, ""));
            let mut parts = parts(&own);
            parts.extend(own.to_lowercase().split('_').map(str::to_owned));
            let given_up = parts.into_iter().find(|part| NO_NAME.contains(&&**part));
            assert_eq!(given_up, None, "`{name}` in {}", file.display());
        }
    }
    assert!(count > 100_000, "{count} names were found");
    assert_eq!(names("let a = \"b \\\" c\"; // d\nlet e_f = '\"';"), ["let", "a", "let", "e_f", ""]);
}

#[test]
fn a_file_has_at_most_400_lines() {
    let root = sources();
    let mut all = Vec::new();
    for folder in ["", "../../orm-derive/src", "../../orm-tests/src", "../../orm-tests/tests/suite"] {
        files(&root.join(folder), &mut all);
    }
    assert!(all.len() > 500, "{} files were found", all.len());
    let lines = |file: &PathBuf| fs::read_to_string(file).unwrap().lines().count();
    let long: Vec<_> = all.iter().filter(|file| lines(file) > 400).collect();
    assert!(long.is_empty(), "split by what it is for: {long:?}");
}
