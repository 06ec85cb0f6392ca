//! Unique values that change hands.

use super::Objects;
use crate::prelude::*;
use crate::session::flush::refused_order::RefusedOrders;
use crate::session::flush::step::Step;

#[derive(Model, Clone, Debug)]
struct Seat {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique)]
    number: i32,
}

#[derive(Model, Clone, Debug)]
#[expect(clippy::duplicated_attributes, reason = "several indexes are unique")]
#[orm(index("lower(email)", unique))]
#[orm(index(owner, unique, where = "left_on IS NULL"))]
struct Account {
    #[orm(primary_key)]
    id: i64,
    email: String,
    owner: i32,
    left_on: Option<i32>,
}

#[derive(Model, Clone, Debug)]
struct Turn {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique(deferrable))]
    position: i32,
}

fn account(id: i64, email: &str, owner: i32) -> Account {
    Account { id, email: email.to_owned(), owner, left_on: None }
}

#[test]
fn rows_that_move_up_go_one_after_the_other() {
    let mut objects = Objects::new();
    let seats: Vec<_> = (0..3).map(|n| objects.load(Seat { id: i64::from(n), number: n })).collect();
    seats.iter().for_each(|seat| objects.change(*seat).number += 1);
    objects.add(NewSeat { id: 9, number: 0 });
    assert_eq!(objects.steps(), ["update Seat 2", "update Seat 1", "update Seat 0", "insert Seat 3"]);
}

#[test]
fn a_row_that_takes_another_over_goes_and_comes_where_that_makes_an_order() {
    let mut objects = Objects::new();
    let (f, c) = (objects.load(Seat { id: 1, number: 10 }), objects.load(Seat { id: 2, number: 20 }));
    objects.delete(f);
    objects.change(c).number = 10;
    objects.add(NewSeat { id: 1, number: 20 });
    assert_eq!(objects.steps(), ["delete Seat 0", "update Seat 1", "insert Seat 2"]);
}

#[test]
fn a_row_that_rows_reference_which_are_not_loaded_does_not_go() {
    let mut objects = Objects::new();
    let (f, c) = (objects.load(Seat { id: 1, number: 10 }), objects.load(Seat { id: 2, number: 20 }));
    objects.delete(f);
    objects.change(c).number = 10;
    objects.add(NewSeat { id: 1, number: 20 });
    let error = objects.plan_if(true).err().expect("a refusal").to_string();
    assert!(error.contains("`Seat` 1"), "{error}");
}

#[test]
fn rows_that_wait_for_each_other_are_named() {
    let mut objects = Objects::new();
    let (a, b) = (objects.load(Seat { id: 1, number: 10 }), objects.load(Seat { id: 2, number: 20 }));
    (objects.change(a).number, objects.change(b).number) = (20, 10);
    let error = objects.plan().err().expect("a refusal").to_string();
    assert!(error.contains("`Seat` 1, `Seat` 2"), "{error}");
}

#[test]
fn rows_may_swap_what_can_be_deferred() {
    let mut objects = Objects::new();
    let (a, b) = (objects.load(Turn { id: 1, position: 1 }), objects.load(Turn { id: 2, position: 2 }));
    (objects.change(a).position, objects.change(b).position) = (2, 1);
    let plan = objects.plan().expect("an order");
    assert!(plan.defers);
    let rows: usize = plan.steps.iter().flat_map(Step::batches).map(|batch| batch.slots.len()).sum();
    assert_eq!(rows, 2);
}

#[test]
fn what_may_make_room_goes_first_where_only_the_server_knows() {
    let mut objects = Objects::new();
    let old = objects.load(account(1, "Ann@x.org", 1));
    objects.delete(old);
    objects.add(NewAccount { email: "ann@x.org".into(), owner: 2, ..NewAccount::new(2, "", 0) });
    assert_eq!(objects.steps(), ["delete Account 0", "insert Account 1"]);

    let mut objects = Objects::new();
    let left = objects.load(account(1, "a", 1));
    objects.change(left).left_on = Some(3);
    objects.add(NewAccount::new(2, "b", 1));
    assert_eq!(objects.steps(), ["update Account 0", "insert Account 1"]);
}

#[test]
fn orders_that_the_server_refuses_give_way_to_others_until_there_is_none() {
    let mut objects = Objects::new();
    let accounts: Vec<_> = (1..4).map(|id| objects.load(account(id, "a", 1))).collect();
    accounts.iter().for_each(|account| objects.change(*account).email.push('b'));
    let (mut trial, mut refused) = (objects.plan().expect("an order").trial, RefusedOrders::default());
    let mut orders = Vec::new();
    while let Some(other) = trial.take().and_then(|trial| objects.plan_unlike(*trial, &refused)) {
        orders.push(Objects::in_words(&other));
        refused.note(other.trial.as_ref().expect("what others are made from"), None);
        trial = other.trial;
    }
    assert_eq!(orders[0], ["update Account 0", "update Account 1", "update Account 2"]);
    // One by one, then two in one statement, then all.
    let sizes: Vec<usize> = orders.iter().map(Vec::len).collect();
    assert_eq!(sizes, [3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 1]);
    orders.sort();
    orders.dedup();
    assert_eq!(orders.len(), sizes.len());
}

#[test]
fn a_row_that_is_refused_is_not_tried_behind_the_same_rows_again() {
    let mut objects = Objects::new();
    let accounts: Vec<_> = (1..4).map(|id| objects.load(account(id, "a", 1))).collect();
    accounts.iter().for_each(|account| objects.change(*account).email.push('b'));
    let (mut trial, mut refused) = (objects.plan().expect("an order").trial, RefusedOrders::default());
    let mut firsts = Vec::new();
    while let Some(other) = trial.take().and_then(|trial| objects.plan_unlike(*trial, &refused)) {
        firsts.push(Objects::in_words(&other).remove(0));
        refused.note(other.trial.as_ref().expect("what others are made from"), Some(0));
        trial = other.trial;
    }
    let alone = ["update Account 0", "update Account 1", "update Account 2"];
    let two = ["update Account 0 1", "update Account 0 2", "update Account 1 2"];
    assert_eq!(firsts, [&alone[..], &two, &["update Account 0 1 2"]].concat());
}

#[test]
fn a_long_chain_costs_what_its_rows_cost() {
    let time = |rows: i32| {
        let mut objects = Objects::new();
        let seats: Vec<_> = (0..rows).map(|n| objects.load(Seat { id: n.into(), number: n })).collect();
        seats.iter().for_each(|seat| objects.change(*seat).number += 1);
        let began = std::time::Instant::now();
        let steps = objects.plan().expect("an order").steps.len();
        assert_eq!(steps, usize::try_from(rows).expect("rows"));
        began.elapsed()
    };
    let few = (0..3).map(|_| time(2_000)).min().expect("a time");
    let many = (0..3).map(|_| time(16_000)).min().expect("a time");
    assert!(many < few * 30, "8 times the rows: {few:?}, {many:?}");
}
