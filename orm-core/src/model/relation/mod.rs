//! Relations between models, as the derive declares them.

mod arity;
mod link;
mod path;

use std::fmt;
use std::marker::PhantomData;

pub use arity::{Arity, Many, Maybe, One, Through, ToMany, ToOne};
pub use link::{LinkModel, LinkReference, Linked};
pub use path::Path;

use super::Alias;

/// A relation of the model `P` to the model `C`, such as `User.posts` or `Post.author`. `A` says how many rows of `C` belong
/// to one of `P`: [`Many`], [`Through`] rows of another model, [`One`], or [`Maybe`] where there may be none.
///
/// [`with`](crate::query::Select::with) reads it; `filter`, `order_by`, `limit`, `with` and `only` say what of it is read;
/// `any`, `none`, `all`, `count` and `is` ask for it in a condition.
pub struct Relation<P, C, A> {
    path: fn() -> Path,
    alias: Option<Alias>,
    types: PhantomData<fn(P, C) -> A>,
}

impl<P, C, A> Relation<P, C, A> {
    #[doc(hidden)]
    pub const fn new(path: fn() -> Path) -> Self {
        Relation { path, alias: None, types: PhantomData }
    }

    #[doc(hidden)]
    pub const fn aliased(self, alias: Alias) -> Self {
        Relation { path: self.path, alias: Some(alias), types: PhantomData }
    }

    /// The columns it goes by.
    pub(crate) fn path(self) -> Path {
        (self.path)()
    }

    /// The name of the table it starts from, where that is not the table's own.
    pub(crate) fn start_alias(self) -> Option<Alias> {
        self.alias
    }
}

impl<P, C, A> Clone for Relation<P, C, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, C, A> Copy for Relation<P, C, A> {}

impl<P, C, A> fmt::Debug for Relation<P, C, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relation({:?})", self.path().named_by)
    }
}
