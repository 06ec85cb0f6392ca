//! Tries every order of the operations of a case, as statements of a row each.

use std::fmt::Write;

use orm_core::schema::{ColumnMeta, TableMeta};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::case::{Case, NEW, Operation, Row, Say, Target, generated, is_generated};
use super::generate::is_system;
use super::schema::TestSchema;
use super::state::{State, parse};
use super::table::{AnyTable, Cell};

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

/// Tries each operation that is left, and goes on behind it where it passes. Where the same operations have left the same
/// rows before, what follows is known. A deletion of a row that went along with another is as good as one that is made.
///
/// The deferred constraints speak at the end.
const EXPLORE: &str = "
CREATE FUNCTION flush_state(first text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(line || CASE WHEN writer = first THEN '' ELSE '*' END, E'\\n' ORDER BY line), '') FROM flush_lines
$$;
CREATE FUNCTION flush_missing() RETURNS text LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the row that is referred to is not there'; END
$$;
CREATE FUNCTION flush_orders(
    operations text[], first text, done int, path text,
    INOUT seen text[], INOUT passing text[], INOUT failing text[]
) LANGUAGE plpgsql AS $$
DECLARE
    touched int; following int; state text; key text;
BEGIN
    FOR number IN 1..cardinality(operations) LOOP
        following := done | (1 << (number - 1));
        CONTINUE WHEN following = done;
        BEGIN
            EXECUTE operations[number];
            GET DIAGNOSTICS touched = ROW_COUNT;
            IF touched = 0 AND operations[number] NOT LIKE 'DELETE%' THEN RAISE EXCEPTION 'no row is changed'; END IF;
            IF following = (1 << cardinality(operations)) - 1 THEN EXECUTE 'SET CONSTRAINTS ALL IMMEDIATE'; END IF;
            state := flush_state(first);
            key := following || md5(state);
            IF key <> ALL(seen) THEN
                seen := seen || key;
                IF following = (1 << cardinality(operations)) - 1 THEN
                    passing := passing || (path || (number - 1) || E'\\n' || state);
                ELSE
                    SELECT * INTO seen, passing, failing FROM
                        flush_orders(operations, first, following, path || (number - 1) || ' ', seen, passing, failing);
                END IF;
            END IF;
            RAISE EXCEPTION USING ERRCODE = 'UNDO1';
        EXCEPTION
            WHEN SQLSTATE 'UNDO1' THEN NULL;
            WHEN OTHERS THEN failing := failing || (path || (number - 1) || ': ' || SQLERRM);
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

fn literal(cell: &Cell) -> String {
    match cell {
        Some(text) => format!("'{text}'"),
        None => "NULL".to_owned(),
    }
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

/// What a statement of the oracle knows beside its operation.
pub struct Writer<'a> {
    pub schema: &'a TestSchema,
    pub case: &'a Case,
    /// Whether a row with an `xmin` has to have the one it had.
    pub holds_xmin: bool,
}

impl Writer<'_> {
    /// An operation as a statement of one row.
    ///
    /// - An INSERT gives what the program gave. A handle is the key that the row has by then; there has to be one.
    /// - An UPDATE sets the columns that the program changed, in the row it changed, found by its tag, since the database may
    ///   have given it another key by then; it has to be there. A version counts on. An `xmin` is still the first one.
    /// - A DELETE deletes the row, if it has not gone along with another.
    pub fn statement(&self, number: usize, operation: &Operation) -> String {
        match operation {
            Operation::Insert { table, given } => self.insert(number, *table, given),
            Operation::Update { tag, changes } => self.update(*tag, changes),
            Operation::Delete { tag } => {
                let meta = self.schema.meta(self.case.row(*tag).table);
                let condition = self.condition(meta);
                // Where the `xmin` is held, no row may also be one of another `xmin`.
                let space = if condition.is_empty() { "" } else { " " };
                format!("{space}DELETE FROM \"{}\" WHERE tag = {tag}{condition}", meta.name)
            }
        }
    }

    fn insert(&self, number: usize, table: usize, given: &[(usize, Say)]) -> String {
        let meta = self.schema.meta(table);
        let (mut names, mut values) = (String::from("tag"), (NEW + number).to_string());
        for column in meta.columns.iter().filter(|column| !is_system(column)) {
            let say = given.iter().find(|(place, _)| *place == column.place).map(|(_, say)| say);
            let value = match say {
                _ if is_generated(meta, column.place) => format!("'{}'", generated(number)),
                None if meta.version.is_some_and(|version| version.place == column.place) => "1".to_owned(),
                None => "DEFAULT".to_owned(),
                Some(Say::Null) => "NULL".to_owned(),
                Some(Say::Value(text)) => format!("'{text}'"),
                Some(Say::Handle(target)) => self.key(number, *target, meta, column.place),
            };
            let _ = write!(names, ", \"{}\"", column.name);
            let _ = write!(values, ", {value}");
        }
        format!("INSERT INTO \"{}\" ({names}) VALUES ({values})", meta.name)
    }

    /// The value of the column that a column refers to, as the row has it when the statement runs.
    fn key(&self, number: usize, target: Target, meta: &TableMeta, place: usize) -> String {
        let source = super::case::target_place(meta, place).unwrap();
        if target == Target::New(number) {
            return literal(&self.case.final_cell(self.schema, target, source));
        }
        let other = self.schema.meta(self.case.table_of(target));
        let column = &other.columns[source];
        format!(
            "coalesce((SELECT \"{}\" FROM \"{}\" WHERE tag = {}), flush_missing()::{})",
            column.name,
            other.name,
            target.tag(),
            column.ty.name
        )
    }

    fn update(&self, tag: usize, changes: &[(usize, Cell)]) -> String {
        let meta = self.schema.meta(self.case.row(tag).table);
        let sets = changes
            .iter()
            .map(|(place, cell)| format!("\"{}\" = {}", meta.columns[*place].name, literal(cell)));
        let mut sets: Vec<_> = sets.collect();
        sets.extend(version(meta));
        format!("UPDATE \"{}\" SET {} WHERE tag = {tag}{}", meta.name, sets.join(", "), self.condition(meta))
    }

    fn condition(&self, meta: &TableMeta) -> &'static str {
        // The rows are made in the transaction itself, and operations are tried in others inside of it.
        let holds = self.holds_xmin && meta.columns.iter().any(is_system);
        if holds { " AND xmin = pg_current_xact_id()::xid" } else { "" }
    }

    /// The UPDATE by which a new row takes over the row of one that is deleted.
    fn replace(&self, tag: usize, number: usize, given: &[(usize, Say)]) -> String {
        let meta = self.schema.meta(self.case.row(tag).table);
        let mut sets = vec![format!("tag = {}", NEW + number)];
        for column in meta.columns.iter().filter(|column| !is_system(column)) {
            let say = given.iter().find(|(place, _)| *place == column.place).map(|(_, say)| say);
            let value = match say {
                None if meta.version.is_some_and(|version| version.place == column.place) => continue,
                _ if meta.primary_key.contains(&column.place) => continue,
                None => "DEFAULT".to_owned(),
                Some(Say::Null) => "NULL".to_owned(),
                Some(Say::Value(text)) => format!("'{text}'"),
                Some(Say::Handle(target)) => self.key(number, *target, meta, column.place),
            };
            sets.push(format!("\"{}\" = {value}", column.name));
        }
        sets.extend(version(meta));
        format!("UPDATE \"{}\" SET {} WHERE tag = {tag}{}", meta.name, sets.join(", "), self.condition(meta))
    }

    /// A deletion and a new row of the same key, by their places among the operations.
    fn replacements(&self) -> Vec<(usize, usize)> {
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
    fn made_anew(&self, replacements: &[(usize, usize)], bits: usize) -> Vec<usize> {
        let others = replacements.iter().enumerate().filter(|(bit, _)| bits & (1 << bit) == 0);
        let rows = others.filter_map(|(_, (first, _))| match self.case.operations[*first].1 {
            Operation::Delete { tag } => Some(tag),
            _ => None,
        });
        rows.collect()
    }

    /// The statements, with the replacements among them that a bit says; an operation that is part of another is empty.
    fn statements(&self, replacements: &[(usize, usize)], bits: usize) -> Vec<String> {
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
            let Orders { passing, failing, .. } = self.explore(client, &all.statements).await?;
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

    async fn explore(&self, client: &Client, statements: &[String]) -> Option<Orders> {
        let list: Vec<String> = statements.iter().map(|sql| format!("$op${sql}$op$")).collect();
        // A flush may defer what the model says can be; what is said at the end is the same.
        let deferred = if self.schema.is_deferrable { "SET CONSTRAINTS ALL DEFERRED;" } else { "" };
        let sql = format!(
            "BEGIN;{};{deferred}WITH found AS MATERIALIZED (SELECT * FROM flush_orders(ARRAY[{}]::text[], \
             pg_current_xact_id()::xid::text, 0, '', '{{}}', '{{}}', '{{}}')) SELECT 1, unnest(passing) FROM found UNION ALL \
             SELECT 2, unnest(failing) FROM found;ROLLBACK",
            rows(self.schema, self.case),
            list.join(", "),
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

fn version(meta: &TableMeta) -> Option<String> {
    let column = &meta.columns[meta.version?.place];
    (!is_system(column)).then(|| format!("\"{0}\" = \"{0}\" + 1", column.name))
}
