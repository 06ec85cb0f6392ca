//! What to do about a refusal of the server.

use tokio_postgres::error::{DbError, SqlState};

use super::Error;

const POOLER: &str = "a pooler such as PgBouncer in transaction mode gave the statement another connection of the server: set \
    `pooler(Pooler::Transaction)`; or the connection's prepared statements were dropped while the transaction ran (DISCARD \
    ALL): roll it back and run it again, when statements are prepared anew";

/// What is likely wrong, and what to do.
pub(super) fn advice(error: &DbError) -> Option<&'static str> {
    let is_near = |word: &str| error.message().contains(word);
    Some(match *error.code() {
        SqlState::SYNTAX_ERROR if is_near("\"RETURNING\"") => {
            "a MERGE gives rows back in PostgreSQL 17 and newer"
        }
        SqlState::SYNTAX_ERROR if is_near("\"MERGE\"") => "PostgreSQL has MERGE in 15 and newer",
        SqlState::SYNTAX_ERROR if is_near("\"BY\"") => {
            "WHEN NOT MATCHED BY SOURCE of a MERGE needs PostgreSQL 17 or newer"
        }
        SqlState::SYNTAX_ERROR if is_near("\"COLUMNS\"") => "PostgreSQL has JSON_TABLE in 17 and newer",
        SqlState::UNIQUE_VIOLATION => {
            "a row with this key is there already; for new rows `.on_conflict(..)` and `get_or_insert` decide what happens then"
        }
        SqlState::FOREIGN_KEY_VIOLATION if is_of_the_referring_row(error) => {
            "a row refers to one that is not there: add that one first"
        }
        SqlState::FOREIGN_KEY_VIOLATION => {
            "rows refer to one that was to be deleted, or to get another key: delete those first, or declare what happens to \
             them with `on_delete` and `on_update`"
        }
        SqlState::UNDEFINED_TABLE if is_near("\"old\"") => {
            "what rows held before is told by PostgreSQL 18 and newer"
        }
        SqlState::DUPLICATE_PSTATEMENT => POOLER,
        _ if Error::is_missing_statement(error) => POOLER,
        _ if Error::is_stale_statement(error) => {
            "a table was changed while the transaction ran: roll it back and run it again, when statements are prepared anew"
        }
        SqlState::UNDEFINED_TABLE => {
            "make the table with `create_all`, name it in the model with `#[orm(table = \"..\")]` as the database does, or \
             add its schema to the connection's search_path"
        }
        SqlState::UNDEFINED_COLUMN => {
            "where it is a model's, the model and the table differ: name the field's column with `#[orm(column = \"..\")]` as the \
             database does, or add it to the table with ALTER TABLE; `create_all` leaves a table that is there as it is"
        }
        SqlState::UNDEFINED_FUNCTION => later_function(error.message())?,
        SqlState::SYNTAX_ERROR if error.message().contains("\"NULLS\"") => {
            "if this is `.ignore_nulls()`: the server is older than PostgreSQL 19, which brings it"
        }
        SqlState::UNDEFINED_OBJECT => {
            "if this is the type of an enum, `create_all` makes it with the tables that use it"
        }
        // The functions that read a label; what they say, they say in the server's language.
        SqlState::INVALID_TEXT_REPRESENTATION if matches!(error.routine(), Some("enum_in" | "enum_recv")) => {
            "the type of the database has no such label: those of `#[derive(Enum)]` are the variants in snake case, or what \
             `#[orm(label = \"..\")]` says; `check_schema` tells what differs, and ALTER TYPE .. ADD VALUE adds a label"
        }
        SqlState::QUERY_CANCELED => {
            "a `statement_timeout` of the engine, the role or the database was over, or an administrator cancelled it: make \
             the statement faster, or raise that"
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            "the transaction was begun read only, or the server is a standby: write in another transaction, or connect to the \
             primary"
        }
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => {
            "nothing was sent in the transaction for as long as the server's `idle_in_transaction_session_timeout`: do what is \
             slow outside transactions, or raise that"
        }
        SqlState::IDLE_SESSION_TIMEOUT => {
            "the connection was not used for as long as the server's `idle_session_timeout`: set `idle_timeout` of the engine \
             below that"
        }
        SqlState::ADMIN_SHUTDOWN => "the server was stopped, or an administrator ended the connection",
        _ => return None,
    })
}

/// A function that an older server does not have.
fn later_function(message: &str) -> Option<&'static str> {
    let (_, call) = message.split_once("function ")?;
    Some(match call.split('(').next()? {
        "any_value" => "the server is older than PostgreSQL 16, which brings `any_value`",
        "array_sort" | "array_reverse" | "casefold" | "uuidv7" => {
            "the server is older than PostgreSQL 18, which brings this function"
        }
        _ => return None,
    })
}

/// Whether a foreign key is violated by the row that refers, and not by a row that is referred to. The server names the table
/// that was written first, in every language, and the one that refers as the error's table, alone if it was that one.
fn is_of_the_referring_row(error: &DbError) -> bool {
    const QUOTES: [char; 8] = ['"', '«', '»', '„', '“', '”', '「', '」'];
    let Some(table) = error.table() else { return false };
    let mut quoted = error.message().split(QUOTES).skip(1).step_by(2).map(str::trim);
    quoted.next() == Some(table) && quoted.all(|name| name != table)
}
