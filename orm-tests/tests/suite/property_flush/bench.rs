//! A schema in a database, where its cases are made and run.

use orm_tests::{Fixture, Random};
use tokio_postgres::{Client, NoTls};

use super::case::Case;
use super::generate::{Generator, is_system};
use super::meaning::{broken, is_moot, is_pointed_at};
use super::oracle::{Orders, instruments, rows};
use super::run::{Ended, Fault, Runner, Way};
use super::schema::TestSchema;
use super::state::State;
use super::writer::Writer;

/// A schema in a database, and two ways into it.
pub struct Bench {
    pub schema: TestSchema,
    pub(super) fixture: Fixture,
    pub(super) client: Client,
}

impl Bench {
    pub async fn new(schema: TestSchema) -> Bench {
        let fixture = Fixture::new(schema.schema).await;
        fixture.database.execute(&format!("{};{}", instruments(&schema), schema.sql)).await;
        let (client, connection) = tokio_postgres::connect(fixture.database.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        Bench { schema, fixture, client }
    }

    async fn begin(&self, case: &Case) {
        let sql = rows(&self.schema, case);
        self.client.simple_query(&sql).await.unwrap_or_else(|error| panic!("{error:?}: {sql}"));
    }

    pub(super) fn has_xmin(&self) -> bool {
        self.schema.tables.iter().any(|table| table.meta().columns.iter().any(is_system))
    }

    /// The orders of single statements, and whether an error is right too; `None` if there are no such rows.
    async fn single(&self, case: &Case) -> Option<(Orders, bool)> {
        let holds = |state: &State| broken(&self.schema, case, state).is_none();
        let strict = Writer { schema: &self.schema, case, holds_xmin: true, is_one_statement: false };
        let orders = strict.orders(&self.client, holds).await?;
        if orders.passing.is_empty() && self.has_xmin() {
            // The transaction itself, or what the database does in it, has changed a row before its own operation does.
            let lenient = Writer { holds_xmin: false, ..strict };
            return Some((lenient.orders(&self.client, holds).await?, true));
        }
        let may_fail = is_moot(&self.schema, case, &orders);
        Some((orders, may_fail))
    }

    /// The same, and those of statements that do several operations where no single ones pass.
    async fn also_of_one_statement(&self, case: &Case, single: (Orders, bool)) -> Option<(Orders, bool)> {
        let holds = |state: &State| broken(&self.schema, case, state).is_none();
        let writer = Writer { schema: &self.schema, case, holds_xmin: false, is_one_statement: false };
        let (orders, may_fail) = single;
        let orders = writer.of_one_statement(&self.client, orders, holds).await?;
        let may_fail = may_fail || is_pointed_at(&self.schema, case, &orders);
        Some((orders, may_fail))
    }

    pub async fn orders(&self, case: &Case) -> Option<(Orders, bool)> {
        let single = self.single(case).await?;
        self.also_of_one_statement(case, single).await
    }

    /// A case of which orders are worth a look, and its orders.
    pub async fn draw(&self, random: &mut Random) -> (Case, Orders, bool) {
        let mut generator = Generator { schema: &self.schema, random: Random::from_seed(random.number()) };
        loop {
            let rows = generator.rows();
            let mut case = generator.case(rows);
            if case.operations.is_empty() {
                continue;
            }
            case.operations.truncate(6);
            let Some((orders, may_fail)) = self.single(&case).await else { continue };
            let keep = match (orders.passing.is_empty(), orders.failing.is_empty()) {
                (true, _) => random.once_in(6),
                (false, true) => random.once_in(3),
                (false, false) => true,
            };
            if keep
                && let Some((orders, may_fail)) = self.also_of_one_statement(&case, (orders, may_fail)).await
            {
                return (case, orders, may_fail);
            }
        }
    }

    pub async fn run(&self, case: &Case, orders: &Orders, may_fail: bool, seed: u64) -> Result<Ended, Fault> {
        self.begin(case).await;
        let mut random = Random::from_seed(seed);
        let runner = Runner {
            schema: &self.schema,
            fixture: &self.fixture,
            client: &self.client,
            case,
            orders,
            may_fail,
        };
        // What is deferred is said by COMMIT alone.
        let ways = match self.schema.is_deferrable {
            true => [Way::Commit; 3],
            false => [Way::Tables, Way::Rows, Way::Commit],
        };
        let mut ended = Ended::Ok;
        for (number, way) in ways.into_iter().enumerate() {
            if self.schema.is_deferrable && number > 0 {
                self.begin(case).await;
            }
            let (now, objects) = runner.run(way, &mut random).await?;
            if now != Ended::Ok {
                ended = now;
            } else if number + 1 == ways.len() {
                self.go_on(case, objects, &mut random).await?;
            }
        }
        Ok(ended)
    }
}
