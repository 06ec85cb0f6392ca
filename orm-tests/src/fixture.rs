//! What most tests start from: a fresh database with tables, an engine on it, and a record of what it sends.

use std::sync::Arc;

use orm_core::model::Handle;
use orm_core::schema::Schema;
use orm_core::{Engine, Session, SessionMaker};

use crate::models::{NewUser, User};
use crate::{Database, Recorder};

/// A fresh database with tables, and an engine on it.
#[derive(Debug)]
pub struct Fixture {
    /// On the database, with a pool of four.
    pub engine: Engine,
    /// What the engine has sent since the tables were made.
    pub recorder: Recorder,
    /// Gone when the fixture is.
    pub database: Database,
}

impl Fixture {
    /// A database with the tables of a schema.
    ///
    /// # Panics
    /// If the server refuses.
    pub async fn new(schema: Schema) -> Fixture {
        let database = Database::create().await;
        let recorder = Recorder::default();
        let engine =
            Engine::builder(database.url()).pool_size(4).observe(Arc::new(recorder.clone())).connect().await;
        let engine = engine.expect("the engine connects to a fresh database");
        engine.create_all(schema).await.expect("the tables of the test are made");
        recorder.take();
        Fixture { engine, recorder, database }
    }

    /// A session with the default options.
    pub fn session(&self) -> Session {
        SessionMaker::new(self.engine.clone()).session()
    }
}

/// A session with one committed user, Ann of thirty, as its object; what was sent until then is forgotten.
///
/// # Panics
/// If the server refuses.
pub async fn with_ann(fixture: &Fixture) -> (Session, Handle<User>) {
    let mut session = fixture.session();
    let ann = session.add(NewUser { name: "Ann".into(), age: Some(30) });
    session.commit().await.expect("Ann is inserted");
    fixture.recorder.take();
    (session, ann)
}
