//! Rows that are found or made, and upserts that leave alone what does not differ.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tags", unique(space, code))]
struct Tag {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique)]
    name: String,
    space: i32,
    code: Option<String>,
    #[orm(default = "0")]
    uses: i64,
    #[orm(version)]
    version: i64,
}

fn tag(name: &str) -> NewTag {
    NewTag::new(name, 1)
}

async fn repository(mut db: impl Executor) -> Result<bool, Error> {
    Ok(db.get_or_insert::<Tag>(Tag.name, tag("generic")).await?.1)
}

#[tokio::test]
async fn a_row_is_found_or_made_and_it_is_said_which() {
    let fixture = Fixture::new(schema![Tag]).await;
    let engine = &fixture.engine;
    let (first, made) = engine.get_or_insert(Tag.name, tag("a")).await.unwrap();
    assert!(made);
    fixture.recorder.take();
    let other = NewTag { code: Some("x".into()), ..tag("a") };
    assert_eq!(engine.get_or_insert(Tag.name, other).await.unwrap(), (first.clone(), false));
    assert_eq!(fixture.recorder.take().statements.len(), 1, "one round trip for what is there");
    let pair = NewTag { code: Some("x".into()), ..tag("b") };
    assert!(engine.get_or_insert((Tag.space, Tag.code), pair.clone()).await.unwrap().1);
    assert!(!engine.get_or_insert((Tag.space, Tag.code), pair).await.unwrap().1);
    // NULL is like no other, so that such a row is always a new one.
    assert!(engine.get_or_insert((Tag.space, Tag.code), tag("c")).await.unwrap().1);
    assert!(engine.get_or_insert((Tag.space, Tag.code), tag("d")).await.unwrap().1);

    let mut transaction = engine.begin().await.unwrap();
    assert!(transaction.get_or_insert(Tag.name, tag("e")).await.unwrap().1);
    assert!(!transaction.get_or_insert(Tag.name, tag("e")).await.unwrap().1);
    transaction.rollback().await.unwrap();

    let mut session = fixture.session();
    let (known, made) = session.get_or_insert(Tag.name, tag("a")).await.unwrap();
    assert_eq!((&session[known], made), (&first, false));
    let (new, made) = session.get_or_insert(Tag.name, tag("e")).await.unwrap();
    assert!(made && session[new].version == 1);
    assert_eq!(session.get_or_insert(Tag.name, tag("e")).await.unwrap(), (new, false));
    assert!(repository(session.connection().await.unwrap()).await.unwrap());
    session.commit().await.unwrap();
    assert!(!repository(engine).await.unwrap());
}

#[tokio::test]
async fn of_tasks_at_the_same_moment_one_makes_the_row() {
    let fixture = Fixture::new(schema![Tag]).await;
    let mut other = fixture.engine.begin().await.unwrap();
    let (row, made) = other.get_or_insert(Tag.name, tag("a")).await.unwrap();
    assert!(made);
    // It waits for the one that is not committed yet.
    let engine = fixture.engine.clone();
    let waiting = tokio::spawn(async move { engine.get_or_insert(Tag.name, tag("a")).await });
    let blocked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while fixture.engine.one(sql_text(blocked).rows::<(i64,)>()).await.unwrap().0 == 0 {
        tokio::task::yield_now().await;
    }
    other.commit().await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap(), (row, false));
    let racing = (0..6).map(|_| {
        let engine = fixture.engine.clone();
        tokio::spawn(async move { engine.get_or_insert(Tag.name, tag("b")).await.unwrap() })
    });
    let mut found = Vec::new();
    for task in racing.collect::<Vec<_>>() {
        found.push(task.await.unwrap());
    }
    assert_eq!(found.iter().filter(|(_, made)| *made).count(), 1);
    assert!(found.iter().all(|(row, _)| *row == found[0].0));
}

#[tokio::test]
async fn what_names_no_row_is_refused() {
    let fixture = Fixture::new(schema![Tag]).await;
    let line = line!() + 1;
    let refused = fixture.engine.get_or_insert(Tag.uses, tag("a")).await.unwrap_err();
    assert!(
        refused.to_string().contains("`Tag.uses` is not unique by itself: several rows could be meant"),
        "{refused}"
    );
    assert_eq!(refused.location().map(|at| (at.file(), at.line())), Some((file!(), line)));
    let refused = fixture.session().get_or_insert(Tag.id, tag("a")).await.unwrap_err().to_string();
    assert!(
        refused.contains("`Tag.id`, which the new row leaves to the database: give it a value"),
        "{refused}"
    );
}

#[tokio::test]
async fn an_upsert_leaves_alone_what_does_not_differ() {
    let fixture = Fixture::new(schema![Tag]).await;
    let rows = || ["a", "b"].map(|name| NewTag { code: Some(name.into()), ..tag(name) });
    fixture.engine.execute(insert(Tag).values(rows())).await.unwrap();
    let mut changed = rows();
    changed[1].code = None;
    let upsert = |rows: [NewTag; 2]| {
        let upsert = insert(Tag).values(rows).on_conflict(Tag.name).do_update();
        upsert.set(Tag.code, excluded(Tag.code)).set(Tag.space, excluded(Tag.space)).if_distinct()
    };
    assert_eq!(
        upsert(rows()).to_sql().unwrap().text.split_once(" WHERE ").unwrap().1,
        r#""tags"."code" IS DISTINCT FROM excluded."code" OR "tags"."space" IS DISTINCT FROM excluded."space""#
    );
    assert_eq!(fixture.engine.execute(upsert(rows())).await.unwrap(), 0);
    let touched = upsert(changed).filter(Tag.uses.eq(0)).returning((Tag.name, Tag.code, Tag.version));
    assert_eq!(fixture.engine.all(touched).await.unwrap(), [("b".to_owned(), None, 2)]);
    let defaults = upsert(rows()).set(Tag.uses, DEFAULT).to_sql().unwrap_err().to_string();
    assert!(
        defaults.contains("`DEFAULT` is set, and `if_distinct` cannot compare it with anything"),
        "{defaults}"
    );
}

#[tokio::test]
async fn rows_are_in_conflict_by_the_name_of_a_constraint() {
    let fixture = Fixture::new(schema![Tag]).await;
    let named = |name: &'static str| insert(Tag).values(tag("a")).on_conflict_constraint(name);
    let text = named("tags_name_key").do_nothing().to_sql().unwrap().text;
    assert!(text.ends_with(r#" ON CONFLICT ON CONSTRAINT "tags_name_key" DO NOTHING"#), "{text}");
    assert_eq!(fixture.engine.execute(named("tags_name_key").do_nothing()).await.unwrap(), 1);
    assert_eq!(fixture.engine.execute(named("tags_name_key").do_nothing()).await.unwrap(), 0);
    // Many objects, so that the statement would tell which rows it touched.
    let many: Vec<_> = (0..30).map(|nth| tag(&format!("t{nth}"))).collect();
    fixture.engine.execute(insert(Tag).values(many)).await.unwrap();
    let mut session = fixture.session();
    let first = session.all(select(Tag).order_by(Tag.id)).await.unwrap()[0];
    let again = named("tags_name_key").do_update().set(Tag.uses, Tag.uses + 1).set(Tag.id, Tag.id + 0);
    assert_eq!(session.execute(again).await.unwrap(), 1);
    assert_eq!((session[first].uses, session[first].version), (1, 2));
    assert!(
        fixture.engine.execute(named("none").do_nothing()).await.unwrap_err().to_string().contains("none")
    );
}

#[tokio::test]
async fn a_trigger_that_gives_other_values_is_named_as_a_cause() {
    let fixture = Fixture::new(schema![Tag]).await;
    let trigger = "CREATE FUNCTION low() RETURNS trigger LANGUAGE plpgsql AS
            $$BEGIN NEW.name := lower(NEW.name); RETURN CASE WHEN NEW.name = 'no' THEN NULL ELSE NEW END; END$$;
        CREATE TRIGGER low BEFORE INSERT ON tags FOR EACH ROW EXECUTE FUNCTION low()";
    fixture.database.execute(trigger).await;
    fixture.engine.get_or_insert(Tag.name, tag("RUST")).await.unwrap();
    for name in ["RUST", "no"] {
        let error = fixture.engine.get_or_insert(Tag.name, tag(name)).await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("a trigger gives it other values") && !text.contains("one_or_none"), "{text}");
    }
}
