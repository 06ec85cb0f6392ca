//! Works out what columns take over from changed rows by way of foreign keys, from what the catalogue has said.

use super::spread::Spread;
use crate::engine::{LiveAction, Reach};

/// Columns of a row, each with the column of the statement's own row that it takes its value from. What they held before is
/// what that row held.
pub(super) type Follower<'a> = Vec<(&'a str, &'a str)>;

/// What becomes of the rows of a group that a change takes along.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Follows<'a> {
    pub(super) followers: Vec<Follower<'a>>,
    /// Columns that become NULL, their default, or something that the statement's own rows do not tell.
    pub(super) unknown: Vec<&'a str>,
}

/// The same for each group of what is reached by an UPDATE.
pub(super) fn follows<'a>(reach: &'a Reach, spread: &Spread<'_>) -> Vec<Follows<'a>> {
    let mut follows = vec![Follows::default(); spread.reached.len()];
    loop {
        let before = follows.clone();
        for step in &spread.steps {
            let key = &reach.keys[step.key];
            let pairs =
                || key.columns.iter().map(String::as_str).zip(key.target_columns.iter().map(String::as_str));
            let taken = match step.from {
                _ if key.on_update == LiveAction::Set => {
                    Follows { followers: Vec::new(), unknown: pairs().map(|(own, _)| own).collect() }
                }
                None => Follows { followers: vec![pairs().collect()], unknown: Vec::new() },
                Some(group) => follows[group].behind(pairs),
            };
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
        let mut behind = Follows {
            followers: Vec::new(),
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
        for column in more.unknown {
            if !self.unknown.contains(&column) {
                self.unknown.push(column);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Follows, follows};
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
        let spread = spread(reach, &Happening::Updated(vec![column]), false).expect("no trigger is there");
        follows(reach, &spread)
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
        assert_eq!(of(&land, "code")[0], Follows { followers: Vec::new(), unknown: vec!["city"] });
        assert_eq!(of(&land, "code")[2], Follows { followers: Vec::new(), unknown: vec!["city"] });
        land.keys[0] = key(1, &["city", "zone"], 0, &["code", "zone"]);
        assert_eq!(of(&land, "code")[2], Follows { followers: Vec::new(), unknown: vec!["city"] });
    }

    #[test]
    fn rows_that_point_at_their_own_table_follow_once() {
        let mut land = land();
        land.keys = vec![key(0, &["parent"], 0, &["code"])];
        assert_eq!(of(&land, "code")[0].followers, [[("parent", "code")]]);
    }
}
