//! What a check of the schema finds.

use std::fmt;
use std::ops::Deref;

use crate::error::Error;
use crate::schema::{ColumnMeta, TableMeta};

/// One difference between a model and the database; its text says what was expected and what is there.
#[derive(Clone, PartialEq, Eq)]
pub struct Difference {
    kind: DifferenceKind,
    table: &'static TableMeta,
    column: Option<String>,
    message: String,
}

/// In what a model and the database differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// The PostgreSQL schema of a table is missing.
    MissingSchema,
    /// A table or a view is missing.
    MissingTable,
    /// A view stands where a table is expected, or the other way round.
    TableKind,
    /// A column is missing.
    MissingColumn,
    /// A column is there that the model does not know, and that every new row must give.
    RequiredColumn,
    /// A column has another type.
    ColumnType,
    /// An enum type has other labels, or the same in another order.
    EnumLabels,
    /// A composite type has other fields, or the same in another order.
    CompositeFields,
    /// A column is of no domain where one is expected, or the domain is over another type, or has no check.
    Domain,
    /// A column can be NULL and should not, or the other way round.
    Nullability,
    /// A column has no default or identity, or another.
    ColumnDefault,
    /// A column is not computed and should be, or the other way round.
    Computed,
    /// The primary key is missing, of other columns, or deferrable.
    PrimaryKey,
    /// A foreign key is missing, points elsewhere, does something else when its target changes, or is checked at another
    /// time.
    ForeignKey,
    /// A unique constraint is missing, or checked at another time.
    Unique,
    /// A check constraint is missing.
    Check,
    /// An index is missing, or is of something else.
    Index,
    /// Row policies hold for the table and should not, or the other way round, or not for its owner.
    RowSecurity,
    /// A row policy is missing, or is another, or is there and the model does not know it.
    Policy,
}

impl Difference {
    /// The text begins with the model, or its field.
    pub(super) fn of_table(kind: DifferenceKind, table: &'static TableMeta, message: &str) -> Difference {
        Difference { kind, table, column: None, message: format!("`{}`: {message}", table.entity) }
    }

    pub(super) fn of_column(kind: DifferenceKind, column: &'static ColumnMeta, message: &str) -> Difference {
        let message = format!("`{column:?}`: {message}");
        Difference { kind, table: column.table, column: Some(column.name.to_owned()), message }
    }

    /// Of a column the model may not know.
    pub(super) fn of_unknown(
        kind: DifferenceKind,
        table: &'static TableMeta,
        column: &str,
        message: &str,
    ) -> Difference {
        Difference { column: Some(column.to_owned()), ..Difference::of_table(kind, table, message) }
    }

    /// In what they differ.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// for difference in engine.check_schema(schema![User, Post]).await?.iter() {
    ///     println!("{:?}: {difference}", difference.kind());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn kind(&self) -> DifferenceKind {
        self.kind
    }

    /// The table of the model.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// for difference in engine.check_schema(schema![User, Post]).await?.iter() {
    ///     println!("{}: {difference}", difference.table().name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn table(&self) -> &'static TableMeta {
        self.table
    }

    /// The name of the column in the database, where it is about a single one.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// for difference in engine.check_schema(schema![User, Post]).await?.iter() {
    ///     println!("{:?}: {difference}", difference.column());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.message)
    }
}

/// All differences between models and a database; a list that shows one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "differences are only told of: look whether there are some, or call `into_result`"]
pub struct Differences(Vec<Difference>);

impl Differences {
    pub(super) fn new(found: Vec<Difference>) -> Differences {
        Differences(found)
    }

    /// Nothing if there is no difference.
    ///
    /// # Errors
    /// If there is one: the text lists all.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// engine.check_schema(schema![User, Post]).await?.into_result()?; // at the start of a program
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_result(self) -> Result<(), Error> {
        let count = match self.len() {
            0 => return Ok(()),
            1 => "1 place".to_owned(),
            count => format!("{count} places"),
        };
        let lines: Vec<String> = self.iter().map(|difference| format!("\n- {difference}")).collect();
        Err(Error::schema(format!(
            "expected a database as the models describe it, found one that differs in {count}; migrate it, or change the \
             models:{}",
            lines.concat()
        )))
    }
}

impl Deref for Differences {
    type Target = [Difference];

    fn deref(&self) -> &[Difference] {
        &self.0
    }
}

impl IntoIterator for Differences {
    type Item = Difference;
    type IntoIter = std::vec::IntoIter<Difference>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Differences {
    type Item = &'a Difference;
    type IntoIter = std::slice::Iter<'a, Difference>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, difference) in self.0.iter().enumerate() {
            let end = if nth == 0 { "" } else { "\n" };
            write!(f, "{end}{difference}")?;
        }
        Ok(())
    }
}
