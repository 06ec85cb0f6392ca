//! Columns by a name that is known at run time only.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::str::FromStr;

use super::condition::join;
use super::{Column, Cond, Expr, GroupKey, Grouping, Order, OrderBy, OrderKey};
use crate::error::Error;
use crate::model::{Alias, Model};
use crate::query::ast::{Binary, ColumnRef, Direction, Node};
use crate::schema::ColumnMeta;
use crate::types::{BaseType, Parameter, SqlType};

/// Columns of a model by their names: `User::column("age")?`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model, so it has no columns",
    label = "expected a struct with `#[derive(Model)]`"
)]
pub trait ModelColumns: Model {
    /// The column of a field of this name, or else the column that is called so in the database: for a sort key out of a
    /// URL, `select(User).order_by(User::column(&key)?.sorted(direction))`. Never more than the model declares can be
    /// reached by it.
    ///
    /// # Errors
    /// If there is none; the error lists what there is.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let by_key = select(User).order_by(User::column("age")?.desc());
    /// assert!(User::column("password").is_err());
    /// # Ok::<(), Error>(())
    /// ```
    #[track_caller]
    fn column(name: &str) -> Result<AnyColumn<Self>, Error> {
        let (columns, at) = (Self::META.columns, Location::caller());
        let by_field = columns.iter().find(|column| column.field == name);
        let found = by_field.or_else(|| columns.iter().find(|column| column.name == name));
        let meta = found.ok_or_else(|| {
            let names: Vec<&str> = columns.iter().map(|column| column.field).collect();
            let entity = Self::META.entity;
            let message = format!("`{entity}` has no column {name:?}: it has {}", names.join(", "));
            Error::statement_invalid(message).located(at)
        })?;
        Ok(AnyColumn { meta, alias: None, model: PhantomData })
    }
}
impl<M: Model> ModelColumns for M {}

/// A column whose type nobody knows before the program runs; by [`column`](ModelColumns::column).
pub struct AnyColumn<M> {
    meta: &'static ColumnMeta,
    alias: Option<Alias>,
    model: PhantomData<fn() -> M>,
}

impl<M> AnyColumn<M> {
    /// The column, as data.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// assert!(User::column("age")?.meta().nullable);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn meta(self) -> &'static ColumnMeta {
        self.meta
    }

    /// The same column of the table under another name.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let friend = User.alias("friend");
    /// let names = select(friend).order_by(User::column("name")?.aliased("friend").asc());
    /// # Ok::<(), Error>(())
    /// ```
    pub fn aliased(self, alias: &'static str) -> Self {
        AnyColumn { alias: Some(Alias::new(alias)), ..self }
    }

    /// The column with its type.
    ///
    /// # Errors
    /// If it is another one.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let age = User::column("age")?.typed::<Option<i32>>()?;
    /// let adults = select(User).filter(age.ge(18));
    /// # Ok::<(), Error>(())
    /// ```
    #[track_caller]
    pub fn typed<T: SqlType>(self) -> Result<Column<M, T>, Error> {
        let AnyColumn { meta, alias, .. } = self;
        if std::ptr::eq(meta.ty, T::Base::TYPE) && (T::NULLABLE || !meta.nullable) {
            let column = Column::new(meta);
            return Ok(alias.map_or(column, |alias| column.aliased(alias)));
        }
        let null = if meta.nullable { ", which can be NULL" } else { "" };
        let message = format!("`{meta:?}` is {}{null}: read it as such", meta.ty.name);
        Err(Error::statement_invalid(message).located(Location::caller()))
    }

    /// The value as PostgreSQL writes it.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let texts = select(User::column("age")?.as_text());
    /// # Ok::<(), Error>(())
    /// ```
    pub fn as_text(self) -> Expr<Option<String>> {
        Expr::new(Node::Cast(Box::new(self.node()), String::TYPE))
    }

    /// Equal to a value that is written as text; one that is none of the column's type is an error of the server.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).filter(User::column("age")?.eq_text("30"));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn eq_text(self, value: &str) -> Cond {
        let value = Node::Parameter(Parameter::new(value.to_owned()));
        Cond(join(Binary::Equal, self.node(), Node::Cast(Box::new(value), self.meta.ty)))
    }

    /// Is NULL.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).filter(User::column("age")?.is_null());
    /// # Ok::<(), Error>(())
    /// ```
    pub fn is_null(self) -> Cond {
        Cond(Node::IsNull { operand: Box::new(self.node()), negated: false })
    }

    /// Is not NULL.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).filter(User::column("age")?.is_not_null());
    /// # Ok::<(), Error>(())
    /// ```
    pub fn is_not_null(self) -> Cond {
        Cond(Node::IsNull { operand: Box::new(self.node()), negated: true })
    }

    /// Sorted from the smallest; NULLs last.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).order_by(User::column("age")?.asc());
    /// # Ok::<(), Error>(())
    /// ```
    pub fn asc(self) -> Order {
        self.sorted(Direction::Asc)
    }

    /// Sorted from the greatest; NULLs first.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let users = select(User).order_by(User::column("age")?.desc());
    /// # Ok::<(), Error>(())
    /// ```
    pub fn desc(self) -> Order {
        self.sorted(Direction::Desc)
    }

    /// Sorted in this direction.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let direction: Direction = "desc".parse()?;
    /// let users = select(User).order_by(User::column("age")?.sorted(direction));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn sorted(self, direction: Direction) -> Order {
        Order::new(self.node(), direction)
    }

    fn node(self) -> Node {
        Node::Column(ColumnRef { meta: self.meta, alias: self.alias })
    }
}

impl<M> Clone for AnyColumn<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for AnyColumn<M> {}

impl<M> fmt::Debug for AnyColumn<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meta.fmt(f)
    }
}

#[diagnostic::do_not_recommend]
impl<M> OrderBy for AnyColumn<M> {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        self.asc().collect(keys);
    }
}

#[diagnostic::do_not_recommend]
impl<M> Grouping for AnyColumn<M> {
    fn collect(self, keys: &mut Vec<GroupKey>) {
        keys.push(GroupKey(self.node()));
    }
}

/// `asc` or `desc`, in small or capital letters.
impl FromStr for Direction {
    type Err = Error;

    fn from_str(text: &str) -> Result<Direction, Error> {
        if text.eq_ignore_ascii_case("asc") {
            Ok(Direction::Asc)
        } else if text.eq_ignore_ascii_case("desc") {
            Ok(Direction::Desc)
        } else {
            Err(Error::statement_invalid(format!("{text:?} is no direction: expected \"asc\" or \"desc\"")))
        }
    }
}
