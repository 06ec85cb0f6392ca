//! Functions over windows.

use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};

use crate::select_rows::{all, on, people};
use crate::select_text::{expression, gives, parameters};

#[test]
fn windows_have_partitions_and_orders() {
    let (rank, number) = (func::rank, func::row_number);
    assert_eq!(
        expression(rank().over(order_by(User.age.desc())).label("place")),
        "rank() OVER (ORDER BY users.age DESC) AS place"
    );
    assert_eq!(
        expression(
            number().over(partition_by((Post.user_id, Post.title)).order_by((Post.id, Post.title.desc())))
        ),
        "row_number() OVER (PARTITION BY posts.user_id, posts.title ORDER BY posts.id, posts.title DESC)"
    );
    assert_eq!(
        expression(func::sum(User.age).over(partition_by(User.name))),
        "sum(users.age) OVER (PARTITION BY users.name)"
    );
    assert_eq!(
        expression(rank().over(order_by(func::count(User.id)))),
        "rank() OVER (ORDER BY count(users.id))"
    );
}

#[test]
fn window_functions_call_theirs() {
    let rows = || order_by(User.id);
    let over = "OVER (ORDER BY users.id)";
    assert_eq!(expression(func::dense_rank().over(rows())), format!("dense_rank() {over}"));
    assert_eq!(expression(func::ntile(4).over(rows())), format!("ntile($1) {over}"));
    assert_eq!(expression(func::lag(User.name).over(rows())), format!("lag(users.name) {over}"));
    assert_eq!(expression(func::lead(User.age + 1).over(rows())), format!("lead(users.age + $1) {over}"));
    assert_eq!(
        expression(func::lag(User.name).offset(2).over(rows())),
        format!("lag(users.name, $1) {over}")
    );
    let or = func::lead(User.name).default("none").over(rows());
    assert_eq!(expression(or.clone()), format!("lead(users.name, $1, $2) {over}"));
    assert_eq!(parameters(select(or)), r#"[1, "none"]"#);
    let or = func::lead(User.name).offset(3).default(User.name).over(rows());
    assert_eq!(expression(or), format!("lead(users.name, $1, users.name) {over}"));
    assert_eq!(
        expression(func::first_value(User.age).over(rows())),
        format!("first_value(users.age) {over}")
    );
    assert_eq!(expression(func::last_value(User.age).over(rows())), format!("last_value(users.age) {over}"));
}

#[test]
fn a_neighbour_may_be_missing() {
    let rows = || order_by(User.id);
    gives::<Option<String>>(select(func::lag(User.name).over(rows())));
    gives::<String>(select(func::lag(User.name).default("none").over(rows())));
    gives::<Option<i32>>(select(func::lag(User.age).default(0).over(rows())));
    gives::<Option<String>>(select(func::lag(User.name).default(None).over(rows())));
    gives::<String>(select(func::first_value(User.name).over(rows())));
    let joined = |title: Expr<String>| select((User.name, title)).outer_join(Post, on()).to_sql();
    assert!(joined(func::first_value(Post.title).over(order_by(Post.id))).is_err());
    assert!(joined(func::lag(Post.title).default("none").over(order_by(Post.id))).is_err());
    assert!(joined(func::lag(User.name).default("none").over(order_by(Post.id))).is_ok());
}

#[tokio::test]
async fn neighbours_are_the_rows_before_and_behind() {
    let fixture = people().await;
    let rows = || order_by(User.id);
    let found = all(
        &fixture,
        select((
            func::lag(User.name).over(rows()),
            func::lead(User.id).default(-1).over(rows()),
            func::lag(User.id).offset(2).default(User.id * 10).over(rows()),
            func::lead(User.age).offset(2).over(rows()),
        ))
        .order_by(User.id),
    )
    .await;
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(found, [(None, 2, 10, None), (name("Ann"), 3, 20, None), (name("Bob"), -1, 1, None)]);
}

#[tokio::test]
async fn windows_are_ranked_cut_and_looked_into() {
    let fixture = people().await;
    fixture
        .engine
        .execute(insert(User).values(NewUser { name: "Dan".into(), age: Some(30) }))
        .await
        .expect("Dan");
    let rows = || order_by((User.age.desc().nulls_last(), User.id));
    let found = all(
        &fixture,
        select((
            func::dense_rank().over(order_by(User.age)),
            func::rank().over(order_by(User.age)),
            func::ntile(2).over(rows()),
            func::first_value(User.name).over(rows()),
            func::last_value(User.id).over(rows()),
        ))
        .order_by(User.id),
    )
    .await;
    let bob = || "Bob".to_owned();
    assert_eq!(found, [(1, 1, 1, bob(), 1), (2, 3, 1, bob(), 2), (3, 4, 2, bob(), 3), (1, 1, 2, bob(), 4)]);
}

#[tokio::test]
async fn a_window_with_a_name_is_written_once() {
    let fixture = people().await;
    let by_age = || order_by(User.age.desc().nulls_last()).named("by_age");
    let above = partition_by(User.age.gt(25)).named("above");
    let statement = select((User.name, func::rank().over(by_age()), func::count_star().over(&above)))
        .filter(User.id.gt(0))
        .order_by((func::first_value(User.id).over(&above), func::row_number().over(by_age())))
        .limit(2);
    assert_eq!(
        statement.to_sql().unwrap().text,
        "SELECT \"users\".\"name\", rank() OVER \"by_age\", count(*) OVER \"above\" FROM \"users\" WHERE \"users\".\"id\" > $2 \
         WINDOW \"by_age\" AS (ORDER BY \"users\".\"age\" DESC NULLS LAST), \"above\" AS (PARTITION BY \"users\".\"age\" > $1) \
         ORDER BY first_value(\"users\".\"id\") OVER \"above\", row_number() OVER \"by_age\" LIMIT $3"
    );
    assert_eq!(fixture.engine.all(&statement).await.unwrap().len(), 2);
    // By its outline.
    assert_eq!(fixture.engine.all(&statement).await.unwrap().len(), 2);
    let first = select(User.name).keep(func::row_number().over(by_age()).eq(1));
    assert_eq!(fixture.engine.all(first).await.unwrap().len(), 1);

    let other = order_by(User.name).named("by_age");
    let two = select((func::rank().over(by_age()), func::rank().over(other))).select_from(User);
    let error = two.to_sql().unwrap_err().to_string();
    assert!(error.contains("two different windows of this select are called \"by_age\""), "{error}");
}

#[tokio::test]
async fn rows_are_changed_and_deleted_by_their_place_in_a_window() {
    let fixture = people().await;
    let refused = [
        delete(Post).filter(func::row_number().over(order_by(Post.id)).gt(1)).to_sql().unwrap_err(),
        update(Post).set(Post.title, "x").filter(func::row_number().over(()).gt(1)).to_sql().unwrap_err(),
        select(Post.id).filter(func::row_number().over(()).gt(1)).to_sql().unwrap_err(),
    ];
    for error in refused.map(|error| error.to_string()) {
        assert!(error.contains("`row_number` looks at several rows and cannot stand in WHERE"), "{error}");
        assert!(error.contains(".derived(\"ranked\")"), "{error}");
    }
    let p = Post.alias("p");
    let ranked = select((p.id, func::row_number().over(partition_by(p.user_id).order_by(p.id.desc()))));
    let ranked = ranked.derived("ranked");
    let (id, place) = ranked.columns();
    let older = || Post.id.in_(select(id).select_from(&ranked).filter(place.gt(1)));
    let changed = update(Post).set(Post.title, "old").filter(older()).returning(Post.id);
    assert_eq!(all(&fixture, changed).await, [1]);
    assert_eq!(fixture.engine.execute(delete(Post).filter(older())).await.unwrap(), 1);
    assert_eq!(all(&fixture, select(Post.title)).await, ["b"]);
}
