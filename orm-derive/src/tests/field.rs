//! Mistakes in the attributes of a field.

use super::{assert_told, model_mistakes};

/// A model with a key and this field.
fn field(field: &str) -> Vec<(String, String)> {
    model_mistakes(&format!("struct User {{ #[orm(primary_key)] id: i64, {field} }}"))
}

#[test]
fn a_misspelt_attribute_is_told_and_taken_for_what_was_meant() {
    let known = "(known here: `primary_key`, `generated`, `column`, `default`, `client_default`, `computed`, `version`, \
                 `secret`, `unique`, `index`, `check`, `references`, `relation`, `on_delete`, `on_update`, `deferrable`)";
    assert_told(
        &field("#[orm(reference = Team.id, relation = team)] team_id: i64"),
        "reference",
        &format!("a field has no attribute `reference`: did you mean `references`? {known}"),
    );
    assert_told(
        &field("#[orm(encrypted)] name: String"),
        "encrypted",
        &format!("a field has no attribute `encrypted` {known}"),
    );
    assert_told(
        &field("#[orm(json)] preferences: Preferences"),
        "json",
        &format!(
            "a field has no attribute `json`: a struct or a map is kept as a document of JSON in a field of type `Json<T>`, \
             which is in the prelude {known}"
        ),
    );
}

#[test]
fn attributes_of_the_struct_do_not_belong_on_a_field() {
    assert_told(
        &field("#[orm(table = \"x\")] name: String"),
        "table",
        "`table` belongs on the struct, not on a field",
    );
}

#[test]
fn an_attribute_is_given_once() {
    assert_told(
        &field("#[orm(column = \"a\")] #[orm(column = \"b\")] name: String"),
        "column",
        "`column` is given twice: keep one",
    );
}

#[test]
fn the_form_of_the_attribute_is_told() {
    assert_told(&field("#[orm] a: i32"), "orm", "expected a list of attributes: write `#[orm(..)]`");
    assert_told(&field("#[orm(, column = \"b\")] a: i32"), ",", "expected an attribute before this comma");
    assert_told(&field("#[orm(\"b\")] a: i32"), "\"b\"", "expected the name of an attribute");
    assert_told(&field("#[orm(column =)] a: i32"), "=", "expected a value after `column =`");
    assert_told(
        &field("#[orm(generated column = \"b\")] a: i32"),
        "column",
        "expected a comma after `generated`",
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_told_with_the_right_one() {
    for (given, place, meant) in [
        ("version = true", "version = true", "`version` takes no value: write `version`"),
        (
            "generated = true",
            "true",
            "an identity is numbered by the database: write `generated` or `generated = always`; SQL is a `default` or \
             `computed`",
        ),
        ("column = nick", "nick", "expected a string: write `column = \"nick\"`"),
        ("column", "column", "expected a string: write `column = \"a\"`"),
        ("default = 5i64", "5i64", "expected a string: write `default = \"5i64\"`"),
        ("default = 'a'", "'a'", "expected a string: write `default = \"'a'\"`"),
        ("default = now()", "now()", "expected a string: write `default = \"now()\"`"),
        ("references = User", "User", "expected a column of a model: write `references = User.id`"),
        ("references = User::id", "User::id", "expected a column of a model: write `references = User.id`"),
        ("references = m::User", "m::User", "expected a column of a model: write `references = m::User.id`"),
        (
            "references = \"User.id\"",
            "\"User.id\"",
            "expected a column of a model: write `references = User.id`",
        ),
        ("references = 5", "5", "expected a column of a model: write `references = User.id`"),
        ("references", "references", "expected a column of a model: write `references = User.id`"),
        (
            "references = User.id, relation = \"author\"",
            "\"author\"",
            "expected a name without quotes: write `relation = author`",
        ),
        ("references = User.id, relation", "relation", "expected a name: write `relation = a_row`"),
        (
            "references = User.id, on_delete = \"CASCADE\"",
            "\"CASCADE\"",
            "expected what happens: write `on_delete = cascade`",
        ),
        (
            "references = User.id, on_delete = SetNull",
            "SetNull",
            "expected what happens: write `on_delete = set_null`",
        ),
        (
            "references = User.id, on_delete = explode",
            "explode",
            "`on_delete` is one of `cascade`, `restrict`, `set_null`, `set_default`, `no_action`, not `explode`",
        ),
    ] {
        let found = field(&format!("#[orm({given})] a: i64"));
        let expected = match place {
            // Several tokens of one list, which the parser does not join.
            "version = true" => vec![(found[0].0.clone(), meant.to_owned())],
            _ => vec![(place.to_owned(), meant.to_owned())],
        };
        assert_eq!(found, expected, "{given}");
    }
}

#[test]
fn a_name_that_postgresql_cannot_hold_is_told() {
    assert_told(
        &field("#[orm(column = \"\")] a: i32"),
        "\"\"",
        "a column has a name: write at least one letter",
    );
    assert_told(
        &field("#[orm(column = \"a\\0\")] a: i32"),
        "\"a\\0\"",
        "PostgreSQL has no column with a zero byte in its name: remove it",
    );
    let long = "a".repeat(64);
    assert_told(
        &field(&format!("{long}: i32")),
        &long,
        &format!(
            "PostgreSQL cuts names off after 63 bytes, and the column `{long}` has 64: write a shorter one with \
             `#[orm(column = \"..\")]`"
        ),
    );
    assert_told(
        &field("xmin: i32"),
        "xmin",
        "every PostgreSQL table has a system column `xmin`: write another name with `#[orm(column = \"..\")]`",
    );
}

#[test]
fn a_column_name_is_used_once() {
    assert_told(
        &field("#[orm(column = \"id\")] other: i32"),
        "\"id\"",
        "there is a column `id` already: write another with `#[orm(column = \"..\")]`",
    );
}

#[test]
fn the_derives_own_name_is_told() {
    assert_told(
        &field("__alias: i32"),
        "__alias",
        "`__alias` is used by the derive: call the field something else",
    );
}

#[test]
fn a_generated_column_is_a_plain_integer() {
    assert_told(
        &field("#[orm(generated, default = \"1\")] a: i32"),
        "\"1\"",
        "a `generated` column is numbered by the database, so it has no `default`: remove one of the two",
    );
    assert_told(
        &field("#[orm(generated, references = A.id)] a: i32"),
        "generated",
        "a foreign key is the key of another row, so it is not `generated`: remove one of the two",
    );
    assert_told(
        &field("#[orm(generated)] a: Option<i32>"),
        "Option<i32>",
        "a `generated` column is never NULL: write `i32`",
    );
    assert_told(
        &field("#[orm(generated)] a: Uuid"),
        "Uuid",
        "a `generated` column is an integer: write `i64`, or give it a `default`",
    );
}

#[test]
fn what_belongs_to_a_foreign_key_needs_one() {
    assert_told(
        &field("#[orm(relation = author)] a: i64"),
        "author",
        "a relation needs its foreign key: write `references = User.id` before it",
    );
    assert_told(
        &field("#[orm(on_delete = cascade)] a: i64"),
        "cascade",
        "`on_delete` belongs to a foreign key: write `references = User.id` before it",
    );
    assert_told(
        &field("#[orm(references = A.id, on_delete = set_null)] a: i64"),
        "set_null",
        "`set_null` needs a column that can be NULL: make `a` an `Option<i64>`",
    );
    assert_told(
        &field("#[orm(references = A.id, on_delete = set_default)] a: i64"),
        "set_default",
        "`set_default` needs a default: write `default = \"..\"` on `a` too",
    );
}

#[test]
fn an_empty_default_is_told() {
    assert_told(
        &field("#[orm(default = \" \")] a: String"),
        "\" \"",
        "expected an SQL expression: write, for example, `default = \"''\"`",
    );
}
