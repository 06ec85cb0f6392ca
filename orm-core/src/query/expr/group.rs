//! What rows are grouped by.

use super::Scalar;
use crate::query::ast::{self, Node, SetKind};

/// The expressions of one clause.
pub(crate) fn groups_of(groups: impl Grouping) -> impl Iterator<Item = Node> {
    let mut keys = Vec::new();
    groups.collect(&mut keys);
    keys.into_iter().map(|key| key.0)
}

/// What `group_by` and `partition_by` take: a column, an expression, a tuple of up to 16 or a `Vec` of them; `group_by`
/// takes [`grouping_sets`], [`rollup`] and [`cube`] too.
#[diagnostic::on_unimplemented(
    message = "cannot group by `{Self}`",
    label = "expected a column, an expression, or a tuple of up to 16 of them",
    note = "a column is written `User.name`, not as text; of a relation it is the foreign key, `Post.user_id`"
)]
pub trait Grouping {
    #[doc(hidden)]
    fn collect(self, keys: &mut Vec<GroupKey>);
}

/// An expression without its type.
#[derive(Debug)]
pub struct GroupKey(pub(crate) Node);

#[diagnostic::do_not_recommend]
impl<S: Scalar> Grouping for S {
    fn collect(self, keys: &mut Vec<GroupKey>) {
        keys.push(GroupKey(self.into_expr().into_node()));
    }
}

#[diagnostic::do_not_recommend]
impl<G: Grouping> Grouping for Vec<G> {
    fn collect(self, keys: &mut Vec<GroupKey>) {
        self.into_iter().for_each(|group| group.collect(keys));
    }
}

#[diagnostic::do_not_recommend]
impl Grouping for () {
    fn collect(self, _: &mut Vec<GroupKey>) {}
}

/// Several ways to group the same rows; made by [`grouping_sets`], [`rollup`] and [`cube`].
#[derive(Clone, Debug)]
#[must_use]
pub struct GroupingSets(Node);

#[diagnostic::do_not_recommend]
impl Grouping for GroupingSets {
    fn collect(self, keys: &mut Vec<GroupKey>) {
        keys.push(GroupKey(self.0));
    }
}

/// The sets of [`grouping_sets`]: a tuple of up to 16 of them, or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of grouping sets",
    label = "expected a tuple of them, or a `Vec`: `((Sale.city, Sale.year), Sale.city, ())`"
)]
pub trait GroupingList {
    #[doc(hidden)]
    fn collect_sets(self, sets: &mut Vec<Vec<GroupKey>>);
}

#[diagnostic::do_not_recommend]
impl<G: Grouping> GroupingList for Vec<G> {
    fn collect_sets(self, sets: &mut Vec<Vec<GroupKey>>) {
        self.into_iter().for_each(|group| push_set(group, sets));
    }
}

/// Adds one set.
pub(crate) fn push_set(group: impl Grouping, sets: &mut Vec<Vec<GroupKey>>) {
    let mut keys = Vec::new();
    group.collect(&mut keys);
    sets.push(keys);
}

fn sets_of(kind: SetKind, sets: Vec<Vec<GroupKey>>) -> GroupingSets {
    let sizes = sets.iter().map(Vec::len).collect();
    let nodes = sets.into_iter().flatten().map(|key| key.0).collect();
    GroupingSets(Node::GroupingSets(Box::new(ast::GroupingSets { kind, nodes, sizes })))
}

fn each_alone(groups: impl Grouping) -> Vec<Vec<GroupKey>> {
    groups_of(groups).map(|node| vec![GroupKey(node)]).collect()
}

/// Rows for the groups of each set; `()` is one group of all rows:
/// `.group_by(grouping_sets(((Sale.city, Sale.year), Sale.city, ())))`.
///
/// What a row's set lacks is NULL in it, so select it with `.optional()`; [`func::grouping`](super::func::grouping) tells
/// such a NULL from one of the data.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let counts = select((User.name, User.age, func::count(User.id)))
///     .group_by(grouping_sets((User.name, User.age, ())));
/// ```
pub fn grouping_sets(sets: impl GroupingList) -> GroupingSets {
    let mut keys = Vec::new();
    sets.collect_sets(&mut keys);
    sets_of(SetKind::Sets, keys)
}

/// Rows for the groups of all expressions, of all but the last, and so on down to one row for all: subtotals and a total.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let counts = select((User.name, User.age, func::count(User.id))).group_by(rollup((User.name, User.age)));
/// ```
pub fn rollup(groups: impl Grouping) -> GroupingSets {
    sets_of(SetKind::Rollup, each_alone(groups))
}

/// Rows for the groups of every choice of the expressions, down to one row for all.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let counts = select((User.name, User.age, func::count(User.id))).group_by(cube((User.name, User.age)));
/// ```
pub fn cube(groups: impl Grouping) -> GroupingSets {
    sets_of(SetKind::Cube, each_alone(groups))
}
