//! Renders a statement that writes so that it tells which rows it touched, and which rows foreign keys take along.
//!
//! The statement becomes a CTE. The SELECT behind it sees the tables as they were before, so it finds the rows that point
//! at deleted ones, over however many levels, whether anybody has loaded them or not.

use super::{Rendered, Renderer};
use crate::query::ast::Item;
use crate::schema::TableMeta;
use crate::types::Parameter;

/// What a statement tells of the rows it touched, besides what its own RETURNING asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch<'a> {
    pub(crate) table: &'static TableMeta,
    pub(crate) gives: Gives,
    /// It tells how many rows there are, and of more than so many no more than that.
    pub(crate) limit: i64,
    /// The numbers of the tables whose triggers are counted.
    pub(crate) counted: &'a [i64],
    pub(crate) links: &'a [Link<'a>],
    pub(crate) along: &'a [Along<'a>],
}

/// What is told of each touched row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    Nothing,
    Key,
    /// The key, and behind it the whole row as it is afterwards.
    Row,
}

/// A foreign key along which rows are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link<'a> {
    /// The group of rows it points at; `None` is what the statement touched.
    pub(crate) from: Option<usize>,
    pub(crate) target: Relation<'a>,
    pub(crate) target_columns: &'a [String],
    /// The group its own rows belong to.
    pub(crate) to: usize,
    pub(crate) own: Relation<'a>,
    pub(crate) columns: &'a [String],
}

/// A table by its names in the database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relation<'a> {
    pub(crate) schema: &'a str,
    pub(crate) name: &'a str,
}

/// Rows taken along whose keys are told.
#[derive(Clone, Debug)]
pub(crate) struct Along<'a> {
    pub(crate) table: &'static TableMeta,
    pub(crate) relation: Relation<'a>,
    /// The groups it is about.
    pub(crate) groups: Vec<usize>,
}

/// The rows of a statement in this form have these columns: those of its own RETURNING; the number of touched rows, that
/// of rows taken along, the number of the table, that of triggers, all NULL beside rows taken along; TRUE for a touched row,
/// and what is told of it; for each table of rows taken along, TRUE for such a row, and its key.
pub(crate) fn touching(statement: &Rendered, returning: &[Item], touch: &Touch<'_>) -> Rendered {
    let mut out = Renderer::new();
    let returned = Renderer::names_of(returning);
    let limit = statement.parameters.len() + 1;
    out.push(if touch.links.iter().any(|link| link.from.is_some()) { "WITH RECURSIVE " } else { "WITH " });
    out.push("\"orm u\"(");
    returned.iter().for_each(|(name, _)| {
        out.name(name);
        out.push(", ");
    });
    out.push("o, t");
    let told = touch.told();
    told.iter().for_each(|name| out.push(&format!(", {name}")));
    out.targets(touch, &mut |out, name, _| out.push(&format!(", {name}")));
    out.push(") AS (");
    out.inner(statement);
    out.push(if returned.is_empty() { " RETURNING " } else { ", " });
    out.push("TRUE, tableoid::bigint");
    out.tell(touch);
    out.targets(touch, &mut |out, _, column| {
        out.push(", ");
        out.name(column);
    });
    out.push(")");
    out.along(touch);
    out.push(" SELECT ");
    for (name, label) in &returned {
        out.push("u.");
        out.name(name);
        out.push(" AS ");
        out.name(label.as_deref().unwrap_or("?column?"));
        out.push(", ");
    }
    out.push("c.n, c.m, c.t, c.p, u.o");
    told.iter().for_each(|name| out.push(&format!(", u.{name}")));
    for (nth, along) in touch.along.iter().enumerate() {
        out.push(&format!(", a{nth}.o"));
        (0..along.table.primary_key.len()).for_each(|part| out.push(&format!(", a{nth}.k{part}")));
    }
    out.push(" FROM (SELECT count(*) AS n, ");
    out.push(if touch.links.is_empty() { "0::bigint" } else { "(SELECT count(*) FROM \"orm r\")" });
    out.push(" AS m, max(t) AS t, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = ANY('{");
    out.separated(",", touch.counted, |this, oid| this.push(&oid.to_string()));
    out.push("}'::oid[])) AS p FROM \"orm u\") AS c LEFT JOIN \"orm u\" AS u ON ");
    out.push(&match (returned.is_empty(), touch.gives) {
        (false, _) => "TRUE".to_owned(),
        (true, Gives::Nothing) => "FALSE".to_owned(),
        (true, _) => format!("c.n <= ${limit}"),
    });
    for (nth, along) in touch.along.iter().enumerate() {
        out.along_keys(nth, along, limit);
    }
    out.parameters.push(Parameter::new(touch.limit));
    out.finish()
}

impl Touch<'_> {
    /// What the columns told of a touched row are called.
    fn told(&self) -> Vec<String> {
        let key = (0..self.table.primary_key.len()).map(|part| format!("k{part}"));
        match self.gives {
            Gives::Nothing => Vec::new(),
            Gives::Key => key.collect(),
            Gives::Row => key.chain((0..self.table.columns.len()).map(|place| format!("c{place}"))).collect(),
        }
    }
}

impl Renderer {
    /// The statement itself, with what was known of its text.
    fn inner(&mut self, statement: &Rendered) {
        let at = self.out.sql.len();
        let text = &statement.text;
        self.push(&text.sql);
        self.parameters.clone_from(&statement.parameters);
        self.out.filter = text.filter.as_ref().map(|filter| filter.start + at..filter.end + at);
        self.out.stored.clone_from(&text.stored);
        (self.out.conflict, self.out.looks_up, self.out.what) = (text.conflict, text.looks_up, text.what);
    }

    fn tell(&mut self, touch: &Touch<'_>) {
        if touch.gives == Gives::Nothing {
            return;
        }
        for column in touch.table.key() {
            self.push(", ");
            self.output("", column);
        }
        if touch.gives == Gives::Row {
            self.push(", ");
            self.outputs("", touch.table);
        }
    }

    /// The columns of touched rows that foreign keys point at.
    fn targets(&mut self, touch: &Touch<'_>, write: &mut dyn FnMut(&mut Self, &str, &str)) {
        for (nth, link) in touch.links.iter().enumerate().filter(|(_, link)| link.from.is_none()) {
            for (part, column) in link.target_columns.iter().enumerate() {
                write(self, &format!("f{nth}_{part}"), column);
            }
        }
    }

    /// `"orm r"`: the places `c` of the rows taken along, each in a group `n`.
    fn along(&mut self, touch: &Touch<'_>) {
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

    fn along_keys(&mut self, nth: usize, along: &Along<'_>, limit: usize) {
        self.push(" FULL JOIN (SELECT f.* FROM \"orm r\" AS r CROSS JOIN LATERAL (SELECT TRUE");
        for column in along.table.key() {
            self.push(", ");
            self.output("f.", column);
        }
        self.push(" FROM ");
        self.relation(along.relation);
        // The offset keeps PostgreSQL from reading the whole table for a join.
        self.push(" AS f WHERE f.ctid = r.c OFFSET 0) AS f(o");
        (0..along.table.primary_key.len()).for_each(|part| self.push(&format!(", k{part}")));
        self.push(") WHERE r.n IN (");
        self.separated(", ", &along.groups, |this, group| this.push(&group.to_string()));
        self.push(&format!(") AND (SELECT count(*) FROM \"orm r\") <= ${limit}) AS a{nth} ON FALSE"));
    }

    fn relation(&mut self, relation: Relation<'_>) {
        self.name(relation.schema);
        self.push(".");
        self.name(relation.name);
    }
}
