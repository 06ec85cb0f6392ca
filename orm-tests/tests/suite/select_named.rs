//! Rows with names: `#[derive(Row)]`.

use futures_util::StreamExt;
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPet, NewPost, NewUser, Pet, Post, User};
use rust_decimal::Decimal;

#[derive(Row, Clone, Debug, PartialEq, serde::Serialize)]
struct Total {
    name: String,
    posts: i64,
    /// A column that is never NULL fills it too.
    age: Option<i32>,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[orm(of = User)]
struct UserCard {
    name: String,
    id: i64,
}

#[derive(Row, Clone, Debug, PartialEq)]
struct Line {
    title: Option<String>,
    card: UserCard,
    author: User,
    post: Option<Post>,
    last: Option<Total>,
    adult: Option<bool>,
}

async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post, Pet]).await;
    let people = [
        NewUser { name: "Ann".into(), age: Some(30) },
        NewUser { name: "Bob".into(), age: Some(12) },
        NewUser { name: "Cleo".into(), age: None },
    ];
    let users: Vec<User> = fixture.engine.all(insert(User).values(people).returning(User)).await.unwrap();
    let posts = [NewPost::new(&users[0], "a"), NewPost::new(&users[0], "b"), NewPost::new(&users[1], "c")];
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    fixture.recorder.take();
    fixture
}

fn totals() -> Select<Total> {
    select(SelectTotal { name: User.name, posts: func::count(Post.id), age: func::max(User.age) })
        .outer_join(Post, Post.user_id.eq(User.id))
        .group_by(User.name)
        .order_by(User.name)
}

fn total(name: &str, posts: i64, age: Option<i32>) -> Total {
    Total { name: name.into(), posts, age }
}

#[tokio::test]
async fn a_select_gives_rows_with_names_to_every_verb() {
    let fixture = fixture().await;
    let expected = [total("Ann", 2, Some(30)), total("Bob", 1, Some(12)), total("Cleo", 0, None)];
    let Fixture { engine, .. } = &fixture;
    assert_eq!(engine.all(totals()).await.unwrap(), expected);
    assert_eq!(engine.first(totals()).await.unwrap().unwrap(), expected[0]);
    assert_eq!(engine.one(totals().filter(User.name.eq("Bob"))).await.unwrap(), expected[1]);
    assert_eq!(engine.one_or_none(totals().filter(User.name.eq("Dan"))).await.unwrap(), None);

    let stream = engine.stream(totals()).await.unwrap();
    let streamed: Vec<Total> = stream.map(|row| row.unwrap()).collect().await;
    assert_eq!(streamed, expected);

    let mut transaction = engine.begin().await.unwrap();
    assert_eq!(transaction.all(totals()).await.unwrap(), expected);
    transaction.rollback().await.unwrap();

    let mut session = fixture.session();
    let rows: Vec<Total> = session.all(totals()).await.unwrap();
    assert_eq!(rows, expected);
    let mut stream = session.stream(totals()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), expected[0]);
}

#[tokio::test]
async fn models_and_rows_stand_in_a_row_and_a_missing_one_is_none() {
    let fixture = fixture().await;
    let last = SelectTotal { name: Post.title, posts: Post.id, age: lit(None::<i32>) };
    let lines = select(SelectLine {
        title: Post.title,
        card: UserCard,
        author: User,
        post: Post.optional(),
        last: last.optional(),
        adult: User.age.ge(18),
    })
    .outer_join(Post, Post.user_id.eq(User.id) & Post.title.ne("a"))
    .order_by(User.id);
    let rows: Vec<Line> = fixture.engine.all(lines.clone()).await.unwrap();
    let [ann, bob, cleo] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!(ann.title.as_deref(), Some("b"));
    assert_eq!(ann.card, UserCard { name: "Ann".into(), id: ann.author.id });
    assert_eq!((ann.author.name.as_str(), ann.adult), ("Ann", Some(true)));
    let post = ann.post.as_ref().unwrap();
    assert_eq!(ann.last, Some(total("b", post.id, None)));
    assert_eq!((bob.author.age, bob.adult), (Some(12), Some(false)));
    assert_eq!(
        cleo,
        &Line {
            title: None,
            card: UserCard { name: "Cleo".into(), id: cleo.author.id },
            author: cleo.author.clone(),
            post: None,
            last: None,
            adult: None,
        }
    );
    // A value in a session too, and a part of a tuple.
    let pairs: Vec<(Line, i64)> = engine_pairs(&fixture, lines).await;
    assert_eq!(pairs.into_iter().map(|(line, _)| line).collect::<Vec<_>>(), rows);
}

async fn engine_pairs(fixture: &Fixture, lines: Select<Line>) -> Vec<(Line, i64)> {
    let lines = fixture.session().all(lines).await.unwrap();
    lines.into_iter().map(|line| (line.clone(), line.author.id)).collect()
}

#[tokio::test]
async fn a_row_of_a_model_reads_its_columns_and_no_others() {
    let fixture = fixture().await;
    let cards: Vec<UserCard> = fixture
        .engine
        .all(select(UserCard).filter(User.age.is_not_null()).order_by(User.name))
        .await
        .unwrap();
    assert_eq!(cards.iter().map(|card| card.name.as_str()).collect::<Vec<_>>(), ["Ann", "Bob"]);
    assert_eq!(
        fixture.recorder.take().statements,
        [
            r#"SELECT "users"."name", "users"."id" FROM "users" WHERE "users"."age" IS NOT NULL ORDER BY "users"."name""#
        ]
    );
    let m = User.alias("m");
    let pairs: Vec<(UserCard, Option<UserCard>)> = fixture
        .engine
        .all(
            select((UserCard, UserCard.of(m).optional()))
                .outer_join(m, m.id.lt(User.id) & m.name.eq("Bob"))
                .order_by(User.id),
        )
        .await
        .unwrap();
    let names: Vec<_> =
        pairs.iter().map(|(_, found)| found.as_ref().map(|card| card.name.as_str())).collect();
    assert_eq!(names, [None, None, Some("Bob")]);
}

#[tokio::test]
async fn returning_gives_rows_with_names() {
    let fixture = fixture().await;
    let added: UserCard =
        fixture.engine.one(insert(User).values(NewUser::new("Dan")).returning(UserCard)).await.unwrap();
    assert_eq!(added.name, "Dan");
    let changed: Vec<Total> = fixture
        .session()
        .all(update(User).set(User.age, 31).filter(User.name.eq("Ann")).returning(SelectTotal {
            name: func::upper(User.name),
            posts: User.id,
            age: User.age,
        }))
        .await
        .unwrap();
    assert_eq!((changed[0].name.as_str(), changed[0].age), ("ANN", Some(31)));
    let gone: Vec<UserCard> =
        fixture.engine.all(delete(User).filter(User.name.eq("Cleo")).returning(UserCard)).await.unwrap();
    assert_eq!(gone.len(), 1);
}

#[derive(Row, Clone, Debug, PartialEq)]
struct Raw {
    #[orm(column = "Sum of ages")]
    sum: Option<Decimal>,
    mood: Option<Mood>,
    r#type: Vec<i32>,
}

#[tokio::test]
async fn rows_of_sql_are_read_by_the_names_of_the_fields() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    engine
        .execute(insert(Pet).values(NewPet { name: "Rex".into(), mood: Mood::VerySad, wish: None }))
        .await
        .unwrap();
    let sql = sql!(
        "SELECT ARRAY[1, 2] AS type, 'more' AS more, mood, (SELECT sum(age)::numeric FROM {User}) AS \"Sum of ages\" FROM {Pet}"
    );
    let raw = Raw { sum: Some(Decimal::from(42)), mood: Some(Mood::VerySad), r#type: vec![1, 2] };
    assert_eq!(engine.one(sql.clone().rows::<Raw>()).await.unwrap(), raw);
    assert_eq!(fixture.session().all(sql.clone().rows::<Raw>()).await.unwrap(), std::slice::from_ref(&raw));
    let mut stream = engine.stream(sql.rows::<Raw>()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), raw);
    let cards: Vec<UserCard> =
        engine.all(sql!("SELECT * FROM {User} ORDER BY id DESC LIMIT 1").rows()).await.unwrap();
    assert_eq!(cards[0].name, "Cleo");
    let models: Vec<User> = {
        let stream = engine.stream(sql!("SELECT * FROM {User}").rows::<User>()).await.unwrap();
        stream.map(|row| row.unwrap()).collect().await
    };
    assert_eq!(models.len(), 3);
}

#[tokio::test]
async fn a_missing_name_and_a_null_are_told() {
    let fixture = fixture().await;
    let error = fixture.engine.all(sql!("SELECT 1 AS posts").rows::<Total>()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the rows have no column \"name\", which `Total` has (they have [\"posts\"]): select it, or name it with AS \"name\""
    );
    let left = select(SelectTotal { name: Post.title, posts: User.id, age: User.age })
        .outer_join(Post, Post.user_id.eq(User.id));
    let error = left.to_sql().unwrap_err().to_string();
    assert!(error.contains("`Post.title` is selected as a value that is always there"), "{error}");
}

#[test]
fn a_row_is_serialized_as_its_own_derives_say() {
    let json = serde_json::to_string(&total("Ann", 2, None)).unwrap();
    assert_eq!(json, r#"{"name":"Ann","posts":2,"age":null}"#);
}
