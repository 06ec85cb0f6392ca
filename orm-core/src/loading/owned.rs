//! Which of the rows that a relation starts from a related row belongs to.

use tokio_postgres::Row as DriverRow;

use crate::error::Error;
use crate::query::ast::{Item, Node, Select};
use crate::query::{IntegerPlace, KeyPlaces, Keys};
use crate::schema::Target;
use crate::types::{BaseType, Cell, integer_of};

/// What a row says of the key that it belongs to.
pub(super) enum Owned {
    /// The key itself stands there.
    Key(KeyPlaces),
    /// Its number does: the server has matched them.
    Number(usize),
}

impl Owned {
    /// Where it stands in the rows of a statement; what is not there is added behind all others.
    pub(super) fn new(query: &mut Select, belonging: Target, number: Option<Node>) -> Owned {
        let Some(node) = number else { return Owned::Key(query.places_of(belonging, None)) };
        let place = query.items.iter().map(Item::width).sum();
        query.items.push(Item::Value { node, label: None, ty: i64::TYPE, nullable: false });
        Owned::Number(place)
    }

    /// Where the key stands, if it is one integer in rows like this.
    pub(super) fn integer(&self, row: &DriverRow) -> Option<IntegerPlace> {
        match self {
            Owned::Key(places) => places.integer(row),
            Owned::Number(_) => None,
        }
    }

    /// The number of the key; `None` if it is none of these.
    pub(super) fn owner(&self, row: &DriverRow, keys: &mut Keys) -> Result<Option<usize>, Error> {
        match self {
            Owned::Key(places) => Ok(places.read(row)?.and_then(|key| keys.find(key))),
            Owned::Number(place) => {
                let number = match row.try_get(*place) {
                    Ok(Cell(Some(raw))) => integer_of(raw),
                    _ => None,
                };
                Ok(number
                    .and_then(|number| usize::try_from(number).ok())
                    .filter(|number| *number < keys.count()))
            }
        }
    }
}
