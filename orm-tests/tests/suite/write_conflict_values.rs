//! ON CONFLICT DO UPDATE of all that the new row holds: the row that is there becomes the new one.

use orm_core::prelude::*;
use orm_tests::Fixture;

fn code() -> String {
    "made".into()
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "places")]
struct Place {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique)]
    name: String,
    rank: i32,
    note: Option<String>,
    #[orm(default = "1")]
    visits: i32,
    #[orm(client_default = code)]
    code: String,
    #[orm(version)]
    version: i32,
}

fn new(name: &str, rank: i32, note: Option<&str>) -> NewPlace {
    NewPlace { note: note.map(str::to_owned), ..NewPlace::new(name, rank) }
}

/// With one place called "a".
async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![Place]).await;
    let first = NewPlace { visits: Some(7), code: Some("first".into()), ..new("a", 1, Some("old")) };
    fixture.engine.execute(insert(Place).values(first)).await.unwrap();
    fixture.recorder.take();
    fixture
}

fn a(rank: i32, note: Option<&str>, visits: i32, version: i32) -> Place {
    let (name, code, note) = ("a".to_owned(), "first".to_owned(), note.map(str::to_owned));
    Place { id: 1, name, rank, note, visits, code, version }
}

#[tokio::test]
async fn the_row_becomes_the_new_one_but_for_its_key_and_what_the_new_one_leaves_to_defaults() {
    let fixture = fixture().await;
    let upsert = insert(Place).values(new("a", 2, None)).on_conflict(Place.name).do_update_all();
    let text = upsert.to_sql().unwrap().text;
    let set = text.split_once("DO UPDATE SET ").unwrap().1;
    assert_eq!(
        set, r#""version" = "places"."version" + $6, "rank" = excluded."rank", "note" = excluded."note""#,
        "{text}"
    );
    let stored: Place = fixture.engine.one(upsert.returning(Place)).await.unwrap();
    assert_eq!(stored, a(2, None, 7, 2));
    // One of many rows has a value for the column with a default.
    let rows = [new("b", 1, None), NewPlace { visits: Some(9), ..new("a", 3, Some("new")) }];
    let upsert = insert(Place).values(rows).on_conflict(Place.name).do_update_all();
    assert_eq!(fixture.engine.execute(upsert).await.unwrap(), 2);
    let stored = fixture.engine.one(select(Place).filter(Place.id.eq(1))).await.unwrap();
    assert_eq!(stored, a(3, Some("new"), 9, 3));
}

#[tokio::test]
async fn what_is_set_stands_in_place_of_what_the_new_row_holds_and_conditions_beside() {
    let fixture = fixture().await;
    let upsert = || insert(Place).values(new("a", 1, Some("old"))).on_conflict(Place.name).do_update_all();
    assert_eq!(fixture.engine.execute(upsert().if_distinct()).await.unwrap(), 0, "all is there already");
    assert_eq!(fixture.engine.execute(upsert().filter(Place.rank.gt(5))).await.unwrap(), 0);
    let upsert = insert(Place).values(new("a", 3, None)).on_conflict(Place.name).do_update_all();
    let upsert = upsert.set(Place.rank, excluded(Place.rank) + 1).set(Place.note, Place.note);
    let text = upsert.to_sql().unwrap().text;
    let set = text.split_once("DO UPDATE SET ").unwrap().1;
    assert_eq!(
        set,
        r#""version" = "places"."version" + $6, "rank" = excluded."rank" + $7, "note" = "places"."note""#,
        "{text}"
    );
    fixture.engine.execute(upsert).await.unwrap();
    let stored = fixture.engine.one(select(Place)).await.unwrap();
    assert_eq!(stored, a(4, Some("old"), 7, 2));
    let named = insert(Place).columns((Place.name, Place.rank, Place.code, Place.version));
    let named =
        named.values([("a".to_owned(), 5, "x".to_owned(), 1)]).on_conflict(Place.name).do_update_all();
    fixture.engine.execute(named).await.unwrap();
    let of_select = select((Place.name, Place.rank + 1, Place.code));
    let of_select = insert(Place).from_select((Place.name, Place.rank, Place.code), of_select);
    let of_select = of_select.set(Place.visits, 8);
    fixture.engine.execute(of_select.on_conflict(Place.name).do_update_all()).await.unwrap();
    let stored = fixture.engine.one(select(Place)).await.unwrap();
    assert_eq!(stored, Place { code: "x".into(), ..a(6, Some("old"), 8, 4) });
}

#[tokio::test]
async fn a_session_knows_what_it_set() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let place = session.find::<Place>(1).await.unwrap().unwrap();
    let upsert = insert(Place).values(new("a", 2, None)).on_conflict(Place.name).do_update_all();
    session.execute(upsert).await.unwrap();
    session.find::<Place>(1).await.unwrap();
    assert_eq!(session[place], a(2, None, 7, 2));
}
