//! Rows that a flush changes, and that others take along in the same flush.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "orders")]
struct Order {
    #[orm(primary_key)]
    number: i64,
    #[orm(unique)]
    name: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "lines")]
struct Line {
    #[orm(primary_key, references = Order.number, on_delete = cascade, on_update = cascade)]
    order: i64,
    #[orm(primary_key)]
    place: i32,
    #[orm(unique)]
    name: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tickets")]
struct Ticket {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Order.number, on_delete = set_default, on_update = cascade, default = "1")]
    order: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes", index("mod(size, 4)", unique))]
struct Note {
    #[orm(primary_key)]
    code: String,
    size: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "pages")]
struct Page {
    #[orm(primary_key)]
    number: i64,
    #[orm(references = Note.code)]
    note: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "labels")]
struct Label {
    #[orm(primary_key, references = Order.number, on_update = cascade)]
    order: i64,
    #[orm(primary_key, references = Note.code, on_update = cascade)]
    note: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "folders", unique(parent, name))]
struct Folder {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Folder.code, on_delete = cascade, on_update = cascade)]
    parent: Option<String>,
    name: String,
}

const SCHEMA: orm_core::schema::Schema = schema![Order, Line, Ticket, Note, Page, Label, Folder];

async fn orders(fixture: &Fixture, session: &mut Session, numbers: &[i64]) -> Vec<Handle<Order>> {
    let rows: Vec<NewOrder> = numbers.iter().map(|number| NewOrder::new(*number)).collect();
    fixture.engine.execute(insert(Order).values(rows)).await.unwrap();
    session.all(select(Order).order_by(Order.number)).await.unwrap()
}

async fn line(fixture: &Fixture, session: &mut Session, order: i64, place: i32) -> Handle<Line> {
    fixture.engine.execute(insert(Line).values([NewLine::new(order, place)])).await.unwrap();
    session.find::<Line>((order, place)).await.unwrap().unwrap()
}

#[tokio::test]
async fn lines_of_an_order_make_room_for_each_other_while_it_gets_another_number() {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    let order = orders(&fixture, &mut session, &[4]).await[0];
    let first = line(&fixture, &mut session, 4, 5).await;
    let second = line(&fixture, &mut session, 4, 4).await;
    session[order].number = 5;
    session[second].place = 5;
    session[first].place = 3;
    session.commit().await.unwrap();
    let lines = [first, second].map(|line| (session[line].order, session[line].place));
    assert_eq!(lines, [(5, 3), (5, 5)]);
    let found = fixture.database.query_text("SELECT \"order\", place FROM lines ORDER BY place").await;
    assert_eq!(found, [["5", "3"], ["5", "5"]].map(|row| row.map(|cell| Some(cell.to_owned())).to_vec()));
}

#[tokio::test]
async fn a_row_that_goes_along_gives_up_what_it_has_taken_before() {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    let all = orders(&fixture, &mut session, &[1, 2]).await;
    let going = line(&fixture, &mut session, 1, 1).await;
    let staying = line(&fixture, &mut session, 2, 1).await;
    session[staying].name = Some("x".to_owned());
    session[going].name = Some("x".to_owned());
    session.delete(all[0]).unwrap();
    session.commit().await.unwrap();
    assert!(!session.contains(going));
    assert_eq!(session[staying].name.as_deref(), Some("x"));
}

#[tokio::test]
async fn rows_turn_to_the_row_of_their_default_before_that_gets_another_key() {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    let all = orders(&fixture, &mut session, &[1, 2]).await;
    fixture
        .engine
        .execute(insert(Ticket).values([NewTicket { order: Some(2.into()), ..NewTicket::new(7) }]))
        .await
        .unwrap();
    let ticket = session.find::<Ticket>(7).await.unwrap().unwrap();
    session[all[0]].number = 9;
    session.delete(all[1]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[ticket].order, 9);
}

#[tokio::test]
async fn a_row_is_deleted_and_added_again_where_one_update_makes_no_order() {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    fixture.engine.execute(insert(Note).values([NewNote::new("a", 2)])).await.unwrap();
    fixture.engine.execute(insert(Page).values([NewPage::new(1, "a")])).await.unwrap();
    let note = session.find::<Note>("a").await.unwrap().unwrap();
    let page = session.find::<Page>(1).await.unwrap().unwrap();
    session.delete(page).unwrap();
    session.delete(note).unwrap();
    // The index says that 2 and 6 are alike, which the session cannot see.
    let note = session.add(NewNote::new("b", 6));
    let page = session.add(NewPage::new(1, note));
    session.commit().await.unwrap();
    assert_eq!(session[page].note, "b");
}

#[tokio::test]
async fn a_row_that_is_written_together_with_another_is_known_by_the_key_it_has_at_the_end() {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    let order = orders(&fixture, &mut session, &[1]).await[0];
    fixture.engine.execute(insert(Note).values([NewNote::new("a", 1)])).await.unwrap();
    fixture.engine.execute(insert(Label).values([NewLabel::new(1_i64, "a")])).await.unwrap();
    let note = session.find::<Note>("a").await.unwrap().unwrap();
    let label = session.find::<Label>((1, "a".to_owned())).await.unwrap().unwrap();
    session[order].number = 3;
    session[note].code = "b".to_owned();
    session[label].note = "b".to_owned();
    session.commit().await.unwrap();
    assert!(session.contains(label));
    assert_eq!(session[label], Label { order: 3, note: "b".to_owned() });
}

#[tokio::test]
async fn a_row_takes_what_a_deleted_one_would_have_taken_along() {
    let fixture = Fixture::new(SCHEMA).await;
    let rows = "('d', NULL, 'X'), ('c', 'd', 'y'), ('f', 'c', 'x')";
    fixture.database.execute(&format!("INSERT INTO folders VALUES {rows}")).await;
    let mut session = fixture.session();
    let folders = session.all(select(Folder).order_by(Folder.code)).await.unwrap();
    let [deleted, root, kept] = folders[..] else { panic!("{folders:?}") };
    session[root].code = "b".into();
    session.delete(deleted).unwrap();
    session[kept].parent = Some("b".into());
    session[kept].name = "y".into();
    session.commit().await.unwrap();
    assert_eq!((session[kept].parent.as_deref(), &*session[kept].name), (Some("b"), "y"));
    assert!(!session.contains(deleted));
}
