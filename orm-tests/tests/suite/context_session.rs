//! Sessions of an engine with a context.

use orm_core::engine::Context;
use orm_core::prelude::*;
use orm_tests::{Fixture, MEMBER};

use super::context::{Note, Who, fixture, note, tenant};

async fn tenant_in(session: &mut Session) -> String {
    session.one(select(Who.tenant)).await.unwrap().unwrap_or_default()
}

#[tokio::test]
async fn each_transaction_of_a_session_has_the_context() {
    let fixture = fixture().await;
    let mut session = SessionMaker::new(fixture.engine.with(tenant(7))).session();
    for round in 0..3 {
        let row = session.add(note("a"));
        session.commit().await.unwrap();
        session.refresh(row).await.unwrap();
        assert_eq!(session[row].tenant.as_deref(), Some("7"), "{round}");
        assert_eq!(tenant_in(&mut session).await, "7");
        session.rollback().await.unwrap();
    }
    let mut again = SessionMaker::new(fixture.engine.with(tenant(8))).session();
    assert_eq!((tenant_in(&mut session).await, tenant_in(&mut again).await), ("7".into(), "8".into()));
}

#[tokio::test]
async fn savepoints_and_errors_leave_it_as_it_is() {
    let fixture = fixture().await;
    fixture.database.execute("ALTER TABLE notes ADD CHECK (text <> '')").await;
    let mut session = SessionMaker::new(fixture.engine.with(tenant(7))).session();
    let mut nested = session.begin_nested().await.unwrap();
    nested.add(note(""));
    assert!(nested.flush().await.unwrap_err().is_check_violation());
    nested.rollback().await.unwrap();
    assert_eq!(tenant_in(&mut session).await, "7");
    session.add(note(""));
    assert!(session.commit().await.unwrap_err().is_check_violation());
    session.rollback().await.unwrap();
    assert_eq!(tenant_in(&mut session).await, "7");
    session.transaction_mode(Isolation::Serializable);
    session.rollback().await.unwrap();
    assert_eq!(tenant_in(&mut session).await, "7");
}

#[tokio::test]
async fn work_that_is_run_again_has_it_again() {
    let fixture = fixture().await;
    fixture
        .database
        .execute(
            "CREATE SEQUENCE tries; GRANT ALL ON SEQUENCE tries TO public; CREATE FUNCTION collide() RETURNS trigger \
             LANGUAGE plpgsql AS $$ BEGIN IF nextval('tries') < 3 THEN RAISE serialization_failure; END IF; RETURN NEW; \
             END $$; CREATE TRIGGER collide BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION collide()",
        )
        .await;
    let sessions = SessionMaker::new(fixture.engine.with(tenant(7)));
    let sessions = sessions.backoff(std::time::Duration::from_millis(1), std::time::Duration::from_millis(1));
    sessions
        .run(async |session| {
            session.add(note("a"));
            session.flush().await
        })
        .await
        .unwrap();
    assert_eq!(fixture.engine.one(select(Note.tenant)).await.unwrap().as_deref(), Some("7"));
}

#[derive(Model, Clone, Debug)]
#[orm(table = "things")]
struct Thing {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
}

/// A table, with these rights of the member.
async fn things(rights: &str) -> Option<Fixture> {
    let fixture = Fixture::new(schema![Thing]).await;
    if !fixture.database.has_roles().await {
        println!("skipped: the role may make no roles");
        return None;
    }
    fixture.database.execute(&format!("GRANT {rights} ON things TO {MEMBER}")).await;
    Some(fixture)
}

async fn add_two(session: &mut Session) -> Vec<Handle<Thing>> {
    let things = session.add_all(["a", "b"].map(NewThing::new));
    session.commit().await.unwrap();
    things
}

#[tokio::test]
async fn what_is_known_of_one_role_s_rights_is_not_taken_for_another_s() {
    let Some(fixture) = things("SELECT, INSERT, DELETE").await else { return };
    let member = fixture.engine.with(tenant(1).role(MEMBER));
    for engine in [&fixture.engine, &member, &fixture.engine, &member.with(tenant(2))] {
        // The owner may lock the rows and use the sequence, the member neither.
        let mut session = SessionMaker::new(engine.clone()).session();
        for _ in 0..2 {
            for thing in add_two(&mut session).await {
                session.delete(thing).unwrap();
            }
            session.commit().await.unwrap();
        }
    }
    assert_eq!(fixture.engine.one(select(func::count(Thing.id))).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_known_of_a_role_is_known_to_all_its_engines() {
    let Some(fixture) = things("SELECT, INSERT, DELETE").await else { return };
    let mut trips = Vec::new();
    for number in 0..3 {
        let engine = fixture.engine.with(tenant(number).role(MEMBER));
        fixture.recorder.take();
        add_two(&mut SessionMaker::new(engine).session()).await;
        trips.push(fixture.recorder.take().round_trips);
    }
    assert!(trips[0] > trips[1] && trips[1] == trips[2], "{trips:?}");
}

#[tokio::test]
async fn a_schema_of_a_tenant_is_a_context_too() {
    let fixture = Fixture::new(schema![]).await;
    for schema in ["one", "two"] {
        fixture.database.execute(&format!("CREATE SCHEMA {schema}")).await;
        fixture
            .engine
            .with(Context::new().set("search_path", schema))
            .create_all(schema![Thing])
            .await
            .unwrap();
    }
    let triggers = "CREATE FUNCTION two.up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name = upper(NEW.name); \
                    RETURN NEW; END $$; CREATE TRIGGER up BEFORE INSERT ON two.things FOR EACH ROW EXECUTE FUNCTION \
                    two.up()";
    fixture.database.execute(triggers).await;
    for _ in 0..3 {
        for (schema, expected) in [("one", "a"), ("two", "A")] {
            let engine = fixture.engine.with(Context::new().set("search_path", schema));
            let mut session = SessionMaker::new(engine.clone()).session();
            let thing = session.add(NewThing::new("a"));
            session.commit().await.unwrap();
            assert_eq!(session[thing].name, expected);
            assert!(engine.check_schema(schema![Thing]).await.unwrap().is_empty());
        }
    }
    assert_eq!(
        fixture.database.query_text("SELECT count(*) FROM one.things").await,
        [[Some("3".to_owned())]]
    );
}
