//! Batches of statements: what is one, and how its answers become values.

use std::time::Duration;
use std::{fmt, option, vec};

use super::decode;
use crate::engine::{Answer, Connection};
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
    pub(super) rendered: &'a Rendered,
    pub(super) relations: bool,
    pub(super) only_reads: bool,
    pub(super) writes: Written,
    pub(super) time_limit: Option<Duration>,
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

/// The answers to a batch, to be made into values in their order.
pub struct Landing<'c> {
    pub(super) connection: &'c mut Connection,
    pub(super) answers: Answers,
    pub(super) taken: usize,
    pub(super) around: Around,
}

/// What a batch is sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    Nothing,
    Transaction,
}

/// The only answer needs no list.
pub(super) type Answers = std::iter::Chain<option::IntoIter<Answer>, vec::IntoIter<Answer>>;

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
