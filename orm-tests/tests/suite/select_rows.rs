//! Rows read by the verbs of an engine.

use futures_util::TryStreamExt;
use orm_core::prelude::*;
use orm_core::query::Query;
use orm_tests::Fixture;
use orm_tests::models::{Employee, Mood, NewPet, NewPost, NewUser, Pet, Post, User};

/// Ann (30) with the posts "a" and "b", Bob (40) with none, Cid (no age).
pub(crate) async fn people() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    let new = [("Ann", Some(30)), ("Bob", Some(40)), ("Cid", None)];
    let new = new.map(|(name, age)| NewUser { name: name.to_owned(), age });
    fixture.engine.execute(insert(User).values(new)).await.expect("people");
    fixture
        .engine
        .execute(insert(Post).values([NewPost::new(1, "a"), NewPost::new(1, "b")]))
        .await
        .expect("posts");
    fixture.recorder.take();
    fixture
}

pub(crate) fn on() -> Cond {
    Post.user_id.eq(User.id)
}

pub(crate) async fn all<Q: Query>(fixture: &Fixture, query: Q) -> Vec<Q::Row> {
    fixture.engine.all(query).await.expect("rows")
}

pub(crate) async fn one<Q: Query>(fixture: &Fixture, query: Q) -> Q::Row {
    fixture.engine.one(query).await.expect("a row")
}

#[tokio::test]
async fn models_are_read_as_values() {
    let fixture = people().await;
    let users = all(&fixture, select(User).order_by(User.id)).await;
    assert_eq!(users[0], User { id: 1, name: "Ann".to_owned(), age: Some(30) });
    assert_eq!(users[2], User { id: 3, name: "Cid".to_owned(), age: None });
    assert_eq!(users.len(), 3);
}

#[tokio::test]
async fn a_read_is_one_statement_and_one_round_trip_also_the_first_time() {
    let fixture = people().await;
    for _ in 0..3 {
        all(&fixture, select(User)).await;
        let sent = fixture.recorder.take();
        assert_eq!((sent.statements.len(), sent.round_trips), (1, 1), "{sent:?}");
    }
}

#[tokio::test]
async fn enums_are_read_in_one_round_trip_also_the_first_time() {
    let fixture = Fixture::new(schema![Pet]).await;
    let rex = NewPet { name: "Rex".to_owned(), mood: Mood::VerySad, wish: Some(Mood::Happy) };
    let returned = one(&fixture, insert(Pet).values(rex).returning(Pet)).await;
    let found =
        all(&fixture, select((Pet, Pet.mood)).filter(Pet.wish.in_([Mood::Happy]) & Pet.mood.ne(Mood::Happy)))
            .await;
    assert_eq!(found, [(returned, Mood::VerySad)]);
    let sent = fixture.recorder.take();
    assert_eq!((sent.statements.len(), sent.round_trips), (2, 2), "{sent:?}");
}

#[tokio::test]
async fn first_gives_the_first_row_or_none() {
    let fixture = people().await;
    let first = fixture.engine.first(select(User.name).order_by(User.name.desc())).await.expect("read");
    assert_eq!(first.as_deref(), Some("Cid"));
    let none = fixture.engine.first(select(User).filter(User.id.lt(0))).await.expect("read");
    assert_eq!(none, None);
    assert!(fixture.recorder.take().statements[0].ends_with(" LIMIT 1"));
}

#[tokio::test]
async fn one_or_none_gives_the_only_row_or_none() {
    let fixture = people().await;
    let by_name = |name: &str| fixture.engine.one_or_none(select(User.id).filter(User.name.eq(name)));
    assert_eq!(by_name("Bob").await.expect("read"), Some(2));
    assert_eq!(by_name("Zoe").await.expect("read"), None);
}

#[tokio::test]
async fn a_limit_of_the_statement_holds_for_one_too() {
    let fixture = people().await;
    let first = one(&fixture, select(User.name).order_by(User.id).limit(1)).await;
    assert_eq!(first, "Ann");
}

#[tokio::test]
async fn a_left_join_gives_none_where_it_finds_nothing() {
    let fixture = people().await;
    let statement = select((User.name, Post.optional(), Post.title.optional()))
        .outer_join(Post, on())
        .order_by((User.id, Post.id));
    let rows = all(&fixture, statement).await;
    let post = |id, title: &str| Post { id, user_id: 1, title: title.to_owned() };
    assert_eq!(rows[0], ("Ann".to_owned(), Some(post(1, "a")), Some("a".to_owned())));
    assert_eq!(rows[1], ("Ann".to_owned(), Some(post(2, "b")), Some("b".to_owned())));
    assert_eq!(rows[2], ("Bob".to_owned(), None, None));
    assert_eq!(rows.len(), 4);
}

#[tokio::test]
async fn a_right_join_gives_none_on_the_other_side() {
    let fixture = people().await;
    let statement =
        select((Post.optional(), User.name)).right_join(User, on()).filter(User.id.ge(2)).order_by(User.id);
    assert_eq!(all(&fixture, statement).await, [(None, "Bob".to_owned()), (None, "Cid".to_owned())]);
}

#[tokio::test]
async fn a_full_join_gives_none_on_both_sides() {
    let fixture = people().await;
    let statement = select((User.id.optional(), Post.id.optional()))
        .full_join(Post, on() & Post.title.eq("a"))
        .order_by((User.id, Post.id));
    let rows = all(&fixture, statement).await;
    assert_eq!(rows, [(Some(1), Some(1)), (Some(2), None), (Some(3), None), (None, Some(2))]);
}

#[tokio::test]
async fn a_table_joins_itself() {
    let fixture = Fixture::new(schema![Employee]).await;
    let boss = orm_tests::models::NewEmployee::new("Boss");
    let id = one(&fixture, insert(Employee).values(boss).returning(Employee.id)).await;
    let aid = orm_tests::models::NewEmployee {
        manager_id: Some(id.into()),
        ..orm_tests::models::NewEmployee::new("Aid")
    };
    fixture.engine.execute(insert(Employee).values(aid)).await.expect("inserted");
    let manager = Employee.alias("manager");
    let statement = select((Employee.name, manager.optional()))
        .outer_join(manager, manager.id.eq(Employee.manager_id))
        .order_by(Employee.name);
    let boss = Employee { id, name: "Boss".to_owned(), manager_id: None };
    assert_eq!(all(&fixture, statement).await, [("Aid".to_owned(), Some(boss)), ("Boss".to_owned(), None)]);
}

#[tokio::test]
async fn a_row_has_up_to_sixteen_parts() {
    let fixture = people().await;
    let (id, name, age) = (User.id, User.name, User.age);
    let row = one(
        &fixture,
        select((id, name, age, id, name, age, id, name, age, id, name, age, id, name, age, User.id + 1))
            .filter(User.id.eq(2)),
    )
    .await;
    let (_, _, _, _, _, _, _, _, _, _, _, _, id, name, age, next) = row;
    assert_eq!((id, name.as_str(), age, next), (2, "Bob", Some(40), 3));
}

#[tokio::test]
async fn a_selected_condition_has_three_values() {
    let fixture = people().await;
    let rows = all(&fixture, select((User.age.gt(35), User.age.gt(35).is_true())).order_by(User.id)).await;
    assert_eq!(rows, [(Some(false), false), (Some(true), true), (None, false)]);
}

#[tokio::test]
async fn arithmetic_carries_null() {
    let fixture = people().await;
    let statement = select(((User.age + 1) * 2, User.id - 1, -User.age, User.age / 7, User.id * User.id))
        .order_by(User.id);
    let rows = all(&fixture, statement).await;
    assert_eq!(
        rows,
        [
            (Some(62), 0, Some(-30), Some(4), 1),
            (Some(82), 1, Some(-40), Some(5), 4),
            (None, 2, None, None, 9)
        ]
    );
}

#[tokio::test]
async fn casts_and_literals_are_values() {
    let fixture = people().await;
    let row = one(
        &fixture,
        select((User.age.cast::<i64>(), User.id.cast::<String>(), lit("x".to_owned()), lit(None::<i32>)))
            .filter(User.id.eq(1)),
    )
    .await;
    assert_eq!(row, (Some(30_i64), "1".to_owned(), "x".to_owned(), None));
}

#[tokio::test]
async fn conditions_select_the_rows_they_say() {
    let fixture = people().await;
    let cases: [(Cond, &[i64]); 12] = [
        (User.age.is_null(), &[3]),
        (User.age.eq(None), &[3]),
        (User.age.ne(None), &[1, 2]),
        (User.age.ne(30), &[2]),
        (User.name.like("%b"), &[2]),
        (User.age.between(30, 39), &[1]),
        (!User.age.gt(35), &[1]),
        (User.age.gt(35) | User.age.is_null(), &[2, 3]),
        (User.name.in_(["Ann", "Cid"]), &[1, 3]),
        (User.name.not_in(["Ann", "Cid"]), &[2]),
        (User.id.in_(Vec::<i64>::new()), &[]),
        (User.age.not_in(Vec::<i32>::new()), &[1, 2, 3]),
    ];
    for (condition, ids) in cases {
        let shown = format!("{condition:?}");
        let found = all(&fixture, select(User.id).filter(condition).order_by(User.id)).await;
        assert_eq!(found, ids, "{shown}");
    }
}

#[tokio::test]
async fn a_list_may_have_thousands_of_values() {
    let fixture = people().await;
    let found = all(&fixture, select(User.id).filter(User.id.in_(2..50_000)).order_by(User.id)).await;
    assert_eq!(found, [2, 3]);
}

#[tokio::test]
async fn an_implicit_join_reads_matching_rows() {
    let fixture = people().await;
    let rows = all(&fixture, select((User.name, Post.title)).filter(on()).order_by(Post.id)).await;
    assert_eq!(rows, [("Ann".to_owned(), "a".to_owned()), ("Ann".to_owned(), "b".to_owned())]);
}

#[tokio::test]
async fn a_stream_gives_every_row() {
    let fixture = people().await;
    fixture
        .database
        .execute("INSERT INTO posts (user_id, title) SELECT 1, n FROM generate_series(3, 10000) n")
        .await;
    let mut stream = fixture.engine.stream(select(Post).order_by(Post.id)).await.expect("a stream");
    let mut ids = Vec::new();
    while let Some(post) = stream.next().await {
        ids.push(post.expect("a row").id);
    }
    assert_eq!(ids, (1..=10_000).collect::<Vec<_>>());
    let titles: Vec<String> =
        fixture.engine.stream(select(Post.title)).await.expect("a stream").try_collect().await.expect("rows");
    assert_eq!(titles.len(), 10_000);
}

#[tokio::test]
async fn a_stream_may_be_left_half_way() {
    let fixture = people().await;
    fixture
        .database
        .execute("INSERT INTO posts (user_id, title) SELECT 1, n FROM generate_series(3, 10000) n")
        .await;
    for _ in 0..8 {
        let mut stream = fixture.engine.stream(select(Post).order_by(Post.id)).await.expect("a stream");
        for id in 1..=500 {
            assert_eq!(stream.next().await.expect("more").expect("a row").id, id);
        }
    }
    assert_eq!(one(&fixture, select(func::count(Post.id))).await, 10_000);
}

#[tokio::test]
async fn an_error_of_the_server_keeps_the_statement() {
    let fixture = people().await;
    let error = fixture.engine.all(select(User.id / 0)).await.expect_err("division by zero");
    assert_eq!(error.code(), Some("22012"));
    assert_eq!(error.to_string(), "division by zero (SQLSTATE 22012)");
    assert_eq!(error.statement(), Some(r#"SELECT "users"."id" / $1 FROM "users""#));
}

#[tokio::test]
async fn what_the_checker_accepts_runs_on_the_server() {
    let fixture = people().await;
    let (author, reader) = (User.alias("author"), User.alias("reader"));
    macro_rules! run {
        ($($statement:expr),* $(,)?) => { $( all(&fixture, $statement).await; )* };
    }
    run!(
        // Grouped by the key: every column of the row has one value.
        select((User, func::count(Post.id))).outer_join(Post, on()).group_by(User.id),
        select((User.name, func::count_star()))
            .group_by(User.id)
            .order_by(User.age)
            .having(User.name.like("%")),
        select((User.name, author.name)).join(author, author.id.eq(User.id)).group_by((User.id, author.id)),
        // A constant, and what is made of groups only, needs no group.
        select((lit(1), func::count(User.id))),
        select((User.age + 1, User.age, func::count_star() + 1)).group_by(User.age),
        select(User.age * 2).group_by(User.age * 2).order_by(User.age * 2 + 1),
        select(func::count(User.id)).having(func::count(User.id).gt(0)),
        select(User.name).group_by(User.name).order_by(func::count(User.id).desc()),
        select((func::max(User.age) - func::min(User.age)).label("spread")),
        select(User.age.is_null()).group_by(User.age.is_null()),
        select(User.age.in_([1, 2])).group_by(User.age),
        // Windows over groups.
        select((User.age, func::rank().over(order_by(func::count(User.id).desc())))).group_by(User.age),
        select((User.age, func::sum(func::count(User.id)).over(order_by(User.age)))).group_by(User.age),
        select(User.name).order_by(func::row_number().over(order_by(User.age))),
        select(func::count_star().over(order_by(User.id))),
        // FROM that has to be found.
        select(func::count_star()).filter(User.age.gt(1)),
        select(lit(1)),
        select((lit(1), lit("x".to_owned()))).filter(lit(true)),
        select(func::count_star()).filter(on() & User.age.gt(1)),
        select(Post.title).join(Post, on()).order_by(User.name),
        select(Post.title)
            .join(author, author.id.eq(Post.user_id))
            .outer_join(reader, reader.id.eq(author.id)),
        select((User.name, author.name, reader.name))
            .filter(User.id.eq(author.id))
            .filter(Cond::all([reader.id.eq(author.id), User.age.gt(1)])),
        select((User.name, Post.title)).filter(on() | User.id.eq(1)),
        select((User.name, author.name)).filter(User.id.lt(author.id)),
        select((User, author)).cross_join(author),
        select((User, Post, author)).cross_join(author).filter(on()),
        select((User.name, Post.title)).select_from(User).select_from(Post).filter(on()),
        select((User.name, Post.title, author.name)).filter(on()).join(author, author.id.eq(Post.user_id)),
        // Tables that are joined with nothing of them selected.
        select(User).join(Post, on()).distinct(),
        select(User).join(Post, on() & Post.title.ne("x")).join(author, (author.id + 0).eq(Post.user_id)),
        // Outer joins.
        select((User, Post.optional(), Post.title.optional())).outer_join(Post, on()),
        select((User.name, func::count(Post.id), func::max(Post.title)))
            .outer_join(Post, on())
            .group_by(User.name),
        select((User.id, Post.id.is_null(), Post.id.gt(3))).outer_join(Post, on()),
        select((User.id, Post.id.gt(3).is_true())).outer_join(Post, on()),
        select((User.id, (Post.id + 1).optional(), -Post.id.optional())).outer_join(Post, on()),
        select(User).outer_join(Post, on()).filter(Post.id.is_null()),
        // An outer join that a later condition undoes.
        select((User, Post)).outer_join(Post, on()).filter(Post.title.like("%")),
        select((User, Post.title)).outer_join(Post, on()).filter(Post.id.is_not_null() & User.id.gt(0)),
        select((User, Post.id + 1)).outer_join(Post, on()).filter((Post.id * 2).between(1, 9)),
        select((User, Post.id)).outer_join(Post, on()).filter(!Post.title.eq("x")),
        select((User, Post.id)).outer_join(Post, on()).filter(Post.id.in_([1]).is_true()),
        select((User.name, Post.title, author.name))
            .outer_join(Post, on())
            .join(author, author.id.eq(Post.user_id)),
        select((User.name.optional(), Post)).right_join(Post, on()),
    );
}
