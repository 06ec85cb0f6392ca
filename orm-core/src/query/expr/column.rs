//! A column of a model, with its Rust type.

use std::fmt;
use std::marker::PhantomData;

use crate::model::Alias;
use crate::query::ast::ColumnRef;
use crate::schema::ColumnMeta;

/// A column of model `M` with Rust type `T`, such as `User.age`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_core::query::Column;
/// # use orm_tests::models::*;
/// let known: Column<User, Option<i32>> = User.age;
/// let adults = select(User.name).filter(known.ge(18)).order_by(known.desc());
/// let birthday = update(User).set(known, known + 1).filter(User.id.eq(1));
/// ```
///
/// Rust's own `==` and `<` can only give a `bool`, and are no conditions: what uses them does not build.
///
/// ```compile_fail
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// assert!(User.name == "Ann");
/// ```
pub struct Column<M, T> {
    meta: &'static ColumnMeta,
    alias: Option<Alias>,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Column<M, T> {
    #[doc(hidden)]
    pub const fn new(meta: &'static ColumnMeta) -> Self {
        Column { meta, alias: None, types: PhantomData }
    }

    #[doc(hidden)]
    pub const fn aliased(self, alias: Alias) -> Self {
        Column { meta: self.meta, alias: Some(alias), types: PhantomData }
    }

    /// The column, as data.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// assert_eq!(User.age.meta().name, "age");
    /// assert!(User.age.meta().nullable);
    /// ```
    pub const fn meta(self) -> &'static ColumnMeta {
        self.meta
    }

    /// The name its table was given with `alias`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// assert_eq!(User.name.table_alias(), None);
    /// assert_eq!(User.alias("friend").name.table_alias(), Some("friend"));
    /// ```
    pub const fn table_alias(self) -> Option<&'static str> {
        match self.alias {
            Some(alias) => Some(alias.name()),
            None => None,
        }
    }

    pub(crate) fn reference(self) -> ColumnRef {
        ColumnRef { meta: self.meta, alias: self.alias }
    }
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Column<M, T> {}

impl<M, T> fmt::Debug for Column<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meta.fmt(f)
    }
}
