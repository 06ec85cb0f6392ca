//! Mistakes in the struct of a model.

use super::{assert_each_told, assert_told, model_mistakes};

#[test]
fn all_mistakes_of_a_struct_are_told_at_once() {
    let found = model_mistakes(
        "#[orm(table = users, has_many(name = Post.user_id, posts = Post))]
         struct User {
             #[orm(primary_ky, generated = yes)] id: i64,
             #[orm(column = 5, default)] name: String,
             #[orm(relation = team, on_delete = never)] team_id: i64,
         }",
    );
    let places: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
    let expected = ["users", "Post", "primary_ky", "yes", "5", "default", "never", "team", "name"];
    assert_eq!(places.len(), expected.len(), "{found:#?}");
    for (place, expected) in places.iter().zip(expected) {
        assert!(expected.starts_with(place), "{place} for {expected}");
    }
}

#[test]
fn all_mistakes_of_the_further_attributes_are_told_at_once() {
    let found = model_mistakes(
        "#[orm(schema = shop, tabel = 1, foreign_key(id = Order), unique(nme), index(nme, using = \"gin\"), check = 5)]
         #[orm(new(PartialEq), crate = 5)]
         struct User {
             #[orm(primary_key, generated, default = \"1\")] id: i64,
             #[orm(client_default = f(), unique = yes, index = \"gin\")] name: String,
             #[orm(computed = 5, check)] upper: String,
             #[orm(version)] version: Option<i32>,
             #[orm(on_update = cascade)] changed_at: i64,
             #[orm(nullable)] age: i32,
         }",
    );
    let places: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
    let expected = [
        "shop",
        "tabel",
        "1",
        "id",
        "using",
        "5",
        "PartialEq",
        "5",
        "f()",
        "unique = yes",
        "\"gin\"",
        "5",
        "check",
        "cascade",
        "nullable",
        "\"1\"",
        "Option<i32>",
        "nme",
        "nme",
    ];
    assert_eq!(places.len(), expected.len(), "{found:#?}");
    for (place, expected) in places.iter().zip(expected) {
        assert!(expected.starts_with(place), "{place} for {expected}: {found:#?}");
    }
    assert_eq!(found[2].1, "expected a string: write `table = \"1\"`");
}

#[test]
fn what_the_insert_struct_derives_is_a_list_of_paths() {
    let model =
        |attribute: &str| format!("#[orm({attribute})] struct User {{ #[orm(primary_key)] id: i64 }}");
    const FORM: &str = "expected what the insert struct derives: write `new(derive(PartialEq))`";
    assert_each_told(&[
        (&model("new"), "new", FORM),
        (&model("new(PartialEq)"), "PartialEq", FORM),
        (&model("new(derive(5))"), "5", FORM),
    ]);
}

#[test]
fn the_schema_of_a_table_is_not_a_part_of_its_name() {
    let model =
        |attribute: &str| format!("#[orm({attribute})] struct Team {{ #[orm(primary_key)] id: i64 }}");
    let form = "a name with a dot is no table of a schema: write `schema = \"league\", table = \"teams\"`";
    assert_each_told(&[
        (&model("table = \"league.teams\""), "\"league.teams\"", form),
        (&model("schema = \"league\", table = \"league.teams\""), "\"league.teams\"", form),
    ]);
}

#[test]
fn the_path_of_orm_core_is_a_path() {
    let model =
        |attribute: &str| format!("#[orm({attribute})] struct User {{ #[orm(primary_key)] id: i64 }}");
    assert_each_told(&[
        (
            &model("crate = \"app::orm\""),
            "\"app::orm\"",
            "expected a path without quotes: write `crate = app::orm`",
        ),
        (&model("crate"), "crate", "expected the path of orm-core: write `crate = my_crate::orm_core`"),
        (&model("crate = 5"), "5", "expected the path of orm-core: write `crate = my_crate::orm_core`"),
    ]);
}

#[test]
fn words_of_other_libraries_are_answered() {
    let known = "(known here: `table`, `schema`, `view`, `has_many`, `has_one`, `many_to_many`, `foreign_key`, \
                 `unique`, `index`, `check`, `policy`, `row_security`, `filter`, `soft_delete`, `new`, `crate`)";
    let model =
        |attribute: &str| format!("#[orm({attribute})] struct User {{ #[orm(primary_key)] id: i64 }}");
    assert_each_told(&[
        (
            &model("schema_name = \"shop\""),
            "schema_name",
            &format!("a model has no attribute `schema_name`: did you mean `schema`? {known}"),
        ),
        (
            &model("back_populates = user"),
            "back_populates",
            &format!(
                "a model has no attribute `back_populates`: a relation to one row stands on its foreign key: write \
                 `references = User.id, relation = user`; the way back on the other struct: `has_many(posts = \
                 Post.user_id)` {known}"
            ),
        ),
    ]);
}

#[test]
fn a_right_model_has_no_mistakes() {
    let found = model_mistakes(
        "#[orm(table = \"posts\", has_many(comments = super::Comment.post_id,))]
         struct Post {
             #[orm(primary_key, generated)] id: i64,
             #[orm(references = crate::User.id, relation = author, on_delete = set_null)] user_id: Option<i64>,
             #[orm(references = User.r#type, relation = r#type, on_delete = set_default, default = \"1\")] kind: i64,
             #[orm(column = \"Title\")] r#title: String,
         }",
    );
    assert_eq!(found, []);
}

#[test]
fn only_a_struct_with_named_fields_is_a_model() {
    for (source, what) in [
        ("struct User(i64);", "a tuple struct"),
        ("struct User;", "a unit struct"),
        ("enum User { A }", "an enum"),
        ("union User { a: i64 }", "a union"),
    ] {
        let message = format!(
            "`#[derive(Model)]` needs a struct with named fields, and `User` is {what}: write `struct User {{ .. }}`"
        );
        assert_told(&model_mistakes(source), "User", &message);
    }
}

#[test]
fn a_model_has_no_parameters() {
    let message = "a model has no type parameters or lifetimes: its table has columns of fixed, owned types";
    assert_told(&model_mistakes("struct User<T> { #[orm(primary_key)] id: T }"), "<T>", message);
    assert_told(&model_mistakes("struct User<'a> { #[orm(primary_key)] id: &'a str }"), "<'a>", message);
}

#[test]
fn a_model_has_a_primary_key() {
    assert_told(
        &model_mistakes("struct User { id: i64 }"),
        "User",
        "`User` has no primary key: write `#[orm(primary_key)]` on the field `id`, or `#[orm(view)]` on the struct if it is a \
         view",
    );
    assert_told(
        &model_mistakes("struct User {}"),
        "User",
        "`User` has no primary key: write `#[orm(primary_key)]` on the field that identifies a row, or `#[orm(view)]` on the struct if it is a \
         view",
    );
    assert_told(
        &model_mistakes("struct User { #[orm(primary_key)] id: Option<i64> }"),
        "Option<i64>",
        "a primary key is never NULL: write `i64`",
    );
    assert_told(
        &model_mistakes("struct User { #[orm(primary_key, secret)] token: String }"),
        "secret",
        "a primary key names its row in messages, so it cannot be `secret`: remove one of the two",
    );
    let fields: String = (0..5).map(|place| format!("#[orm(primary_key)] key{place}: i64,")).collect();
    assert_told(
        &model_mistakes(&format!("struct User {{ {fields} }}")),
        "primary_key",
        "a primary key has at most 4 columns: remove `primary_key`",
    );
}

#[test]
fn a_relation_has_a_name_of_its_own() {
    let key = "#[orm(primary_key)] id: i64";
    assert_told(
        &model_mistakes(&format!("struct User {{ {key}, #[orm(references = A.id, relation = id)] a: i64 }}")),
        "id",
        "there is a column `id` already: call the relation something else",
    );
    assert_told(
        &model_mistakes(&format!("#[orm(has_many(a = A.b, a = A.c))] struct User {{ {key} }}")),
        "a",
        "there is a relation `a` already: call the relation something else",
    );
    assert_told(
        &model_mistakes(&format!("#[orm(has_many(__alias = A.b))] struct User {{ {key} }}")),
        "__alias",
        "`__alias` is used by the derive: call the relation something else",
    );
}

#[test]
fn a_relation_to_many_is_written_as_a_list() {
    let key = "#[orm(primary_key)] id: i64";
    assert_told(
        &model_mistakes(&format!("#[orm(has_many())] struct User {{ {key} }}")),
        "has_many",
        "expected a relation: write `has_many(posts = Post.user_id)`",
    );
    let found = model_mistakes(&format!("#[orm(has_many = posts)] struct User {{ {key} }}"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, "expected a list of relations: write `has_many(posts = Post.user_id)`");
}

#[test]
fn a_relation_by_way_of_a_model_names_it() {
    let key = "#[orm(primary_key)] id: i64";
    let model = |attribute: &str| format!("#[orm(many_to_many({attribute}))] struct Post {{ {key} }}");
    let form =
        "expected a relation and the model between: write `many_to_many(tags = Tag, through = PostTag)`";
    assert_each_told(&[
        (&model("tags = Tag"), "many_to_many", form),
        (&model("tags = 5, through = PostTag"), "5", form),
        (
            &model("tags = Tag, through = PostTag, from = PostTag.post_id"),
            "many_to_many",
            "`from` and `to` go together: write `from = PostTag.post_id, to = PostTag.tag_id`",
        ),
        (
            &model("tags = Tag, friends = User, through = PostTag"),
            "friends",
            "one relation a `many_to_many`: write `many_to_many(..)` again for another",
        ),
    ]);
}

#[test]
fn a_long_name_is_told() {
    let long = "a".repeat(64);
    assert_told(
        &model_mistakes(&format!("#[orm(table = \"{long}\")] struct User {{ #[orm(primary_key)] id: i64 }}")),
        &format!("\"{long}\""),
        &format!(
            "PostgreSQL cuts names off after 63 bytes, and the table `{long}` has 64: write a shorter one with \
             `#[orm(table = \"..\")]`"
        ),
    );
}
