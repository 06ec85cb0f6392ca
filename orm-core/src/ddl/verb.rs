//! The verbs of an engine that make, drop and check tables.

use super::create::{check, plan};
use super::drop::drops;
use super::live::{Detail, Live, Question, SearchPath, read};
use super::types::{check as check_types, domains, names};
use super::{Differences, compare};
use crate::engine::{Columns, Connection, Engine, Isolation, Request, TransactionMode};
use crate::error::Error;
use crate::schema::{Schema, TableMeta};

/// Programs that start at the same moment take turns: what one of them looks for, another may just be making. The number
/// is as good as any other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7710162562058289263)";

impl Engine {
    /// Makes what a schema has and the database has not, in one transaction: PostgreSQL schemas, enum and composite types, domains, tables with
    /// their constraints, foreign keys, indexes and row policies, and the views that have a query. What the models' documentation says
    /// becomes the comments of new tables, of views, and of their columns.
    ///
    /// What is there stays as it is: a table that is there gets no columns, no unique and check constraints and no row policies, only the
    /// foreign keys and indexes it lacks, and a type no labels and no fields; [`check_schema`](Engine::check_schema) tells what
    /// differs. Only a view takes the query of its model (`CREATE OR REPLACE VIEW`). A second call changes nothing.
    ///
    /// Constraints and indexes without a name get the one PostgreSQL would choose. A table without a schema of its own is
    /// made in the first one of the search path. Programs that call this at the same moment take turns.
    ///
    /// # Errors
    /// If a foreign key's target is not in the schema, or the server refuses a statement:
    /// [`Error::statement`] is that one, and nothing was made.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// engine.create_all(schema![User, Post]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_all(&self, schema: Schema) -> Result<(), Error> {
        self.create_all_with(schema, &[]).await
    }

    /// As [`create_all`](Engine::create_all), with statements of your own after the tables and before the foreign keys,
    /// such as those that distribute or partition a table.
    ///
    /// # Errors
    /// As [`create_all`](Engine::create_all).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// engine.create_all_with(schema![User, Post], &["CREATE EXTENSION IF NOT EXISTS pg_trgm"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_all_with(&self, schema: Schema, own: &[&str]) -> Result<(), Error> {
        check(&schema)?;
        let mut connection = self.acquire().await?;
        let mut live = begin(&mut connection, &schema, self.has_advisory_locks()).await?;
        if may_lack(&schema, &live) {
            let details = &[Detail::Constraints, Detail::Indexes];
            live = read_first(&mut connection, &schema, None, details).await?;
        }
        check_types(&schema, &live)?;
        let plan = plan(&schema, &live);
        if own.is_empty() {
            let statements = [plan.tables, plan.rest].concat();
            return commit(&mut connection, &statements).await;
        }
        connection.pipeline(&requests(&plan.tables)).await.map_err(Error::of_own_text)?;
        for sql in own {
            connection.batch(sql).await?;
        }
        commit(&mut connection, &plan.rest).await
    }

    /// Drops what [`create_all`](Engine::create_all) makes, in one transaction: the views of a schema that have a query,
    /// its tables with all their rows, and their enum and composite types and domains, where they are there. PostgreSQL schemas stay, since they
    /// may hold more.
    ///
    /// # Errors
    /// If the server refuses a statement, as it does while a view or a table outside of the schema depends on a table.
    /// Nothing was dropped then.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// engine.drop_all(schema![User, Post]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn drop_all(&self, schema: Schema) -> Result<(), Error> {
        let mut connection = self.acquire().await?;
        let live = begin(&mut connection, &schema, self.has_advisory_locks()).await?;
        commit(&mut connection, &drops(&schema, &live)).await
    }

    /// Every difference between the models of a schema and the database, in one round trip; no difference means that
    /// every statement on these tables finds what it needs.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(table = "users")]
    /// # pub struct User { #[orm(primary_key)] pub id: i64 }
    /// # async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    /// // When a program starts: an error that lists them all.
    /// engine.check_schema(schema![User]).await?.into_result()?;
    /// // In a test.
    /// let differences = engine.check_schema(schema![User]).await?;
    /// assert!(differences.is_empty(), "{differences}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Looked at are the tables and views, and which of the two they are; columns, their types, NOT NULL, defaults and
    /// whether they are computed; the labels of enum types, the names of the fields of composite ones, and what a domain of a
    /// model is over, and whether it has a check; primary keys, foreign keys with their actions, unique
    /// constraints, whether they are deferrable, check constraints and indexes; of models with row policies, whether those
    /// hold, and each policy. Names without a schema are looked for as statements look for them,
    /// along the search path. No right on the tables is needed.
    ///
    /// What is no difference:
    /// - Columns, constraints and indexes the models do not know; only a column that every new row must give is one.
    /// - Another type that the field reads and writes as well: a domain for its base type, `varchar` and `char` for `text`,
    ///   `json` for `jsonb`, and any limit, such as that of `varchar(20)` or `numeric(10, 2)`.
    /// - `serial` for an identity, and a unique index for a unique constraint.
    /// - Another order of a key's columns, and other names than the models' of all but check constraints and indexes of
    ///   expressions.
    /// - Row policies of a table whose model says nothing of row security.
    /// - Another text of an SQL expression, since PostgreSQL rewrites it: of check constraints the name is compared, of
    ///   indexes the name, or the columns and the method; of computed columns that they are computed; of defaults that
    ///   there is one, and their text where it is a plain value or a call such as `now()`; of policies that there is one,
    ///   whether it is plainly `true` or `false`, and which settings it asks for (`current_setting('..')`).
    ///
    /// A partitioned table is a table. Of a foreign table only columns, types and NOT NULL are compared, of a view only
    /// columns and types.
    ///
    /// # Errors
    /// If the catalogs cannot be read.
    pub async fn check_schema(&self, schema: Schema) -> Result<Differences, Error> {
        let (tables, types) = (with_targets(&schema), types(&schema));
        let question = Question {
            first: None,
            search: SearchPath::Visible,
            tables: &tables,
            types: &types,
            details: &[Detail::Columns, Detail::Constraints, Detail::Indexes, Detail::Policies],
        };
        let live = read(&mut self.acquire().await?, &question).await?;
        Ok(compare::differences(&schema, &tables, &live))
    }
}

/// The tables of a schema, and behind them those that only foreign keys name.
fn with_targets(schema: &Schema) -> Vec<&'static TableMeta> {
    let mut tables = schema.tables().to_vec();
    for target in schema.tables().iter().flat_map(|table| table.targets()) {
        if !tables.contains(&target) {
            tables.push(target);
        }
    }
    tables
}

/// The types of all columns, and of what is in their arrays.
fn types(schema: &Schema) -> Vec<&'static str> {
    let columns = schema.tables().iter().flat_map(|table| table.columns);
    let types = columns.flat_map(|column| [Some(column.ty), column.ty.element]).flatten();
    let mut names: Vec<&'static str> = types.map(|ty| ty.name).collect();
    names.extend(domains(schema).into_iter().map(|domain| domain.name));
    names.sort_unstable();
    names.dedup();
    names
}

/// Begins a transaction, waits for the others where the server can, and reads what is there.
async fn begin(connection: &mut Connection, schema: &Schema, waits: bool) -> Result<Live, Error> {
    // What is read has to be what is there after the wait.
    let isolation = Isolation::ReadCommitted;
    connection.begin(TransactionMode { isolation, ..TransactionMode::default() });
    read_first(connection, schema, waits.then_some(LOCK), &[]).await
}

/// Reads what is there, where CREATE would put it.
async fn read_first(
    connection: &mut Connection,
    schema: &Schema,
    first: Option<&str>,
    details: &[Detail],
) -> Result<Live, Error> {
    let types = names(schema);
    let (search, tables) = (SearchPath::First, schema.tables());
    read(connection, &Question { first, search, tables, types: &types, details }).await
}

/// Whether a table that is there could lack a foreign key or an index.
fn may_lack(schema: &Schema, live: &Live) -> bool {
    schema.tables().iter().zip(&live.places).any(|(table, place)| {
        place.relation.is_some() && !(table.foreign_keys.is_empty() && table.indexes.is_empty())
    })
}

async fn commit(connection: &mut Connection, statements: &[String]) -> Result<(), Error> {
    connection.commit_with(&requests(statements)).await.map(|_| ()).map_err(Error::of_own_text)
}

fn requests(statements: &[String]) -> Vec<Request<'_>> {
    statements.iter().map(|sql| Request::new(sql, &[], Columns::Builtin)).collect()
}
