//! Relations by odd keys and names, held against plain SQL.

use chrono::NaiveDate;
use orm_core::prelude::*;
use orm_tests::Fixture;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::relation_equality::Ci;

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Suit {
    Hearts,
    Spades,
}

/// Two models, of which one points at the other by a key of some type, and a test of all that relations do.
macro_rules! by_key {
    ($test:ident $parent:ident $new_parent:ident $parents:literal $child:ident $new_child:ident $children:literal $key:ty: $first:expr, $second:expr) => {
        #[derive(Model, Clone, Debug, PartialEq)]
        #[orm(table = $parents, has_many(children = $child.parent_key))]
        struct $parent {
            #[orm(primary_key)]
            key: $key,
        }

        #[derive(Model, Clone, Debug, PartialEq)]
        #[orm(table = $children)]
        struct $child {
            #[orm(primary_key, generated)]
            id: i64,
            #[orm(references = $parent.key, relation = parent)]
            parent_key: Option<$key>,
        }

        #[tokio::test]
        async fn $test() {
            let fixture = Fixture::new(schema![$parent, $child]).await;
            let (first, second): ($key, $key) = ($first, $second);
            let mut session = fixture.session();
            session.add_all([$new_parent::new(first.clone()), $new_parent::new(second.clone())]);
            session.commit().await.unwrap();
            for key in [Some(first.clone()), None, Some(second.clone()), Some(first)] {
                session.add($new_child { parent_key: key.map(Into::into) });
                session.flush().await.unwrap();
            }
            session.commit().await.unwrap();
            let engine = &fixture.engine;
            let read = || {
                select($parent).with($parent.children).with($parent.children.count()).order_by($parent.key)
            };
            let apart = engine.all(read()).await.unwrap();
            let found: Vec<(Vec<i64>, i64)> = apart
                .iter()
                .map(|(_, of, count)| (of.iter().map(|child| child.id).collect(), *count))
                .collect();
            assert_eq!(found, [(vec![1, 4], 2), (vec![3], 1)]);
            assert_eq!(engine.all(read().together()).await.unwrap(), apart);
            let last = $parent.children.order_by($child.id.desc()).limit(1).only($child.id);
            let last = engine.all(select($parent).with(last).order_by($parent.key)).await.unwrap();
            assert_eq!(last.iter().flat_map(|(_, ids)| ids).copied().collect::<Vec<_>>(), [4, 3]);
            let up = engine.all(select($child).with($child.parent).order_by($child.id)).await.unwrap();
            assert!(up.iter().all(|(child, of)| child.parent_key == of.as_ref().map(|of| of.key.clone())));
            let some = select($parent.key).filter($parent.children.any($child.id.eq(3)));
            assert_eq!(engine.all(some).await.unwrap(), [second]);
            let objects = session.all(select($parent).order_by($parent.key)).await.unwrap();
            let loaded = session.load_all(&objects, $parent.children).await.unwrap();
            assert_eq!(loaded.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
            session.set(loaded[0][0], $child.parent, Some(objects[1])).unwrap();
            session.commit().await.unwrap();
            assert_eq!(session.load(objects[1], $parent.children).await.unwrap().len(), 2);
        }
    };
}

by_key!(keys_of_uuid ByUuid NewByUuid "by_uuid" OfUuid NewOfUuid "of_uuid" Uuid: Uuid::from_u128(1), Uuid::from_u128(2));
by_key!(keys_of_dates ByDate NewByDate "by_date" OfDate NewOfDate "of_date" NaiveDate:
    NaiveDate::from_ymd_opt(1999, 12, 31).unwrap(), NaiveDate::from_ymd_opt(2000, 1, 1).unwrap());
by_key!(keys_of_enums BySuit NewBySuit "by_suit" OfSuit NewOfSuit "of_suit" Suit: Suit::Hearts, Suit::Spades);
by_key!(keys_of_bytes ByBytes NewByBytes "by_bytes" OfBytes NewOfBytes "of_bytes" Vec<u8>: vec![], vec![0, 1]);
by_key!(keys_of_booleans ByBool NewByBool "by_bool" OfBool NewOfBool "of_bool" bool: false, true);
by_key!(keys_of_numeric ByNumeric NewByNumeric "by_numeric" OfNumeric NewOfNumeric "of_numeric" Decimal:
    Decimal::new(-150, 2), Decimal::ZERO);
by_key!(keys_of_text ByText NewByText "by_text" OfText NewOfText "of_text" String: String::new(), "ü 'x\"".to_owned());
by_key!(keys_of_smallint ByShort NewByShort "by_short" OfShort NewOfShort "of_short" i16: -1, 7);

/// Tables and columns with names that mean something in SQL, or that statements use themselves.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "keys", has_many(others = Other.c1))]
struct Key {
    #[orm(primary_key)]
    shop: i64,
    #[orm(primary_key, column = "Order By")]
    word: Ci,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "others", foreign_key(shop, c1 = Key, relation = key))]
struct Other {
    #[orm(primary_key, generated)]
    id: i64,
    shop: i64,
    #[orm(column = "c1")]
    c1: Option<Ci>,
}

#[tokio::test]
async fn names_that_statements_use_themselves_and_keys_of_which_one_part_is_told_by_the_server() {
    let fixture = Fixture::new(schema![]).await;
    fixture.database.execute("CREATE EXTENSION citext").await;
    fixture.engine.create_all(schema![Key, Other]).await.unwrap();
    let rows = "INSERT INTO keys VALUES (1, 'a'), (1, 'b'), (2, 'A');
        INSERT INTO others (shop, c1) VALUES (1, 'A'), (2, 'a'), (1, 'a'), (1, NULL), (1, 'B')";
    fixture.database.execute(rows).await;
    let engine = &fixture.engine;
    let read = select(Key).with(Key.others).with(Key.others.count()).order_by((Key.shop, Key.word));
    let found = engine.all(read).await.unwrap();
    let found: Vec<(Vec<i64>, i64)> =
        found.iter().map(|(_, of, count)| (of.iter().map(|other| other.id).collect(), *count)).collect();
    assert_eq!(found, [(vec![1, 3], 2), (vec![5], 1), (vec![2], 1)]);
    let last = Key.others.order_by(Other.id.desc()).limit(1).only(Other.id);
    let found = engine.all(select(Key).with(last).order_by((Key.shop, Key.word))).await.unwrap();
    assert_eq!(found.iter().map(|(_, ids)| ids.clone()).collect::<Vec<_>>(), [[3], [5], [2]]);
    let up = engine.all(select(Other).with(Other.key).order_by(Other.id)).await.unwrap();
    let up: Vec<_> = up.iter().map(|(_, key)| key.as_ref().map(|key| (key.shop, &*key.word.0))).collect();
    assert_eq!(up, [Some((1, "a")), Some((2, "A")), Some((1, "a")), None, Some((1, "b"))]);
    let found = engine.find_all::<Key>([(1, Ci("B".into())), (2, Ci("a".into()))]).await.unwrap();
    assert_eq!(found.iter().map(|key| (key.shop, &*key.word.0)).collect::<Vec<_>>(), [(1, "b"), (2, "A")]);
    let mut session = fixture.session();
    let keys = session.all(select(Key).order_by((Key.shop, Key.word))).await.unwrap();
    assert_eq!(session.load(keys[0], Key.others).await.unwrap().len(), 2);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "nodes",
    has_many(children = Node.parent_id),
    many_to_many(next = Node, through = Edge, from = Edge.tail, to = Edge.head),
    many_to_many(previous = Node, through = Edge, from = Edge.head, to = Edge.tail)
)]
struct Node {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Node.id, relation = parent)]
    parent_id: Option<i64>,
}

/// Two nodes may have several edges; one may lead back to its node.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "edges")]
struct Edge {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Node.id)]
    tail: i64,
    #[orm(references = Node.id)]
    head: i64,
    #[orm(default = 0)]
    weight: i32,
}

/// Node 1 is its own parent, and that of 2 and 3. 1 leads to 2 twice, to 3 and to itself, 2 to 1.
async fn nodes() -> Fixture {
    let fixture = Fixture::new(schema![Node, Edge]).await;
    let rows = "INSERT INTO nodes VALUES (1, 1), (2, 1), (3, 1), (4, NULL);
        INSERT INTO edges (tail, head, weight) VALUES (1, 2, 5), (1, 3, 9), (1, 2, 1), (1, 1, 7), (2, 1, 0)";
    fixture.database.execute(rows).await;
    fixture
}

fn ids(nodes: &[Node]) -> Vec<i64> {
    nodes.iter().map(|node| node.id).collect()
}

#[tokio::test]
async fn a_row_is_related_to_itself_and_to_another_twice() {
    let fixture = nodes().await;
    let engine = &fixture.engine;
    let read = || select(Node).with(Node.next).with(Node.previous).with(Node.next.count()).order_by(Node.id);
    let found = engine.all(read()).await.unwrap();
    let next: Vec<_> = found.iter().map(|(_, next, _, _)| ids(next)).collect();
    assert_eq!(next, [vec![1, 2, 2, 3], vec![1], vec![], vec![]]);
    let previous: Vec<_> = found.iter().map(|(_, _, previous, _)| ids(previous)).collect();
    assert_eq!(previous, [vec![1, 2], vec![1, 1], vec![1], vec![]]);
    assert_eq!(found.iter().map(|(.., count)| *count).collect::<Vec<_>>(), [4, 1, 0, 0]);
    assert_eq!(engine.all(read().together()).await.unwrap(), found);
    let heaviest = Node.next.order_by(Edge.weight.desc()).limit(2);
    let found = engine.all(select(Node).with(heaviest).order_by(Node.id)).await.unwrap();
    assert_eq!(ids(&found[0].1), [3, 1]);
    let light = Node.next.filter(Edge.weight.lt(6));
    let found = engine.all(select(Node).with(light.clone().count()).filter(light.exists())).await.unwrap();
    assert_eq!(found.iter().map(|(node, count)| (node.id, *count)).collect::<Vec<_>>(), [(1, 2), (2, 1)]);
    let around = select(Node.id).filter(Node.next.any(Node.previous.any(Node.parent.is(Node.id.eq(1)))));
    let plain = sql!(
        "SELECT DISTINCT e.tail FROM edges e JOIN edges f ON f.head = e.head JOIN nodes n ON n.id = f.tail \
         WHERE n.parent_id = 1 ORDER BY 1"
    );
    let plain = engine.all(plain.rows::<i64>()).await.unwrap();
    assert_eq!(engine.all(around.order_by(Node.id)).await.unwrap(), plain);
    let down = select(Node).filter(Node.id.eq(1)).with(Node.children.with(Node.children.with(Node.parent)));
    let (_, children) = engine.one(down).await.unwrap();
    let below: Vec<_> = children.iter().map(|(child, below)| (child.id, below.len())).collect();
    assert_eq!(below, [(1, 3), (2, 0), (3, 0)]);
    assert!(children[0].1.iter().all(|(_, parent)| parent.as_ref().is_some_and(|parent| parent.id == 1)));
}

#[tokio::test]
async fn in_a_session_a_cycle_is_one_object_a_row() {
    let fixture = nodes().await;
    let mut session = fixture.session();
    let nodes = session.all(select(Node).with(Node.parent).with(Node.next.with(Node.next))).await.unwrap();
    let first = nodes.iter().find(|node| session[node.0].id == 1).unwrap();
    assert_eq!(first.1, Some(first.0));
    assert_eq!(first.2[0].0, first.0);
    let second = first.2[1].0;
    assert_eq!((first.2[2].0, &first.2[1].1), (second, &vec![first.0]));
    // Both rows between go, and one comes.
    session.unlink(first.0, Node.next, second).unwrap();
    session.link(second, Node.next, second).unwrap();
    session.commit().await.unwrap();
    let found = session.all(select(Node).with(Node.next.only(Node.id)).order_by(Node.id)).await.unwrap();
    assert_eq!(
        found.iter().map(|(_, next)| next.clone()).collect::<Vec<_>>(),
        [vec![1, 3], vec![1, 2], vec![], vec![]]
    );
    session.link(first.0, Node.next, second).unwrap();
    session.flush().await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(session.load(first.0, Node.next).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_alias_has_parts_of_its_relations_too() {
    let fixture = nodes().await;
    let engine = &fixture.engine;
    let up = Node.alias("up");
    let some = up.next.filter(Node.id.ne(1)).order_by((Node.id.desc(), Edge.id)).limit(2);
    let read = select((Node, up))
        .join(up, Node.parent.on(up))
        .with(some)
        .with(Node.next.count())
        .with(up.children.count())
        .filter(Node.id.ne(1))
        .order_by(Node.id);
    let found = engine.all(&read).await.unwrap();
    let told: Vec<_> =
        found.iter().map(|(node, up, next, own, of_up)| (node.id, up.id, ids(next), *own, *of_up)).collect();
    assert_eq!(told, [(2, 1, vec![3, 2], 1, 3), (3, 1, vec![3, 2], 0, 3)]);
    assert_eq!(engine.all(read.together()).await.unwrap(), found);
}

#[tokio::test]
async fn nothing_is_related_to_nothing() {
    let fixture = Fixture::new(schema![Node, Edge]).await;
    let engine = &fixture.engine;
    let read =
        || select(Node).with(Node.parent.with(Node.next)).with(Node.children.with(Node.previous.count()));
    assert!(engine.all(read()).await.unwrap().is_empty());
    assert!(engine.all(read().together()).await.unwrap().is_empty());
    engine.execute(insert(Node).values(NewNode::new(1))).await.unwrap();
    let (_, parent, children) = engine.one(read()).await.unwrap();
    assert!(parent.is_none() && children.is_empty());
    let (_, parent, children) = engine.one(read().together()).await.unwrap();
    assert!(parent.is_none() && children.is_empty());
    let mut session = fixture.session();
    assert!(session.load_all::<Node, _>(&[], Node.next).await.unwrap().is_empty());
    let node = session.one(select(Node)).await.unwrap();
    session.set_links(node, Node.next, []).unwrap();
    session.commit().await.unwrap();
    let none: (Handle<Node>, Vec<Handle<Node>>) =
        session.one(select(Node).with(Node.next.limit(0))).await.unwrap();
    assert_eq!(none, (node, vec![]));
}
