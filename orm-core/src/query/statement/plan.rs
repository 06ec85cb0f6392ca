//! A statement on its way to the server: checked and rendered, with what becomes of its rows.

use std::fmt;
use std::panic::Location;

use super::Make;
use super::synchronize::Written;
use crate::error::Error;
use crate::query::render::{CopyTexts, Rendered};
use crate::types::CopyRows;

/// A statement that is checked and rendered.
pub struct Plan<R> {
    pub(crate) rendered: Rendered,
    pub(crate) make: Make<R>,
    /// What its rows are, for messages.
    pub(crate) what: &'static str,
}

impl<R> fmt::Debug for Plan<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rendered.fmt(f)
    }
}

/// What is a statement: those of this crate.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "statements are those of this crate: `Query`, `Command` and `BatchItem` are implemented by no program itself",
    label = "expected `select(..)`, `insert(..)`, `update(..)`, `delete(..)`, or `sql!(..)` for SQL of your own"
)]
pub trait SealedStatement {}

#[diagnostic::do_not_recommend]
impl<S: SealedStatement> SealedStatement for &S {}

/// A statement that a batch takes: a [`Select`](super::Select), or an insert, update or delete, with `returning` or without.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no statement for a batch",
    label = "expected statements, such as `select(User)` or `delete(User)`"
)]
pub trait BatchItem: SealedStatement + Sized + Send {
    /// What it gives: a `Vec` of its rows, or without rows the number of those it touched.
    type Output: Send;
    #[doc(hidden)]
    type Decoded: Send + 'static;

    #[doc(hidden)]
    fn draft(&self) -> Result<Draft<Self::Decoded>, Error>;

    #[doc(hidden)]
    fn output(rows: Vec<Self::Decoded>, affected: u64) -> Self::Output;
}

/// A statement of a batch that is checked and rendered.
#[derive(Debug)]
pub struct Draft<R> {
    pub(crate) plan: Plan<R>,
    pub(crate) writes: Written,
    /// Whether it neither writes nor locks.
    pub(crate) only_reads: bool,
}

/// Rows that may go by COPY.
pub struct Copying<'a> {
    pub(crate) texts: CopyTexts,
    pub(crate) rows: Box<dyn CopyRows + 'a>,
    pub(crate) at: &'static Location<'static>,
}
