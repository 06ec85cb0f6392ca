//! Update statements that change keys cost the rows they touch, however many objects the session has.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
struct City {
    #[orm(primary_key)]
    code: String,
    #[orm(unique)]
    post_code: i32,
    people: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Street {
    #[orm(primary_key, references = City.code, relation = city, on_update = cascade, on_delete = cascade)]
    city_code: String,
    #[orm(primary_key)]
    number: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(city_code, street = Street, on_update = cascade, on_delete = cascade))]
struct House {
    #[orm(primary_key)]
    city_code: String,
    #[orm(primary_key)]
    street: i32,
    #[orm(primary_key)]
    number: i32,
    #[orm(references = City.code, relation = view, on_update = set_null)]
    view_of: Option<String>,
}

/// A letter goes to a post code, which is no key of a city's own.
#[derive(Model, Clone, Debug, PartialEq)]
struct Letter {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = City.post_code, relation = city, on_update = cascade)]
    post_code: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Node {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Node.code, relation = up, on_update = cascade)]
    parent: Option<String>,
}

struct Land {
    fixture: Fixture,
    session: Session,
    cities: Vec<Handle<City>>,
    streets: Vec<Handle<Street>>,
    houses: Vec<Handle<House>>,
    letters: Vec<Handle<Letter>>,
}

/// A hundred cities, c100 to c199, each with a street, a house and a letter; the catalogue is known.
async fn land() -> Land {
    let fixture = Fixture::new(schema![City, Street, House, Letter]).await;
    fixture
        .database
        .execute(
            "INSERT INTO cities SELECT 'c' || n, n, 0 FROM generate_series(100, 199) AS n; \
             INSERT INTO streets SELECT code, 1 FROM cities; \
             INSERT INTO houses SELECT code, 1, 7, code FROM cities; \
             INSERT INTO letters (post_code) SELECT post_code FROM cities ORDER BY 1",
        )
        .await;
    let mut session = fixture.session();
    let cities = session.all(select(City).order_by(City.code)).await.unwrap();
    let streets = session.all(select(Street).order_by(Street.city_code)).await.unwrap();
    let houses = session.all(select(House).order_by(House.city_code)).await.unwrap();
    let letters = session.all(select(Letter).order_by(Letter.id)).await.unwrap();
    session.execute(update(City).set(City.people, 1).all_rows()).await.unwrap();
    session.commit().await.unwrap();
    fixture.recorder.take();
    Land { fixture, session, cities, streets, houses, letters }
}

#[tokio::test]
async fn a_key_that_changes_takes_its_rows_along_and_no_other_row_is_read() {
    let Land { fixture, mut session, cities, streets, houses, .. } = land().await;
    for synchronize in [Synchronize::Auto, Synchronize::Fetch] {
        let longer = update(City).set(City.code, func::concat((City.code, "!"))).all_rows();
        let longer = longer.filter(City.code.starts_with("c107")).synchronize(synchronize);
        assert_eq!(session.execute(longer).await.unwrap(), 1);
        let recorded = fixture.recorder.take();
        assert!(recorded.round_trips == 2 && recorded.rows < 10, "{recorded:?}");
    }
    let key = "c107!!".to_owned();
    assert_eq!((&*session[cities[7]].code, &*session[cities[8]].code), (&*key, "c108"));
    assert_eq!((&*session[streets[7]].city_code, &*session[streets[8]].city_code), (&*key, "c108"));
    assert_eq!((&*session[houses[7]].city_code, session[houses[7]].view_of.as_deref()), (&*key, None));
    assert_eq!(session[houses[8]].view_of.as_deref(), Some("c108"));
    assert_eq!(session.find::<City>(key.clone()).await.unwrap(), Some(cities[7]));
    assert_eq!(session.find::<House>((key, 1, 7)).await.unwrap(), Some(houses[7]));
    session.rollback().await.unwrap();
    assert_eq!((&*session[cities[7]].code, &*session[houses[7]].city_code), ("c107", "c107"));
    assert_eq!(session.find::<Street>(("c107".to_owned(), 1)).await.unwrap(), Some(streets[7]));
}

#[tokio::test]
async fn a_referenced_column_that_is_no_key_takes_its_rows_along_too() {
    let Land { fixture, mut session, cities, letters, .. } = land().await;
    let statement = update(City).set(City.post_code, City.post_code + 1_000).filter(City.post_code.lt(103));
    let returned = session.all(statement.returning((City, City.post_code))).await.unwrap();
    assert_eq!(returned.len(), 3);
    assert!(returned.contains(&(cities[0], 1_100)), "{returned:?}");
    let recorded = fixture.recorder.take();
    assert!(recorded.round_trips == 2 && recorded.rows < 15, "{recorded:?}");
    let codes: Vec<_> = session.values(&letters[..4]).map(|letter| letter.post_code).collect();
    assert_eq!(codes, [Some(1_100), Some(1_101), Some(1_102), Some(103)]);
    assert_eq!(session[cities[2]].post_code, 1_102);
}

#[tokio::test]
async fn many_keys_change_places() {
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
    for people in 2..4 {
        // The first shows that there are fewer triggers than were known.
        alone.execute(update(City).set(City.people, people).filter(City.code.eq("c100"))).await.unwrap();
    }
    fixture.recorder.take();
    let next = case().when(City.code.eq("c110"), "c111").when(City.code.eq("c111"), "c112").otherwise("c110");
    let statement = update(City).set(City.code, next).filter(City.code.between("c110", "c112"));
    assert_eq!(alone.execute(statement).await.unwrap(), 3);
    let recorded = fixture.recorder.take();
    assert!(recorded.round_trips == 1 && recorded.rows < 10, "{recorded:?}");
    for (handle, code) in read[10..13].iter().zip(["c111", "c112", "c110"]) {
        assert_eq!(alone[*handle].code, code);
        assert_eq!(alone.find::<City>(code.to_owned()).await.unwrap(), Some(*handle));
    }
    session.expunge(cities[0]).unwrap();
}

#[tokio::test]
async fn rows_that_are_changed_and_taken_along_at_once_hold_both() {
    let fixture = Fixture::new(schema![Node]).await;
    fixture
        .database
        .execute(
            "INSERT INTO nodes SELECT 'n' || n, CASE WHEN n > 100 THEN 'n' || n - 1 END \
             FROM generate_series(100, 139) AS n",
        )
        .await;
    let mut session = fixture.session();
    let nodes = session.all(select(Node).order_by(Node.code)).await.unwrap();
    let longer = update(Node).set(Node.code, func::concat((Node.code, "!"))).all_rows();
    session.execute(longer.clone().filter(Node.code.le("n120"))).await.unwrap();
    session.execute(longer.filter(Node.code.eq("n130"))).await.unwrap();
    let name = |n: usize| if n <= 20 || n == 30 { format!("n1{n:02}!") } else { format!("n1{n:02}") };
    for (n, node) in nodes.iter().enumerate() {
        let parent = n.checked_sub(1).map(name);
        assert_eq!(session[*node], Node { code: name(n), parent });
        assert_eq!(session.find::<Node>(name(n)).await.unwrap(), Some(*node));
    }
}

#[tokio::test]
async fn a_trigger_made_later_is_seen_beside_keys_that_change() {
    let Land { fixture, mut session, cities, houses, .. } = land().await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION grow() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN UPDATE cities SET people = people + 1 WHERE code = 'c150'; RETURN NULL; END $$;
             CREATE TRIGGER grow AFTER UPDATE OF code ON cities FOR EACH ROW EXECUTE FUNCTION grow()",
        )
        .await;
    for round in 1..3 {
        let longer = update(City).set(City.code, func::concat((City.code, "!"))).all_rows();
        session.execute(longer.filter(City.code.starts_with("c107"))).await.unwrap();
        assert_eq!((session[cities[50]].people, session.contains(cities[7])), (1 + round, true));
    }
    assert_eq!((&*session[cities[7]].code, &*session[houses[7]].city_code), ("c107!!", "c107!!"));
}
