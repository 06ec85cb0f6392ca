//! Relations as models declare them: by keys of several columns, unique ones, wider ones, and by way of a third table.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "orders", has_many(lines = Line.number, notes = Note.number))]
pub struct Order {
    #[orm(primary_key)]
    pub shop: i64,
    #[orm(primary_key)]
    pub number: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "lines", foreign_key(shop, number = Order, relation = order))]
pub struct Line {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub shop: i64,
    pub number: i32,
}

/// Of an order, or of none.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes", foreign_key(shop, number = Order, relation = order))]
pub struct Note {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub shop: i64,
    pub number: Option<i32>,
}

async fn orders() -> Fixture {
    let fixture = Fixture::new(schema![Order, Line, Note]).await;
    let engine = &fixture.engine;
    let orders = [(1, 1), (1, 2), (2, 1)].map(|(shop, number)| NewOrder::new(shop, number));
    engine.execute(insert(Order).values(orders)).await.unwrap();
    let lines = [(1, 1), (1, 1), (2, 1)].map(|(shop, number)| NewLine::new(shop, number));
    engine.execute(insert(Line).values(lines)).await.unwrap();
    let notes = [NewNote { number: Some(2.into()), ..NewNote::new(1) }, NewNote::new(1)];
    engine.execute(insert(Note).values(notes)).await.unwrap();
    fixture.recorder.take();
    fixture
}

#[tokio::test]
async fn a_relation_goes_by_a_key_of_several_columns() {
    let fixture = orders().await;
    let statement =
        select(Order).with(Order.lines).with(Order.notes.count()).order_by((Order.shop, Order.number));
    let rows: Vec<(Order, Vec<Line>, i64)> = fixture.engine.all(statement).await.unwrap();
    let counts: Vec<_> = rows.iter().map(|(_, lines, notes)| (lines.len(), *notes)).collect();
    assert_eq!(counts, [(2, 0), (0, 1), (1, 0)]);
    assert_eq!(fixture.recorder.take().statements.len(), 3);
    let lines: Vec<(Line, Order)> =
        fixture.engine.all(select(Line).with(Line.order).order_by(Line.id)).await.unwrap();
    assert!(lines.iter().all(|(line, order)| (line.shop, line.number) == (order.shop, order.number)));
}

#[tokio::test]
async fn a_key_that_is_null_in_part_points_at_no_row() {
    let fixture = orders().await;
    let rows: Vec<(Note, Option<Order>)> =
        fixture.engine.all(select(Note).with(Note.order).order_by(Note.id)).await.unwrap();
    assert_eq!(rows.iter().map(|(_, order)| order.is_some()).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_key_of_several_columns_is_asked_and_limited() {
    let fixture = orders().await;
    let asked = select(Order).filter(Order.lines.exists() & Order.notes.none(lit(true)));
    assert_eq!(fixture.engine.all(asked).await.unwrap().len(), 2);
    let limited = select(Order).with(Order.lines.order_by(Line.id.desc()).limit(1)).order_by(Order.shop);
    let rows = fixture.engine.all(limited).await.unwrap();
    assert_eq!(rows.iter().map(|(_, lines)| lines.len()).sum::<usize>(), 2);
    let joined = select((Order.number, Line.id)).join_relation(Order.lines);
    assert_eq!(fixture.engine.all(joined).await.unwrap().len(), 3);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "people",
    has_many(accounts = Account.email),
    many_to_many(friends = Person, through = Friendship, from = Friendship.person_id, to = Friendship.friend_id),
    many_to_many(fans = Person, through = Friendship, from = Friendship.friend_id, to = Friendship.person_id)
)]
pub struct Person {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(unique)]
    pub email: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "friendships")]
pub struct Friendship {
    #[orm(primary_key, references = Person.id)]
    pub person_id: i64,
    #[orm(primary_key, references = Person.id)]
    pub friend_id: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "accounts")]
pub struct Account {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Person.email, relation = person)]
    pub email: Option<String>,
}

async fn people() -> Fixture {
    let fixture = Fixture::new(schema![Person, Friendship, Account]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Person).values(["ann", "bob", "cid"].map(NewPerson::new))).await.unwrap();
    let friendships = [(1, 2), (1, 3), (2, 1)].map(|(person, friend)| NewFriendship::new(person, friend));
    engine.execute(insert(Friendship).values(friendships)).await.unwrap();
    let accounts = [NewAccount { email: Some("bob".into()) }, NewAccount { email: None }];
    engine.execute(insert(Account).values(accounts)).await.unwrap();
    fixture
}

fn emails(people: &[Person]) -> String {
    people.iter().map(|person| &*person.email).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_model_is_related_to_itself_both_ways_by_way_of_another() {
    let fixture = people().await;
    let statement = select(Person).with(Person.friends).with(Person.fans).order_by(Person.id);
    let rows: Vec<(Person, Vec<Person>, Vec<Person>)> = fixture.engine.all(statement).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(_, friends, fans)| (emails(friends), emails(fans))).collect();
    assert_eq!(
        rows,
        [("bob cid", "bob"), ("ann", "ann"), ("", "ann")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    let friends_of_cid = select(Person).filter(Person.friends.any(Person.email.eq("cid")));
    assert_eq!(emails(&fixture.engine.all(friends_of_cid).await.unwrap()), "ann");
    let counted = select(Person.email).filter(Person.fans.count().eq(1)).order_by(Person.id);
    assert_eq!(fixture.engine.all(counted).await.unwrap(), ["ann", "bob", "cid"]);
}

#[tokio::test]
async fn a_relation_goes_by_a_unique_column_that_is_not_the_key() {
    let fixture = people().await;
    let rows = fixture.engine.all(select(Person).with(Person.accounts).order_by(Person.id)).await.unwrap();
    assert_eq!(rows.iter().map(|(_, accounts)| accounts.len()).collect::<Vec<_>>(), [0, 1, 0]);
    let back: Vec<(Account, Option<Person>)> =
        fixture.engine.all(select(Account).with(Account.person).order_by(Account.id)).await.unwrap();
    assert_eq!(
        back.iter().map(|(_, person)| person.as_ref().map(|p| p.id)).collect::<Vec<_>>(),
        [Some(2), None]
    );
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "wide", has_many(narrow = Narrow.wide_id))]
pub struct Wide {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "narrow")]
pub struct Narrow {
    #[orm(primary_key, generated)]
    pub id: i16,
    #[orm(references = Wide.id, relation = wide)]
    pub wide_id: i32,
}

#[tokio::test]
async fn a_foreign_key_may_be_an_integer_of_another_width() {
    let fixture = Fixture::new(schema![Wide, Narrow]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Wide).values(["a", "b"].map(NewWide::new))).await.unwrap();
    engine.execute(insert(Narrow).values([NewNarrow::new(2), NewNarrow::new(2)])).await.unwrap();
    let rows = engine.all(select(Wide).with(Wide.narrow).order_by(Wide.id)).await.unwrap();
    assert_eq!(rows.iter().map(|(_, narrow)| narrow.len()).collect::<Vec<_>>(), [0, 2]);
    let back: Vec<(Narrow, Wide)> = engine.all(select(Narrow).with(Narrow.wide)).await.unwrap();
    assert!(back.iter().all(|(_, wide)| wide.name == "b"));
    assert_eq!(engine.all(select(Wide).filter(Wide.narrow.exists())).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_object_without_a_key_yet_is_referenced_by_an_integer_of_another_width() {
    let fixture = Fixture::new(schema![Wide, Narrow]).await;
    let mut session = fixture.session();
    let wide = session.add(NewWide::new("a"));
    let narrow = session.add_all([NewNarrow { wide_id: wide.into() }, NewNarrow { wide_id: wide.into() }]);
    session.commit().await.unwrap();
    let other = session.add(NewWide::new("b"));
    session.flush().await.unwrap();
    let id = session[other].id;
    session[narrow[0]].wide_id = i32::try_from(id).unwrap();
    session.commit().await.unwrap();
    let rows = fixture.engine.all(select(Wide).with(Wide.narrow).order_by(Wide.id)).await.unwrap();
    assert_eq!(rows.iter().map(|(_, narrow)| narrow.len()).collect::<Vec<_>>(), [1, 1]);
}
