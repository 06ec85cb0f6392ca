//! Works out what a statement does to tables by way of foreign keys, from what the catalogue has said.

use crate::engine::{LiveAction, Reach};

/// What happens to rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Happening<'a> {
    Deleted,
    /// These columns may change.
    Updated(Vec<&'a str>),
}

/// Rows of a table to which the same happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached<'a> {
    /// The place among the tables of the catalogue's answer.
    pub(super) table: usize,
    pub(super) happening: Happening<'a>,
}

/// A foreign key that brings what happens to rows to those that point at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The place of what happens first among what is reached; `None` is the statement's own rows.
    pub(super) from: Option<usize>,
    /// The place among the keys of the catalogue's answer.
    pub(super) key: usize,
    pub(super) to: usize,
}

/// All that follows from a statement.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Spread<'a> {
    pub(super) reached: Vec<Reached<'a>>,
    pub(super) steps: Vec<Step>,
}

/// What follows from what a statement does to rows of the first table; `None` where the catalogue's answer does not tell,
/// because of triggers most of all.
pub(super) fn spread<'a>(reach: &'a Reach, first: &Happening<'a>, inserts: bool) -> Option<Spread<'a>> {
    let own = Reached { table: 0, happening: first.clone() };
    // Of a plain INSERT nothing changes that is there.
    let changes = *first != Happening::Updated(Vec::new());
    if changes && !is_known(reach, &own)
        || !reach.tables.first().is_some_and(|table| table.is_plain)
        || inserts && reach.tables[0].triggers.insert
    {
        return None;
    }
    let mut spread = Spread::default();
    let mut next = 0;
    let mut from = (None, own);
    loop {
        spread.take_steps(reach, from.0, &from.1)?;
        let Some(reached) = spread.reached.get(next) else { return Some(spread) };
        from = (Some(next), reached.clone());
        next += 1;
    }
}

impl<'a> Spread<'a> {
    fn take_steps(&mut self, reach: &'a Reach, from: Option<usize>, what: &Reached<'a>) -> Option<()> {
        for (key, live) in reach.keys.iter().enumerate().filter(|(_, live)| live.target == what.table) {
            let action = match &what.happening {
                Happening::Deleted => live.on_delete,
                Happening::Updated(columns) => {
                    let changes = |column: &String| columns.contains(&&**column);
                    if !live.target_is_computed && !live.target_columns.iter().any(changes) {
                        continue;
                    }
                    live.on_update
                }
            };
            let columns = || Happening::Updated(live.columns.iter().map(String::as_str).collect());
            let happening = match (action, &what.happening) {
                (LiveAction::Nothing, _) => continue,
                (LiveAction::Cascade, Happening::Deleted) => Happening::Deleted,
                (LiveAction::Cascade | LiveAction::SetDefault | LiveAction::Set, _) => columns(),
            };
            let reached = Reached { table: live.table, happening };
            if !live.is_comparable || !is_known(reach, &reached) {
                return None;
            }
            let to = self.place(reached);
            self.steps.push(Step { from, key, to });
        }
        Some(())
    }

    fn place(&mut self, reached: Reached<'a>) -> usize {
        if let Some(place) = self.reached.iter().position(|other| *other == reached) {
            return place;
        }
        self.reached.push(reached);
        self.reached.len() - 1
    }
}

/// Whether nothing else happens than what is said.
fn is_known(reach: &Reach, reached: &Reached<'_>) -> bool {
    reach.tables.get(reached.table).is_some_and(|table| {
        table.is_plain
            && match reached.happening {
                Happening::Deleted => !table.triggers.delete,
                Happening::Updated(_) => !table.triggers.update,
            }
    })
}

#[cfg(test)]
mod tests {
    use super::{Happening, Reached, Spread, Step, spread};
    use crate::engine::{Events, LiveAction, LiveKey, LiveTable, Reach};

    fn table(name: &str) -> LiveTable {
        LiveTable {
            oid: 1,
            schema: "public".into(),
            name: name.into(),
            is_visible: true,
            is_plain: true,
            triggers: Events::default(),
        }
    }

    fn key(table: usize, target: usize, on_delete: LiveAction, on_update: LiveAction) -> LiveKey {
        LiveKey {
            table,
            columns: vec!["target_id".into()],
            target,
            target_columns: vec!["id".into()],
            on_delete,
            on_update,
            target_is_computed: false,
            is_comparable: true,
        }
    }

    /// Forests with trees, which form a hierarchy of their own, and birds on them.
    fn wood() -> Reach {
        use LiveAction::{Cascade, Nothing, Set};
        let tables = ["forests", "trees", "birds"].map(table).into();
        let keys = vec![key(1, 0, Cascade, Nothing), key(1, 1, Cascade, Nothing), key(2, 1, Set, Cascade)];
        Reach { tables, keys, triggers: 0 }
    }

    fn updated(column: &str) -> Happening<'_> {
        Happening::Updated(vec![column])
    }

    #[test]
    fn a_deletion_goes_down_all_levels_and_round_circles_once() {
        let wood = wood();
        let spread = spread(&wood, &Happening::Deleted, false).expect("no trigger is there");
        let trees = Reached { table: 1, happening: Happening::Deleted };
        let birds = Reached { table: 2, happening: updated("target_id") };
        assert_eq!(spread.reached, [trees, birds]);
        let step = |from, key, to| Step { from, key, to };
        assert_eq!(spread.steps, [step(None, 0, 0), step(Some(0), 1, 0), step(Some(0), 2, 1)]);
    }

    #[test]
    fn a_change_goes_no_further_than_the_columns_that_are_pointed_at() {
        let mut wood = wood();
        assert_eq!(spread(&wood, &updated("name"), false), Some(Spread::default()));
        assert_eq!(spread(&wood, &updated("id"), false), Some(Spread::default()));
        wood.keys[0].on_update = LiveAction::Cascade;
        let spread_to = |wood: &Reach, column| {
            let spread = spread(wood, &updated(column), false).expect("no trigger is there");
            spread.reached.iter().map(|reached| reached.table).collect::<Vec<_>>()
        };
        assert_eq!(spread_to(&wood, "id"), [1]);
        assert_eq!(spread_to(&wood, "name"), Vec::<usize>::new());
        wood.keys[0].target_is_computed = true;
        assert_eq!(spread_to(&wood, "name"), [1]);
    }

    #[test]
    fn a_trigger_anywhere_on_the_way_makes_it_unknown_if_it_fires() {
        let mut wood = wood();
        wood.tables[2].triggers.delete = true;
        assert!(spread(&wood, &Happening::Deleted, false).is_some(), "birds are not deleted");
        wood.tables[2].triggers.update = true;
        assert!(spread(&wood, &Happening::Deleted, false).is_none());
        assert!(spread(&wood, &updated("name"), true).is_some());
        wood.tables[0].triggers.insert = true;
        assert!(spread(&wood, &updated("name"), false).is_some());
        assert!(spread(&wood, &updated("name"), true).is_none());
        assert!(
            spread(&Reach { tables: Vec::new(), keys: Vec::new(), triggers: 0 }, &updated("a"), false)
                .is_none()
        );
    }
}
