//! Aggregates with DISTINCT, ORDER BY, FILTER and WITHIN GROUP.

use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};
use rust_decimal::Decimal;

use crate::select_rows::{all, on, one, people};
use crate::select_text::{expression, gives, text};

#[test]
fn aggregates_have_distinct_orders_and_filters() {
    let names = || func::string_agg(User.name, ", ");
    assert_eq!(expression(names()), "string_agg(users.name, $1)");
    assert_eq!(
        expression(names().distinct().order_by(User.name.desc().nulls_last()).filter(User.age.gt(1))),
        "string_agg(DISTINCT users.name, $1 ORDER BY users.name DESC NULLS LAST) FILTER (WHERE users.age > $2)"
    );
    assert_eq!(
        expression(func::array_agg(User.age).order_by((User.age, User.id))),
        "array_agg(users.age ORDER BY users.age, users.id)"
    );
    assert_eq!(
        expression(func::percentile_cont(0.5).within_group(User.age).filter(User.id.gt(1))),
        "percentile_cont($1) WITHIN GROUP (ORDER BY users.age) FILTER (WHERE users.id > $2)"
    );
    assert_eq!(expression(func::mode().within_group(User.name)), "mode() WITHIN GROUP (ORDER BY users.name)");
    assert_eq!(
        expression(func::bool_and(User.age.gt(1) & User.id.gt(2))),
        "bool_and(users.age > $1 AND users.id > $2)"
    );
    gives::<Option<Vec<Option<i32>>>>(select(func::array_agg(User.age)));
    gives::<Option<Vec<String>>>(select(func::array_agg(User.name)));
    gives::<Option<Decimal>>(select(func::stddev(User.age)));
}

#[test]
fn what_is_of_aggregates_stands_right_behind_them() {
    let refused = |expression: Expr<String>| select(expression).to_sql().unwrap_err().to_string();
    assert!(
        refused(func::lower(User.name).order_by(User.id))
            .contains("`.order_by(..)` follows something that is no")
    );
    assert!(
        refused(func::lower(User.name).distinct()).contains("`.distinct(..)` follows something that is no")
    );
}

#[tokio::test]
async fn values_are_joined_collected_and_measured() {
    let fixture = people().await;
    let row = one(
        &fixture,
        select((
            func::string_agg(User.name, "|").order_by(User.id.desc()),
            func::array_agg(User.age).order_by(User.id),
            func::bool_and(User.age.gt(30)),
            func::bool_or(User.age.gt(30)),
            func::percentile_cont(0.5).within_group(User.age),
            func::percentile_disc(0.5).within_group(User.age),
            func::mode().within_group(User.name),
            func::stddev_pop(User.age),
            func::variance(User.age),
            func::count(User.id).filter(User.age.is_null()),
            func::var_pop(User.age),
            func::stddev(User.age).cast::<f64>(),
        )),
    )
    .await;
    assert_eq!(row.0.as_deref(), Some("Cid|Bob|Ann"));
    assert_eq!(row.1, Some(vec![Some(30), Some(40), None]));
    assert_eq!((row.2, row.3), (Some(false), Some(true)));
    assert_eq!((row.4, row.5, row.6.as_deref()), (Some(35.0), Some(30), Some("Ann")));
    assert_eq!((row.7, row.8, row.9), (Some(Decimal::from(5)), Some(Decimal::from(50)), 1));
    assert_eq!((row.10, row.11), (Some(Decimal::from(25)), Some(50_f64.sqrt())));
    let titles = func::string_agg(Post.title, ",").distinct().order_by(Post.title);
    let rows = all(
        &fixture,
        select((User.name, titles)).outer_join(Post, on()).group_by(User.name).order_by(User.name),
    )
    .await;
    let none = |name: &str| (name.to_owned(), None);
    assert_eq!(rows, [("Ann".to_owned(), Some("a,b".to_owned())), none("Bob"), none("Cid")]);
}

#[test]
fn order_by_says_the_label_of_what_is_selected() {
    let decade = || (User.age / 10).label("decade");
    assert_eq!(
        text(select((User.id, decade())).order_by((decade().desc(), User.id))),
        r#"SELECT "users"."id", "users"."age" / $1 AS "decade" FROM "users" ORDER BY "decade" DESC, "users"."id""#
    );
    // Another parameter is another expression, and the text of the first statement is not its text.
    assert_eq!(
        text(select((User.id, decade())).order_by((User.age / 9).desc())),
        r#"SELECT "users"."id", "users"."age" / $1 AS "decade" FROM "users" ORDER BY "users"."age" / $2 DESC"#
    );
    // A name that two outputs have would be ambiguous.
    let doubled = text(select((User, (User.age / 10).label("age"))).order_by(User.age / 10));
    assert!(doubled.ends_with(r#"ORDER BY "users"."age" / $2"#), "{doubled}");
}

#[tokio::test]
async fn rows_are_sorted_by_a_labelled_expression_with_a_parameter() {
    let fixture = people().await;
    let rest = (User.id * 2 - User.id / 2 * 4).label("rest");
    for _ in 0..2 {
        let sorted = select((User.id, rest.clone())).order_by((rest.clone(), User.id.desc()));
        assert_eq!(all(&fixture, sorted).await, [(2, 0), (3, 2), (1, 2)]);
    }
    let posts = func::count(Post.id).label("posts");
    let counted = select((User.name, posts.clone()))
        .outer_join(Post, on())
        .group_by(User.name)
        .order_by((posts.desc(), User.name))
        .limit(2);
    assert_eq!(all(&fixture, counted).await, [("Ann".to_owned(), 2), ("Bob".to_owned(), 0)]);
}

#[tokio::test]
async fn tables_and_tuples_are_counted() {
    assert_eq!(expression(func::count(User)), "count(users.id)");
    assert_eq!(expression(func::count(User.alias("u"))), "count(u.id)");
    assert_eq!(expression(func::count((User.age, User.name))), "count((users.age, users.name))");
    let distinct = "count(DISTINCT (users.age, users.name))";
    assert_eq!(expression(func::count((User.age, User.name)).distinct()), distinct);
    assert_eq!(expression(func::count_distinct((&User.age, User.name))), distinct);

    let fixture = people().await;
    fixture.engine.execute(insert(NewUser::new("Cid"))).await.unwrap();
    let counts = select((
        func::count(User),
        func::count_distinct((User.age, User.name)),
        func::count((User.age, User.name)),
    ));
    assert_eq!(one(&fixture, counts).await, (4, 3, 4));
    // A table that an outer join does not find has no rows to count.
    let posts = select((User.name, func::count(Post))).left_join(Post, Post.user_id.eq(User.id));
    let posts = posts.filter(User.id.le(2)).group_by(User.id).order_by(User.id);
    assert_eq!(all(&fixture, posts).await, [("Ann".to_owned(), 2), ("Bob".to_owned(), 0)]);
}
