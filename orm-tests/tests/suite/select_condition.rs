//! Conditions as values, optional filters, and expressions that are equal however they were made.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

use crate::select_rows::{all, one, people};
use crate::select_text::{condition, expression, gives, text};

fn adult() -> Cond {
    User.age.ge(18)
}

#[test]
fn a_condition_is_an_expression() {
    assert_eq!(expression(adult().label("adult")), "users.age >= $1 AS adult");
    assert_eq!(condition(adult().is_null()), "(users.age >= $1) IS NULL");
    assert_eq!(condition(adult().eq(User.id.gt(1))), "(users.age >= $1) = (users.id > $2)");
    assert_eq!(condition(adult().is_not_true()), "NOT ((users.age >= $1) IS TRUE)");
    let statement = select(User.id).order_by((adult().desc(), User.age.is_null(), User.id));
    assert!(
        text(statement)
            .ends_with(r#"ORDER BY "users"."age" >= $1 DESC, "users"."age" IS NULL, "users"."id""#)
    );
    gives::<bool>(select(adult().is_not_true()));
    gives::<Option<bool>>(select(&adult()));
}

#[derive(Model, Clone, Debug)]
#[orm(table = "flags")]
struct Flag {
    #[orm(primary_key)]
    id: i64,
    up: bool,
    seen: Option<bool>,
}

#[tokio::test]
async fn a_bool_column_is_asked_whether_it_is_true() {
    assert_eq!(condition(Flag.seen.is_true()), "flags.seen IS TRUE");
    assert_eq!(condition(Flag.seen.is_not_true()), "NOT (flags.seen IS TRUE)");
    gives::<bool>(select(Flag.seen.is_not_true()));
    let fixture = Fixture::new(schema![Flag]).await;
    let flags = [(1, true, Some(true)), (2, false, Some(false)), (3, true, None)];
    let flags = flags.map(|(id, up, seen)| NewFlag { id, up, seen });
    fixture.engine.execute(insert(flags.to_vec())).await.unwrap();
    let ids = |condition: Cond| select(Flag.id).filter(condition).order_by(Flag.id);
    assert_eq!(all(&fixture, ids(Flag.up & Flag.seen.is_not_true())).await, [3]);
    assert_eq!(all(&fixture, ids(!Flag.up | Flag.seen.is_true())).await, [1, 2]);
    let asked =
        select((Flag.up.is_true(), Flag.up.is_not_true(), Flag.seen.is_true(), Flag.seen.is_not_true()));
    let expected = [(true, false, true, false), (false, true, false, true), (true, false, false, true)];
    assert_eq!(all(&fixture, asked.order_by(Flag.id)).await, expected);
}

#[tokio::test]
async fn rows_are_sorted_by_conditions() {
    let fixture = people().await;
    let old = User.age.gt(35);
    let statement = select((User.id, &old, old.is_not_true(), old.label("old")))
        .order_by((old.desc().nulls_last(), User.id));
    assert_eq!(
        all(&fixture, statement).await,
        [(2, Some(true), false, Some(true)), (1, Some(false), true, Some(false)), (3, None, true, None)]
    );
}

#[tokio::test]
async fn filters_and_assignments_may_have_no_value() {
    let fixture = people().await;
    let named = |name: Option<&str>| {
        select(User.id).filter_some(name, |name| User.name.icontains(name)).order_by(User.id)
    };
    assert_eq!(all(&fixture, named(Some("B"))).await, [2]);
    assert_eq!(all(&fixture, named(None)).await, [1, 2, 3]);
    let changed = |name: Option<&str>, age: Option<i32>| {
        update(User)
            .set_some(User.name, name)
            .set_some(User.age, age)
            .filter_some(Some(1_i64), |id| User.id.eq(id))
    };
    fixture.engine.execute(changed(Some("Eve"), None)).await.unwrap();
    assert_eq!(fixture.engine.execute(changed(None, None)).await.unwrap(), 0);
    let eve = one(&fixture, select(User).filter(User.id.eq(1))).await;
    assert_eq!((eve.name.as_str(), eve.age), ("Eve", Some(30)));
    fixture.engine.execute(delete(User).filter_some(Some("Eve"), |name| User.name.eq(name))).await.unwrap();
    assert_eq!(all(&fixture, named(None)).await, [2, 3]);
}

#[tokio::test]
async fn equal_expressions_are_equal_however_they_were_made() {
    let fixture = people().await;
    let kind = || case().when(User.name.in_(["Ann", "Bob"]), "known").otherwise("other");
    let groups = select((kind(), func::count_star())).group_by(kind()).order_by(kind());
    for _ in 0..2 {
        let found = all(&fixture, groups.clone()).await;
        assert_eq!(found, [("known".to_owned(), 2), ("other".to_owned(), 1)]);
    }
    let distinct = select(kind()).distinct().order_by(kind().desc());
    assert_eq!(all(&fixture, distinct).await, ["other", "known"]);
    let called = || func::call::<String>("lower", User.name).never_null();
    let groups = select((func::lower(User.name), func::count_star())).group_by(called());
    assert_eq!(all(&fixture, groups).await.len(), 3);
    // Another list is another expression.
    let other = case().when(User.name.in_(["Ann"]), "known").otherwise("other");
    assert!(select((other, func::count_star())).group_by(kind()).to_sql().is_err());
}

#[tokio::test]
async fn bool_columns_are_asked_for_what_they_are() {
    let fixture = people().await;
    fixture.engine.execute(insert(User).values(NewUser { name: "Dan".into(), age: Some(9) })).await.unwrap();
    let is_old = (User.age.gt(35)).label("old");
    assert_eq!(all(&fixture, select(User.id).filter(is_old.is_true())).await, [2]);
    assert_eq!(
        all(&fixture, select(User.id).filter(is_old.is_not_true()).order_by(User.id)).await,
        [1, 3, 4]
    );
}

#[tokio::test]
async fn an_option_of_a_condition_adds_nothing_where_it_is_none() {
    let named = |name: Option<&'static str>| name.map(|name| User.name.eq(name));
    assert_eq!(text(select(User.id).filter(named(None))), text(select(User.id)));
    assert_eq!(condition(named(Some("Ann"))), "users.name = $1");
    assert_eq!(condition((adult(), named(None))), "users.age >= $1");
    assert_eq!(condition(Cond::all([named(None), named(Some("Ann"))])), "users.name = $1");
    // Of conditions that are joined by OR it is left out, and does not make all rows match.
    assert_eq!(condition(adult() | named(None)), "users.age >= $1");
    let none = select(User.id).filter(or_([named(None), named(None)]));
    assert!(text(none).ends_with(" WHERE FALSE"));
    let aggregate = func::count(User.id).filter(named(None));
    assert_eq!(expression(aggregate), "count(users.id)");

    let fixture = people().await;
    let ids = |name| select(User.id).filter(named(name)).filter(Some(adult())).order_by(User.id);
    assert_eq!(all(&fixture, ids(Some("Bob"))).await, [2]);
    assert_eq!(all(&fixture, ids(None)).await, [1, 2]);
    let groups = select((User.age, func::count_star())).group_by(User.age).having(named(None));
    assert_eq!(all(&fixture, groups).await.len(), 3);

    // A statement about all rows has to say so.
    let error = delete(User).filter(named(None)).to_sql().unwrap_err().to_string();
    assert!(error.contains("all_rows"), "{error}");
    let error = update(User).set(User.age, 1).filter(named(None)).to_sql().unwrap_err().to_string();
    assert!(error.contains("all_rows"), "{error}");
    assert_eq!(fixture.engine.execute(delete(User).filter(named(Some("Cid")))).await.unwrap(), 1);
    let set = update(User).set(User.age, 1).filter(named(None)).all_rows();
    assert_eq!(fixture.engine.execute(set).await.unwrap(), 2);
}

#[tokio::test]
async fn what_stands_too_deep_is_refused_and_does_not_end_the_program() {
    let fixture = Fixture::new(schema![User]).await;
    let chain =
        |length: i64| (0..length).fold(User.id.gt(0), |all, id| (all | User.id.eq(id)) & User.name.ne("Ann"));
    assert_eq!(fixture.engine.count(select(User).filter(chain(400))).await.unwrap(), 0);
    let inner = |length: i64| {
        (0..length).fold(User.id.gt(0), |condition, _| {
            User.id.in_(select(User.id).filter(condition)) & User.id.gt(0)
        })
    };
    let sum = (0..1_010).fold(User.id + 0, |sum, _| sum + 1);
    for condition in [chain(510), inner(150), sum.gt(0)] {
        let error = fixture.engine.count(select(User).filter(condition)).await.unwrap_err();
        assert!(error.is_invalid_statement() && error.to_string().contains("deep in others"), "{error}");
    }
    // Side by side there is room for more.
    let many = or_((0..5_000).map(|id| User.id.eq(id)));
    assert_eq!(fixture.engine.count(select(User).filter(many)).await.unwrap(), 0);
}
