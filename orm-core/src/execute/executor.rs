//! One trait over what runs statements, for functions that take any of it.

use super::{Batch, CopyStream, CursorPage, Page, RowStream, Transaction, TransactionConnection};
use crate::engine::Engine;
use crate::error::Error;
use crate::model::{IntoKey, Model, Writable};
use crate::query::{ColumnList, Command, CopyFormat, Explained, Paged, Query, Selecting};

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

/// What runs statements and gives values: an engine, a transaction, or the connection of a session.
///
/// A function that takes it by value works with all of them, and is called with `&engine`, `&mut transaction` or
/// `session.connection().await?`; inside, `&mut db` hands it on. Its verbs are those of [`Engine`] and
/// [`TransactionConnection`].
///
/// ```no_run
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// pub struct User {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub age: Option<i32>,
/// }
///
/// async fn adults(mut db: impl Executor) -> Result<Vec<User>, Error> {
///     db.all(select(User).filter(User.age.ge(18))).await
/// }
///
/// # async fn example(engine: Engine, mut session: Session) -> Result<(), Error> {
/// let alone = adults(&engine).await?;
/// let mut transaction = engine.begin().await?;
/// let together = adults(&mut transaction).await?;
/// let in_session = adults(session.connection().await?).await?;
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not run statements for values",
    label = "expected `&engine`, `&mut transaction`, or the connection of a session",
    note = "of a session it is `session.connection().await?`"
)]
pub trait Executor: Sealed + Send {
    /// All rows, as values.
    ///
    /// # Errors
    /// As [`Engine::all`].
    fn all<Q: Query>(&mut self, query: Q) -> impl Future<Output = Result<Vec<Q::Row>, Error>> + Send;

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Engine::first`].
    fn first<Q: Query>(&mut self, query: Q) -> impl Future<Output = Result<Option<Q::Row>, Error>> + Send;

    /// The only row.
    ///
    /// # Errors
    /// As [`Engine::one`].
    fn one<Q: Query>(&mut self, query: Q) -> impl Future<Output = Result<Q::Row, Error>> + Send;

    /// The only row, or `None`.
    ///
    /// # Errors
    /// As [`Engine::one_or_none`].
    fn one_or_none<Q: Query>(
        &mut self,
        query: Q,
    ) -> impl Future<Output = Result<Option<Q::Row>, Error>> + Send;

    /// Executes a statement for its effect; gives the number of rows it touched.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    fn execute<C: Command>(&mut self, command: C) -> impl Future<Output = Result<u64, Error>> + Send;

    /// The row with this key, if there is one.
    ///
    /// # Errors
    /// As [`Engine::find`].
    #[track_caller]
    fn find<M: Model<Kind: Writable>>(
        &mut self,
        key: impl IntoKey<M::Key> + Send,
    ) -> impl Future<Output = Result<Option<M>, Error>> + Send;

    /// The rows with these keys, in their order.
    ///
    /// # Errors
    /// As [`Engine::find_all`].
    #[track_caller]
    fn find_all<M: Model<Kind: Writable>>(
        &mut self,
        keys: impl IntoIterator<Item = impl IntoKey<M::Key>> + Send,
    ) -> impl Future<Output = Result<Vec<M>, Error>> + Send;

    /// The row with the values of a new one in unique columns, and whether it was made.
    ///
    /// # Errors
    /// As [`Engine::get_or_insert`].
    #[track_caller]
    fn get_or_insert<M: Model<Kind: Writable>>(
        &mut self,
        columns: impl ColumnList<M> + Send,
        new: M::New,
    ) -> impl Future<Output = Result<(M, bool), Error>> + Send;

    /// How many rows a select has.
    ///
    /// # Errors
    /// As [`Engine::count`].
    fn count<S: Selecting>(&mut self, statement: S) -> impl Future<Output = Result<i64, Error>> + Send;

    /// Whether a select has any row.
    ///
    /// # Errors
    /// As [`Engine::exists`].
    fn exists<S: Selecting>(&mut self, statement: S) -> impl Future<Output = Result<bool, Error>> + Send;

    /// A page of rows, and how many there are, in one round trip.
    ///
    /// # Errors
    /// As [`Engine::page`].
    fn page<S: Paged>(
        &mut self,
        statement: S,
        number: i64,
        size: i64,
    ) -> impl Future<Output = Result<Page<S::Row>, Error>> + Send;

    /// The rows behind a cursor, and cursors of the pages beside them.
    ///
    /// # Errors
    /// As [`Engine::page_after`].
    fn page_after<S: Paged>(
        &mut self,
        statement: S,
        cursor: Option<&str>,
        size: i64,
    ) -> impl Future<Output = Result<CursorPage<S::Row>, Error>> + Send;

    /// The rows one by one, as they come.
    ///
    /// # Errors
    /// As [`Engine::stream`].
    fn stream<Q: Query>(
        &mut self,
        query: Q,
    ) -> impl Future<Output = Result<RowStream<'_, Q::Row>, Error>> + Send;

    /// What a select gives as bytes of COPY.
    ///
    /// # Errors
    /// As [`Engine::copy_out`].
    fn copy_out<Q: Query>(
        &mut self,
        query: Q,
        format: CopyFormat,
    ) -> impl Future<Output = Result<CopyStream<'_>, Error>> + Send;

    /// How the server would run a statement, as text.
    ///
    /// # Errors
    /// As [`Engine::explain`].
    fn explain(&mut self, statement: impl Explained) -> impl Future<Output = Result<String, Error>> + Send;

    /// Runs a statement, and tells how the server ran it, as text.
    ///
    /// # Errors
    /// As [`Engine::explain_analyze`].
    fn explain_analyze(
        &mut self,
        statement: impl Explained,
    ) -> impl Future<Output = Result<String, Error>> + Send;

    /// Runs a script: several statements, without parameters and rows.
    ///
    /// # Errors
    /// As [`Engine::run_script`]; of a transaction also if it would end that.
    fn run_script(&mut self, text: &str) -> impl Future<Output = Result<(), Error>> + Send;

    /// Several statements in one round trip.
    ///
    /// # Errors
    /// As [`Engine::batch`].
    fn batch<B: Batch>(&mut self, batch: B) -> impl Future<Output = Result<B::Output, Error>> + Send;
}

/// Writes the impl for a type whose own verbs stand on `$verbs`.
macro_rules! executor {
    ([$($generics:tt)*] $ty:ty, $this:ident => $verbs:expr) => {
        impl<$($generics)*> Sealed for $ty {}

        impl<$($generics)*> Executor for $ty {
            async fn all<Q: Query>(&mut self, query: Q) -> Result<Vec<Q::Row>, Error> {
                let $this = self;
                $verbs.all(query).await
            }

            async fn first<Q: Query>(&mut self, query: Q) -> Result<Option<Q::Row>, Error> {
                let $this = self;
                $verbs.first(query).await
            }

            async fn one<Q: Query>(&mut self, query: Q) -> Result<Q::Row, Error> {
                let $this = self;
                $verbs.one(query).await
            }

            async fn one_or_none<Q: Query>(&mut self, query: Q) -> Result<Option<Q::Row>, Error> {
                let $this = self;
                $verbs.one_or_none(query).await
            }

            async fn execute<C: Command>(&mut self, command: C) -> Result<u64, Error> {
                let $this = self;
                $verbs.execute(command).await
            }

            // The line is that of the caller: these are no async functions.
            #[track_caller]
            fn find<M: Model<Kind: Writable>>(&mut self, key: impl IntoKey<M::Key> + Send) -> impl Future<Output = Result<Option<M>, Error>> + Send {
                let $this = self;
                $verbs.find::<M>(key)
            }

            #[track_caller]
            fn find_all<M: Model<Kind: Writable>>(&mut self, keys: impl IntoIterator<Item = impl IntoKey<M::Key>> + Send) -> impl Future<Output = Result<Vec<M>, Error>> + Send {
                let $this = self;
                $verbs.find_all::<M>(keys)
            }

            #[track_caller]
            fn get_or_insert<M: Model<Kind: Writable>>(&mut self, columns: impl ColumnList<M> + Send, new: M::New) -> impl Future<Output = Result<(M, bool), Error>> + Send {
                let $this = self;
                $verbs.get_or_insert(columns, new)
            }

            async fn count<S: Selecting>(&mut self, statement: S) -> Result<i64, Error> {
                let $this = self;
                $verbs.count(statement).await
            }

            async fn exists<S: Selecting>(&mut self, statement: S) -> Result<bool, Error> {
                let $this = self;
                $verbs.exists(statement).await
            }

            async fn page<S: Paged>(&mut self, statement: S, number: i64, size: i64) -> Result<Page<S::Row>, Error> {
                let $this = self;
                $verbs.page(statement, number, size).await
            }

            async fn page_after<S: Paged>(&mut self, statement: S, cursor: Option<&str>, size: i64) -> Result<CursorPage<S::Row>, Error> {
                let $this = self;
                $verbs.page_after(statement, cursor, size).await
            }

            async fn stream<Q: Query>(&mut self, query: Q) -> Result<RowStream<'_, Q::Row>, Error> {
                let $this = self;
                $verbs.stream(query).await
            }

            async fn copy_out<Q: Query>(&mut self, query: Q, format: CopyFormat) -> Result<CopyStream<'_>, Error> {
                let $this = self;
                $verbs.copy_out(query, format).await
            }

            async fn explain(&mut self, statement: impl Explained) -> Result<String, Error> {
                let $this = self;
                $verbs.explain(statement).await
            }

            async fn explain_analyze(&mut self, statement: impl Explained) -> Result<String, Error> {
                let $this = self;
                $verbs.explain_analyze(statement).await
            }

            async fn run_script(&mut self, text: &str) -> Result<(), Error> {
                let $this = self;
                $verbs.run_script(text).await
            }

            async fn batch<B: Batch>(&mut self, batch: B) -> Result<B::Output, Error> {
                let $this = self;
                $verbs.batch(batch).await
            }
        }
    };
}
executor!([] Engine, this => *this);
executor!([] &Engine, this => **this);
executor!([] TransactionConnection, this => this);
executor!([] Transaction, this => **this);
executor!([E: Executor] &mut E, this => **this);
