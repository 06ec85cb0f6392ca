//! Select lists that are made at run time.

use super::{Items, Selectable};
use crate::error::Error;
use crate::model::Model;
use crate::query::expr::AnyColumn;
use crate::row::Cells;
use crate::types::{BaseType, SqlType};

/// A column whose type nobody knows is selected as the text that PostgreSQL writes for its value.
#[diagnostic::do_not_recommend]
impl<M: Model> Selectable for AnyColumn<M> {
    type Row = Option<String>;

    fn items(self, items: &mut Items) {
        items.value(self.as_text(), String::TYPE, <Option<String> as SqlType>::NULLABLE);
    }

    fn decode(cells: &mut Cells<'_>) -> Result<Option<String>, Error> {
        cells.read()
    }
}

/// As many as there are; in a tuple it stands last.
#[diagnostic::do_not_recommend]
impl<S: Selectable> Selectable for Vec<S> {
    type Row = Vec<S::Row>;

    fn items(self, items: &mut Items) {
        items.begin_list(self.len());
        self.into_iter().for_each(|item| item.items(items));
        items.end_list();
    }

    fn decode(cells: &mut Cells<'_>) -> Result<Vec<S::Row>, Error> {
        let mut row = Vec::new();
        while cells.has_more() {
            row.push(S::decode(cells)?);
        }
        Ok(row)
    }
}
