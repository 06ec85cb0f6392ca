//! Conditions on parts of text, and conditions that know NULL; NULLs in orders.

use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

use crate::select_rows::{all, people};
use crate::select_text::{condition, expression, from, gives, parameters};

#[test]
fn parts_of_text_are_patterns() {
    assert_eq!(condition(User.name.ilike("a%")), "users.name ILIKE $1");
    assert_eq!(condition(User.name.starts_with("A")), "users.name LIKE $1");
    let of = |condition: Cond| parameters(select(User).filter(condition));
    assert_eq!(of(User.name.starts_with("A")), r#"["A%"]"#);
    assert_eq!(of(User.name.ends_with(String::from("n"))), r#"["%n"]"#);
    assert_eq!(of(User.name.contains("n")), r#"["%n%"]"#);
    assert_eq!(of(User.name.contains(r"50%_\")), r#"["%50\\%\\_\\\\%"]"#);
    assert_eq!(condition(User.id.cast::<String>().contains("1")), "CAST(users.id AS text) LIKE $1");
}

#[test]
fn distinctions_have_sqls_words() {
    assert_eq!(condition(User.age.is_distinct_from(3)), "users.age IS DISTINCT FROM $1");
    assert_eq!(condition(User.age.is_not_distinct_from(None)), "users.age IS NOT DISTINCT FROM $1");
    assert_eq!(
        condition(!(User.age + 1).is_distinct_from(User.age) & User.id.gt(0)),
        "(NOT ((users.age + $1) IS DISTINCT FROM users.age)) AND users.id > $2"
    );
}

#[test]
fn a_distinction_is_never_unknown() {
    gives::<bool>(select(User.age.is_distinct_from(3).is_true()));
    let distinct = case().when(User.age.is_distinct_from(3), true).otherwise(false);
    gives::<bool>(select(distinct));
}

#[test]
fn nulls_have_their_place_in_orders() {
    assert_eq!(
        from(select(User).order_by((User.age.desc().nulls_last(), User.name.asc().nulls_first()))),
        "users ORDER BY users.age DESC NULLS LAST, users.name NULLS FIRST"
    );
    assert_eq!(
        expression(func::rank().over(order_by(User.age.desc().nulls_last()))),
        "rank() OVER (ORDER BY users.age DESC NULLS LAST)"
    );
}

#[tokio::test]
async fn parts_of_text_are_found_as_they_are() {
    let fixture = people().await;
    let more = [r"50%", "500", r"a\b", "a_b", "axb"].map(NewUser::new);
    fixture.engine.execute(insert(User).values(more)).await.expect("users");
    let cases: [(Cond, &[&str]); 8] = [
        (User.name.starts_with("50%"), &["50%"]),
        (User.name.starts_with("50"), &["50%", "500"]),
        (User.name.ends_with("%"), &["50%"]),
        (User.name.ends_with("b"), &["Bob", r"a\b", "a_b", "axb"]),
        (User.name.contains("_"), &["a_b"]),
        (User.name.contains(r"\"), &[r"a\b"]),
        (User.name.contains(""), &["Ann", "Bob", "Cid", "50%", "500", r"a\b", "a_b", "axb"]),
        (User.name.ilike("b%") | User.name.ilike("%D"), &["Bob", "Cid"]),
    ];
    for (condition, names) in cases {
        let shown = format!("{condition:?}");
        let found = all(&fixture, select(User.name).filter(condition).order_by(User.id)).await;
        assert_eq!(found, names, "{shown}");
    }
}

#[tokio::test]
async fn distinctions_know_null() {
    let fixture = people().await;
    let cases: [(Cond, &[i64]); 5] = [
        (User.age.is_distinct_from(30), &[2, 3]),
        (User.age.is_distinct_from(None), &[1, 2]),
        (User.age.is_not_distinct_from(30), &[1]),
        (User.age.is_not_distinct_from(None), &[3]),
        (User.age.is_not_distinct_from(User.age), &[1, 2, 3]),
    ];
    for (condition, ids) in cases {
        let shown = format!("{condition:?}");
        let found = all(&fixture, select(User.id).filter(condition).order_by(User.id)).await;
        assert_eq!(found, ids, "{shown}");
    }
}

#[tokio::test]
async fn nulls_stand_where_the_order_says() {
    let fixture = people().await;
    for (order, ids) in [
        (User.age.asc(), [1, 2, 3]),
        (User.age.asc().nulls_first(), [3, 1, 2]),
        (User.age.desc(), [3, 2, 1]),
        (User.age.desc().nulls_last(), [2, 1, 3]),
    ] {
        let shown = format!("{order:?}");
        assert_eq!(all(&fixture, select(User.id).order_by(order)).await, ids, "{shown}");
    }
}
