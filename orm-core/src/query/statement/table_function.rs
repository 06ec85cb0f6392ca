//! Functions of the database as tables, and some rows of a table by chance.

use std::panic::Location;
use std::sync::Arc;

use super::source::add_body;
use super::{Derived, IntoSource, Items, Select, TableRow};
use crate::model::Alias;
use crate::query::ast::{Body, BodyKind, Content, Item, Sample};
use crate::query::expr::func::{Series, TableFunction, TableSample};
use crate::types::{Counted, PgType};

impl<R> TableFunction<R> {
    /// The rows as a table in FROM, with this name.
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<R>
    where
        R: TableRow,
    {
        let mut function = self.call;
        let content = if !self.by_name {
            Content::Function(Arc::new(function))
        } else if R::names().is_some() {
            function.types = types_of::<R>().iter().map(|ty| ty.name).collect();
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
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<(T,)>
    where
        T: Counted,
        (T,): TableRow,
    {
        self.by_one().derived(name)
    }
}

impl<R> Select<R> {
    /// Takes some of the rows of a table by chance (TABLESAMPLE), before all conditions:
    /// `select(User).table_sample(User, func::bernoulli(10.0))` is about a tenth of the users.
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
