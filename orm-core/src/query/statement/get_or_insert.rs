//! The row with the values of a new one in unique columns, or the new one.

use std::panic::Location;

use super::named::NamedRows;
use super::{ColumnList, Insert, Make, Returning, Select, insert};
use crate::error::Error;
use crate::model::{Model, NewModel, NewValue, Writable};
use crate::query::ast::{self, Binary, ColumnRef, ConflictTarget, Item, Node, OneOrMany, Placed, Source};
use crate::schema::{ColumnMeta, IndexPart};
use crate::types::Parameter;

/// The two statements.
pub(crate) struct GetOrInsert<M: Model> {
    /// Gives the row that is there.
    pub(crate) get: Select<M>,
    /// Inserts the new one, and gives it; nothing where another is there.
    pub(crate) insert: Returning<Insert<M>, M>,
}

impl<M: Model<Kind: Writable>> GetOrInsert<M> {
    #[track_caller]
    pub(crate) fn new(columns: impl ColumnList<M>, new: M::New) -> Result<Self, Error> {
        let at = Location::caller();
        let mut named = NamedRows::default();
        columns.collect(&mut named);
        let columns = named.columns();
        if !M::META.are_unique(&columns) {
            return Err(not_unique(&columns).located(at));
        }
        let source = Source { table: M::META, alias: None };
        let item = || OneOrMany::One(Item::Entity { source, optional: false });
        let mut query = ast::Select::new(at, item());
        for &column in &columns {
            let content = equal(&new, column).map_err(|error| error.located(at))?;
            query.filter.push(Placed { content, at });
        }
        let mut insert = insert(M::TABLE).values(new);
        let parts = columns.iter().map(|column| IndexPart::Place(column.place)).collect();
        let target = ConflictTarget { parts, ..ConflictTarget::default() };
        insert.conflict = Some(ast::Conflict { target, update: None });
        insert.returning = item();
        let make = || Make::Decode(M::decode);
        Ok(GetOrInsert {
            get: Select { query: Box::new(query), make: make(), populate_existing: false },
            insert: Returning { command: insert, make: make(), what: M::META.entity },
        })
    }

    /// Neither was the row found nor could it be inserted, so many times.
    pub(crate) fn neither() -> Error {
        Error::row_not_made(format!(
            "`{}` with these values is neither found nor made: a new one is in conflict with a row that is not seen, or a \
             trigger gives it other values in these columns, or keeps it from being inserted. Look for what the trigger \
             makes of them; a transaction at REPEATABLE READ, row security and a filter of the model hide rows too",
            M::META.entity
        ))
    }
}

/// The column has the value of the new row.
fn equal<N: NewModel>(new: &N, meta: &'static ColumnMeta) -> Result<Node, Error> {
    let value = match new.value(meta.place) {
        NewValue::Value(value) => Parameter::shared(value.share()),
        NewValue::Null => Parameter::null(meta.ty),
        NewValue::Default => {
            let message = format!(
                "the row is looked for by `{meta:?}`, which the new row leaves to the database: give it a value"
            );
            return Err(Error::statement_invalid(message));
        }
        NewValue::Pending(_) => {
            let message = format!(
                "the row is looked for by `{meta:?}`, and the object it refers to may have no key yet: give the key itself"
            );
            return Err(Error::statement_invalid(message));
        }
    };
    let column = Node::Column(ColumnRef { meta, alias: None });
    Ok(Node::Binary(Binary::Equal, Box::new([column, Node::Parameter(value)])))
}

fn not_unique(columns: &[&'static ColumnMeta]) -> Error {
    let names: Vec<String> = columns.iter().map(|column| format!("`{column:?}`")).collect();
    let are = if names.len() == 1 { "is not unique by itself" } else { "are not unique together" };
    Error::statement_invalid(format!(
        "{} {are}: several rows could be meant; name the columns of the primary key, of a unique constraint or of a unique \
         index",
        names.join(" and ")
    ))
}
