//! Frames of windows: which rows a function sees from each.

use orm_core::prelude::*;
use orm_core::query::Edge;
use orm_core::query::Frame;
use orm_core::types::Interval;
use orm_tests::models::User;

use crate::select_rows::{all, people};
use crate::select_text::{expression, gives, parameters};

#[test]
fn a_frame_is_a_range_of_distances() {
    let over = |frame: Frame| {
        let text = expression(func::sum(User.age).over(order_by(User.id).rows(frame)));
        text.split_once("ROWS ").expect("a frame").1.trim_end_matches(')').to_owned()
    };
    let unbounded = "UNBOUNDED FOLLOWING";
    assert_eq!(over((-2..=0).into()), "BETWEEN $1 PRECEDING AND CURRENT ROW");
    assert_eq!(over((-1..2).into()), "BETWEEN $1 PRECEDING AND $2 FOLLOWING");
    assert_eq!(over((..=0).into()), "BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW");
    assert_eq!(over((..0).into()), "BETWEEN UNBOUNDED PRECEDING AND $1 PRECEDING");
    assert_eq!(over((1..).into()), format!("BETWEEN $1 FOLLOWING AND {unbounded}"));
    assert_eq!(over((..).into()), format!("BETWEEN UNBOUNDED PRECEDING AND {unbounded}"));
    let week = Frame::between(Edge::preceding(Interval::from_days(7)), Edge::current_row());
    assert_eq!(over(week), "BETWEEN $1 PRECEDING AND CURRENT ROW");
    assert_eq!(over(Frame::between(Edge::first(), Edge::last())), over((..).into()));
    assert_eq!(parameters(select(func::sum(User.age).over(order_by(User.id).rows(-3..2)))), "[3, 1]");
}

#[test]
fn frames_have_modes_and_leave_rows_out() {
    let sum = || func::sum(User.age);
    let sorted = || partition_by(User.name).order_by(User.id);
    assert_eq!(expression(sum().over(())), "sum(users.age) OVER ()");
    let window = sorted().rows(..=0);
    assert_eq!(
        expression(sum().over(&window)),
        "sum(users.age) OVER (PARTITION BY users.name ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    );
    let text = |over| expression(sum().over(over)).split_once("users.id ").expect("an order").1.to_owned();
    assert_eq!(
        text(sorted().range(-1..=1).exclude_current_row()),
        "RANGE BETWEEN $1 PRECEDING AND $2 FOLLOWING EXCLUDE CURRENT ROW)"
    );
    assert_eq!(
        text(sorted().groups(0..).exclude_ties()),
        "GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES)"
    );
    assert_eq!(
        text(sorted().exclude_group()),
        "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP)"
    );
}

#[test]
fn a_frame_that_may_show_no_row_may_give_null() {
    let first = |over| func::first_value(User.name).over(over);
    gives::<String>(select(first(order_by(User.id).rows(-1..=0))));
    for over in
        [order_by(User.id).rows(1..), order_by(User.id).rows(..0), order_by(User.id).exclude_current_row()]
    {
        assert!(select(first(over.clone())).to_sql().is_err());
        gives::<Option<String>>(select(first(over.clone()).optional()));
        gives::<i64>(select(func::row_number().over(over)));
    }
    gives::<Option<String>>(select(func::nth_value(User.name, 2).over(order_by(User.id))));
}

#[tokio::test]
async fn functions_see_the_rows_of_their_frame() {
    let fixture = people().await;
    let ids = || func::array_agg(User.id);
    let sorted = || order_by(User.id);
    let seen = all(
        &fixture,
        select((
            ids().over(sorted().rows(-1..=0)),
            ids().over(sorted().rows(1..)),
            ids().over(sorted().range(-1..=1).exclude_current_row()),
            ids().over(order_by(User.id / 2).groups(..=0)),
            func::nth_value(User.name, 2).over(sorted()),
            ids().over(()),
            ids().over(order_by(User.id / 2).range(..).exclude_ties()),
            ids().over(order_by(User.id / 2).groups(..).exclude_group()),
        ))
        .order_by(User.id),
    )
    .await;
    let (some, name) = (|ids: &[i64]| Some(ids.to_vec()), |name: &str| Some(name.to_owned()));
    let all_ids = || some(&[1, 2, 3]);
    assert_eq!(
        seen,
        [
            (some(&[1]), some(&[2, 3]), some(&[2]), some(&[1]), None, all_ids(), all_ids(), some(&[2, 3])),
            (
                some(&[1, 2]),
                some(&[3]),
                some(&[1, 3]),
                all_ids(),
                name("Bob"),
                all_ids(),
                some(&[1, 2]),
                some(&[1])
            ),
            (some(&[2, 3]), None, some(&[2]), all_ids(), name("Bob"), all_ids(), some(&[1, 3]), some(&[1])),
        ]
    );
    let shares = all(
        &fixture,
        select((func::cume_dist().over(sorted()), func::percent_rank().over(sorted()))).order_by(User.id),
    )
    .await;
    assert_eq!(shares, [(1.0 / 3.0, 0.0), (2.0 / 3.0, 0.5), (1.0, 1.0)]);
}
