//! Relations as fields of rows with names.

use std::sync::Arc;

use super::related::Related;
use super::{Reading, RelationCount, RelationOf};
use crate::model::relation::{Arity, Many, Maybe, One, Relation, Through, ToMany};
use crate::model::{Model, Row};
use crate::query::{Erased, Items, Selectable};

/// What can be read of the rows of `M`: `M` itself, or a struct with `#[derive(Row)]` and `#[orm(of = M)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of the columns of `{M}`",
    label = "expected `{M}`, or a struct with `#[derive(Row)]` and `#[orm(of = {M})]`"
)]
pub trait ShapeOf<M>: Row {
    #[doc(hidden)]
    type Columns: Selectable<Row = Self>;

    #[doc(hidden)]
    fn columns() -> Self::Columns;
}

impl<M: Model<Table: Selectable<Row = M>>> ShapeOf<M> for M {
    type Columns = M::Table;

    fn columns() -> M::Table {
        M::TABLE
    }
}

/// A relation that can fill a field of type `F` of a row with names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot fill a field of type `{F}`",
    label = "expected `Vec<..>` of a relation to many, `Option<..>` of one that may be missing, and the row itself of a relation to one"
)]
pub trait FillRelated<F> {
    #[doc(hidden)]
    fn filling(self) -> Reading<F>;
}

impl<P, C, A> Relation<P, C, A>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    A: Arity,
{
    fn of_shape<R: ShapeOf<C> + Clone>(self) -> Reading<A::Found<R>> {
        Related::new(self).only(R::columns()).reading()
    }
}

// One impl for each, so that what does not fit is told of the relation and the field.

impl<P, C, R> FillRelated<Vec<R>> for Relation<P, C, Many>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    R: ShapeOf<C> + Clone,
{
    fn filling(self) -> Reading<Vec<R>> {
        self.of_shape()
    }
}

impl<P, C, B, R> FillRelated<Vec<R>> for Relation<P, C, Through<B>>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    B: 'static,
    R: ShapeOf<C> + Clone,
{
    fn filling(self) -> Reading<Vec<R>> {
        self.of_shape()
    }
}

impl<P, C, R> FillRelated<Option<R>> for Relation<P, C, Maybe>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    R: ShapeOf<C> + Clone,
{
    fn filling(self) -> Reading<Option<R>> {
        self.of_shape()
    }
}

impl<P, C, R> FillRelated<R> for Relation<P, C, One>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    R: ShapeOf<C> + Clone,
{
    fn filling(self) -> Reading<R> {
        self.of_shape()
    }
}

impl<P, C, A, R> FillRelated<Vec<R>> for Related<P, C, A>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    A: ToMany + Arity<Found<R> = Vec<R>>,
    R: ShapeOf<C> + Clone,
{
    fn filling(self) -> Reading<Vec<R>> {
        self.only(R::columns()).reading()
    }
}

impl<P, C, R> FillRelated<Option<R>> for Related<P, C, Maybe>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    R: ShapeOf<C> + Clone,
{
    fn filling(self) -> Reading<Option<R>> {
        self.only(R::columns()).reading()
    }
}

/// A relation with something in place of its model that can fill a field of type `F` of a row with names:
/// `posts.only(Post.title)` a `Vec<String>`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot fill a field of type `{F}`",
    label = "expected `Vec<..>` of a relation to many, `Option<..>` of one that may be missing, and of a relation to one what \
             `only` names: of one column its type, of several a tuple"
)]
pub trait FillOnly<F> {
    fn filling(self) -> Reading<F>;
}

#[diagnostic::do_not_recommend]
impl<P, C, A, R> FillOnly<Vec<R>> for Related<P, C, A, R>
where
    P: Model,
    C: Model,
    A: ToMany + Arity<Found<R> = Vec<R>>,
    R: Row + Clone,
{
    fn filling(self) -> Reading<Vec<R>> {
        self.reading()
    }
}

#[diagnostic::do_not_recommend]
impl<P, C, R> FillOnly<Option<R>> for Related<P, C, Maybe, R>
where
    P: Model,
    C: Model,
    R: Row + Clone,
{
    fn filling(self) -> Reading<Option<R>> {
        self.reading()
    }
}

#[diagnostic::do_not_recommend]
impl<P, C, R> FillOnly<R> for Related<P, C, One, R>
where
    P: Model,
    C: Model,
    R: Row + Clone,
{
    fn filling(self) -> Reading<R> {
        self.reading()
    }
}

/// Adds a relation with something in place of its model that fills a field of type `F`.
#[doc(hidden)]
#[track_caller]
pub fn fill_only<F: Send + 'static, L: FillOnly<F>>(relation: L, items: &mut Items) {
    let Reading { path, start, related } = relation.filling();
    items.related(path.start, start, Arc::new(Erased(related)));
}

/// A relation to many, whose rows can be counted.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation to many, whose rows could be counted",
    label = "expected a relation to many, such as `#[orm(count = posts)]`, or a part of one, `posts.filter(..)`"
)]
pub trait CountRelated {
    type Model;

    #[track_caller]
    fn counted(self) -> RelationCount<Self::Model>;
}

#[diagnostic::do_not_recommend]
impl<P, C, A: ToMany> CountRelated for Relation<P, C, A> {
    type Model = P;

    #[track_caller]
    fn counted(self) -> RelationCount<P> {
        self.count()
    }
}

#[diagnostic::do_not_recommend]
impl<P, C, A: ToMany, R: Row> CountRelated for Related<P, C, A, R> {
    type Model = P;

    #[track_caller]
    fn counted(self) -> RelationCount<P> {
        self.count()
    }
}

/// How many rows a relation leads to, for a field of a row with names.
#[doc(hidden)]
#[track_caller]
pub fn count_related<L: CountRelated>(relation: L) -> RelationCount<L::Model> {
    relation.counted()
}

/// Adds a relation that fills a field of type `F`.
#[doc(hidden)]
#[track_caller]
pub fn fill_related<F: Send + 'static, L: FillRelated<F>>(relation: L, items: &mut Items) {
    let Reading { path, start, related } = relation.filling();
    items.related(path.start, start, Arc::new(Erased(related)));
}

/// How many cells such a relation goes by.
#[doc(hidden)]
pub fn related_width<P, C, A>(relation: Relation<P, C, A>) -> usize {
    relation.path().start.places.len()
}
