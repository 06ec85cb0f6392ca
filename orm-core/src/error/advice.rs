//! What to do about a refusal of the server that has to do with models.

use tokio_postgres::error::SqlState;

/// What is likely wrong, and what to do.
pub(super) fn advice(code: &SqlState) -> Option<&'static str> {
    Some(match *code {
        SqlState::UNDEFINED_TABLE => {
            "make the table with `create_all`, name it in the model with `#[orm(table = \"..\")]` as the database does, or \
             add its schema to the connection's search_path"
        }
        SqlState::UNDEFINED_COLUMN => {
            "the model and the table differ: name the field's column with `#[orm(column = \"..\")]` as the database does, \
             or add it to the table with ALTER TABLE; `create_all` leaves a table that is there as it is"
        }
        SqlState::UNDEFINED_OBJECT => {
            "if this is the type of an enum, `create_all` makes it with the tables that use it"
        }
        _ => return None,
    })
}
