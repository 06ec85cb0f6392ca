//! No circle of files inside a room: each can be read after those it imports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::rooms::{files, sources};

/// The rooms that hold it.
const HELD: [&str; 11] =
    ["error", "types", "schema", "row", "model", "query", "engine", "execute", "loading", "ddl", "session"];

/// An expression has statements in it and a statement expressions, so the files of the tree are one module here.
const RECURSIVE: [&str; 2] = ["query", "ast"];

/// A path from the crate's root: `["engine", "pool", "manager", "Pool"]`.
type Names = Vec<String>;

/// The modules of a room, each with the paths it names.
struct Room {
    modules: BTreeMap<Names, Vec<Names>>,
}

impl Room {
    fn read(root: &Path, name: &str) -> Room {
        let mut found = Vec::new();
        files(&root.join(name), &mut found);
        let sources = found.iter().map(|file| {
            let inside = file.strip_prefix(root).unwrap().with_extension("");
            let mut module: Names =
                inside.components().map(|part| part.as_os_str().to_str().unwrap().to_owned()).collect();
            module.pop_if(|last| last == "mod");
            (module, fs::read_to_string(file).unwrap())
        });
        Room::of(sources.collect())
    }

    fn of(sources: BTreeMap<Names, String>) -> Room {
        let absolute = |module: &Names, text: &str| -> Option<Names> {
            let mut names: Names = text.split("::").map(|name| name.trim().to_owned()).collect();
            let mut start = module.clone();
            match names[0].as_str() {
                "crate" => start.clear(),
                "self" | "super" => {}
                // What is no child is another crate.
                child => {
                    start.push(child.to_owned());
                    if !sources.contains_key(&start) {
                        return None;
                    }
                    start.pop();
                }
            }
            while let "crate" | "self" | "super" = names.first()?.as_str() {
                if names.remove(0) == "super" {
                    start.pop();
                }
            }
            Some([start, names].concat())
        };
        let paths = |(module, text): (&Names, &String)| {
            let named = paths_in(text).into_iter().filter_map(|path| absolute(module, &path)).collect();
            (module.clone(), named)
        };
        Room { modules: sources.iter().map(paths).collect() }
    }

    /// The module that has what a path names, through re-exports; `None` where that is in another room.
    fn module_of(&self, path: &Names) -> Option<Names> {
        let tree = RECURSIVE.map(str::to_owned);
        if path.starts_with(&tree) && self.modules.contains_key(&tree[..]) {
            return Some(tree.to_vec());
        }
        let length = (1..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length]))?;
        let (module, rest) = (path[..length].to_vec(), &path[length..]);
        let Some(name) = rest.first() else { return Some(module) };
        let reexported =
            self.modules[&module].iter().find(|named| named.last() == Some(name) && *named != path);
        match reexported {
            Some(named) => self.module_of(&[named, &rest[1..]].concat()),
            None => Some(module),
        }
    }

    /// What a module imports. A folder's door and what is in the folder belong together.
    fn imports(&self, module: &Names) -> Vec<Names> {
        let mut found: Vec<Names> =
            self.modules[module].iter().filter_map(|path| self.module_of(path)).collect();
        found.retain(|other| !module.starts_with(other) && !other.starts_with(module));
        found.sort();
        found.dedup();
        found
    }

    /// The first circle there is.
    fn circle(&self) -> Option<Vec<String>> {
        let mut done = Vec::new();
        self.modules.keys().find_map(|module| self.circle_from(module, &mut Vec::new(), &mut done))
    }

    fn circle_from(
        &self,
        module: &Names,
        way: &mut Vec<Names>,
        done: &mut Vec<Names>,
    ) -> Option<Vec<String>> {
        if let Some(at) = way.iter().position(|other| other == module) {
            return Some(way[at..].iter().chain([module]).map(|module| module.join("/")).collect());
        }
        if done.contains(module) {
            return None;
        }
        way.push(module.clone());
        let found = self.imports(module).iter().find_map(|other| self.circle_from(other, way, done));
        way.pop();
        done.push(module.clone());
        found
    }
}

/// The paths that a file names: those of `use`, and others that begin with `crate`, `self` or `super`.
fn paths_in(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut is_inside = false;
    let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| {
        // What is above a module inside of a file is the file.
        is_inside = (is_inside && line != "}") || (line.ends_with('{') && is_module(line));
        if is_inside { line.replacen("use super::", "use self::", 1) } else { line.to_owned() }
    });
    let code: Vec<String> = code.collect();
    let mut found = Vec::new();
    for statement in code.join("\n").split(';') {
        match statement.split_once("use ") {
            Some((before, tree))
                if before.trim_end().is_empty() || before.trim_end().ends_with([')', 'b', ']', '}']) =>
            {
                expand(tree, "", &mut found);
            }
            _ => found.extend(qualified(statement)),
        }
    }
    found
}

/// `mod name {`, visible or not.
fn is_module(line: &str) -> bool {
    line.starts_with("mod ") || (line.starts_with("pub") && line.contains(" mod "))
}

/// `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(tree: &str, before: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, list)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default();
        let path = format!("{before}{name}");
        return found.push(path.trim_end_matches("::self").to_owned());
    };
    let before = format!("{before}{head}");
    let (mut depth, mut start) = (0, 0);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                if !list[start..at].trim().is_empty() {
                    expand(&list[start..at], &before, found);
                }
                start = at + 1;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
}

fn qualified(code: &str) -> Vec<String> {
    let is_of_path = |character: char| character.is_alphanumeric() || "_:$".contains(character);
    let words = code.split(|character| !is_of_path(character));
    let is_ours = |word: &&str| ["crate::", "self::", "super::"].iter().any(|start| word.starts_with(start));
    words.filter(is_ours).map(|word| word.trim_end_matches(':').to_owned()).collect()
}

#[test]
fn files_of_a_room_import_each_other_in_no_circle() {
    for name in HELD {
        let room = Room::read(&sources(), name);
        let imports: usize = room.modules.keys().map(|module| room.imports(module).len()).sum();
        assert!(imports > 0 || room.modules.len() < 5, "{name}: no imports were found");
        assert_eq!(room.circle(), None, "{name}");
    }
}

#[test]
fn circles_are_found_through_doors_and_braces() {
    let room = |second: &str| {
        let files = [
            ("a", "mod one;\nmod two;\npub(crate) use one::One;\nuse two::{Two, more::More};"),
            (
                "a/one",
                "//! use super::Nothing;\nuse std::fmt;\nuse super::{A, two::Two as Other};\nstruct One;",
            ),
            ("a/two", second),
        ];
        let names = |path: &str| path.split('/').map(str::to_owned).collect();
        Room::of(files.map(|(path, text)| (names(path), text.to_owned())).into())
    };
    let circle = Some(["a/one", "a/two", "a/one"].map(str::to_owned).to_vec());
    assert_eq!(room("use super::One;").circle(), circle);
    assert_eq!(room("fn f(_: &crate::a::One) {}").circle(), circle);
    assert_eq!(room("mod inner {\n    use super::super::One;\n}").circle(), circle);
    assert_eq!(room("use super::A;\nmod inner {\n    use super::One;\n}").circle(), None);
    assert_eq!(
        room("use super::A;\n#[cfg(test)]\nmod tests {\n    use super::super::One;\n}").circle(),
        None
    );
}
