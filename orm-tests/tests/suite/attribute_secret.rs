//! Values of a column with `secret` stand nowhere, whatever is asked for.

use std::error::Error as StdError;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use orm_core::engine::{Observer, StatementEvent};
use orm_core::prelude::*;
use orm_core::query::CopyFormat;
use orm_core::types::Json;
use orm_tests::Database;

/// What is put into every secret value, and looked for in every text.
const CANARY: &str = "canary9b2e";

#[derive(Model, Clone, Debug)]
#[orm(table = "vaults", check = "length(token) < 60")]
pub struct Vault {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(unique(deferrable = initially_deferred), secret)]
    pub token: String,
    pub owner: String,
    pub pin: Option<i16>,
}

#[derive(Model, Clone)]
#[orm(table = "notes")]
pub struct Note {
    #[orm(primary_key)]
    pub id: i64,
    pub text: String,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
pub enum Level {
    Low,
    High,
}

#[derive(serde::Serialize, serde::Deserialize, Clone, Debug, PartialEq)]
pub struct Number {
    n: i64,
}

#[derive(Model, Clone)]
#[orm(table = "doors")]
pub struct Door {
    #[orm(primary_key)]
    pub id: i64,
    pub level: Level,
    pub levels: Vec<Level>,
    pub json: Json<Number>,
}

#[derive(Model, Clone)]
#[orm(table = "doors")]
pub struct SecretDoor {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(secret)]
    pub level: Level,
    #[orm(secret)]
    pub json: Json<Number>,
}

/// Everything that an observer is told.
#[derive(Default)]
struct Seen(Mutex<String>);

impl Observer for Seen {
    fn statement(&self, event: &StatementEvent<'_>) {
        let mut seen = self.0.lock().unwrap();
        let _ = writeln!(seen, "{event:?} {:?} {} {:?}", event.parameters, event.sql, printed(event.error));
    }
}

fn printed(error: Option<&Error>) -> String {
    let Some(error) = error else { return String::new() };
    let mut out = format!("{error} {error:?} {:?} {:?}", error.values(), error.detail());
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(out, "{error} {error:?}");
        cause = error.source();
    }
    out
}

fn token(name: &str) -> String {
    format!("{CANARY} {name}")
}

fn vault(name: &str) -> NewVault {
    NewVault { token: token(name), owner: format!("owner {name}"), pin: None }
}

/// An engine that shows values wherever it may, and all that was seen of it.
async fn engine(database: &Database) -> (Engine, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    let builder =
        Engine::builder(database.url()).show_values(true).observe(Arc::clone(&seen) as Arc<dyn Observer>);
    let engine = builder.connect().await.unwrap();
    engine.create_all(schema![Vault]).await.unwrap();
    (engine, seen)
}

#[tokio::test]
async fn no_text_of_a_statement_or_of_its_error_shows_it() {
    let database = Database::create().await;
    let (engine, seen) = engine(&database).await;
    let mut errors = Vec::new();
    engine.execute(insert(Vault).values([vault("a"), vault("b")])).await.unwrap();

    // Twice, for the second goes by the text that is kept.
    for _ in 0..2 {
        let by_token = || select(Vault).filter(Vault.token.eq(token("a")) & Vault.owner.eq("owner a"));
        assert_eq!(engine.one(by_token()).await.unwrap().owner, "owner a");
        let pair = [(token("a"), "owner a".to_owned())];
        assert_eq!(
            engine.all(select(Vault.id).filter((Vault.token, Vault.owner).in_(pair))).await.unwrap().len(),
            1
        );
        errors.push(engine.one(select(Vault).filter(Vault.token.in_([token("x"), token("y")]))).await.err());
        let lower = func::lower(Vault.token).eq(token("x"));
        errors.push(engine.one(select(Vault.owner).filter(lower)).await.err());
        errors.push(engine.execute(insert(Vault).values(vault("a"))).await.err());
        errors.push(engine.execute(insert(Vault).values(vault(&"long ".repeat(20)))).await.err());
        let longer =
            update(Vault).set(Vault.token, token(&"long ".repeat(20))).filter(Vault.owner.eq("owner b"));
        errors.push(engine.execute(longer).await.err());
        errors.push(engine.all(select(Vault.token.cast::<i32>())).await.err());
        let text = sql!("SELECT {Vault.id} FROM {Vault} WHERE {Vault.token} = {} AND 1 / 0 = 1", token("a"));
        errors.push(engine.all(text.rows::<(i64,)>()).await.err());
    }
    assert!(errors.iter().all(Option::is_some));
    for error in errors.iter().flatten() {
        assert!(!printed(Some(error)).contains(CANARY), "{error}");
    }
    let seen = seen.0.lock().unwrap();
    assert!(!seen.contains(CANARY), "{seen}");
    assert!(seen.contains("\"owner a\""), "what is not secret is shown: {seen}");
}

#[tokio::test]
async fn a_session_shows_it_in_no_change_and_in_no_error_of_a_commit() {
    let database = Database::create().await;
    let (engine, seen) = engine(&database).await;
    let mut session = SessionMaker::new(engine).session();
    let (a, b) = (session.add(vault("a")), session.add(vault("b")));
    let mut shown = format!("{:?} {:?}", vault("a"), session.changes());
    session.commit().await.unwrap();

    session[b].token = token("a");
    let _ = write!(shown, "{:?}", session.changes());
    let error = session.commit().await.unwrap_err();
    assert!(error.is_unique_violation());
    shown += &printed(Some(&error));
    session.rollback().await.unwrap();
    session[a].token = token("c");
    session[b].owner = "owner c".to_owned();
    session.commit().await.unwrap();

    assert!(!shown.contains(CANARY), "{shown}");
    assert!(shown.contains("token: .."), "{shown}");
    let seen = seen.0.lock().unwrap();
    assert!(!seen.contains(CANARY), "{seen}");
}

#[tokio::test]
async fn what_an_expression_or_a_select_puts_into_it_is_not_shown() {
    let database = Database::create().await;
    let (engine, seen) = engine(&database).await;
    engine.execute(insert(Vault).values([vault("a"), vault("b")])).await.unwrap();
    let (new, one) = (|| token("new"), || Vault.owner.eq("owner a"));
    let md5 = || sql!("md5({})", new()).expr::<String>();

    engine.execute(update(Vault).set(Vault.token, func::lower(new())).filter(one())).await.unwrap();
    engine.execute(update(Vault).set(Vault.token, md5()).filter(one())).await.unwrap();
    engine.execute(insert(Vault).set(Vault.token, func::upper(new())).set(Vault.owner, "c")).await.unwrap();
    engine.execute(insert(Vault).set(Vault.token, md5()).set(Vault.owner, "d")).await.unwrap_err();
    let upsert = || insert(Vault).values(NewVault { token: token("a"), owner: "x".to_owned(), pin: None });
    let upsert = || upsert().on_conflict(Vault.id).do_update();
    engine.execute(upsert().set(Vault.token, func::lower(new()))).await.unwrap();
    let matches = excluded(Vault.token).eq(new());
    engine.execute(upsert().set(Vault.owner, "y").filter(matches)).await.unwrap_err();
    let rows = select((lit(token("lit")), Vault.owner)).filter(Vault.owner.eq("c"));
    engine.execute(insert(Vault).from_select((Vault.token, Vault.owner), rows)).await.unwrap();
    let merge = merge_into(Vault).using(Vault.alias("other"), Vault.id.eq(-1));
    let merge = merge.when_not_matched().insert().set(Vault.token, func::lower(new())).set(Vault.owner, "m");
    engine.execute(merge).await.unwrap_err();
    engine.execute(sql!("UPDATE {Vault} SET token = {} WHERE id = 1", token("raw"))).await.unwrap();

    let seen = seen.0.lock().unwrap();
    assert!(!seen.contains(CANARY) && !seen.contains(&CANARY.to_uppercase()), "{seen}");
}

#[tokio::test]
async fn a_flush_of_several_tables_does_not_show_it() {
    let database = Database::create().await;
    let (engine, seen) = engine(&database).await;
    engine.create_all(schema![Note]).await.unwrap();
    let mut session = SessionMaker::new(engine).session();
    let a = session.add(vault("a"));
    session.add(NewNote { id: 1, text: "n".to_owned() });
    session.commit().await.unwrap();
    session[a].token = token("changed");
    session.add(NewNote { id: 2, text: "n".to_owned() });
    session.commit().await.unwrap();
    let seen = seen.0.lock().unwrap();
    assert!(!seen.contains(CANARY), "{seen}");
}

#[tokio::test]
async fn debug_shows_no_value_of_a_statement_or_an_expression() {
    let new = || token("debug");
    let shown = [
        format!("{:?}", update(Vault).set(Vault.token, new()).filter(Vault.token.eq(new()))),
        format!("{:?}", Vault.token.eq(new()) & Vault.owner.eq(new())),
        format!("{:?}", func::lower(new())),
        format!("{:?}", insert(Vault).values(vault("a"))),
        format!("{:?}", insert(Vault).columns((Vault.token, Vault.owner)).values([(new(), new())])),
        format!("{:?}", insert(Vault).set(Vault.token, new())),
        format!(
            "{:?}",
            insert(Vault).values(vault("a")).on_conflict(Vault.id).do_update().set(Vault.token, new())
        ),
        format!("{:?}", delete(Vault).filter(Vault.token.in_([new()]))),
        format!("{:?}", sql!("{Vault.token} = {}", new())),
        format!("{:?}", select(Vault).filter(Vault.token.eq(new())).to_sql()),
        format!("{:?}", {
            let merge = merge_into(Vault).using(Vault.alias("other"), Vault.id.eq(-1));
            merge.when_matched().update().set(Vault.token, new())
        }),
    ];
    for shown in &shown {
        assert!(!shown.contains(CANARY), "{shown}");
    }
    let condition = format!("{:?}", Vault.token.eq(new()));
    assert!(
        condition.contains(r#""vaults"."token" = $1"#),
        "what it compares with what is shown: {condition}"
    );
}

#[tokio::test]
async fn errors_of_rows_that_stream_do_not_show_it() {
    let database = Database::create().await;
    let (engine, seen) = engine(&database).await;
    engine.execute(insert(Vault).values(vault("a"))).await.unwrap();
    let number = || select(Vault.token.cast::<i32>());

    let mut copy = engine.copy_out(number(), CopyFormat::Csv).await.unwrap();
    let copied = copy.next().await.unwrap().unwrap_err();
    drop(copy);
    let streamed = match engine.stream(number()).await {
        Ok(mut rows) => rows.next().await.unwrap().unwrap_err(),
        Err(error) => error,
    };
    for error in [copied, streamed] {
        assert_eq!(error.code(), Some("22P02"));
        assert!(!printed(Some(&error)).contains(CANARY), "{}", printed(Some(&error)));
    }
    let seen = seen.0.lock().unwrap();
    assert!(!seen.contains(CANARY), "{seen}");
}

#[tokio::test]
async fn a_commit_that_fails_by_a_constraint_of_another_table_does_not_show_it() {
    let database = Database::create().await;
    let (engine, seen) = engine(&database).await;
    let script = "CREATE TABLE seen (token text UNIQUE DEFERRABLE INITIALLY DEFERRED);
        CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO seen VALUES (NEW.token); RETURN NEW; END $$;
        CREATE TRIGGER see AFTER INSERT ON vaults FOR EACH ROW EXECUTE FUNCTION see()";
    engine.run_script(script).await.unwrap();
    database.execute(&format!("INSERT INTO seen VALUES ('{}')", token("a"))).await;

    let mut transaction = engine.begin().await.unwrap();
    transaction.execute(insert(Vault).values(vault("a"))).await.unwrap();
    let by_hand = transaction.commit().await.unwrap_err();
    let mut session = SessionMaker::new(engine).session();
    session.add(vault("a"));
    let by_session = session.commit().await.unwrap_err();
    for error in [by_hand, by_session] {
        assert_eq!(error.table(), Some("seen"));
        assert!(!printed(Some(&error)).contains(CANARY), "{}", printed(Some(&error)));
    }
    let seen = seen.0.lock().unwrap();
    assert!(!seen.contains(CANARY), "{seen}");
}

#[tokio::test]
async fn what_cannot_be_read_is_told_without_the_value() {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    let showing = Engine::builder(database.url()).show_values(true).connect().await.unwrap();
    let table = "CREATE TABLE doors (id bigint PRIMARY KEY, level text, levels text[], json jsonb)";
    let row = format!("(1, '{0}', ARRAY['{0}'], '{{\"n\": \"{0}\"}}')", token("x"));
    database.execute(&format!("{table}; INSERT INTO doors VALUES {row}")).await;

    let label = r#"has no variant with the label that it has: its labels are ["low", "high"]"#;
    let errors = [
        (engine.all(select(Door.level)).await.unwrap_err(), label),
        (engine.all(select(Door.levels)).await.unwrap_err(), "its element 1: "),
        (engine.one(select(Door.json)).await.unwrap_err(), "expected i64 at line 1"),
        (engine.all(select(SecretDoor.level)).await.unwrap_err(), label),
        (engine.one(select(SecretDoor.json)).await.unwrap_err(), "expected i64 at line 1"),
        (showing.all(select(SecretDoor.level)).await.unwrap_err(), label),
        (showing.one(select(SecretDoor.json)).await.unwrap_err(), "expected i64 at line 1"),
    ];
    for (error, why) in &errors {
        let text = error.to_string();
        assert!(error.is_decode() && text.contains(why), "{text}");
        let mut cause: Option<&dyn StdError> = Some(error);
        while let Some(error) = cause {
            assert!(!format!("{error} {error:?}").contains(CANARY), "{error:?}");
            cause = error.source();
        }
    }
    // Of what is not secret, who asks is told.
    let text = showing.all(select(Door.level)).await.unwrap_err().to_string();
    assert!(text.contains(&token("x")), "{text}");
    assert!(errors[0].0.values().unwrap().contains(CANARY));
    assert_eq!(errors[3].0.values(), None);
}

#[tokio::test]
async fn there_are_no_cursors_over_it() {
    let database = Database::create().await;
    let (engine, _) = engine(&database).await;
    let sorted = select(Vault).order_by(func::lower(Vault.token)).order_by(Vault.token);
    let error = engine.page_after(select(Vault).order_by(Vault.token), None, 2).await.unwrap_err();
    assert!(error.is_invalid_statement(), "{error}");
    assert!(
        error.to_string().contains("those of `Vault.token` are secret: sort by another column"),
        "{error}"
    );
    engine.page(sorted, 1, 2).await.unwrap();
}
