//! Compares primary keys, foreign keys, unique and check constraints.

use super::{DifferenceKind, Pair, listed, same_columns};
use crate::ddl::live::{ConstraintKind, LiveConstraint, Relation, RelationKind};
use crate::ddl::{Difference, at};
use crate::schema::{Action, ColumnMeta, Deferrable, ForeignKey, TableMeta, Unique, quoted};

pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Difference>) {
    found.extend(primary_key(pair));
    for (key, name) in pair.table.foreign_keys.iter().zip(&pair.names.foreign_keys) {
        found.extend(foreign_key(pair, key, name));
    }
    for (unique, name) in pair.table.uniques.iter().zip(&pair.names.uniques) {
        found.extend(self::unique(pair, unique, name));
    }
    for name in &pair.names.checks {
        found.extend(check(pair, name));
    }
}

fn names(columns: impl Iterator<Item = &'static ColumnMeta>) -> impl Iterator<Item = &'static str> {
    columns.map(|column| column.name)
}

fn primary_key(pair: &Pair<'_>) -> Option<Difference> {
    let table = pair.table;
    let live =
        pair.relation.constraints.iter().find(|found| matches!(found.kind, ConstraintKind::PrimaryKey));
    let found = match live {
        Some(live) if same_columns(names(table.key()), &live.columns) => {
            if live.deferrable == Deferrable::No {
                return None;
            }
            return Some(deferrable_key(table, live.deferrable));
        }
        Some(live) => listed(live.columns.iter().map(String::as_str)),
        None => "none".to_owned(),
    };
    let message = format!(
        "expected {} to have the primary key {}, found {found}",
        table.path(),
        listed(names(table.key()))
    );
    Some(Difference::of_table(DifferenceKind::PrimaryKey, table, &message))
}

/// Nothing can point at such a key, and no row is in conflict by it.
fn deferrable_key(table: &'static TableMeta, found: Deferrable) -> Difference {
    let message = format!(
        "expected {} to have the primary key {} {}, found {}",
        table.path(),
        listed(names(table.key())),
        Deferrable::No.sql(),
        found.sql()
    );
    Difference::of_table(DifferenceKind::PrimaryKey, table, &message)
}

fn foreign_key(pair: &Pair<'_>, key: &'static ForeignKey, name: &str) -> Option<Difference> {
    let table = pair.table;
    let target = (key.target)();
    let there = pair.other(target.table);
    if there.is_some_and(|target| target.kind != RelationKind::Table) {
        // Nothing can point at it.
        return None;
    }
    let expected = format!("{} {}", target.table.path(), listed(names(target.columns())));
    let columns = listed(names(at(table, key.columns)));
    let same: Vec<&LiveConstraint> = pair
        .relation
        .constraints
        .iter()
        .filter(|found| is_foreign_key(found) && same_columns(names(at(table, key.columns)), &found.columns))
        .collect();
    let pointing = || same.iter().filter(|found| points_at(table, key, found, there));
    let message = match (pointing().next(), same.first()) {
        (Some(_), _) if pointing().any(|found| other_rule(key, found).is_none()) => return None,
        (Some(found), _) => {
            let (expected, does) = other_rule(key, found)?;
            let name = quoted(&found.name);
            format!("expected the foreign key {name} of {} to say {expected}, found {does}", table.path())
        }
        (None, Some(found)) => format!(
            "expected the foreign key {} of {} to point at {expected}, found that it points at {}",
            quoted(&found.name),
            table.path(),
            points_to(found)
        ),
        (None, None) => format!(
            "expected a foreign key {} from {} {columns} to {expected}, found none",
            quoted(name),
            table.path()
        ),
    };
    Some(match key.columns {
        [only] => Difference::of_column(DifferenceKind::ForeignKey, &table.columns[*only], &message),
        _ => Difference::of_table(DifferenceKind::ForeignKey, table, &message),
    })
}

fn is_foreign_key(found: &LiveConstraint) -> bool {
    matches!(found.kind, ConstraintKind::ForeignKey { .. })
}

/// Whether a foreign key of the same columns points at the same columns of its target.
fn points_at(
    table: &'static TableMeta,
    key: &'static ForeignKey,
    found: &LiveConstraint,
    target: Option<&Relation>,
) -> bool {
    let ConstraintKind::ForeignKey { target: (oid, _), columns, .. } = &found.kind else { return false };
    let expected = names(at(table, key.columns)).zip((key.target)().columns().map(|column| column.name));
    let mut expected: Vec<_> = expected.collect();
    let mut pairs: Vec<(&str, &str)> =
        found.columns.iter().map(String::as_str).zip(columns.iter().map(String::as_str)).collect();
    expected.sort_unstable();
    pairs.sort_unstable();
    target.is_some_and(|target| target.oid == *oid) && expected == pairs
}

fn points_to(found: &LiveConstraint) -> String {
    match &found.kind {
        ConstraintKind::ForeignKey { target: (_, name), columns, .. } => {
            format!("{name} {}", listed(columns.iter().map(String::as_str)))
        }
        _ => String::new(),
    }
}

/// What a foreign key should do and what it does, if that is another thing.
fn other_rule(key: &ForeignKey, found: &LiveConstraint) -> Option<(String, String)> {
    let ConstraintKind::ForeignKey { on_delete, on_update, .. } = &found.kind else { return None };
    let (deleting, updating) = (action(on_delete), action(on_update));
    let mut parts = Vec::new();
    for (word, expected, does) in
        [("ON DELETE", key.on_delete, deleting), ("ON UPDATE", key.on_update, updating)]
    {
        if expected != does {
            parts.push((format!("{word} {}", expected.sql()), format!("{word} {}", does.sql())));
        }
    }
    if key.deferrable != found.deferrable {
        parts.push((key.deferrable.sql().to_owned(), found.deferrable.sql().to_owned()));
    }
    let (expected, does): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    (!expected.is_empty()).then(|| (expected.join(" "), does.join(" ")))
}

/// The letters of the catalog.
fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

fn unique(pair: &Pair<'_>, unique: &Unique, name: &str) -> Option<Difference> {
    let (table, places) = (pair.table, unique.columns);
    let message = match other_unique(pair, unique.columns, unique.deferrable)? {
        Some(found) => format!(
            "expected the unique constraint {} of {} {} to be {}, found {}",
            quoted(name),
            table.path(),
            listed(names(at(table, places))),
            unique.deferrable.sql(),
            found.sql()
        ),
        None => format!(
            "expected the unique constraint {} of {} {}, found none",
            quoted(name),
            table.path(),
            listed(names(at(table, places)))
        ),
    };
    Some(match places {
        [only] => Difference::of_column(DifferenceKind::Unique, &table.columns[*only], &message),
        _ => Difference::of_table(DifferenceKind::Unique, table, &message),
    })
}

/// `None` if these columns are unique as expected; else whether they are at all, and how.
fn other_unique(
    pair: &Pair<'_>,
    places: &'static [usize],
    expected: Deferrable,
) -> Option<Option<Deferrable>> {
    // A constraint has an index of its own, and a unique index does as well.
    let same = pair.relation.indexes.iter().filter(|index| {
        let columns: Option<Vec<String>> = index.parts.iter().cloned().collect();
        let whole = index.unique && index.valid && !index.partial;
        whole && columns.is_some_and(|columns| same_columns(names(at(pair.table, places)), &columns))
    });
    let found: Vec<Deferrable> = same.map(|index| index.deferrable).collect();
    (!found.contains(&expected)).then(|| found.first().copied())
}

fn check(pair: &Pair<'_>, name: &str) -> Option<Difference> {
    let there = |found: &LiveConstraint| matches!(found.kind, ConstraintKind::Check) && found.name == name;
    let message =
        format!("expected the check constraint {} of {}, found none", quoted(name), pair.table.path());
    (!pair.relation.constraints.iter().any(there))
        .then(|| Difference::of_table(DifferenceKind::Check, pair.table, &message))
}

/// Whether a table has a foreign key already, by its name or by what it points to.
pub(in crate::ddl) fn has_foreign_key(
    table: &'static TableMeta,
    key: &'static ForeignKey,
    name: &str,
    relation: &Relation,
    target: Option<&Relation>,
) -> bool {
    relation.constraints.iter().any(|found| found.name == name || points_at(table, key, found, target))
}
