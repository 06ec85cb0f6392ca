//! What a statement costs follows from the rows it touches, not from how many objects the session has.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use orm_core::engine::{Observer, StatementEvent};
use orm_core::prelude::*;
use orm_core::{Engine, Session, SessionMaker};
use orm_tests::Database;

#[derive(Model, Clone, Debug, PartialEq)]
struct Member {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
    #[orm(unique)]
    place: i32,
    visits: i32,
    #[orm(computed = "visits * 2")]
    double: i32,
    #[orm(version)]
    version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Loan {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Member.id, relation = member, on_delete = cascade)]
    member_id: i64,
    #[orm(references = Loan.id, relation = before, on_delete = cascade)]
    before_id: Option<i64>,
    title: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Note {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Loan.id, relation = loan, on_delete = set_null)]
    loan_id: Option<i64>,
    text: String,
}

/// What was sent and what came back.
#[derive(Clone, Debug, Default)]
struct Traffic(Arc<Mutex<Counted>>);

#[derive(Clone, Debug, Default)]
struct Counted {
    statements: Vec<String>,
    /// Characters of all parameters, as they are shown.
    sent: usize,
    rows: u64,
    round_trips: usize,
}

impl Observer for Traffic {
    fn statement(&self, event: &StatementEvent<'_>) {
        let mut counted = self.0.lock().unwrap();
        counted.statements.push(event.sql.to_owned());
        counted.sent += format!("{:?}", event.parameters).len();
        counted.rows += event.rows;
    }

    fn round_trip(&self, _statements: usize) {
        self.0.lock().unwrap().round_trips += 1;
    }
}

impl Traffic {
    fn take(&self) -> Counted {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

struct Club {
    database: Database,
    engine: Engine,
    traffic: Traffic,
    session: Session,
    members: Vec<Handle<Member>>,
}

/// So many members, all of them objects of the session.
async fn club(count: i32) -> Club {
    let database = Database::create().await;
    let traffic = Traffic::default();
    let engine = Engine::builder(database.url()).observe(Arc::new(traffic.clone())).connect().await.unwrap();
    engine.create_all(schema![Member, Loan, Note]).await.unwrap();
    let rows = (0..count).map(|place| ("Ann", place, 0));
    engine
        .execute(insert(Member).columns((Member.name, Member.place, Member.visits)).values(rows))
        .await
        .unwrap();
    let mut session = SessionMaker::new(engine.clone()).session();
    let members = session.all(select(Member).order_by(Member.place)).await.unwrap();
    session.commit().await.unwrap();
    traffic.take();
    Club { database, engine, traffic, session, members }
}

fn visit(place: i32) -> orm_core::query::Update<Member> {
    update(Member).set(Member.visits, Member.visits + 1).filter(Member.place.eq(place))
}

#[tokio::test]
async fn a_statement_reads_the_rows_it_touched_and_sends_no_keys() {
    let Club { database: _database, traffic, mut session, members, .. } = club(1_000).await;
    session.execute(visit(0)).await.unwrap();
    traffic.take();
    for synchronize in [Synchronize::Auto, Synchronize::Fetch] {
        assert_eq!(session.execute(visit(7).synchronize(synchronize)).await.unwrap(), 1);
        let counted = traffic.take();
        assert_eq!((counted.statements.len(), counted.round_trips, counted.rows), (1, 1, 1), "{counted:?}");
        assert!(counted.sent < 100, "{counted:?}");
    }
    let Member { visits, double, version, .. } = session[members[7]];
    assert_eq!((visits, double, version), (2, 4, 3));
    assert_eq!((session[members[8]].visits, session.is_dirty()), (0, false));
    assert_eq!(session.execute(visit(-1)).await.unwrap(), 0);
    session.rollback().await.unwrap();
    assert_eq!((session[members[7]].visits, session[members[7]].version), (0, 1));
}

#[tokio::test]
async fn a_hundred_updates_take_at_most_three_times_as_long_with_ten_thousand_objects_as_with_none() {
    let Club { database: _database, engine, mut session, members, .. } = club(10_000).await;
    let mut none = SessionMaker::new(engine).session();
    let (mut alone, mut among) = (Duration::MAX, Duration::MAX);
    // The best of several, for what else the machine does is no matter.
    for round in 0..5 {
        for (session, best) in [(&mut none, &mut alone), (&mut session, &mut among)] {
            let since = Instant::now();
            for place in 0..100 {
                session.execute(visit(round * 100 + place)).await.unwrap();
            }
            *best = since.elapsed().min(*best);
            session.commit().await.unwrap();
        }
    }
    assert_eq!(session[members[499]].visits, 2);
    println!("100 updates took {alone:?} with no objects, {among:?} with 10,000");
    let floor = Duration::from_millis(5);
    assert!(among <= alone.max(floor) * 3, "{among:?} with 10,000 objects, {alone:?} with none");
}

#[tokio::test]
async fn the_catalogue_is_asked_once_for_an_engine_and_a_table() {
    let Club { database: _database, engine, traffic, mut session, .. } = club(100).await;
    let asked =
        |counted: &Counted| counted.statements.iter().filter(|sql| sql.contains("pg_constraint")).count();
    session.execute(visit(1)).await.unwrap();
    let first = traffic.take();
    assert_eq!((asked(&first), first.round_trips), (2, 2), "{first:?}");
    session.execute(visit(1)).await.unwrap();
    let mut other = SessionMaker::new(engine).session();
    session.commit().await.unwrap();
    other.all(select(Member)).await.unwrap();
    other.execute(visit(2)).await.unwrap();
    assert_eq!(asked(&traffic.take()), 0);
}

#[tokio::test]
async fn few_objects_are_read_again_without_a_question_and_in_one_round_trip() {
    let Club { database: _database, traffic, mut session, members, .. } = club(15).await;
    assert_eq!(session.execute(update(Member).set(Member.visits, 5).all_rows()).await.unwrap(), 15);
    let counted = traffic.take();
    assert_eq!((counted.round_trips, counted.statements.len()), (1, 3), "BEGIN, UPDATE, SELECT: {counted:?}");
    assert!(session.values(&members).all(|member| member.visits == 5));
}

#[tokio::test]
async fn no_more_rows_come_back_than_there_are_objects() {
    let Club { database: _database, engine, traffic, .. } = club(5_000).await;
    let mut session = SessionMaker::new(engine).session();
    let members = session.all(select(Member).filter(Member.place.lt(50))).await.unwrap();
    session.execute(visit(0)).await.unwrap();
    traffic.take();
    assert_eq!(session.execute(update(Member).set(Member.visits, 9).all_rows()).await.unwrap(), 5_000);
    let counted = traffic.take();
    assert_eq!((counted.round_trips, counted.rows), (2, 51), "{counted:?}");
    assert!(session.values(&members).all(|member| member.visits == 9 && member.double == 18));
    assert_eq!(session.execute(delete(Member).all_rows()).await.unwrap(), 5_000);
    assert!(members.iter().all(|&member| session.is_deleted(member)));
}

#[tokio::test]
async fn rows_come_back_from_a_statement_that_asks_for_them() {
    let Club { database: _database, traffic, mut session, members, .. } = club(100).await;
    let statement = update(Member).set(Member.visits, 3).filter(Member.place.lt(2));
    let mut returned = session.all(statement.clone().returning((Member, Member.place + 1))).await.unwrap();
    returned.sort_by_key(|(_, next)| *next);
    assert_eq!(returned, [(members[0], 1), (members[1], 2)]);
    assert_eq!((session[members[0]].visits, session[members[1]].double), (3, 6));
    let none = statement.filter(Member.visits.gt(7));
    assert_eq!(session.all(none.clone().returning(Member.id)).await.unwrap(), Vec::<i64>::new());
    assert_eq!(session.execute(none).await.unwrap(), 0);
    let gone = session.all(delete(Member).filter(Member.place.eq(4)).returning(Member.place)).await.unwrap();
    assert_eq!((gone, session.is_deleted(members[4])), (vec![4], true));
    traffic.take();
    let town = Member.alias("town");
    let named = update(town).set(town.name, "Zoe").filter(town.place.eq(5)).returning(town.name);
    assert_eq!(session.one(named).await.unwrap(), "Zoe");
    assert_eq!((&*session[members[5]].name, traffic.take().round_trips), ("Zoe", 1));
}

#[tokio::test]
async fn an_insert_that_changes_rows_in_conflict_tells_which() {
    let Club { database: _database, traffic, mut session, members, .. } = club(100).await;
    session.execute(visit(0)).await.unwrap();
    traffic.take();
    let rows = [NewMember::new("Bob", 3, 1), NewMember::new("Bob", 1_000, 1)];
    let statement = insert(Member).values(rows).on_conflict(Member.place).do_update();
    let statement = statement.set(Member.visits, Member.visits + excluded(Member.visits) + 10);
    assert_eq!(session.execute(statement).await.unwrap(), 2);
    let counted = traffic.take();
    assert_eq!((counted.round_trips, counted.rows), (1, 2), "{counted:?}");
    let Member { visits, double, version, .. } = session[members[3]];
    assert_eq!((visits, double, version), (11, 22, 2));
}

/// Loans in a chain of `length` for one member, and a note on each; all made by the engine.
async fn chain(club: &Club, member: i64, length: i64) {
    for nth in 0..length {
        let before_id = if nth == 0 { None } else { Some(nth + member * 100 - 1) };
        let id = nth + member * 100;
        let sql = format!(
            "INSERT INTO loans (id, member_id, before_id, title) VALUES ({id}, {member}, {}, 'x'); \
             INSERT INTO notes (id, loan_id, text) VALUES ({id}, {id}, 'n')",
            before_id.map_or("NULL".to_owned(), |id: i64| id.to_string())
        );
        club.database.execute(&sql).await;
    }
}

#[tokio::test]
async fn what_goes_along_is_found_through_rows_that_are_not_loaded() {
    let mut club = club(100).await;
    chain(&club, 1, 5).await;
    chain(&club, 2, 5).await;
    let session = &mut club.session;
    let notes = session.all(select(Note).order_by(Note.id)).await.unwrap();
    session.execute(visit(0)).await.unwrap();
    session.commit().await.unwrap();
    session.expunge_all();
    let loans = session.all(select(Loan).filter(Loan.id.in_([101, 201])).order_by(Loan.id)).await.unwrap();
    let members = session.all(select(Member).order_by(Member.id)).await.unwrap();
    assert!(session.get(notes[0]).is_err());
    let notes = session.all(select(Note).order_by(Note.id)).await.unwrap();
    club.traffic.take();
    // Only the first of a chain goes; the others by themselves.
    assert_eq!(session.execute(delete(Loan).filter(Loan.id.eq(100))).await.unwrap(), 1);
    let counted = club.traffic.take();
    assert!(session.is_deleted(loans[0]));
    let own = counted.statements.iter().filter(|sql| !sql.contains("pg_constraint")).count();
    assert_eq!((own, counted.round_trips), (3, 3), "the catalogue, the DELETE, what went along: {counted:?}");
    let of = |session: &Session| session.values(&notes).map(|note| note.loan_id).collect::<Vec<_>>();
    let second = (200..205).map(Some);
    assert_eq!(of(session), [None; 5].into_iter().chain(second).collect::<Vec<_>>());
    assert_eq!(session.execute(delete(Member).filter(Member.id.eq(2))).await.unwrap(), 1);
    assert_eq!(of(session), [None; 10]);
    assert!(session.is_deleted(loans[1]) && session.is_deleted(members[1]) && session.contains(members[2]));
    session.rollback().await.unwrap();
    assert_eq!(of(session), (100..105).chain(200..205).map(Some).collect::<Vec<_>>());
    assert!(session.contains(loans[0]) && session.contains(members[1]));
}

#[tokio::test]
async fn triggers_make_all_objects_be_read_again_also_one_that_was_made_later() {
    let Club { database, traffic, mut session, members, .. } = club(100).await;
    session.execute(visit(1)).await.unwrap();
    session.commit().await.unwrap();
    // A program of others: a visit of one counts for all.
    database
        .execute(
            "CREATE FUNCTION all_of_them() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN UPDATE members SET name = name || '!' WHERE place = 50; RETURN NULL; END $$;
             CREATE TRIGGER all_of_them AFTER UPDATE ON members FOR EACH ROW WHEN (OLD.visits <> NEW.visits)
             EXECUTE FUNCTION all_of_them()",
        )
        .await;
    traffic.take();
    session.execute(visit(1)).await.unwrap();
    assert_eq!((&*session[members[50]].name, session[members[1]].visits), ("Ann!", 2));
    assert_eq!(traffic.take().round_trips, 2, "what came back shows that there are more triggers");
    session.execute(visit(1)).await.unwrap();
    assert_eq!(&*session[members[50]].name, "Ann!!");
    traffic.take();
    session.execute(visit(1)).await.unwrap();
    assert_eq!((&*session[members[50]].name, traffic.take().round_trips), ("Ann!!!", 1));
    session.commit().await.unwrap();
    database.execute("DROP TRIGGER all_of_them ON members").await;
    session.execute(visit(1)).await.unwrap();
    assert_eq!((&*session[members[50]].name, session[members[1]].visits), ("Ann!!!", 5));
}

#[tokio::test]
async fn a_foreign_key_that_was_made_later_is_followed() {
    let Club { database, mut session, members, .. } = club(100).await;
    session.execute(visit(1)).await.unwrap();
    session.execute(delete(Member).filter(Member.place.eq(99))).await.unwrap();
    session.commit().await.unwrap();
    // Nobody's model says so.
    database
        .execute(
            "ALTER TABLE members ADD COLUMN friend bigint REFERENCES members ON DELETE CASCADE;
             UPDATE members SET friend = 1 WHERE id BETWEEN 5 AND 9",
        )
        .await;
    assert_eq!(session.execute(delete(Member).filter(Member.id.eq(1))).await.unwrap(), 1);
    let gone = members[..10].iter().map(|&member| session.is_deleted(member)).collect::<Vec<_>>();
    assert_eq!(gone, [true, false, false, false, true, true, true, true, true, false]);
}

#[tokio::test]
async fn partitions_rules_and_row_security_are_read_again_as_a_whole() {
    for (name, sql) in [
        (
            "rule",
            "CREATE TABLE log (id bigint); \
                  CREATE RULE log AS ON UPDATE TO members DO ALSO INSERT INTO log VALUES (NEW.id)",
        ),
        ("row security", "ALTER TABLE members ENABLE ROW LEVEL SECURITY"),
        ("heirs", "CREATE TABLE heirs () INHERITS (members)"),
    ] {
        let Club { database, traffic, mut session, members, .. } = club(100).await;
        database.execute(sql).await;
        for _ in 0..2 {
            traffic.take();
            session.execute(visit(1)).await.unwrap();
        }
        assert_eq!((session[members[1]].visits, traffic.take().rows), (2, 101), "{name}");
    }
}

#[tokio::test]
async fn a_rule_made_later_is_an_error_once() {
    let Club { database, traffic, mut session, members, .. } = club(100).await;
    session.execute(visit(1)).await.unwrap();
    session.commit().await.unwrap();
    database
        .execute(
            "CREATE TABLE log (id bigint); \
             CREATE RULE log AS ON UPDATE TO members DO ALSO INSERT INTO log VALUES (NEW.id)",
        )
        .await;
    let error = session.execute(visit(1)).await.unwrap_err();
    assert_eq!(error.code(), Some("0A000"), "{error}");
    session.rollback().await.unwrap();
    traffic.take();
    session.execute(visit(1)).await.unwrap();
    assert_eq!((session[members[1]].visits, traffic.take().rows > 100), (2, true));
}

#[tokio::test]
async fn objects_of_other_tables_alone_cost_nothing_and_a_trigger_made_later_is_seen() {
    let Club { database, traffic, mut session, members, .. } = club(100).await;
    database.execute("INSERT INTO loans (member_id, title) VALUES (51, 'a')").await;
    session.execute(update(Loan).set(Loan.title, "b").all_rows()).await.unwrap();
    session.commit().await.unwrap();
    traffic.take();
    session.execute(update(Loan).set(Loan.title, "c").all_rows()).await.unwrap();
    let counted = traffic.take();
    assert_eq!((counted.round_trips, counted.rows), (1, 1), "{counted:?}");
    session.commit().await.unwrap();
    database
        .execute(
            "CREATE FUNCTION named() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN UPDATE members SET name = NEW.title WHERE id = NEW.member_id; RETURN NULL; END $$;
             CREATE TRIGGER named AFTER UPDATE ON loans FOR EACH ROW EXECUTE FUNCTION named()",
        )
        .await;
    session.execute(update(Loan).set(Loan.title, "d").all_rows()).await.unwrap();
    assert_eq!(&*session[members[50]].name, "d");
}
