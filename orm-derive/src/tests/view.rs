//! Mistakes in a view, which has nothing that only a table can have.

use super::{assert_each_told, assert_told, model_mistakes};

#[test]
fn a_view_has_nothing_of_a_table() {
    let field = |attribute: &str| format!("#[orm(view)] struct Adult {{ #[orm({attribute})] id: i64 }}");
    let of_struct = |attribute: &str| format!("#[orm(view, {attribute})] struct Adult {{ id: i64 }}");
    let cases = [
        (field("primary_key"), "primary_key", "primary key"),
        (field("generated"), "generated", "generated columns"),
        (field("version"), "version", "version"),
        (field("unique"), "unique", "constraints"),
        (field("check = \"id > 0\""), "\"id > 0\"", "constraints"),
        (field("default = \"1\""), "\"1\"", "defaults"),
        (field("client_default = f"), "f", "defaults"),
        (field("computed = \"1\""), "\"1\"", "computed columns"),
        (field("on_update = \"1\""), "\"1\"", "updates"),
        (field("references = User.id, relation = user, on_delete = cascade"), "User", "foreign keys"),
        (field("unique(deferrable)"), "unique", "constraints"),
        (field("references = User.id, deferrable"), "User", "foreign keys"),
        (field("index"), "id", "indexes"),
        (of_struct("index(\"id + 1\")"), "\"id + 1\"", "indexes"),
        (of_struct("unique(id)"), "id", "constraints"),
        (of_struct("check = \"id > 0\""), "\"id > 0\"", "constraints"),
        (of_struct("foreign_key(id, id = Order)"), "Order", "foreign keys"),
        (of_struct("policy(name = \"own\", using = \"id > 0\")"), "\"own\"", "policies"),
        (of_struct("row_security"), "row_security", "policies"),
        (of_struct("has_many(posts = Post.user_id)"), "posts", "relations"),
        (of_struct("new(derive(PartialEq))"), "PartialEq", "new rows"),
    ];
    for (source, place, what) in cases {
        assert_told(
            &model_mistakes(&source),
            place,
            &format!("a view has no {what}: remove this, or `view`"),
        );
    }
}

#[test]
fn the_query_of_a_view_stands_in_quotes() {
    assert_each_told(&[
        (
            "#[orm(view = \" \")] struct Adult { id: i64 }",
            "\" \"",
            "expected the query of the view: write `view = \"SELECT ..\"`, or `view` alone",
        ),
        (
            "#[orm(view = adults)] struct Adult { id: i64 }",
            "adults",
            "expected a string: write `view = \"adults\"`",
        ),
    ]);
}
