//! Rows that are deleted and added again in one flush, and rows that refer to them without being loaded.

use orm_core::prelude::*;
use orm_tests::Fixture;

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

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "men")]
struct Man {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Woman.code, on_delete = cascade, on_update = cascade)]
    wife: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "women")]
struct Woman {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Man.code, on_delete = cascade, on_update = cascade)]
    man: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "orders")]
struct Order {
    #[orm(primary_key)]
    number: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "lines")]
struct Line {
    #[orm(primary_key, references = Order.number, on_delete = cascade, on_update = cascade)]
    order: i64,
    #[orm(primary_key)]
    place: i32,
}

const SCHEMA: orm_core::schema::Schema = schema![Node, Man, Woman, Order, Line];

/// Nodes by code, name and parent; one that refers to its own row or to a later one works too.
async fn nodes(rows: &[(&str, Option<&str>, Option<&str>)]) -> Fixture {
    let fixture = Fixture::new(SCHEMA).await;
    let rows = rows.iter().map(|(code, name, parent)| NewNode {
        name: name.map(str::to_owned),
        parent: parent.map(Into::into),
        ..NewNode::new(*code)
    });
    fixture.engine.execute(insert(Node).values(rows.collect::<Vec<_>>())).await.unwrap();
    fixture
}

async fn found(session: &mut Session, code: &str) -> Handle<Node> {
    session.find::<Node>(code).await.unwrap().unwrap()
}

async fn stored(fixture: &Fixture) -> Vec<String> {
    let rows = fixture.engine.all(select(Node).order_by(Node.code)).await.unwrap();
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    rows.iter().map(|row| format!("{} {} {}", row.code, text(&row.name), text(&row.parent))).collect()
}

#[tokio::test]
async fn a_row_that_is_not_loaded_stays_where_its_parent_is_deleted_and_added_again() {
    let fixture = nodes(&[
        ("a", None, None),
        ("b", Some("z"), None),
        ("d", Some("w"), Some("b")),
        ("e", Some("x"), Some("a")),
    ])
    .await;
    let mut session = fixture.session();
    let (a, d) = (found(&mut session, "a").await, found(&mut session, "d").await);
    session[d].name = None;
    session.delete(a).unwrap();
    session.add(NewNode { name: Some("w".into()), parent: Some("b".into()), ..NewNode::new("a") });
    session.commit().await.unwrap();
    assert_eq!(stored(&fixture).await, ["a w b", "b z -", "d - b", "e x a"]);
}

/// Two names change hands, so that one row has to go before it comes again.
async fn change_hands(fixture: &Fixture) -> Result<(), Error> {
    let mut session = fixture.session();
    let (a, b) = (found(&mut session, "a").await, found(&mut session, "b").await);
    session.delete(a)?;
    session[b].name = Some("x".into());
    session.add(NewNode { name: Some("y".into()), ..NewNode::new("a") });
    session.commit().await
}

#[tokio::test]
async fn a_row_that_only_a_delete_makes_room_for_is_refused_where_rows_that_are_not_loaded_would_go() {
    let fixture = nodes(&[("a", Some("x"), None), ("b", Some("y"), None)]).await;
    change_hands(&fixture).await.unwrap();
    assert_eq!(stored(&fixture).await, ["a y -", "b x -"]);

    let fixture = nodes(&[("a", Some("x"), None), ("b", Some("y"), None), ("c", None, Some("a"))]).await;
    let error = change_hands(&fixture).await.unwrap_err().to_string();
    assert!(error.contains("`Node`") && error.contains("not loaded"), "{error}");
    assert_eq!(stored(&fixture).await, ["a x -", "b y -", "c - a"]);
}

#[tokio::test]
async fn a_row_that_gets_another_key_cannot_refer_to_who_takes_its_old_one() {
    let fixture = nodes(&[("d", None, None)]).await;
    let mut session = fixture.session();
    let d = found(&mut session, "d").await;
    session[d].code = "f".into();
    session[d].parent = Some("d".into());
    session.add(NewNode::new("d"));
    let error = session.commit().await.unwrap_err().to_string();
    assert!(error.contains("flush the new key first"), "{error}");
    assert_eq!(stored(&fixture).await, ["d - -"]);
}

#[tokio::test]
async fn a_row_is_deleted_behind_the_new_key_of_what_it_refers_to_where_that_goes_along() {
    let fixture = Fixture::new(SCHEMA).await;
    fixture
        .database
        .execute("INSERT INTO men VALUES ('a', NULL); INSERT INTO women VALUES ('d', 'a'), ('e', 'a'); UPDATE men SET wife = 'd'")
        .await;
    let mut session = fixture.session();
    let man = session.find::<Man>("a").await.unwrap().unwrap();
    let woman = session.find::<Woman>("d").await.unwrap().unwrap();
    session.delete(woman).unwrap();
    session[man].code = "c".into();
    session.commit().await.unwrap();
    assert!(!session.contains(man) && !session.contains(woman));
    assert_eq!(fixture.engine.one(select(func::count(Woman.code))).await.unwrap(), 0_i64);
}

#[tokio::test]
async fn a_row_that_goes_along_is_gone_though_one_that_is_not_loaded_gets_its_key() {
    let fixture = Fixture::new(SCHEMA).await;
    fixture
        .database
        .execute("INSERT INTO orders VALUES (1), (2); INSERT INTO lines VALUES (1, 5), (2, 7)")
        .await;
    let mut session = fixture.session();
    let one = session.find::<Order>(1).await.unwrap().unwrap();
    let two = session.find::<Order>(2).await.unwrap().unwrap();
    let line = session.find::<Line>((1, 5)).await.unwrap().unwrap();
    session.delete(one).unwrap();
    session[line].place = 7;
    session[two].number = 1;
    session.commit().await.unwrap();
    assert!(!session.contains(line));
    assert_eq!(fixture.engine.all(select(Line)).await.unwrap(), [Line { order: 1, place: 7 }]);
}

#[tokio::test]
async fn a_row_that_gets_another_key_cannot_refer_to_its_old_one() {
    let rows = [("a", None, None), ("b", None, None)];
    let fixture = nodes(&rows).await;
    let refused = async |changes: &[(&str, &str, &str)]| {
        let mut session = fixture.session();
        session.all(select(Node)).await.unwrap();
        for (code, new, parent) in changes {
            let node = found(&mut session.no_autoflush(), code).await;
            session[node].code = (*new).into();
            session[node].parent = Some((*parent).into());
        }
        let error = session.commit().await.unwrap_err().to_string();
        assert!(
            error.contains("refers to a row of `Node` that the same flush deletes, or gives another key"),
            "{error}"
        );
        assert_eq!(stored(&fixture).await, ["a - -", "b - -"]);
    };
    // ON UPDATE CASCADE would make `c` of it.
    refused(&[("a", "c", "a")]).await;
    refused(&[("a", "c", "b"), ("b", "d", "a")]).await;
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "topics")]
struct Topic {
    #[orm(primary_key)]
    code: String,
    name: String,
    #[orm(default = "0")]
    replies: i32,
    #[orm(version, column = "xmin")]
    version: orm_core::types::Xmin,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "replies")]
struct Reply {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Topic.code, on_delete = cascade)]
    topic: String,
}

const COUNT: &str = "CREATE FUNCTION count_replies() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE topics SET replies = (SELECT count(*) FROM replies WHERE topic = topics.code) WHERE code IN (OLD.topic, NEW.topic);
    RETURN NULL; END $$;
    CREATE TRIGGER count_replies AFTER INSERT OR DELETE OR UPDATE ON replies FOR EACH ROW EXECUTE FUNCTION count_replies()";

#[tokio::test]
async fn what_a_trigger_counts_in_a_row_that_takes_another_over_is_counted_behind_that() {
    let fixture = Fixture::new(schema![Topic, Reply]).await;
    let engine = &fixture.engine;
    engine.run_script(COUNT).await.unwrap();
    engine.execute(insert(NewTopic::new("a", "x"))).await.unwrap();
    engine.execute(insert([1, 2, 3].map(|id| NewReply { id, topic: "a".into() }))).await.unwrap();
    let mut session = fixture.session();
    let topic = session.one(select(Topic)).await.unwrap();
    let replies = session.all(select(Reply).order_by(Reply.id)).await.unwrap();
    session.delete(replies[0]).unwrap();
    session.delete(topic).unwrap();
    let new = session.add(NewTopic::new("a", "y"));
    session.commit().await.unwrap();
    assert_eq!((session[new].name.as_str(), session[new].replies), ("y", 2));
    assert_eq!(engine.one(select(Topic.replies)).await.unwrap(), 2);
}

#[tokio::test]
async fn what_a_trigger_counts_around_a_row_that_takes_another_over_is_right() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "boxes")]
    struct Container {
        #[orm(primary_key)]
        code: String,
        #[orm(default = "0")]
        things: i32,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "things")]
    struct Thing {
        #[orm(primary_key)]
        code: String,
        #[orm(references = Container.code)]
        place: String,
    }
    let fixture = Fixture::new(schema![Container, Thing]).await;
    let count = "CREATE FUNCTION count_things() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP <> 'INSERT' THEN UPDATE boxes SET things = things - 1 WHERE code = OLD.place; END IF;
            IF TG_OP <> 'DELETE' THEN UPDATE boxes SET things = things + 1 WHERE code = NEW.place; END IF;
            RETURN NULL; END $$";
    fixture.database.execute(count).await;
    let trigger = "CREATE TRIGGER counted AFTER INSERT OR UPDATE OR DELETE ON things FOR EACH ROW EXECUTE FUNCTION count_things()";
    fixture.database.execute(trigger).await;
    fixture.database.execute("INSERT INTO boxes (code) VALUES ('b')").await;
    fixture.database.execute("INSERT INTO things VALUES ('6', 'b'), ('2', 'b')").await;
    let mut session = fixture.session();
    let old = session.find::<Container>("b").await.unwrap().unwrap();
    let things = session.all(select(Thing)).await.unwrap();
    // The thing `6` is made anew in the new box `b`, whose key the old box gives up, which the old thing has to leave before.
    session.add(NewThing::new("6", "b"));
    session[old].code = "f".into();
    let new = session.add(NewContainer::new("b"));
    things.iter().for_each(|&thing| session.delete(thing).unwrap());
    session.commit().await.unwrap();
    assert_eq!((session[old].things, session[new].things), (0, 1));
    let stored: Vec<(String, i32)> = fixture
        .engine
        .all(select((Container.code, Container.things)).order_by(Container.code))
        .await
        .unwrap();
    assert_eq!(stored, [("b".to_owned(), 1), ("f".to_owned(), 0)]);
}
