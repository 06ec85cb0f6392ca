//! What an INSERT sets in each of its rows beside their values: expressions, defaults, what the model itself gives.

use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

use super::Insert;
use super::insert_rows::InsertRows;
use super::named::first_version;
use crate::error::Error;
use crate::model::Model;
use crate::query::ast::{Node, Placed, Set};
use crate::query::expr::{Assign, SetColumn};
use crate::schema::ColumnMeta;
use crate::types::{Parameter, Value};

impl<M: Model> Insert<M> {
    /// Stores what an expression gives in a column of each new row, in place of what the row says of it: a function, what a
    /// subquery gives, [`DEFAULT`](crate::query::DEFAULT), or a value. The server works it out for each row. Without rows of
    /// `values`, it is one row of what is set.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "users")]
    /// pub struct User {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     pub name: String,
    ///     pub code: Option<String>,
    /// }
    ///
    /// let random = func::random().cast::<String>();
    /// let statement = insert(User).values([NewUser::new("Ann"), NewUser::new("Bob")]).set(User.code, random.clone());
    /// let one = insert(User).set(User.name, "Ann").set(User.code, random);
    /// assert!(one.to_sql()?.text.starts_with(r#"INSERT INTO "users" ("name", "code") VALUES ($1, "#));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    #[track_caller]
    pub fn set<C: SetColumn<M>>(mut self, column: C, value: impl Assign<C::Type>) -> Self {
        let value = value.assigned().into_node();
        self.set.push(set(column.column().meta(), value, false, Location::caller()));
        self
    }

    /// Stores a value in a column of each new row, if there is one; else the rows have what they say, or the default.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let age = Some(30); // of a form
    /// let statement = insert(User).values(NewUser::new("Ann")).set_some(User.age, age);
    /// ```
    #[track_caller]
    pub fn set_some<C: SetColumn<M>>(self, column: C, value: Option<impl Assign<C::Type>>) -> Self {
        match value {
            Some(value) => self.set(column, value),
            None => self,
        }
    }

    /// How many rows it has; of those that a select gives, nobody knows.
    pub(super) fn len(&self) -> usize {
        match &self.rows {
            InsertRows::Nothing => usize::from(!self.set.is_empty()),
            rows => rows.len(),
        }
    }

    /// What is set in each row, and no value of theirs: it is left out of the columns that they have values for.
    pub(super) fn set_beside(
        &self,
        columns: &mut Vec<&'static ColumnMeta>,
    ) -> Result<Cow<'_, [Placed<Set>]>, Error> {
        if self.set.is_empty() && !matches!(self.rows, InsertRows::Select { .. }) {
            return Ok(Cow::Borrowed(&[]));
        }
        let is_set = |column: &ColumnMeta| self.set.iter().find(|set| set.content.column == column);
        if let InsertRows::Whole(_) = &self.rows {
            columns.retain(|column| is_set(column).is_none());
        }
        if let Some(twice) = columns.iter().find_map(|column| is_set(column)) {
            let column = twice.content.column;
            let message = format!(
                "`{column:?}` is one of the columns that the rows have values for, and is set too: name it once"
            );
            return Err(Error::statement_invalid(message).located(twice.at));
        }
        let mut sets = match &self.rows {
            InsertRows::Nothing | InsertRows::Select { .. } => {
                self.of_model(|column| is_set(column).is_some() || columns.contains(&column))?
            }
            InsertRows::Whole(_) | InsertRows::Named(_) | InsertRows::Mixed => Vec::new(),
        };
        let defaults = self.set.iter().any(|set| matches!(set.content.value, Node::Default));
        if sets.is_empty() && !defaults {
            return Ok(Cow::Borrowed(&self.set));
        }
        // A column that is not named has its default, in rows of a select too.
        sets.extend(self.set.iter().filter(|set| !matches!(set.content.value, Node::Default)).cloned());
        Ok(Cow::Owned(sets))
    }

    /// What the model gives for columns that nobody names: a first version, and what the program makes.
    fn of_model(&self, is_named: impl Fn(&'static ColumnMeta) -> bool) -> Result<Vec<Placed<Set>>, Error> {
        let mut sets = Vec::new();
        for column in M::META.columns.iter().filter(|column| !is_named(column)) {
            let value = match (first_version(M::META, column), column.client_default, &self.rows) {
                (Some(first), ..) => first,
                (None, Some(_), InsertRows::Select { .. }) => {
                    let message = format!(
                        "the program makes a value of `{column:?}` for each row, and does not have the rows of a select: name \
                         it among the columns, with an expression of the select, or `.set(..)` it"
                    );
                    return Err(Error::statement_invalid(message).located(self.at));
                }
                (None, Some(make), _) => make(),
                (None, None, _) => continue,
            };
            sets.push(of_value(column, value, self.at));
        }
        Ok(sets)
    }

    /// Whether a CTE that its rows come from changes other tables.
    pub(super) fn writes_elsewhere(&self) -> bool {
        matches!(&self.rows, InsertRows::Select { select, .. } if select.has_writing_cte())
    }
}

fn of_value(
    column: &'static ColumnMeta,
    value: Arc<dyn Value>,
    at: &'static Location<'static>,
) -> Placed<Set> {
    set(column, Node::Parameter(Parameter::shared(value)), true, at)
}

fn set(
    column: &'static ColumnMeta,
    value: Node,
    automatic: bool,
    at: &'static Location<'static>,
) -> Placed<Set> {
    Placed { content: Set { column, value, automatic }, at }
}
