//! Where columns stand in rows that name them.

use tokio_postgres::Row as DriverRow;

use crate::error::Error;
use crate::schema::TableMeta;

/// The names of the columns that a row is read by, in the order in which they are read.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// The struct that they are the columns of.
    entity: &'static str,
    list: List,
}

#[derive(Clone, Copy, Debug)]
enum List {
    Table(&'static TableMeta),
    Names(&'static [&'static str]),
}

/// Where each of them stands in the rows of one statement.
#[derive(Clone, Debug)]
pub(crate) struct Places(pub(super) Box<[usize]>);

impl Places {
    #[inline]
    pub(super) fn at(&self, nth: usize) -> usize {
        // One behind the last is no column of the row either.
        self.0.get(nth).copied().unwrap_or(usize::MAX)
    }
}

impl Names {
    /// The columns of a table.
    pub(crate) fn of_table(table: &'static TableMeta) -> Names {
        Names { entity: table.entity, list: List::Table(table) }
    }

    /// The columns of a row with names.
    #[doc(hidden)]
    pub const fn new(entity: &'static str, names: &'static [&'static str]) -> Names {
        Names { entity, list: List::Names(names) }
    }

    /// The names.
    pub(crate) fn all(&self) -> Vec<&'static str> {
        match self.list {
            List::Table(table) => table.columns.iter().map(|column| column.name).collect(),
            List::Names(names) => names.to_vec(),
        }
    }

    /// Where they stand in a row.
    ///
    /// # Errors
    /// If a name is missing, or two columns have it.
    pub(crate) fn find(&self, row: &DriverRow) -> Result<Places, Error> {
        let place = |name: &str| {
            let mut places = (0..row.len()).filter(|at| row.columns()[*at].name() == name);
            match (places.next(), places.next()) {
                (Some(place), None) => Ok(place),
                (None, _) => Err(self.missing(name, row)),
                (Some(_), Some(_)) => Err(self.ambiguous(name)),
            }
        };
        self.all().into_iter().map(place).collect::<Result<_, _>>().map(Places)
    }

    #[cold]
    fn missing(&self, name: &str, row: &DriverRow) -> Error {
        let found: Vec<_> = row.columns().iter().map(|column| column.name()).collect();
        Error::decode(format!(
            "the rows have no column \"{name}\", which `{}` has (they have {found:?}): select it, or name it with AS \"{name}\"",
            self.entity
        ))
    }

    #[cold]
    fn ambiguous(&self, name: &str) -> Error {
        Error::decode(format!(
            "the rows have several columns \"{name}\", and `{}` has one: name the others otherwise with AS",
            self.entity
        ))
    }
}
