//! A second flush in the same session, of a case that begins with what the first has left.

use std::fmt::Write;

use orm_tests::Random;

use super::bench::Bench;
use super::case::{Case, Operation, Row};
use super::generate::Generator;
use super::oracle::rows;
use super::run::{Fault, Objects, Runner, Way, lines};

/// Rows that the first flush has made have these tags, and the numbers of their operations.
const MADE: usize = 50;

impl Bench {
    /// Goes on with the objects of a session that has committed a case, now and then. Not where rows have an `xmin`, since what
    /// gives new rows a tag changes it.
    pub async fn go_on(&self, case: &Case, mut objects: Objects, random: &mut Random) -> Result<(), Fault> {
        let mut generator = Generator { schema: &self.schema, random: Random::from_seed(random.number()) };
        if self.has_xmin() || !random.once_in(3) {
            return Ok(());
        }
        self.give_tags(case, &objects).await;
        objects.old.extend(objects.new.drain(..).map(|(number, handle)| (MADE + number, handle)));
        let rows = lines(&self.client).await.into_iter();
        let rows: Vec<Row> =
            rows.map(|line| Row { tag: line.tag.unwrap(), table: line.table, cells: line.cells }).collect();
        objects.old.retain(|(tag, _)| rows.iter().any(|row| row.tag == *tag));
        let mut second = generator.case(rows);
        second.operations.truncate(6);
        if second.operations.is_empty() {
            return Ok(());
        }
        if !self.begins_with(&second).await {
            return Ok(());
        }
        let Some((orders, may_fail)) = self.orders(&second).await else { return Ok(()) };
        let runner = Runner {
            schema: &self.schema,
            fixture: &self.fixture,
            client: &self.client,
            case: &second,
            orders: &orders,
            may_fail,
        };
        objects.touched.push("commit".to_owned());
        let ended = runner.go_on(&mut objects, Way::Commit, random).await;
        ended.map(drop).map_err(|fault| {
            let mut why = format!("in a second flush: {}\n{}", fault.why, second.describe(&self.schema));
            for (number, sql) in orders.statements.iter().enumerate() {
                let _ = writeln!(why, "  {number}: {sql}");
            }
            for (path, state) in &orders.passing {
                let _ = writeln!(why, "  {path} leaves {}", state.describe(&self.schema));
            }
            Fault { why, ..fault }
        })
    }

    /// Whether the oracle would begin with these rows: not where a new row has set a count of children anew that the oracle
    /// counts.
    async fn begins_with(&self, case: &Case) -> bool {
        self.client.batch_execute(&format!("BEGIN;{}", rows(&self.schema, case))).await.unwrap();
        let made = lines(&self.client).await;
        self.client.batch_execute("ROLLBACK").await.unwrap();
        let is_there = |row: &Row| {
            made.iter()
                .any(|line| (line.tag, line.table, &line.cells) == (Some(row.tag), row.table, &row.cells))
        };
        case.rows.iter().all(is_there)
    }

    /// The rows of the new objects, by the keys that these have.
    async fn give_tags(&self, case: &Case, objects: &Objects) {
        let mut sql = String::new();
        for (number, handle) in &objects.new {
            let Some(Operation::Insert { table, .. }) = case.operation(*number) else { continue };
            let table = self.schema.tables[*table];
            let cells = table.read(&objects.session, handle).unwrap();
            let key = table.meta().primary_key.iter().map(|&place| {
                let text = cells[place].as_deref().unwrap();
                format!("\"{}\" = '{text}'", table.meta().columns[place].name)
            });
            let key = key.collect::<Vec<_>>().join(" AND ");
            let _ = write!(sql, "UPDATE \"{}\" SET tag = {} WHERE {key};", table.meta().name, MADE + number);
        }
        self.client.batch_execute(&sql).await.unwrap();
    }
}
