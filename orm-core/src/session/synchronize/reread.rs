//! Which rows are read again behind a statement, and how they are found if it changes their keys.

use crate::engine::Answer;
use crate::error::Error;
use crate::query::WriteTarget;
use crate::query::ast::{self, Item};
use crate::query::render::{self, CascadedColumns, Rendered};
use crate::schema::{Action, ColumnMeta, ForeignKey, TableMeta};
use crate::session::identity::{AnyArena, Identity};
use crate::types::{BulkColumn, bulk_column};

/// What is sent beside a statement to read objects again.
pub(in crate::session) struct Rereads {
    key_update: Option<Box<KeyUpdate>>,
    pub(super) rows: Vec<Reread>,
}

/// The statement in the form that keeps the keys of before it.
struct KeyUpdate {
    lock: Rendered,
    update: Rendered,
    /// Whether it gives the number of rows, not rows of its own.
    counts: bool,
}

/// The rows of one table's objects.
pub(in crate::session) struct Reread {
    pub(in crate::session) table: &'static TableMeta,
    pub(in crate::session) slots: Vec<u32>,
    pub(in crate::session) rendered: Rendered,
}

/// Columns of a table that an UPDATE of another cascades to, each with the column it follows.
type Follower = Vec<(usize, &'static ColumnMeta)>;

impl Rereads {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn statements<'a>(&'a self, statement: &'a Rendered) -> Vec<&'a Rendered> {
        let mut statements = match &self.key_update {
            Some(key_update) => vec![&key_update.lock, &key_update.update],
            None => vec![statement],
        };
        statements.extend(self.rows.iter().map(|reread| &reread.rendered));
        statements
    }

    /// What the statement itself answered.
    pub(super) fn own_answer(
        &self,
        next: &mut impl FnMut() -> Result<Answer, Error>,
    ) -> Result<Answer, Error> {
        let Some(key_update) = &self.key_update else { return next() };
        next()?;
        let mut answer = next()?;
        if key_update.counts {
            let count = answer.rows.first().and_then(|row| row.try_get::<_, i64>(0).ok());
            let count = count.and_then(|count| u64::try_from(count).ok());
            answer.affected =
                count.ok_or_else(|| Error::decode("the server did not say how many rows it changed"))?;
            answer.rows.clear();
        }
        Ok(answer)
    }
}

pub(super) fn rereads(identity: &Identity, target: &WriteTarget<'_>) -> Result<Rereads, Error> {
    let tables = reached_by(identity, target);
    let key_changes: Vec<_> = match target {
        WriteTarget::Insert(_) | WriteTarget::Delete(_) => {
            tables.iter().map(|table| (*table, Vec::new())).collect()
        }
        WriteTarget::Update(update) => {
            tables.iter().map(|table| (*table, key_changes_of(table, &update.0))).collect()
        }
    };
    let mut rows = Vec::new();
    for (table, key_changes) in &key_changes {
        if let Some(arena) = identity.any(table)
            && let slots = arena.tracked()
            && !slots.is_empty()
        {
            rows.push(reread(arena, slots, key_changes)?);
        }
    }
    let key_update = match target {
        WriteTarget::Update(update) if !rows.is_empty() => key_update(&update.0, key_changes),
        _ => None,
    };
    Ok(Rereads { key_update, rows })
}

/// All objects of a table, without keys that change.
pub(super) fn all(identity: &Identity, table: &'static TableMeta) -> Result<Option<Reread>, Error> {
    let Some(arena) = identity.any(table) else { return Ok(None) };
    let slots = arena.tracked();
    if slots.is_empty() { Ok(None) } else { reread(arena, slots, &[]).map(Some) }
}

/// All objects of these tables, without keys that change.
pub(super) fn everything(identity: &Identity, tables: &[&'static TableMeta]) -> Result<Vec<Reread>, Error> {
    tables.iter().filter_map(|table| all(identity, table).transpose()).collect()
}

/// About how many objects are read again where it is not known what a statement changes.
pub(super) fn count(identity: &Identity, target: &WriteTarget<'_>) -> usize {
    reached_by(identity, target).into_iter().filter_map(|table| Some(identity.any(table)?.len())).sum()
}

/// The tables a statement can have changed rows of.
pub(super) fn reached_by(identity: &Identity, target: &WriteTarget<'_>) -> Vec<&'static TableMeta> {
    let table = target.table();
    match target {
        // It changes no row that is there, but for what a trigger keeps where its rows point.
        WriteTarget::Insert(insert) if insert.set.is_empty() => {
            let mut targets: Vec<_> = Vec::new();
            for target in table.targets() {
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
            targets
        }
        _ => reached(identity, table),
    }
}

/// The tables an UPDATE or DELETE on a table can have changed rows of: itself, those whose foreign keys lead to it, over however
/// many others, and those the foreign keys of these point at, for a trigger often keeps a count there.
fn reached(identity: &Identity, table: &'static TableMeta) -> Vec<&'static TableMeta> {
    // Tables that no object was loaded of may stand between.
    let known = identity.known_tables();
    let mut reached = vec![table];
    let mut next = 0;
    while let Some(&table) = reached.get(next) {
        next += 1;
        for &other in &known {
            let leads = other.targets().any(|target| target == table);
            if leads && !reached.contains(&other) {
                reached.push(other);
            }
        }
    }
    for place in 0..reached.len() {
        for target in reached[place].targets() {
            if !reached.contains(&target) {
                reached.push(target);
            }
        }
    }
    reached
}

/// The statement in the form that keeps keys, if rows that are read again can have others by then.
fn key_update(
    update: &ast::Update,
    key_changes: Vec<(&'static TableMeta, Vec<CascadedColumns>)>,
) -> Option<Box<KeyUpdate>> {
    let mut kept: Vec<_> = update.source.table.key().collect();
    let mut key_changes = key_changes.into_iter().flat_map(|(_, key_changes)| key_changes).peekable();
    key_changes.peek()?;
    for (_, column) in key_changes.flat_map(|change| change.columns) {
        if !kept.contains(&column) {
            kept.push(column);
        }
    }
    let returning: &[Item] = &update.returning;
    Some(Box::new(KeyUpdate {
        lock: render::lock(update),
        update: Rendered { at: Some(update.at), ..render::update_with_key_changes(update, &kept) },
        counts: returning.is_empty(),
    }))
}

/// What the key of a table follows if an UPDATE changes it; the places are those among the table's columns.
fn key_changes_of(table: &'static TableMeta, update: &ast::Update) -> Vec<CascadedColumns> {
    let changed = update.source.table;
    let is_set = |column: &ColumnMeta| update.set.iter().any(|set| set.content.column == column);
    let in_key = |place: usize| table.primary_key.contains(&place);
    let mut followers = Vec::new();
    if table == changed {
        followers.push(changed.key().map(|column| (column.place, column)).collect());
    } else {
        followers_of(table, changed, &mut Vec::new(), &mut followers);
    }
    let key_changes = followers.into_iter().filter(|follower: &Follower| {
        follower.iter().any(|(place, column)| in_key(*place) && is_set(column))
    });
    key_changes.map(|columns| CascadedColumns { columns }).collect()
}

/// Each group of columns of `table` that follows columns of `changed` by `on_update = cascade`, over other tables too.
fn followers_of(
    table: &'static TableMeta,
    changed: &'static TableMeta,
    on_the_way: &mut Vec<&'static TableMeta>,
    followers: &mut Vec<Follower>,
) {
    if on_the_way.contains(&table) {
        return;
    }
    on_the_way.push(table);
    for key in table.foreign_keys.iter().filter(|key| key.on_update == Action::Cascade) {
        let target = (key.target)();
        if target.table == changed {
            followers.push(key.columns.iter().copied().zip(target.columns()).collect());
            continue;
        }
        let mut further = Vec::new();
        followers_of(target.table, changed, on_the_way, &mut further);
        followers.extend(further.iter().filter_map(|further| through(key, further)));
    }
    on_the_way.pop();
}

/// What a foreign key's columns follow, by what the columns they point at follow.
fn through(key: &ForeignKey, further: &Follower) -> Option<Follower> {
    let places = (key.target)().places;
    let follow = key.columns.iter().zip(places).filter_map(|(&place, target)| {
        let (_, column) = further.iter().find(|(followed, _)| followed == target)?;
        Some((place, *column))
    });
    let follow: Follower = follow.collect();
    (!follow.is_empty()).then_some(follow)
}

/// Reads the rows of objects by their keys, and by what these have become.
pub(in crate::session) fn reread(
    arena: &dyn AnyArena,
    slots: Vec<u32>,
    key_changes: &[CascadedColumns],
) -> Result<Reread, Error> {
    let table = arena.table();
    let mut places = table.primary_key.to_vec();
    for &(place, _) in key_changes.iter().flat_map(|change| &change.columns) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let sent = places.iter().map(|&place| {
        let values = slots.iter().map(|&slot| arena.stored_value(slot, place));
        let values = values.collect::<Result<Vec<_>, Error>>()?;
        let column = &table.columns[place];
        bulk_column(column.ty, values.into_iter()).map_err(|cause| column.refused(cause))
    });
    let sent = sent.collect::<Result<Vec<BulkColumn>, Error>>()?;
    let key_changes: Vec<CascadedColumns> = key_changes.iter().map(|change| among(change, &places)).collect();
    let rendered = match key_changes[..] {
        [] => render::numbered_by_keys(table, &sent),
        _ => render::numbered_by_changed_keys(table, &sent, &key_changes),
    };
    Ok(Reread { table, slots, rendered })
}

/// The same with places among those that are sent.
fn among(change: &CascadedColumns, places: &[usize]) -> CascadedColumns {
    let columns = change.columns.iter().filter_map(|(place, column)| {
        places.iter().position(|sent| sent == place).map(|sent| (sent, *column))
    });
    CascadedColumns { columns: columns.collect() }
}
