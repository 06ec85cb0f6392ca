//! MERGE.

use std::marker::PhantomData;
use std::panic::Location;

use super::named::first_version;
use super::source::source_of;
use super::update::assign;
use super::{Command, IntoSource, Items, LiveRows, Returning, Selectable, Writes};
use crate::error::Error;
use crate::model::{Model, Table, Writable};
use crate::query::ast::{self, MergeAction, MergeClause, MergeWhen, Node, Placed, Set};
use crate::query::expr::{Assign, IntoCond, SetColumn};
use crate::query::outline;
use crate::query::render::Rendered;
use crate::types::Parameter;

/// Brings a table in line with another one, or with a select: rows of both are changed or deleted, rows that the other
/// alone has are inserted.
///
/// The clauses are tried in their order, and the first that fits is done with a row. Two rows of the source that meet the
/// same row are an error of the server, if both change it. PostgreSQL 15 or newer; [`returning`](Merge::returning) and
/// [`when_not_matched_by_source`](Merge::when_not_matched_by_source) need 17. Which rows it touched, PostgreSQL does not tell
/// before that, so that a session takes all of its objects for changed: each is read again when it is next asked for, by
/// `find` or a row that reads it, as after SQL of your own.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(table = "stock")]
/// pub struct Stock {
///     #[orm(primary_key)]
///     pub item: i64,
///     pub count: i64,
/// }
///
/// let arrivals = values([(1_i64, 5_i64), (2, -3)]).derived("arrivals");
/// let (item, change) = arrivals.columns();
/// let left = Stock.count + change;
/// let merge = merge_into(Stock)
///     .using(&arrivals, Stock.item.eq(item))
///     .when_matched().and(left.le(0)).delete()
///     .when_matched().update().set(Stock.count, &left)
///     .when_not_matched().insert().set(Stock.item, item).set(Stock.count, change);
/// assert!(merge.to_sql()?.text.starts_with(r#"MERGE INTO "stock" USING "#));
/// # Ok::<(), orm_core::Error>(())
/// ```
#[track_caller]
pub fn merge_into<T: Table<Model: Model<Kind: Writable>>>(table: T) -> MergeInto<T::Model> {
    MergeInto { target: source_of(&table), at: Location::caller(), model: PhantomData }
}

/// The table that a MERGE changes: [`using`](MergeInto::using) says by what.
#[must_use = "a MERGE needs `.using(table, condition)` and what is to be done"]
#[derive(Debug)]
pub struct MergeInto<M> {
    target: ast::Source,
    at: &'static Location<'static>,
    model: PhantomData<fn() -> M>,
}

/// A MERGE into the table of `M`; `S` says whether `set` can follow.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Debug)]
pub struct Merge<M, S = Done> {
    tree: ast::Merge,
    model: PhantomData<fn() -> (M, S)>,
}

/// Of a [`Merge`]: its last clause is whole.
#[derive(Debug)]
pub enum Done {}

/// Of a [`Merge`]: its last clause can be given columns by [`set`](Merge::set).
#[derive(Debug)]
pub enum Setting {}

/// A clause of a MERGE of which it is not said yet what is to be done: `K` is [`Matched`] or [`NotMatched`].
#[must_use = "a clause of a MERGE says what is to be done: `.update()`, `.delete()`, `.insert()` or `.do_nothing()`"]
#[derive(Debug)]
pub struct When<M, K> {
    tree: ast::Merge,
    when: MergeWhen,
    conditions: ast::OneOrMany<Placed<Node>>,
    at: &'static Location<'static>,
    kind: PhantomData<fn() -> (M, K)>,
}

/// Of a clause: there is a row of the table.
#[derive(Debug)]
pub enum Matched {}

/// Of a clause: there is no row of the table.
#[derive(Debug)]
pub enum NotMatched {}

impl<M: Model> MergeInto<M> {
    /// What the table is compared with: a table, an alias, a derived table, a CTE or `values(..)`; and the condition by
    /// which two rows belong together.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
    /// let (id, age) = ages.columns();
    /// let merge = merge_into(User).using(&ages, User.id.eq(id)).when_matched().update().set(User.age, age);
    /// ```
    #[track_caller]
    pub fn using(self, table: impl IntoSource, on: impl IntoCond) -> Merge<M> {
        let at = Location::caller();
        let mut using = None;
        table.into_source().stand_beside(&mut using, at);
        let tree = ast::Merge {
            at: self.at,
            target: self.target,
            using: *using.unwrap_or_default(),
            on: Placed { content: on.into_cond().0, at },
            clauses: Vec::new(),
            without: Vec::new(),
            returning: ast::OneOrMany::None,
        };
        Merge { tree, model: PhantomData }
    }
}

impl<M: Model, S> Merge<M, S> {
    /// What becomes of rows that both have.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
    /// let (id, age) = ages.columns();
    /// let merge = merge_into(User).using(&ages, User.id.eq(id)).when_matched().update().set(User.age, age);
    /// ```
    #[track_caller]
    pub fn when_matched(self) -> When<M, Matched> {
        self.when(MergeWhen::Matched)
    }

    /// What becomes of rows that the table does not have.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = values([("Ann",), ("Bob",)].map(|(name,)| (name.to_owned(),))).derived("names");
    /// let (name,) = names.columns();
    /// let merge = merge_into(User)
    ///     .using(&names, User.name.eq(name))
    ///     .when_not_matched().insert().set(User.name, name);
    /// ```
    #[track_caller]
    pub fn when_not_matched(self) -> When<M, NotMatched> {
        self.when(MergeWhen::NotMatched)
    }

    /// What becomes of rows of the table that the other does not have. PostgreSQL 17 or newer.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let kept = values([(1_i64,), (2,)]).derived("kept");
    /// let merge = merge_into(User)
    ///     .using(&kept, User.id.eq(kept.columns().0))
    ///     .when_not_matched_by_source().delete();
    /// ```
    #[track_caller]
    pub fn when_not_matched_by_source(self) -> When<M, Matched> {
        self.when(MergeWhen::NotMatchedBySource)
    }

    #[track_caller]
    fn when<K>(self, when: MergeWhen) -> When<M, K> {
        let at = Location::caller();
        When { tree: self.tree, when, conditions: ast::OneOrMany::None, at, kind: PhantomData }
    }

    /// Leaves out a condition that models of this statement have by themselves, by its name; see
    /// [`Select::without`](crate::query::Select::without). A row of the table that such a condition leaves out is left as it
    /// is, and none is inserted in its place.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "notes", filter(listed = "NOT hidden"))]
    /// pub struct Note {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     pub hidden: bool,
    /// }
    /// let shown = values([(1_i64,), (2,)]).derived("shown");
    /// let merge = merge_into(Note)
    ///     .using(&shown, Note.id.eq(shown.columns().0))
    ///     .when_matched().update().set(Note.hidden, false)
    ///     .without("listed");
    /// ```
    pub fn without(mut self, filter: &'static str) -> Self {
        self.tree.without.push(filter);
        self
    }

    /// Gives back the rows that were changed, deleted or inserted: columns of the table and of what it was compared with,
    /// and [`func::merge_action`](crate::query::func::merge_action). PostgreSQL 17 or newer.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
    /// let (id, age) = ages.columns();
    /// let merge = merge_into(User).using(&ages, User.id.eq(id)).when_matched().update().set(User.age, age);
    /// let changed: Vec<User> = engine.all(merge.returning(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning<R: Selectable>(mut self, selectable: R) -> Returning<Merge<M>, R::Row> {
        let (items, make) = Items::of(selectable);
        self.tree.returning = items;
        let command = Merge { tree: self.tree, model: PhantomData };
        Returning { command, make, what: M::META.entity }
    }
}

impl<M: Model> Merge<M, Setting> {
    /// Stores a value, or what an expression gives, in a column of the row that is changed or inserted.
    ///
    /// In a row that is changed a `version` is counted up and a column with an `on_update` takes its value by themselves.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
    /// let (id, age) = ages.columns();
    /// let merge = merge_into(User).using(&ages, User.id.eq(id)).when_matched().update().set(User.age, age);
    /// ```
    #[track_caller]
    pub fn set<C: SetColumn<M>>(mut self, column: C, value: impl Assign<C::Type>) -> Self {
        let (column, value) = (column.column().meta(), value.assigned().into_node());
        let source = self.tree.target;
        match self.tree.clauses.last_mut().map(|clause| &mut clause.action) {
            Some(MergeAction::Update(set)) => assign(set, source, column, value),
            Some(MergeAction::Insert(set)) => {
                set.retain(|set| !(set.content.automatic && set.content.column == column));
                let content = Set { column, value, automatic: false };
                set.push(Placed { content, at: Location::caller() });
            }
            _ => {}
        }
        self
    }

    /// Stores a value, if there is one.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let age = Some(30); // of a form
    /// let ids = values([(1_i64,), (2,)]).derived("ids");
    /// let merge = merge_into(User)
    ///     .using(&ids, User.id.eq(ids.columns().0))
    ///     .when_matched().update().set(User.name, "-").set_some(User.age, age);
    /// ```
    #[track_caller]
    pub fn set_some<C: SetColumn<M>>(self, column: C, value: Option<impl Assign<C::Type>>) -> Self {
        match value {
            Some(value) => self.set(column, value),
            None => self,
        }
    }
}

impl<M: Model, K> When<M, K> {
    /// Only rows for which the condition is true; several calls are joined by AND.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
    /// let (id, age) = ages.columns();
    /// let merge = merge_into(User)
    ///     .using(&ages, User.id.eq(id))
    ///     .when_matched().and(User.age.is_null()).update().set(User.age, age);
    /// ```
    #[track_caller]
    pub fn and(mut self, condition: impl IntoCond) -> Self {
        if let Some(condition) = condition.into_part() {
            self.conditions.push(Placed { content: condition.0, at: Location::caller() });
        }
        self
    }

    /// Leaves such rows as they are.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
    /// let (id, age) = ages.columns();
    /// let merge = merge_into(User)
    ///     .using(&ages, User.id.eq(id))
    ///     .when_matched().and(User.age.gt(age)).do_nothing()
    ///     .when_matched().update().set(User.age, age);
    /// ```
    pub fn do_nothing(self) -> Merge<M> {
        self.then(MergeAction::Nothing)
    }

    fn then<S>(self, action: MergeAction) -> Merge<M, S> {
        let When { mut tree, when, conditions, at, .. } = self;
        tree.clauses.push(MergeClause { at, when, conditions, action });
        Merge { tree, model: PhantomData }
    }
}

impl<M: Model> When<M, Matched> {
    /// Changes such rows, as [`set`](Merge::set) says behind it.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
    /// let (id, age) = ages.columns();
    /// let merge = merge_into(User).using(&ages, User.id.eq(id)).when_matched().update().set(User.age, age);
    /// ```
    pub fn update(self) -> Merge<M, Setting> {
        self.then(MergeAction::Update(Vec::new()))
    }

    /// Deletes such rows; of a model with `soft_delete` it marks them as deleted.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let leaving = values([(1_i64,), (2,)]).derived("leaving");
    /// let merge = merge_into(User).using(&leaving, User.id.eq(leaving.columns().0)).when_matched().delete();
    /// ```
    #[track_caller]
    pub fn delete(self) -> Merge<M> {
        let source = self.tree.target;
        let column = |place: usize| &source.table.columns[place];
        let soft = source.table.soft_delete.map(|soft| (column(soft.place), soft.value));
        let Some((column, value)) = soft.filter(|(column, _)| !self.tree.without.contains(&column.field))
        else {
            return self.then(MergeAction::Delete);
        };
        let mut set = Vec::new();
        assign(&mut set, source, column, Node::Parameter(Parameter::shared(value())));
        self.then(MergeAction::Update(set))
    }
}

impl<M: Model> When<M, NotMatched> {
    /// Inserts a row, of what [`set`](Merge::set) says behind it; other columns have their defaults.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = values(["Ann", "Bob"].map(|name| (name.to_owned(),))).derived("names");
    /// let (name,) = names.columns();
    /// let merge = merge_into(User).using(&names, User.name.eq(name)).when_not_matched().insert().set(User.name, name);
    /// ```
    #[track_caller]
    pub fn insert(self) -> Merge<M, Setting> {
        let at = Location::caller();
        let of_model = |column| {
            let value = Node::Parameter(Parameter::shared(first_version(M::META, column)?));
            Some(Placed { content: Set { column, value, automatic: true }, at })
        };
        let set = M::META.columns.iter().filter_map(of_model).collect();
        self.then(MergeAction::Insert(set))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, S> Command for Merge<M, S> {
    type Rows = LiveRows;

    fn rendered(&self) -> Result<Rendered, Error> {
        outline::rendered(&self.tree)
    }

    fn writes(&self) -> Writes<'_> {
        Writes::Anything
    }
}
