//! How the rows of a statement become values: what `select` and `with` captured.

use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use crate::error::Error;
use crate::query::ast;
use crate::row::Cells;

/// Makes values of type `R` from the rows of a statement.
pub(crate) enum Make<R> {
    /// Each row by itself.
    Decode(fn(&mut Cells<'_>) -> Result<R, Error>),
    /// With the rows of further statements.
    Load(Arc<dyn Load<R>>),
}

/// Makes values from the rows of a statement and of others that follow from them.
pub(crate) trait Load<R>: Send + Sync {
    fn start(&self, rows: &[DriverRow]) -> Result<Step<R>, Error>;
}

/// What is to be done next to make the values.
pub(crate) enum Step<R> {
    Done(Vec<R>),
    /// The rows of this statement are needed first.
    Fetch(Box<ast::Select>, Then<R>),
}

pub(crate) type Then<R> = Box<dyn FnOnce(&[DriverRow]) -> Result<Step<R>, Error> + Send>;

impl<R> Clone for Make<R> {
    fn clone(&self) -> Self {
        match self {
            Make::Decode(decode) => Make::Decode(*decode),
            Make::Load(load) => Make::Load(load.clone()),
        }
    }
}

impl<R> Make<R> {
    /// Whether further statements follow the first.
    pub(crate) fn is_load(&self) -> bool {
        matches!(self, Make::Load(_))
    }
}

impl<R: 'static> Make<R> {
    pub(crate) fn start(&self, rows: &[DriverRow]) -> Result<Step<R>, Error> {
        match self {
            Make::Decode(decode) => {
                let values = rows.iter().map(|row| decode(&mut Cells::new(row)));
                Ok(Step::Done(values.collect::<Result<_, _>>()?))
            }
            Make::Load(load) => load.start(rows),
        }
    }
}

impl<R: 'static> Step<R> {
    /// Goes on with the values when they are made.
    pub(crate) fn and_then<S: 'static>(
        self,
        next: impl FnOnce(Vec<R>) -> Result<Step<S>, Error> + Send + 'static,
    ) -> Result<Step<S>, Error> {
        match self {
            Step::Done(values) => next(values),
            Step::Fetch(statement, then) => {
                Ok(Step::Fetch(statement, Box::new(move |rows| then(rows)?.and_then(next))))
            }
        }
    }
}
