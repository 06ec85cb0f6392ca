//! Independent statements that are sent together.

use std::time::Duration;

use super::batch::{Answers, Around, Batch, Landing, Part};
use super::{Transaction, TransactionConnection, request};
use crate::engine::{Answer, Connection, Engine, Request};
use crate::error::Error;

/// The statements of a batch by their places.
type Parts<'a> = dyn Fn(usize) -> Option<Part<'a>> + Sync + 'a;

fn each<'p, 'a>(parts: &'p Parts<'a>) -> impl Iterator<Item = Part<'a>> + use<'p, 'a> {
    (0..).map_while(parts)
}

fn answers(only: Option<Answer>, list: Vec<Answer>) -> Answers {
    only.into_iter().chain(list)
}

/// The time limit of all: the shortest of them.
fn time_limit(parts: &Parts<'_>) -> Option<Duration> {
    each(parts).filter_map(|part| part.time_limit).min()
}

async fn send(connection: &mut Connection, parts: &Parts<'_>) -> Result<Answers, Error> {
    if let (Some(only), None) = (parts(0), parts(1))
        && !only.rendered.is_nothing()
    {
        let answer = connection.query(request(only.rendered)).await;
        return Ok(answers(Some(answer.map_err(|error| only.rendered.explain(error))?), Vec::new()));
    }
    let list = match each(parts).any(|part| part.writes.is_something()) {
        true => connection.pipeline(&requests(parts)).await,
        false => connection.pipeline_reads(&requests(parts)).await,
    };
    Ok(answers(None, in_their_places(list.map_err(|error| explained(error, parts))?, parts)))
}

async fn send_and_commit(connection: &mut Connection, parts: &Parts<'_>) -> Result<Answers, Error> {
    let list = connection.commit_with(&requests(parts)).await;
    Ok(answers(None, in_their_places(list.map_err(|error| explained(error, parts))?, parts)))
}

/// Sends statements that stand for themselves, and takes in what comes back.
async fn send_alone<B: Batch>(connection: &mut Connection, drafts: &B::Drafts) -> Result<B::Output, Error> {
    let parts = |place| B::part(drafts, place);
    let answers = send(connection, &parts).await.map_err(|error| {
        if each(&parts).any(|part| part.writes.is_something()) { error.of_autocommit() } else { error }
    })?;
    let around = Around::Nothing;
    B::land(drafts, &mut Landing { connection, answers, taken: 0, around }).await
}

/// The statements that are sent, with their places in the batch.
fn sent<'p, 'a>(parts: &'p Parts<'a>) -> impl Iterator<Item = (usize, Part<'a>)> + use<'p, 'a> {
    (0..).zip(each(parts)).filter(|(_, part)| !part.rendered.is_nothing())
}

fn requests<'a>(parts: &Parts<'a>) -> Vec<Request<'a>> {
    sent(parts).map(|(_, part)| request(part.rendered)).collect()
}

/// The answers, and those to statements that were not sent.
fn in_their_places(mut answers: Vec<Answer>, parts: &Parts<'_>) -> Vec<Answer> {
    for (place, _) in (0..).zip(each(parts)).filter(|(_, part)| part.rendered.is_nothing()) {
        answers.insert(place.min(answers.len()), Answer::of_nothing());
    }
    answers
}

/// An error of the statements, with the place of its own among them.
fn explained(error: Error, parts: &Parts<'_>) -> Error {
    let Some((place, part)) = error.place().and_then(|place| sent(parts).nth(place)) else {
        return error;
    };
    part.rendered.explain(error).in_batch(place + 1)
}

/// Relations need a statement behind the first, and behind COMMIT it would see another state.
fn without_relations(parts: &Parts<'_>) -> Result<(), Error> {
    let Some(place) = each(parts).position(|part| part.relations) else { return Ok(()) };
    Err(Error::statement_invalid(
        "a statement with relations cannot travel with COMMIT, since theirs are read by a further statement behind it: \
         read it with `all` or `batch` before",
    )
    .in_batch(place + 1))
}

impl Engine {
    /// Runs independent statements in one round trip, on one connection: `engine.batch((a, b, c))`, or a `Vec` or an
    /// array of statements of one type. Gives the same with, of each statement, a `Vec` of its rows, or the number of
    /// rows it touched where it gives none.
    ///
    /// All are checked before the first is sent. They run in their order, each by itself, as if sent alone: what one
    /// wrote stays, whatever becomes of the others. For all or nothing use [`Transaction::commit_with`]. With a context
    /// ([`with`](Engine::with)) each of them is a round trip, unless all only read. More than 64 statements take a round trip for every 64; the relations of one ([`with`](crate::query::Select::with)) are read
    /// behind all.
    ///
    /// # Errors
    /// The first that failed, with the number of its statement: if it is refused before or by the server, or a value
    /// does not fit its Rust type, which of a statement that writes is found when that **is committed**
    /// ([`is_committed`](Error::is_committed)). Statements that the server refuses stop none that were sent with them.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone)]
    /// # #[orm(table = "users")]
    /// # pub struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     pub id: i64,
    /// #     pub age: i32,
    /// # }
    /// # #[derive(Model, Clone)]
    /// # #[orm(table = "posts")]
    /// # pub struct Post {
    /// #     #[orm(primary_key, generated)]
    /// #     pub id: i64,
    /// #     pub title: String,
    /// # }
    /// # async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    /// let (users, posts) = engine.batch((select(User).order_by(User.id), select(func::count(Post.id)))).await?;
    /// # let (users, posts): (Vec<User>, Vec<i64>) = (users, posts);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn batch<B: Batch>(&self, batch: B) -> Result<B::Output, Error> {
        let drafts = batch.drafts()?;
        drop(batch);
        let parts = |place| B::part(&drafts, place);
        let only_reads = each(&parts).all(|part| part.only_reads);
        let engine = self.within(time_limit(&parts));
        let mut route = engine.route(only_reads);
        loop {
            let mut connection = route.acquire().await?;
            match send_alone::<B>(&mut connection, &drafts).await {
                Err(error) if only_reads && route.goes_on(&error) => {}
                output => return output,
            }
        }
    }
}

impl TransactionConnection {
    /// Runs statements in one round trip, as [`Engine::batch`] does, inside the transaction: BEGIN and savepoints that
    /// are not sent yet go with them.
    ///
    /// # Errors
    /// As [`Engine::batch`]; after an error of the server the transaction can only be rolled back.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let (users, posts) = transaction.batch((select(User), select(func::count(Post.id)))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn batch<B: Batch>(&mut self, batch: B) -> Result<B::Output, Error> {
        let drafts = batch.drafts()?;
        drop(batch);
        let parts = |place| B::part(&drafts, place);
        let mut this = self.within(time_limit(&parts));
        each(&parts).for_each(|part| this.note(part.writes));
        let answers = send(this.raw(), &parts).await?;
        let around = Around::Transaction;
        B::land(&drafts, &mut Landing { connection: this.raw(), answers, taken: 0, around }).await
    }
}

impl Transaction {
    /// Runs statements and makes everything since the beginning permanent, in one round trip: COMMIT goes with them, and
    /// so does BEGIN if nothing was sent before. What they give is as of [`Engine::batch`].
    ///
    /// The server commits only if every statement succeeds; otherwise everything is rolled back.
    ///
    /// # Errors
    /// The first statement that failed, with its number, or if the server refuses COMMIT itself; as
    /// [`commit`](Transaction::commit) after an earlier error. A statement with relations is refused before anything is
    /// sent. If a value of a row does not fit its Rust type, that is found when the transaction **was committed**; the
    /// error says so ([`is_committed`](Error::is_committed)). If the connection is lost while COMMIT is on its way, nobody
    /// knows ([`is_outcome_unknown`](Error::is_outcome_unknown)).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone)]
    /// # #[orm(table = "users")]
    /// # pub struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     pub id: i64,
    /// #     pub age: i32,
    /// # }
    /// # #[derive(Model, Clone)]
    /// # #[orm(table = "posts")]
    /// # pub struct Post {
    /// #     #[orm(primary_key, generated)]
    /// #     pub id: i64,
    /// #     pub title: String,
    /// # }
    /// # async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    /// let transaction = engine.begin().await?;
    /// let (older, gone) = transaction
    ///     .commit_with((
    ///         update(User).set(User.age, User.age + 1).all_rows(),
    ///         delete(Post).filter(Post.title.eq("")).returning(Post.title),
    ///     ))
    ///     .await?; // (u64, Vec<String>); an error names its statement, and everything is rolled back
    /// # let (older, gone): (u64, Vec<String>) = (older, gone);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn commit_with<B: Batch>(mut self, batch: B) -> Result<B::Output, Error> {
        let drafts = batch.drafts()?;
        drop(batch);
        let parts = |place| B::part(&drafts, place);
        without_relations(&parts)?;
        let mut this = self.within(time_limit(&parts));
        let answers = send_and_commit(this.raw(), &parts).await?;
        let around = Around::Transaction;
        let landed =
            B::land(&drafts, &mut Landing { connection: this.raw(), answers, taken: 0, around }).await;
        landed.map_err(Error::although_committed)
    }
}
