//! Keys of new rows, however the database makes them.

use orm_core::DifferenceKind;
use orm_core::prelude::*;
use orm_tests::Fixture;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "parents")]
struct Parent {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "children")]
struct Child {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Parent.id)]
    parent_id: i64,
}

/// Keys that no sequence of the column makes.
async fn after(change: &str) -> Fixture {
    let fixture = Fixture::new(schema![Parent, Child]).await;
    fixture.database.execute(change).await;
    fixture
}

/// New rows, alone and several, and their children, have the keys that the database makes for single rows.
async fn assert_keys(fixture: &Fixture, key: impl Fn(i64) -> bool) {
    for flush in [false, true] {
        for count in [1, 5, 5] {
            let mut session = fixture.session();
            let parents = session.add_all((0..count).map(|n: i32| NewParent::new(n.to_string())));
            if flush {
                session.flush().await.expect("flushed");
            }
            session.commit().await.expect("committed");
            for (nth, &parent) in parents.iter().enumerate() {
                let id = session[parent].id;
                assert!(key(id), "{id}");
                let stored =
                    fixture.engine.one(select(Parent).filter(Parent.id.eq(id))).await.expect("a row");
                assert_eq!((&stored, &*stored.name), (&session[parent], &*nth.to_string()));
            }
        }
    }
    for _ in 0..2 {
        let mut session = fixture.session();
        let parents = session.add_all(["a", "b"].map(NewParent::new));
        let children = session
            .add_all(parents.iter().flat_map(|&parent| [NewChild::new(parent), NewChild::new(parent)]));
        session.commit().await.expect("committed");
        for (nth, child) in children.into_iter().enumerate() {
            assert_eq!(session[child].parent_id, session[parents[nth / 2]].id);
            assert!(key(session[child].parent_id));
        }
    }
}

#[tokio::test]
async fn a_default_by_a_sequence_of_nobody_makes_the_keys_of_many_rows() {
    let fixture = after(
        "CREATE SEQUENCE numbers START 1000; \
         ALTER TABLE parents ALTER id DROP IDENTITY, ALTER id SET DEFAULT nextval('numbers') * 2",
    )
    .await;
    assert_keys(&fixture, |id| id >= 2000 && id % 2 == 0).await;
    // From then on keys are made ahead.
    fixture.recorder.take();
    let mut session = fixture.session();
    session.add_all((0..100).map(|n: i32| NewParent::new(n.to_string())));
    session.commit().await.expect("committed");
    let recorded = fixture.recorder.take();
    assert_eq!((recorded.round_trips, recorded.statements.len()), (1, 3), "{recorded:?}");
}

#[tokio::test]
async fn a_sequence_that_belongs_to_the_column_is_not_used_where_its_default_is_another() {
    let fixture = after(
        "CREATE SEQUENCE numbers START 1000; CREATE SEQUENCE own OWNED BY parents.id; \
         ALTER TABLE parents ALTER id DROP IDENTITY, ALTER id SET DEFAULT nextval('numbers')",
    )
    .await;
    assert_keys(&fixture, |id| id >= 1000).await;
}

#[tokio::test]
async fn keys_of_a_trigger_come_back_with_their_rows() {
    let fixture = after(
        "CREATE SEQUENCE numbers START 1000; ALTER TABLE parents ALTER id DROP IDENTITY; \
         CREATE FUNCTION number() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN NEW.id := nextval(''numbers''); RETURN NEW; END'; \
         CREATE TRIGGER numbers BEFORE INSERT ON parents FOR EACH ROW EXECUTE FUNCTION number()",
    )
    .await;
    assert_keys(&fixture, |id| id >= 1000).await;
}

#[tokio::test]
async fn an_identity_that_is_always_generated_is_no_other() {
    let fixture = after("ALTER TABLE parents ALTER id SET GENERATED ALWAYS").await;
    assert_keys(&fixture, |_| true).await;
    let serial = after(
        "ALTER TABLE parents ALTER id DROP IDENTITY; CREATE SEQUENCE numbers OWNED BY parents.id; \
         ALTER TABLE parents ALTER id SET DEFAULT nextval('numbers')",
    )
    .await;
    assert_keys(&serial, |_| true).await;
}

#[tokio::test]
async fn what_is_no_key_s_fault_is_told_as_it_is() {
    let fixture = after("ALTER TABLE parents ADD more text NOT NULL").await;
    let mut session = fixture.session();
    session.add_all(["a", "b"].map(NewParent::new));
    let error = session.commit().await.expect_err("a column is NULL");
    assert!(error.is_not_null_violation(), "{error:?}");
    assert_eq!(error.column(), Some("more"));
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tokens")]
struct Token {
    #[orm(primary_key, default = "gen_random_uuid()")]
    id: Uuid,
    name: String,
}

#[tokio::test]
async fn keys_are_made_by_the_default_of_the_database_not_by_that_of_the_model() {
    let fixture = Fixture::new(schema![Token]).await;
    let change = "CREATE SEQUENCE numbers; ALTER TABLE tokens ALTER id \
                  SET DEFAULT lpad(nextval('numbers')::text, 32, '0')::uuid";
    fixture.database.execute(change).await;
    let mut session = fixture.session();
    let tokens = session.add_all((0..5).map(|n: i32| NewToken::new(n.to_string())));
    session.commit().await.expect("committed");
    let mut ids: Vec<Uuid> = session.values(&tokens).map(|token| token.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [1, 2, 3, 4, 5].map(Uuid::from_u128));
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tickets")]
struct Ticket {
    #[orm(primary_key, generated = always)]
    id: i64,
    #[orm(generated = by_default)]
    number: i32,
    name: String,
}

#[tokio::test]
async fn generated_always_is_made_and_compared() {
    let fixture = Fixture::new(schema![Ticket]).await;
    let sql = "SELECT attname || ' ' || attidentity::text FROM pg_attribute WHERE attrelid = 'tickets'::regclass AND \
               attidentity <> '' ORDER BY 1";
    let found: Vec<String> = fixture.database.query_text(sql).await.into_iter().flatten().flatten().collect();
    assert_eq!(found, ["id a", "number d"]);
    assert_eq!(*fixture.engine.check_schema(schema![Ticket]).await.expect("checked"), []);
    let change = "ALTER TABLE tickets ALTER id SET GENERATED BY DEFAULT, ALTER number SET GENERATED ALWAYS";
    fixture.database.execute(change).await;
    let found = fixture.engine.check_schema(schema![Ticket]).await.expect("checked");
    assert!(found.iter().all(|difference| difference.kind() == DifferenceKind::ColumnDefault));
    assert_eq!(
        found.to_string(),
        "`Ticket.id`: expected \"tickets\".\"id\" to be numbered (GENERATED ALWAYS AS IDENTITY), found GENERATED BY DEFAULT \
         AS IDENTITY; write `#[orm(generated)]`\n\
         `Ticket.number`: expected \"tickets\".\"number\" to be numbered (GENERATED BY DEFAULT AS IDENTITY), found \
         GENERATED ALWAYS AS IDENTITY; write `#[orm(generated = always)]`"
    );
}

#[tokio::test]
async fn an_insert_by_columns_gives_keys_of_its_own_to_either_identity() {
    let fixture = Fixture::new(schema![Ticket, Parent]).await;
    let engine = &fixture.engine;
    let ticket = insert(Ticket).columns((Ticket.id, Ticket.number, Ticket.name));
    engine.execute(ticket.clone().values([(7, 70, "a")])).await.expect("one");
    engine.execute(ticket.values([(8, 80, "b"), (9, 90, "c")])).await.expect("several");
    let ids = engine.all(select((Ticket.id, Ticket.number)).order_by(Ticket.id)).await.expect("rows");
    assert_eq!(ids, [(7, 70), (8, 80), (9, 90)]);
    let parent = insert(Parent).columns((Parent.id, Parent.name)).values([(5, "a"), (6, "b")]);
    let again = parent.clone().on_conflict(Parent.id).do_update().set(Parent.name, "c");
    engine.execute(parent).await.expect("several");
    assert_eq!(engine.execute(again).await.expect("changed"), 2);
    let mut session = fixture.session();
    let tickets = session.add_all(["d", "e"].map(NewTicket::new));
    session.commit().await.expect("committed");
    assert_eq!(session.values(&tickets).map(|ticket| ticket.id).collect::<Vec<_>>(), [1, 2]);
    session[tickets[0]].name.push('!');
    session.delete(tickets[1]).expect("marked");
    session.commit().await.expect("committed");
}

#[tokio::test]
async fn a_change_of_a_key_that_is_always_generated_says_what_to_do() {
    let fixture = Fixture::new(schema![Ticket]).await;
    let mut session = fixture.session();
    let ticket = session.add(NewTicket::new("a"));
    session.commit().await.expect("committed");
    fixture.recorder.take();
    session[ticket].id = 9;
    let error = session.flush().await.expect_err("refused");
    assert!(error.is_session() && error.to_string().contains("`Ticket.id`"), "{error}");
    assert!(error.to_string().contains("`add_with_key`"), "{error}");
    assert_eq!(fixture.recorder.take().statements, Vec::<String>::new());
    session.rollback().await.expect("rolled back");
    let error = session.execute(update(Ticket).set(Ticket.id, 9).all_rows()).await.expect_err("refused");
    assert_eq!(error.code(), Some("428C9"));
    assert!(error.to_string().contains("insert a new row with the key it is to have"), "{error}");
    session.rollback().await.expect("rolled back");
    let copy = session.add_with_key(NewTicket::new("a"), 9).expect("added");
    session.delete(ticket).expect("marked");
    session.commit().await.expect("committed");
    assert_eq!(session[copy].id, 9);
}

#[derive(Model, Clone, Debug)]
struct Label {
    #[orm(primary_key)]
    code: String,
    text: String,
}

#[tokio::test]
async fn keys_that_the_program_gives_and_a_trigger_changes_come_back_with_their_rows() {
    for begun in [false, true] {
        let fixture = Fixture::new(schema![Label]).await;
        fixture
            .database
            .execute(
                "CREATE FUNCTION lower_code() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN NEW.code := lower(NEW.code); RETURN NEW; END';
                 CREATE TRIGGER lower_code BEFORE INSERT ON labels FOR EACH ROW EXECUTE FUNCTION lower_code()",
            )
            .await;
        let mut session = fixture.session();
        if begun {
            session.all(select(Label)).await.expect("none");
        }
        for codes in [["A", "B"], ["C", "D"]] {
            let labels = session.add_all(codes.map(|code| NewLabel::new(code, code)));
            session.commit().await.expect("as a single row");
            for (label, code) in labels.iter().zip(codes) {
                assert_eq!(
                    (session[*label].code.to_uppercase(), &*session[*label].text),
                    (code.to_owned(), code)
                );
                let found = session.find::<Label>(code.to_lowercase()).await.expect("found");
                assert_eq!(found, Some(*label));
            }
            session.commit().await.expect("read");
        }
        assert_eq!(fixture.engine.one(select(func::count(Label.code))).await.expect("a count"), 4);
    }
}

#[tokio::test]
async fn keys_that_the_database_would_make_and_the_program_gives_may_be_changed_by_a_trigger_too() {
    for begun in [false, true] {
        let fixture = Fixture::new(schema![Ticket]).await;
        fixture
            .database
            .execute(
                "CREATE FUNCTION further() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN NEW.id := NEW.id + 1000; RETURN NEW; END';
                 CREATE TRIGGER further BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION further()",
            )
            .await;
        let mut session = fixture.session();
        if begun {
            session.all(select(Ticket)).await.expect("none");
        }
        let tickets = [5_i64, 7].map(|id| {
            let name = format!("ticket {id}");
            (id, session.add_with_key(NewTicket::new(name), id).expect("a key of its own"))
        });
        session.commit().await.expect("as a single row");
        for (id, ticket) in tickets {
            assert_eq!((session[ticket].id, &*session[ticket].name), (id + 1000, &*format!("ticket {id}")));
            assert_eq!(session.find::<Ticket>(id + 1000).await.expect("found"), Some(ticket));
        }
    }
}

#[derive(Model, Clone, Debug)]
#[orm(table = "prices")]
struct Price {
    #[orm(primary_key)]
    amount: Decimal,
    name: String,
}

#[tokio::test]
async fn keys_that_the_column_rounds_come_back_with_their_rows() {
    for (ty, begun) in [("numeric(10,1)", false), ("numeric(10,1)", true), ("tenths", false)] {
        let fixture = Fixture::new(schema![Price]).await;
        let create = "CREATE DOMAIN tenths AS numeric(10,1)";
        fixture.database.execute(&format!("{create}; ALTER TABLE prices ALTER amount TYPE {ty}")).await;
        let mut session = fixture.session();
        if begun {
            session.all(select(Price)).await.expect("none");
        }
        for [first, second] in [["1.26", "2.24"], ["3.5", "4.01"]] {
            let amounts = [first, second].map(|amount| amount.parse::<Decimal>().expect("a number"));
            let prices = session.add_all(amounts.map(|amount| NewPrice::new(amount, amount.to_string())));
            session.commit().await.expect("as a single row");
            for (price, amount) in prices.into_iter().zip(amounts) {
                let rounded = amount.round_dp(1);
                assert_eq!((session[price].amount, &session[price].name), (rounded, &amount.to_string()));
                assert_eq!(session.find::<Price>(rounded).await.expect("found"), Some(price));
            }
            session.commit().await.expect("read");
        }
    }
}
