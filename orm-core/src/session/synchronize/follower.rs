//! Works out what columns take over from changed rows by way of foreign keys, from what the catalogue has said.

use super::spread::{Happening, Spread};
use crate::engine::{LiveAction, Reach};

/// Columns of a row, each with the column of the statement's own row that it takes its value from. What they held before is
/// what that row held.
pub(super) type Follower<'a> = Vec<(&'a str, &'a str)>;

/// A column that becomes the default of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Constant<'a> {
    pub(super) own: &'a str,
    /// The table of the other column, among those of the catalogue's answer.
    pub(super) table: usize,
    pub(super) column: &'a str,
}

/// What becomes of the rows of a group that a change cascades to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Follows<'a> {
    pub(super) followers: Vec<Follower<'a>>,
    /// Columns that become constants.
    pub(super) constants: Vec<Constant<'a>>,
    /// Columns that become NULL, or something that the statement's own rows do not tell.
    pub(super) unknown: Vec<&'a str>,
}

/// The same for each group of what is reached by a statement.
pub(super) fn follows<'a>(reach: &'a Reach, spread: &Spread<'_>, first: &Happening<'_>) -> Vec<Follows<'a>> {
    let mut follows = vec![Follows::default(); spread.reached.len()];
    loop {
        let before = follows.clone();
        for step in &spread.steps {
            let key = &reach.keys[step.key];
            let columns = || key.columns.iter().map(String::as_str);
            let pairs = || columns().zip(key.target_columns.iter().map(String::as_str));
            let happening = step.from.map_or(first, |group| &spread.reached[group].happening);
            let (action, is_deleted) = match happening {
                Happening::Deleted => (key.on_delete, true),
                Happening::Updated(_) => (key.on_update, false),
            };
            let default = |own| Constant { own, table: key.table, column: own };
            let mut taken = match (action, step.from) {
                (LiveAction::SetDefault, _) => {
                    Follows { constants: columns().map(default).collect(), ..Follows::default() }
                }
                (LiveAction::Set, _) => Follows { unknown: columns().collect(), ..Follows::default() },
                _ if is_deleted => Follows::default(),
                (_, None) => Follows { followers: vec![pairs().collect()], ..Follows::default() },
                (_, Some(group)) => follows[group].behind(pairs),
            };
            // Of rows that are reached in two ways, nobody tells which are reached in which.
            if spread.steps.iter().filter(|other| other.to == step.to).count() > 1 {
                taken.unknown.extend(taken.constants.drain(..).map(|constant| constant.own));
            }
            follows[step.to].add(taken);
        }
        if follows == before {
            return follows;
        }
    }
}

impl<'a> Follows<'a> {
    /// What columns take over that point at these rows, each paired with the one it points at.
    fn behind<P: Iterator<Item = (&'a str, &'a str)>>(&self, pairs: impl Fn() -> P) -> Follows<'a> {
        let unknown = |target: &str| self.unknown.contains(&target);
        let constant = |(own, target): (&'a str, &str)| {
            let constant = self.constants.iter().find(|constant| constant.own == target)?;
            Some(Constant { own, ..*constant })
        };
        let mut behind = Follows {
            followers: Vec::new(),
            constants: pairs().filter_map(constant).collect(),
            unknown: pairs().filter(|(_, target)| unknown(target)).map(|(own, _)| own).collect(),
        };
        for follower in &self.followers {
            let through: Follower<'a> = pairs()
                .filter_map(|(own, target)| {
                    let (_, source) = follower.iter().find(|(column, _)| *column == target)?;
                    Some((own, *source))
                })
                .collect();
            // Fewer columns than these can be the same in several rows.
            if through.len() == follower.len() {
                behind.followers.push(through);
            } else {
                behind.unknown.extend(through.into_iter().map(|(own, _)| own));
            }
        }
        behind
    }

    fn add(&mut self, more: Follows<'a>) {
        for follower in more.followers {
            if !self.followers.contains(&follower) {
                self.followers.push(follower);
            }
        }
        for constant in more.constants {
            if !self.constants.contains(&constant) {
                self.constants.push(constant);
            }
        }
        for column in more.unknown {
            if !self.unknown.contains(&column) {
                self.unknown.push(column);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Constant, Follows, follows};
    use crate::engine::{Events, LiveAction, LiveKey, LiveTable, Reach};
    use crate::session::synchronize::spread::{Happening, spread};

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

    fn key(table: usize, columns: &[&str], target: usize, target_columns: &[&str]) -> LiveKey {
        let names = |columns: &[&str]| columns.iter().map(|&column| column.to_owned()).collect();
        LiveKey {
            table,
            columns: names(columns),
            target,
            target_columns: names(target_columns),
            on_delete: LiveAction::Nothing,
            on_update: LiveAction::Cascade,
            target_is_computed: false,
            is_comparable: true,
        }
    }

    /// Cities, their streets, the houses in these, each with a view of a city.
    fn land() -> Reach {
        let keys = vec![
            key(1, &["city"], 0, &["code"]),
            key(2, &["city", "street"], 1, &["city", "number"]),
            key(2, &["view"], 0, &["code"]),
        ];
        Reach { tables: ["cities", "streets", "houses"].map(table).into(), keys, triggers: 0 }
    }

    fn of<'a>(reach: &'a Reach, column: &'a str) -> Vec<Follows<'a>> {
        let first = Happening::Updated(vec![column]);
        let spread = spread(reach, &first, false).expect("no trigger is there");
        follows(reach, &spread, &first)
    }

    #[test]
    fn columns_follow_over_rows_between() {
        let land = land();
        let follows = of(&land, "code");
        let followers: Vec<_> = follows.iter().map(|follows| &*follows.followers).collect();
        assert_eq!(
            followers,
            [vec![vec![("city", "code")]], vec![vec![("view", "code")]], vec![vec![("city", "code")]]]
        );
        assert!(follows.iter().all(|follows| follows.unknown.is_empty()));
    }

    #[test]
    fn what_is_set_to_null_or_told_by_a_part_only_is_unknown() {
        let mut land = land();
        land.keys[0].on_update = LiveAction::Set;
        let unknown = Follows { unknown: vec!["city"], ..Follows::default() };
        assert_eq!(of(&land, "code")[0], unknown);
        assert_eq!(of(&land, "code")[2], unknown);
        land.keys[0] = key(1, &["city", "zone"], 0, &["code", "zone"]);
        assert_eq!(of(&land, "code")[2], unknown);
    }

    #[test]
    fn what_becomes_a_default_is_that_of_the_rows_between() {
        let mut land = land();
        land.keys[0].on_update = LiveAction::SetDefault;
        land.keys[0].on_delete = LiveAction::SetDefault;
        let constants = |own| vec![Constant { own, table: 1, column: "city" }];
        let changed = of(&land, "code");
        assert_eq!([&changed[0].constants, &changed[2].constants], [&constants("city"), &constants("city")]);
        assert!(changed[2].followers.is_empty());
        let spread = spread(&land, &Happening::Deleted, false).expect("no trigger is there");
        let deleted = follows(&land, &spread, &Happening::Deleted);
        assert_eq!([&deleted[0].constants, &deleted[1].constants], [&constants("city"), &constants("city")]);
    }

    #[test]
    fn a_default_is_unknown_where_rows_are_reached_in_two_ways() {
        let mut land = land();
        land.keys[0].on_update = LiveAction::SetDefault;
        let both = key(1, &["city"], 0, &["code"]);
        land.keys.push(both);
        let streets = &of(&land, "code")[0];
        assert_eq!((&*streets.constants, &*streets.unknown), (&[][..], &["city"][..]));
    }

    #[test]
    fn rows_that_point_at_their_own_table_follow_once() {
        let mut land = land();
        land.keys = vec![key(0, &["parent"], 0, &["code"])];
        assert_eq!(of(&land, "code")[0].followers, [[("parent", "code")]]);
    }
}
