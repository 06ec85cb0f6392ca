//! Conditions as people write them first: negated by a method, of lists of other numbers, of SQL, sorted by.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Event, Post, User};
use rust_decimal::Decimal;

use crate::select_rows::{all, one, people};
use crate::select_text::{condition, from};

/// The names of those for whom it is true.
async fn names(fixture: &Fixture, condition: impl IntoCond) -> Vec<String> {
    all(fixture, select(User.name).filter(condition).order_by(User.id)).await
}

#[tokio::test]
async fn a_condition_is_negated_by_a_method() {
    let fixture = people().await;
    assert_eq!(condition(Event.is_public.not()), "NOT events.is_public");
    assert_eq!(condition(User.age.gt(35).not()), condition(!User.age.gt(35)));
    assert_eq!(names(&fixture, User.age.gt(35).not()).await, ["Ann"]);
    assert_eq!(names(&fixture, User.name.eq("Ann").is_true().not()).await, ["Bob", "Cid"]);
}

#[tokio::test]
async fn numbers_of_other_types_stand_in_lists() {
    let fixture = people().await;
    let (exact, float) = (|| User.age.cast::<Decimal>(), || User.age.cast::<f64>());
    assert_eq!(condition(exact().in_([30, 31])), "CAST(users.age AS numeric) = ANY($1)");
    assert_eq!(names(&fixture, exact().in_([30, 31])).await, ["Ann"]);
    assert_eq!(names(&fixture, exact().in_([30.0, 40.0])).await, ["Ann", "Bob"]);
    assert_eq!(names(&fixture, exact().in_([30.0, f64::NAN])).await, ["Ann"]);
    assert_eq!(names(&fixture, exact().not_in(vec![30_i64])).await, ["Bob"]);
    assert_eq!(names(&fixture, exact().between(30, 39.5)).await, ["Ann"]);
    assert_eq!(names(&fixture, exact().eq(any(vec![30, 31]))).await, ["Ann"]);
    assert_eq!(names(&fixture, float().in_([40, 50])).await, ["Bob"]);
    let known = vec![40_i64, 50];
    assert_eq!(names(&fixture, float().not_in(&known)).await, ["Ann"]);
    assert_eq!(known.len(), 2);
    assert_eq!(names(&fixture, User.id.in_([1, 2])).await, ["Ann", "Bob"]);
    assert_eq!(names(&fixture, User.id.eq(any(vec![1, 3]))).await, ["Ann", "Cid"]);
    let days = func::extract("isodow", func::now()).in_([1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(names(&fixture, days).await.len(), 3);
    let pairs = (exact(), User.name).in_([(30, "Ann"), (40, "Cid")]);
    assert_eq!(names(&fixture, pairs).await, ["Ann"]);
}

#[tokio::test]
async fn sql_is_a_condition_where_one_is_expected() {
    let fixture = people().await;
    let (low, old) = (35, || sql!("{User.age} > {}", 35));
    assert_eq!(names(&fixture, sql!("{User.age} < {low} OR {User.age} IS NULL")).await, ["Ann", "Cid"]);
    assert_eq!(names(&fixture, User.name.ne("Cid") & sql!("age < 35 OR true")).await, ["Ann", "Bob"]);
    assert_eq!(names(&fixture, old() & User.name.eq("Ann")).await, [""; 0]);
    assert_eq!(names(&fixture, old() | User.name.eq("Ann")).await, ["Ann", "Bob"]);
    assert_eq!(names(&fixture, !old()).await, ["Ann"]);
    assert_eq!(names(&fixture, any_of([old()])).await, ["Bob"]);
    let writers = select(User.name).join(Post, sql!("{Post.user_id} = {User.id}")).group_by(User.name);
    assert_eq!(all(&fixture, writers.having(sql!("count(*) > 1"))).await, ["Ann"]);
    assert!(condition(sql!("a OR b") & User.id.eq(1)).starts_with("(a OR b) AND"));
}

#[tokio::test]
async fn lists_of_conditions_have_the_names_of_other_libraries() {
    let fixture = people().await;
    let conditions = || [User.age.gt(35), User.name.eq("Ann")];
    assert_eq!(names(&fixture, any_of(conditions())).await, ["Ann", "Bob"]);
    assert_eq!(names(&fixture, all_of(conditions())).await, [""; 0]);
}

#[tokio::test]
async fn a_condition_is_selected_and_sorted_by() {
    let fixture = people().await;
    let unknown = User.age.is_null();
    let rows = select((User.name, &unknown)).order_by((&unknown, User.name.desc()));
    assert!(from(rows.clone()).ends_with("ORDER BY users.age IS NULL, users.name DESC"), "{}", from(rows));
    let rows = select(User.name).order_by(&unknown).limit(3);
    assert_eq!(one(&fixture, rows.offset(2).limit(1)).await, "Cid");
    let known = select((User.name, User.age.gt(35).optional())).order_by(User.id);
    let known: Vec<(String, Option<bool>)> = all(&fixture, known).await;
    assert_eq!(known[2], ("Cid".to_owned(), None));
}
