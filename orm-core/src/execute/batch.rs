//! Independent statements that travel together.

use std::time::Duration;
use std::{fmt, option, vec};

use super::{Transaction, TransactionConnection, decode, request};
use crate::engine::{Answer, Connection, Engine, Request};
use crate::error::Error;
use crate::query::render::Rendered;
use crate::query::{BatchItem, Draft, Written};

/// What is a batch: what is made of statements.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`Batch` is implemented by no program itself",
    label = "a tuple, a `Vec` or an array of statements is one"
)]
pub trait SealedBatch {}

/// What `batch` and `commit_with` take: a tuple of one to eight statements, or a `Vec` or an array of statements of one
/// type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no batch of statements",
    label = "expected a tuple of one to eight statements, or a `Vec` or an array of statements of one type",
    note = "one statement by itself goes to `all` or `execute`"
)]
pub trait Batch: SealedBatch + Sized + Send {
    /// What it gives: the same with, of each statement, a `Vec` of its rows, or without rows the number of those it
    /// touched.
    type Output: Send;
    #[doc(hidden)]
    type Drafts: Send + Sync;

    #[doc(hidden)]
    fn drafts(&self) -> Result<Self::Drafts, Error>;

    /// The statement at a place, counted from zero.
    #[doc(hidden)]
    fn part(drafts: &Self::Drafts, place: usize) -> Option<Part<'_>>;

    #[doc(hidden)]
    fn land(
        drafts: &Self::Drafts,
        landing: &mut Landing<'_>,
    ) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}

/// A statement of a batch, whatever its rows.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    rendered: &'a Rendered,
    relations: bool,
    only_reads: bool,
    writes: Written,
    time_limit: Option<Duration>,
}

impl<'a> Part<'a> {
    fn of<R>(draft: &'a Draft<R>) -> Part<'a> {
        let Draft { plan, writes, only_reads, time_limit } = draft;
        let relations = plan.make.is_load();
        Part {
            rendered: &plan.rendered,
            relations,
            only_reads: *only_reads,
            writes: *writes,
            time_limit: *time_limit,
        }
    }
}

/// The statements of a batch by their places.
type Parts<'a> = dyn Fn(usize) -> Option<Part<'a>> + Sync + 'a;

fn each<'p, 'a>(parts: &'p Parts<'a>) -> impl Iterator<Item = Part<'a>> + use<'p, 'a> {
    (0..).map_while(parts)
}

/// The answers to a batch, to be made into values in their order.
pub struct Landing<'c> {
    connection: &'c mut Connection,
    answers: Answers,
    taken: usize,
    around: Around,
}

/// What a batch is sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Around {
    Nothing,
    Transaction,
}

/// The only answer needs no list.
type Answers = std::iter::Chain<option::IntoIter<Answer>, vec::IntoIter<Answer>>;

fn answers(only: Option<Answer>, list: Vec<Answer>) -> Answers {
    only.into_iter().chain(list)
}

impl Landing<'_> {
    fn next(&mut self) -> Result<Answer, Error> {
        self.taken += 1;
        self.answers.next().ok_or_else(|| Error::connection_lost("an answer is missing"))
    }

    async fn take<S: BatchItem>(&mut self, draft: &Draft<S::Decoded>) -> Result<S::Output, Error> {
        let answer = self.next()?;
        let rows = decode(self.connection, &draft.plan, &answer.rows).await;
        let rows = rows.map_err(|error| {
            let error = error.in_batch(self.taken);
            let stands = self.around == Around::Nothing && draft.writes.is_something();
            if stands { error.of_autocommit() } else { error }
        });
        Ok(S::output(rows?, answer.affected))
    }

    async fn take_all<S: BatchItem>(
        &mut self,
        drafts: &[Draft<S::Decoded>],
    ) -> Result<Vec<S::Output>, Error> {
        let mut outputs = Vec::with_capacity(drafts.len());
        for draft in drafts {
            outputs.push(self.take::<S>(draft).await?);
        }
        Ok(outputs)
    }
}

impl fmt::Debug for Landing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Landing").field("taken", &self.taken).finish_non_exhaustive()
    }
}

fn draft<S: BatchItem>(statement: &S, place: usize) -> Result<Draft<S::Decoded>, Error> {
    statement.draft().map_err(|error| error.in_batch(place + 1))
}

macro_rules! tuple {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: BatchItem),*> SealedBatch for ($($part,)*) {}

        impl<$($part: BatchItem),*> Batch for ($($part,)*) {
            type Output = ($($part::Output,)*);
            type Drafts = ($(Draft<$part::Decoded>,)*);

            fn drafts(&self) -> Result<Self::Drafts, Error> {
                Ok(($(draft(&self.$place, $place)?,)*))
            }

            fn part(drafts: &Self::Drafts, place: usize) -> Option<Part<'_>> {
                match place {
                    $($place => Some(Part::of(&drafts.$place)),)*
                    _ => None,
                }
            }

            async fn land(drafts: &Self::Drafts, landing: &mut Landing<'_>) -> Result<Self::Output, Error> {
                Ok(($(landing.take::<$part>(&drafts.$place).await?,)*))
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

fn drafts<S: BatchItem>(statements: &[S]) -> Result<Vec<Draft<S::Decoded>>, Error> {
    statements.iter().zip(0..).map(|(statement, place)| draft(statement, place)).collect()
}

#[diagnostic::do_not_recommend]
impl<S: BatchItem> SealedBatch for Vec<S> {}

impl<S: BatchItem> Batch for Vec<S> {
    type Output = Vec<S::Output>;
    type Drafts = Vec<Draft<S::Decoded>>;

    fn drafts(&self) -> Result<Self::Drafts, Error> {
        drafts(self)
    }

    fn part(drafts: &Self::Drafts, place: usize) -> Option<Part<'_>> {
        drafts.get(place).map(Part::of)
    }

    async fn land(drafts: &Self::Drafts, landing: &mut Landing<'_>) -> Result<Self::Output, Error> {
        landing.take_all::<S>(drafts).await
    }
}

#[diagnostic::do_not_recommend]
impl<S: BatchItem, const COUNT: usize> SealedBatch for [S; COUNT] {}

impl<S: BatchItem, const COUNT: usize> Batch for [S; COUNT] {
    type Output = [S::Output; COUNT];
    type Drafts = Vec<Draft<S::Decoded>>;

    fn drafts(&self) -> Result<Self::Drafts, Error> {
        drafts(self)
    }

    fn part(drafts: &Self::Drafts, place: usize) -> Option<Part<'_>> {
        drafts.get(place).map(Part::of)
    }

    async fn land(drafts: &Self::Drafts, landing: &mut Landing<'_>) -> Result<Self::Output, Error> {
        let outputs = landing.take_all::<S>(drafts).await?;
        outputs.try_into().map_err(|_| Error::connection_lost("an answer is missing"))
    }
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
