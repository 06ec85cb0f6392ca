//! INSERT of rows that name their columns, with borrowed values.

use std::borrow::Cow;

use orm_core::prelude::*;
use orm_core::query::Command;
use orm_core::query::Sql;
use orm_tests::Fixture;
use orm_tests::models::{Employee, Mood, NewUser, Post, User};
use uuid::Uuid;

const COPY: &str = r#"COPY "users" ("name", "age") FROM STDIN (FORMAT binary)"#;

#[derive(Model, Clone, Debug, PartialEq)]
struct Draft {
    #[orm(primary_key, client_default = Uuid::now_v7)]
    id: Uuid,
    #[orm(version)]
    version: i32,
    title: String,
    #[orm(default = "'none'")]
    kind: String,
    #[orm(computed = "length(title)")]
    length: i32,
    content: Option<Vec<u8>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct List {
    #[orm(primary_key)]
    id: i32,
    tags: Vec<String>,
    moods: Option<Vec<Mood>>,
    mood: Mood,
}

/// Name and age of each user, in the order of the keys.
async fn stored(engine: &Engine) -> Vec<(String, Option<i32>)> {
    engine.all(select((User.name, User.age)).order_by(User.id)).await.unwrap()
}

async fn refusal(fixture: &Fixture, statement: impl Command) -> String {
    let error = fixture.engine.execute(statement).await.unwrap_err();
    assert!(fixture.recorder.take().statements.is_empty(), "it was sent");
    error.to_string()
}

#[tokio::test]
async fn values_are_borrowed_or_owned_and_the_ids_come_back() {
    let fixture = Fixture::new(schema![User]).await;
    let lines = "Ann;25\nBob;\nCid;7".to_owned();
    let people = lines.lines().filter_map(|line| line.split_once(';'));
    let people = people.map(|(name, age)| (name, age.parse::<i32>().ok()));
    let statement = insert(User).columns((User.name, User.age)).values(people).returning(User.id);
    assert_eq!(fixture.engine.all(statement).await.unwrap(), [1, 2, 3]);
    assert_eq!(
        fixture.recorder.take().statements,
        [r#"INSERT INTO "users" ("name", "age") SELECT * FROM unnest($1, $2) RETURNING "users"."id""#]
    );

    let (age, owned) = (Some(3), vec![("Dan".to_owned(), 1), ("Eve".to_owned(), 2)]);
    fixture.engine.execute(insert(User).columns((User.name, User.age)).values(&owned)).await.unwrap();
    let statement = insert(User).columns((User.age, User.name)).values([(&age, Cow::from("Fay"))]);
    fixture.engine.execute(statement).await.unwrap();
    fixture.engine.execute(insert(User).columns(User.name).values(["Gil", "Hal"])).await.unwrap();
    let expected = [
        ("Ann", Some(25)),
        ("Bob", None),
        ("Cid", Some(7)),
        ("Dan", Some(1)),
        ("Eve", Some(2)),
        ("Fay", Some(3)),
        ("Gil", None),
        ("Hal", None),
    ];
    assert_eq!(stored(&fixture.engine).await, expected.map(|(name, age)| (name.to_owned(), age)));
}

#[test]
fn one_row_is_the_statement_of_a_struct_and_shows_its_values() {
    let by_columns = insert(User).columns((User.name, User.age)).values([("Ann", None::<i32>)]);
    let by_struct = insert(User).values(NewUser::new("Ann"));
    let (by_columns, by_struct) = (by_columns.to_sql().unwrap(), by_struct.to_sql().unwrap());
    assert_eq!(by_columns.text, by_struct.text);
    let shown = |sql: &Sql| sql.parameters.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>();
    assert_eq!(shown(&by_columns), [r#""Ann""#, "NULL"]);
    assert_eq!(shown(&by_struct), shown(&by_columns));
}

#[tokio::test]
async fn columns_left_out_are_filled_by_the_database_and_by_the_model() {
    let fixture = Fixture::new(schema![Draft]).await;
    let engine = &fixture.engine;
    for titles in [&["a"][..], &["bb", "ccc"]] {
        engine.execute(insert(Draft).columns(Draft.title).values(titles)).await.unwrap();
    }
    let content = [("dddd", Some(&b"\0\xff"[..]))];
    engine.execute(insert(Draft).columns((Draft.title, Draft.content)).values(content)).await.unwrap();
    let drafts = engine.all(select(Draft).order_by(Draft.length)).await.unwrap();
    assert_eq!(drafts.iter().map(|draft| &*draft.title).collect::<Vec<_>>(), ["a", "bb", "ccc", "dddd"]);
    assert!(drafts.iter().all(|draft| draft.version == 1 && draft.kind == "none"), "{drafts:?}");
    assert!(drafts.windows(2).all(|pair| pair[0].id != pair[1].id), "{drafts:?}");
    assert_eq!(drafts.iter().filter_map(|draft| draft.content.as_deref()).collect::<Vec<_>>(), [b"\0\xff"]);
}

#[tokio::test]
async fn arrays_and_enums_arrive_by_insert_and_by_copy() {
    let fixture = Fixture::new(schema![List]).await;
    for count in [1, 3, 2_500] {
        let list = |id: i32| List {
            id,
            tags: (0..id % 3).map(|tag| format!("{tag}'\\{{}}")).collect(),
            moods: (id % 2 == 0).then(|| vec![Mood::VerySad; id as usize % 5]),
            mood: if id % 7 == 0 { Mood::Happy } else { Mood::VerySad },
        };
        let lists: Vec<List> = (0..count).map(list).collect();
        let rows = lists.iter().map(|list| (list.id, &list.tags, &list.moods, list.mood));
        let statement = insert(List).columns((List.id, List.tags, List.moods, List.mood)).values(rows);
        assert_eq!(fixture.engine.execute(statement).await.unwrap(), count as u64);
        let sent = fixture.recorder.take().statements;
        assert_eq!(sent.iter().any(|sql| sql.starts_with("COPY")), count == 2_500, "{sent:?}");
        assert_eq!(fixture.engine.all(select(List).order_by(List.id)).await.unwrap(), lists);
        fixture.engine.execute(delete(List).all_rows()).await.unwrap();
    }
}

#[tokio::test]
async fn slices_are_arrays() {
    let fixture = Fixture::new(schema![List]).await;
    let (tags, moods) = (["a", "b"], [Mood::Happy, Mood::VerySad]);
    let rows = [(1, &tags[..], Some(&moods[..]), Mood::Happy), (2, &[][..], None, Mood::VerySad)];
    let statement = insert(List).columns((List.id, List.tags, List.moods, List.mood)).values(rows);
    fixture.engine.execute(statement).await.unwrap();
    let lists = fixture.engine.all(select((List.tags, List.moods)).order_by(List.id)).await.unwrap();
    assert_eq!(lists, [(vec!["a".into(), "b".into()], Some(moods.to_vec())), (vec![], None)]);
}

#[tokio::test]
async fn very_many_rows_are_copied_or_go_in_parts() {
    let fixture = Fixture::new(schema![User]).await;
    let name = |age: i32| format!("{age:02000}");
    let rows = || (0..5_000).map(|age| (name(age), age));
    let columns = || insert(User).columns((User.name, User.age));
    let mut transaction = fixture.engine.begin().await.unwrap();
    assert_eq!(transaction.execute(columns().values(rows())).await.unwrap(), 5_000);
    assert_eq!(fixture.recorder.take().statements, ["BEGIN", COPY]);
    transaction.execute(delete(User).all_rows()).await.unwrap();
    transaction.commit().await.unwrap();
    fixture.recorder.take();

    let back = fixture.engine.all(columns().values(rows()).returning((User.name, User.age))).await.unwrap();
    let sent = fixture.recorder.take();
    assert_eq!((sent.statements.len(), sent.round_trips), (7, 3), "BEGIN, five parts, COMMIT");
    assert!(back.into_iter().eq((0..5_000).map(|age| (name(age), Some(age)))));
    assert_eq!(stored(&fixture.engine).await.len(), 5_000);
}

#[tokio::test]
async fn rows_in_conflict_and_rows_of_a_session_go_as_others_do() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("CREATE UNIQUE INDEX ON users (name)").await;
    let mut session = fixture.session();
    let columns = (User.name, User.age);
    let statement = insert(User).columns(columns).values([("Ann", 1), ("Bob", 2)]).returning(User);
    let handles: Vec<Handle<User>> = session.all(statement).await.unwrap();
    let upsert = insert(User).columns(columns).values([("Bob", 20), ("Cid", 30)]);
    let upsert = upsert.on_conflict(User.name).do_update().set(User.age, excluded(User.age));
    assert_eq!(session.execute(upsert).await.unwrap(), 2);
    assert_eq!(session[handles[1]].age, Some(20));
    session.commit().await.unwrap();
    assert_eq!(
        stored(&fixture.engine).await.into_iter().map(|(_, age)| age).collect::<Vec<_>>(),
        [Some(1), Some(20), Some(30)]
    );
}

#[tokio::test]
async fn rows_of_a_table_that_refers_to_itself_may_stand_in_any_order() {
    let fixture = Fixture::new(schema![Employee]).await;
    let rows = [(1, "Ann", Some(2)), (2, "Bob", None)];
    let statement = insert(Employee).columns((Employee.id, Employee.name, Employee.manager_id)).values(rows);
    assert_eq!(fixture.engine.execute(statement).await.unwrap(), 2);
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_is_told_before_anything_is() {
    let fixture = Fixture::new(schema![User]).await;
    for count in [1, 2, 3_000, 5_000] {
        let names: Vec<String> = (1..count).map(|nth| format!("{nth:0600}")).collect();
        let names = names.iter().map(String::as_str).chain(["a\0b"]);
        let statement = insert(User).columns((User.age, User.name)).values(names.map(|name| (1, name)));
        let message = refusal(&fixture, statement.clone()).await;
        assert!(message.contains("a value of `User.name` (table \"users\") cannot be sent"), "{message}");
        let error = fixture.engine.all(statement.returning(User.id)).await.unwrap_err();
        assert!(error.is_encode() && error.column() == Some("name"), "{error}");
        assert!(error.to_string().contains("zero byte"), "{error}");
    }
    assert!(stored(&fixture.engine).await.is_empty());
}

#[tokio::test]
async fn mistakes_are_told_with_the_line_they_are_in() {
    let fixture = Fixture::new(schema![User, Post, Draft]).await;
    let line = line!() + 1;
    let message = refusal(&fixture, insert(Post).columns(Post.title).values(["a", "b"])).await;
    let expected =
        "`Post.user_id` is NOT NULL and has no default: give it a value in each row, or `.set(..)` it";
    assert!(
        message.contains(expected) && message.contains(&format!("write_columns.rs:{line}:")),
        "{message}"
    );
    let many = (0..3_000).map(|_| "a");
    assert!(refusal(&fixture, insert(Post).columns(Post.title).values(many)).await.contains(expected));

    let twice = insert(User).columns((User.name, User.age, User.name)).values([("a", 1, "b")]);
    assert!(refusal(&fixture, twice).await.contains("`User.name` is named twice in this insert"));
    let computed = insert(Draft).columns((Draft.title, Draft.length)).values([("a", 1)]);
    let message = refusal(&fixture, computed).await;
    assert!(
        message.contains("`Draft.length` is computed by the database as `length(title)`: leave it out"),
        "{message}"
    );
    let none = insert(User).columns(User.name).values(Vec::<String>::new());
    assert_eq!(fixture.engine.execute(none).await.unwrap(), 0);

    let mixed = "has rows of named columns, or of a select, beside others: send them as two statements";
    let whole = insert(User).values(NewUser::new("Ann"));
    assert!(refusal(&fixture, whole.columns(User.name).values(["Bob"])).await.contains(mixed));
    let named = insert(User).columns(User.name).values(["Bob"]);
    assert!(refusal(&fixture, named.values(NewUser::new("Ann"))).await.contains(mixed));
}
