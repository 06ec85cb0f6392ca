//! UPDATE .. FROM, DELETE .. USING and INSERT .. SELECT.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "towns")]
struct Town {
    #[orm(primary_key)]
    code: String,
    people: i64,
    #[orm(default = "'none'")]
    note: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "archive")]
struct Archive {
    #[orm(primary_key)]
    id: i64,
    title: String,
    #[orm(default = "'posts'")]
    origin: String,
    note: Option<String>,
    #[orm(version)]
    version: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "stamped")]
struct Stamped {
    #[orm(primary_key)]
    id: i64,
    #[orm(client_default = made)]
    mark: String,
}

fn made() -> String {
    "made".to_owned()
}

/// Users 1 to `count`, each with a post of its own that has the same number.
async fn people(count: i64) -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    let users: Vec<_> = (1..=count).map(|nth| NewUser { name: format!("u{nth}"), age: Some(0) }).collect();
    fixture.engine.execute(insert(User).values(users)).await.unwrap();
    let posts: Vec<_> =
        (1..=count).map(|nth| NewPost { user_id: nth.into(), title: format!("p{nth}") }).collect();
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    fixture
}

#[test]
fn tables_beside_have_their_text() {
    let change = update(User).set(User.name, Post.title).from(Post).filter(Post.user_id.eq(User.id));
    assert_eq!(
        change.returning((User.id, Post.id)).to_sql().unwrap().text,
        r#"UPDATE "users" SET "name" = "posts"."title" FROM "posts" WHERE "posts"."user_id" = "users"."id" RETURNING "users"."id", "posts"."id""#
    );
    let boss = User.alias("boss");
    let gone = delete(Post).using(User).using(boss).filter(Post.user_id.eq(User.id) & boss.id.eq(User.id));
    assert_eq!(
        gone.to_sql().unwrap().text,
        r#"DELETE FROM "posts" USING "users", "users" AS "boss" WHERE "posts"."user_id" = "users"."id" AND "boss"."id" = "users"."id""#
    );
    let rows = select((Post.id, Post.title)).filter(Post.id.lt(9)).order_by(Post.id).limit(2);
    let copied = insert(Archive).from_select((Archive.id, Archive.title), rows).set(Archive.note, "x");
    assert_eq!(
        copied.to_sql().unwrap().text,
        r#"INSERT INTO "archive" ("id", "title", "version", "note") SELECT "rows".*, $1, $2 FROM (SELECT "posts"."id", "posts"."title" FROM "posts" WHERE "posts"."id" < $3 ORDER BY "posts"."id" LIMIT $4) AS "rows""#
    );
    let plain = insert(User).from_select(User.name, select(Post.title));
    let named = insert(User).columns(User.name).select(select(Post.title));
    for statement in [plain, named] {
        assert_eq!(
            statement.to_sql().unwrap().text,
            r#"INSERT INTO "users" ("name") SELECT "posts"."title" FROM "posts""#
        );
    }
}

#[tokio::test]
async fn rows_are_changed_by_rows_beside_them() {
    let fixture = people(3).await;
    let ages = values([(1_i64, 30), (2, 40), (9, 50)]).derived("ages");
    let (id, age) = ages.columns();
    let change = update(User).set(User.age, age).from(&ages).filter(User.id.eq(id));
    assert_eq!(fixture.engine.execute(&change).await.unwrap(), 2);
    let busy = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).cte("busy");
    let (user, posts) = busy.columns();
    let count = update(User)
        .set(User.age, User.age + posts.cast::<i32>())
        .from(&busy)
        .filter(User.id.eq(user) & User.id.gt(1))
        .returning((User.id, User.age, posts));
    let mut changed = fixture.engine.all(&count).await.unwrap();
    changed.sort();
    assert_eq!(changed, [(2, Some(41), 1), (3, Some(1), 1)]);
    let gone = delete(Post).using(User).filter(Post.user_id.eq(User.id)).filter(User.age.lt(40));
    assert_eq!(fixture.engine.execute(&gone).await.unwrap(), 2);
    // Each as a table of another statement.
    let renamed = update(User)
        .set(User.name, Post.title)
        .from(Post)
        .filter(Post.user_id.eq(User.id))
        .returning((User.name,))
        .cte("renamed");
    assert_eq!(fixture.engine.all(select(&renamed)).await.unwrap(), [("p2".to_owned(),)]);
    let gone = delete(Post).using(User).filter(Post.user_id.eq(User.id)).returning((Post.id,)).cte("gone");
    assert_eq!(fixture.engine.all(select(&gone)).await.unwrap(), [(2,)]);
}

/// With few objects, whose rows are read again, and with many, of which the statement tells.
#[tokio::test]
async fn objects_hold_what_rows_beside_made_of_them() {
    for count in [3, 40] {
        let fixture = people(count).await;
        let mut session = fixture.session();
        let users = session.all(select(User).order_by(User.id)).await.unwrap();
        let posts = session.all(select(Post).order_by(Post.id)).await.unwrap();
        let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
        let (id, age) = ages.columns();
        let change = update(User).set(User.age, age).from(&ages).filter(User.id.eq(id));
        assert_eq!(session.execute(&change).await.unwrap(), 2);
        assert_eq!([session[users[0]].age, session[users[1]].age], [Some(30), Some(40)]);
        let named = update(User).set(User.name, Post.title).from(Post).filter(Post.user_id.eq(User.id));
        let mut told = session.all(named.filter(User.id.lt(3)).returning((User, Post.id))).await.unwrap();
        told.sort_by_key(|(_, post)| *post);
        assert_eq!(told, [(users[0], 1), (users[1], 2)]);
        assert_eq!(session[users[1]].name, "p2");
        let gone = delete(Post).using(User).filter(Post.user_id.eq(User.id)).filter(User.age.ge(40));
        assert_eq!(session.execute(&gone).await.unwrap(), 1);
        assert!(session.is_deleted(posts[1]) && !session.is_deleted(posts[0]));
        let evaluated = change.synchronize(Synchronize::Evaluate);
        let refused = session.execute(&evaluated).await.unwrap_err().to_string();
        assert!(refused.contains("tables beside the changed one"), "{refused}");
    }
}

#[tokio::test]
async fn objects_keep_to_rows_whose_keys_come_from_beside() {
    for count in [3, 40] {
        let fixture = Fixture::new(schema![Town]).await;
        let towns: Vec<_> = (0..count).map(|nth| NewTown::new(format!("t{nth}"), 0)).collect();
        fixture.engine.execute(insert(Town).values(towns)).await.unwrap();
        let mut session = fixture.session();
        let (first, other) =
            (session.find::<Town>("t1").await.unwrap(), session.find::<Town>("t2").await.unwrap());
        session.all(select(Town)).await.unwrap();
        let codes = values([("t1".to_owned(), "x".to_owned())]).derived("codes");
        let (old, new) = codes.columns();
        let change =
            update(Town).set(Town.code, new).set(Town.note, DEFAULT).from(&codes).filter(Town.code.eq(old));
        assert_eq!(session.execute(change).await.unwrap(), 1);
        assert_eq!((&*session[first.unwrap()].code, &*session[other.unwrap()].code), ("x", "t2"));
        session.commit().await.unwrap();
    }
}

#[tokio::test]
async fn rows_move_from_one_table_to_another() {
    let fixture = Fixture::new(schema![User, Post, Archive]).await;
    fixture.engine.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap();
    let posts: Vec<_> = (1..=4).map(|nth| NewPost { user_id: 1.into(), title: format!("p{nth}") }).collect();
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    let mut session = fixture.session();
    let kept = session.all(select(Post).order_by(Post.id)).await.unwrap();
    let gone = delete(Post).filter(Post.id.le(2)).returning((Post.id, Post.title)).cte("gone");
    let moved = insert(Archive).from_select((Archive.id, Archive.title), select(&gone));
    let mut archived = session.all(moved.returning(Archive)).await.unwrap();
    archived.sort_by_key(|archive| session[*archive].id);
    let expected =
        |id: i64| Archive { id, title: format!("p{id}"), origin: "posts".into(), note: None, version: 1 };
    assert_eq!(session.values(&archived).cloned().collect::<Vec<_>>(), [expected(1), expected(2)]);
    session.commit().await.unwrap();
    assert!(session.refresh(kept[0]).await.unwrap_err().is_no_row());
    session.rollback().await.unwrap();
    // With ON CONFLICT, a union, and as a CTE.
    let both = select((Post.id, Post.title)).union_all(select((Archive.id, Archive.title)));
    let columns = (Archive.id, Archive.title);
    let copied = insert(Archive).from_select(columns, both).on_conflict(Archive.id).do_nothing();
    assert_eq!(fixture.engine.execute(&copied).await.unwrap(), 2);
    let noted = select((Post.id + 100, Post.title, Post.title)).filter(Post.id.eq(3));
    let noted = insert(Archive).from_select((Archive.id, Archive.title, Archive.note), noted);
    assert_eq!(fixture.engine.one(noted.returning(Archive.note)).await.unwrap(), Some("p3".to_owned()));
    let bare = insert(Archive).from_select(columns, select((lit(9_i64), lit("x".to_owned()))).limit(1));
    let cte = bare.set(Archive.note, func::upper("y")).returning((Archive.id, Archive.note)).cte("added");
    assert_eq!(fixture.engine.all(select(&cte)).await.unwrap(), [(9, Some("Y".to_owned()))]);
}

#[tokio::test]
async fn new_rows_take_what_the_server_works_out() {
    let fixture = Fixture::new(schema![Town]).await;
    let engine = &fixture.engine;
    let many: Vec<_> =
        (0..3).map(|nth| NewTown { note: Some("n".into()), ..NewTown::new(format!("t{nth}"), 5) }).collect();
    let count = || select(func::count(Town.code)).filter(Town.people.gt(5));
    engine
        .execute(insert(Town).values(many).set(Town.people, lit(5_i64) + 1).set(Town.note, DEFAULT))
        .await
        .unwrap();
    let most = select(func::max(Town.people)).scalar();
    let named = insert(Town)
        .columns(Town.code)
        .values(["a", "b"])
        .set(Town.people, func::coalesce(most.clone(), 0) + 1);
    assert_eq!(engine.execute(&named).await.unwrap(), 2);
    let one = insert(Town).columns(Town.code).values(["c"]).set(Town.people, func::coalesce(most, 0) + 1);
    assert_eq!(engine.execute(&one).await.unwrap(), 1);
    let alone =
        insert(Town).set(Town.code, func::lower("D")).set_some(Town.note, None::<String>).set(Town.people, 0);
    let town = engine.one(alone.returning(Town)).await.unwrap();
    assert_eq!(town, Town { code: "d".into(), people: 0, note: "none".into() });
    let rows = engine.all(select((Town.code, Town.people, Town.note)).order_by(Town.code)).await.unwrap();
    let row = |code: &str, people: i64| (code.to_owned(), people, "none".to_owned());
    let expected = [("a", 7), ("b", 7), ("c", 8), ("d", 0), ("t0", 6), ("t1", 6), ("t2", 6)];
    assert_eq!(rows, expected.map(|(code, people)| row(code, people)));
    assert_eq!(engine.one(count()).await.unwrap(), 6);
    assert_eq!(
        engine.execute(insert(Town).values(Vec::<NewTown>::new()).set(Town.people, 1)).await.unwrap(),
        0
    );
    let mut session = fixture.session();
    let handle = session
        .one(insert(Town).values(NewTown::new("e", 1)).set(Town.people, lit(1_i64) + 1).returning(Town))
        .await
        .unwrap();
    assert_eq!(session[handle].people, 2);
    let over = insert(Town).values(NewTown::new("e", 1)).set(Town.note, func::upper("new"));
    let over =
        over.on_conflict(Town.code).do_update().set(Town.note, excluded(Town.note)).set(Town.people, DEFAULT);
    let refused = session.execute(&over).await.unwrap_err().to_string();
    assert!(refused.ends_with("`Town.people` is NOT NULL and has no default: set a value"), "{refused}");
    let over = insert(Town).values(NewTown::new("e", 1)).set(Town.note, func::upper("new"));
    session
        .execute(over.on_conflict(Town.code).do_update().set(Town.note, excluded(Town.note)))
        .await
        .unwrap();
    assert_eq!(session[handle].note, "NEW");
    session.execute(update(Town).set(Town.note, DEFAULT).filter(Town.code.eq("e"))).await.unwrap();
    assert_eq!(session[handle].note, "none");
}

#[tokio::test]
async fn what_the_model_makes_is_in_rows_that_are_only_set() {
    let fixture = Fixture::new(schema![Stamped, Archive]).await;
    let stamped =
        fixture.engine.one(insert(Stamped).set(Stamped.id, lit(1_i64) + 1).returning(Stamped)).await.unwrap();
    assert_eq!(stamped, Stamped { id: 2, mark: "made".into() });
    let archive = insert(Archive).set(Archive.id, 1).set(Archive.title, "a").returning(Archive.version);
    assert_eq!(fixture.engine.one(archive).await.unwrap(), 1);
    let copied = insert(Stamped).from_select(Stamped.id, select(Archive.id));
    let refused = copied.to_sql().unwrap_err().to_string();
    assert!(refused.contains("the program makes a value of `Stamped.mark` for each row"), "{refused}");
    let marked = copied.set(Stamped.mark, "set").returning(Stamped);
    assert_eq!(fixture.engine.all(marked).await.unwrap(), [Stamped { id: 1, mark: "set".into() }]);
}

#[track_caller]
fn refused(sql: Result<orm_core::query::Sql, Error>, text: &str) {
    let error = sql.unwrap_err();
    assert!(
        error.is_invalid_statement() && error.location().is_some_and(|at| at.file() == file!()),
        "{error:?}"
    );
    assert!(error.to_string().ends_with(text), "{error}");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let apart = "`.from(..)` brings `Post` in, and nothing connects it to `User`: every row of the one would meet every row of \
                 the other; add a `.filter(..)` that uses both";
    refused(update(User).set(User.name, Post.title).from(Post).all_rows().to_sql(), apart);
    refused(update(User).set(User.name, Post.title).from(Post).filter(Post.id.eq(1)).to_sql(), apart);
    let apart = apart.replace("from", "using");
    refused(delete(User).using(Post).filter(User.id.eq(1)).to_sql(), &apart);
    let twice = "is in FROM twice under the name \"users\": give one another name with `.alias(\"..\")`";
    refused(update(User).set(User.age, 1).from(User).filter(User.id.eq(1)).to_sql(), twice);
    let or =
        " and a condition that joins it, or take its rows by a subquery, as in `.filter(..in_(select(..)))`";
    let missing =
        &format!("`Post` is used in WHERE but is not in this statement's FROM: add `.from(Post)`{or}");
    refused(update(User).set(User.age, 1).filter(Post.user_id.eq(User.id)).to_sql(), missing);
    refused(delete(User).filter(Post.user_id.eq(User.id)).to_sql(), &missing.replace("from(P", "using(P"));
    let ages = values([(1_i64, 30)]).derived("ages");
    let (id, age) = ages.columns();
    refused(
        update(User).set(User.age, age).filter(User.id.eq(id)).to_sql(),
        &format!("add `.from(&ages)`{or}"),
    );
    let row = "a new row has no columns to look at yet: set a value, or what a subquery gives";
    refused(insert(User).values(NewUser::new("a")).set(User.age, User.age + 1).to_sql(), row);
    refused(
        insert(User).set(User.age, 1).to_sql(),
        "`User.name` is NOT NULL and has no default: give it a value in each row, or `.set(..)` it",
    );
    let named = insert(User).columns((User.name, User.age)).values([("a", 1)]).set(User.age, 2);
    refused(named.to_sql(), "is set too: name it once");
    let select_ = select(Post.title);
    refused(
        insert(User).from_select(User.name, select_.clone()).set(User.name, "x").to_sql(),
        "is set too: name it once",
    );
    let mixed = insert(User).values(NewUser::new("a")).from_select(User.name, select_);
    refused(mixed.to_sql(), "beside others: send them as two statements");
    refused(
        insert(User).set(User.age, 1).set(User.age, 2).set(User.name, "a").to_sql(),
        "is named twice in this insert",
    );
    let inner = insert(User).from_select(User.name, select(Post.title).filter(User.age.eq(1)));
    assert!(inner.to_sql().unwrap_err().to_string().contains("WHERE"), "nothing joins the two");
}
