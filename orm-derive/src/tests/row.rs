//! Mistakes in rows with names, and their code.

use super::expansion::formatted;
use super::{assert_told, row_mistakes};

fn code(source: &str) -> String {
    crate::derive_row(source.parse().unwrap()).to_string()
}

#[test]
fn a_row_of_two_fields_is_written_in_under_100_lines() {
    for source in [
        "pub struct Revenue { pub supplier: i64, pub total: Option<Decimal> }",
        "#[orm(of = User)] pub struct UserCard { pub id: i64, pub name: String }",
    ] {
        let Some(code) = formatted(&code(source)) else { return println!("skipped: there is no rustfmt") };
        let lines = code.lines().count();
        assert!(lines < 100, "{lines} lines: {code}");
    }
}

#[test]
fn only_a_struct_with_named_fields_is_a_row() {
    for (source, found) in [
        ("struct Line(i64);", "a tuple struct"),
        ("struct Line;", "a unit struct"),
        ("enum Line { One }", "an enum"),
    ] {
        let message = format!(
            "`#[derive(Row)]` needs a struct with named fields, and `Line` is {found}: write `struct Line {{ .. }}`"
        );
        assert_told(&row_mistakes(source), "Line", &message);
        assert!(!code(source).contains("SelectLine"));
    }
    assert_told(&row_mistakes("struct Line {}"), "Line", "a row has at least one field");
    assert_told(
        &row_mistakes("struct Line<T> { one: T }"),
        "<T>",
        "a row has no type parameters or lifetimes: its fields are of fixed, owned types",
    );
}

#[test]
fn what_is_wrong_in_an_attribute_is_told_there() {
    assert_told(
        &row_mistakes("#[orm(of = \"User\")] struct Card { id: i64 }"),
        "\"User\"",
        "expected the model whose columns these are: write `of = User`",
    );
    assert_told(
        &row_mistakes("#[orm(of = User)] struct Card { #[orm(column = \"Id\")] id: i64 }"),
        "column",
        "the columns of a row `of` a model have the names that they have there: remove this",
    );
    assert_told(
        &row_mistakes("struct Card { #[orm(relation)] posts: Vec<PostLine> }"),
        "relation",
        "`relation` is a relation of a model: write `#[orm(of = User)]` on the struct, with the model",
    );
    assert_told(
        &row_mistakes("#[orm(of = User)] struct Card { #[orm(count = \"posts\")] posts: i64 }"),
        "\"posts\"",
        "expected a name without quotes: write `count = posts`",
    );
    assert_told(
        &row_mistakes("struct Card { #[orm(of = User)] id: i64 }"),
        "of",
        "`of` belongs on the struct, not on a field of a row",
    );
    // Nothing is written that would give a second error.
    assert!(!code("#[orm(of = 3)] struct Card { id: i64 }").contains("impl"));
}

#[test]
fn a_type_parameter_hides_no_type_of_a_field() {
    assert!(code("struct Line { one: F0, two: i64 }").contains("SelectLine < FF0 , FF1 >"));
}
