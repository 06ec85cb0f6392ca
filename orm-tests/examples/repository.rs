//! A repository for any model, over an engine, a transaction or a session.
//!
//! `cargo run --example repository`

#![allow(missing_docs, reason = "the model is that of a program, which needs no documentation")]

use std::error::Error as StdError;

use orm_core::Page;
use orm_core::model::Entity;
use orm_core::prelude::*;
use orm_core::query::Order;

#[derive(Model, Clone, Debug)]
#[orm(table = "users")]
pub struct User {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
    pub age: Option<i32>,
}

/// What a repository can keep: a model that is no view, and can be selected.
pub trait Stored: Model<Kind = Entity, Table: Selectable<Row = Self>> {}
impl<M: Model<Kind = Entity, Table: Selectable<Row = M>>> Stored for M {}

/// The rows of one model, by whatever runs statements.
pub struct Repository<E>(pub E);

impl<E: Executor> Repository<E> {
    /// The row with this key.
    pub async fn get<M: Stored>(&mut self, key: M::Key) -> Result<Option<M>, Error> {
        self.0.find::<M>(key).await
    }

    /// The rows a condition is true for.
    pub async fn matching<M: Stored>(
        &mut self,
        condition: impl IntoCond,
        order: Order,
    ) -> Result<Vec<M>, Error> {
        self.0.all(select(M::TABLE).filter(condition).order_by(order)).await
    }

    /// A page of them, and how many there are.
    pub async fn page<M: Stored>(
        &mut self,
        condition: impl IntoCond,
        order: Order,
        number: i64,
    ) -> Result<Page<M>, Error> {
        self.0.page(select(M::TABLE).filter(condition).order_by(order), number, 20).await
    }

    /// A new row.
    pub async fn add<M: Stored>(&mut self, new: M::New) -> Result<M, Error> {
        self.0.one(insert(M::TABLE).values(new).returning(M::TABLE)).await
    }

    /// Whether there is any such row.
    pub async fn any<M: Stored>(&mut self, condition: impl IntoCond) -> Result<bool, Error> {
        self.0.exists(select(M::TABLE).filter(condition)).await
    }
}

/// A function over what runs statements; what it calls takes `&mut db`.
pub async fn grow_up(mut db: impl Executor) -> Result<u64, Error> {
    if !Repository(&mut db).any::<User>(User.age.lt(18)).await? {
        return Ok(0);
    }
    db.execute(update(User).set(User.age, 18).filter(User.age.lt(18))).await
}

/// The program, on the server of this URL.
///
/// # Errors
/// If the server refuses.
pub async fn repository(url: &str) -> Result<(), Box<dyn StdError>> {
    let engine = Engine::builder(url).connect().await?;
    engine.create_all(schema![User]).await?;

    // One statement each, by itself.
    let mut users = Repository(&engine);
    let ann: User = users.add::<User>(NewUser { name: "Ann".into(), age: Some(30) }).await?;
    users.add::<User>(NewUser { name: "Bob".into(), age: Some(12) }).await?;
    let found = users.get::<User>(ann.id).await?;
    println!("{found:?}");

    // All in one transaction.
    let mut transaction = engine.begin().await?;
    println!("{} grew up", grow_up(&mut transaction).await?);
    let adults: Vec<User> = Repository(&mut transaction).matching(User.age.ge(18), User.name.asc()).await?;
    transaction.commit().await?;
    println!("{adults:?}");

    // Inside the transaction of a session.
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add(NewUser::new("Cleo"));
    session.flush().await?;
    let page: Page<User> =
        Repository(session.connection().await?).page(User.id.gt(0), User.name.desc(), 1).await?;
    session.commit().await?;
    println!("{} of {}: {:?}", page.rows.len(), page.total, page.rows);

    engine.drop_all(schema![User]).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    // `DATABASE_URL`, or a private server of the installed PostgreSQL programs, or the one of docker-compose.yml.
    orm_tests::try_server()?;
    let database = orm_tests::Database::create().await;
    repository(database.url()).await
}
