//! What statements of an engine run with: settings and a role.

use futures_util::TryStreamExt;
use orm_core::engine::Context;
use orm_core::engine::SettingValue;
use orm_core::prelude::*;
use orm_tests::{Fixture, MEMBER, STRANGER};

/// Who a statement runs as.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "who",
    view = "SELECT current_setting('app.tenant', true) AS tenant, current_setting('app.person', true) AS person, \
            current_user::text AS role"
)]
pub(crate) struct Who {
    pub(crate) tenant: Option<String>,
    pub(crate) person: Option<String>,
    pub(crate) role: String,
}

/// Keeps who wrote a row.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes")]
pub(crate) struct Note {
    #[orm(primary_key, generated)]
    pub(crate) id: i64,
    pub(crate) text: String,
    #[orm(default = "current_setting('app.tenant', true)")]
    pub(crate) tenant: Option<String>,
    #[orm(default = "CURRENT_USER")]
    pub(crate) role: String,
}

pub(crate) fn note(text: &str) -> NewNote {
    NewNote::new(text)
}

pub(crate) fn tenant(value: impl SettingValue) -> Context {
    Context::new().set("app.tenant", value)
}

/// Tables that every role may use.
pub(crate) async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![Who, Note]).await;
    let grant = "GRANT SELECT ON who TO public; GRANT ALL ON notes TO public";
    fixture.database.execute(grant).await;
    fixture
}

pub(crate) async fn tenant_of(engine: &Engine) -> String {
    engine.one(select(Who.tenant)).await.unwrap().unwrap_or_default()
}

async fn writers(fixture: &Fixture) -> Vec<(String, Option<String>)> {
    fixture.engine.all(select((Note.text, Note.tenant)).order_by(Note.id)).await.unwrap()
}

const SET: &str = "BEGIN; SELECT set_config('app.tenant', '7', true)";

#[tokio::test]
async fn a_statement_by_itself_is_one_round_trip_with_its_context() {
    let fixture = fixture().await;
    let engine = fixture.engine.with(tenant(7));
    for _ in 0..4 {
        assert_eq!(tenant_of(&engine).await, "7");
        let sent = fixture.recorder.take();
        assert_eq!(sent.round_trips, 1);
        assert_eq!((&*sent.statements[0], &*sent.statements[2], sent.statements.len()), (SET, "COMMIT", 3));
    }
    assert_eq!(engine.execute(insert(Note).values(note("a"))).await.unwrap(), 1);
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(writers(&fixture).await, [("a".to_owned(), Some("7".to_owned()))]);
}

#[tokio::test]
async fn every_verb_has_the_context() {
    let fixture = fixture().await;
    let engine = fixture.engine.with(tenant("x"));
    let who = || select(Who.tenant);
    let expected = Some("x".to_owned());
    assert_eq!(engine.all(who()).await.unwrap(), std::slice::from_ref(&expected));
    assert_eq!(engine.first(who()).await.unwrap().unwrap(), expected);
    assert_eq!(engine.one(who()).await.unwrap(), expected);
    assert_eq!(engine.one_or_none(who()).await.unwrap().unwrap(), expected);
    let streamed: Vec<_> = engine.stream(who()).await.unwrap().try_collect().await.unwrap();
    assert_eq!(streamed, std::slice::from_ref(&expected));
    let mut transaction = engine.begin().await.unwrap();
    assert_eq!(transaction.one(who()).await.unwrap(), expected);
    transaction.commit().await.unwrap();
    let mut session = SessionMaker::new(engine.clone()).session();
    assert_eq!(session.one(who()).await.unwrap(), expected);

    let returned = engine.one(insert(Note).values(note("a")).returning(Note.tenant)).await.unwrap();
    assert_eq!(returned, expected);
    let streamed = engine.stream(insert(Note).values(note("b")).returning(Note.tenant)).await.unwrap();
    assert_eq!(streamed.try_collect::<Vec<_>>().await.unwrap(), std::slice::from_ref(&expected));
    let many: Vec<_> = (0..3_000).map(|_| note("c")).collect();
    assert_eq!(engine.execute(insert(Note).values(many)).await.unwrap(), 3_000);
    let mut kept = engine.all(select(Note).filter(Note.text.eq("a"))).await.unwrap();
    let mut kept = orm_core::Tracked::new(kept.remove(0));
    kept.text = "d".into();
    engine.save(&mut kept).await.unwrap();
    let without = select(func::count(Note.id)).filter(Note.tenant.is_distinct_from("x"));
    assert_eq!(fixture.engine.one(without).await.unwrap(), 0);
    assert_eq!(fixture.engine.one(select(func::count(Note.id))).await.unwrap(), 3_002);
}

#[tokio::test]
async fn a_batch_that_reads_is_one_round_trip_and_one_that_writes_keeps_what_each_wrote() {
    let fixture = fixture().await;
    let engine = fixture.engine.with(tenant(7));
    let (a, b) = engine.batch((select(Who.tenant), select((Who.tenant, Who.role)))).await.unwrap();
    assert_eq!((a[0].as_deref(), b[0].0.as_deref()), (Some("7"), Some("7")));
    let sent = fixture.recorder.take();
    assert_eq!((sent.round_trips, sent.statements.len()), (1, 4));
    let write = |text: &str| insert(Note).values(note(text));
    fixture.database.execute("ALTER TABLE notes ADD UNIQUE (text)").await;
    let error = engine.batch((write("a"), write("a"), write("b"))).await.unwrap_err();
    assert!(error.is_unique_violation() && error.to_string().starts_with("statement 2 of"), "{error}");
    let tenant = Some("7".to_owned());
    assert_eq!(writers(&fixture).await, [("a".to_owned(), tenant.clone()), ("b".to_owned(), tenant)]);
}

#[tokio::test]
async fn values_arrive_as_they_are() {
    let fixture = fixture().await;
    let values =
        ["", "it's", "'; DROP TABLE notes; --", "\\", "\\'", "E'x'", "\"", "a\nb", "$1", "zażółć 🦀", "null"];
    for value in values {
        assert_eq!(tenant_of(&fixture.engine.with(tenant(value))).await, value);
        let mut transaction = fixture.engine.with(tenant(value)).begin().await.unwrap();
        transaction.execute(insert(Note).values(note(value))).await.unwrap();
        transaction.commit().await.unwrap();
    }
    let written = values.map(|value| (value.to_owned(), Some(value.to_owned())));
    assert_eq!(writers(&fixture).await, written);
    assert_eq!(tenant_of(&fixture.engine.with(tenant(None::<i64>))).await, "");
    assert_eq!(tenant_of(&fixture.engine.with(tenant(Some(-1_i64)))).await, "-1");
    let id = uuid::Uuid::now_v7();
    assert_eq!(tenant_of(&fixture.engine.with(tenant(id))).await, id.to_string());
}

#[tokio::test]
async fn contexts_add_to_each_other_and_leave_their_engine_as_it_was() {
    let fixture = fixture().await;
    let outer = fixture.engine.with(tenant(1).set("app.person", "ann"));
    let inner = outer.with(tenant(2));
    let who = |engine: &Engine| {
        let engine = engine.clone();
        async move { engine.one(select((Who.tenant, Who.person))).await.unwrap() }
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(who(&inner).await, (text("2"), text("ann")));
    assert_eq!(who(&outer).await, (text("1"), text("ann")));
    assert_eq!(who(&outer.with(Context::new())).await, (text("1"), text("ann")));
    assert_eq!(who(&fixture.engine).await.0.unwrap_or_default(), "");
    assert_eq!(who(&fixture.engine.with(Context::new())).await.0.unwrap_or_default(), "");
}

#[tokio::test]
async fn a_role_has_its_own_rights() {
    let fixture = fixture().await;
    if !fixture.database.has_roles().await {
        return println!("skipped: the role may make no roles");
    }
    fixture
        .database
        .execute(&format!("REVOKE ALL ON notes FROM public; GRANT SELECT ON notes TO {MEMBER}"))
        .await;
    let engine = fixture.engine.with(Context::new().role(MEMBER));
    assert_eq!(engine.one(select(Who.role)).await.unwrap(), MEMBER);
    let error = engine.execute(insert(Note).values(note("a"))).await.unwrap_err();
    assert!(error.is_insufficient_privilege(), "{error}");
    assert_eq!(fixture.engine.execute(insert(Note).values(note("a"))).await.unwrap(), 1);
    assert_eq!(engine.all(select(Note.text)).await.unwrap(), ["a"]);
    let login = fixture.engine.one(select(Who.role)).await.unwrap();
    assert_eq!(engine.with(Context::new().role("none")).one(select(Who.role)).await.unwrap(), login);
}

#[tokio::test]
async fn what_the_server_refuses_of_a_context_is_told_and_nothing_runs() {
    let fixture = fixture().await;
    let mut refused = vec![
        (Context::new().set("tenant", 1), "42704", "has a dot in its name"),
        (Context::new().role("nobody_at_all"), "22023", "check that the role exists"),
        (Context::new().set("work_mem", "much"), "22023", "what the setting can be"),
        (Context::new().set("max_connections", 1), "55P02", "cannot be changed"),
    ];
    if fixture.database.has_roles().await && !fixture.database.is_superuser().await {
        refused.push((Context::new().role(STRANGER), "42501", "GRANT role TO login"));
    }
    for (context, code, expected) in refused {
        let engine = fixture.engine.with(context);
        let alone = engine.execute(insert(Note).values(note("a"))).await.unwrap_err();
        let mut transaction = engine.begin().await.unwrap();
        let begun = transaction.execute(insert(Note).values(note("a"))).await.unwrap_err();
        let committed = transaction.commit().await.unwrap_err();
        let streamed = engine.stream(insert(Note).values(note("a")).returning(Note.id)).await.err().unwrap();
        for error in [alone, begun, committed, streamed] {
            assert_eq!(error.code(), Some(code), "{error}");
            assert!(error.to_string().contains(expected), "{error}");
            assert!(!error.is_outcome_unknown() && !error.is_committed(), "{error}");
        }
    }
    assert_eq!(writers(&fixture).await, []);
    assert!(fixture.engine.status().closed_lost == 0, "no connection is lost for that");
}

/// The server cannot even read the text that sets it. What is sent behind must not run all the same.
#[tokio::test]
async fn a_value_that_the_database_has_no_letters_for_is_refused_and_nothing_runs() {
    let fixture = fixture().await;
    let latin = format!("{}_latin", fixture.database.name());
    let create = format!("CREATE DATABASE {latin} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    fixture.database.execute(&create).await;
    let url = fixture.database.url().replace(fixture.database.name(), &latin);
    let engine = Engine::builder(url).connect().await.unwrap();
    engine.create_all(schema![Note]).await.unwrap();
    let error = engine.with(tenant("zażółć")).execute(insert(Note).values(note("a"))).await.unwrap_err();
    let count = engine.one(select(func::count(Note.id))).await.unwrap();
    let letters = engine.with(tenant("é")).one(insert(Note).values(note("a")).returning(Note.tenant)).await;
    drop(engine);
    fixture.database.execute(&format!("DROP DATABASE {latin} WITH (FORCE)")).await;
    assert_eq!((error.code(), count), (Some("22P05"), 0), "{error}");
    assert_eq!(letters.unwrap().as_deref(), Some("é"));
}

#[tokio::test]
async fn what_no_context_can_be_is_an_error_before_anything_is_sent() {
    let fixture = fixture().await;
    for context in [tenant("a\0b"), Context::new().set("app tenant", 1), Context::new().role("")] {
        let engine = fixture.engine.with(context);
        engine.one(select(Who)).await.unwrap_err();
        engine.begin().await.unwrap_err();
        SessionMaker::new(engine).session().one(select(Who.tenant)).await.unwrap_err();
    }
    assert_eq!(fixture.recorder.take().round_trips, 0);
}
