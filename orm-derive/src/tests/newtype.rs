//! Mistakes in a struct of one field, and its code.

use proc_macro2::TokenStream;

use super::{assert_told, newtype_mistakes};

fn code(source: &str) -> String {
    crate::derive_newtype(source.parse().unwrap()).to_string()
}

#[test]
fn the_code_is_one_line() {
    let lines = [
        ("struct UserId(i64);", "::orm_core::__newtype!(UserId, 0, i64);"),
        ("struct Email { text: String }", "::orm_core::__newtype!(Email, text, String);"),
        (
            "#[orm(domain = \"a b\", check = \"VALUE > 0\")] struct Positive(i32);",
            "::orm_core::__newtype!(Positive, 0, i32, \"\\\"a b\\\"\", ::orm_core::codegen::Some(\"VALUE > 0\"));",
        ),
        (
            "#[orm(domain = \"code\")] struct Code(String);",
            "::orm_core::__newtype!(Code, 0, String, \"\\\"code\\\"\", ::orm_core::codegen::None);",
        ),
    ];
    for (source, line) in lines {
        assert_eq!(code(source), line.parse::<TokenStream>().unwrap().to_string());
    }
}

#[test]
fn only_a_struct_of_one_field_is_a_column_type() {
    for (source, count) in
        [("struct Point(f64, f64);", 2), ("struct Point { x: f64, y: f64 }", 2), ("struct Point;", 0)]
    {
        assert_told(
            &newtype_mistakes(source),
            "Point",
            &format!(
                "`#[derive(ColumnType)]` needs a struct of one field, and `Point` has {count}: write `struct \
                 Point(i64);`, or keep it in a `Json` column"
            ),
        );
        assert!(!code(source).contains("__newtype"));
    }
    assert_told(
        &newtype_mistakes("enum Mood { Happy }"),
        "Mood",
        "`#[derive(ColumnType)]` needs a struct of one field: for an enum of PostgreSQL write `#[derive(Enum)]`",
    );
}

#[test]
fn a_check_is_that_of_a_domain() {
    assert_told(
        &newtype_mistakes("#[orm(check = \"VALUE > 0\")] struct MostOf(i32);"),
        "\"VALUE > 0\"",
        "a check is that of a domain: write `domain = \"most_of\"` too",
    );
}

#[test]
fn a_column_type_has_no_parameters() {
    assert_told(
        &newtype_mistakes("struct Id<T>(T);"),
        "<T>",
        "a column type has no type parameters or lifetimes: a column holds values of one owned type",
    );
    assert!(!code("struct Id<T>(T);").contains("__newtype"));
}

#[test]
fn null_is_no_value_of_a_column_type() {
    assert_told(
        &newtype_mistakes("struct Age(Option<i32>);"),
        "Option<i32>",
        "a column type is never NULL by itself: write `Option<Age>` where it is used",
    );
}
