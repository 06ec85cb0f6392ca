//! How many rows a relation gives for one.

use std::marker::PhantomData;

use crate::model::Row;

/// How many rows a relation gives for one: [`Many`], [`Through`], [`One`] or [`Maybe`].
pub trait Arity: Sized + Send + Sync + 'static {
    /// What it gives where a related row is an `R`.
    type Found<R: Row + Clone>: Row + Clone;

    /// How many it gives where not every related row is wanted.
    type Filtered: Arity;

    /// The rows found so far.
    #[doc(hidden)]
    type Rows<R: Row + Clone>: Default + Send;

    /// Whether there is at most one.
    #[doc(hidden)]
    const AT_MOST_ONE: bool;

    /// No rows yet, with capacity for so many.
    #[doc(hidden)]
    fn with_capacity<R: Row + Clone>(_rows: usize) -> Self::Rows<R> {
        Self::Rows::default()
    }

    #[doc(hidden)]
    fn push<R: Row + Clone>(rows: &mut Self::Rows<R>, row: R);

    /// Adds these rows, and leaves none of them.
    #[doc(hidden)]
    fn append<R: Row + Clone>(rows: &mut Self::Rows<R>, more: &mut Vec<R>) {
        more.drain(..).for_each(|row| Self::push(rows, row));
    }

    #[doc(hidden)]
    fn sort_by_key<R: Row + Clone>(_rows: &mut Self::Rows<R>, _key: impl FnMut(&R) -> i64) {}

    /// What was found; `None` if a row is missing.
    #[doc(hidden)]
    fn found<R: Row + Clone>(rows: Self::Rows<R>) -> Option<Self::Found<R>>;
}

/// Any number of rows, as a `Vec`.
#[derive(Clone, Copy, Debug)]
pub enum Many {}

/// Any number of rows, as a `Vec`, by way of rows of the model `B` that link them: a `many_to_many`.
#[derive(Debug)]
pub struct Through<B>(PhantomData<fn() -> B>);

/// One row.
#[derive(Clone, Copy, Debug)]
pub enum One {}

/// One row or none, as an `Option`.
#[derive(Clone, Copy, Debug)]
pub enum Maybe {}

impl Arity for Many {
    type Found<R: Row + Clone> = Vec<R>;
    type Filtered = Many;
    type Rows<R: Row + Clone> = Vec<R>;

    const AT_MOST_ONE: bool = false;

    fn with_capacity<R: Row + Clone>(rows: usize) -> Vec<R> {
        Vec::with_capacity(rows)
    }

    fn push<R: Row + Clone>(rows: &mut Vec<R>, row: R) {
        rows.push(row);
    }

    fn append<R: Row + Clone>(rows: &mut Vec<R>, more: &mut Vec<R>) {
        rows.append(more);
    }

    fn sort_by_key<R: Row + Clone>(rows: &mut Vec<R>, key: impl FnMut(&R) -> i64) {
        rows.sort_by_key(key);
    }

    fn found<R: Row + Clone>(rows: Vec<R>) -> Option<Vec<R>> {
        Some(rows)
    }
}

impl<B: 'static> Arity for Through<B> {
    type Found<R: Row + Clone> = Vec<R>;
    type Filtered = Many;
    type Rows<R: Row + Clone> = Vec<R>;

    const AT_MOST_ONE: bool = false;

    fn with_capacity<R: Row + Clone>(rows: usize) -> Vec<R> {
        Vec::with_capacity(rows)
    }

    fn push<R: Row + Clone>(rows: &mut Vec<R>, row: R) {
        rows.push(row);
    }

    fn append<R: Row + Clone>(rows: &mut Vec<R>, more: &mut Vec<R>) {
        rows.append(more);
    }

    fn sort_by_key<R: Row + Clone>(rows: &mut Vec<R>, key: impl FnMut(&R) -> i64) {
        rows.sort_by_key(key);
    }

    fn found<R: Row + Clone>(rows: Vec<R>) -> Option<Vec<R>> {
        Some(rows)
    }
}

impl Arity for One {
    type Found<R: Row + Clone> = R;
    type Filtered = Maybe;
    type Rows<R: Row + Clone> = Option<R>;

    const AT_MOST_ONE: bool = true;

    fn push<R: Row + Clone>(rows: &mut Option<R>, row: R) {
        rows.get_or_insert(row);
    }

    fn found<R: Row + Clone>(rows: Option<R>) -> Option<R> {
        rows
    }
}

impl Arity for Maybe {
    type Found<R: Row + Clone> = Option<R>;
    type Filtered = Maybe;
    type Rows<R: Row + Clone> = Option<R>;

    const AT_MOST_ONE: bool = true;

    fn push<R: Row + Clone>(rows: &mut Option<R>, row: R) {
        rows.get_or_insert(row);
    }

    fn found<R: Row + Clone>(rows: Option<R>) -> Option<Option<R>> {
        Some(rows)
    }
}

/// Any number of rows: [`Many`] or [`Through`].
#[diagnostic::on_unimplemented(
    message = "this relation gives one row at most",
    label = "expected a relation to any number of rows: a `has_many` or a `many_to_many`"
)]
pub trait ToMany: Arity {}
#[diagnostic::do_not_recommend]
impl ToMany for Many {}
#[diagnostic::do_not_recommend]
impl<B: 'static> ToMany for Through<B> {}

/// At most one row: [`One`] or [`Maybe`].
pub trait ToOne: Arity {}
impl ToOne for One {}
impl ToOne for Maybe {}
