//! Mistakes in an enum, and its code.

use super::{assert_told, enum_mistakes};

#[test]
fn all_mistakes_of_an_enum_are_told_at_once() {
    let found = enum_mistakes(
        "#[orm(nam = \"x\")] enum Mood { A(i32), #[orm(label = b)] B, #[orm(label = \"b\", rename = \"c\")] C }",
    );
    let messages: Vec<_> = found.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "an enum has no attribute `nam`: did you mean `name`? (known here: `name`, `crate`)",
            "a PostgreSQL enum's values are labels without fields: write `A` alone",
            "expected a string: write `label = \"b\"`",
            "a variant has no attribute `rename` (known here: `label`)",
            "there is a label `b` already: write another with `#[orm(label = \"..\")]`",
        ]
    );
}

#[test]
fn only_an_enum_with_variants_is_an_enum_type() {
    assert_told(
        &enum_mistakes("struct Mood { a: i32 }"),
        "Mood",
        "`#[derive(Enum)]` needs an enum whose variants have no fields: for a table write `#[derive(Model)]`",
    );
    assert_told(
        &enum_mistakes("enum Mood {}"),
        "Mood",
        "a PostgreSQL enum has at least one label: add a variant",
    );
    assert_told(
        &enum_mistakes("enum Mood<T> { A }"),
        "<T>",
        "a PostgreSQL enum has no type parameters or lifetimes: remove them",
    );
}

#[test]
fn long_labels_are_told() {
    let long = "a".repeat(64);
    assert_told(
        &enum_mistakes(&format!("enum Mood {{ #[orm(label = \"{long}\")] A }}")),
        &format!("\"{long}\""),
        &format!(
            "PostgreSQL cuts names off after 63 bytes, and the label `{long}` has 64: write a shorter one with \
             `#[orm(label = \"..\")]`"
        ),
    );
}

#[test]
fn names_and_labels_are_snake_case_unless_given() {
    let code = crate::derive_enum(
        syn::parse_str("#[orm(name = \"m\\\"d\")] enum Mood { VerySad, #[orm(label = \"Joy\")] Happy }")
            .unwrap(),
    );
    let expected: proc_macro2::TokenStream = syn::parse_str(
        "::orm_core::__enum_type!(Mood, \"\\\"m\\\"\\\"d\\\"\", [VerySad => \"very_sad\", Happy => \"Joy\"]);",
    )
    .unwrap();
    assert_eq!(code.to_string(), expected.to_string());
}
