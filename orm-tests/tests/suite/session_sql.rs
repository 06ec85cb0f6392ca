//! SQL of the models beside that of a flush: a name in it means a column of its own table.

use orm_core::prelude::*;
use orm_tests::Fixture;

/// Its columns have the names that a flush might use itself.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "people")]
struct Person {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = "0", on_update = "o + 1")]
    o: i32,
    #[orm(default = "0", on_update = "people.c0 + o")]
    c0: i32,
    #[orm(column = "orm:number", default = "0", on_update = "\"orm:number\" + T + V")]
    number: i32,
    #[orm(column = "orm:c0", default = "''", on_update = "u || people.w")]
    cell: String,
    #[orm(default = "1")]
    t: i32,
    #[orm(default = "1")]
    v: i32,
    #[orm(default = "'u'")]
    u: String,
    #[orm(default = "'w'")]
    w: String,
    #[orm(default = "0", on_update = "(SELECT max(n) FROM v) + (SELECT max(n) FROM \"orm:sent\")")]
    most: i32,
    name: String,
}

/// A table whose name is that of a part of a statement, as is that of the next.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "v")]
struct Small {
    #[orm(primary_key)]
    n: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "orm:sent")]
struct Large {
    #[orm(primary_key)]
    n: i32,
}

async fn people() -> (Fixture, Session, Vec<Handle<Person>>) {
    let fixture = Fixture::new(schema![Person, Small, Large]).await;
    fixture
        .database
        .execute("INSERT INTO v VALUES (2), (3); INSERT INTO \"orm:sent\" VALUES (10), (20)")
        .await;
    let mut session = fixture.session();
    let people = session.add_all([1, 2, 3].map(|id| NewPerson::new(id, "new")));
    session.commit().await.expect("committed");
    (fixture, session, people)
}

/// What became of a person, after so many changes.
#[track_caller]
fn assert_changed(person: &Person, times: i32, name: &str) {
    // Each expression sees the row as it was.
    let sum_before = (0..times).sum();
    let expected = Person {
        id: person.id,
        o: times,
        c0: sum_before,
        number: 2 * times,
        cell: "uw".to_owned(),
        t: 1,
        v: 1,
        u: "u".to_owned(),
        w: "w".to_owned(),
        most: 23,
        name: name.to_owned(),
    };
    assert_eq!(person, &expected);
}

#[tokio::test]
async fn a_flush_of_one_row_or_of_many_sees_the_columns_of_the_table() {
    let (fixture, mut session, people) = people().await;
    for (times, changed) in [(1, &people[..]), (2, &people[..1]), (3, &people[..1])] {
        for &person in changed {
            session[person].name = times.to_string();
        }
        match times {
            3 => session.flush().await.expect("flushed"),
            _ => session.commit().await.expect("committed"),
        }
        for &person in changed {
            assert_changed(&session[person], times, &times.to_string());
        }
    }
    session.commit().await.expect("committed");
    let stored = fixture.engine.one(select(Person).filter(Person.id.eq(1))).await.expect("a row");
    assert_eq!(stored, session[people[0]]);
    for person in people {
        session.delete(person).expect("marked");
    }
    session.commit().await.expect("committed");
}

#[tokio::test]
async fn an_update_sees_the_columns_of_its_table_under_whatever_name() {
    let (fixture, mut session, people) = people().await;
    let engine = &fixture.engine;
    engine.execute(update(Person).set(Person.name, "a").all_rows()).await.expect("updated");
    let p = Person.alias("p");
    engine.execute(update(p).set(Person.name, "b").filter(p.id.le(2))).await.expect("updated");
    let rows = engine.all(select(Person).order_by(Person.id)).await.expect("rows");
    for (person, times) in rows.iter().zip([2, 2, 1]) {
        assert_changed(person, times, if times == 2 { "b" } else { "a" });
    }
    // In a session an UPDATE of keys is joined to what the keys were.
    session
        .execute(update(Person).set(Person.id, Person.id + 10).set(Person.name, "c").all_rows())
        .await
        .expect("updated");
    session.commit().await.expect("committed");
    for (person, times) in people.into_iter().zip([3, 3, 2]) {
        assert_changed(&session[person], times, "c");
    }
}

#[tokio::test]
async fn a_row_in_conflict_sees_its_own_columns() {
    let (fixture, _, _) = people().await;
    let again = insert(Person).values(NewPerson::new(1, "again")).on_conflict(Person.id);
    let again = again.do_update().set(Person.name, excluded(Person.name)).returning(Person);
    let person = fixture.engine.one(again).await.expect("a row");
    assert_changed(&person, 1, "again");
}
