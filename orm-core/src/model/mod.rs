//! What a Rust struct says about its table.

mod alias;
mod handle;
pub(crate) mod key;
mod kind;
mod new;
pub mod relation;
mod row;

use std::fmt::Debug;

pub use alias::Alias;
pub use handle::{Handle, IntoRef, Ref};
pub use key::{IntoKey, Key, NoKey};
pub(crate) use kind::SealedTracker;
pub use kind::{Entity, Kind, Tracker, View, Writable};
pub use new::{NewModel, NewValue, NoNew, Pending, ReferenceValue};
#[doc(hidden)]
pub use row::SealedRow;
pub(crate) use row::each_tuple;
pub use row::{Append, Lead, Row};

use crate::error::Error;
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::types::Value;

/// A struct whose values are rows of a table; written by `#[derive(Model)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "expected a struct with `#[derive(Model)]`",
    note = "enum types come with the models that use them"
)]
pub trait Model: Clone + Send + Sync + Sized + 'static {
    /// The type of the constant that has the model's name, with a field for each column and relation.
    type Table: Table<Model = Self>;
    /// The type of the primary key; a tuple if it has several columns.
    type Key: Key;
    /// Whether it is a table, whose rows a session tracks, or a view: [`Entity`] or [`View`].
    type Kind: Kind;
    /// The struct a new row is made of.
    type New: NewModel<Model = Self>;
    /// The value of the constant that has the model's name.
    const TABLE: Self::Table;
    /// The table, as data.
    const META: &'static TableMeta;

    /// Reads the columns of one row, in the order of [`META`](Model::META).
    ///
    /// # Errors
    /// If a cell does not fit its field.
    fn decode(cells: &mut Cells<'_>) -> Result<Self, Error>;
    /// The primary key.
    fn key(&self) -> Self::Key;
    /// The value of a column, by its place in [`META`](Model::META).
    ///
    /// # Panics
    /// If the table has no such column.
    fn value_at(&self, place: usize) -> &dyn Value;
    /// The value of a column, to be changed.
    ///
    /// # Panics
    /// If the table has no such column.
    fn value_at_mut(&mut self, place: usize) -> &mut dyn Value;
}

/// The type of a model's table, with a field for each column and relation: `User` and every alias of it are a
/// `TableOf<User>`. For functions over any of them:
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// fn of_age(user: TableOf<User>) -> Cond {
///     user.age.ge(18).into_cond()
/// }
///
/// # fn example() {
/// let friend = User.alias("friend");
/// let adults = select(User).filter(of_age(User));
/// let friends = select(friend).filter(of_age(friend));
/// # }
/// ```
pub type TableOf<M> = <M as Model>::Table;

/// A table in a statement: the constant `User` that the derive writes, or an alias of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "expected a model's table such as `User`, or `User.alias(\"u\")`",
    note = "an object of a session is changed by `session[handle].name = ..` and removed by `session.delete(handle)`"
)]
pub trait Table: Copy + Send + Sync + 'static {
    /// The model whose rows it has.
    type Model: Model<Table = Self>;

    /// The name it has in statements, where that is not the table's own.
    #[doc(hidden)]
    fn named(&self) -> Option<Alias>;

    /// The same table under another name.
    #[doc(hidden)]
    fn under(self, alias: Alias) -> Self;

    /// The name it was given with `alias`.
    ///
    /// ```
    /// use orm_core::model::Table;
    /// use orm_tests::models::*;
    /// assert_eq!(User.alias_name(), None);
    /// assert_eq!(User.alias("friend").alias_name(), Some("friend"));
    /// ```
    fn alias_name(&self) -> Option<&'static str> {
        self.named().map(Alias::name)
    }

    /// The same table under a name that is made at run time, as where tables are joined in a loop:
    /// `Post.alias_from(&format!("post{n}"))`. Each different name takes some bytes for as long as the program runs, so take
    /// few of them; a name that is known is for `alias`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let friends = (1..3).map(|n| User.alias_from(&format!("friend{n}")));
    /// ```
    #[must_use]
    fn alias_from(self, name: &str) -> Self {
        self.under(Alias::made(name))
    }

    /// This table's row as an `Option`, for the right side of a left join.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let posts = select((Post, User.optional())).outer_join(User, User.id.eq(Post.user_id));
    /// ```
    fn optional(self) -> Optional<Self> {
        Optional(self)
    }
}

/// A table, or a row with names, that may be missing as a whole; made by `.optional()` of it.
#[derive(Clone, Copy, Debug)]
pub struct Optional<T>(pub(crate) T);

impl<T> Optional<T> {
    #[doc(hidden)]
    pub const fn new(content: T) -> Optional<T> {
        Optional(content)
    }
}
