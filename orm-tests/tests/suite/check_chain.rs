//! What the checker knows of joins behind joins, and of subqueries in grouped statements.

use orm_core::prelude::*;
use orm_core::query::Sql;
use orm_tests::Fixture;
use orm_tests::models::{Post, User};

#[track_caller]
fn refused(result: Result<Sql, Error>, text: &str) {
    let error = result.expect_err("the checker refuses it").to_string();
    assert!(error.ends_with(text), "{error}");
}

#[tokio::test]
async fn a_condition_on_the_last_of_chained_left_joins_keeps_the_middle_one() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let (reply, writer) = (Post.alias("reply"), User.alias("writer"));
    let chain = || {
        select((User.name, Post.title, reply.title, writer.name))
            .outer_join(Post, Post.user_id.eq(User.id))
            .outer_join(reply, reply.title.eq(Post.title) & reply.id.gt(Post.id))
            .outer_join(writer, writer.id.eq(reply.user_id))
    };
    let statement = chain().filter(writer.age.gt(18));
    assert_eq!(fixture.engine.all(statement).await.unwrap(), []);
    assert!(chain().join(User.alias("x"), User.alias("x").id.eq(writer.id)).to_sql().is_ok());

    let error = chain().filter(reply.title.eq("x")).to_sql().unwrap_err().to_string();
    assert!(error.contains("`User.name` is selected as a value"), "{error}");
    let error = chain().filter(writer.age.is_null()).to_sql().unwrap_err().to_string();
    assert!(error.contains("`Post.title` is selected as a value"), "{error}");
    // One side of OR says nothing of the other.
    let either = select((User.name, Post.title, reply.title))
        .outer_join(Post, Post.user_id.eq(User.id))
        .outer_join(reply, reply.title.eq(Post.title) | reply.user_id.eq(User.id))
        .filter(reply.id.gt(1));
    let error = either.to_sql().unwrap_err().to_string();
    assert!(error.contains("`Post.title` is selected as a value"), "{error}");
}

#[test]
fn the_rows_before_a_right_join_are_there_together() {
    let (reply, other) = (Post.alias("reply"), User.alias("other"));
    let joined = || {
        select((User.name, Post.title, reply.title.optional(), other.name))
            .join(Post, Post.user_id.eq(User.id))
            .outer_join(reply, reply.title.eq(Post.title))
            .right_join(other, other.id.eq(User.id))
    };
    assert!(joined().filter(Post.title.eq("x")).to_sql().is_ok());
    assert!(joined().filter(reply.title.eq("x")).to_sql().is_ok());
    let error = joined().to_sql().unwrap_err().to_string();
    assert!(error.contains("`User.name` is selected as a value"), "{error}");
}

#[test]
fn a_table_that_is_selected_and_joined_again_needs_another_name() {
    let text = "`User` is what is selected, and it is joined too, so that there is nothing to join it to: give the one that \
                is joined another name, as `let other = User.alias(\"other\")`, or leave the join out";
    refused(select(User).join(User, User.id.eq(User.age)).to_sql(), text);
    refused(
        select(User.name).join(Post, Post.user_id.eq(User.id)).join(User, User.id.eq(Post.user_id)).to_sql(),
        text,
    );
}

#[tokio::test]
async fn a_subquery_of_a_grouped_statement_uses_what_is_grouped() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let posts = || select(func::count(Post.id)).filter(Post.user_id.eq(User.id));
    let text = "`User.id` stands beside an aggregate or a GROUP BY and is not grouped: add `.group_by(User.id)`, or put it \
                into an aggregate such as `func::max(User.id)`";
    refused(select((User.age, posts().scalar())).group_by(User.age).to_sql(), text);
    refused(select(User.age).group_by(User.age).having(posts().scalar().gt(1)).to_sql(), text);
    let reply = Post.alias("reply");
    let nested = select(reply.id).filter(reply.title.eq(Post.title) & reply.user_id.lt(User.id));
    let nested = select(Post.title).filter(exists(nested));
    refused(select(User.age).group_by(User.age).having(exists(nested)).to_sql(), text);

    let engine = &fixture.engine;
    engine.all(select((User.id, posts().scalar())).group_by(User.id)).await.unwrap();
    engine.all(select(func::count(User.id)).filter(posts().scalar().gt(1))).await.unwrap();
    // The one inside is its own.
    let own = select(func::count(User.id)).select_from(User).filter(User.age.gt(18));
    engine.all(select((User.age, own.scalar())).group_by(User.age)).await.unwrap();
}

#[tokio::test]
async fn a_grouped_subquery_uses_columns_from_outside_as_they_are() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let most = select((func::max(Post.title), User.name.optional()))
        .select_from(Post)
        .filter(Post.user_id.eq(User.id))
        .group_by(Post.user_id)
        .having(func::count(Post.id).gt(User.age));
    let most = most.lateral("most");
    fixture.engine.all(select((User.id, most.0)).select_from(User).cross_join(&most)).await.unwrap();
}

#[test]
fn an_aggregate_of_what_is_outside_is_refused() {
    let most = select(func::max(User.age)).select_from(Post).filter(Post.user_id.eq(User.id));
    refused(
        select((User.name, most.scalar())).to_sql(),
        "`max` takes only columns of `User`, which the statement around this subquery has, and would aggregate the rows there: \
         give it a column of the subquery's own, or select it in the statement around",
    );
    let most = select(func::max(User.age + Post.id)).select_from(Post).filter(Post.user_id.eq(User.id));
    assert!(select((User.name, most.scalar())).to_sql().is_ok());
}

#[test]
fn a_lateral_table_has_no_rows_without_those_it_sees() {
    let titles = select((Post.user_id, Post.title)).filter(Post.user_id.eq(User.id)).lateral("titles");
    let joined = select((User.name.optional(), titles.1)).select_from(User);
    refused(
        joined.right_join(&titles, titles.0.eq(User.id)).to_sql(),
        "\"titles\" sees the row of `User` beside it, so that it has no rows without that one: use `.join(..)` or \
         `.outer_join(..)`",
    );
}
