//! A schema in a database, where its cases are made and run.

use orm_tests::{Fixture, Random};
use tokio_postgres::{Client, NoTls};

use super::case::Case;
use super::generate::{Generator, is_system};
use super::meaning::{broken, is_moot};
use super::oracle::{Orders, Writer, instruments, rows};
use super::run::{Ended, Fault, Runner, Way};
use super::schema::TestSchema;
use super::state::State;

/// A schema in a database, and two ways into it.
pub struct Bench {
    pub schema: TestSchema,
    fixture: Fixture,
    client: Client,
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

    fn has_xmin(&self) -> bool {
        self.schema.tables.iter().any(|table| table.meta().columns.iter().any(is_system))
    }

    /// The orders, and whether an error is right too; `None` if there are no such rows.
    pub async fn orders(&self, case: &Case) -> Option<(Orders, bool)> {
        let holds = |state: &State| broken(&self.schema, case, state).is_none();
        let strict = Writer { schema: &self.schema, case, holds_xmin: true };
        let orders = strict.orders(&self.client, holds).await?;
        if orders.passing.is_empty() && self.has_xmin() {
            // The transaction itself, or what the database does in it, has changed a row before its own operation does.
            let lenient = Writer { holds_xmin: false, ..strict };
            return Some((lenient.orders(&self.client, holds).await?, true));
        }
        let may_fail = is_moot(&self.schema, case, &orders);
        Some((orders, may_fail))
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
            let Some((orders, may_fail)) = self.orders(&case).await else { continue };
            let keep = match (orders.passing.is_empty(), orders.failing.is_empty()) {
                (true, _) => random.once_in(6),
                (false, true) => random.once_in(3),
                (false, false) => true,
            };
            if keep {
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
            let now = runner.run(way, &mut random).await?;
            if now != Ended::Ok {
                ended = now;
            }
        }
        Ok(ended)
    }
}
