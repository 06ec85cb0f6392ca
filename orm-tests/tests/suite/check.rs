//! What the checker says of statements that cannot be what was meant, and where.

use std::error::Error as _;
use std::fs;
use std::panic::Location;
use std::path::Path;

use orm_core::prelude::*;
use orm_core::query::Sql;
use orm_tests::models::{Employee, NewUser, Post, User};

/// The statement is refused with this text, at the place in the calling file that begins with `at`.
#[track_caller]
pub fn refused(result: Result<Sql, Error>, at: &str, text: &str) {
    let error = result.expect_err("the checker refuses it");
    assert!(error.is_invalid_statement(), "{error:?}");
    let location = error.location().expect("a place in the source");
    assert_eq!(location.file(), Location::caller().file());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(location.file());
    let source = fs::read_to_string(source).expect("the calling file");
    let line = source.lines().nth(location.line() as usize - 1).expect("a line");
    let place = &line[location.column() as usize - 1..];
    assert!(place.starts_with(at), "{at:?} expected, found {place:?}: {error}");
    let message = error.to_string();
    let place = format!("{}:{}:{}: ", location.file(), location.line(), location.column());
    assert_eq!(message.strip_prefix(&place), Some(text));
    assert!(error.source().is_none());
}

pub fn on() -> Cond {
    Post.user_id.eq(User.id)
}

#[test]
fn a_table_that_is_not_in_from_is_named_with_its_clause() {
    let missing = |clause: &str| {
        format!("`Post` is used in {clause} but is not in this statement's FROM: add `.join(Post, ..)`")
    };
    refused(select(User).filter(Post.title.eq("x")).to_sql(), "filter(Post", &missing("WHERE"));
    refused(select(User.age).group_by((User.age, Post.id)).to_sql(), "group_by(", &missing("GROUP BY"));
    refused(
        select(User.age).group_by(User.age).having(func::count(Post.id).gt(1)).to_sql(),
        "having(",
        &missing("HAVING"),
    );
    refused(select(User).order_by(Post.title).to_sql(), "order_by(", &missing("ORDER BY"));
    refused(
        select(User).order_by(func::rank().over(order_by(Post.title))).to_sql(),
        "order_by(func",
        &missing("ORDER BY"),
    );
    refused(
        select((User, Post.title)).select_from(User).to_sql(),
        "select((User, Post.title)",
        &missing("the select list"),
    );
    refused(
        select((User, Post)).select_from(User).to_sql(),
        "select((User, Post))",
        &missing("the select list"),
    );
}

#[test]
fn the_place_is_the_clause_and_not_the_statement() {
    let statement = select(User).filter(User.age.gt(1));
    let statement = statement.filter(User.name.eq("x"));
    let result = statement.order_by(User.name).filter(User.id.gt(1) & Post.title.eq("x")).limit(1).to_sql();
    refused(
        result,
        "filter(User.id.gt(1)",
        "`Post` is used in WHERE but is not in this statement's FROM: add `.join(Post, ..)`",
    );
}

#[test]
fn without_any_from_the_remedy_is_select_from() {
    refused(
        select(lit(1)).order_by(User.age).to_sql(),
        "order_by(",
        "`User` is used in ORDER BY but is not in this statement's FROM: add `.select_from(User)`",
    );
    refused(
        select(func::count_star()).to_sql(),
        "select(func",
        "there is no table whose rows could be aggregated: name it with `.select_from(..)`",
    );
}

#[test]
fn the_other_name_of_a_table_is_pointed_out() {
    let author = User.alias("author");
    refused(
        select(author).order_by(User.name).to_sql(),
        "order_by(",
        "`User` is used in ORDER BY but is not in this statement's FROM: the statement knows it as `User` (alias \
         \"author\"): use that one's columns",
    );
    refused(
        update(author).set(User.age, User.age + 1).to_sql(),
        "set(",
        "`User` is used in SET but is not in this statement's FROM: the statement knows it as `User` (alias \
         \"author\"): use that one's columns",
    );
}

#[test]
fn tables_that_nothing_joins_are_refused() {
    let text = "nothing joins `Post` to `User`: every row of the one would meet every row of the other; add \
                `.join(Post, ..)` or a condition that uses both, or say `.cross_join(Post)` if it is meant";
    refused(select((User.name, Post.title)).to_sql(), "select((User", text);
    refused(
        select((User.name, Post.title)).filter(User.age.gt(1)).filter(Post.title.eq("x")).to_sql(),
        "select((User",
        text,
    );
}

#[test]
fn a_join_whose_condition_does_not_connect_is_refused() {
    let text = "nothing joins `Post` to `User`: every row of the one would meet every row of the other; add \
                `.join(Post, ..)` or a condition that uses both, or say `.cross_join(Post)` if it is meant";
    refused(select(User).join(Post, Post.user_id.eq(Post.id)).to_sql(), "join(Post", text);
    refused(select(User).join(Post, User.age.gt(1)).to_sql(), "join(Post", text);
    let outer = text.replace("say `.cross_join(Post)`", "join it on `lit(true)`");
    refused(select(User).outer_join(Post, Post.user_id.eq(Post.id)).to_sql(), "outer_join(Post", &outer);
    assert!(select(User).outer_join(Post, lit(true)).to_sql().is_ok());
    // Two of one condition are joined, a third one is not.
    let both = select((User.name, Post.title)).join(Employee, Employee.name.eq("x"));
    refused(both.to_sql(), "select((User", text);
}

#[test]
fn a_join_on_a_condition_of_the_joined_table_alone_is_meant() {
    let named = |condition: Cond| select(User.id).join(Post, condition).to_sql().unwrap().text;
    let from = r#"SELECT "users"."id" FROM "users" JOIN "posts" ON "#;
    assert_eq!(named(Post.title.eq("x")), format!(r#"{from}"posts"."title" = $1"#));
    assert!(named(Post.title.eq("x") & Post.id.gt(1)).starts_with(from));
    assert!(named(Post.title.is_not_null()).starts_with(from));
    assert!(select(User).outer_join(Post, Post.title.eq("x")).to_sql().is_ok());
}

#[test]
fn a_cross_join_does_not_excuse_other_tables() {
    refused(
        select((User.name, Post.title)).cross_join(Employee).to_sql(),
        "select((User",
        "nothing joins `Post` to `User`: every row of the one would meet every row of the other; add \
         `.join(Post, ..)` or a condition that uses both, or say `.cross_join(Post)` if it is meant",
    );
}

#[test]
fn a_table_is_used_in_on_only_after_it_is_joined() {
    let author = User.alias("author");
    refused(
        select(Post).join(author, author.id.eq(Employee.id)).join(Employee, Employee.id.eq(Post.id)).to_sql(),
        "join(author",
        "`Employee` is used in JOIN .. ON but is not in this statement's FROM: add `.join(Employee, ..)`",
    );
}

#[test]
fn one_name_stands_for_one_table() {
    refused(
        select(User).join(Post, on()).join(Post, on()).to_sql(),
        "join(Post, on()).to_sql",
        "`Post` is in FROM twice under the name \"posts\": give one another name with `.alias(\"..\")`",
    );
    let posing = User.alias("posts");
    refused(
        select(Post).join(posing, posing.id.eq(Post.user_id)).to_sql(),
        "join(posing",
        "`User` (alias \"posts\") is in FROM twice under the name \"posts\": give one another name with `.alias(\"..\")`",
    );
}

#[test]
fn a_join_needs_something_to_join_to() {
    refused(
        select(Post).join(Post, Post.id.gt(1)).to_sql(),
        "join(",
        "`Post` is what is selected, and it is joined too, so that there is nothing to join it to: give the one that is joined \
         another name, as `let other = Post.alias(\"other\")`, or leave the join out",
    );
    refused(
        select(func::count_star()).join(Post, Post.id.gt(1)).to_sql(),
        "join(",
        "nothing to join `Post` to: add `.select_from(..)`",
    );
}

#[test]
fn what_an_outer_join_may_not_find_is_selected_as_an_option() {
    let column = |name: &str, model: &str| {
        format!(
            "`{model}.{name}` is selected as a value that is always there, but `{model}` is on the outer side of a \
             join: select `{model}.{name}.optional()`"
        )
    };
    let entity = |model: &str| {
        format!(
            "`{model}` is selected as a row that is always there, but an outer join may find none: select \
             `{model}.optional()`"
        )
    };
    refused(select((User, Post.title)).outer_join(Post, on()).to_sql(), "select(", &column("title", "Post"));
    refused(select((User, Post)).outer_join(Post, on()).to_sql(), "select(", &entity("Post"));
    refused(select((User, Post)).right_join(Post, on()).to_sql(), "select(", &entity("User"));
    refused(select((User.name, Post)).right_join(Post, on()).to_sql(), "select(", &column("name", "User"));
    refused(select((User.optional(), Post)).full_join(Post, on()).to_sql(), "select(", &entity("Post"));
    refused(select((User, Post.optional())).full_join(Post, on()).to_sql(), "select(", &entity("User"));
}

#[test]
fn an_expression_that_can_be_null_is_selected_as_an_option() {
    refused(
        select((User.name, Post.id + 1)).outer_join(Post, on()).to_sql(),
        "select(",
        "item 2 of the select list can be NULL, but its Rust type is no Option: select it with `.optional()`, or \
         `.never_null()` where you know that it is not",
    );
    refused(
        select((User.name, -Post.id)).outer_join(Post, on()).to_sql(),
        "select(",
        "item 2 of the select list can be NULL, but its Rust type is no Option: select it with `.optional()`, or \
         `.never_null()` where you know that it is not",
    );
}

#[test]
fn a_condition_that_is_true_without_the_row_leaves_it_optional() {
    for condition in
        [Post.title.is_null(), Post.id.gt(1) | User.id.gt(1), Post.id.not_in([1]), !Post.id.is_not_null()]
    {
        let error = select((User, Post)).outer_join(Post, on()).filter(condition).to_sql();
        assert!(error.expect_err("refused").to_string().contains("Post.optional()"));
    }
}

#[test]
fn an_update_sets_each_column_once() {
    refused(
        update(User).set(User.age, 1).set(User.age, 2).to_sql(),
        "set(User.age, 2)",
        "`User.age` is set twice",
    );
}

#[test]
fn a_change_of_every_row_has_to_be_meant() {
    let text = |verb: &str| {
        format!(
            "this {verb} of `User` has no condition, so it would {verb} every row: add `.filter(..)`, or `.all_rows()` if \
             every row is meant"
        )
    };
    refused(update(User).set(User.age, 1).to_sql(), "update(User)", &text("update"));
    refused(update(User).to_sql(), "update(User)", &text("update"));
    refused(delete(User).to_sql(), "delete(User)", &text("delete"));
    refused(delete(User).returning(User.id).to_sql(), "delete(User)", &text("delete"));
    refused(delete(User).filter(Vec::<Cond>::new()).to_sql(), "delete(User)", &text("delete"));
    refused(
        delete(User).filter_some(None, |id: i64| User.id.eq(id)).to_sql(),
        "delete(User)",
        &text("delete"),
    );
    // Once with it, the text is known.
    assert_eq!(delete(User).all_rows().to_sql().unwrap().text, r#"DELETE FROM "users""#);
    refused(delete(User).to_sql(), "delete(User)", &text("delete"));
    assert!(delete(User).all_rows().filter(User.id.eq(1)).to_sql().unwrap().text.ends_with(r#""id" = $1"#));
    let gone = delete(User).returning((User.id,)).cte("gone");
    refused(select(&gone).to_sql(), "delete(User)", &text("delete"));
}

#[test]
fn a_change_sees_its_own_table_and_those_beside_it() {
    let text = |clause: &str, remedy: &str| {
        format!("`Post` is used in {clause} but is not in this statement's FROM: {remedy}")
    };
    let or =
        "and a condition that joins it, or take its rows by a subquery, as in `.filter(..in_(select(..)))`";
    let (from, using) = (&*format!("add `.from(Post)` {or}"), &*format!("add `.using(Post)` {or}"));
    refused(update(User).set(User.name, Post.title).to_sql(), "set(", &text("SET", from));
    refused(update(User).set(User.age, 1).filter(on()).to_sql(), "filter(", &text("WHERE", from));
    refused(delete(User).filter(on()).to_sql(), "filter(", &text("WHERE", using));
    refused(update(User).set(User.age, 1).returning(Post).to_sql(), "update(", &text("RETURNING", from));
    refused(delete(User).returning((User, Post.title)).to_sql(), "delete(", &text("RETURNING", using));
    refused(
        insert(User).values(NewUser::new("x")).returning(Post.title).to_sql(),
        "insert(",
        &text("RETURNING", "only the columns of the changed table can be used here"),
    );
}

#[test]
fn a_statement_that_does_nothing_is_checked_and_has_no_text() {
    assert_eq!(insert(User).values(Vec::<NewUser>::new()).returning(User).to_sql().unwrap().text, "");
    assert_eq!(update(User).filter(User.id.eq(1)).returning(User).to_sql().unwrap().text, "");
    let text = "`Post` is used in WHERE but is not in this statement's FROM: add `.from(Post)` and a condition that joins it, or \
                take its rows by a subquery, as in `.filter(..in_(select(..)))`";
    refused(update(User).filter(on()).to_sql(), "filter(", text);
}

#[test]
fn a_lock_is_on_rows_of_the_statements_tables() {
    refused(
        select(User).for_update().of(Post).to_sql(),
        "of(Post)",
        "`Post` is used in the lock's `of` but is not in this statement's FROM: add `.join(Post, ..)`",
    );
    refused(
        select(User).skip_locked().to_sql(),
        "skip_locked()",
        "this says how rows are locked, and none are: add `.for_update()` or `.for_share()`",
    );
    let several = |what: &str| {
        format!(
            "rows that are {what} are no rows of a table and cannot be locked: lock them in a select before"
        )
    };
    refused(select(User).distinct().for_update().to_sql(), "for_update()", &several("distinct"));
    refused(select(User.age).group_by(User.age).for_share().to_sql(), "for_share()", &several("grouped"));
    refused(
        select(func::count(User.id)).for_update().to_sql(),
        "for_update()",
        &several("made of several by an aggregate or a window"),
    );
}

#[test]
fn a_lock_is_not_on_a_row_that_may_be_missing() {
    let posts = || select((User.id, Post.title.optional())).outer_join(Post, on());
    let text = "the row of `Post` may be missing because of an outer join, so that it cannot be locked: name the tables \
                whose rows are, with `.of(..)`";
    refused(posts().for_update().to_sql(), "for_update()", text);
    refused(posts().for_update().of(Post).to_sql(), "of(Post)", text);
    posts().for_update().of(User).to_sql().unwrap();
    posts().filter(Post.title.eq("x")).for_update().to_sql().unwrap();
}
