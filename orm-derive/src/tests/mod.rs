//! Tests of the derives as a whole: from a struct's source to mistakes, or to code.

mod constraint;
mod enumeration;
mod expansion;
mod field;
mod model;
mod newtype;
mod origin;
mod row;
mod snapshot;
mod view;

use syn::Error;

/// What is wrong, each as the source it points at and the message.
fn told(mistakes: &[Error]) -> Vec<(String, String)> {
    mistakes
        .iter()
        .map(|mistake| (mistake.span().source_text().unwrap_or_default(), mistake.to_string()))
        .collect()
}

/// What is wrong with a model.
fn model_mistakes(source: &str) -> Vec<(String, String)> {
    told(crate::read_model(&syn::parse_str(source).unwrap()).1.list())
}

/// What is wrong with an enum.
fn enum_mistakes(source: &str) -> Vec<(String, String)> {
    told(crate::read_enum(&syn::parse_str(source).unwrap()).1.list())
}

/// What is wrong with a struct of one field.
fn newtype_mistakes(source: &str) -> Vec<(String, String)> {
    told(crate::read_newtype(&syn::parse_str(source).unwrap()).1.list())
}

/// Asserts that one thing is wrong, where, and what is said.
fn assert_told(found: &[(String, String)], place: &str, message: &str) {
    let expected = [(place.to_owned(), message.to_owned())];
    assert_eq!(found, expected);
}

/// Asserts of each of these models that one thing is wrong, where, and what is said.
fn assert_each_told(cases: &[(&str, &str, &str)]) {
    for (source, place, message) in cases {
        assert_told(&model_mistakes(source), place, message);
    }
}

/// What is wrong with a row.
fn row_mistakes(source: &str) -> Vec<(String, String)> {
    told(crate::read_row(&syn::parse_str(source).unwrap()).1.list())
}
