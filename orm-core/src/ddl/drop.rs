//! DROP for what a schema has in the database: views, tables, and the types the tables used.

use super::is_table;
use super::live::Live;
use super::types::{domains, own_types};
use crate::schema::{Schema, TableKind, TableMeta, quoted};

/// The statements that drop what is there.
pub(super) fn drops(schema: &Schema, live: &Live) -> Vec<String> {
    let views = paths(schema, live, |table| matches!(table.kind, TableKind::View(Some(_))));
    let tables = paths(schema, live, is_table);
    // All at once, what depends on what does not matter; CASCADE would take what is not in the schema too.
    let views = (!views.is_empty()).then(|| format!("DROP VIEW IF EXISTS {}", views.join(", ")));
    let tables = (!tables.is_empty()).then(|| format!("DROP TABLE IF EXISTS {}", tables.join(", ")));
    let domains = domains(schema).into_iter().filter(|domain| live.find_type(domain.name).is_some());
    let domains = domains.map(|domain| format!("DROP DOMAIN IF EXISTS {}", domain.name));
    // What is made of others goes before them.
    let types = own_types(schema).into_iter().rev().filter(|ty| live.find_type(ty.name).is_some());
    let types = types.map(|ty| format!("DROP TYPE IF EXISTS {}", ty.name));
    views.into_iter().chain(tables).chain(domains).chain(types).collect()
}

/// With their schema: a name alone could be that of another table, further down the search path.
fn paths(schema: &Schema, live: &Live, which: impl Fn(&TableMeta) -> bool) -> Vec<String> {
    let found = schema.tables().iter().zip(&live.places).filter(|(table, _)| which(table));
    let found = found.filter_map(|(table, place)| {
        place.relation.as_ref()?;
        let schema = place.schema.as_deref()?;
        Some(format!("{}.{}", quoted(schema), quoted(table.name)))
    });
    found.collect()
}
