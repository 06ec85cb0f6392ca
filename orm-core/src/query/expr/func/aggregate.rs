//! Aggregates: one value for the rows of a group.

use std::marker::PhantomData;

use super::{BaseOf, NullableOf, node};
use crate::query::ast::{Direction, Function, Name, Node, NullRule, OrderItem, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::order::keys_of;
use crate::query::expr::{Cond, Countable, Expr, Grouping, IntoCond, Operand, OrderBy, Scalar, groups_of};
use crate::types::{
    Average, AverageOf, Element, Extreme, Multirange, Numeric, Parameter, Percentile, RangeType, Sum, SumOf,
    Text,
};

fn aggregate<T>(name: &'static str, arguments: Vec<Node>, null: NullRule) -> Expr<T> {
    Expr::new(node(Name::Known(name), arguments, Role::Aggregate, null))
}

/// How many rows have a value that is not NULL; of a tuple, how many rows there are, and how many different ones with
/// [`distinct`](Expr::distinct). Of a table, how many rows of it there are: none where an outer join did not find one.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let posts = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id);
/// let users = select(func::count(User));
/// ```
pub fn count(expression: impl Countable) -> Expr<i64> {
    aggregate("count", vec![expression.counted().0], NullRule::Never)
}

/// How many different values there are, NULL not counted: `count(DISTINCT ..)`; how many different tuples, NULLs included.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let authors = select(func::count_distinct(Post.user_id));
/// let titles = select(func::count_distinct((Post.user_id, Post.title)));
/// ```
pub fn count_distinct(expression: impl Countable) -> Expr<i64> {
    count(expression).distinct()
}

/// How many rows there are: `count(*)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let users = select(func::count_star()).select_from(User);
/// ```
pub fn count_star() -> Expr<i64> {
    aggregate("count", Vec::new(), NullRule::Never)
}

/// The same as [`count_star`].
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let users = select(func::count_all()).select_from(User);
/// ```
pub fn count_all() -> Expr<i64> {
    count_star()
}

/// The sum; `None` of no rows. PostgreSQL widens it: the sum of `i32` is `i64`, of `i64` it is `Decimal`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ages = select(func::sum(User.age)); // None where there are no rows
/// ```
pub fn sum<S: Scalar>(expression: S) -> Expr<SumOf<S::Type>>
where
    BaseOf<S>: Sum,
{
    aggregate("sum", vec![node_of(expression)], NullRule::Possible)
}

/// The average; `None` of no rows. Of integers it is `Decimal`, of floats `f64`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let average = select(func::avg(User.age)).filter(User.age.ge(18));
/// ```
pub fn avg<S: Scalar>(expression: S) -> Expr<AverageOf<S::Type>>
where
    BaseOf<S>: Average,
{
    aggregate("avg", vec![node_of(expression)], NullRule::Possible)
}

/// The smallest value; `None` of no rows.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let youngest = select((func::min(User.age), func::max(User.age)));
/// ```
pub fn min<S: Scalar>(expression: S) -> Expr<NullableOf<S>>
where
    BaseOf<S>: Extreme,
{
    aggregate("min", vec![node_of(expression)], NullRule::Possible)
}

/// The greatest value; `None` of no rows.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let oldest = select(func::max(User.age));
/// ```
pub fn max<S: Scalar>(expression: S) -> Expr<NullableOf<S>>
where
    BaseOf<S>: Extreme,
{
    aggregate("max", vec![node_of(expression)], NullRule::Possible)
}

/// All texts as one, with a separator between; `None` of no rows:
/// `func::string_agg(User.name, ", ").order_by(User.name)`. NULLs are left out.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let titles = func::string_agg(Post.title, ", ").order_by(Post.title);
/// let of_each = select((Post.user_id, titles)).group_by(Post.user_id);
/// ```
pub fn string_agg<S: Scalar>(expression: S, separator: impl Operand<String>) -> Expr<NullableOf<S>>
where
    BaseOf<S>: Text,
{
    aggregate("string_agg", vec![node_of(expression), separator.operand().node], NullRule::Possible)
}

/// All values as an array, NULLs included; `None` of no rows: `func::array_agg(Post.title).order_by(Post.id)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let titles = select((Post.user_id, func::array_agg(Post.title))).group_by(Post.user_id);
/// ```
pub fn array_agg<S: Scalar>(expression: S) -> Expr<Option<Vec<S::Type>>>
where
    S::Type: Element,
{
    aggregate("array_agg", vec![node_of(expression)], NullRule::Possible)
}

/// All ranges as one multirange; `None` of no rows, and NULLs left out.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let opening_hours = select(func::range_agg(Event.open));
/// ```
pub fn range_agg<S: Scalar>(range: S) -> Expr<Option<Multirange<<BaseOf<S> as RangeType>::Item>>>
where
    BaseOf<S>: RangeType,
{
    aggregate("range_agg", vec![node_of(range)], NullRule::Possible)
}

/// Whether a condition is true of every row in which it is known; `None` if there is none.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let all_are_adults = select(func::bool_and(User.age.ge(18)));
/// ```
pub fn bool_and(condition: impl IntoCond) -> Expr<Option<bool>> {
    aggregate("bool_and", vec![condition.into_cond().0], NullRule::Possible)
}

/// Whether a condition is true of any row; `None` if it is known of none.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let any_is_adult = select(func::bool_or(User.age.ge(18)));
/// ```
pub fn bool_or(condition: impl IntoCond) -> Expr<Option<bool>> {
    aggregate("bool_or", vec![condition.into_cond().0], NullRule::Possible)
}

macro_rules! spread {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        pub fn $name<S: Scalar>(expression: S) -> Expr<AverageOf<S::Type>>
        where
            BaseOf<S>: Average + Numeric,
        {
            aggregate(stringify!($name), vec![node_of(expression)], NullRule::Possible)
        }
    )* };
}
spread!(
    /// The standard deviation of a sample; `None` of fewer than two rows.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let spread = select((func::avg(Event.length), func::stddev(Event.length)));
    /// ```
    stddev,
    /// The standard deviation of the rows as a whole; `None` of no rows.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let spread = select(func::stddev_pop(Event.length));
    /// ```
    stddev_pop,
    /// The variance of a sample; `None` of fewer than two rows.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let spread = select(func::variance(Event.length));
    /// ```
    variance,
    /// The variance of the rows as a whole; `None` of no rows.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let spread = select(func::var_pop(Event.length));
    /// ```
    var_pop,
);

/// Which of the grouping sets a row is of: 0 where its set has all of these expressions; else bits, the last expression's
/// the lowest, for those it lacks. The expressions are among those of `group_by`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let is_total = func::grouping(User.age); // 1 in the row of all ages
/// let counts = select((User.age, is_total, func::count(User.id))).group_by(rollup(User.age));
/// ```
pub fn grouping(expressions: impl Grouping) -> Expr<i32> {
    aggregate("grouping", groups_of(expressions).collect(), NullRule::Never)
}

/// The most frequent value: `func::mode().within_group(Pet.mood)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let usual = select(func::mode().within_group(Pet.mood));
/// ```
pub fn mode() -> OrderedSet<Discrete> {
    OrderedSet("mode", None, PhantomData)
}

/// The value below which this share of the rows lies, from 0 to 1, calculated between the two nearest where it lies between
/// them: `func::percentile_cont(0.5).within_group(User.age)` is the median.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let median = select(func::percentile_cont(0.5).within_group(User.age.cast::<f64>()));
/// ```
pub fn percentile_cont(share: f64) -> OrderedSet<Continuous> {
    OrderedSet("percentile_cont", Some(share), PhantomData)
}

/// As [`percentile_cont`], but one of the values themselves: the first at or behind the place.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let median = select(func::percentile_disc(0.5).within_group(User.age));
/// ```
pub fn percentile_disc(share: f64) -> OrderedSet<Discrete> {
    OrderedSet("percentile_disc", Some(share), PhantomData)
}

/// An aggregate that puts its rows in order first; [`within_group`](OrderedSet::within_group) makes it an expression.
#[derive(Clone, Debug)]
#[must_use = "this is no expression before `.within_group(..)`"]
pub struct OrderedSet<K>(&'static str, Option<f64>, PhantomData<fn() -> K>);

/// Says of an [`OrderedSet`] that it gives one of its values.
#[derive(Clone, Copy, Debug)]
pub struct Discrete(());

/// Says of an [`OrderedSet`] that it calculates with its values.
#[derive(Clone, Copy, Debug)]
pub struct Continuous(());

impl<K> OrderedSet<K> {
    fn of<T>(self, expression: Node) -> Expr<T> {
        let OrderedSet(name, share, _) = self;
        let share = share.map(|share| Node::Parameter(Parameter::new(share)));
        let mut function =
            node(Name::Known(name), share.into_iter().collect(), Role::Aggregate, NullRule::Possible);
        if let Node::Function(function) = &mut function {
            function.order = vec![OrderItem { node: expression, direction: Direction::Asc, nulls: None }];
            function.within_group = true;
        }
        Expr::new(function)
    }
}

impl OrderedSet<Discrete> {
    /// The aggregate of these values; `None` of no rows.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let usual_age = select(func::mode().within_group(User.age));
    /// ```
    pub fn within_group<S: Scalar>(self, expression: S) -> Expr<NullableOf<S>> {
        self.of(node_of(expression))
    }
}

impl OrderedSet<Continuous> {
    /// The aggregate of these values; `None` of no rows. Of numbers it is `f64`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let median = select(func::percentile_cont(0.5).within_group(User.age));
    /// ```
    pub fn within_group<S: Scalar>(self, expression: S) -> Expr<Option<<BaseOf<S> as Percentile>::Percentile>>
    where
        BaseOf<S>: Percentile,
    {
        self.of(node_of(expression))
    }
}

impl<T> Expr<T> {
    /// An aggregate of those rows only for which the condition is true; several calls are joined by AND:
    /// `func::count(User.id).filter(User.age.ge(18))`.
    ///
    /// It stands right behind the aggregate, before `.over(..)`; the checker refuses it behind anything else.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let adults = func::count(User.id).filter(User.age.ge(18));
    /// let both = select((func::count(User.id), adults));
    /// ```
    pub fn filter(self, condition: impl IntoCond) -> Expr<T> {
        self.of_aggregate("filter", |function| {
            let Some(condition) = condition.into_part() else { return };
            function.filter = Some(match function.filter.take() {
                Some(earlier) => Cond(earlier).and(condition).0,
                None => condition.0,
            });
        })
    }

    /// An aggregate that takes each different value once: `func::string_agg(User.name, ", ").distinct()`.
    ///
    /// It stands where [`filter`](Expr::filter) does. With [`order_by`](Expr::order_by) too, PostgreSQL sorts
    /// by the values alone.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = select(func::string_agg(User.name, ", ").distinct());
    /// ```
    pub fn distinct(self) -> Expr<T> {
        self.of_aggregate("distinct", |function| function.distinct = true)
    }

    /// An aggregate that takes its rows in this order: `func::array_agg(Post.title).order_by(Post.id.desc())`.
    ///
    /// It stands where [`filter`](Expr::filter) does.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let newest_first = select(func::array_agg(Post.title).order_by(Post.id.desc()));
    /// ```
    pub fn order_by(self, order: impl OrderBy) -> Expr<T> {
        self.of_aggregate("order_by", |function| function.order.extend(keys_of(order)))
    }

    fn of_aggregate(self, method: &'static str, change: impl FnOnce(&mut Function)) -> Expr<T> {
        self.map(|node| match node {
            Node::Function(mut function) if function.role == Role::Aggregate => {
                change(&mut function);
                Node::Function(function)
            }
            other => Node::NoAggregate(Box::new(other), method),
        })
    }
}
