//! What the checker says of aggregates, groups and windows, and where.

use orm_core::prelude::*;
use orm_tests::models::{Post, User};

use crate::check::{on, refused};

#[test]
fn what_stands_beside_an_aggregate_is_grouped() {
    let text = "`User.name` stands beside an aggregate or a GROUP BY and is not grouped: add `.group_by(User.name)`, \
                or put it into an aggregate such as `func::max(User.name)`";
    refused(select((User.name, func::count(User.id))).to_sql(), "select(", text);
    refused(select((User.age, User.name)).group_by(User.age).to_sql(), "select(", text);
    refused(select(User.age).group_by(User.age).order_by(User.name).to_sql(), "order_by(", text);
    refused(select(User.age).group_by(User.age).having(User.name.eq("x")).to_sql(), "having(", text);
    refused(select(User.name).order_by(func::count(User.id)).to_sql(), "select(", text);
    refused(select(User.name).having(func::count(User.id).gt(1)).to_sql(), "select(", text);
    refused(
        select((User.name, func::count(Post.id))).join(Post, on()).group_by(Post.id).to_sql(),
        "select(",
        text,
    );
    refused(
        select((User.age, func::rank().over(order_by(User.name)))).group_by(User.age).to_sql(),
        "select(",
        text,
    );
    refused(
        select(User).group_by(User.name).to_sql(),
        "select(",
        "`User.id` stands beside an aggregate or a GROUP BY and is not grouped: add `.group_by(User.id)`, or put it \
         into an aggregate such as `func::max(User.id)`",
    );
}

#[test]
fn another_parameter_makes_another_expression() {
    let error = select((User.age / 10, func::count_star())).group_by(User.age / 20).to_sql();
    assert!(error.expect_err("refused").to_string().contains("`User.age` stands beside"));
}

#[test]
fn aggregates_stand_only_where_groups_are_in_sight() {
    let text = |clause: &str| format!("`count` looks at several rows and cannot stand in {clause}");
    let many = || func::count(User.id).gt(1);
    refused(
        select(User.age).filter(many()).group_by(User.age).to_sql(),
        "filter(",
        "`count` looks at several rows and cannot stand in WHERE: use `.having(..)`",
    );
    refused(select(User.age).group_by(func::count(User.id)).to_sql(), "group_by(", &text("GROUP BY"));
    refused(select(Post).join(User, on() & many()).to_sql(), "join(", &text("JOIN .. ON"));
    refused(
        delete(User).filter(many()).to_sql(),
        "filter(",
        "`count` looks at several rows and cannot stand in WHERE: compare with a select of it, \
         `.gt(select(func::avg(s.price)))` of `let s = Sale.alias(\"s\")`",
    );
    refused(update(Post).set(Post.id, func::count(Post.user_id)).to_sql(), "set(", &text("SET"));
    refused(
        update(User).set(User.age, 1).returning(func::count(User.id)).to_sql(),
        "update(",
        &text("RETURNING"),
    );
}

#[test]
fn windows_stand_only_where_rows_come_out() {
    let first = || func::row_number().over(order_by(User.id)).eq(1);
    refused(
        select(User).filter(first()).to_sql(),
        "filter(",
        "`row_number` looks at several rows and cannot stand in WHERE: a select is filtered by it with `.keep(..)`, or made a \
         table with `.derived(\"ranked\")`, whose columns can stand here",
    );
    refused(
        select(User.age).group_by(User.age).having(func::rank().over(order_by(User.age)).eq(1)).to_sql(),
        "having(",
        "`rank` over a window cannot stand in HAVING, which comes before windows",
    );
    refused(
        select(func::rank().over(order_by(func::row_number().over(order_by(User.id))))).to_sql(),
        "select(",
        "`row_number` over a window cannot stand in a window",
    );
}

#[test]
fn an_aggregate_takes_no_aggregate() {
    refused(
        select(func::max(func::count(User.id))).to_sql(),
        "select(",
        "`count` stands inside `max`: an aggregate cannot take what looks at several rows itself",
    );
}

#[test]
fn only_functions_look_over_a_window() {
    refused(
        select((User.age + 1).over(order_by(User.id))).to_sql(),
        "select(",
        "`.over(..)` follows something that is no aggregate and no window function",
    );
}
