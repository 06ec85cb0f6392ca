//! Versions, and columns whose names are parts of others', where a flush may try several orders.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "nodes", index("lower(name)", unique))]
struct Node {
    #[orm(primary_key)]
    id: i32,
    name: String,
    #[orm(check = "n < 100")]
    n: i32,
    #[orm(version)]
    version: i32,
}

async fn nodes(rows: i32) -> (Fixture, Session, Vec<Handle<Node>>) {
    let fixture = Fixture::new(schema![Node]).await;
    let mut session = fixture.session();
    let nodes = session.add_all((1..=rows).map(|id| NewNode::new(id, format!("p{id}"), 0)));
    session.commit().await.unwrap();
    (fixture, session, nodes)
}

/// Each node takes the name of the next, in other letters, and the last a new one; and all of them another number.
fn move_on(session: &mut Session, nodes: &[Handle<Node>]) {
    for (at, &node) in nodes.iter().enumerate() {
        session[node].name = format!("P{}", at + 2);
        session[node].n = 1;
    }
}

#[tokio::test]
async fn a_name_that_is_a_part_of_another_is_not_taken_for_it() {
    let (fixture, mut session, nodes) = nodes(12).await;
    let recording = fixture.engine.record();
    move_on(&mut session, &nodes);
    session.commit().await.unwrap();
    assert!(recording.round_trips() <= 2, "{}", recording.round_trips());
    let names = fixture.engine.all(select(Node.name).order_by(Node.id).limit(2)).await.unwrap();
    assert_eq!(names, ["P2", "P3"]);
}

#[tokio::test]
async fn a_row_that_others_have_changed_is_stale_at_once() {
    let (fixture, mut session, nodes) = nodes(4).await;
    let others = update(Node).set(Node.n, 5).filter(Node.id.eq(2));
    fixture.engine.execute(others).await.unwrap();
    let recording = fixture.engine.record();
    move_on(&mut session, &nodes);
    let error = session.commit().await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    assert!(recording.round_trips() <= 2, "{}", recording.round_trips());
}

#[tokio::test]
async fn a_value_that_no_order_mends_is_told_at_once() {
    let (fixture, mut session, nodes) = nodes(4).await;
    let recording = fixture.engine.record();
    move_on(&mut session, &nodes);
    session[nodes[3]].n = 100;
    let error = session.commit().await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    assert!(recording.round_trips() <= 2, "{}", recording.round_trips());
}
