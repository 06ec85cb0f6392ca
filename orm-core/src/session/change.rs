//! What of the objects is changed, column by column.

use std::fmt;
use std::sync::Arc;

use super::Session;
use super::identity::{AnyArena, Identity};
use crate::error::Error;
use crate::model::{Handle, Model, NewValue};
use crate::query::Column;
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::{Parameter, SqlType, Value};

/// What a flush does to one object, as it was when it was asked for; made by [`Session::changes`].
///
/// Shown with `{:?}` it says it all: ``modified `User` 7: `User.name` "Ann" -> "Anna"``.
#[derive(Clone)]
pub struct Change {
    kind: ChangeKind,
    table: &'static TableMeta,
    session: u32,
    slot: u32,
    key: Vec<Option<Arc<dyn Value>>>,
    columns: Vec<ColumnChange>,
}

/// What is done to an object's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is inserted.
    New,
    /// Columns of it are updated.
    Modified,
    /// It is deleted.
    Deleted,
}

/// A column of a row that is changed.
#[derive(Clone)]
pub struct ColumnChange {
    /// The column.
    pub column: &'static ColumnMeta,
    /// What the database has, or had; `None` for a new row.
    pub before: Option<Arc<dyn Value>>,
    /// What it is to have, or has; `None` for a row that is deleted, and where only the flush tells.
    pub after: Option<Arc<dyn Value>>,
}

/// The objects of one model that a flush writes; made by [`Session::changes_of`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChangesOf<M: Model> {
    /// Those to be inserted, in the order they were added.
    pub new: Vec<Handle<M>>,
    /// Those with changed columns.
    pub modified: Vec<Handle<M>>,
    /// Those to be deleted.
    pub deleted: Vec<Handle<M>>,
}

impl Change {
    /// What is done to the row.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// use orm_core::session::ChangeKind;
    /// let ann = session.add(NewUser::new("Ann"));
    /// assert_eq!(session.changes()[0].kind(), ChangeKind::New);
    /// # Ok(())
    /// # }
    /// ```
    pub fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// The table, as data; `table().entity` is the model's name.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.add(NewUser::new("Ann"));
    /// assert_eq!(session.changes()[0].table().entity, "User");
    /// # Ok(())
    /// # }
    /// ```
    pub fn table(&self) -> &'static TableMeta {
        self.table
    }

    /// The values of the primary key as the database has it; `None` for what it has yet to make.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.add(NewUser::new("Ann"));
    /// assert!(session.changes()[0].key().all(|part| part.is_none())); // the database makes it
    /// # Ok(())
    /// # }
    /// ```
    pub fn key(&self) -> impl ExactSizeIterator<Item = Option<&dyn Value>> {
        self.key.iter().map(|part| part.as_deref())
    }

    /// The columns: those that a new row says something of, those of a modified one that differ, all of one that is
    /// deleted.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.add(NewUser::new("Ann"));
    /// for column in session.changes()[0].columns() {
    ///     println!("{column:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn columns(&self) -> &[ColumnChange] {
        &self.columns
    }

    /// The object, if it is of this model.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.add(NewUser::new("Ann"));
    /// assert_eq!(session.changes()[0].handle::<User>(), Some(ann));
    /// assert_eq!(session.changes()[0].handle::<Post>(), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn handle<M: Model>(&self) -> Option<Handle<M>> {
        (self.table == M::META).then(|| Handle::new(self.session, self.slot))
    }

    /// What the database has in a column that is changed.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.one(select(User).filter(User.name.eq("Ann"))).await?;
    /// session[user].name = "Anna".into();
    /// assert_eq!(session.changes()[0].before(User.name).as_deref(), Some("Ann"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn before<M, T: SqlType>(&self, column: Column<M, T>) -> Option<T> {
        self.of(column.meta())?.before.as_deref().and_then(typed)
    }

    /// What a column that is changed is to have.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.one(select(User).filter(User.name.eq("Ann"))).await?;
    /// session[user].name = "Anna".into();
    /// assert_eq!(session.changes()[0].after(User.name).as_deref(), Some("Anna"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn after<M, T: SqlType>(&self, column: Column<M, T>) -> Option<T> {
        self.of(column.meta())?.after.as_deref().and_then(typed)
    }

    fn of(&self, column: &ColumnMeta) -> Option<&ColumnChange> {
        self.columns.iter().find(|change| change.column == column)
    }

    /// The same behind the flush, with what the database made of it.
    pub(super) fn flushed(mut self, identity: &Identity) -> Change {
        let Some(arena) = identity.any(self.table).filter(|_| self.kind != ChangeKind::Deleted) else {
            return self;
        };
        let value = |place| arena.value(self.slot, place).ok().map(Value::share);
        self.key = self.table.key().map(|column| value(column.place)).collect();
        if self.kind == ChangeKind::New {
            let all = self.table.columns.iter();
            self.columns = all.map(|column| ColumnChange { column, before: None, after: None }).collect();
        }
        for change in &mut self.columns {
            change.after = value(change.column.place);
        }
        self
    }
}

fn typed<T: SqlType>(value: &dyn Value) -> Option<T> {
    match value.base() {
        None => T::from_base(None),
        Some(base) => T::from_base(Some(base.downcast_ref::<T::Base>()?.clone())),
    }
}

/// Finds what is pending in the objects of one model.
struct Pending<'a> {
    identity: &'a Identity,
    arena: &'a dyn AnyArena,
    found: Vec<Change>,
}

impl Pending<'_> {
    fn collect(&mut self) -> Result<(), Error> {
        let arena = self.arena;
        for slot in arena.new_rows() {
            let mut places = Vec::new();
            arena.insert_columns(slot, &mut places);
            let columns =
                places.iter().map(|&place| ColumnChange { before: None, ..self.column(slot, place) });
            let columns = columns.collect();
            self.push(ChangeKind::New, slot, columns);
        }
        arena.changed(&mut |slot, places| {
            let columns = places.iter().map(|&place| self.column(slot, place)).collect();
            self.push(ChangeKind::Modified, slot, columns);
            Ok(())
        })?;
        for slot in arena.to_delete() {
            let all = 0..arena.table().columns.len();
            let columns = all.map(|place| ColumnChange { after: None, ..self.column(slot, place) }).collect();
            self.push(ChangeKind::Deleted, slot, columns);
        }
        Ok(())
    }

    fn column(&self, slot: u32, place: usize) -> ColumnChange {
        ColumnChange {
            column: &self.arena.table().columns[place],
            before: self.arena.stored_value(slot, place).ok().map(Value::share),
            after: self.after(slot, place),
        }
    }

    fn after(&self, slot: u32, place: usize) -> Option<Arc<dyn Value>> {
        let column = &self.arena.table().columns[place];
        match self.arena.new_value(slot, place) {
            NewValue::Value(value) => Some(value.share()),
            NewValue::Null => Some(Arc::new(None::<bool>)),
            NewValue::Pending(pending) => {
                self.identity.referenced(pending, column).ok().flatten().map(Value::share)
            }
            NewValue::Default => self.arena.value(slot, place).ok().map(Value::share),
        }
    }

    fn push(&mut self, kind: ChangeKind, slot: u32, columns: Vec<ColumnChange>) {
        let table = self.arena.table();
        let part = |column: &ColumnMeta| match kind {
            ChangeKind::New => self.after(slot, column.place),
            _ => self.arena.stored_value(slot, column.place).ok().map(Value::share),
        };
        let key = table.key().map(part).collect();
        self.found.push(Change { kind, table, session: self.identity.number(), slot, key, columns });
    }
}

impl Session {
    /// What the next flush does, object by object: inserts, updates and deletions, model by model.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # fn log(session: &Session) {
    /// for change in session.changes() {
    ///     println!("{change:?}"); // modified `User` 7: `User.name` "Ann" -> "Anna"
    /// }
    /// # }
    /// ```
    pub fn changes(&self) -> Vec<Change> {
        let mut found = Vec::new();
        for arena in self.identity.arenas().filter(|arena| arena.is_dirty()) {
            let mut pending = Pending { identity: &self.identity, arena, found };
            // An object that is listed is there.
            let _ = pending.collect();
            found = pending.found;
        }
        found
    }

    /// The objects of one model that the next flush writes.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.add(NewUser::new("Ann"));
    /// assert_eq!(session.changes_of::<User>().new, [ann]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn changes_of<M: Model>(&self) -> ChangesOf<M> {
        let mut changes = ChangesOf { new: Vec::new(), modified: Vec::new(), deleted: Vec::new() };
        let Some(arena) = self.identity.any(M::META) else { return changes };
        let handles = |slots: Vec<u32>| slots.into_iter().map(|slot| self.identity.handle(slot)).collect();
        changes.new = handles(arena.new_rows());
        changes.deleted = handles(arena.to_delete());
        let _ = arena.changed(&mut |slot, _| {
            changes.modified.push(self.identity.handle(slot));
            Ok(())
        });
        changes
    }

    /// An object as the database has it, as far as the session knows: without the changes that are not flushed.
    ///
    /// # Errors
    /// As [`get`](Session::get).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.one(select(User).filter(User.name.eq("Ann"))).await?;
    /// session[user].name = "Anna".into();
    /// assert_eq!(session.stored(user)?.name, "Ann");
    /// # Ok(())
    /// # }
    /// ```
    pub fn stored<M: Model>(&self, handle: Handle<M>) -> Result<&M, Error> {
        Ok(self.object(handle)?.stored())
    }
}

fn shown(value: Option<&Arc<dyn Value>>) -> String {
    value.map_or_else(|| "?".to_owned(), |value| format!("{:?}", Parameter::shared(Arc::clone(value))))
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ChangeKind::New => "new",
            ChangeKind::Modified => "modified",
            ChangeKind::Deleted => "deleted",
        };
        let key: Vec<String> = self.key.iter().map(|part| shown(part.as_ref())).collect();
        write!(f, "{kind} `{}` {}", self.table.entity, key.join("/"))?;
        for (number, change) in self.columns.iter().enumerate() {
            write!(f, "{}{change:?}", if number == 0 { ": " } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for ColumnChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{:?}` ", self.column)?;
        match (&self.before, &self.after) {
            _ if self.column.secret => f.write_str(".."),
            (Some(before), Some(after)) => write!(f, "{} -> {}", shown(Some(before)), shown(Some(after))),
            (Some(only), None) | (None, Some(only)) => f.write_str(&shown(Some(only))),
            (None, None) => f.write_str("?"),
        }
    }
}
