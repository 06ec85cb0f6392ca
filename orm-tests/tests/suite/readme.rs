//! The front page and the guide say what the examples do.

use std::fs;
use std::path::Path;
use std::process::Command;

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

/// The first block of Rust of a page.
fn first_block(page: &str, fence: &str) -> String {
    let rest = page.split_once(fence).expect("a block of Rust").1;
    rest.split("\n```").next().expect("its end").to_owned()
}

#[test]
fn the_program_of_the_tour_is_the_example() {
    let page = read("../orm-core/src/guide/tour.md");
    let block = first_block(&page, "```rust,no_run\n");
    assert_eq!(block.lines().collect::<Vec<_>>(), program(&read("examples/tour.rs")));
}

#[test]
fn the_program_of_the_readme_is_an_example() {
    let example = read("examples/start.rs");
    let start = example.find("use orm_core").unwrap();
    assert_eq!(first_block(&read("../README.md"), "```rust\n"), example[start..].trim_end());
}

#[test]
fn the_readme_is_read_in_some_minutes() {
    let lines = read("../README.md").lines().count();
    assert!(lines < 150, "{lines} lines: the guide is the place for more");
}

#[test]
fn each_page_of_the_guide_is_in_the_readme() {
    let readme = read("../README.md");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../orm-core/src/guide");
    let mut pages = 0;
    for file in fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if let Some(page) = name.strip_suffix(".md") {
            assert!(readme.contains(&format!("](orm-core/src/guide/{page}.md)")), "{name}");
            pages += 1;
        }
    }
    assert!(pages > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_of_the_readme_runs() {
    let database = orm_tests::Database::create().await;
    let url = database.url().to_owned();
    let run = move || {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([
            "run",
            "--quiet",
            "--locked",
            "--offline",
            "--package",
            "orm-tests",
            "--example",
            "start",
        ]);
        cargo.env("DATABASE_URL", url).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        said,
        "1 adults, the first is Alice\nposts of each: [(\"Alice\", 1), (\"Cid\", 0)], \
         titles: [(\"Alice\", Some(\"Hello\")), (\"Cid\", None)]\nfound: true\n0 of 0 pairs, 2 users\n\
         newest: [\"Hello\"], loud: [(1, \"ALICE\")]\nAlice wrote \"Hello\"\n\
         1 is older, all are Some(27)\n"
    );
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
