//! Rows whose keys turn to a default when what they refer to goes, or gets another key: their objects turn with them.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "boxes")]
struct Crate {
    #[orm(primary_key)]
    code: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "parts")]
struct Part {
    #[orm(primary_key, references = Crate.code, on_delete = set_default, on_update = set_default, default = "1")]
    crate_code: i64,
    #[orm(primary_key)]
    place: i64,
    note: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "screws", foreign_key(crate_code, place = Part, on_delete = cascade, on_update = cascade))]
struct Screw {
    #[orm(primary_key)]
    crate_code: i64,
    #[orm(primary_key)]
    place: i64,
    #[orm(primary_key)]
    name: String,
}

/// A session with all rows: some parts in crate 2, one that is in crate 1 already, a screw in each.
struct Workshop {
    fixture: Fixture,
    session: Session,
    parts: Vec<Handle<Part>>,
    screws: Vec<Handle<Screw>>,
}

impl Workshop {
    async fn new(parts: usize) -> Workshop {
        let fixture = Fixture::new(schema![Crate, Part, Screw]).await;
        let sql = format!(
            "INSERT INTO boxes VALUES (1), (2); INSERT INTO parts SELECT 2, n, 'n' FROM generate_series(1, {parts}) n; \
             INSERT INTO parts VALUES (1, 99, 'n'); INSERT INTO screws SELECT crate_code, place, 's' FROM parts"
        );
        fixture.database.execute(&sql).await;
        let mut session = fixture.session();
        let parts = session.all(select(Part).order_by(Part.place)).await.unwrap();
        let screws = session.all(select(Screw).order_by(Screw.place)).await.unwrap();
        Workshop { fixture, session, parts, screws }
    }

    async fn crate_two(&mut self) -> Handle<Crate> {
        self.session.find::<Crate>(2).await.unwrap().unwrap()
    }

    /// All objects stand for the rows that are there, and these are in crate 1.
    async fn is_in_crate_one(&mut self) {
        self.session.commit().await.unwrap();
        let mut parts: Vec<Part> = self.parts.iter().map(|part| self.session[*part].clone()).collect();
        parts.sort_by_key(|part| part.place);
        assert!(parts.iter().all(|part| part.crate_code == 1), "{parts:?}");
        assert_eq!(self.fixture.engine.all(select(Part).order_by(Part.place)).await.unwrap(), parts);
        let screws: Vec<Screw> = self.fixture.engine.all(select(Screw)).await.unwrap();
        let kept: Vec<_> =
            self.screws.iter().copied().filter(|screw| self.session.contains(*screw)).collect();
        assert_eq!(kept.len(), screws.len());
        assert!(kept.iter().all(|screw| screws.contains(&self.session[*screw])));
        // They are found by these keys, and written by them.
        for part in self.parts.clone() {
            let place = self.session[part].place;
            assert_eq!(self.session.find::<Part>((1, place)).await.unwrap(), Some(part));
            self.session[part].note = Some("in one".into());
        }
        self.session.commit().await.unwrap();
        let written = self.fixture.engine.count(select(Part).filter(Part.note.eq("in one"))).await.unwrap();
        assert_eq!(written, self.parts.len() as i64);
    }
}

#[tokio::test]
async fn objects_turn_to_the_key_of_their_default_where_a_flush_deletes_what_they_refer_to() {
    let mut workshop = Workshop::new(3).await;
    let two = workshop.crate_two().await;
    workshop.session.delete(two).unwrap();
    workshop.session.commit().await.unwrap();
    workshop.is_in_crate_one().await;
}

#[tokio::test]
async fn objects_turn_to_the_key_of_their_default_where_a_flush_changes_what_they_refer_to() {
    let mut workshop = Workshop::new(3).await;
    let two = workshop.crate_two().await;
    workshop.session[two].code = 3;
    workshop.session.commit().await.unwrap();
    workshop.is_in_crate_one().await;
}

#[tokio::test]
async fn a_flush_finds_rows_that_turn_to_their_default_by_the_key_they_have_by_then() {
    let mut workshop = Workshop::new(3).await;
    let two = workshop.crate_two().await;
    let Workshop { session, parts, screws, .. } = &mut workshop;
    session.delete(two).unwrap();
    session[parts[0]].note = Some("changed".into());
    session[parts[1]].place = 7;
    session.delete(screws[2]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[parts[0]].note.as_deref(), Some("changed"));
    assert_eq!(session[screws[1]].place, 7);
    assert!(!session.contains(screws[2]));
    workshop.is_in_crate_one().await;
}

#[tokio::test]
async fn a_rollback_gives_them_their_keys_back() {
    let mut workshop = Workshop::new(2).await;
    let two = workshop.crate_two().await;
    workshop.session.delete(two).unwrap();
    workshop.session.flush().await.unwrap();
    assert_eq!(workshop.session[workshop.parts[0]].crate_code, 1);
    workshop.session.rollback().await.unwrap();
    assert_eq!(workshop.session[workshop.parts[0]].crate_code, 2);
    let found = workshop.session.find::<Part>((2, 1)).await.unwrap();
    assert_eq!(found, Some(workshop.parts[0]));
}

#[tokio::test]
async fn objects_turn_to_the_key_of_their_default_behind_a_statement_however_many_they_are() {
    for count in [1, 40] {
        let mut workshop = Workshop::new(count).await;
        workshop.session.execute(delete(Crate).filter(Crate.code.eq(2))).await.unwrap();
        workshop.is_in_crate_one().await;
        let mut workshop = Workshop::new(count).await;
        let update = update(Crate).set(Crate.code, 3).filter(Crate.code.eq(2));
        workshop.session.execute(update).await.unwrap();
        workshop.is_in_crate_one().await;
    }
}

#[tokio::test]
async fn an_object_whose_row_goes_is_not_taken_for_one_that_has_the_key_of_its_default() {
    let fixture = Fixture::new(schema![Crate, Part, Screw]).await;
    fixture
        .database
        .execute("INSERT INTO boxes VALUES (1), (2); INSERT INTO parts VALUES (1, 5, 'one'), (2, 5, 'two')")
        .await;
    let mut session = fixture.session();
    let parts = session.all(select(Part).order_by(Part.crate_code)).await.unwrap();
    session.execute(delete(Part).filter(Part.crate_code.eq(2))).await.unwrap();
    session.execute(delete(Crate).filter(Crate.code.eq(2))).await.unwrap();
    session.commit().await.unwrap();
    assert!(!session.contains(parts[1]));
    assert_eq!(session[parts[0]].note.as_deref(), Some("one"));
}
