//! Finds the one row that has given values in unique columns.

use std::panic::Location;

use super::Session;
use crate::error::Error;
use crate::model::{Handle, Model, Writable};
use crate::query::{Column, Cond, Make, Operand, Select, ast};
use crate::schema::ColumnMeta;
use crate::types::SqlType;

/// A column of `M` with a value of its type, or a tuple of up to four columns with a tuple of values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be found by `{V}`",
    label = "expected a column of `{M}` and a value of its type, or a tuple of columns and one of as many values"
)]
pub trait UniqueColumns<M, V> {
    #[doc(hidden)]
    #[track_caller]
    fn equal(self, values: V) -> Vec<Equal>;
}

/// A column with the condition that it has a value.
#[doc(hidden)]
#[derive(Debug)]
pub struct Equal {
    source: ast::Source,
    column: &'static ColumnMeta,
    condition: Cond,
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: SqlType, V: Operand<T::Base, T>> UniqueColumns<M, V> for Column<M, T> {
    #[track_caller]
    fn equal(self, value: V) -> Vec<Equal> {
        vec![Equal { source: self.reference().source(), column: self.meta(), condition: self.eq(value) }]
    }
}

macro_rules! tuple {
    ($($column:ident $value:ident $place:tt),+) => {
        impl<M, $($column, $value),+> UniqueColumns<M, ($($value,)+)> for ($($column,)+)
        where
            $($column: UniqueColumns<M, $value>),+
        {
            #[track_caller]
            fn equal(self, values: ($($value,)+)) -> Vec<Equal> {
                let mut equal = Vec::new();
                $(equal.extend(self.$place.equal(values.$place));)+
                equal
            }
        }
    };
}

tuple!(A V 0, B W 1);
tuple!(A V 0, B W 1, C X 2);
tuple!(A V 0, B W 1, C X 2, D Y 3);

impl Session {
    /// The object whose row has this value in a unique column, or these values in columns that are unique together, if there
    /// is one. The row is always read: which values a loaded object has in the database by now, only the server knows.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(unique(team, name))]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     #[orm(unique)]
    /// #     email: String,
    /// #     team: i32,
    /// #     name: String,
    /// # }
    /// # async fn login(session: &mut Session) -> Result<(), orm_core::Error> {
    /// let user: Option<Handle<User>> = session.find_by(User.email, "ann@example.org").await?;
    /// let user: Option<Handle<User>> = session.find_by((User.team, User.name), (7, "Ann")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all), and if the model does not say that the columns are unique: several rows may have the values
    /// then. So they are as the primary key, by `unique` or by a unique index that is not partial; others may be named
    /// besides.
    #[track_caller]
    pub fn find_by<M, C, V>(
        &mut self,
        columns: C,
        values: V,
    ) -> impl Future<Output = Result<Option<Handle<M>>, Error>> + Send + use<'_, M, C, V>
    where
        M: Model<Kind: Writable>,
        C: UniqueColumns<M, V>,
    {
        let equal = columns.equal(values);
        let columns: Vec<&'static ColumnMeta> = equal.iter().map(|equal| equal.column).collect();
        let query = by::<M>(equal);
        async move {
            if !M::META.are_unique(&columns) {
                return Err(not_unique(&columns));
            }
            Ok(self.one_or_none(query).await?.map(M::Kind::handle))
        }
    }
}

fn not_unique(columns: &[&'static ColumnMeta]) -> Error {
    let names: Vec<String> = columns.iter().map(|column| format!("`{column:?}`")).collect();
    let are = if names.len() == 1 { "is not unique by itself" } else { "are not unique together" };
    Error::session(format!("{} {are}: use `all` or `one_or_none` of a `select`", names.join(" and ")))
}

/// The rows for which all of this holds.
#[track_caller]
fn by<M: Model>(equal: Vec<Equal>) -> Select<M> {
    let source = equal.first().map_or(ast::Source { table: M::META, alias: None }, |equal| equal.source);
    let at = Location::caller();
    let mut query = ast::Select::new(at, ast::OneOrMany::One(ast::Item::Entity { source, optional: false }));
    for Equal { condition, .. } in equal {
        query.filter.push(ast::Placed { content: condition.0, at });
    }
    Select { query: Box::new(query), make: Make::Decode(M::decode), populate_existing: false }
}
