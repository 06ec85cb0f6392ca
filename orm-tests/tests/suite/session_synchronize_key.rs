//! Update statements that change keys: the session's objects keep to their rows.

use std::time::Duration;

use orm_core::prelude::*;
use orm_core::query::Update;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
struct City {
    #[orm(primary_key)]
    code: String,
    people: i32,
}

/// A part of a key is a foreign key.
#[derive(Model, Clone, Debug, PartialEq)]
struct Street {
    #[orm(primary_key, references = City.code, relation = city, on_update = cascade, on_delete = cascade)]
    city_code: String,
    #[orm(primary_key)]
    number: i32,
    name: String,
}

/// The key follows over another table.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(city_code, street = Street, on_update = cascade, on_delete = cascade))]
struct House {
    #[orm(primary_key)]
    city_code: String,
    #[orm(primary_key)]
    street: i32,
    #[orm(primary_key)]
    number: i32,
    #[orm(references = City.code, relation = view, on_update = cascade)]
    view_of: Option<String>,
}

struct Land {
    fixture: Fixture,
    session: Session,
    cities: Vec<Handle<City>>,
    streets: Vec<Handle<Street>>,
    houses: Vec<Handle<House>>,
}

/// The cities a, b and c, each with a street and a house.
async fn land() -> Land {
    let fixture = Fixture::new(schema![City, Street, House]).await;
    let mut session = fixture.session();
    let cities = session.add_all(["a", "b", "c"].map(|code| NewCity::new(code, 1)));
    let streets = session.add_all(["a", "b", "c"].map(|code| NewStreet::new(code, 1, "Main")));
    let houses = session.add_all(
        ["a", "b", "c"].map(|code| NewHouse { view_of: Some("a".into()), ..NewHouse::new(code, 1, 7) }),
    );
    session.commit().await.unwrap();
    fixture.recorder.take();
    Land { fixture, session, cities, streets, houses }
}

fn loud() -> Update<City> {
    update(City)
        .set(City.code, func::concat((City.code, City.code)))
        .set(City.people, City.people + 1)
        .all_rows()
}

#[tokio::test]
async fn objects_follow_the_keys_a_statement_gives_them() {
    for synchronize in [Synchronize::Auto, Synchronize::Fetch] {
        let Land { fixture, mut session, cities, .. } = land().await;
        let statement = loud().filter(City.code.eq("a") | City.code.eq("b")).synchronize(synchronize);
        assert_eq!(session.execute(statement).await.unwrap(), 2);
        let recorded = fixture.recorder.take();
        assert_eq!(recorded.round_trips, 1, "{recorded:?}");
        let codes = session.values(&cities).map(|city| (&*city.code, city.people)).collect::<Vec<_>>();
        assert_eq!(codes, [("aa", 2), ("bb", 2), ("c", 1)]);
        assert!(!session.is_dirty());
        assert_eq!(session.find::<City>("aa".to_owned()).await.unwrap(), Some(cities[0]));
        session[cities[0]].people = 9;
        session.flush().await.unwrap();
        assert_eq!(session.one(select(City.people).filter(City.code.eq("aa"))).await.unwrap(), 9);
        session.rollback().await.unwrap();
        assert_eq!((&*session[cities[0]].code, session[cities[0]].people), ("a", 1));
        assert_eq!(session.find::<City>("a".to_owned()).await.unwrap(), Some(cities[0]));
    }
}

#[tokio::test]
async fn keys_that_follow_by_cascade_are_found_over_several_tables() {
    let Land { fixture, mut session, streets, houses, .. } = land().await;
    session.execute(loud().filter(City.code.ne("c"))).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    let codes = session.values(&streets).map(|street| &*street.city_code).collect::<Vec<_>>();
    assert_eq!(codes, ["aa", "bb", "c"]);
    let codes = session.values(&houses).map(|house| (&*house.city_code, house.view_of.as_deref()));
    assert_eq!(codes.collect::<Vec<_>>(), [("aa", Some("aa")), ("bb", Some("aa")), ("c", Some("aa"))]);
    let found = session.find::<House>(("bb".to_owned(), 1, 7)).await.unwrap();
    assert_eq!(found, Some(houses[1]));
}

#[tokio::test]
async fn keys_that_follow_are_found_where_the_session_has_no_object_of_the_changed_row() {
    let Land { fixture, .. } = land().await;
    let mut session = fixture.session();
    let houses = session.all(select(House).order_by(House.city_code)).await.unwrap();
    fixture.recorder.take();
    session.execute(loud().filter(City.code.eq("b"))).await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    let codes = session.values(&houses).map(|house| &*house.city_code).collect::<Vec<_>>();
    assert_eq!(codes, ["a", "bb", "c"]);
    // A part of a key that is not the foreign key of the first table.
    session.execute(update(Street).set(Street.number, Street.number + 4).all_rows()).await.unwrap();
    assert_eq!(session.values(&houses).map(|house| house.street).collect::<Vec<_>>(), [5, 5, 5]);
}

#[tokio::test]
async fn keys_may_change_places() {
    let Land { fixture, mut session, cities, .. } = land().await;
    fixture
        .database
        .execute(
            "DROP TABLE houses, streets; ALTER TABLE cities DROP CONSTRAINT cities_pkey; \
             ALTER TABLE cities ADD PRIMARY KEY (code) DEFERRABLE",
        )
        .await;
    let mut alone = fixture.session();
    let read = alone.all(select(City).order_by(City.code)).await.unwrap();
    let next = case().when(City.code.eq("a"), "b").when(City.code.eq("b"), "c").otherwise("a");
    alone.execute(update(City).set(City.code, next).all_rows()).await.unwrap();
    let codes = alone.values(&read).map(|city| &*city.code).collect::<Vec<_>>();
    assert_eq!(codes, ["b", "c", "a"]);
    for (handle, code) in read.iter().zip(["b", "c", "a"]) {
        assert_eq!(alone.find::<City>(code.to_owned()).await.unwrap(), Some(*handle));
    }
    session.expunge(cities[0]).unwrap();
}

#[tokio::test]
async fn a_key_may_become_that_of_a_row_that_somebody_else_deleted() {
    let Land { fixture, mut session, cities, .. } = land().await;
    fixture.engine.execute(delete(City).filter(City.code.eq("c"))).await.unwrap();
    session.execute(update(City).set(City.code, "c").filter(City.code.eq("a"))).await.unwrap();
    assert!(session.contains(cities[0]) && !session.contains(cities[2]));
    assert_eq!(session[cities[0]].code, "c");
    assert_eq!(session.find::<City>("c".to_owned()).await.unwrap(), Some(cities[0]));
}

#[tokio::test]
async fn rows_come_back_from_a_statement_that_changes_keys() {
    let Land { mut session, cities, fixture, .. } = land().await;
    let city = City.alias("town");
    let statement = update(city).set(city.code, "z").filter(city.code.eq("a"));
    let returned = session.one(statement.returning((city.code, city, city.people + 1))).await.unwrap();
    assert_eq!(returned, ("z".to_owned(), cities[0], 2));
    let statement = update(City).set(City.code, "y").filter(City.code.eq("nothing")).returning(City.code);
    assert_eq!(session.all(statement).await.unwrap(), Vec::<String>::new());
    let statement = update(City).set(City.code, "y").filter(City.code.eq("nothing"));
    assert_eq!(session.execute(statement).await.unwrap(), 0);
    session.rollback().await.unwrap();
    fixture.recorder.take();
    let mut nothing_tracked = fixture.session();
    nothing_tracked.execute(update(City).set(City.code, "x").filter(City.code.eq("b"))).await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 2, "BEGIN and the plain UPDATE");
}

#[tokio::test]
async fn a_key_that_another_transaction_changes_meanwhile_is_changed_all_the_same() {
    let Land { fixture, mut session, cities, .. } = land().await;
    let mut other = fixture.engine.begin().await.unwrap();
    other.execute(update(City).set(City.code, "q").filter(City.code.eq("a"))).await.unwrap();
    let commit = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        other.commit().await.unwrap();
    };
    let (changed, ()) = tokio::join!(session.execute(loud()), commit);
    assert_eq!(changed.unwrap(), 3, "as without the session's objects");
    assert!(!session.contains(cities[0]), "nothing says which row became which");
    assert_eq!(session[cities[1]].code, "bb");
    let found = session.all(select(City.code).order_by(City.code)).await.unwrap();
    assert_eq!(found, ["bb", "cc", "qq"]);
}

#[tokio::test]
async fn without_autoflush_a_key_that_is_not_flushed_stays() {
    let Land { fixture, .. } = land().await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let cities = session.all(select(City).order_by(City.code)).await.unwrap();
    session[cities[0]].code = "own".into();
    session[cities[1]].code = "other".into();
    fixture
        .database
        .execute("DELETE FROM houses WHERE city_code = 'b'; DELETE FROM streets WHERE city_code = 'b'")
        .await;
    session.execute(loud().filter(City.code.eq("a"))).await.unwrap();
    session.execute(delete(City).filter(City.code.eq("b"))).await.unwrap();
    assert!(session.is_deleted(cities[1]));
    assert_eq!((&*session[cities[0]].code, session[cities[0]].people), ("own", 2));
    assert_eq!(session.find::<City>("aa".to_owned()).await.unwrap(), Some(cities[0]));
    assert_eq!(session.find::<City>("b".to_owned()).await.unwrap(), None);
    session.flush().await.unwrap();
    let found = session.all(select(City.code).order_by(City.code)).await.unwrap();
    assert_eq!(found, ["c", "own"]);
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Member {
    #[orm(primary_key)]
    number: i64,
    #[orm(unique)]
    email: String,
    visits: i32,
}

#[tokio::test]
async fn an_insert_that_changes_the_keys_of_rows_in_conflict_keeps_their_objects() {
    for count in [2_i64, 40] {
        let fixture = Fixture::new(schema![Member]).await;
        let mut session = fixture.session();
        let new = |number: i64, email: i64| NewMember::new(number, format!("m{email}@x"), 1);
        let members = session.add_all((1..=count).map(|number| new(number, number)));
        session.commit().await.unwrap();
        let rows = [new(101, 1), new(102, 102)];
        let upsert = insert(Member).values(rows).on_conflict(Member.email).do_update();
        let upsert = upsert.set(Member.number, excluded(Member.number)).set(Member.visits, Member.visits + 1);
        let mut returned = session.all(upsert.returning(Member)).await.unwrap();
        returned.sort_by_key(|member| session[*member].number);
        assert_eq!(returned[0], members[0]);
        let Member { number, visits, .. } = session[members[0]];
        assert_eq!((number, visits, session.contains(members[1])), (101, 2, true));
        assert_eq!(session.find::<Member>(101).await.unwrap(), Some(members[0]));
        session.rollback().await.unwrap();
        assert_eq!(session[members[0]].number, 1);
    }
}
