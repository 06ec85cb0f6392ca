//! Each function that a program calls shows itself in use.

use std::fs;

use crate::rooms::{files, sources};

/// The folders of what a program calls.
const CALLED: [&str; 12] = [
    "ddl",
    "engine",
    "error",
    "execute",
    "loading",
    "model",
    "query/expr",
    "query/statement",
    "schema",
    "session",
    "types/interval.rs",
    "types/range.rs",
];

/// What only generated code calls, and the words of SQL that `create_all` takes.
const OF_GENERATED_CODE: [(&str, &[&str]); 7] = [
    ("model/alias.rs", &["new", "name"]),
    ("query/statement/sql_part.rs", &["new", "text", "part", "finish", "value"]),
    ("query/statement/table_row.rs", &["row_columns", "row_column"]),
    ("query/statement/table_source.rs", &["add"]),
    ("schema/constraint.rs", &["sql", "sql"]),
    ("schema/mod.rs", &["sql"]),
    ("schema/policy.rs", &["sql"]),
];

/// The name of the function that a line begins: a public one, or one of those that a macro writes (`ceil,`, `lt Less,`).
fn function(line: &str) -> Option<&str> {
    let is_name =
        |character: char| character.is_ascii_lowercase() || character == '_' || character.is_ascii_digit();
    if let Some(mut rest) = line.strip_prefix("pub ") {
        for word in ["const ", "async ", "unsafe "] {
            rest = rest.strip_prefix(word).unwrap_or(rest);
        }
        let rest = rest.strip_prefix("fn ")?;
        return rest.split(|character| !is_name(character)).next().filter(|name| !name.is_empty());
    }
    let entry = line.strip_suffix(',')?;
    let name = entry.split(' ').next()?;
    let words = entry.chars().all(|character| character.is_alphanumeric() || "_ :".contains(character));
    (words && !name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// The documented functions of a text, each with whether it has an example.
fn functions(text: &str) -> Vec<(&str, bool)> {
    let mut functions = Vec::new();
    let mut above: Vec<&str> = Vec::new();
    let mut inside_attribute = false;
    for line in text.lines().map(str::trim) {
        if inside_attribute || line.starts_with("///") || line.starts_with("#[") {
            inside_attribute = !line.starts_with("///") && !line.ends_with(']');
            above.push(line);
            continue;
        }
        let is_documented = above.iter().any(|line| line.starts_with("///"));
        if let Some(name) = function(line).filter(|_| is_documented && !above.contains(&"#[doc(hidden)]")) {
            functions.push((name, above.iter().any(|line| line.starts_with("/// ```"))));
        }
        above.clear();
    }
    functions
}

#[test]
fn each_function_that_a_program_calls_has_an_example() {
    let root = sources();
    let (mut count, mut without) = (0, Vec::new());
    for called in CALLED {
        let mut all = Vec::new();
        match called.ends_with(".rs") {
            true => all.push(root.join(called)),
            false => files(&root.join(called), &mut all),
        }
        for file in all {
            let inside = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            let text = fs::read_to_string(&file).unwrap();
            let found = functions(&text);
            count += found.len();
            let names: Vec<_> = found.iter().filter(|(_, shown)| !shown).map(|(name, _)| *name).collect();
            let allowed = OF_GENERATED_CODE.iter().find(|(file, _)| *file == inside);
            if names != allowed.map_or(&[][..], |(_, names)| names) {
                without.push(format!("{inside}: {}", names.join(", ")));
            }
        }
    }
    assert!(count > 600, "{count} functions were found");
    assert_eq!(without, Vec::<String>::new());
}

#[test]
fn functions_are_found_in_impls_and_in_macros() {
    let text = "
        /// Shown.
        ///
        /// ```
        /// f();
        /// ```
        #[must_use]
        pub const fn shown() {}

        /// Not shown.
        #[expect(
            unused
        )]
        pub async fn not_shown() {}

        /// Hidden.
        #[doc(hidden)]
        pub fn hidden() {}

        pub fn undocumented() {}

        /// Of a macro.
        lt Less,
        /// A field.
        field: u32,";
    assert_eq!(functions(text), [("shown", true), ("not_shown", false), ("lt", false)]);
}
