//! CREATE INDEX.

use crate::schema::{Index, IndexPart, TableMeta, quoted};

pub(super) fn create(table: &TableMeta, index: &Index, name: &str) -> String {
    let parts: Vec<String> = index.parts.iter().map(|part| self::part(table, part)).collect();
    let mut text = format!(
        "CREATE {}INDEX {} ON {} ",
        if index.unique { "UNIQUE " } else { "" },
        quoted(name),
        table.path()
    );
    if let Some(method) = index.method {
        text.push_str(&format!("USING {} ", quoted(method)));
    }
    text.push_str(&format!("({})", parts.join(", ")));
    if let Some(predicate) = index.predicate {
        text.push_str(&format!(" WHERE {predicate}"));
    }
    text
}

fn part(table: &TableMeta, part: &IndexPart) -> String {
    match part {
        IndexPart::Place(place) => quoted(table.columns[*place].name),
        // As it stands: there may be an operator class and a direction behind the expression.
        IndexPart::Sql(sql) => (*sql).to_owned(),
    }
}
