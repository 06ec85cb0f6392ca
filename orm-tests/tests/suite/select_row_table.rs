//! Structs with `#[derive(Row)]` as the rows of tables that a statement makes.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPost, NewUser, Post, User};

#[derive(Row, Clone, Debug, PartialEq)]
struct PerUser {
    user: i64,
    posts: i64,
    #[orm(column = "Last title")]
    last: Option<String>,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[orm(of = User)]
struct UserCard {
    name: String,
    id: i64,
}

#[derive(Row, Clone, Debug, PartialEq)]
struct Number {
    number: i32,
}

/// One field is of a type that a derive knows nothing of.
#[derive(Row, Clone, Debug, PartialEq)]
struct Wish {
    name: String,
    mood: Mood,
    age: Option<i32>,
}

/// Ann (30) with two posts, Bob (20) with one, Cleo with none.
async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post, orm_tests::models::Pet]).await;
    let people = [
        NewUser { name: "Ann".into(), age: Some(30) },
        NewUser { name: "Bob".into(), age: Some(20) },
        NewUser { name: "Cleo".into(), age: None },
    ];
    fixture.engine.execute(insert(User).values(people)).await.unwrap();
    let posts = [(1, "a"), (1, "b"), (2, "c")].map(|(user, title)| NewPost::new(user, title));
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    fixture
}

fn per_user() -> Select<PerUser> {
    let row = SelectPerUser { user: Post.user_id, posts: func::count(Post.id), last: func::max(Post.title) };
    select(row).group_by(Post.user_id)
}

#[tokio::test]
async fn the_fields_of_a_row_are_the_columns_of_a_derived_table() {
    let fixture = fixture().await;
    let per_user = per_user().derived("per_user");
    let statement = select((User.name, per_user.posts, per_user.last))
        .join(&per_user, per_user.user.eq(User.id))
        .filter(per_user.posts.gt(1));
    let text = statement.to_sql().unwrap().text;
    assert!(text.contains(r#"AS "per_user"("user", "posts", "Last title")"#), "{text}");
    assert_eq!(fixture.engine.all(statement).await.unwrap(), [("Ann".to_owned(), 2, Some("b".to_owned()))]);
}

#[tokio::test]
async fn a_table_of_rows_with_names_is_selected_as_a_whole() {
    let fixture = fixture().await;
    let per_user = per_user().cte("per_user");
    let most = select(func::max(per_user.posts)).select_from(&per_user);
    let found: Vec<PerUser> =
        fixture.engine.all(select(&per_user).filter(per_user.posts.eq(most))).await.unwrap();
    assert_eq!(found, [PerUser { user: 1, posts: 2, last: Some("b".into()) }]);
    let pairs: Vec<(String, Option<PerUser>)> = fixture
        .engine
        .all(
            select((User.name, per_user.optional()))
                .outer_join(&per_user, per_user.user.eq(User.id))
                .order_by(User.id),
        )
        .await
        .unwrap();
    assert_eq!(pairs[1].1, Some(PerUser { user: 2, posts: 1, last: Some("c".into()) }));
    assert_eq!(pairs[2].1, None);
}

#[tokio::test]
async fn a_row_of_a_models_columns_is_a_table_of_these() {
    let fixture = fixture().await;
    let adults = select(UserCard).filter(User.age.ge(25)).derived("adults");
    let statement = select((adults.name, Post.title)).join(&adults, adults.id.eq(Post.user_id));
    let found = fixture.engine.all(statement.order_by(Post.title)).await.unwrap();
    assert_eq!(found, [("Ann".to_owned(), "a".to_owned()), ("Ann".to_owned(), "b".to_owned())]);
    let cards: Vec<UserCard> = fixture.engine.all(select(&adults)).await.unwrap();
    assert_eq!(cards, [UserCard { name: "Ann".into(), id: 1 }]);

    let error = select(adults.age).select_from(&adults).to_sql().unwrap_err().to_string();
    assert!(error.contains("\"adults\" has no column `User.age`"), "{error}");
}

#[tokio::test]
async fn recursion_functions_values_and_sql_give_rows_with_names() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let numbers = select(SelectNumber { number: lit(1) }).recursive("numbers", |so_far| {
        select(SelectNumber { number: so_far.number + 1 }).select_from(so_far).filter(so_far.number.lt(3))
    });
    let found: Vec<i32> =
        engine.all(select(numbers.number).select_from(&numbers).order_by(numbers.number)).await.unwrap();
    assert_eq!(found, [1, 2, 3]);

    let series = func::generate_series(2, 3).by_one().rows::<Number>().derived("series");
    let found: Vec<Number> = engine.all(select(&series)).await.unwrap();
    assert_eq!(found, [Number { number: 2 }, Number { number: 3 }]);

    let wishes = [
        Wish { name: "Ann".into(), mood: Mood::VerySad, age: Some(1) },
        Wish { name: "Bob".into(), mood: Mood::Happy, age: None },
    ];
    let table = values(wishes.clone()).derived("wishes");
    assert_eq!(engine.all(select(&table).order_by(table.name)).await.unwrap(), wishes);
    let joined = select((User.id, table.mood)).join(&table, table.name.eq(User.name)).order_by(User.id);
    assert_eq!(engine.all(joined).await.unwrap(), [(1, Mood::VerySad), (2, Mood::Happy)]);

    let raw = sql!("SELECT id, age, name FROM {User} WHERE age IS NOT NULL").rows::<Raw>().derived("raw");
    let found = engine.all(select((raw.name, raw.age)).select_from(&raw).order_by(raw.age)).await.unwrap();
    assert_eq!(found, [("Bob".to_owned(), Some(20)), ("Ann".to_owned(), Some(30))]);
}

#[derive(Row, Clone, Debug)]
struct Raw {
    #[allow(dead_code, reason = "it stands in the SQL")]
    id: i64,
    age: Option<i32>,
    name: String,
}

#[tokio::test]
async fn what_a_statement_gives_back_is_a_table_by_names() {
    let fixture = fixture().await;
    let older = update(User).set(User.age, User.age + 1).filter(User.age.is_not_null());
    let older = older.returning(UserCard).cte("older");
    let found: Vec<String> =
        fixture.engine.all(select(older.name).select_from(&older).order_by(older.id)).await.unwrap();
    assert_eq!(found, ["Ann", "Bob"]);
}
