//! Inserts, updates, deletes and transactions of an engine.

use std::error::Error as _;

use orm_core::prelude::*;
use orm_tests::models::{Mood, NewPet, NewPost, NewUser, Pet, Post, User};
use orm_tests::{Fixture, Recorded};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "orders")]
struct Order {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(default = "'open'")]
    state: String,
    #[orm(default = "7")]
    rank: Option<i32>,
}

fn ann() -> NewUser {
    NewUser { name: "Ann".to_owned(), age: Some(30) }
}

fn bob() -> NewUser {
    NewUser::new("Bob")
}

/// Ann (30, key 1) and Bob (no age, key 2), and no posts.
async fn people() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.engine.execute(insert(User).values([ann(), bob()])).await.expect("people");
    fixture.recorder.take();
    fixture
}

async fn names(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(User.name).order_by(User.name)).await.expect("names")
}

#[test]
fn the_text_of_an_insert_of_many_rows_does_not_depend_on_their_number() {
    let text = |count: usize| insert(User).values(vec![ann(); count]).to_sql().expect("accepted").text;
    assert_eq!(text(1), r#"INSERT INTO "users" ("name", "age") VALUES ($1, $2)"#);
    assert_eq!(text(2), r#"INSERT INTO "users" ("name", "age") SELECT * FROM unnest($1, $2)"#);
    assert_eq!(text(2), text(5000));
    let pet = || NewPet { name: "Rex".to_owned(), mood: Mood::Happy, wish: None };
    let pets = insert(Pet).values([pet(), pet()]).returning(Pet.mood).to_sql().expect("accepted").text;
    assert_eq!(
        pets,
        "INSERT INTO \"pets\" (\"name\", \"mood\", \"wish\") SELECT * FROM unnest($1, $2::\"mood\"[], $3::\"mood\"[]) \
         RETURNING CAST(\"pets\".\"mood\" AS text)"
    );
}

#[test]
fn columns_left_to_the_database_are_not_named() {
    let text = |rows: Vec<NewOrder>| insert(Order).values(rows).to_sql().expect("accepted").text;
    assert_eq!(text(vec![NewOrder::default()]), r#"INSERT INTO "orders" ("id") VALUES (DEFAULT)"#);
    let ranked = NewOrder { rank: Some(Some(1)), ..NewOrder::default() };
    assert_eq!(text(vec![ranked.clone()]), r#"INSERT INTO "orders" ("rank") VALUES ($1)"#);
    assert_eq!(
        text(vec![ranked, NewOrder::default()]),
        r#"INSERT INTO "orders" ("rank") VALUES ($1), (DEFAULT)"#
    );
}

#[test]
fn updates_and_deletes_have_their_text() {
    let change = update(User).set(User.age, User.age + 1).set(User.name, "x").filter(User.id.eq(1));
    assert_eq!(
        change.to_sql().expect("accepted").text,
        "UPDATE \"users\" SET \"age\" = \"users\".\"age\" + $1, \"name\" = $2 WHERE \"users\".\"id\" = $3"
    );
    let u = User.alias("u");
    assert_eq!(
        delete(u).filter(u.id.eq(1)).returning(u.name).to_sql().expect("accepted").text,
        r#"DELETE FROM "users" AS "u" WHERE "u"."id" = $1 RETURNING "u"."name""#
    );
    assert_eq!(delete(User).all_rows().to_sql().expect("accepted").text, r#"DELETE FROM "users""#);
}

#[tokio::test]
async fn inserts_of_one_an_array_and_a_vec_say_how_many() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = &fixture.engine;
    assert_eq!(engine.execute(insert(User).values(ann())).await.expect("one"), 1);
    assert_eq!(engine.execute(insert(User).values([ann(), bob()])).await.expect("two"), 2);
    assert_eq!(
        engine.execute(insert(User).values(vec![bob(); 1000]).values(ann())).await.expect("many"),
        1001
    );
    let sent = fixture.recorder.take();
    assert_eq!((sent.statements.len(), sent.round_trips), (3, 3));
    assert_eq!(engine.one(select(func::count_star()).select_from(User)).await.expect("a count"), 1004);
}

#[tokio::test]
async fn rows_with_and_without_defaults_go_in_together() {
    let fixture = Fixture::new(schema![Order]).await;
    let closed = NewOrder { state: Some("closed".to_owned()), ..NewOrder::default() };
    let unranked = NewOrder { rank: Some(None), ..NewOrder::default() };
    let rows = vec![closed, unranked, NewOrder::default()];
    let mut orders = fixture
        .engine
        .all(insert(Order).values(rows).returning((Order.state, Order.rank)))
        .await
        .expect("rows");
    orders.sort();
    let row = |state: &str, rank| (state.to_owned(), rank);
    assert_eq!(orders, [row("closed", Some(7)), row("open", None), row("open", Some(7))]);
}

#[tokio::test]
async fn rows_of_nothing_but_defaults_go_in() {
    let fixture = Fixture::new(schema![Order]).await;
    let rows = insert(Order).values(vec![NewOrder::default(); 3]);
    assert_eq!(fixture.engine.execute(rows).await.expect("inserted"), 3);
    assert_eq!(fixture.engine.all(select(Order.id).order_by(Order.id)).await.expect("ids"), [1, 2, 3]);
}

#[tokio::test]
async fn an_insert_gives_back_models_columns_and_tuples() {
    let fixture = Fixture::new(schema![User]).await;
    let user = fixture.engine.one(insert(User).values(ann()).returning(User)).await.expect("a row");
    assert_eq!(user, User { id: 1, name: "Ann".to_owned(), age: Some(30) });
    let id = fixture.engine.one(insert(User).values(bob()).returning(User.id)).await.expect("a row");
    assert_eq!(id, 2);
    let both = insert(User).values([ann(), bob()]).returning((User.id * 10, User.name, User.age.is_null()));
    let mut both = fixture.engine.all(both).await.expect("rows");
    both.sort();
    assert_eq!(both, [(30, "Ann".to_owned(), Some(false)), (40, "Bob".to_owned(), Some(true))]);
}

#[tokio::test]
async fn an_update_stores_values_and_expressions() {
    let fixture = people().await;
    let change =
        update(User).set(User.age, User.age + 1).set(User.name, "Anna").filter(User.age.is_not_null());
    let changed = fixture.engine.all(change.returning(User)).await.expect("rows");
    assert_eq!(changed, [User { id: 1, name: "Anna".to_owned(), age: Some(31) }]);
    let none = update(User).set(User.age, None).filter(User.age.gt(0));
    assert_eq!(fixture.engine.execute(none).await.expect("updated"), 1);
    assert_eq!(fixture.engine.execute(update(User).set(User.age, 5).all_rows()).await.expect("updated"), 2);
    assert_eq!(
        fixture.engine.execute(update(User).set(User.age, 6).filter(User.id.eq(9))).await.expect("none"),
        0
    );
}

#[tokio::test]
async fn an_enum_is_set_and_compared() {
    let fixture = Fixture::new(schema![Pet]).await;
    let pet = NewPet { name: "Rex".to_owned(), mood: Mood::Happy, wish: None };
    fixture.engine.execute(insert(Pet).values(pet)).await.expect("inserted");
    let change =
        update(Pet).set(Pet.mood, Mood::VerySad).set(Pet.wish, Pet.mood).filter(Pet.mood.eq(Mood::Happy));
    let changed = fixture.engine.one(change.returning((Pet.mood, Pet.wish))).await.expect("a row");
    assert_eq!(changed, (Mood::VerySad, Some(Mood::Happy)));
}

#[tokio::test]
async fn a_delete_gives_back_what_it_took() {
    let fixture = people().await;
    let gone =
        fixture.engine.all(delete(User).filter(User.age.is_null()).returning(User.name)).await.expect("rows");
    assert_eq!(gone, ["Bob"]);
    assert_eq!(fixture.engine.execute(delete(User).all_rows()).await.expect("deleted"), 1);
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_write_that_must_give_one_row_says_so() {
    let fixture = people().await;
    let none = update(User).set(User.age, 1).filter(User.id.eq(9)).returning(User);
    let error = fixture.engine.one(none).await.expect_err("no row");
    assert!(error.is_no_row() && error.to_string().contains("row of User"), "{error}");
}

#[tokio::test]
async fn a_committed_transaction_lasts() {
    let fixture = people().await;
    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    transaction.execute(insert(User).values(NewUser::new("Cid"))).await.expect("inserted");
    transaction.execute(delete(User).filter(User.name.eq("Ann"))).await.expect("deleted");
    assert_eq!(transaction.all(select(User.name).order_by(User.name)).await.expect("names"), ["Bob", "Cid"]);
    assert_eq!(names(&fixture).await, ["Ann", "Bob"]);
    transaction.commit().await.expect("committed");
    assert_eq!(names(&fixture).await, ["Bob", "Cid"]);
}

#[tokio::test]
async fn a_transaction_has_the_verbs_of_an_engine() {
    let fixture = people().await;
    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    let by_name = |name: &str| select(User.id).filter(User.name.eq(name));
    assert_eq!(transaction.one(by_name("Bob")).await.expect("a row"), 2);
    assert_eq!(transaction.one_or_none(by_name("Zoe")).await.expect("read"), None);
    assert_eq!(
        transaction.first(select(User.name).order_by(User.id)).await.expect("read").as_deref(),
        Some("Ann")
    );
    assert!(transaction.one(by_name("Zoe")).await.expect_err("no row").is_no_row());
    let mut stream = transaction.stream(select(User.id).order_by(User.id)).await.expect("a stream");
    assert_eq!(stream.next().await.expect("a row").expect("a row"), 1);
    drop(stream);
    transaction.rollback().await.expect("rolled back");
}

#[tokio::test]
async fn a_rolled_back_transaction_leaves_nothing() {
    let fixture = people().await;
    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    transaction.execute(delete(User).all_rows()).await.expect("deleted");
    transaction.rollback().await.expect("rolled back");
    assert_eq!(names(&fixture).await, ["Ann", "Bob"]);
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    let fixture = people().await;
    for _ in 0..8 {
        let mut transaction = fixture.engine.begin().await.expect("a transaction");
        transaction.execute(delete(User).all_rows()).await.expect("deleted");
        drop(transaction);
    }
    assert_eq!(names(&fixture).await, ["Ann", "Bob"]);
}

#[tokio::test]
async fn a_commit_after_an_error_says_what_the_first_error_was() {
    let fixture = people().await;
    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    transaction.execute(insert(User).values(NewUser::new("Cid"))).await.expect("inserted");
    let first =
        transaction.execute(insert(Post).values(NewPost::new(99, "x"))).await.expect_err("no such user");
    assert!(first.is_foreign_key_violation() && !first.is_rolled_back());
    let second = transaction.all(select(User)).await.expect_err("nothing works any more");
    assert!(second.is_foreign_key_violation(), "{second:?}");
    let error = transaction.commit().await.expect_err("nothing to commit");
    assert!(error.is_rolled_back(), "{error:?}");
    assert!(error.source().is_some_and(|cause| cause.to_string() == first.to_string()), "{error:?}");
    assert_eq!(names(&fixture).await, ["Ann", "Bob"]);
}

#[tokio::test]
async fn a_change_without_a_condition_is_not_sent() {
    let fixture = people().await;
    let mut session = fixture.session();
    assert!(fixture.engine.execute(delete(User)).await.unwrap_err().is_invalid_statement());
    assert!(fixture.engine.all(delete(User).returning(User)).await.unwrap_err().is_invalid_statement());
    assert!(session.execute(update(User).set(User.age, 1)).await.unwrap_err().is_invalid_statement());
    assert!(!session.in_transaction());
    assert_eq!(fixture.recorder.take(), Recorded::default());
    assert_eq!(fixture.engine.execute(delete(User).all_rows()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_mistake_found_before_sending_leaves_the_transaction_as_it_is() {
    let fixture = people().await;
    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    transaction.execute(insert(User).values(NewUser::new("Cid"))).await.expect("inserted");
    let twice = update(User).set(User.age, 1).set(User.age, 2).all_rows();
    let refused = transaction.execute(twice).await.expect_err("a column set twice");
    assert!(refused.is_invalid_statement());
    transaction.execute(update(User).set(User.name, "\0").all_rows()).await.expect_err("no zero bytes");
    transaction.commit().await.expect("committed");
    assert_eq!(names(&fixture).await, ["Ann", "Bob", "Cid"]);
}

#[tokio::test]
async fn what_writes_nothing_is_not_sent_and_touches_no_row() {
    let fixture = people().await;
    let engine = &fixture.engine;
    let unset = || update(User).filter(User.id.eq(1));
    let none = || insert(User).values(Vec::<NewUser>::new());
    let upsert = || none().on_conflict(User.id).do_update().set(User.name, "x");
    let unnamed = || insert(User).columns(User.name).values(Vec::<String>::new());
    assert_eq!(engine.execute(unset()).await.unwrap(), 0);
    assert_eq!(engine.execute(none()).await.unwrap(), 0);
    assert_eq!(engine.execute(upsert()).await.unwrap(), 0);
    assert_eq!(engine.execute(unnamed()).await.unwrap(), 0);
    assert_eq!(engine.all(unset().returning(User)).await.unwrap(), []);
    assert_eq!(engine.first(none().returning(User)).await.unwrap(), None);
    assert_eq!(engine.one_or_none(none().returning(User)).await.unwrap(), None);
    assert!(engine.one(unset().returning(User)).await.unwrap_err().is_no_row());
    assert!(engine.stream(none().returning(User)).await.unwrap().next().await.is_none());
    assert_eq!(engine.batch((unset(),)).await.unwrap(), (0,));
    let mut transaction = engine.begin().await.unwrap();
    assert_eq!(transaction.execute(unset()).await.unwrap(), 0);
    assert_eq!(transaction.all(none().returning(User.name)).await.unwrap(), [""; 0]);
    assert_eq!(transaction.batch((none(), unset())).await.unwrap(), (0, 0));
    assert_eq!(transaction.commit_with((none(), unset().returning(User))).await.unwrap(), (0, vec![]));
    let mut session = fixture.session();
    assert_eq!(session.execute(unset()).await.unwrap(), 0);
    assert_eq!(session.execute(none()).await.unwrap(), 0);
    assert!(session.all(unset().returning(User)).await.unwrap().is_empty());
    assert!(!session.in_transaction());
    assert_eq!(fixture.recorder.take(), Recorded::default());
}

#[tokio::test]
async fn what_writes_nothing_has_its_place_in_a_batch() {
    let fixture = people().await;
    let (unset, none) =
        (|| update(User).filter(User.id.eq(1)), || insert(User).values(Vec::<NewUser>::new()));
    let names = || select(User.name).order_by(User.id);
    let age = |age: i32| update(User).set(User.age, age).all_rows();
    let (first, read, last, changed) =
        fixture.engine.batch((unset(), names(), none(), age(5))).await.unwrap();
    assert_eq!((first, last, changed), (0, 0, 2));
    assert_eq!(read, ["Ann", "Bob"]);
    let refused = age(1).filter((User.age / 0).eq(1));
    let error = fixture.engine.batch((none(), age(6), unset(), refused)).await.unwrap_err();
    assert!(error.to_string().starts_with("statement 4 of the batch: "), "{error}");
    let transaction = fixture.engine.begin().await.unwrap();
    let (none, changed) = transaction.commit_with((none(), age(7))).await.unwrap();
    assert_eq!((none, changed), (0, 2));
}

#[tokio::test]
async fn a_deferred_constraint_fails_the_commit() {
    let fixture = people().await;
    fixture
        .database
        .execute("ALTER TABLE users ADD CONSTRAINT one_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED")
        .await;
    let mut transaction = fixture.engine.begin().await.expect("a transaction");
    transaction.execute(insert(User).values(ann())).await.expect("not checked yet");
    let error = transaction.commit().await.expect_err("two of one name");
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(names(&fixture).await, ["Ann", "Bob"]);
}

#[tokio::test]
async fn more_parameters_than_the_protocol_has_are_a_clear_error() {
    let fixture = Fixture::new(schema![Order]).await;
    let given = NewOrder { state: Some("x".to_owned()), rank: Some(None) };
    let mut rows = vec![given; 40_000];
    rows.push(NewOrder::default());
    // Rows that may be in conflict are not cut.
    let statement = insert(Order).values(rows).on_conflict_do_nothing();
    let error = fixture.engine.execute(statement).await.expect_err("80,000 parameters");
    assert!(error.is_invalid_statement() && error.to_string().contains("PostgreSQL takes 65535"), "{error}");
    assert!(error.statement().is_some_and(|sql| sql.len() > 500_000));
    assert!(format!("{error:?}").len() < 5_000, "a person reads this");
    fixture
        .engine
        .execute(insert(Order).values(NewOrder::default()))
        .await
        .expect("the connection is as good as before");
}
