//! Mistakes in what a model says of several columns: foreign keys, unique constraints, indexes, checks.

use super::{assert_each_told, assert_told, model_mistakes};

/// A model with two columns besides its key, and this on the struct.
fn line(attribute: &str) -> String {
    format!(
        "#[orm({attribute})] struct Line {{ #[orm(primary_key)] id: i64, tenant_id: i64, order_id: i32 }}"
    )
}

const FOREIGN_KEY: &str = "expected the columns, and the model they point at behind the last: write `foreign_key(tenant_id, order_id = Order)`";

#[test]
fn a_foreign_key_of_several_columns_names_them_and_a_model() {
    assert_each_told(&[
        (&line("foreign_key"), "foreign_key", FOREIGN_KEY),
        (&line("foreign_key(tenant_id, order_id)"), "foreign_key", FOREIGN_KEY),
        (&line("foreign_key(tenant_id, order_id = Order, id)"), "id", FOREIGN_KEY),
        (
            &line("foreign_key(tenant_id, order_id = Order.id)"),
            "Order.id",
            "expected a model, whose primary key is meant: write `order_id = Order`",
        ),
        (
            &line("foreign_key(order_id = Order)"),
            "order_id",
            "a foreign key of one column stands on its field: write `references = Order.id` on `order_id`",
        ),
        (
            &line("foreign_key(tenant_id, order_id = Order, relation = 5)"),
            "5",
            "expected a name: write `relation = order`",
        ),
        (
            &line("foreign_key(tenant_id, order_id = Order, on_delete = Cascade)"),
            "Cascade",
            "expected what happens: write `on_delete = cascade`",
        ),
        (
            &line("foreign_key(tenant_id, order_id = Order, on_update = never)"),
            "never",
            "`on_update` is one of `cascade`, `restrict`, `set_null`, `set_default`, `no_action`, not `never`",
        ),
    ]);
}

#[test]
fn a_filter_is_a_named_condition_on_columns_of_the_table() {
    let form = "expected a name and an SQL condition: write `filter(active = \"deleted_at IS NULL\")`";
    assert_each_told(&[
        (&line("filter"), "filter", form),
        (&line("filter()"), "filter", form),
        (&line("filter = \"order_id > 0\""), "filter = \"order_id > 0\"", form),
        (&line("filter(active)"), "active", form),
        (&line("filter(active = true)"), "true", "expected a string: write `active = \"true\"`"),
        (
            &line("filter(active = \"order > 0\")"),
            "\"order > 0\"",
            "the condition names no column of the table: known are `id`, `tenant_id`, `order_id`",
        ),
        (
            &line("filter(active = \"order_id IN (SELECT 1)\")"),
            "\"order_id IN (SELECT 1)\"",
            "a filter is a condition on the columns of the row itself, without a subquery",
        ),
        (
            &line("soft_delete = order_id, filter(order_id = \"order_id > 0\")"),
            "order_id",
            "there is a filter `order_id` already: write another name, or one condition",
        ),
        (&line("soft_delete = deleted"), "deleted", "`Line` has no field `deleted`"),
        (
            &line("soft_delete = \"order_id\""),
            "\"order_id\"",
            "expected a name without quotes: write `soft_delete = order_id`",
        ),
    ]);
}

#[test]
fn a_foreign_key_is_of_columns_that_can_be_one() {
    let with = |field: &str| {
        format!(
            "#[orm(foreign_key(tenant_id, order_id = Order))]
             struct Line {{ #[orm(primary_key)] id: i64, tenant_id: i64, {field} }}"
        )
    };
    assert_each_told(&[
        (&line("foreign_key(company, order_id = Order)"), "company", "`Line` has no field `company`"),
        (
            &line("foreign_key(tenant_id, ordr_id = Order)"),
            "ordr_id",
            "`Line` has no field `ordr_id`: did you mean `order_id`?",
        ),
        (
            &line("foreign_key(tenant_id, tenant_id = Order)"),
            "tenant_id",
            "`tenant_id` is twice in this foreign key: remove one",
        ),
        (
            &with("#[orm(generated)] order_id: i32"),
            "order_id",
            "`order_id` gets its value by itself, so it cannot be a foreign key",
        ),
        (
            &with("#[orm(client_default = next)] order_id: i32"),
            "order_id",
            "`order_id` is part of a foreign key, so it has no `client_default`",
        ),
        (
            "#[orm(foreign_key(tenant_id, order_id = Order, on_delete = set_null))]
             struct Line { #[orm(primary_key)] id: i64, tenant_id: Option<i64>, order_id: i32 }",
            "set_null",
            "`set_null` needs a column that can be NULL: make `order_id` an `Option<i32>`",
        ),
        (
            "#[orm(foreign_key(tenant_id, order_id = Order, on_update = set_default))]
             struct Line { #[orm(primary_key)] id: i64, tenant_id: Option<i64>, order_id: i32 }",
            "set_default",
            "`set_default` needs a default: write `default = \"..\"` on `order_id` too",
        ),
    ]);
}

#[test]
fn a_unique_constraint_names_columns() {
    const UNIQUE: &str = "expected columns: write `unique(tenant_id, email)`";
    const ALL_ROWS: &str =
        "a unique constraint is of all rows, and of columns: write `index(.., unique)` for one of some rows";
    assert_each_told(&[
        (&line("unique"), "unique", UNIQUE),
        (&line("unique()"), "unique", UNIQUE),
        (&line("unique(tenant_id, order_id = 5)"), "order_id", UNIQUE),
        (&line("unique(tenant_id, where = \"id > 0\")"), "where", ALL_ROWS),
        (&line("unique(tenant_id, method = \"gin\")"), "method", ALL_ROWS),
        (
            &line("unique(tenant_id, name = by_tenant)"),
            "by_tenant",
            "expected a string: write `name = \"by_tenant\"`",
        ),
        (&line("unique(tenant_id, tenant_id)"), "tenant_id", "`tenant_id` is named twice here: remove one"),
        (&line("unique(company)"), "company", "`Line` has no field `company`"),
        (
            "struct User { #[orm(primary_key, unique)] id: i64 }",
            "unique",
            "a primary key is unique already: remove `unique`",
        ),
    ]);
}

#[test]
fn an_index_names_columns_and_expressions() {
    const INDEX: &str =
        "expected columns, or SQL expressions in quotes: write `index(name, \"lower(email)\")`";
    const WORDS: &str = "an index has columns, expressions in quotes, `method = \"..\"`, `where = \"..\"`, `name = \"..\"` \
                         and `unique`";
    assert_each_told(&[
        (&line("index"), "index", INDEX),
        (&line("index()"), "index", INDEX),
        (&line("index = \"order_id\""), "\"order_id\"", INDEX),
        (&line("index(name = \"x\")"), "index", INDEX),
        (&line("index(order_id, fillfactor = 70)"), "fillfactor", WORDS),
        (&line("index(order_id, using = \"gin\")"), "using", &format!("did you mean `method`? {WORDS}")),
        (
            &line("index(order_id, condition = \"id > 0\")"),
            "condition",
            &format!("did you mean `where`? {WORDS}"),
        ),
        (&line("index(order_id, method = gin)"), "gin", "expected a string: write `method = \"gin\"`"),
        (&line("index(ordr_id)"), "ordr_id", "`Line` has no field `ordr_id`: did you mean `order_id`?"),
        (&line("index(order_id, order_id)"), "order_id", "`order_id` is named twice here: remove one"),
        (
            &line("index(\" \")"),
            "\" \"",
            "expected an SQL expression: write, for example, `index(\"lower(email)\")`",
        ),
    ]);
    let found = model_mistakes(&line("index(order_id, unique = true)"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, "`unique` takes no value: write `unique`");
}

#[test]
fn an_index_on_a_field_is_of_that_column() {
    let field = |attribute: &str| {
        format!("struct Line {{ #[orm(primary_key)] id: i64, #[orm({attribute})] tenant_id: i64 }}")
    };
    assert_each_told(&[
        (
            &field("index = \"gin\""),
            "\"gin\"",
            "expected nothing, or how: write `index` or `index(method = \"gin\")`",
        ),
        (
            &field("index(tenant_id, id)"),
            "index",
            "an index of several columns or of an expression stands on the struct: move it there",
        ),
        (
            &field("index(\"tenant_id + 1\")"),
            "index",
            "an index of several columns or of an expression stands on the struct: move it there",
        ),
    ]);
}

#[test]
fn names_of_constraints_and_indexes_are_checked() {
    let long = "a".repeat(64);
    assert_each_told(&[
        (
            &line("unique(tenant_id, name = \"same\"), index(order_id, name = \"same\")"),
            "\"same\"",
            "there is a constraint or index `same` already: write another with `name = \"..\"`",
        ),
        (
            &line("unique(tenant_id, name = \"\")"),
            "\"\"",
            "a constraint has a name: write at least one letter",
        ),
        (
            &line(&format!("index(tenant_id, name = \"{long}\")")),
            &format!("\"{long}\""),
            &format!(
                "PostgreSQL cuts names off after 63 bytes, and the index `{long}` has 64: write a shorter one with \
                 `name = \"..\"`"
            ),
        ),
    ]);
}

#[test]
fn a_check_is_a_condition_in_quotes() {
    assert_each_told(&[
        (
            &line("check = \" \""),
            "\" \"",
            "expected an SQL condition: write, for example, `check = \"starts_on < ends_on\"`",
        ),
        (&line("check"), "check", "expected a string: write `check = \"price > 0\"`"),
        (
            "struct Line { #[orm(primary_key)] id: i64, #[orm(check = \"\")] price: i64 }",
            "\"\"",
            "expected an SQL expression: write, for example, `check = \"price > 0\"`",
        ),
        (
            "struct Line { #[orm(primary_key)] id: i64, #[orm(check)] price: i64 }",
            "check",
            "expected a string: write `check = \"price > 0\"`",
        ),
    ]);
}

#[test]
fn a_schema_has_a_name() {
    assert_told(
        &model_mistakes(&line("schema = \"\"")),
        "\"\"",
        "a schema has a name: write at least one letter",
    );
    assert_told(
        &model_mistakes(&line("schema = shop")),
        "shop",
        "expected a string: write `schema = \"shop\"`",
    );
}

const DEFERRABLE: &str = "a constraint is checked at the end of a transaction that says so, or of every transaction: write `deferrable` or \
                          `deferrable = initially_deferred`";

#[test]
fn how_a_constraint_is_deferrable_is_one_of_two_words() {
    assert_each_told(&[
        (&line("unique(tenant_id, order_id, deferrable = true)"), "true", DEFERRABLE),
        (
            &line("unique(order_id, deferrable(initially_deferred))"),
            "deferrable(initially_deferred",
            DEFERRABLE,
        ),
        (
            &line("foreign_key(tenant_id, order_id = Order, deferrable = \"initially deferred\")"),
            "\"initially deferred\"",
            DEFERRABLE,
        ),
        (&line("unique(deferrable)"), "unique", "expected columns: write `unique(tenant_id, email)`"),
    ]);
}

#[test]
fn deferrable_on_a_field_is_of_its_foreign_key_or_inside_unique() {
    let field = |attribute: &str| {
        format!("struct Line {{ #[orm(primary_key)] id: i64, #[orm({attribute})] order_id: i64 }}")
    };
    let stray = "`deferrable` of a field belongs to its foreign key: write `references = User.id` before it, or \
                 `unique(deferrable)` for a unique column";
    assert_each_told(&[
        (&field("deferrable"), "deferrable", stray),
        (&field("unique, deferrable = initially_deferred"), "deferrable", stray),
        (&field("references = Order.id, deferrable = later"), "later", DEFERRABLE),
        (&field("unique(deferrable = later)"), "later", DEFERRABLE),
        (&field("unique = true"), "unique = true", "`unique` takes no value: write `unique`"),
        (
            &field("unique(tenant_id)"),
            "tenant_id",
            "expected nothing, or when it is checked: write `unique` or `unique(deferrable)`; constraints of several columns \
             stand on the struct",
        ),
    ]);
    assert_eq!(
        model_mistakes(&field("references = Order.id, unique(deferrable), deferrable = initially_deferred")),
        []
    );
    assert_eq!(model_mistakes(&field("references = 5, deferrable")).len(), 1);
}
