//! Rows that the database changes along with others: the session's objects follow.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
struct Forest {
    #[orm(primary_key)]
    code: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Tree {
    #[orm(primary_key, references = Forest.code, relation = forest, on_delete = cascade, on_update = cascade)]
    forest_code: String,
    #[orm(primary_key)]
    number: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(forest_code, tree = Tree, on_delete = cascade, on_update = cascade))]
struct Nest {
    #[orm(primary_key, generated)]
    id: i64,
    forest_code: String,
    tree: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Bird {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Nest.id, relation = nest, on_delete = set_null)]
    nest_id: Option<i64>,
    #[orm(references = Nest.id, relation = second, on_delete = set_default, default = "NULL")]
    second_id: Option<i64>,
}

struct Wood {
    fixture: Fixture,
    session: Session,
    forests: Vec<Handle<Forest>>,
    trees: Vec<Handle<Tree>>,
    nests: Vec<Handle<Nest>>,
    birds: Vec<Handle<Bird>>,
}

/// Two forests, each with a tree, a nest and a bird.
async fn wood() -> Wood {
    let fixture = Fixture::new(schema![Bird, Nest, Tree, Forest]).await;
    let mut session = fixture.session();
    let forests = session.add_all(["a", "b"].map(NewForest::new));
    let trees: Vec<_> = forests.iter().map(|&forest| session.add(NewTree::new(forest, 1))).collect();
    let nests: Vec<_> = trees.iter().map(|&tree| session.add(NewNest::new(tree, tree))).collect();
    let bird =
        |&nest: &Handle<Nest>| NewBird { nest_id: Some(nest.into()), second_id: Some(Some(nest.into())) };
    let birds = session.add_all(nests.iter().map(bird).collect::<Vec<_>>());
    session.commit().await.unwrap();
    fixture.recorder.take();
    Wood { fixture, session, forests, trees, nests, birds }
}

#[tokio::test]
async fn what_the_database_deletes_or_sets_null_leaves_or_changes_in_the_session() {
    let Wood { fixture, mut session, forests, trees, nests, birds } = wood().await;
    session.delete(forests[0]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().round_trips, 1);
    for gone in [session.is_deleted(trees[0]), session.is_deleted(nests[0])] {
        assert!(gone);
    }
    assert_eq!((session[birds[0]].nest_id, session[birds[0]].second_id), (None, None));
    assert!(session.contains(trees[1]) && session.contains(nests[1]));
    assert_eq!(session[birds[1]].nest_id, Some(session[nests[1]].id));
    assert!(!session.is_dirty());
}

#[tokio::test]
async fn a_rollback_brings_back_what_went_along() {
    let Wood { fixture: _fixture, mut session, forests, trees, nests, birds } = wood().await;
    session.delete(forests[0]).unwrap();
    session.flush().await.unwrap();
    assert!(session.is_deleted(nests[0]));
    session.rollback().await.unwrap();
    assert!(session.contains(trees[0]) && session.contains(nests[0]));
    assert_eq!(session[birds[0]].nest_id, Some(session[nests[0]].id));
}

#[tokio::test]
async fn a_row_that_was_moved_to_another_target_stays() {
    let Wood { fixture: _fixture, mut session, forests, nests, trees, .. } = wood().await;
    session[nests[0]].forest_code = "b".into();
    session.delete(forests[0]).unwrap();
    session.commit().await.unwrap();
    assert!(session.contains(nests[0]) && session.is_deleted(trees[0]));
    assert_eq!(session[nests[0]].forest_code, "b");
}

#[tokio::test]
async fn a_changed_key_takes_rows_along_through_all_levels() {
    let Wood { fixture, mut session, forests, trees, nests, birds } = wood().await;
    session[forests[0]].code = "z".into();
    session.commit().await.unwrap();
    assert_eq!(session[trees[0]].forest_code, "z");
    assert_eq!(session[nests[0]].forest_code, "z");
    assert_eq!(session[trees[1]].forest_code, "b");
    assert!(session.contains(birds[0]) && !session.is_dirty());
    // Each is found by its new key.
    let found = session.find::<Tree>(("z".to_owned(), 1)).await.unwrap();
    assert_eq!(found, Some(trees[0]));
    session[trees[0]].number = 7;
    session.commit().await.unwrap();
    let stored: Vec<(String, i32)> =
        fixture.engine.all(select((Nest.forest_code, Nest.tree)).order_by(Nest.id)).await.unwrap();
    assert_eq!(stored, [("z".into(), 7), ("b".into(), 1)]);
    assert_eq!(session[nests[0]].tree, 7);
}

#[tokio::test]
async fn nothing_is_read_again_where_nothing_goes_along() {
    let Wood { fixture, mut session, birds, .. } = wood().await;
    session.delete(birds[0]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 3, "BEGIN, DELETE, COMMIT");
}

#[tokio::test]
async fn a_row_that_sets_a_part_of_its_reference_leaves_before_the_other_part_changes() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "tenants")]
    struct Tenant {
        #[orm(primary_key)]
        code: String,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "orders")]
    struct Purchase {
        #[orm(primary_key, references = Tenant.code, on_delete = cascade, on_update = cascade)]
        tenant: String,
        #[orm(primary_key)]
        number: i64,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "lines", foreign_key(tenant, number = Purchase, on_delete = cascade, on_update = cascade))]
    struct Line {
        #[orm(primary_key)]
        code: String,
        #[orm(references = Tenant.code, on_update = cascade)]
        tenant: String,
        number: i64,
    }
    let fixture = Fixture::new(schema![Tenant, Purchase, Line]).await;
    fixture.database.execute("INSERT INTO tenants VALUES ('b')").await;
    fixture.database.execute("INSERT INTO orders VALUES ('b', 2), ('b', 3)").await;
    fixture.database.execute("INSERT INTO lines VALUES ('d', 'b', 3)").await;
    let mut session = fixture.session();
    let line = session.find::<Line>("d").await.unwrap().unwrap();
    let moved = session.find::<Purchase>(("b", 3)).await.unwrap().unwrap();
    session.add(NewTenant::new("a"));
    session[moved].tenant = "a".into();
    session[line].number = 2;
    session.commit().await.unwrap();
    assert_eq!((&*session[line].tenant, session[line].number), ("b", 2));
    let stored: Vec<(String, i64)> = fixture.engine.all(select((Line.tenant, Line.number))).await.unwrap();
    assert_eq!(stored, [("b".to_owned(), 2)]);
    // Both it and the order that it turns to follow the tenant: it may leave before.
    fixture.database.execute("TRUNCATE tenants, orders, lines").await;
    fixture.database.execute("INSERT INTO tenants VALUES ('a')").await;
    fixture.database.execute("INSERT INTO orders VALUES ('a', 3), ('a', 4)").await;
    fixture.database.execute("INSERT INTO lines VALUES ('l', 'a', 4)").await;
    let mut session = fixture.session();
    let line = session.find::<Line>("l").await.unwrap().unwrap();
    let orders = session.all(select(Purchase).order_by(Purchase.number)).await.unwrap();
    let tenant = session.find::<Tenant>("a").await.unwrap().unwrap();
    session[line].number = 3;
    session.add(NewTenant::new("d"));
    session[orders[1]].tenant = "d".into();
    session[tenant].code = "c".into();
    session.commit().await.unwrap();
    assert_eq!((&*session[line].tenant, session[line].number), ("c", 3));
    // What follows the new key of the tenant is written behind that, whatever is loaded between.
    for which in 0..3 {
        fixture.database.execute("TRUNCATE tenants, orders, lines").await;
        fixture.database.execute("INSERT INTO tenants VALUES ('c'), ('d')").await;
        fixture.database.execute("INSERT INTO orders VALUES ('c', 5), ('d', 1), ('c', 6)").await;
        fixture.database.execute("INSERT INTO lines VALUES ('b', 'c', 6)").await;
        let mut session = fixture.session();
        let other = session.find::<Purchase>(("d", 1)).await.unwrap().unwrap();
        if which > 0 {
            session.find::<Purchase>(("c", 6)).await.unwrap().unwrap();
        }
        let line = session.find::<Line>("b").await.unwrap().unwrap();
        let tenant = session.find::<Tenant>("c").await.unwrap().unwrap();
        if which > 1 {
            session[other].number = 4;
        }
        session[tenant].code = "a".into();
        session[line].tenant = "a".into();
        session.commit().await.unwrap();
        assert_eq!((&*session[line].tenant, session[line].number), ("a", 6), "{which}");
    }
}

#[tokio::test]
async fn rows_turn_to_the_row_that_takes_the_key_of_their_default() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "rooms")]
    struct Room {
        #[orm(primary_key)]
        code: String,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "chairs")]
    struct Chair {
        #[orm(primary_key)]
        id: i64,
        #[orm(references = Room.code, on_delete = set_default, on_update = cascade, default = "'a'")]
        room: String,
    }
    let fixture = Fixture::new(schema![Room, Chair]).await;
    for is_loaded in [true, false] {
        fixture.database.execute("TRUNCATE rooms, chairs").await;
        fixture.database.execute("INSERT INTO rooms VALUES ('a'), ('d'), ('e')").await;
        fixture.database.execute("INSERT INTO chairs VALUES (1, 'd'), (2, 'e')").await;
        let mut session = fixture.session();
        let rooms = session.all(select(Room).order_by(Room.code)).await.unwrap();
        let chair = session.find::<Chair>(if is_loaded { 1 } else { 2 }).await.unwrap().unwrap();
        session.delete(rooms[0]).unwrap();
        session.delete(rooms[1]).unwrap();
        session[rooms[2]].code = "a".into();
        session.commit().await.unwrap();
        let rooms: Vec<String> = fixture.engine.all(select(Room.code)).await.unwrap();
        assert_eq!(rooms, ["a"]);
        let stored = fixture.engine.count(select(Chair).filter(Chair.room.eq("a"))).await.unwrap();
        assert_eq!((stored, &*session[chair].room), (2, "a"), "{is_loaded}");
    }
}

#[tokio::test]
async fn a_row_turns_to_one_that_keeps_the_key_which_a_deleted_row_might_have_got() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "owners")]
    struct Owner {
        #[orm(primary_key)]
        code: String,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "cells")]
    struct CellOf {
        #[orm(primary_key, references = Owner.code, on_delete = set_default, default = "'a'")]
        owner: String,
        #[orm(primary_key)]
        place: i64,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "guests", foreign_key(owner, place = CellOf, on_delete = cascade, on_update = cascade))]
    struct Guest {
        #[orm(primary_key)]
        code: String,
        owner: String,
        place: i64,
    }
    let fixture = Fixture::new(schema![Owner, CellOf, Guest]).await;
    fixture.database.execute("INSERT INTO owners VALUES ('a'), ('d')").await;
    fixture.database.execute("INSERT INTO cells VALUES ('d', 5), ('a', 5)").await;
    fixture.database.execute("INSERT INTO guests VALUES ('e', 'd', 5)").await;
    let mut session = fixture.session();
    let guest = session.find::<Guest>("e").await.unwrap().unwrap();
    let owner = session.find::<Owner>("d").await.unwrap().unwrap();
    session.all(select(CellOf)).await.unwrap();
    let cell = session.find::<CellOf>(("d", 5)).await.unwrap().unwrap();
    session[guest].owner = "a".into();
    session.delete(cell).unwrap();
    session.delete(owner).unwrap();
    session.commit().await.unwrap();
    assert_eq!((&*session[guest].owner, session[guest].place), ("a", 5));
    assert_eq!(fixture.engine.count(select(Guest).filter(Guest.owner.eq("a"))).await.unwrap(), 1);
}

#[derive(Model, Clone, Debug)]
#[orm(table = "nodes")]
struct Node {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Node.code, on_delete = cascade, deferrable)]
    parent: Option<String>,
}

#[tokio::test]
async fn what_a_row_takes_along_by_its_new_key_leaves_the_session() {
    let fixture = Fixture::new(schema![Node]).await;
    fixture.database.execute("INSERT INTO nodes VALUES ('e', 'e'), ('a', 'c'), ('c', 'a')").await;
    let mut session = fixture.session();
    let nodes = session.all(select(Node).order_by(Node.code)).await.unwrap();
    let [a, c, e] = nodes[..] else { unreachable!() };
    // `e` goes on pointing at its old key, which `c` takes; and `c` goes with `a`.
    session[e].code = "b".into();
    session.delete(a).unwrap();
    session[c].code = "e".into();
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.count(select(Node)).await.unwrap(), 0);
    assert!(nodes.iter().all(|&node| !session.contains(node)));
}

#[tokio::test]
async fn a_reference_that_can_be_deferred_never_names_a_row_that_goes_along_by_the_same_key() {
    let fixture = Fixture::new(schema![Node]).await;
    fixture.database.execute("INSERT INTO nodes VALUES ('a', 'a'), ('c', 'a'), ('f', 'a')").await;
    let mut session = fixture.session();
    let nodes = session.all(select(Node).order_by(Node.code)).await.unwrap();
    let [a, _, f] = nodes[..] else { panic!("three nodes") };
    // `c` is the new row by then: before, it is one that goes with `a`, and would take `f` along.
    session[f].parent = Some("c".into());
    session.delete(a).unwrap();
    session.add(NewNode { parent: Some(f.into()), ..NewNode::new("c") });
    let ended = session.commit().await;
    session.rollback().await.unwrap();
    let rows: Vec<(String, Option<String>)> =
        fixture.engine.all(select((Node.code, Node.parent)).order_by(Node.code)).await.unwrap();
    match ended {
        Ok(()) => assert!(rows.iter().any(|(code, _)| code == "f"), "{rows:?}"),
        Err(_) => assert_eq!(rows.len(), 3, "{rows:?}"),
    }
}
