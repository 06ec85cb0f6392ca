//! Models that name what the database does not have.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPet, NewUser, Pet, User};

fn says(error: &orm_core::Error, code: &str, parts: &[&str]) {
    assert_eq!(error.code(), Some(code), "{error}");
    assert!(error.statement().is_some());
    for part in parts {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
}

#[tokio::test]
async fn a_table_that_does_not_exist_is_named_with_what_to_do() {
    let fixture = Fixture::new(schema![]).await;
    let mut session = fixture.session();
    session.add(NewUser::new("Ann"));
    let errors = [
        fixture.engine.all(select(User)).await.unwrap_err(),
        fixture.engine.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap_err(),
        fixture.engine.execute(update(User).set(User.age, 1).all_rows()).await.unwrap_err(),
        session.flush().await.unwrap_err(),
    ];
    for error in errors {
        let parts =
            ["relation \"users\" does not exist", "`create_all`", "`#[orm(table = \"..\")]`", "search_path"];
        says(&error, "42P01", &parts);
    }
}

#[tokio::test]
async fn a_table_outside_the_search_path_does_not_exist() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("CREATE SCHEMA shop; ALTER TABLE users SET SCHEMA shop").await;
    let error = fixture.engine.all(select(User)).await.unwrap_err();
    says(&error, "42P01", &["search_path"]);
}

#[tokio::test]
async fn a_column_that_does_not_exist_is_named_with_what_to_do() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users RENAME age TO years").await;
    let mut session = fixture.session();
    session.add(NewUser::new("Ann"));
    let errors = [
        fixture.engine.all(select(User)).await.unwrap_err(),
        fixture.engine.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap_err(),
        fixture.engine.execute(delete(User).filter(User.age.gt(1))).await.unwrap_err(),
        session.commit().await.unwrap_err(),
    ];
    for error in errors {
        let parts = ["age", "does not exist", "model and the table differ", "`#[orm(column = \"..\")]`"];
        says(&error, "42703", &parts);
    }
}

#[tokio::test]
async fn the_type_of_an_enum_that_does_not_exist_is_named_with_what_to_do() {
    let fixture = Fixture::new(schema![]).await;
    fixture.database.execute("CREATE TABLE pets (name text PRIMARY KEY, mood text, wish text)").await;
    let new = NewPet { name: "Rex".to_owned(), mood: Mood::Happy, wish: None };
    let error = fixture.engine.execute(insert(Pet).values(new)).await.unwrap_err();
    says(&error, "42704", &["type \"mood\" does not exist", "`create_all`"]);
}
