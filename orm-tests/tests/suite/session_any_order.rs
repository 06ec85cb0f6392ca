//! Flushes whose order rests on what only the server knows: where it refuses one, others are tried.

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::Fixture;

/// No two gears may have as many teeth, which the database computes.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "gears")]
struct Gear {
    #[orm(primary_key)]
    id: i32,
    size: i32,
    #[orm(unique, computed = "size % 10")]
    teeth: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "owners")]
struct Owner {
    #[orm(primary_key)]
    id: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "passports")]
struct Passport {
    #[orm(primary_key)]
    number: String,
    #[orm(references = Owner.id, on_delete = cascade)]
    owner: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "stamps")]
struct Stamp {
    #[orm(primary_key)]
    id: i32,
    #[orm(references = Passport.number)]
    passport: String,
}

const SCHEMA: orm_core::schema::Schema = schema![Gear, Owner, Passport, Stamp];

/// Gears with these numbers and sizes.
async fn gears(sizes: &[(i32, i32)]) -> Fixture {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    session.add_all(sizes.iter().map(|&(id, size)| NewGear::new(id, size)));
    session.commit().await.unwrap();
    fixture
}

async fn sizes(fixture: &Fixture) -> Vec<(i32, i32)> {
    let rows = select((Gear.id, Gear.size)).order_by(Gear.id);
    fixture.engine.all(rows).await.unwrap()
}

/// Each of these gears gets a size that the server takes only when the next has given it up.
const MOVES: [(i32, i32); 3] = [(1, 12), (2, 13), (3, 14)];

async fn all_loaded(session: &mut Session) -> Vec<Handle<Gear>> {
    let mut handles = Vec::new();
    for (id, _) in MOVES {
        handles.push(session.find::<Gear>(id).await.unwrap().unwrap());
    }
    handles
}

#[tokio::test]
async fn values_that_only_the_server_computes_change_hands_in_any_order() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let fixture = gears(&[(1, 1), (2, 2), (3, 3)]).await;
        let mut session = fixture.session();
        let handles = all_loaded(&mut session).await;
        for at in order {
            session[handles[at]].size = MOVES[at].1;
        }
        session.commit().await.unwrap();
        assert_eq!(sizes(&fixture).await, MOVES);
        let teeth: Vec<_> = handles.iter().map(|&gear| session[gear].teeth).collect();
        assert_eq!(teeth, [Some(2), Some(3), Some(4)]);
    }
}

#[tokio::test]
async fn other_orders_are_tried_in_a_transaction_of_its_own_in_a_flush_and_in_a_savepoint() {
    let fixture = gears(&[(1, 1), (2, 2), (3, 3), (9, 9)]).await;
    // The session that has loaded them begins a transaction with its commit.
    let mut session = fixture.session();
    let handles = all_loaded(&mut session).await;
    session.commit().await.unwrap();
    for (at, &gear) in handles.iter().enumerate() {
        session[gear].size = MOVES[at].1;
    }
    session.commit().await.unwrap();
    assert_eq!(sizes(&fixture).await, [(1, 12), (2, 13), (3, 14), (9, 9)]);

    // What the transaction did before stays.
    let last = session.find::<Gear>(9).await.unwrap().unwrap();
    session[last].size = 29;
    session.flush().await.unwrap();
    for (at, &gear) in handles.iter().enumerate() {
        session[gear].size = MOVES[at].1 + 11;
    }
    session.flush().await.unwrap();
    let mut nested = session.begin_nested().await.unwrap();
    for (at, &gear) in handles.iter().enumerate() {
        nested[gear].size = MOVES[at].1 + 22;
    }
    nested.commit().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(sizes(&fixture).await, [(1, 34), (2, 35), (3, 36), (9, 29)]);
}

#[tokio::test]
async fn what_no_order_allows_is_the_first_error_and_nothing_is_written() {
    let fixture = gears(&[(1, 1), (2, 2), (3, 3), (4, 4)]).await;
    let mut session = fixture.session();
    let handles = all_loaded(&mut session).await;
    for (at, &gear) in handles.iter().enumerate() {
        session[gear].size = MOVES[at].1;
    }
    let error = session.commit().await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert!(!error.is_committed() && !error.is_outcome_unknown());
    assert_eq!(sizes(&fixture).await, [(1, 1), (2, 2), (3, 3), (4, 4)]);
    session.rollback().await.unwrap();
    assert_eq!(session[handles[0]].size, 1);
    session[handles[2]].size = 5;
    session.commit().await.unwrap();
    assert_eq!(sizes(&fixture).await, [(1, 1), (2, 2), (3, 5), (4, 4)]);
}

#[tokio::test]
async fn a_commit_that_is_given_up_while_it_tries_is_rolled_back() {
    for loads_again in [false, true] {
        let fixture = gears(&[(1, 1), (2, 2), (3, 3)]).await;
        let mut session = fixture.session();
        let handles = all_loaded(&mut session).await;
        if loads_again {
            session.commit().await.unwrap();
        }
        let mut other = fixture.session();
        let held = other.find::<Gear>(3).await.unwrap().unwrap();
        other[held].size = 5;
        other.flush().await.unwrap();
        for (at, &gear) in handles.iter().enumerate() {
            session[gear].size = MOVES[at].1;
        }
        let ended = tokio::time::timeout(Duration::from_millis(300), session.commit()).await;
        assert!(ended.is_err(), "{ended:?}");
        session.rollback().await.unwrap();
        other.rollback().await.unwrap();
        assert_eq!(sizes(&fixture).await, [(1, 1), (2, 2), (3, 3)]);
        for (at, &gear) in handles.iter().enumerate() {
            session[gear].size = MOVES[at].1;
        }
        session.commit().await.unwrap();
        assert_eq!(sizes(&fixture).await, MOVES);
    }
}

#[tokio::test]
async fn other_orders_are_tried_in_work_that_is_run() {
    let fixture = gears(&[(1, 1), (2, 2), (3, 3)]).await;
    let sessions = SessionMaker::new(fixture.engine.clone()).isolation(Isolation::Serializable);
    sessions
        .run(async |session| {
            let handles = all_loaded(session).await;
            for (at, &gear) in handles.iter().enumerate() {
                session[gear].size = MOVES[at].1;
            }
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(sizes(&fixture).await, MOVES);
}

#[tokio::test]
async fn a_flush_that_the_server_takes_at_once_needs_no_more_round_trips() {
    let fixture = gears(&[(1, 1), (2, 2), (3, 3)]).await;
    let recording = fixture.engine.record();
    let mut session = fixture.session();
    let handles = all_loaded(&mut session).await;
    session.commit().await.unwrap();
    let before = recording.round_trips();
    session[handles[0]].size = 17;
    session[handles[1]].size = 18;
    session.commit().await.unwrap();
    assert_eq!(recording.round_trips() - before, 1, "{:?}", recording.statements());
    assert_eq!(sizes(&fixture).await, [(1, 17), (2, 18), (3, 3)]);
}

#[tokio::test]
async fn a_row_turns_away_from_one_that_goes_to_one_that_is_not_loaded() {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    session.add_all([1, 2].map(NewOwner::new));
    session.add_all([("c", 2), ("d", 1)].map(|(number, owner)| NewPassport::new(number, owner)));
    session.add(NewStamp::new(4, "c"));
    session.commit().await.unwrap();

    let mut session = fixture.session();
    let stamp = session.find::<Stamp>(4).await.unwrap().unwrap();
    let passport = session.find::<Passport>("c").await.unwrap().unwrap();
    let owner = session.find::<Owner>(2).await.unwrap().unwrap();
    session.delete(owner).unwrap();
    session[stamp].passport = "d".into();
    session.commit().await.unwrap();
    assert!(!session.contains(passport));
    assert_eq!(session[stamp], Stamp { id: 4, passport: "d".into() });
    assert_eq!(fixture.engine.all(select(Stamp.passport)).await.unwrap(), ["d"]);
    assert_eq!(fixture.engine.count(select(Passport)).await.unwrap(), 1);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "husbands")]
struct Husband {
    #[orm(primary_key)]
    name: String,
    #[orm(references = Wife.name, on_delete = cascade, on_update = cascade)]
    wife: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "wives")]
struct Wife {
    #[orm(primary_key)]
    name: String,
    #[orm(references = Husband.name, on_delete = cascade, on_update = cascade)]
    husband: Option<String>,
}

/// Neither passes before the other: `e` takes the key of `d`, and with `d` goes its husband, who is not loaded, and with him `e`.
#[tokio::test]
async fn what_no_order_allows_goes_out_in_one_statement() {
    let fixture = Fixture::new(schema![Husband, Wife]).await;
    let rows = "INSERT INTO wives VALUES ('d', NULL), ('e', NULL); INSERT INTO husbands VALUES ('d', 'e'), ('e', 'd'); \
                UPDATE wives SET husband = name";
    fixture.database.execute(rows).await;
    let mut session = fixture.session();
    let husband = session.find::<Husband>("d").await.unwrap().unwrap();
    let wife = session.find::<Wife>("e").await.unwrap().unwrap();
    let deleted = session.find::<Wife>("d").await.unwrap().unwrap();
    session.delete(deleted).unwrap();
    session[wife] = Wife { name: "d".into(), husband: Some("d".into()) };
    session.commit().await.unwrap();
    assert_eq!(session[husband], Husband { name: "d".into(), wife: "d".into() });
    let husbands = fixture.engine.all(select((Husband.name, Husband.wife))).await.unwrap();
    assert_eq!(husbands, [("d".to_owned(), "d".to_owned())]);
    let wives = fixture.engine.all(select((Wife.name, Wife.husband))).await.unwrap();
    assert_eq!(wives, [("d".to_owned(), Some("d".to_owned()))]);
}

/// A node takes another over by its key; the name that it takes is free only when the root is gone, which takes the other along.
#[tokio::test]
async fn a_row_that_takes_another_over_goes_and_comes_where_no_order_passes_otherwise() {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "nodes")]
    struct Node {
        #[orm(primary_key)]
        code: String,
        #[orm(unique)]
        name: Option<String>,
        #[orm(references = Node.code, on_delete = cascade, on_update = cascade)]
        parent: Option<String>,
    }
    let fixture = Fixture::new(schema![Node]).await;
    let rows = "INSERT INTO nodes VALUES ('e', 'z', NULL), ('c', 'w', 'e'), ('d', NULL, NULL), ('a', NULL, 'd'), \
                ('f', 'x', 'a'), ('b', 'y', 'd')";
    fixture.database.execute(rows).await;
    let mut session = fixture.session();
    let parent = session.find::<Node>("c").await.unwrap().unwrap();
    let root = session.find::<Node>("d").await.unwrap().unwrap();
    let old = session.find::<Node>("b").await.unwrap().unwrap();
    session.delete(root).unwrap();
    session.delete(old).unwrap();
    let name = Some("x".to_owned());
    let new = session.add(NewNode { name, parent: Some(parent.into()), ..NewNode::new("b") });
    session.commit().await.unwrap();
    assert_eq!(session[new].parent.as_deref(), Some("c"));
    assert!(!session.contains(root) && !session.contains(old));
    let codes = fixture.engine.all(select(Node.code).order_by(Node.code)).await.unwrap();
    assert_eq!(codes, ["b", "c", "e"]);
}
