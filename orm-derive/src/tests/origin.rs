//! Mistakes in where the values of a column come from.

use super::{assert_each_told, assert_told, model_mistakes};

/// A model with a key and this field.
fn field(field: &str) -> String {
    format!("struct User {{ #[orm(primary_key)] id: i64, {field} }}")
}

#[test]
fn a_value_comes_from_one_source() {
    const COMPUTED: &str = "a `computed` column is kept up to date by the database";
    const VERSION: &str = "a `version` is counted by the flush";
    const GENERATED: &str = "a `generated` column is numbered by the database";
    let cases = [
        ("default = \"''\", computed = \"a\"", "\"''\"", format!("{COMPUTED}, so it has no `default`")),
        ("client_default = f, computed = \"a\"", "f", format!("{COMPUTED}, so it has no `client_default`")),
        (
            "on_update = \"now()\", computed = \"a\"",
            "\"now()\"",
            format!("{COMPUTED}, so it has no `on_update`"),
        ),
        ("generated, computed = \"a\"", "generated", format!("{COMPUTED}, so it is not `generated`")),
        ("version, computed = \"a\"", "version", format!("{COMPUTED}, so it is no `version`")),
        (
            "primary_key, computed = \"a\"",
            "primary_key",
            format!("{COMPUTED}, so it cannot be a primary key"),
        ),
        ("version, default = \"1\"", "\"1\"", format!("{VERSION}, so it has no `default`")),
        ("version, generated", "generated", format!("{VERSION}, so it is not `generated`")),
        ("version, primary_key", "primary_key", format!("{VERSION}, so it cannot be a primary key")),
        ("generated, client_default = f", "f", format!("{GENERATED}, so it has no `client_default`")),
        ("generated, on_update = \"1\"", "\"1\"", format!("{GENERATED}, so it has no `on_update`")),
    ];
    for (attributes, place, message) in cases {
        let found = model_mistakes(&field(&format!("#[orm({attributes})] a: i32")));
        assert_told(&found, place, &format!("{message}: remove one of the two"));
    }
    assert_told(
        &model_mistakes(&field("#[orm(default = \"''\", client_default = f)] a: String")),
        "f",
        "a value comes from the database's `default` or from the program's `client_default`: remove one",
    );
}

#[test]
fn a_foreign_key_has_no_value_of_its_own() {
    let of = |attribute: &str| field(&format!("#[orm(references = Team.id, {attribute})] team_id: i64"));
    const KEY: &str = "a foreign key is the key of another row";
    assert_each_told(&[
        (
            &of("computed = \"id\""),
            "\"id\"",
            &format!("{KEY}, so it is not `computed`: remove one of the two"),
        ),
        (
            &of("client_default = f"),
            "f",
            &format!("{KEY}, so it has no `client_default`: remove one of the two"),
        ),
        (&of("version"), "version", &format!("{KEY}, so it is no `version`: remove one of the two")),
        (&of("generated"), "generated", &format!("{KEY}, so it is not `generated`: remove one of the two")),
    ]);
}

#[test]
fn a_client_default_is_a_function_by_its_name() {
    const FORM: &str = "expected a function without arguments, by its name: write";
    assert_each_told(&[
        (
            &field("#[orm(client_default)] a: Uuid"),
            "client_default",
            "expected a function: write `client_default = Uuid::now_v7`",
        ),
        (
            &field("#[orm(client_default = Uuid::now_v7())] a: Uuid"),
            "Uuid::now_v7()",
            &format!("{FORM} `client_default = Uuid::now_v7`"),
        ),
        (
            &field("#[orm(client_default = \"token\")] a: Uuid"),
            "\"token\"",
            &format!("{FORM} `client_default = token`"),
        ),
        (
            &field("#[orm(client_default = 5)] a: i32"),
            "5",
            &format!("{FORM} `client_default = Uuid::now_v7`"),
        ),
    ]);
}

#[test]
fn a_version_is_one_and_never_null() {
    assert_each_told(&[
        (
            &field("#[orm(version)] a: i32, #[orm(version)] b: i32"),
            "version",
            "a row has one `version`: remove the others",
        ),
        (&field("#[orm(version)] a: Option<i32>"), "Option<i32>", "a `version` is never NULL: write `i32`"),
    ]);
}

#[test]
fn what_a_column_becomes_and_what_a_foreign_key_does_differ() {
    const BOTH: &str = "`on_update` of a foreign key is what happens to it, and stands behind `references = User.id`; of \
                        another column it is SQL in quotes: write `on_update = \"now()\"`";
    assert_each_told(&[
        (&field("#[orm(on_update = cascade)] a: i64"), "cascade", BOTH),
        (
            &field("#[orm(on_update = now())] a: i64"),
            "now()",
            "expected a string: write `on_update = \"now()\"`",
        ),
        (&field("#[orm(on_update)] a: i64"), "on_update", "expected a string: write `on_update = \"now()\"`"),
        (
            &field("#[orm(references = Team.id, on_update = never)] a: i64"),
            "never",
            "`on_update` is one of `cascade`, `restrict`, `set_null`, `set_default`, `no_action`, not `never`",
        ),
        (
            &field("#[orm(references = Team.id, on_update = set_null)] a: i64"),
            "set_null",
            "`set_null` needs a column that can be NULL: make `a` an `Option<i64>`",
        ),
    ]);
}

#[test]
fn an_empty_expression_is_told() {
    for (key, example) in
        [("default", "''"), ("computed", "price * amount"), ("on_update", "now()"), ("check", "price > 0")]
    {
        assert_told(
            &model_mistakes(&field(&format!("#[orm({key} = \" \")] a: String"))),
            "\" \"",
            &format!("expected an SQL expression: write, for example, `{key} = \"{example}\"`"),
        );
    }
}

#[test]
fn a_primary_key_is_compared_exactly() {
    for ty in ["f32", "f64", "Json<Page>", "serde_json::Value"] {
        let name = ty.rsplit("::").next().unwrap().split('<').next().unwrap();
        assert_told(
            &model_mistakes(&format!("struct User {{ #[orm(primary_key)] id: {ty} }}")),
            ty,
            &format!(
                "a primary key is compared exactly, and a `{name}` is not: write `i64`, `String` or `Uuid`"
            ),
        );
    }
}
