//! How the rows of a statement become values: what `select` and `with` captured.

use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use crate::error::Error;
use crate::query::ast;
use crate::query::render::Rendered;
use crate::row::{Cells, Names, Places};

/// Makes values of type `R` from the rows of a statement.
pub(crate) enum Make<R> {
    /// Each row by itself.
    Decode(Decode<R>),
    /// Each row by itself, its columns by their names.
    Named(Names, Decode<R>),
    /// With the rows of further statements.
    Load(Arc<dyn Load<R>>),
    /// With the rows of these statements, sent together with the first, each by its number less one.
    Together(Arc<dyn Load<R>>, Arc<[Rendered]>),
}

pub(crate) type Decode<R> = fn(&mut Cells<'_>) -> Result<R, Error>;

/// Makes values from the rows of a statement and of others that follow from them.
///
/// The statement itself has the number 0, and each that follows from it one of its own, whatever the rows are.
pub(crate) trait Load<R>: Send + Sync {
    /// Takes the rows; the first statement that follows has this number.
    fn sink(&self, first: usize) -> Box<dyn RowSink<R>>;

    /// How many statements can follow.
    fn count(&self) -> usize;

    /// The statements that follow from this one, by its condition in place of its rows, in the order of their numbers.
    fn ahead(&self, query: &ast::Select, ahead: &mut Vec<ast::Select>) -> Result<(), Error>;
}

/// A statement that follows from another, with its number.
pub(crate) struct Following {
    pub(crate) number: usize,
    pub(crate) query: ast::Select,
}

/// Takes the rows of statements as they come.
pub(crate) trait RowSink<R>: Send {
    /// Takes a row of the statement at a place, counted from zero.
    fn take(&mut self, nth: usize, row: &DriverRow) -> Result<(), Error>;

    /// There are no more rows.
    fn finish(self: Box<Self>) -> Result<Step<R>, Error>;
}

/// What is to be done next to make the values.
pub(crate) enum Step<R> {
    Done(Vec<R>),
    /// The rows of these statements, of which none needs another's, are needed first.
    Fetch(Vec<Following>, Box<dyn RowSink<R>>),
}

/// The values made so far.
pub(crate) enum Making<R> {
    Decode(Decode<R>, Vec<R>),
    Named(ByName<R>, Vec<R>),
    Load(Box<dyn RowSink<R>>),
}

impl<R> Clone for Make<R> {
    fn clone(&self) -> Self {
        match self {
            Make::Decode(decode) => Make::Decode(*decode),
            Make::Named(names, decode) => Make::Named(*names, *decode),
            Make::Load(load) => Make::Load(load.clone()),
            Make::Together(load, ahead) => Make::Together(load.clone(), ahead.clone()),
        }
    }
}

impl<R> Make<R> {
    /// Whether the rows of further statements are needed.
    pub(crate) fn is_load(&self) -> bool {
        self.load().is_some()
    }

    /// How a row is made by itself, if none of further statements is needed.
    pub(crate) fn each_row(&self) -> Option<EachRow<R>> {
        match self {
            Make::Decode(decode) => Some(EachRow::Decode(*decode)),
            Make::Named(names, decode) => Some(EachRow::Named(ByName::new(*names, *decode))),
            Make::Load(_) | Make::Together(..) => None,
        }
    }

    fn load(&self) -> Option<&Arc<dyn Load<R>>> {
        match self {
            Make::Decode(_) | Make::Named(..) => None,
            Make::Load(load) | Make::Together(load, _) => Some(load),
        }
    }

    pub(crate) fn start(&self) -> Making<R> {
        self.start_at(1)
    }

    /// Takes the rows; the first statement that follows has this number.
    pub(crate) fn start_at(&self, first: usize) -> Making<R> {
        match self {
            Make::Decode(decode) => Making::Decode(*decode, Vec::new()),
            Make::Named(names, decode) => Making::Named(ByName::new(*names, *decode), Vec::new()),
            Make::Load(load) | Make::Together(load, _) => Making::Load(load.sink(first)),
        }
    }

    /// How many statements can follow.
    pub(crate) fn count(&self) -> usize {
        self.load().map_or(0, |load| load.count())
    }

    /// The statements that follow; see [`Load::ahead`].
    pub(crate) fn ahead(&self, query: &ast::Select, ahead: &mut Vec<ast::Select>) -> Result<(), Error> {
        self.load().map_or(Ok(()), |load| load.ahead(query, ahead))
    }
}

impl<R> Making<R> {
    #[inline]
    pub(crate) fn take(&mut self, row: &DriverRow) -> Result<(), Error> {
        match self {
            Making::Decode(decode, values) => values.push(decode(&mut Cells::new(row))?),
            Making::Named(by_name, values) => values.push(by_name.decode(row)?),
            Making::Load(sink) => sink.take(0, row)?,
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<Step<R>, Error> {
        match self {
            Making::Decode(_, values) | Making::Named(_, values) => Ok(Step::Done(values)),
            Making::Load(sink) => sink.finish(),
        }
    }
}

/// Makes each row by itself, as it comes.
pub(crate) enum EachRow<R> {
    Decode(Decode<R>),
    Named(ByName<R>),
}

impl<R> EachRow<R> {
    #[inline]
    pub(crate) fn decode(&mut self, row: &DriverRow) -> Result<R, Error> {
        match self {
            EachRow::Decode(decode) => decode(&mut Cells::new(row)),
            EachRow::Named(by_name) => by_name.decode(row),
        }
    }
}

/// Makes each row by itself, its columns by their names.
pub(crate) struct ByName<R> {
    names: Names,
    decode: Decode<R>,
    /// Where the columns stand, once a row has come.
    places: Option<Places>,
}

impl<R> ByName<R> {
    pub(crate) fn new(names: Names, decode: Decode<R>) -> ByName<R> {
        ByName { names, decode, places: None }
    }

    pub(crate) fn decode(&mut self, row: &DriverRow) -> Result<R, Error> {
        let places = match &mut self.places {
            Some(places) => places,
            empty => empty.insert(self.names.find(row)?),
        };
        (self.decode)(&mut Cells::placed(row, places))
    }
}

impl<R: Send + 'static> Step<R> {
    /// Goes on with the values when they are made.
    pub(crate) fn and_then<S: 'static>(
        self,
        next: impl FnOnce(Vec<R>) -> Result<Step<S>, Error> + Send + 'static,
    ) -> Result<Step<S>, Error> {
        match self {
            Step::Done(values) => next(values),
            Step::Fetch(statements, sink) => Ok(Step::Fetch(statements, Box::new(Then { sink, next }))),
        }
    }

    /// Goes on with the values of both, whose statements are sent together.
    pub(crate) fn zip<T: Send + 'static, S: 'static>(
        self,
        other: Step<T>,
        join: impl FnOnce(Vec<R>, Vec<T>) -> Vec<S> + Send + 'static,
    ) -> Step<S> {
        let ((mut statements, first), (others, second)) = (self.begun(), other.begun());
        match (first, second) {
            (Begun::Done(values), Begun::Done(others)) => Step::Done(join(values, others)),
            (first, second) => {
                let count = statements.len();
                statements.extend(others);
                Step::Fetch(statements, Box::new(Both { first, count, second, join }))
            }
        }
    }

    fn begun(self) -> (Vec<Following>, Begun<R>) {
        match self {
            Step::Done(values) => (Vec::new(), Begun::Done(values)),
            Step::Fetch(statements, sink) => (statements, Begun::Fetch(sink)),
        }
    }
}

/// Values that are made, or wait for rows.
enum Begun<R> {
    Done(Vec<R>),
    Fetch(Box<dyn RowSink<R>>),
}

impl<R> Begun<R> {
    fn take(&mut self, nth: usize, row: &DriverRow) -> Result<(), Error> {
        match self {
            Begun::Done(_) => Ok(()),
            Begun::Fetch(sink) => sink.take(nth, row),
        }
    }

    fn finish(self) -> Result<Step<R>, Error> {
        match self {
            Begun::Done(values) => Ok(Step::Done(values)),
            Begun::Fetch(sink) => sink.finish(),
        }
    }
}

/// Takes rows, and goes on with the values made of them.
struct Then<R, N> {
    sink: Box<dyn RowSink<R>>,
    next: N,
}

impl<R, S, N> RowSink<S> for Then<R, N>
where
    R: Send + 'static,
    S: 'static,
    N: FnOnce(Vec<R>) -> Result<Step<S>, Error> + Send + 'static,
{
    fn take(&mut self, nth: usize, row: &DriverRow) -> Result<(), Error> {
        self.sink.take(nth, row)
    }

    fn finish(self: Box<Self>) -> Result<Step<S>, Error> {
        self.sink.finish()?.and_then(self.next)
    }
}

/// Takes the rows of two lists of statements.
struct Both<A, B, J> {
    first: Begun<A>,
    /// How many statements are those of the first.
    count: usize,
    second: Begun<B>,
    join: J,
}

impl<A, B, S, J> RowSink<S> for Both<A, B, J>
where
    A: Send + 'static,
    B: Send + 'static,
    S: 'static,
    J: FnOnce(Vec<A>, Vec<B>) -> Vec<S> + Send + 'static,
{
    fn take(&mut self, nth: usize, row: &DriverRow) -> Result<(), Error> {
        match nth.checked_sub(self.count) {
            None => self.first.take(nth, row),
            Some(nth) => self.second.take(nth, row),
        }
    }

    fn finish(self: Box<Self>) -> Result<Step<S>, Error> {
        let Both { first, second, join, .. } = *self;
        Ok(first.finish()?.zip(second.finish()?, join))
    }
}
