//! `Tracked`: load, edit and save without a session.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

#[derive(Model, Clone, Debug, PartialEq)]
struct Note {
    #[orm(primary_key)]
    tenant_id: i32,
    #[orm(primary_key)]
    number: i32,
    text: String,
    more: Option<String>,
    #[orm(computed = "length(text)")]
    length: i32,
    #[orm(version)]
    version: i32,
    #[orm(on_update = "clock_timestamp()")]
    changed: Option<DateTime<Utc>>,
}

async fn with_user() -> (Fixture, Tracked<User>) {
    let fixture = Fixture::new(schema![User]).await;
    let ann = insert(User).values(NewUser { name: "Ann".into(), age: Some(30) }).returning(User);
    let user = Tracked::new(fixture.engine.one(ann).await.unwrap());
    fixture.recorder.take();
    (fixture, user)
}

async fn with_note() -> (Fixture, Tracked<Note>) {
    let fixture = Fixture::new(schema![Note]).await;
    for number in [1, 2] {
        let new = NewNote { more: Some("m".into()), ..NewNote::new(1, number, "abc") };
        fixture.engine.execute(insert(Note).values(new)).await.unwrap();
    }
    let note = fixture.engine.one(select(Note).filter(Note.number.eq(2))).await.unwrap();
    fixture.recorder.take();
    (fixture, Tracked::new(note))
}

#[tokio::test]
async fn save_sends_the_changed_columns_by_key_in_one_round_trip() {
    let (fixture, mut user) = with_user().await;
    assert_eq!(user.name, "Ann");
    assert!(!user.is_modified());
    user.age = None;
    assert!(user.is_modified());
    fixture.engine.save(&mut user).await.unwrap();
    assert!(!user.is_modified());
    let recorded = fixture.recorder.take();
    assert_eq!(
        recorded.statements,
        [r#"UPDATE "users" SET "age" = $1 WHERE "id" = $2 RETURNING "id", "name", "age""#]
    );
    assert_eq!(recorded.round_trips, 1);
    assert_eq!(fixture.engine.one(select(User)).await.unwrap(), user.into_inner());
}

#[tokio::test]
async fn save_sends_nothing_if_nothing_differs() {
    let (fixture, mut user) = with_user().await;
    fixture.engine.save(&mut user).await.unwrap();
    user.name.push('a');
    user.name.pop();
    assert!(!user.is_modified());
    fixture.engine.save(&mut user).await.unwrap();
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
}

#[tokio::test]
async fn saved_again_only_what_changed_since_is_sent() {
    let (fixture, mut user) = with_user().await;
    user.age = Some(31);
    fixture.engine.save(&mut user).await.unwrap();
    fixture.engine.execute(update(User).set(User.age, 99).all_rows()).await.unwrap();
    user.name = "Anna".into();
    fixture.engine.save(&mut user).await.unwrap();
    assert_eq!((&*user.name, user.age), ("Anna", Some(99)), "the row as it is, with what others changed");
    user.id = 7;
    fixture.engine.save(&mut user).await.unwrap();
    assert_eq!(fixture.engine.all(select(User.id)).await.unwrap(), [7], "a key can be changed");
    user.age = None;
    fixture.engine.save(&mut user).await.unwrap();
    assert_eq!(fixture.engine.one(select(User)).await.unwrap(), *user);
}

#[tokio::test]
async fn save_takes_back_what_the_database_made_of_the_row() {
    let (fixture, mut note) = with_note().await;
    let trigger = "CREATE FUNCTION trimmed() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.text := trim(NEW.text); RETURN NEW; END $$;
        CREATE TRIGGER trimmed BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION trimmed()";
    fixture.database.execute(trigger).await;
    note.text = "  long text ".into();
    fixture.engine.save(&mut note).await.unwrap();
    assert_eq!((&*note.text, note.length, note.version), ("long text", 9, 2));
    assert!(note.changed.is_some());
    assert_eq!(fixture.recorder.take().round_trips, 1);
    let others = select((Note.text, Note.version)).filter(Note.number.eq(1));
    assert_eq!(fixture.engine.one(others).await.unwrap(), ("abc".to_owned(), 1));
    note.more = None;
    fixture.engine.save(&mut note).await.unwrap();
    assert_eq!((note.version, &note.more), (3, &None), "the version goes on");
}

#[tokio::test]
async fn save_refuses_a_row_that_is_gone() {
    let (fixture, mut user) = with_user().await;
    user.name = "Anna".into();
    fixture.engine.execute(delete(User).all_rows()).await.unwrap();
    let error = fixture.engine.save(&mut user).await.unwrap_err();
    assert!(error.is_stale() && error.statement().is_some(), "{error:?}");
    assert_eq!(error.to_string(), "the row of `User` with the key 1 is not there any more: read it again");
    assert!(user.is_modified(), "the change is not lost");
}

#[tokio::test]
async fn save_refuses_a_row_that_somebody_else_changed() {
    let (fixture, mut note) = with_note().await;
    let mut theirs = note.clone();
    theirs.text = "theirs".into();
    fixture.engine.save(&mut theirs).await.unwrap();
    note.more = Some("mine".into());
    let error = fixture.engine.save(&mut note).await.unwrap_err();
    assert!(error.is_stale(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the row of `Note` with the key (1, 2) is not there any more, or was changed by somebody else since it was read: \
         read it again"
    );
    let stored = fixture.engine.one(select(Note).filter(Note.number.eq(2))).await.unwrap();
    assert_eq!(stored, theirs.into_inner());
}

#[tokio::test]
async fn a_version_that_postgresql_keeps_goes_with_upserts_and_saves() {
    #[derive(Model, Clone, Debug)]
    struct Draft {
        #[orm(primary_key)]
        id: i32,
        text: String,
        #[orm(version, column = "xmin")]
        version: orm_core::types::Xmin,
    }
    let fixture = Fixture::new(schema![Draft]).await;
    let upsert = |text| {
        let statement = insert(Draft).values(NewDraft::new(1, text)).on_conflict(Draft.id).do_update();
        statement.set(Draft.text, excluded(Draft.text))
    };
    fixture.engine.execute(upsert("a")).await.unwrap();
    let mut draft = Tracked::new(fixture.engine.one(select(Draft)).await.unwrap());
    draft.text = "b".into();
    fixture.engine.save(&mut draft).await.unwrap();
    draft.text = "c".into();
    fixture.engine.execute(upsert("theirs")).await.unwrap();
    assert!(fixture.engine.save(&mut draft).await.unwrap_err().is_stale());
}

#[tokio::test]
async fn save_refuses_columns_that_are_not_the_programs_to_set() {
    let (fixture, mut note) = with_note().await;
    note.length = 1;
    let error = fixture.engine.save(&mut note).await.unwrap_err();
    assert!(
        error.to_string().starts_with("`Note.length` was changed, and the database computes it as"),
        "{error}"
    );
    note.length = 3;
    note.version = 9;
    let error = fixture.engine.save(&mut note).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Note.version` was changed, and `save` itself counts the versions of a row: leave it as it is"
    );
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
}

#[tokio::test]
async fn a_value_the_server_refuses_stays_modified_and_can_be_saved_later() {
    let (fixture, mut user) = with_user().await;
    fixture.database.execute("ALTER TABLE users ADD CHECK (age < 100)").await;
    user.age = Some(200);
    let error = fixture.engine.save(&mut user).await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    assert_eq!((user.is_modified(), user.age), (true, Some(200)));
    user.age = Some(20);
    fixture.engine.save(&mut user).await.unwrap();
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(20));
    user.name = "\0".into();
    let error = fixture.engine.save(&mut user).await.unwrap_err();
    assert!(error.is_encode() && error.to_string().contains("`User.name`"), "{error}");
}

#[tokio::test]
async fn the_transaction_of_a_session_saves_too() {
    let (fixture, mut user) = with_user().await;
    let mut session = fixture.session();
    user.age = Some(31);
    session.connection().await.unwrap().save(&mut user).await.unwrap();
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(30), "not committed");
    let object = session.one(select(User)).await.unwrap();
    assert_eq!(session[object], *user);
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(31));
}

#[tokio::test]
async fn a_transaction_saves_with_its_own_statements() {
    let (fixture, mut user) = with_user().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    user.age = Some(31);
    transaction.save(&mut user).await.unwrap();
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(30), "not committed");
    transaction.commit().await.unwrap();
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(31));
    let mut transaction = fixture.engine.begin().await.unwrap();
    user.age = Some(32);
    transaction.save(&mut user).await.unwrap();
    transaction.save(&mut user).await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(fixture.engine.one(select(User.age)).await.unwrap(), Some(31));
    assert!(!user.is_modified(), "the value does not know of the rollback");
}

#[tokio::test]
async fn save_all_writes_many_values_with_one_update_for_each_group_of_columns() {
    let fixture = Fixture::new(schema![User]).await;
    let new: Vec<_> = (0..6).map(|n| NewUser::new(n.to_string())).collect();
    fixture.engine.execute(insert(User).values(new)).await.unwrap();
    let users: Vec<User> = fixture.engine.all(select(User).order_by(User.id)).await.unwrap();
    let mut users: Vec<_> = users.into_iter().map(Tracked::new).collect();
    fixture.recorder.take();
    fixture.engine.save_all(&mut users).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 0, "nothing differs");
    for (n, user) in (0..).zip(&mut users[..5]) {
        user.age = Some(n);
        if n > 2 {
            user.name.push('!');
        }
    }
    fixture.engine.save_all(&mut users).await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!((recorded.statements.len(), recorded.round_trips), (4, 2), "{recorded:?}");
    assert!(users.iter().all(|user| !user.is_modified()));
    let stored: Vec<User> = fixture.engine.all(select(User).order_by(User.id)).await.unwrap();
    assert_eq!(stored[4], User { id: 5, name: "4!".into(), age: Some(4) });
    assert_eq!(stored, users.into_iter().map(Tracked::into_inner).collect::<Vec<_>>());
}

#[tokio::test]
async fn save_all_writes_values_that_were_not_read_by_their_keys() {
    let (fixture, note) = with_note().await;
    let first = Note { number: 1, text: "longer".into(), more: None, ..(*note).clone() };
    let second = Note { text: "as long".into(), ..(*note).clone() };
    let mut notes: Vec<_> = [first, second].map(Tracked::unread).into();
    assert!(notes[0].is_modified());
    notes[0].text.push('!');
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.save_all(&mut notes).await.unwrap();
    transaction.commit().await.unwrap();
    let stored: Vec<Note> = fixture.engine.all(select(Note).order_by(Note.number)).await.unwrap();
    assert_eq!((&*stored[0].text, &stored[0].more, stored[0].version), ("longer!", &None, 2));
    assert_eq!((&*stored[1].text, stored[1].length, stored[1].version), ("as long", 7, 2));
    assert_eq!(*notes[0], stored[0], "with what the database made of it");
}

#[tokio::test]
async fn save_all_of_a_row_that_is_gone_or_has_another_version_writes_nothing() {
    let (fixture, note) = with_note().await;
    let other = fixture.engine.one(select(Note).filter(Note.number.eq(1))).await.unwrap();
    fixture.engine.execute(update(Note).set(Note.version, 7).filter(Note.number.eq(2))).await.unwrap();
    let mut notes = [Tracked::new(other), note];
    for note in &mut notes {
        note.text = "changed".into();
    }
    let error = fixture.engine.save_all(&mut notes).await.unwrap_err();
    assert!(error.is_stale() && error.to_string().contains("by key: 1/2"), "{error}");
    assert!(notes.iter().all(Tracked::is_modified));
    let texts: Vec<String> = fixture.engine.all(select(Note.text)).await.unwrap();
    assert_eq!(texts, ["abc", "abc"]);
    let mut twice = [notes[0].clone(), notes[0].clone()];
    let error = fixture.engine.save_all(&mut twice).await.unwrap_err();
    assert!(error.to_string().contains("have the key (1, 1)"), "{error}");
}
