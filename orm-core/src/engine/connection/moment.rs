//! Refuses what PostgreSQL would shift by the time zone of the session: moments in columns without a time zone.

use super::{Columns, Connection, Request};
use crate::engine::fact::{Fact, Facts};
use crate::error::Error;
use crate::row::Cells;
use crate::schema::{ColumnMeta, TableMeta, fitted};
use crate::types::Parameter;

/// The columns of `$1` that hold dates and times, and what types they have: below their domains and arrays.
const COLUMNS: &str = "WITH RECURSIVE c(name, type) AS (SELECT a.attname::text, a.atttypid \
    FROM pg_catalog.pg_attribute AS a \
    WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped \
    UNION ALL SELECT c.name, CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END \
    FROM c JOIN pg_catalog.pg_type AS t ON t.oid = c.type \
    WHERE t.typtype = 'd' OR t.typcategory = 'A') \
    SELECT name, format_type(type, NULL) FROM c \
    WHERE type = ANY('{date,timestamp,timestamptz}'::regtype[]::oid[])";

impl Connection {
    /// Refuses statements with a moment for a column that has another type in the database than in the model. The
    /// database is asked in a round trip of its own, once for each table.
    #[inline]
    pub(super) async fn check_moments(&mut self, requests: &[Request<'_>]) -> Result<(), Error> {
        if requests.iter().all(|request| request.moments.is_empty()) {
            return Ok(());
        }
        // In a box: to ask is a statement too.
        Box::pin(self.ask_for_moments(requests)).await
    }

    async fn ask_for_moments(&mut self, requests: &[Request<'_>]) -> Result<(), Error> {
        for (place, request) in requests.iter().enumerate() {
            for table in request.moments {
                let fact = Fact::HoldsMoments(std::ptr::from_ref(*table).addr());
                if self.facts().is_true(fact).is_some() || self.found.contains(&fact) {
                    continue;
                }
                let name = [Parameter::new(table.path())];
                let answer = self.query(Request::new(COLUMNS, &name, Columns::Builtin)).await?;
                for row in &answer.rows {
                    let mut cells = Cells::new(row);
                    let (name, found) = (cells.read::<String>()?, cells.read::<String>()?);
                    check(table, &name, &found)
                        .map_err(|error| error.at_place(place).in_statement(request.sql))?;
                }
                // Of what is not there nothing is known.
                match answer.rows.is_empty() {
                    true => {}
                    // The table may be gone when the transaction is rolled back.
                    false if self.in_transaction() => self.found.push(fact),
                    false => self.facts().learn(fact, true),
                }
            }
        }
        Ok(())
    }

    /// Keeps what a transaction has found out that is committed now.
    pub(super) fn keep_found(&mut self) {
        for fact in std::mem::take(&mut self.found) {
            self.facts().learn(fact, true);
        }
    }

    fn facts(&self) -> &Facts {
        let known = self.scope.as_ref().map_or(&self.shared.known, |scope| &scope.known);
        &known.facts
    }
}

fn check(table: &'static TableMeta, name: &str, found: &str) -> Result<(), Error> {
    let is_it = |column: &&ColumnMeta| fitted(column.name, "") == name && column.holds_moments();
    let Some(column) = table.columns.iter().find(is_it) else { return Ok(()) };
    let ty = column.ty.element.unwrap_or(column.ty).name;
    if found == ty {
        return Ok(());
    }
    let remedy = match ty {
        "timestamp with time zone" => "declare the field as `NaiveDateTime`",
        _ => "declare the field as `DateTime<Utc>`",
    };
    Err(Error::encode(format!(
        "`{column:?}` is of the type {ty}, and column {} of table {} is of the type {found}, so that PostgreSQL would shift \
         values by the time zone of the session: {remedy}, or change the type of the column",
        crate::schema::quoted(name),
        table.path()
    ))
    .of_column(table.name, column.name))
}
