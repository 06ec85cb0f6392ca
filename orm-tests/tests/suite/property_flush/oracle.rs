//! Tries every order of the operations of a case, as statements of a row each.

use std::fmt::Write;

use orm_core::schema::ColumnMeta;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::case::{Case, Operation, Row, Target, is_generated};
use super::generate::is_system;
use super::schema::TestSchema;
use super::state::{State, parse};
use super::table::AnyTable;
use super::writer::{Writer, literal};

/// What the server says of rows that cannot stand beside each other.
const NOT_TOGETHER: [SqlState; 2] = [SqlState::UNIQUE_VIOLATION, SqlState::FOREIGN_KEY_VIOLATION];

/// What comes of all orders.
#[derive(Debug, Default)]
pub struct Orders {
    /// An order of operations, and what it leaves: one for each that differs.
    pub passing: Vec<(String, State)>,
    /// Beginnings of orders, and why the last operation of each fails.
    pub failing: Vec<String>,
    /// Rows that are deleted, and added again by a statement of its own, in the orders that pass.
    pub made_anew: Vec<usize>,
    /// The statements that the numbers in orders stand for.
    pub statements: Vec<String>,
}

/// Tries each move that is left, a statement that does the operations of a mask, and goes on behind it where it passes. Where the
/// same operations have left the same rows before, what follows is known. A deletion of a row that went along with another is as
/// good as one that is made.
///
/// The deferred constraints speak at the end.
const EXPLORE: &str = "
CREATE FUNCTION flush_state(first text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(line || CASE WHEN writer = first THEN '' ELSE '*' END, E'\\n' ORDER BY line), '') FROM flush_lines
$$;
CREATE FUNCTION flush_missing() RETURNS text LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the row that is referred to is not there'; END
$$;
CREATE FUNCTION flush_changed(touched bigint) RETURNS bigint LANGUAGE plpgsql AS $$
    BEGIN IF touched = 0 THEN RAISE EXCEPTION 'no row is changed'; END IF; RETURN touched; END
$$;
CREATE FUNCTION flush_orders(
    moves text[], masks int[], names text[], whole int, first text, done int, path text,
    INOUT seen text[], INOUT passing text[], INOUT failing text[]
) LANGUAGE plpgsql AS $$
DECLARE
    touched int; following int; state text; key text;
BEGIN
    FOR number IN 1..cardinality(moves) LOOP
        CONTINUE WHEN done & masks[number] <> 0;
        following := done | masks[number];
        BEGIN
            EXECUTE moves[number];
            GET DIAGNOSTICS touched = ROW_COUNT;
            IF touched = 0 AND moves[number] NOT LIKE 'DELETE%' THEN RAISE EXCEPTION 'no row is changed'; END IF;
            IF following = whole THEN EXECUTE 'SET CONSTRAINTS ALL IMMEDIATE'; END IF;
            state := flush_state(first);
            key := following || md5(state);
            IF key <> ALL(seen) THEN
                seen := seen || key;
                IF following = whole THEN
                    passing := passing || (path || names[number] || E'\\n' || state);
                ELSE
                    SELECT * INTO seen, passing, failing FROM flush_orders(
                        moves, masks, names, whole, first, following, path || names[number] || ' ', seen, passing, failing);
                END IF;
            END IF;
            RAISE EXCEPTION USING ERRCODE = 'UNDO1';
        EXCEPTION
            WHEN SQLSTATE 'UNDO1' THEN NULL;
            WHEN OTHERS THEN failing := failing || (path || names[number] || ': ' || SQLERRM);
        END;
    END LOOP;
END $$;
";

/// What the database of a schema has besides its tables.
pub fn instruments(schema: &TestSchema) -> String {
    let mut sql = String::new();
    let mut lines = Vec::new();
    for (number, table) in schema.tables.iter().enumerate() {
        let meta = table.meta();
        let _ = write!(sql, "ALTER TABLE \"{}\" ADD COLUMN tag int;", meta.name);
        let columns = meta.columns.iter().map(|column| match is_system(column) {
            true => "'xmin'".to_owned(),
            false => format!("coalesce(\"{}\"::text, 'NULL')", column.name),
        });
        let columns: Vec<_> = columns.collect();
        let xmin = if meta.columns.iter().any(is_system) { "xmin::text" } else { "NULL" };
        lines.push(format!(
            "SELECT concat_ws('|', {number}, coalesce(tag::text, ''), {}) AS line, {xmin} AS writer FROM \"{}\"",
            columns.join(", "),
            meta.name
        ));
        if let Some(column) = meta.columns.iter().find(|column| is_generated(meta, column.place)) {
            let _ = write!(sql, "ALTER TABLE \"{}\" ALTER \"{}\" RESTART WITH 500;", meta.name, column.name);
        }
    }
    let _ = write!(sql, "CREATE VIEW flush_lines AS {};{EXPLORE}", lines.join(" UNION ALL "));
    sql
}

/// Makes the rows of a case the only ones: in one statement each, since they may point at each other. Not by TRUNCATE, after
/// which every statement is planned anew.
pub fn rows(schema: &TestSchema, case: &Case) -> String {
    let delete = |(number, table): (usize, &&dyn AnyTable)| {
        format!("table{number} AS (DELETE FROM \"{}\")", table.meta().name)
    };
    let delete: Vec<_> = schema.tables.iter().enumerate().map(delete).collect();
    let insert: Vec<_> = case.rows.iter().map(|row| insert_row(schema, row)).collect();
    let delete = format!("WITH {} SELECT WHERE false;", delete.join(", "));
    if insert.is_empty() {
        return delete;
    }
    format!("{delete}WITH {} SELECT WHERE false;{}", insert.join(", "), schema.prepare)
}

fn insert_row(schema: &TestSchema, row: &Row) -> String {
    let meta = schema.meta(row.table);
    let written = |column: &&ColumnMeta| !is_system(column) && !column.is_computed();
    let columns = meta.columns.iter().zip(&row.cells).filter(|(column, _)| written(column));
    let (mut names, mut values) = (String::from("tag"), row.tag.to_string());
    for (column, cell) in columns {
        let _ = write!(names, ", \"{}\"", column.name);
        let _ = write!(values, ", {}", literal(cell));
    }
    format!("row{} AS (INSERT INTO \"{}\" ({names}) VALUES ({values}))", row.tag, meta.name)
}

/// A statement, and the operations that it does.
pub struct Move {
    pub sql: String,
    pub mask: usize,
    pub name: String,
}

impl Move {
    pub fn each(statements: &[String]) -> Vec<Move> {
        let each = statements.iter().enumerate();
        each.map(|(number, sql)| Move { sql: sql.clone(), mask: 1 << number, name: number.to_string() })
            .collect()
    }
}

impl Writer<'_> {
    /// A deletion and a new row of the same key, by their places among the operations.
    pub fn replacements(&self) -> Vec<(usize, usize)> {
        let operations = &self.case.operations;
        let mut found = Vec::new();
        for (first, (_, deletion)) in operations.iter().enumerate() {
            let Operation::Delete { tag } = deletion else { continue };
            let row = self.case.row(*tag);
            let key = self.schema.meta(row.table).primary_key;
            for (second, (number, insertion)) in operations.iter().enumerate() {
                let same = |place: &usize| {
                    let cell = self.case.final_cell(self.schema, Target::New(*number), *place);
                    cell == row.cells[*place]
                };
                if matches!(insertion, Operation::Insert { table, .. } if *table == row.table)
                    && key.iter().all(same)
                {
                    found.push((first, second));
                }
            }
        }
        found
    }

    /// The rows whose replacement is none that a bit says.
    pub fn made_anew(&self, replacements: &[(usize, usize)], bits: usize) -> Vec<usize> {
        let others = replacements.iter().enumerate().filter(|(bit, _)| bits & (1 << bit) == 0);
        let rows = others.filter_map(|(_, (first, _))| match self.case.operations[*first].1 {
            Operation::Delete { tag } => Some(tag),
            _ => None,
        });
        rows.collect()
    }

    /// The statements, with the replacements among them that a bit says; an operation that is part of another is empty.
    pub fn statements(&self, replacements: &[(usize, usize)], bits: usize) -> Vec<String> {
        let operations = &self.case.operations;
        let mut statements: Vec<String> =
            operations.iter().map(|(number, operation)| self.statement(*number, operation)).collect();
        for (bit, (first, second)) in replacements.iter().enumerate() {
            if bits & (1 << bit) != 0
                && let (Operation::Delete { tag }, (number, Operation::Insert { given, .. })) =
                    (&operations[*first].1, &operations[*second])
            {
                statements[*second] = self.replace(*tag, *number, given);
                statements[*first].clear();
            }
        }
        statements.retain(|sql| !sql.is_empty());
        statements
    }

    /// Tries all orders; `None` if the rows of the case cannot stand beside each other.
    ///
    /// Deleting a row and adding one with its key is one UPDATE, as the README says, so that what points at the row stays; only
    /// where no order passes so, they are two statements.
    pub async fn orders(&self, client: &Client, holds: impl Fn(&State) -> bool) -> Option<Orders> {
        let replacements = self.replacements();
        let mut all = Orders::default();
        for bits in (0..1_usize << replacements.len().min(3)).rev() {
            all.statements = self.statements(&replacements, bits);
            let Orders { passing, failing, .. } = self.explore(client, &Move::each(&all.statements)).await?;
            let (valid, invalid): (Vec<_>, Vec<_>) = passing.into_iter().partition(|(_, state)| holds(state));
            let invalid =
                invalid.into_iter().map(|(path, _)| format!("{path}: passes, but is not what is said"));
            all.failing.extend(failing.into_iter().chain(invalid));
            if !valid.is_empty() {
                all.passing = valid;
                all.made_anew = self.made_anew(&replacements, bits);
                break;
            }
        }
        Some(all)
    }

    pub async fn explore(&self, client: &Client, moves: &[Move]) -> Option<Orders> {
        let sqls: Vec<String> = moves.iter().map(|one| format!("$op${}$op$", one.sql)).collect();
        let masks: Vec<String> = moves.iter().map(|one| one.mask.to_string()).collect();
        let names: Vec<String> = moves.iter().map(|one| format!("'{}'", one.name)).collect();
        let whole = moves.iter().fold(0, |whole, one| whole | one.mask);
        // A flush may defer what the model says can be; what is said at the end is the same.
        let deferred = if self.schema.is_deferrable { "SET CONSTRAINTS ALL DEFERRED;" } else { "" };
        let sql = format!(
            "BEGIN;{};{deferred}WITH found AS MATERIALIZED (SELECT * FROM flush_orders(ARRAY[{}]::text[], ARRAY[{}]::int[], \
             ARRAY[{}]::text[], {whole}, pg_current_xact_id()::xid::text, 0, '', '{{}}', '{{}}', '{{}}')) SELECT 1, \
             unnest(passing) FROM found UNION ALL SELECT 2, unnest(failing) FROM found;ROLLBACK",
            rows(self.schema, self.case),
            sqls.join(", "),
            masks.join(", "),
            names.join(", "),
        );
        let answer = match client.simple_query(&sql).await {
            Ok(answer) => answer,
            Err(error) if error.code().is_some_and(|code| NOT_TOGETHER.contains(code)) => {
                client.simple_query("ROLLBACK").await.unwrap();
                return None;
            }
            Err(error) => panic!("{error:?}: {sql}"),
        };
        let mut orders = Orders::default();
        for message in answer {
            let SimpleQueryMessage::Row(row) = message else { continue };
            let text = row.get(1).unwrap();
            if row.get(0) == Some("1") {
                let (path, state) = text.split_once('\n').unwrap_or((text, ""));
                orders.passing.push((path.to_owned(), State::of_oracle(self.schema, parse(state))));
            } else {
                orders.failing.push(text.to_owned());
            }
        }
        Some(orders)
    }
}
