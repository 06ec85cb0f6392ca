//! Values of the database that do not fit: the message says whose column, what was found and what was wanted.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

use crate::select_rows::{on, people};

/// Ann's second post has no title.
async fn without_title() -> Fixture {
    let fixture = people().await;
    let change = "ALTER TABLE posts ALTER title DROP NOT NULL; UPDATE posts SET title = NULL WHERE id = 2";
    fixture.database.execute(change).await;
    fixture
}

/// The error is about the title of a post, at this place of the row.
fn about_title(error: &orm_core::Error, place: usize) {
    assert!(error.is_decode(), "{error:?}");
    let text = format!(
        "column {place} (\"title\") of the table \"posts\" (`Post.title`) is NULL, which `String` cannot \
         hold: declare the field as `Option<String>`, or select `.optional()`"
    );
    assert_eq!(error.to_string(), text);
    assert_eq!((error.table(), error.column()), (Some("posts"), Some("title")));
    assert!(error.statement().is_some_and(|sql| sql.contains("\"posts\"")), "{error:?}");
}

#[tokio::test]
async fn a_null_names_table_and_column_with_every_verb() {
    let fixture = without_title().await;
    let by_id = || select(Post).order_by(Post.id);
    about_title(&fixture.engine.all(by_id()).await.unwrap_err(), 3);
    about_title(&fixture.engine.one(by_id().offset(1)).await.unwrap_err(), 3);
    let mut stream = fixture.engine.stream(by_id()).await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    about_title(&stream.next().await.unwrap().unwrap_err(), 3);
    drop(stream);
    let mut transaction = fixture.engine.begin().await.unwrap();
    about_title(&transaction.all(by_id()).await.unwrap_err(), 3);
    let deleted = delete(Post).all_rows().returning(Post);
    about_title(&transaction.all(deleted).await.unwrap_err(), 3);
    let mut session = fixture.session();
    about_title(&session.all(by_id()).await.unwrap_err(), 3);
    about_title(&session.find::<Post>(2).await.unwrap_err(), 3);
}

#[tokio::test]
async fn a_join_says_which_of_its_models_it_is() {
    let fixture = without_title().await;
    let joined = |row| select(row).join(Post, on());
    about_title(&fixture.engine.all(joined((User, Post))).await.unwrap_err(), 6);
    let twice = User.alias("editor");
    let statement = select((Post, twice)).join(twice, twice.id.eq(Post.user_id));
    about_title(&fixture.engine.all(statement).await.unwrap_err(), 3);
    let statement = select((User, Post.optional())).outer_join(Post, on());
    about_title(&fixture.engine.all(statement).await.unwrap_err(), 6);
}

#[tokio::test]
async fn a_single_column_names_its_table() {
    let fixture = without_title().await;
    let statement = select((User.name, Post.title)).join(Post, on());
    about_title(&fixture.engine.all(statement).await.unwrap_err(), 2);
}

#[tokio::test]
async fn a_relation_names_table_and_column() {
    let fixture = without_title().await;
    about_title(&fixture.engine.all(select(User).with(User.posts)).await.unwrap_err(), 3);
}

#[tokio::test]
async fn what_a_flush_gets_back_names_table_and_column() {
    let fixture = without_title().await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.title = NULL; RETURN NEW; END';
             CREATE TRIGGER forget BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION forget()",
        )
        .await;
    let mut session = fixture.session();
    session.add(NewPost::new(1, "one"));
    about_title(&session.flush().await.unwrap_err(), 3);
    session.rollback().await.unwrap();
    session.add_all([NewPost::new(1, "one"), NewPost::new(1, "two")]);
    // Behind the number of the row.
    about_title(&session.flush().await.unwrap_err(), 4);
}

#[tokio::test]
async fn another_type_names_table_and_column_and_both_types() {
    let fixture = people().await;
    fixture.database.execute("ALTER TABLE users ALTER age TYPE bigint").await;
    let mut session = fixture.session();
    let errors = [
        fixture.engine.all(select(User)).await.unwrap_err(),
        fixture.engine.all(select((User, Post)).join(Post, on())).await.unwrap_err(),
        fixture.engine.one(insert(User).values(NewUser::new("Dan")).returning(User)).await.unwrap_err(),
        session.all(select(User)).await.unwrap_err(),
    ];
    for error in errors {
        let text = "column 3 (\"age\") of the table \"users\" (`User.age`) has the type int8, and `Option<i32>` holds \
                    integer: change the field's type, or the column's";
        let but = "; what was written is committed all the same: do not do it again, read it";
        let but = if error.is_committed() { but } else { "" };
        assert_eq!(error.to_string(), format!("{text}{but}"));
        assert_eq!((error.table(), error.column()), (Some("users"), Some("age")));
    }
}

#[tokio::test]
async fn an_expression_is_named_by_its_column_of_the_result() {
    let fixture = without_title().await;
    let error = fixture.engine.all(select(Post.title.label("headline"))).await.unwrap_err();
    assert!(error.to_string().starts_with("column 1 (\"headline\") is NULL"), "{error}");
    assert_eq!(error.table(), None);
}
