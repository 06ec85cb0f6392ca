//! Functions that give rows: tables in FROM.

use std::fmt;
use std::marker::PhantomData;

use super::node;
use crate::model::each_tuple;
use crate::query::ast::{FunctionColumns, Name, Node, NullRule, Role, TableFunction as Call};
#[cfg(feature = "serde_json")]
use crate::query::expr::Scalar;
use crate::query::expr::argument::{argument_node, nodes_of};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Argument, ArgumentNode, Arguments, Column, Expr, Operand};
use crate::types::{ArrayType, BaseType, Counted, Parameter, Series as SeriesType, SqlType};

/// A function that gives rows `R`; `.derived("name")` makes it a table for FROM, which sees the tables before it there.
#[must_use = "a function that gives rows becomes a table with `.derived(\"name\")`"]
pub struct TableFunction<R> {
    pub(crate) call: Call,
    /// Whether it takes the names and types of its columns from the rows.
    pub(crate) by_name: bool,
    rows: PhantomData<fn() -> R>,
}

impl<R> TableFunction<R> {
    pub(super) fn new(name: Name, arguments: Vec<Node>) -> Self {
        let call = node(name, arguments, Role::Scalar, NullRule::Possible);
        let call = Call { call, ordinality: false, columns: FunctionColumns::Known };
        TableFunction { call, by_name: false, rows: PhantomData }
    }

    /// The same rows as others, column by column: a struct with `#[derive(Row)]`, for columns with names.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// #[derive(Row)]
    /// struct Number {
    ///     number: i32,
    /// }
    /// let numbers = func::table::<(i32,)>("generate_series", (1, 10)).rows::<Number>().derived("numbers");
    /// let even = select(numbers.number).filter((numbers.number % 2).eq(0));
    /// ```
    pub fn rows<S>(self) -> TableFunction<S> {
        TableFunction { call: self.call, by_name: self.by_name, rows: PhantomData }
    }

    /// With a last column that numbers the rows, from 1 (WITH ORDINALITY).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let tags = func::unnest(Event.tags).with_ordinality().derived("tags");
    /// let (tag, number) = tags.columns();
    /// let rows = select((Event.id, number, tag)).cross_join(&tags);
    /// ```
    pub fn with_ordinality<N>(self) -> TableFunction<N>
    where
        R: Numbered<Row = N>,
    {
        let mut numbered = self.rows();
        numbered.call.ordinality = true;
        numbered
    }
}

impl<R> Clone for TableFunction<R> {
    fn clone(&self) -> Self {
        TableFunction { call: self.call.clone(), by_name: self.by_name, rows: PhantomData }
    }
}

impl<R> fmt::Debug for TableFunction<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TableFunction").field(&self.call).finish()
    }
}

/// Rows that a number can stand behind.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` cannot be numbered",
    label = "expected a value, or a tuple of up to 15",
    note = "say what the rows are behind it: `func::unnest(Sale.tags).with_ordinality().rows::<NumberedTag>()`"
)]
pub trait Numbered {
    /// The rows with their numbers.
    type Row;
}

macro_rules! numbered {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part),*> Numbered for ($($part,)*) {
            type Row = ($($part,)* i64,);
        }
    };
}
each_tuple!(numbered);

/// Any function that gives rows, by its name, as a table: `func::table::<i32>("generate_series", (1, 10)).derived("n")`.
/// Nobody but you answers for the types of its columns; the name is rendered as that of [`call`](super::call).
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let numbers = func::table::<i32>("generate_series", (1, 10)).derived("numbers");
/// let rows = select(numbers.columns());
/// ```
pub fn table<R>(name: &'static str, arguments: impl Arguments) -> TableFunction<R> {
    TableFunction::new(Name::Custom(name), nodes_of(arguments))
}

/// The elements of an array, one a row. Of a column, beside each row of its table:
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(table = "posts")]
/// pub struct Post {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub tags: Vec<String>,
/// }
///
/// let tags = func::unnest(Post.tags).with_ordinality().derived("tags");
/// let (tag, number) = tags.columns();
/// let first = select((Post.id, tag)).select_from(Post).cross_join(&tags).filter(number.eq(1));
/// assert!(first.to_sql()?.text.contains(r#"unnest("posts"."tags") WITH ORDINALITY AS "tags"("c1", "c2")"#));
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn unnest<A: Argument>(array: A) -> TableFunction<<<A::Type as SqlType>::Base as ArrayType>::Item>
where
    <A::Type as SqlType>::Base: ArrayType,
{
    TableFunction::new(Name::Known("unnest"), vec![argument_node(array)])
}

/// Each value from the first to the last, both included: `func::generate_series(1, 10).derived("numbers")`. Moments, and
/// numbers that are more than one apart, have a step:
/// `func::generate_series(from, to).step(Interval::from_days(1)).derived("days")`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let days = func::generate_series(1, 31).derived("days");
/// let rows = select(days.columns());
/// ```
pub fn generate_series<T: SeriesType>(first: impl SeriesStart<T>, last: impl Operand<T>) -> Series<T> {
    Series { arguments: vec![first.start().0, last.operand().node], ty: PhantomData }
}

/// What [`generate_series`] begins with: a value, or a column or expression of values of `T`.
#[diagnostic::on_unimplemented(
    message = "`generate_series` cannot begin with `{Self}`",
    label = "expected a number or a moment, or a column or expression of one"
)]
pub trait SeriesStart<T> {
    #[doc(hidden)]
    fn start(self) -> ArgumentNode;
}

// By its own type: a plain number, whose type is not known yet, has no other.
#[diagnostic::do_not_recommend]
impl<T: SeriesType> SeriesStart<T> for T {
    fn start(self) -> ArgumentNode {
        ArgumentNode(Node::Parameter(Parameter::new(self)))
    }
}

macro_rules! starts {
    ($([$($generic:tt)*] $ty:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)* T: SqlType> SeriesStart<T::Base> for $ty {
            fn start(self) -> ArgumentNode {
                ArgumentNode(node_of(self))
            }
        }
    )* };
}
starts!([M,] Column<M, T>, [M,] &Column<M, T>, [] Expr<T>, [] &Expr<T>);

/// Values at the same distance; made by [`generate_series`].
#[derive(Clone, Debug)]
#[must_use = "a series becomes a table with `.derived(\"name\")`"]
pub struct Series<T> {
    arguments: Vec<Node>,
    ty: PhantomData<fn() -> T>,
}

impl<T> Series<T> {
    /// How far each value is from the one before it.
    ///
    /// Zero is an error of the server.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let odd = func::generate_series(1, 99).step(2).derived("odd");
    /// let rows = select(odd.columns());
    /// ```
    pub fn step<S>(mut self, step: impl Operand<S>) -> TableFunction<T>
    where
        T: SeriesType<Step = S>,
        S: BaseType,
    {
        self.arguments.push(step.operand().node);
        TableFunction::new(Name::Known("generate_series"), self.arguments)
    }

    /// The values, one apart.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let numbers = func::generate_series(1, 10).by_one().derived("numbers");
    /// let rows = select(numbers.columns());
    /// ```
    pub fn by_one(self) -> TableFunction<T>
    where
        T: Counted,
    {
        TableFunction::new(Name::Known("generate_series"), self.arguments)
    }
}

/// The objects in an array of JSON as rows, whose columns have the names and types of the fields of `R`, a struct with
/// `#[derive(Row)]`: `func::jsonb_to_recordset::<Line>(Order.lines).derived("lines")`. A field that an object lacks is NULL.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// #[derive(Row)]
/// struct Hall {
///     name: String,
///     size: i32,
/// }
/// let halls = func::jsonb_to_recordset::<Hall>(Event.details).derived("halls");
/// let sizes = select((Event.title, halls.size)).cross_join(&halls);
/// ```
#[cfg(feature = "serde_json")]
pub fn jsonb_to_recordset<R>(
    document: impl Scalar<Type: SqlType<Base: crate::types::Document>>,
) -> TableFunction<R> {
    TableFunction {
        by_name: true,
        ..TableFunction::new(Name::Known("jsonb_to_recordset"), vec![node_of(document)])
    }
}

/// As [`jsonb_to_recordset`], of a document that the database keeps as `json`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// #[derive(Row)]
/// struct Hall {
///     name: String,
///     size: i32,
/// }
/// let halls = func::json_to_recordset::<Hall>(Event.details).derived("halls");
/// let sizes = select((Event.title, halls.size)).cross_join(&halls);
/// ```
#[cfg(feature = "serde_json")]
pub fn json_to_recordset<R>(
    document: impl Scalar<Type: SqlType<Base: crate::types::Document>>,
) -> TableFunction<R> {
    let document = Node::Cast(Box::new(node_of(document)), crate::types::as_json());
    TableFunction { by_name: true, ..TableFunction::new(Name::Known("json_to_recordset"), vec![document]) }
}
