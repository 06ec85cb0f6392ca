//! The README says what the example does.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The program of the example, its sections as comments.
fn program(example: &str) -> Vec<String> {
    let lines = example.lines().skip_while(|line| !line.starts_with("use orm_core"));
    let lines = lines.take_while(|line| !line.starts_with("fn section"));
    let shown = lines.map(|line| match line.trim().strip_prefix("section(\"") {
        Some(title) => format!("    // {}", title.trim_end_matches("\");")),
        None => line.to_owned(),
    });
    let mut shown: Vec<String> = shown.collect();
    while shown.last().is_some_and(String::is_empty) {
        shown.pop();
    }
    shown
}

#[test]
fn the_program_of_the_readme_is_the_example() {
    let readme = read("../README.md");
    let block = readme
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("\n```").next())
        .expect("a block of Rust");
    let shown: Vec<&str> = block.lines().collect();
    assert_eq!(shown, program(&read("examples/tour.rs")));
}

#[test]
fn the_readme_names_the_url_of_the_compose_file() {
    let compose = read("../docker-compose.yml");
    let value = |key: &str| {
        let line =
            compose.lines().find(|line| line.trim().starts_with(key)).unwrap_or_else(|| panic!("{key}"));
        line.split_once(':').unwrap().1.trim().trim_matches('"').to_owned()
    };
    let port = compose
        .lines()
        .find_map(|line| line.trim().trim_matches(['-', ' ', '"']).strip_suffix(":5432"))
        .unwrap();
    let port = port.rsplit(':').next().unwrap();
    let url = format!(
        "postgresql://{}:{}@localhost:{port}/{}",
        value("POSTGRES_USER"),
        value("POSTGRES_PASSWORD"),
        value("POSTGRES_DB")
    );
    assert!(read("../README.md").contains(&url), "{url}");
}
