//! INSERT .. ON CONFLICT.

use std::fmt;
use std::panic::Location;

use super::conflict_values::of_new_row;
use super::insert::Insert;
use super::synchronize::InsertTarget;
use super::update::assign;
use super::{Command, Items, LiveRows, Returning, Selectable, WriteTarget, Writes};
use crate::error::Error;
use crate::model::Model;
use crate::query::ast::{self, Binary, ColumnRef, Logical, Node, Placed, Source};
use crate::query::expr::{Assign, Column, IntoCond, SetColumn};
use crate::query::render::Rendered;
use crate::schema::{ColumnMeta, IndexPart};

/// What rows of `M` cannot have in common: a column such as `User.email`, an SQL expression such as `"lower(email)"`, or
/// a tuple of up to 16 of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that rows of `{M}` can be in conflict by",
    label = "expected a column of `{M}`, an SQL expression of a unique index, or a tuple of them"
)]
pub trait Conflicting<M: Model> {
    #[doc(hidden)]
    fn collect(self, parts: &mut Vec<IndexPart>);
}

#[diagnostic::do_not_recommend]
impl<M: Model, T> Conflicting<M> for Column<M, T> {
    fn collect(self, parts: &mut Vec<IndexPart>) {
        parts.push(IndexPart::Place(self.meta().place));
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Conflicting<M> for &'static str {
    fn collect(self, parts: &mut Vec<IndexPart>) {
        parts.push(IndexPart::Sql(self));
    }
}

/// An INSERT that says by what rows are in conflict, and not yet what becomes of them; made by
/// [`Insert::on_conflict`].
#[must_use = "say `.do_nothing()`, `.do_update().set(..)` or `.do_update_all()`"]
#[derive(Clone)]
pub struct OnConflict<M: Model> {
    insert: Insert<M>,
    target: ast::ConflictTarget,
}

/// An INSERT that changes the row that is there already; made by [`OnConflict::do_update`] and
/// [`OnConflict::do_update_all`].
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Clone)]
pub struct Upsert<M: Model> {
    insert: Insert<M>,
    target: ast::ConflictTarget,
    update: ast::ConflictUpdate,
    /// Whether it takes what the new row holds, but for what is set.
    takes_all: bool,
    /// Whether rows that would stay as they are are left alone.
    if_distinct: bool,
}

impl<M: Model> fmt::Debug for OnConflict<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnConflict").field("target", &self.target).finish_non_exhaustive()
    }
}

impl<M: Model> fmt::Debug for Upsert<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Upsert");
        out.field("target", &self.target).field("update", &self.update).finish_non_exhaustive()
    }
}

impl<M: Model> Insert<M> {
    /// By which unique columns a new row may be in conflict with one that is there; behind it stands what then happens,
    /// `do_nothing` or `do_update`.
    ///
    /// The columns are all those of the primary key, of a unique constraint or of a unique index; an index on an
    /// expression is named by its SQL, `"lower(email)"`. PostgreSQL finds no conflict by a unique constraint that is
    /// `deferrable`: the statement is then refused.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(table = "users")]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     #[orm(unique)]
    /// #     email: String,
    /// #     name: String,
    /// #     visits: i32,
    /// # }
    /// # async fn visit(engine: Engine, new: Vec<NewUser>) -> Result<(), orm_core::Error> {
    /// let statement = insert(User).values(new).on_conflict(User.email);
    /// engine.execute(statement.clone().do_nothing()).await?;
    /// let users: Vec<User> = engine
    ///     .all(
    ///         statement
    ///             .do_update()
    ///             .set(User.name, excluded(User.name))
    ///             .set(User.visits, User.visits + 1)
    ///             .filter(User.visits.lt(100))
    ///             .returning(User),
    ///     )
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_conflict(self, columns: impl Conflicting<M>) -> OnConflict<M> {
        let mut parts = Vec::with_capacity(2);
        columns.collect(&mut parts);
        OnConflict { insert: self, target: ast::ConflictTarget { parts, ..ast::ConflictTarget::default() } }
    }

    /// As [`on_conflict`](Insert::on_conflict), by the name of a unique or exclusion constraint:
    /// `.on_conflict_constraint("bookings_room_excl")`. Rows in conflict by an exclusion constraint can only be left out
    /// (`do_nothing`).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let statement = insert(Pet).values(NewPet::new("Rex", Mood::Happy)).on_conflict_constraint("pets_pkey").do_nothing();
    /// ```
    pub fn on_conflict_constraint(self, name: &'static str) -> OnConflict<M> {
        let target = ast::ConflictTarget { constraint: Some(name), ..ast::ConflictTarget::default() };
        OnConflict { insert: self, target }
    }

    /// Leaves out each new row that is in conflict with one that is there, by whatever it is. Refused where a unique
    /// constraint of the table is `deferrable`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let statement = insert(Pet).values(NewPet::new("Rex", Mood::Happy)).on_conflict_do_nothing();
    /// ```
    pub fn on_conflict_do_nothing(mut self) -> Insert<M> {
        self.conflict = Some(ast::Conflict { target: ast::ConflictTarget::default(), update: None });
        self
    }
}

impl<M: Model> OnConflict<M> {
    /// The condition of a partial unique index, in the SQL that the index was made with: `"deleted_at IS NULL"`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "users", index(email, unique, where = "left_on IS NULL"))]
    /// pub struct User {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     pub email: String,
    ///     pub left_on: Option<chrono::NaiveDate>,
    /// }
    /// let new = insert(User).values(NewUser::new("ann@example.com"));
    /// let statement = new.on_conflict(User.email).index_where("left_on IS NULL").do_nothing();
    /// ```
    pub fn index_where(mut self, condition: &'static str) -> Self {
        self.target.predicate = Some(condition);
        self
    }

    /// Leaves out each new row that is in conflict: it is not counted, and `returning` gives nothing for it.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let statement = insert(Pet).values(NewPet::new("Rex", Mood::Happy)).on_conflict(Pet.name).do_nothing();
    /// ```
    pub fn do_nothing(mut self) -> Insert<M> {
        self.insert.conflict = Some(ast::Conflict { target: self.target, update: None });
        self.insert
    }

    /// Changes the row that is there instead, as [`set`](Upsert::set) says. Where nothing is set the statement is refused
    /// before it is sent.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let new = insert(Pet).values(NewPet::new("Rex", Mood::Happy));
    /// let upsert = new.on_conflict(Pet.name).do_update().set(Pet.mood, excluded(Pet.mood));
    /// ```
    #[track_caller]
    pub fn do_update(self) -> Upsert<M> {
        let update =
            ast::ConflictUpdate { at: Location::caller(), set: Vec::new(), filter: ast::OneOrMany::None };
        Upsert { insert: self.insert, target: self.target, update, takes_all: false, if_distinct: false }
    }

    /// Makes the row that is there the new one: it takes all that the new row holds, NULLs too, also those of fields that
    /// [`new`](crate::model::Model) left at `None`. What stays are the primary key, the columns named in `on_conflict`, and
    /// what the new row leaves to a default: of the database, unless another row of the statement has a value for that
    /// column, and, of whole rows, a `client_default`. A [`set`](Upsert::set) behind it stands in place of what the new row
    /// holds for its column.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let new = insert(Pet).values(NewPet::new("Rex", Mood::Happy));
    /// let upsert = new.on_conflict(Pet.name).do_update_all(); // its `wish` is NULL then
    /// ```
    #[track_caller]
    pub fn do_update_all(self) -> Upsert<M> {
        let set = of_new_row(&self.insert, &self.target);
        let mut upsert = self.do_update();
        upsert.update.set = set;
        upsert.takes_all = true;
        upsert
    }
}

impl<M: Model> Upsert<M> {
    /// Stores a value, or what an expression gives, in a column of the row that is there. The columns of that row are
    /// `User.name` and so on, those of the row that was to be inserted [`excluded(User.name)`](crate::query::excluded).
    ///
    /// A `version` is counted up and a column with an `on_update` takes its value by themselves, unless they are set here.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let new = insert(Pet).values(NewPet::new("Rex", Mood::Happy));
    /// let upsert = new.on_conflict(Pet.name).do_update().set(Pet.mood, excluded(Pet.mood)).set(Pet.wish, None);
    /// ```
    #[track_caller]
    pub fn set<C: SetColumn<M>>(mut self, column: C, value: impl Assign<C::Type>) -> Self {
        let (source, column) = (Source { table: M::META, alias: None }, column.column().meta());
        if self.takes_all {
            self.update.set.retain(|set| !takes(&set.content, column));
        }
        assign(&mut self.update.set, source, column, value.assigned().into_node());
        self
    }

    /// Changes only rows for which the condition is true, of both rows; several calls are joined by AND. A row it is not
    /// true for stays as it is, is not counted, and `returning` gives nothing for it.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let new = insert(Pet).values(NewPet::new("Rex", Mood::Happy));
    /// let upsert = new.on_conflict(Pet.name).do_update().set(Pet.mood, excluded(Pet.mood)).filter(Pet.wish.is_null());
    /// ```
    #[track_caller]
    pub fn filter(mut self, condition: impl IntoCond) -> Self {
        if let Some(condition) = condition.into_part() {
            self.update.filter.push(Placed { content: condition.0, at: Location::caller() });
        }
        self
    }

    /// Leaves rows alone that hold already all that is set (`WHERE .. IS DISTINCT FROM ..`): they are not written, so that
    /// their `version`, `on_update` columns and triggers stay quiet; they are not counted, and `returning` gives nothing for
    /// them. What is set has to be comparable: not `json`, and not `DEFAULT`.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "users")]
    /// pub struct User {
    ///     #[orm(primary_key)]
    ///     pub id: i64,
    ///     pub name: String,
    /// }
    ///
    /// let new = vec![NewUser::new(1, "Ann"), NewUser::new(2, "Bob")];
    /// let changed = insert(User).values(new).on_conflict(User.id).do_update();
    /// let changed = changed.set(User.name, excluded(User.name)).if_distinct();
    /// assert!(changed.to_sql()?.text.ends_with(r#"WHERE "users"."name" IS DISTINCT FROM excluded."name""#));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn if_distinct(mut self) -> Self {
        self.if_distinct = true;
        self
    }

    /// What it does with a row that is there.
    fn conflict(&self) -> ast::Conflict {
        let mut update = self.update.clone();
        if self.if_distinct {
            let set = update.set.iter().filter(|set| !set.content.automatic);
            let distinct: Vec<Node> = set.map(|set| distinct(&set.content)).collect();
            // Of one that sets nothing the checker says so.
            if !distinct.is_empty() {
                let content = Logical::Or.join(distinct);
                update.filter.push(Placed { content, at: update.at });
            }
        }
        ast::Conflict { target: self.target.clone(), update: Some(update) }
    }

    /// Gives back the rows as they are then, inserted or changed, in no particular order.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let new = insert(Pet).values(NewPet::new("Rex", Mood::Happy));
    /// let upsert = new.on_conflict(Pet.name).do_update().set(Pet.mood, excluded(Pet.mood));
    /// let pets: Vec<Pet> = engine.all(upsert.returning(Pet)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning<S: Selectable>(mut self, selectable: S) -> Returning<Upsert<M>, S::Row> {
        let (items, make) = Items::of(selectable);
        self.insert.returning = items;
        Returning { command: self, make, what: M::META.entity }
    }
}

/// Whether it is this column that takes what the new row holds for it.
fn takes(set: &ast::Set, column: &ColumnMeta) -> bool {
    set.column == column && matches!(set.value, Node::Excluded(of) if of == column)
}

/// Whether a column holds something else than what it is set to.
fn distinct(set: &ast::Set) -> Node {
    let column = Node::Column(ColumnRef { meta: set.column, alias: None });
    Node::Binary(Binary::IsDistinctFrom, Box::new([column, set.value.clone()]))
}

#[diagnostic::do_not_recommend]
impl<M: Model> Command for Upsert<M> {
    type Rows = LiveRows;

    fn rendered(&self) -> Result<Rendered, Error> {
        self.insert.rendered_with(Some(&self.conflict()))
    }

    fn writes(&self) -> Writes<'_> {
        if self.insert.writes_elsewhere() {
            return Writes::Anything;
        }
        let (table, set, returning) = (M::META, &*self.update.set, &*self.insert.returning);
        Writes::Rows(WriteTarget::Insert(InsertTarget {
            table,
            set,
            conflict: Some(&self.target),
            returning,
        }))
    }
}
