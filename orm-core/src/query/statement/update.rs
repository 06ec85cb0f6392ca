//! UPDATE.

use std::marker::PhantomData;
use std::panic::Location;

use super::change::change;
use super::source::source_of;
use super::synchronize::{UpdateTarget, UpdateTree};
use super::{Command, IntoSource, LiveRows, Synchronize, WriteTarget, Writes};
use crate::error::Error;
use crate::model::{Model, Table, Writable};
use crate::query::ast::{self, Binary, ColumnRef, Node, Placed, Source};
use crate::query::expr::{Assign, SetColumn};
use crate::query::render::Rendered;
use crate::query::{check, outline, resolve};
use crate::schema::ColumnMeta;
use crate::types::Parameter;

/// An UPDATE of the rows of `M`.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Debug)]
pub struct Update<M> {
    pub(crate) tree: ast::Update,
    synchronize: Synchronize,
    model: PhantomData<fn() -> M>,
}

change!(Update, "Gives back what the changed rows hold now.");

/// Changes rows: `update(User).set(User.age, 26).filter(User.name.eq("Alice"))`. To change every row of the table is an
/// error, unless [`all_rows`](Update::all_rows) says that it is meant.
///
/// Where nothing is set, as at the end of a form in which nothing was filled in, nothing is sent, and no row is touched.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// # async fn example(engine: Engine) -> Result<(), Error> {
/// let n = engine.execute(update(User).set(User.age, User.age + 1).filter(User.name.eq("Ann"))).await?;
/// let changed: Vec<User> =
///     engine.all(update(User).set(User.age, 18).filter(User.age.is_null()).returning(User)).await?;
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn update<T: Table<Model: Model<Kind: Writable>>>(table: T) -> Update<T::Model> {
    let tree = ast::Update {
        at: Location::caller(),
        source: source_of(&table),
        set: Vec::new(),
        beside: None,
        filter: ast::OneOrMany::None,
        all_rows: false,
        without: Vec::new(),
        returning: ast::OneOrMany::None,
    };
    Update { tree, synchronize: Synchronize::default(), model: PhantomData }
}

impl<M: Model> Update<M> {
    /// Stores a value, what an expression gives for the row, or [`DEFAULT`](crate::query::DEFAULT), in a column.
    ///
    /// A `version` is counted up and a column with an `on_update` takes its value by themselves, unless they are set here.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let birthday = update(User).set(User.age, User.age + 1).filter(User.id.eq(1));
    /// ```
    #[track_caller]
    pub fn set<C: SetColumn<M>>(mut self, column: C, value: impl Assign<C::Type>) -> Self {
        let value = value.assigned().into_node();
        assign(&mut self.tree.set, self.tree.source, column.column().meta(), value);
        self
    }

    /// Looks at rows of another table, an alias, a derived table, a CTE or `values(..)` too (UPDATE .. FROM): `set`, `filter`
    /// and `returning` can use its columns. A `filter` has to connect the two. Where several rows of it meet one row, that
    /// row is changed once, by any of them.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "users")]
    /// pub struct User {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     pub age: Option<i32>,
    /// }
    ///
    /// let ages = values([(1_i64, 30), (2, 40)]).derived("ages");
    /// let (id, age) = ages.columns();
    /// let statement = update(User).set(User.age, age).from(&ages).filter(User.id.eq(id));
    /// assert!(statement.to_sql()?.text.starts_with(r#"UPDATE "users" SET "age" = "ages"."c2" FROM "#));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    #[track_caller]
    pub fn from(mut self, table: impl IntoSource) -> Self {
        table.into_source().stand_beside(&mut self.tree.beside, Location::caller());
        self
    }

    /// Stores a value, if there is one; else the column stays: `.set_some(User.age, form.age)`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let (name, age) = (Some("Ann"), None::<i32>); // of a form
    /// let statement = update(User).set_some(User.name, name).set_some(User.age, age).filter(User.id.eq(1));
    /// ```
    #[track_caller]
    pub fn set_some<C: SetColumn<M>>(self, column: C, value: Option<impl Assign<C::Type>>) -> Self {
        match value {
            Some(value) => self.set(column, value),
            None => self,
        }
    }
}

/// Adds what the caller sets, and before the first of it what is set by itself.
#[track_caller]
pub(super) fn assign(
    set: &mut Vec<Placed<ast::Set>>,
    source: Source,
    column: &'static ColumnMeta,
    value: Node,
) {
    let at = Location::caller();
    if set.is_empty() {
        *set = automatic(source, at);
    }
    set.retain(|set| !(set.content.automatic && set.content.column == column));
    set.push(Placed { content: ast::Set { column, value, automatic: false }, at });
}

/// What an UPDATE sets by itself: the version, and columns with an `on_update`.
fn automatic(source: Source, at: &'static Location<'static>) -> Vec<Placed<ast::Set>> {
    let set = |column, value| Placed { content: ast::Set { column, value, automatic: true }, at };
    let version = source.table.version.and_then(|version| {
        let column = &source.table.columns[version.place];
        let value = Node::Column(ColumnRef { meta: column, alias: source.alias });
        let one = Node::Parameter(Parameter::shared(version.first?.share()));
        Some(set(column, Node::Binary(Binary::Add, Box::new([value, one]))))
    });
    let on_update = |column: &'static ColumnMeta| Some(set(column, Node::Sql(column.on_update?)));
    version.into_iter().chain(source.table.columns.iter().filter_map(on_update)).collect()
}

#[diagnostic::do_not_recommend]
impl<M: Model> Command for Update<M> {
    type Rows = LiveRows;

    fn rendered(&self) -> Result<Rendered, Error> {
        if self.tree.set.is_empty() {
            check::update(&self.tree, &resolve::update(&self.tree))?;
            return Ok(Rendered::nothing());
        }
        outline::rendered(&self.tree)
    }

    fn writes(&self) -> Writes<'_> {
        if self.tree.has_writing_cte() {
            return Writes::Anything;
        }
        Writes::Rows(WriteTarget::Update(UpdateTarget(UpdateTree::InsertRows(&self.tree), self.synchronize)))
    }
}
