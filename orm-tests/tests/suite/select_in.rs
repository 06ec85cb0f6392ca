//! `in_` of columns, of expressions, and of both beside values.

use orm_core::prelude::*;
use orm_tests::models::{Post, User};

use crate::select_rows::{all, on, people};
use crate::select_text::{condition, gives, parameters};

#[test]
fn columns_and_expressions_stand_in_the_list_one_by_one() {
    assert_eq!(condition(lit("Ann").in_([User.name, User.name])), "$1 IN (users.name, users.name)");
    assert_eq!(condition(User.name.not_in((User.name, "x"))), "users.name NOT IN (users.name, $1)");
    assert_eq!(
        condition(User.id.in_((User.age, 1_i64, User.id + 1))),
        "users.id IN (users.age, $1, users.id + $2)"
    );
    assert_eq!(condition(User.id.in_(vec![&(User.id + 1)])), "users.id IN (users.id + $1)");
    assert_eq!(
        condition(!User.id.in_((1, User.id)) & User.id.eq(1)),
        "(NOT (users.id IN ($1, users.id))) AND users.id = $2"
    );
    assert_eq!(condition(User.id.in_(Vec::<Expr<i64>>::new())), "FALSE");
    assert_eq!(condition(User.id.not_in(Vec::<Expr<i64>>::new())), "TRUE");
    gives::<i64>(select(User.id).outer_join(Post, on()).filter(User.id.not_in((Post.user_id, 9))));
    gives::<String>(
        select(Post.title).select_from(User).outer_join(Post, on()).filter(Post.title.in_([User.name])),
    );
    let all = select(Post.title)
        .select_from(User)
        .outer_join(Post, on())
        .filter(Post.title.not_in(Vec::<Expr<String>>::new()));
    assert!(all.to_sql().is_err(), "it leaves out no row");
    // A list of values alone stays one array.
    assert_eq!(parameters(select(User).filter(User.id.in_([1, 2]))), "[[1, 2]]");
}

#[tokio::test]
async fn lists_of_columns_find_rows() {
    let fixture = people().await;
    let ids = |condition: Cond| select(User.id).filter(condition).order_by(User.id);
    assert_eq!(all(&fixture, ids(lit("Ann").in_([User.name]))).await, [1]);
    assert_eq!(all(&fixture, ids(User.name.in_(("Cid", func::left("Bobby", 3))))).await, [2, 3]);
    assert_eq!(all(&fixture, ids(User.age.in_((User.id * 20, User.id + 29)))).await, [1, 2]);
    assert_eq!(all(&fixture, ids(User.name.not_in(("Cid", func::left("Bobby", 3))))).await, [1]);
    // A NULL in the list leaves out what is not found, as SQL has it.
    assert_eq!(all(&fixture, ids(User.id.not_in((User.age, 1)))).await, [2]);
    assert_eq!(all(&fixture, ids(User.id.in_(Vec::<Expr<i64>>::new()))).await, [0_i64; 0]);
    assert_eq!(all(&fixture, ids(User.id.not_in(Vec::<Expr<i64>>::new()))).await, [1, 2, 3]);
    // Two statements of one shape, and one of another.
    for (first, second) in [("Ann", "Bob"), ("Cid", "Cid")] {
        let found = all(&fixture, ids(User.name.in_((first, second)))).await;
        assert_eq!(found, if first == "Ann" { vec![1, 2] } else { vec![3] });
    }
    assert_eq!(all(&fixture, ids(User.name.in_(("Ann", "Bob", "Cid")))).await, [1, 2, 3]);
    assert_eq!(all(&fixture, ids(User.name.not_in(("Ann", "Bob")))).await, [3]);
}

#[tokio::test]
async fn objects_of_a_session_are_found_in_such_lists() {
    let fixture = people().await;
    let mut session = fixture.session();
    let users = session.all(select(User).order_by(User.id)).await.unwrap();
    let changed = update(User).set(User.name, "x").filter(User.name.in_(("Ann", "Cid")));
    session.execute(changed.synchronize(Synchronize::Evaluate)).await.unwrap();
    let names: Vec<_> = users.iter().map(|&user| session[user].name.clone()).collect();
    assert_eq!(names, ["x", "Bob", "x"]);
    // A list with a NULL says nothing of what is not in it.
    let changed = update(User).set(User.name, "y").filter(User.id.not_in((1, User.age.cast::<i64>())));
    session.execute(changed.synchronize(Synchronize::Fetch)).await.unwrap();
    let names: Vec<_> = users.iter().map(|&user| session[user].name.clone()).collect();
    assert_eq!(names, ["x", "y", "x"]);
}
