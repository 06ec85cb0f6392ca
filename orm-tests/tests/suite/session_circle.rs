//! New rows that refer to each other in a circle.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
struct Ship {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Captain.id, relation = captain)]
    captain_id: i64,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Captain {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Ship.id, relation = ship)]
    ship_id: i64,
    name: Option<String>,
}

#[tokio::test]
async fn mutual_keys_that_are_never_null_are_satisfied_by_one_statement() {
    let fixture = Fixture::new(schema![Ship, Captain]).await;
    let mut session = fixture.session();
    let mut pairs = Vec::new();
    for n in 0..3 {
        // The handle comes first: a row may be changed until the flush.
        let ship = session.add(NewShip::new(0, format!("ship {n}")));
        let captain =
            session.add(NewCaptain { name: (n > 0).then(|| "Ann".into()), ..NewCaptain::new(ship) });
        session.pending_mut(ship).unwrap().captain_id = captain.into();
        pairs.push((ship, captain));
    }
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.round_trips, 2, "{recorded:#?}");
    for (n, (ship, captain)) in pairs.into_iter().enumerate() {
        assert_eq!(session[ship].captain_id, session[captain].id);
        assert_eq!(session[captain].ship_id, session[ship].id);
        assert_eq!(session[ship].name, format!("ship {n}"));
        let stored = fixture.engine.one(select(Ship).filter(Ship.id.eq(session[ship].id))).await.unwrap();
        assert_eq!(stored, session[ship]);
    }
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Dancer {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Dancer.id, relation = partner)]
    partner_id: i64,
    name: Option<String>,
}

#[tokio::test]
async fn rows_of_one_table_may_refer_to_each_other_or_to_themselves() {
    let fixture = Fixture::new(schema![Dancer]).await;
    let mut session = fixture.session();
    let ann = session.add(NewDancer::new(0));
    let ben = session.add(NewDancer::new(ann));
    session.pending_mut(ann).unwrap().partner_id = ben.into();
    let alone = session.add(NewDancer { name: Some("Eve".into()), ..NewDancer::new(0) });
    session.pending_mut(alone).unwrap().partner_id = alone.into();
    session.commit().await.unwrap();
    assert_eq!((session[ann].partner_id, session[ben].partner_id), (session[ben].id, session[ann].id));
    assert_eq!(session[alone].partner_id, session[alone].id);
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Gear {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique, computed = "'gear ' || size")]
    code: String,
    size: i32,
    #[orm(references = Gear.code, relation = next)]
    next_code: Option<String>,
}

#[tokio::test]
async fn a_circle_by_values_that_only_the_row_has_is_told_before_it_is_sent() {
    let fixture = Fixture::new(schema![Gear]).await;
    let mut session = fixture.session();
    let first = session.add(NewGear::new(1));
    let second = session.add(NewGear { next_code: Some(first.into()), ..NewGear::new(2) });
    session.pending_mut(first).unwrap().next_code = Some(second.into());
    let error = session.commit().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "new rows refer to each other in a circle, one of `Gear` among them, by keys that are not known before the rows \
         are there: add one with NULL, flush, then set its reference"
    );
    assert!(fixture.recorder.take().statements.iter().all(|sql| !sql.contains("INSERT")));
    session.rollback().await.unwrap();
    let first = session.add(NewGear::new(1));
    session.add(NewGear { next_code: Some(first.into()), ..NewGear::new(2) });
    session.commit().await.unwrap();
}

#[tokio::test]
async fn rows_that_pointed_at_each_other_are_deleted_when_one_way_was_ended_in_a_flush_before() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "cocks")]
    struct Cock {
        #[orm(primary_key)]
        id: i64,
        #[orm(references = Chick.id, relation = chick)]
        chick_id: Option<i64>,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "chicks")]
    struct Chick {
        #[orm(primary_key)]
        id: i64,
        #[orm(references = Cock.id, relation = cock)]
        cock_id: i64,
    }
    let fixture = Fixture::new(schema![Cock, Chick]).await;
    for of_all in [true, false] {
        let mut session = fixture.session();
        let cocks: Vec<_> = (0..3).map(|id| session.add(NewCock::new(id))).collect();
        let chicks: Vec<_> = (0..3).map(|id| session.add(NewChick::new(id, id))).collect();
        session.flush().await.unwrap();
        for (id, &cock) in (0..).zip(&cocks) {
            session[cock].chick_id = Some(id);
        }
        session.commit().await.unwrap();
        for &cock in cocks.iter().filter(|cock| of_all || **cock != cocks[1]) {
            session[cock].chick_id = None;
        }
        session.flush().await.unwrap();
        cocks.iter().for_each(|cock| session.delete(*cock).unwrap());
        chicks.iter().for_each(|chick| session.delete(*chick).unwrap());
        session.commit().await.unwrap();
        assert_eq!(fixture.engine.count(select(Cock)).await.unwrap(), 0);
        assert_eq!(fixture.engine.count(select(Chick)).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_row_takes_the_key_that_others_point_at_in_the_statement_that_gives_it_up() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "nodes")]
    struct Node {
        #[orm(primary_key)]
        code: String,
        #[orm(references = Node.code, on_update = cascade)]
        root: String,
    }
    let fixture = Fixture::new(schema![Node]).await;
    let rows = "('a', 'c'), ('b', 'b'), ('c', 'c'), ('e', 'f'), ('f', 'e')";
    fixture.database.execute(&format!("INSERT INTO nodes (code, root) VALUES {rows}")).await;
    let mut session = fixture.session();
    let nodes = session.all(select(Node).order_by(Node.code)).await.unwrap();
    let [a, b, c, e, f] = nodes[..] else { unreachable!() };
    // Each waits for the next: `a` refers to the new `b`, which takes the key of `b`, which takes that of `f`, at which `e`
    // points until it takes the key of `c`, at which `a` points.
    session[a].root = "b".into();
    session.delete(c).unwrap();
    session[b].code = "f".into();
    session.add(NewNode::new("b", a));
    session.delete(f).unwrap();
    session[e].code = "c".into();
    session[e].root = "c".into();
    session.commit().await.unwrap();
    let rows: Vec<(String, String)> =
        fixture.engine.all(select((Node.code, Node.root)).order_by(Node.code)).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(code, root)| (&**code, &**root)).collect();
    assert_eq!(rows, [("a", "b"), ("b", "a"), ("c", "c"), ("f", "f")]);
    assert_eq!((&*session[b].code, &*session[b].root), ("f", "f"));
}

#[derive(Model, Clone, Debug)]
#[orm(table = "teachers")]
struct Teacher {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Pupil.code, on_delete = cascade, on_update = cascade)]
    pupil: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "pupils")]
struct Pupil {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Teacher.code, on_delete = cascade, on_update = cascade)]
    teacher: String,
}

#[tokio::test]
async fn a_new_row_refers_to_one_that_gets_another_key_behind_it_and_follows() {
    let fixture = Fixture::new(schema![Teacher, Pupil]).await;
    let rows = "t AS (INSERT INTO teachers VALUES ('f', 'e'), ('a', 'b')) INSERT INTO pupils VALUES ('e', 'a'), ('b', 'f')";
    fixture.database.execute(&format!("WITH {rows}")).await;
    let mut session = fixture.session();
    let [a, f] = session.all(select(Teacher).order_by(Teacher.code)).await.unwrap()[..] else {
        unreachable!()
    };
    let [_, e] = session.all(select(Pupil).order_by(Pupil.code)).await.unwrap()[..] else { unreachable!() };
    // The new `a` takes the row of the old one, before the deletion of `f` takes `b` along, whose key `e` gets: so it
    // refers to `e` by the key that this has until then.
    session.delete(f).unwrap();
    session.delete(a).unwrap();
    session[e].code = "b".into();
    let new = session.add(NewTeacher::new("a", e));
    session.commit().await.unwrap();
    assert_eq!((&*session[new].pupil, &*session[e].teacher), ("b", "a"));
    let teachers: Vec<(String, String)> =
        fixture.engine.all(select((Teacher.code, Teacher.pupil))).await.unwrap();
    let pupils: Vec<(String, String)> =
        fixture.engine.all(select((Pupil.code, Pupil.teacher))).await.unwrap();
    assert_eq!(teachers, [("a".to_owned(), "b".to_owned())]);
    assert_eq!(pupils, [("b".to_owned(), "a".to_owned())]);
}

#[tokio::test]
async fn a_new_row_takes_the_key_of_one_that_is_not_loaded_and_that_a_circle_of_references_takes_along() {
    let fixture = Fixture::new(schema![Teacher, Pupil]).await;
    let teachers = "t AS (INSERT INTO teachers VALUES ('e', 'e'), ('f', 'a'), ('d', 'e'))";
    let pupils = "INSERT INTO pupils VALUES ('b', 'e'), ('a', 'f'), ('e', 'f')";
    fixture.database.execute(&format!("WITH {teachers} {pupils}")).await;
    let mut session = fixture.session();
    let d = session.find::<Teacher>("d").await.unwrap().unwrap();
    let b = session.find::<Pupil>("b").await.unwrap().unwrap();
    let f = session.find::<Teacher>("f").await.unwrap().unwrap();
    let e = session.find::<Pupil>("e").await.unwrap().unwrap();
    session.find::<Teacher>("e").await.unwrap().unwrap();
    // The pupil `a`, which is not loaded, goes with its teacher.
    let new = session.add(NewPupil::new("a", d));
    session.delete(e).unwrap();
    session.delete(f).unwrap();
    session[d].pupil = "b".into();
    session[b].teacher = "d".into();
    session.commit().await.unwrap();
    assert_eq!((&*session[new].teacher, &*session[d].pupil, &*session[b].teacher), ("d", "b", "d"));
    let pupils: Vec<String> = fixture.engine.all(select(Pupil.code).order_by(Pupil.code)).await.unwrap();
    let teachers: Vec<String> = fixture.engine.all(select(Teacher.code)).await.unwrap();
    assert_eq!((pupils, teachers), (vec!["a".to_owned(), "b".to_owned()], vec!["d".to_owned()]));
}
