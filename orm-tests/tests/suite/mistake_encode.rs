//! Values that PostgreSQL has no place for: the message says where they were to go.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPet, NewUser, Pet, User};

const BAD: &str = "a\0b";

fn refused(error: &orm_core::Error) {
    assert!(error.is_encode(), "{error:?}");
    assert!(error.to_string().ends_with(
        "cannot be sent to PostgreSQL: PostgreSQL text cannot hold a zero byte: use a `Vec<u8>` (bytea) column for such \
         data"
    ), "{error}");
}

/// The error names the model's column, and table and column of the database.
fn about_name(error: &orm_core::Error) {
    refused(error);
    assert!(error.to_string().starts_with("a value of `User.name` (table \"users\")"), "{error}");
    assert_eq!((error.table(), error.column()), (Some("users"), Some("name")));
}

#[tokio::test]
async fn a_zero_byte_in_a_value_to_be_stored_names_model_table_and_column() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = &fixture.engine;
    let mut transaction = engine.begin().await.unwrap();
    let mut session = fixture.session();
    for error in [
        engine.execute(insert(User).values(NewUser::new(BAD))).await.unwrap_err(),
        engine.one(insert(User).values(NewUser::new(BAD)).returning(User)).await.unwrap_err(),
        engine.execute(insert(User).values([NewUser::new("Ann"), NewUser::new(BAD)])).await.unwrap_err(),
        engine.execute(update(User).set(User.age, 3).set(User.name, BAD).all_rows()).await.unwrap_err(),
        engine.all(update(User).set(User.name, BAD).all_rows().returning(User.id)).await.unwrap_err(),
        transaction.execute(insert(User).values(NewUser::new(BAD))).await.unwrap_err(),
        session.execute(update(User).set(User.name, BAD).all_rows()).await.unwrap_err(),
    ] {
        about_name(&error);
    }
    engine.execute(insert(User).values(NewUser::new("Ann"))).await.expect("as good as before");
    transaction.execute(insert(User).values(NewUser::new("Ben"))).await.expect("the server never saw it");
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_label_that_the_type_does_not_have_says_what_labels_are() {
    let fixture = Fixture::new(schema![Pet]).await;
    fixture.database.execute("ALTER TYPE mood RENAME VALUE 'very_sad' TO 'sad'").await;
    let new = NewPet { name: "Rex".into(), mood: Mood::VerySad, wish: None };
    let mut session = fixture.session();
    session.add(new.clone());
    for error in [
        fixture.engine.execute(insert(Pet).values(new)).await.unwrap_err(),
        fixture.engine.all(select(Pet).filter(Pet.mood.eq(Mood::VerySad))).await.unwrap_err(),
        session.commit().await.unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(text.starts_with("invalid input value for enum mood: \"..\""), "{text}");
        assert!(
            text.contains("has no such label: those of `#[derive(Enum)]` are the variants in snake case"),
            "{text}"
        );
        assert!(!text.contains("very_sad"), "{text}");
    }
}

#[tokio::test]
async fn a_zero_byte_in_a_condition_shows_the_condition() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let statement = || select(User).filter(User.age.gt(3)).filter(User.name.eq(BAD));
    for error in [
        fixture.engine.all(statement()).await.unwrap_err(),
        fixture.engine.one(statement()).await.unwrap_err(),
        fixture.engine.stream(statement()).await.unwrap_err(),
        session.all(statement()).await.unwrap_err(),
    ] {
        refused(&error);
        let place = "the value of $2 (`..\"users\" WHERE \"users\".\"age\" > $1 AND \"users\".\"name\" = $2`) cannot be sent";
        assert!(error.to_string().starts_with(place), "{error}");
        assert!(error.statement().is_some_and(|sql| sql.starts_with("SELECT")));
    }
    let error = fixture.engine.all(select(User).filter(User.name.in_([BAD]))).await.unwrap_err();
    refused(&error);
    assert!(error.to_string().contains("\"users\".\"name\" = ANY($1`)"), "{error}");
}

#[tokio::test]
async fn a_zero_byte_in_a_flush_names_model_table_and_column() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    for names in [vec![BAD], vec!["Ann", BAD]] {
        session.add_all(names.into_iter().map(NewUser::new));
        about_name(&session.flush().await.unwrap_err());
        let later = session.all(select(User)).await.unwrap_err();
        assert!(later.is_session() && later.to_string().contains("`User.name`"), "{later}");
        assert_eq!((later.table(), later.column()), (Some("users"), Some("name")));
        session.rollback().await.unwrap();
    }
    let handles = session.add_all([NewUser::new("Ann"), NewUser::new("Ben")]);
    session.commit().await.unwrap();
    // One changed row; then two, beside a new one, in one pipeline with COMMIT.
    session[handles[0]].name = BAD.to_owned();
    about_name(&session.commit().await.unwrap_err());
    session.rollback().await.unwrap();
    handles.iter().for_each(|handle| session[*handle].name = BAD.to_owned());
    session.add(NewUser::new("Cid"));
    about_name(&session.commit().await.unwrap_err());
    session.rollback().await.unwrap();
    session.add(NewUser::new(BAD));
    session[handles[0]].age = Some(3);
    about_name(&session.commit().await.unwrap_err());
    session.rollback().await.unwrap();
    let names = session.all(select(User.name).order_by(User.id)).await.unwrap();
    assert_eq!(names, ["Ann", "Ben"]);
}
