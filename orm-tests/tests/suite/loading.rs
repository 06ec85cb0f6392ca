//! Relations of rows already read.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee, NewPost, NewUser, Post, User};

/// Ann with the posts "a" and "b", Bob with "c", Cid with none.
async fn authors() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture
        .engine
        .execute(insert(User).values(["Ann", "Bob", "Cid"].map(NewUser::new)))
        .await
        .expect("users");
    let posts = [(1, "a"), (2, "c"), (1, "b")].map(|(user, title)| NewPost::new(user, title));
    fixture.engine.execute(insert(Post).values(posts)).await.expect("posts");
    fixture.recorder.take();
    fixture
}

/// Boss, and Aid and Eve whose manager is Boss.
async fn staff() -> Fixture {
    let fixture = Fixture::new(schema![Employee]).await;
    let of = |name: &str, manager: Option<i64>| NewEmployee {
        manager_id: manager.map(Into::into),
        ..NewEmployee::new(name)
    };
    fixture.engine.execute(insert(Employee).values(of("Boss", None))).await.expect("inserted");
    let others = [of("Aid", Some(1)), of("Eve", Some(1))];
    fixture.engine.execute(insert(Employee).values(others)).await.expect("inserted");
    fixture.recorder.take();
    fixture
}

fn titles(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.title.as_str()).collect()
}

#[tokio::test]
async fn to_many_gives_the_children_of_each_row_by_their_key() {
    let fixture = authors().await;
    let rows: Vec<(User, Vec<Post>)> =
        fixture.engine.all(select(User).with(User.posts).order_by(User.name.desc())).await.expect("rows");
    let rows: Vec<_> = rows.iter().map(|(user, posts)| (user.name.as_str(), titles(posts))).collect();
    let mut expected = [("Cid", vec![]), ("Bob", vec!["c"]), ("Ann", vec!["a", "b"])];
    expected[2].1.sort_unstable();
    assert_eq!(rows[0], expected[0]);
    assert_eq!(rows[1], expected[1]);
    assert_eq!(rows[2].0, "Ann");
    assert_eq!(rows[2].1.len(), 2);
}

#[tokio::test]
async fn children_are_sorted_by_their_key() {
    let fixture = authors().await;
    // The server has it behind the others from now on.
    fixture.engine.execute(update(Post).set(Post.title, "z").filter(Post.id.eq(1))).await.expect("changed");
    let (_, posts) =
        fixture.engine.one(select(User).filter(User.id.eq(1)).with(User.posts)).await.expect("a row");
    assert!(posts.is_sorted_by_key(|post| post.id) && posts.len() == 2, "{posts:?}");
}

#[tokio::test]
async fn a_relation_is_a_second_statement_for_all_rows() {
    let fixture = authors().await;
    for _ in 0..2 {
        fixture.engine.all(select(User).with(User.posts)).await.expect("rows");
        let sent = fixture.recorder.take();
        assert_eq!((sent.statements.len(), sent.round_trips), (2, 2), "{sent:?}");
        // A number for a key is sorted where it arrives.
        assert!(sent.statements[1].ends_with("WHERE \"posts\".\"user_id\" = ANY($1)"), "{sent:?}");
    }
}

#[tokio::test]
async fn to_one_gives_the_parent_of_each_row() {
    let fixture = authors().await;
    let rows: Vec<(Post, User)> =
        fixture.engine.all(select(Post).with(Post.author).order_by(Post.title)).await.expect("rows");
    let rows: Vec<_> = rows.iter().map(|(post, user)| (post.title.as_str(), user.name.as_str())).collect();
    assert_eq!(rows, [("a", "Ann"), ("b", "Ann"), ("c", "Bob")]);
    assert_eq!(fixture.recorder.take().round_trips, 2);
}

#[tokio::test]
async fn a_parent_that_may_be_missing_is_an_option() {
    let fixture = staff().await;
    let rows: Vec<(Employee, Option<Employee>)> = fixture
        .engine
        .all(select(Employee).with(Employee.manager).order_by(Employee.name))
        .await
        .expect("rows");
    let rows: Vec<_> = rows
        .iter()
        .map(|(who, manager)| (who.name.as_str(), manager.as_ref().map(|m| m.name.as_str())))
        .collect();
    assert_eq!(rows, [("Aid", Some("Boss")), ("Boss", None), ("Eve", Some("Boss"))]);
}

#[tokio::test]
async fn without_any_foreign_key_nothing_is_asked() {
    let fixture = staff().await;
    let boss = select(Employee).filter(Employee.manager_id.is_null()).with(Employee.manager);
    let (boss, manager) = fixture.engine.one(boss).await.expect("a row");
    assert_eq!((boss.name.as_str(), manager), ("Boss", None));
    assert_eq!(fixture.recorder.take().statements.len(), 1);
}

#[tokio::test]
async fn without_any_row_nothing_is_asked() {
    let fixture = authors().await;
    let none = fixture.engine.all(select(User).filter(User.id.lt(0)).with(User.posts)).await.expect("rows");
    assert!(none.is_empty());
    assert_eq!(fixture.recorder.take().statements.len(), 1);
}

#[tokio::test]
async fn the_same_parent_in_several_rows_has_its_children_in_each() {
    let fixture = authors().await;
    let statement = select((User, Post.title))
        .join(Post, Post.user_id.eq(User.id))
        .order_by((User.id, Post.title))
        .with(User.posts);
    let rows: Vec<(User, String, Vec<Post>)> = fixture.engine.all(statement).await.expect("rows");
    let rows: Vec<_> =
        rows.iter().map(|(user, title, posts)| (user.id, title.as_str(), posts.len())).collect();
    assert_eq!(rows, [(1, "a", 2), (1, "b", 2), (2, "c", 1)]);
    assert_eq!(fixture.recorder.take().statements.len(), 2);
}

#[tokio::test]
async fn relations_are_chained() {
    let fixture = staff().await;
    let statement = select(Employee).with(Employee.manager).with(Employee.reports).order_by(Employee.id);
    let rows: Vec<(Employee, Option<Employee>, Vec<Employee>)> =
        fixture.engine.all(statement).await.expect("rows");
    let rows: Vec<_> = rows.iter().map(|(_, manager, reports)| (manager.is_some(), reports.len())).collect();
    assert_eq!(rows, [(false, 2), (true, 0), (true, 0)]);
    assert_eq!(fixture.recorder.take().statements.len(), 3);
}

#[tokio::test]
async fn filter_order_and_limit_hold_before_and_after_a_relation() {
    let fixture = authors().await;
    let before = select(User).filter(User.id.le(2)).order_by(User.id.desc()).limit(1).with(User.posts);
    let after = select(User).with(User.posts).filter(User.id.le(2)).order_by(User.id.desc()).limit(1);
    for statement in [before, after] {
        let rows = fixture.engine.all(statement).await.expect("rows");
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].0.name.as_str(), titles(&rows[0].1)), ("Bob", vec!["c"]));
    }
}

#[tokio::test]
async fn first_and_one_read_relations_too() {
    let fixture = authors().await;
    let statement = || select(User).with(User.posts).order_by(User.id);
    let (user, posts) = fixture.engine.first(statement()).await.expect("read").expect("a row");
    assert_eq!((user.id, posts.len()), (1, 2));
    let error = fixture.engine.one(statement()).await.expect_err("three rows");
    assert!(error.is_many_rows());
}

#[tokio::test]
async fn a_relation_of_an_alias_is_read_alike() {
    let fixture = authors().await;
    let author = User.alias("author");
    let rows =
        fixture.engine.all(select(author).filter(author.id.eq(1)).with(author.posts)).await.expect("rows");
    assert_eq!(rows[0].1.len(), 2);
}

#[tokio::test]
async fn a_transaction_reads_relations_in_itself() {
    let fixture = authors().await;
    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    transaction.execute(insert(Post).values(NewPost::new(3, "new"))).await.expect("inserted");
    let rows = transaction.all(select(User).filter(User.id.eq(3)).with(User.posts)).await.expect("rows");
    assert_eq!(titles(&rows[0].1), ["new"]);
    transaction.rollback().await.expect("rolled back");
}

#[tokio::test]
async fn in_a_session_relations_are_handles() {
    let fixture = authors().await;
    let mut session = fixture.session();
    let rows: Vec<(Handle<User>, Vec<Handle<Post>>)> =
        session.all(select(User).with(User.posts).order_by(User.id)).await.expect("rows");
    let again: Vec<(Handle<Post>, Handle<User>)> =
        session.all(select(Post).with(Post.author).filter(Post.title.eq("a"))).await.expect("rows");
    assert_eq!(session[rows[0].0].name, "Ann");
    assert!(rows[0].1.contains(&again[0].0) && again[0].1 == rows[0].0);
    assert_eq!(rows[2].1, []);
}

#[tokio::test]
async fn a_stream_of_relations_is_refused() {
    let fixture = authors().await;
    let error = fixture.engine.stream(select(User).with(User.posts)).await.expect_err("no stream");
    assert!(error.is_invalid_statement() && error.to_string().contains("use `all`"), "{error}");
}

#[tokio::test]
async fn a_parent_that_is_gone_is_an_error() {
    let fixture = authors().await;
    fixture
        .database
        .execute("ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey; DELETE FROM users WHERE id = 2")
        .await;
    let error = fixture.engine.all(select(Post).with(Post.author)).await.expect_err("no Bob");
    assert!(
        error.is_decode() && error.to_string().contains("`Post.user_id` points at a row of `User`"),
        "{error}"
    );
}
