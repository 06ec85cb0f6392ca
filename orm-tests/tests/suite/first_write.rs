//! What people write first to insert, find and change rows is accepted.

use orm_core::prelude::*;
use orm_core::query::Update;
use orm_core::types::Range;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee, NewPost, NewUser, Post, User};

use crate::select_rows::{all, one, people};
use crate::select_text::{condition, expression, gives};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "settings")]
pub struct Setting {
    #[orm(primary_key)]
    pub tenant: i64,
    #[orm(primary_key)]
    pub name: String,
    pub value: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "seats")]
pub struct Seat {
    #[orm(primary_key)]
    pub hall: String,
    #[orm(primary_key)]
    pub row: i32,
    #[orm(primary_key)]
    pub place: i64,
    pub taken: Option<Range<i64>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "members")]
pub struct Member {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub active: bool,
    pub known: Option<bool>,
    pub roles: Vec<String>,
    pub also: Option<Vec<String>>,
    pub level: i32,
}

orm_core::text_type! {
    /// Text without regard to case.
    pub struct Label("citext");
}

#[tokio::test]
async fn new_rows_say_which_table_is_theirs() {
    let fixture = Fixture::new(schema![User, Setting]).await;
    let ann: User = one(&fixture, insert(NewUser::new("Ann")).returning(User)).await;
    assert_eq!((ann.id, ann.name.as_str()), (1, "Ann"));
    let more = ["Ben", "Cleo"].map(NewUser::new);
    assert_eq!(fixture.engine.execute(insert(more)).await.unwrap(), 2);
    assert_eq!(fixture.engine.execute(insert(Vec::<NewUser>::new())).await.unwrap(), 0);
    let setting = |value: &str| NewSetting { tenant: 1, name: "zone".into(), value: value.into() };
    for value in ["utc", "cet"] {
        let upsert = insert(setting(value)).on_conflict((Setting.tenant, Setting.name)).do_update();
        let upsert = upsert.set(Setting.value, excluded(Setting.value));
        fixture.engine.execute(upsert).await.unwrap();
    }
    assert_eq!(all(&fixture, select(Setting.value)).await, ["cet"]);
}

#[tokio::test]
async fn keys_of_several_columns_are_written_as_literals() {
    let fixture = Fixture::new(schema![Setting, Seat]).await;
    let engine = &fixture.engine;
    engine.execute(insert(NewSetting { tenant: 1, name: "zone".into(), value: "utc".into() })).await.unwrap();
    engine.execute(insert(NewSeat { hall: "a".into(), row: 2, place: 3, taken: None })).await.unwrap();
    let name = String::from("zone");
    assert_eq!(engine.find::<Setting>((1, "zone")).await.unwrap().unwrap().value, "utc");
    assert_eq!(engine.find::<Setting>((1, name.as_str())).await.unwrap().unwrap().value, "utc");
    assert!(engine.find::<Setting>((1_i64, name)).await.unwrap().is_some());
    assert_eq!(engine.find::<Setting>((2, "zone")).await.unwrap(), None);
    assert!(engine.find::<Seat>(("a", 2, 3)).await.unwrap().is_some());
    assert!(engine.find::<Seat>(("a", 2, 3_i64)).await.unwrap().is_some());
    assert_eq!(engine.find_all::<Seat>([("a", 2, 3), ("b", 2, 3)]).await.unwrap().len(), 1);
    let mut session = fixture.session();
    let zone = session.find::<Setting>((1, "zone")).await.unwrap().unwrap();
    assert_eq!(session[zone].value, "utc");
}

#[tokio::test]
async fn a_foreign_key_that_may_be_null_takes_a_handle() {
    let fixture = Fixture::new(schema![Employee]).await;
    let mut session = fixture.session();
    let boss = session.add(NewEmployee::new("Ann"));
    session.add(NewEmployee { name: "Ben".into(), manager_id: boss.into() });
    session.commit().await.unwrap();
    let found = all(&fixture, select((Employee.name, Employee.manager_id)).order_by(Employee.id)).await;
    assert_eq!(found, [("Ann".to_owned(), None), ("Ben".to_owned(), Some(1))]);
}

#[tokio::test]
async fn a_foreign_key_that_is_violated_says_what_to_do() {
    let fixture = Fixture::new(schema![User, Setting]).await;
    fixture.engine.create_all(schema![User, Post]).await.unwrap();
    let engine = &fixture.engine;
    let (add, delete_first) =
        ("a row refers to one that is not there", "rows refer to one that was to be deleted");
    let error = engine.execute(insert(NewPost::new(7, "a"))).await.unwrap_err().to_string();
    assert!(error.contains(add) && !error.contains(delete_first), "{error}");
    engine.execute(insert(NewUser::new("Ann"))).await.unwrap();
    let referring = "CREATE TABLE notes (user_id bigint REFERENCES users); INSERT INTO notes VALUES (1)";
    engine.run_script(referring).await.unwrap();
    let error = engine.execute(delete(User).all_rows()).await.unwrap_err().to_string();
    assert!(error.contains(delete_first) && !error.contains(add), "{error}");
    // A table that refers to itself.
    engine.run_script("CREATE TABLE boss (id int PRIMARY KEY, of int REFERENCES boss)").await.unwrap();
    engine.execute(sql!("INSERT INTO boss VALUES (1, NULL), (2, 1)")).await.unwrap();
    let error = engine.execute(sql!("INSERT INTO boss VALUES (3, 7)")).await.unwrap_err().to_string();
    assert!(error.contains(add) && !error.contains(delete_first), "{error}");
    let error = engine.execute(sql!("DELETE FROM boss WHERE id = 1")).await.unwrap_err().to_string();
    assert!(error.contains(delete_first) && !error.contains(add), "{error}");
}

#[test]
fn a_list_of_conditions_is_joined_by_or_and_by_and() {
    let ages = || [1, 2].map(|age| User.age.eq(age));
    assert_eq!(condition(or_(ages())), "users.age = $1 OR users.age = $2");
    assert_eq!(condition(and_(ages())), "users.age = $1 AND users.age = $2");
    assert_eq!(
        condition(or_(ages()) & User.name.eq("a")),
        "(users.age = $1 OR users.age = $2) AND users.name = $3"
    );
    let none = select(User).filter(or_(Vec::<Cond>::new())).to_sql().unwrap().text;
    assert!(none.ends_with(" WHERE FALSE"), "{none}");
}

#[test]
fn columns_are_taken_by_reference() {
    let post = select((Post.id, Post.title)).derived("p");
    let (id, title) = post.columns();
    gives::<(i64, String)>(select((&id, &title)).select_from(&post).order_by((&title, id.desc())));
}

#[test]
fn lower_and_upper_are_of_text_and_of_ranges() {
    gives::<String>(select(User.name.lower()));
    gives::<Option<i64>>(select(Seat.taken.lower()));
    assert_eq!(expression(User.name.upper()), "upper(users.name)");
    assert_eq!(expression(func::lower(User.name).upper()), "upper(lower(users.name))");
    assert_eq!(expression(lit(Label("A".into())).lower()), "CAST(lower($1::citext) AS text)");
}

#[tokio::test]
async fn a_condition_and_a_list_are_stored_as_they_are() {
    let fixture = Fixture::new(schema![Member]).await;
    let engine = &fixture.engine;
    let new = NewMember { active: true, known: None, roles: vec![], also: None, level: 3 };
    engine.execute(insert(new)).await.unwrap();
    let toggle = update(Member).set(Member.active, !Member.active).set(Member.known, Member.level.gt(2));
    let gives = |statement: Update<Member>| async move {
        let member: Member = engine.one(statement.all_rows().returning(Member)).await.unwrap();
        (member.active, member.known, member.roles, member.also)
    };
    assert_eq!(gives(toggle.clone()).await, (false, Some(true), vec![], None));
    assert!(gives(toggle).await.0);
    let names = vec!["a", "b"];
    let stored = (vec!["a".to_owned(), "b".to_owned()], Some(vec!["c".to_owned()]));
    for statement in [
        update(Member).set(Member.roles, ["a", "b"]).set(Member.also, ["c"]),
        update(Member).set(Member.roles, names.clone()).set(Member.also, vec!["c"]),
        update(Member).set(Member.roles, names.as_slice()).set(Member.also, vec!["c".to_owned()]),
    ] {
        let (_, _, roles, also) = gives(statement).await;
        assert_eq!((roles, also), stored);
    }
    // What is unknown is NULL, which the column refuses.
    engine.execute(update(Member).set(Member.known, None).all_rows()).await.unwrap();
    let unknown = update(Member).set(Member.active, Member.known.eq(true)).all_rows();
    let error = engine.execute(unknown).await.unwrap_err();
    assert!(error.is_not_null_violation() && error.column() == Some("active"), "{error}");
}

#[tokio::test]
async fn the_words_of_other_libraries_are_taken() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let engine = &fixture.engine;
    engine.execute(insert_into(User).values(NewUser::new("Ann"))).await.unwrap();
    engine
        .execute(insert_into(Post).columns((Post.user_id, Post.title)).select(select((User.id, User.name))))
        .await
        .unwrap();
    assert_eq!(all(&fixture, select(Post.title)).await, ["Ann"]);
    let silent = not(exists(select(Post).filter(Post.user_id.eq(User.id))));
    assert!(all(&fixture, select(User).filter(silent)).await.is_empty());
}

#[test]
fn an_enum_is_read_from_and_shown_as_its_label() {
    use orm_tests::models::Mood;
    assert_eq!((Mood::from_label("very_sad"), Mood::from_label("sad")), (Some(Mood::VerySad), None));
    assert_eq!(Mood::VerySad.label(), "very_sad");
}

#[tokio::test]
async fn sessions_and_their_maker_have_the_engine() {
    let fixture = Fixture::new(schema![User]).await;
    let sessions = SessionMaker::new(fixture.engine.clone());
    sessions.engine().execute(insert(NewUser::new("Ann"))).await.unwrap();
    let mut session = sessions.session();
    session.add(NewUser::new("Ben"));
    session.flush().await.unwrap();
    // What the session has not committed, the engine does not see.
    assert_eq!(session.engine().count(select(User)).await.unwrap(), 1);
    assert_eq!(session.count(select(User)).await.unwrap(), 2);
}

#[tokio::test]
async fn the_rows_of_a_select_stand_behind_named_columns_and_a_join_on_what_one_row_holds_is_meant() {
    let fixture = people().await;
    let titles = select((User.id, Post.title)).join(Post, Post.title.eq("a")).filter(User.name.ne("Ann"));
    let statement = insert_into(Post).columns((Post.user_id, Post.title)).from_select(titles);
    let text = statement.to_sql().unwrap().text;
    let from = r#"SELECT "users"."id", "posts"."title" FROM "users" JOIN "posts" ON "posts"."title" = $1"#;
    assert!(text.contains(from), "{text}");
    assert_eq!(fixture.engine.execute(statement).await.unwrap(), 2);
    let users = select(Post.user_id).filter(Post.title.eq("a")).order_by(Post.user_id);
    assert_eq!(all(&fixture, users).await, [1, 2, 3]);
}
