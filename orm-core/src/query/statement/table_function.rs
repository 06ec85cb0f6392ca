//! Functions of the database as tables, and some rows of a table by chance.

use std::panic::Location;
use std::sync::Arc;

use super::source::add_body;
use super::{Derived, IntoSource, Items, Select, Selectable, TableRow};
use crate::error::Error;
use crate::model::{Alias, Row};
use crate::query::ast::{Body, BodyKind, Content, FunctionColumns, Item, Node, Sample};
#[cfg(feature = "serde_json")]
use crate::query::ast::{JsonColumn, TableFunction as TableFunctionCall};
use crate::query::expr::Expr;
#[cfg(feature = "serde_json")]
use crate::query::expr::func::JsonTable;
use crate::query::expr::func::{Series, TableFunction, TableSample};
use crate::row::Cells;
use crate::types::{BaseType as _, Counted, PgType, SqlType};

impl<R> TableFunction<R> {
    /// The rows as a table in FROM, with this name.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let tags = func::unnest(Event.tags).derived("tags");
    /// let rows = select((Event.title, tags.columns())).cross_join(&tags);
    /// ```
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<R>
    where
        R: TableRow,
    {
        let mut function = self.call;
        let content = if !self.by_name {
            Content::Function(Arc::new(function))
        } else if R::names().is_some() {
            function.columns = FunctionColumns::Typed(types_of::<R>().iter().map(|ty| ty.name).collect());
            Content::Function(Arc::new(function))
        } else {
            Content::Refused(
                format!(
                    "\"{name}\" reads objects by the names of their fields: say what they are by a struct with \
                     `#[derive(Row)]`, as `jsonb_to_recordset::<Line>(..)`"
                )
                .into(),
            )
        };
        Derived::new(name, BodyKind::Lateral, content, Location::caller())
    }
}

#[cfg(feature = "serde_json")]
impl<R> JsonTable<R> {
    /// The rows as a table in FROM, with this name; it sees the tables before it there.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// #[derive(Row)]
    /// struct Hall {
    ///     name: String,
    ///     size: i32,
    /// }
    /// let halls = func::json_table::<Hall>(Event.details, "$.halls[*]").derived("halls");
    /// let sizes = select((Event.title, halls.size)).cross_join(&halls);
    /// ```
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<R>
    where
        R: TableRow,
    {
        let content = match self.columns() {
            Ok(columns) => Content::Function(Arc::new(TableFunctionCall {
                call: self.document,
                ordinality: false,
                columns: FunctionColumns::Json { path: self.path, columns },
            })),
            Err(why) => Content::Refused(format!("\"{name}\" is JSON_TABLE, {why}").into()),
        };
        Derived::new(name, BodyKind::Lateral, content, Location::caller())
    }

    fn columns(&self) -> Result<Vec<JsonColumn>, String>
    where
        R: TableRow,
    {
        let names = R::column_names();
        if R::names().is_none() {
            let why = "which reads items by the names of fields: say what they are by a struct with `#[derive(Row)]`, as \
                       `json_table::<Line>(..)`";
            return Err(why.to_owned());
        }
        let named = self.paths.iter().map(|(column, _)| column).chain(&self.ordinality);
        if let Some(unknown) = named.copied().find(|column| !names.contains(column)) {
            return Err(format!("which has no column \"{unknown}\": its columns are {}", names.join(", ")));
        }
        let columns = names.iter().zip(types_of::<R>()).map(|(name, ty)| {
            let path = self.paths.iter().find(|(column, _)| column == name);
            match path {
                _ if self.ordinality != Some(name) => {
                    Ok(path.map_or(JsonColumn::Named(ty.name), |(_, path)| JsonColumn::Path(ty.name, path)))
                }
                None if ty.name == i32::TYPE.name => Ok(JsonColumn::Ordinality),
                None => Err(format!(
                    "whose \"{name}\" numbers the rows and is {}: an `i32` numbers them",
                    ty.name
                )),
                Some(_) => {
                    Err(format!("whose \"{name}\" numbers the rows, and has a path: it can have one of both"))
                }
            }
        });
        columns.collect()
    }
}

/// The types of the columns of rows.
fn types_of<R: TableRow>() -> Vec<&'static PgType> {
    let (select, _) = Items::select(R::columns(Alias::derived("")));
    let types = select.items.iter().flat_map(|item| match item {
        Item::Value { ty, .. } => vec![*ty],
        Item::Entity { source, .. } => source.table.columns.iter().map(|column| column.ty).collect(),
    });
    types.collect()
}

impl<T> Series<T> {
    /// The values, one apart, as a table in FROM with this name.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let numbers = func::generate_series(1, 10).derived("numbers");
    /// let rows = select(numbers.columns());
    /// ```
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<T>
    where
        T: Counted + TableRow,
    {
        self.by_one().derived(name)
    }
}

/// In a select list: a row for each that the function gives.
#[diagnostic::do_not_recommend]
impl<T: SqlType + Row> Selectable for TableFunction<T> {
    type Row = T;

    fn items(self, items: &mut Items) {
        let call = if T::NULLABLE { self.call.call } else { Node::NeverNull(Box::new(self.call.call)) };
        items.value(Expr::<T>::from_node(call), T::Base::TYPE, T::NULLABLE);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T, Error> {
        cells.read()
    }
}

/// In a select list: a row for each value, one apart.
#[diagnostic::do_not_recommend]
impl<T: Counted + SqlType + Row> Selectable for Series<T> {
    type Row = T;

    fn items(self, items: &mut Items) {
        self.by_one().items(items);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<T, Error> {
        cells.read()
    }
}

impl<R> Select<R> {
    /// Takes some of the rows of a table by chance (TABLESAMPLE), before all conditions:
    /// `select(User).table_sample(User, func::bernoulli(10.0))` is about a tenth of the users.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let about_a_tenth = select(User).table_sample(User, func::bernoulli(10.0));
    /// ```
    #[track_caller]
    pub fn table_sample(mut self, table: impl IntoSource, sample: TableSample) -> Self {
        let source = table.into_source().source();
        let content = if source.alias.is_some_and(Alias::is_derived) {
            Content::Refused(
                format!("\"{}\" is no table of the database to take a sample of", source.name()).into(),
            )
        } else {
            Content::Sample(Sample::from(sample))
        };
        let body =
            Body { at: Location::caller(), kind: BodyKind::Sampled, name: "", columns: Vec::new(), content };
        add_body(&mut self.query, source, Arc::new(body));
        self
    }
}
