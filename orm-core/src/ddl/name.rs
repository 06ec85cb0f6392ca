//! What constraints and indexes are called that the models give no name.

use std::collections::HashSet;

use crate::schema::{
    Check, ForeignKey, Index, IndexPart, Schema, TableMeta, Unique, digest, fitted, shortened,
};

/// The names of the constraints and indexes of a table, each list in the order of the metadata.
///
/// Each is the one PostgreSQL would choose. A second of the same name gets one made of its definition: it must not be
/// taken for the first, nor change when others come or go behind it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) uniques: Vec<String>,
    pub(super) foreign_keys: Vec<String>,
    pub(super) checks: Vec<String>,
    pub(super) indexes: Vec<String>,
}

/// The names for each table of a schema, as listed.
pub(super) fn names(schema: &Schema) -> Vec<Names> {
    let mut taken = Taken::reserved(schema);
    schema.tables().iter().map(|table| of_table(table, &mut taken)).collect()
}

fn of_table(table: &'static TableMeta, taken: &mut Taken) -> Names {
    let unique = |taken: &mut Taken, unique: &Unique| {
        let columns = columns(table, unique.columns);
        unique.name.map_or_else(
            || {
                let name = taken.relation(table, &columns.join("_"), "key", &columns.join("\0"));
                taken.constraints.insert((table.path(), name.clone()));
                name
            },
            str::to_owned,
        )
    };
    let foreign_key = |taken: &mut Taken, key: &ForeignKey| {
        let columns = columns(table, key.columns);
        let definition = format!("{}\0{}", columns.join("\0"), (key.target)().table.path());
        taken.constraint(table, &columns.join("_"), "fkey", &definition)
    };
    let check = |taken: &mut Taken, check: &Check| {
        let stem = check.column.map_or("", |place| table.columns[place].name);
        check.name.map_or_else(|| taken.numbered_constraint(table, stem, "check"), str::to_owned)
    };
    let index = |taken: &mut Taken, index: &Index| {
        index.name.map_or_else(
            || taken.relation(table, &stem(table, index), "idx", &definition(table, index)),
            str::to_owned,
        )
    };
    Names {
        uniques: table.uniques.iter().map(|found| unique(taken, found)).collect(),
        foreign_keys: table.foreign_keys.iter().map(|found| foreign_key(taken, found)).collect(),
        checks: table.checks.iter().map(|found| check(taken, found)).collect(),
        indexes: table.indexes.iter().map(|found| index(taken, found)).collect(),
    }
}

/// The names that are in use already.
struct Taken {
    /// Of tables, views and indexes, which share their names, with the schema.
    relations: HashSet<(Option<&'static str>, String)>,
    /// Of constraints, with the table.
    constraints: HashSet<(String, String)>,
}

impl Taken {
    /// What the models themselves give a name.
    fn reserved(schema: &Schema) -> Taken {
        let mut taken = Taken { relations: HashSet::new(), constraints: HashSet::new() };
        for table in schema.tables() {
            let uniques = table.uniques.iter().filter_map(|unique| unique.name);
            let checks = table.checks.iter().filter_map(|check| check.name);
            let constraints = uniques.clone().chain(checks);
            taken.constraints.extend(constraints.map(|name| (table.path(), name.to_owned())));
            let indexes = table.indexes.iter().filter_map(|index| index.name);
            let relations = uniques.chain(indexes).chain([table.name]);
            taken.relations.extend(relations.map(|name| (table.schema, name.to_owned())));
        }
        taken
    }

    fn relation(&mut self, table: &TableMeta, stem: &str, ending: &str, definition: &str) -> String {
        let names = [fitting(table, stem, ending), digested(table, stem, ending, definition)];
        let relations = &mut self.relations;
        first(names, numbered(table, stem, ending), |name| relations.insert((table.schema, name.to_owned())))
    }

    fn constraint(&mut self, table: &TableMeta, stem: &str, ending: &str, definition: &str) -> String {
        let names = [fitting(table, stem, ending), digested(table, stem, ending, definition)];
        let constraints = &mut self.constraints;
        first(names, numbered(table, stem, ending), |name| {
            constraints.insert((table.path(), name.to_owned()))
        })
    }

    fn numbered_constraint(&mut self, table: &TableMeta, stem: &str, ending: &str) -> String {
        let constraints = &mut self.constraints;
        first([fitting(table, stem, ending)], numbered(table, stem, ending), |name| {
            constraints.insert((table.path(), name.to_owned()))
        })
    }
}

/// The first name that is free.
fn first(
    names: impl IntoIterator<Item = String>,
    others: impl Iterator<Item = String>,
    mut take: impl FnMut(&str) -> bool,
) -> String {
    names.into_iter().chain(others).find(|name| take(name)).unwrap_or_default()
}

fn numbered(table: &TableMeta, stem: &str, ending: &str) -> impl Iterator<Item = String> {
    (1..).map(move |number| fitting(table, stem, &format!("{ending}{number}")))
}

fn columns(table: &TableMeta, places: &[usize]) -> Vec<&'static str> {
    places.iter().map(|&place| table.columns[place].name).collect()
}

/// What an index is of, as PostgreSQL puts it into a name.
fn stem(table: &TableMeta, index: &Index) -> String {
    let parts = index.parts.iter().map(|part| match part {
        IndexPart::Place(place) => table.columns[*place].name,
        IndexPart::Sql(_) => "expr",
    });
    parts.collect::<Vec<_>>().join("_")
}

/// All that makes an index another.
fn definition(table: &TableMeta, index: &Index) -> String {
    let parts = index.parts.iter().map(|part| match part {
        IndexPart::Place(place) => table.columns[*place].name,
        IndexPart::Sql(sql) => sql,
    });
    let Index { unique, method, predicate, .. } = index;
    format!("{}\0{unique}\0{method:?}\0{predicate:?}", parts.collect::<Vec<_>>().join("\0"))
}

/// `{table}_{stem}_{ending}`, or a shorter one that is as much the columns' own.
fn fitting(table: &TableMeta, stem: &str, ending: &str) -> String {
    fitted(&joined(table, stem), &format!("_{ending}")).into_owned()
}

fn digested(table: &TableMeta, stem: &str, ending: &str, definition: &str) -> String {
    let digest = digest(&format!("{}\0{definition}", table.name));
    shortened(&joined(table, stem), &format!("_{digest:08x}_{ending}"))
}

fn joined(table: &TableMeta, stem: &str) -> String {
    if stem.is_empty() { table.name.to_owned() } else { format!("{}_{stem}", table.name) }
}
