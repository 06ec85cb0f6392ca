//! Renders which rows the actions of foreign keys change or delete with those that a statement touched, and their keys afterwards.

use super::Renderer;
use super::touched::{CascadedRows, Link, Relation, Touch};

impl CascadedRows<'_> {
    /// Whether it is told what the key becomes.
    pub(crate) fn changes_key(&self) -> bool {
        !(self.key_changes.is_empty() && self.constants.is_empty())
    }

    /// The places of the key, if it is told what that becomes.
    pub(super) fn places_after(&self) -> impl Iterator<Item = usize> {
        let key: &[usize] = if self.changes_key() { self.table.primary_key } else { &[] };
        key.iter().copied()
    }

    /// The places of all columns that this takes to know.
    fn places_compared(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self.places_after().collect();
        for &(place, _) in self.key_changes.iter().flat_map(|change| &change.columns) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }
}

impl Renderer {
    /// `"orm r"`: the places `c` of the cascaded rows, each in a group `n`.
    pub(super) fn cascaded(&mut self, touch: &Touch<'_>) {
        if touch.links.is_empty() {
            return;
        }
        self.push(", \"orm r\"(n, c) AS (");
        let (first, further): (Vec<_>, Vec<_>) =
            touch.links.iter().enumerate().partition(|(_, link)| link.from.is_none());
        self.separated(" UNION ALL ", first, |this, (nth, link)| {
            this.push(&format!("SELECT {}, f.ctid FROM \"orm u\" AS u JOIN ", link.to));
            this.relation(link.own);
            this.push(" AS f ON ");
            this.separated(" AND ", link.columns.iter().enumerate(), |this, (part, column)| {
                this.push("f.");
                this.name(column);
                this.push(&format!(" = u.f{nth}_{part}"));
            });
        });
        if !further.is_empty() {
            self.push(" UNION SELECT e.n, e.c FROM \"orm r\" AS r CROSS JOIN LATERAL (");
            self.separated(" UNION ALL ", further, |this, (_, link)| this.further(link));
            self.push(") AS e(n, c)");
        }
        self.push(")");
    }

    fn further(&mut self, link: &Link<'_>) {
        self.push(&format!("SELECT {}, f.ctid FROM ", link.to));
        self.relation(link.target);
        self.push(" AS p JOIN ");
        self.relation(link.own);
        self.push(" AS f ON ");
        self.separated(" AND ", link.columns.iter().zip(link.target_columns), |this, (column, target)| {
            this.push("f.");
            this.name(column);
            this.push(" = p.");
            this.name(target);
        });
        self.push(&format!(" WHERE r.n = {} AND p.ctid = r.c", link.from.unwrap_or_default()));
    }

    pub(super) fn cascaded_keys(&mut self, nth: usize, cascaded: &CascadedRows<'_>, limit: usize) {
        let (key, compared) = (0..cascaded.table.primary_key.len(), cascaded.places_compared());
        self.push(" FULL JOIN (SELECT f.o");
        key.clone().for_each(|part| self.push(&format!(", f.k{part}")));
        for place in cascaded.places_after() {
            self.push(", ");
            self.output_of(&cascaded.table.columns[place], |this| this.taken_over(cascaded, place));
        }
        self.push(" FROM \"orm r\" AS r CROSS JOIN LATERAL (SELECT TRUE");
        for column in cascaded.table.key() {
            self.push(", ");
            self.output("f.", column);
        }
        for &place in &compared {
            self.push(", f.");
            self.name(cascaded.table.columns[place].name);
        }
        self.push(" FROM ");
        self.relation(cascaded.relation);
        // The offset keeps PostgreSQL from reading the whole table for a join.
        self.push(" AS f WHERE f.ctid = r.c OFFSET 0) AS f(o");
        key.clone().for_each(|part| self.push(&format!(", k{part}")));
        compared.iter().for_each(|place| self.push(&format!(", x{place}")));
        self.push(")");
        for (number, change) in cascaded.key_changes.iter().enumerate() {
            self.push(&format!(" LEFT JOIN \"orm u\" AS m{number} ON "));
            self.separated(" AND ", &change.columns, |this, (place, column)| {
                this.push(&format!("m{number}.b{} = f.x{place}", column.place));
            });
        }
        self.push(" WHERE r.n IN (");
        self.separated(", ", &cascaded.groups, |this, group| this.push(&group.to_string()));
        self.push(&format!(") AND (SELECT count(*) FROM \"orm r\") <= ${limit}) AS a{nth}(o"));
        key.for_each(|part| self.push(&format!(", k{part}")));
        cascaded.places_after().for_each(|place| self.push(&format!(", a{place}")));
        self.push(") ON FALSE");
    }

    /// What a column of a cascaded row holds afterwards.
    fn taken_over(&mut self, cascaded: &CascadedRows<'_>, place: usize) {
        let column = &cascaded.table.columns[place];
        let constants = || cascaded.constants.iter().filter(|constant| constant.place == place);
        for constant in constants() {
            self.push(&format!(
                "CASE WHEN EXISTS (SELECT FROM \"orm r\" AS d WHERE d.n = {} AND d.c = r.c) THEN CAST({} AS {}) ELSE ",
                constant.group, constant.default, column.ty.name
            ));
        }
        self.push("coalesce(");
        for (number, change) in cascaded.key_changes.iter().enumerate() {
            if let Some((_, column)) = change.columns.iter().find(|(own, _)| *own == place) {
                self.push(&format!("m{number}.a{}, ", column.place));
            }
        }
        self.push(&format!("f.x{place})"));
        constants().for_each(|_| self.push(" END"));
    }

    pub(super) fn relation(&mut self, relation: Relation<'_>) {
        self.name(relation.schema);
        self.push(".");
        self.name(relation.name);
    }
}
