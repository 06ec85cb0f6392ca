//! Grouping sets: several ways to group the same rows.

use orm_core::prelude::*;
use orm_tests::models::{Post, User};

use crate::select_rows::{all, on, people};
use crate::select_text::{from, gives};

#[test]
fn group_by_takes_sets() {
    let count = || select(func::count_star()).select_from(User);
    assert_eq!(
        from(count().group_by(grouping_sets(((User.name, User.age), User.name, ())))),
        "users GROUP BY GROUPING SETS ((users.name, users.age), users.name, ())"
    );
    assert_eq!(
        from(count().group_by((User.id, rollup((User.name, User.age / 10))))),
        "users GROUP BY users.id, ROLLUP (users.name, users.age / $1)"
    );
    assert_eq!(
        from(count().group_by(cube((User.name, User.age)))),
        "users GROUP BY CUBE (users.name, users.age)"
    );
    assert_eq!(
        from(count().group_by(vec![User.age + 1, User.age + 2])),
        "users GROUP BY users.age + $1, users.age + $2"
    );
}

#[test]
fn what_a_set_lacks_may_be_null() {
    assert!(select(User.name).group_by(rollup(User.name)).to_sql().is_err());
    gives::<Option<String>>(select(User.name.optional()).group_by(rollup(User.name)));
    gives::<String>(select(User.name).group_by((User.name, rollup(User.age))));
    gives::<String>(select(User.name).group_by(grouping_sets(((User.name, User.age), User.name))));
    assert!(select(User.name).group_by(grouping_sets((User.name, User.age))).to_sql().is_err());
    // The rows of a set that lacks the key have no one user.
    assert!(select(User.age).group_by(rollup(User.id)).to_sql().is_err());
    gives::<Option<i32>>(select(User.age).group_by((User.id, rollup(User.name))));
}

#[tokio::test]
async fn subtotals_stand_beside_a_total() {
    let fixture = people().await;
    let statement = select((
        User.name.optional(),
        Post.title.optional(),
        func::count_star(),
        func::grouping((User.name, Post.title)),
    ))
    .join(Post, on())
    .group_by(rollup((User.name, Post.title)))
    .order_by((User.name, Post.title));
    let text = |text: &str| Some(text.to_owned());
    let rows = all(&fixture, statement).await;
    assert_eq!(
        rows,
        [
            (text("Ann"), text("a"), 1, 0),
            (text("Ann"), text("b"), 1, 0),
            (text("Ann"), None, 2, 1),
            (None, None, 2, 3)
        ]
    );
    let cube = select((User.name.optional(), Post.title.optional(), func::count_star()))
        .join(Post, on())
        .group_by(cube((User.name, Post.title)))
        .order_by((User.name, Post.title));
    let (ann, a, b) = (text("Ann"), text("a"), text("b"));
    let expected =
        [(&ann, &a, 1), (&ann, &b, 1), (&ann, &None, 2), (&None, &a, 1), (&None, &b, 1), (&None, &None, 2)];
    let expected = expected.map(|(name, title, count)| (name.clone(), title.clone(), count));
    assert_eq!(all(&fixture, cube).await, expected);
    let sets = select((User.age, User.name.optional(), func::count_star()))
        .group_by(grouping_sets((User.age, User.name, ())))
        .having(func::grouping(User.age).eq(0) | func::grouping((User.age, User.name)).eq(3))
        .order_by(User.age);
    assert_eq!(all(&fixture, sets).await.len(), 4);
}
