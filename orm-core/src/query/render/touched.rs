//! Renders a statement that writes so that it tells which rows it touched, and which rows foreign keys change or delete with them.
//!
//! The statement becomes a CTE. The SELECT behind it sees the tables as they were before, so it finds the rows that point
//! at deleted ones, over however many levels, whether anybody has loaded them or not.

use super::own::Own;
use super::{CascadedColumns, Rendered, Renderer};
use crate::query::ast::{Item, Update};
use crate::schema::{ColumnMeta, TableMeta, fitted};
use crate::types::Parameter;

/// What a statement tells of the rows it touched, besides what its own RETURNING asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch<'a> {
    pub(crate) table: &'static TableMeta,
    /// What a touched row is called, where other tables stand beside it.
    pub(crate) row: Option<&'static str>,
    pub(crate) gives: Gives,
    /// It tells how many rows there are, and of more than so many no more than that.
    pub(crate) limit: i64,
    /// The numbers of the tables whose triggers are counted.
    pub(crate) counted: &'a [i64],
    pub(crate) links: &'a [Link<'a>],
    pub(crate) cascaded: &'a [CascadedRows<'a>],
    pub(crate) before: Option<Before<'a>>,
    /// The places of the columns by which an INSERT that changes keys finds the rows that it changes.
    pub(crate) found_by: Option<&'a [usize]>,
}

/// An UPDATE that changes keys, and the columns of which it tells what they held before it: the key among them, and all that
/// links point at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before<'a> {
    pub(crate) update: &'a Update,
    pub(crate) columns: &'a [&'static ColumnMeta],
}

/// What is told of each touched row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    Nothing,
    Key,
    /// The key, and behind it the whole row as it is afterwards.
    Row,
}

/// A foreign key by which changes cascade.
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

/// Cascaded rows whose keys are told.
#[derive(Clone, Debug)]
pub(crate) struct CascadedRows<'a> {
    pub(crate) table: &'static TableMeta,
    pub(crate) relation: Relation<'a>,
    /// The groups it is about.
    pub(crate) groups: Vec<usize>,
    /// What its key takes over from touched rows, with places among its columns. If there is any, the key that a row has
    /// afterwards is told behind the one it had.
    pub(crate) key_changes: Vec<CascadedColumns>,
    /// What its key becomes apart from those.
    pub(crate) constants: Vec<CascadedDefault>,
}

/// A column of cascaded rows that becomes the default of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CascadedDefault {
    /// The group of rows of which it does.
    pub(crate) group: usize,
    pub(crate) place: usize,
    pub(crate) default: &'static str,
}

/// The rows of a statement in this form have these columns: those of its own RETURNING; the number of touched rows, that
/// of cascaded rows, the number of the table, that of triggers, all NULL beside cascaded rows; TRUE for a touched row,
/// and what is told of it; for each table of cascaded rows, TRUE for such a row, and its key. Keys are those of before.
pub(crate) fn touching(statement: &Rendered, returning: &[Item], touch: &Touch<'_>) -> Rendered {
    let mut out = Renderer::new();
    let returned = Renderer::names_of(returning);
    out.push(if touch.links.iter().any(|link| link.from.is_some()) { "WITH RECURSIVE " } else { "WITH " });
    out.push("\"orm u\"(");
    returned.iter().for_each(|(name, _)| {
        out.name(name);
        out.push(", ");
    });
    out.push("o, t");
    let told = touch.told();
    told.iter().for_each(|name| out.push(&format!(", {name}")));
    touch.found_by().iter().for_each(|place| out.push(&format!(", x{place}")));
    out.targets(touch, &mut |out, name, _| out.push(&format!(", {name}")));
    for column in touch.kept() {
        out.push(&format!(", b{0}, a{0}", column.place));
    }
    out.push(") AS (");
    out.inner(statement, returning, touch);
    out.push("TRUE, ");
    out.row(touch);
    out.push("tableoid::bigint");
    out.tell(touch);
    for &place in touch.found_by() {
        out.push(", ");
        out.name(touch.table.columns[place].name);
    }
    out.targets(touch, &mut |out, _, column| {
        out.push(", ");
        out.target(touch, column);
    });
    if let Some(before) = &touch.before {
        out.push(", ");
        out.before_and_after(before.update, before.columns);
    }
    out.push(")");
    let limit = out.parameters.len() + 1;
    out.cascaded(touch);
    out.push(" SELECT ");
    for (name, label) in &returned {
        out.push("u.");
        out.name(name);
        out.push(" AS ");
        out.name(label.as_deref().unwrap_or("?column?"));
        out.push(", ");
    }
    out.push("c.n, c.m, c.t, c.p, u.o");
    for column in touch.table.key().filter(|_| touch.found_by.is_some() && touch.gives != Gives::Nothing) {
        out.push(", ");
        out.output("b.", column);
    }
    told.iter().for_each(|name| out.push(&format!(", u.{name}")));
    for (nth, cascaded) in touch.cascaded.iter().enumerate() {
        out.push(&format!(", a{nth}.o"));
        (0..cascaded.table.primary_key.len()).for_each(|part| out.push(&format!(", a{nth}.k{part}")));
        cascaded.places_after().for_each(|place| out.push(&format!(", a{nth}.a{place}")));
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
    out.found_rows(touch);
    for (nth, cascaded) in touch.cascaded.iter().enumerate() {
        out.cascaded_keys(nth, cascaded, limit);
    }
    out.parameters.push(Parameter::new(touch.limit));
    out.finish()
}

impl Touch<'_> {
    /// The columns of which is told what they were before.
    fn kept(&self) -> &[&'static ColumnMeta] {
        self.before.map_or(&[], |before| before.columns)
    }

    fn found_by(&self) -> &[usize] {
        self.found_by.unwrap_or_default()
    }

    /// What the columns told of a touched row are called.
    fn told(&self) -> Vec<String> {
        let parts = if self.found_by.is_some() { 0 } else { self.table.primary_key.len() };
        let key = (0..parts).map(|part| format!("k{part}"));
        match self.gives {
            Gives::Nothing => Vec::new(),
            Gives::Key => key.collect(),
            Gives::Row => key.chain((0..self.table.columns.len()).map(|place| format!("c{place}"))).collect(),
        }
    }
}

impl Renderer {
    /// The statement up to what its RETURNING tells.
    fn inner(&mut self, statement: &Rendered, returning: &[Item], touch: &Touch<'_>) {
        let Some(before) = &touch.before else {
            self.known(statement);
            self.push(if returning.is_empty() { " RETURNING " } else { ", " });
            return;
        };
        self.update_joined(before.update, before.columns);
        self.push(" RETURNING ");
        if !returning.is_empty() {
            self.items(returning, true);
            self.push(", ");
        }
    }

    /// The statement as it was rendered, with what was known of its text.
    fn known(&mut self, statement: &Rendered) {
        let at = self.out.sql.len();
        let text = &statement.text;
        self.push(&text.sql);
        self.parameters.clone_from(&statement.parameters);
        self.out.filter = text.filter.as_ref().map(|filter| filter.start + at..filter.end + at);
        self.out.stored.clone_from(&text.stored);
        self.out.has_secrets = text.has_secrets;
        (self.out.conflict, self.out.looks_up, self.out.what) = (text.conflict, text.looks_up, text.what);
    }

    fn tell(&mut self, touch: &Touch<'_>) {
        if touch.gives == Gives::Nothing {
            return;
        }
        for column in touch.table.key().filter(|_| touch.found_by.is_none()) {
            self.push(", ");
            self.output_of(column, |this| this.target(touch, &fitted(column.name, "")));
        }
        if touch.gives == Gives::Row {
            self.push(", ");
            self.separated(", ", touch.table.columns, |this, column| {
                this.output_of(column, |this| {
                    this.row(touch);
                    this.name(column.name);
                });
            });
        }
    }

    /// What a touched row is called, in front of its columns.
    fn row(&mut self, touch: &Touch<'_>) {
        if let Some(row) = touch.row {
            self.name(row);
            self.push(".");
        }
    }

    /// A column of a touched row as it was before, by its name in the database; the key where nothing changes it.
    fn target(&mut self, touch: &Touch<'_>, name: &str) {
        let kept = touch.kept().iter().find(|column| fitted(column.name, "") == name);
        match kept {
            None => {
                self.row(touch);
                self.name(name);
            }
            Some(column) => {
                let own = Own::of(&[touch.table]);
                self.push(&format!("{}.{}", own.before(), own.old(column.place)));
            }
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

    /// The rows as they were that an INSERT has changed.
    fn found_rows(&mut self, touch: &Touch<'_>) {
        if touch.found_by().is_empty() {
            return;
        }
        self.push(" LEFT JOIN ");
        self.table(touch.table);
        self.push(" AS b ON ");
        self.separated(" AND ", touch.found_by(), |this, place| {
            this.push("b.");
            this.name(touch.table.columns[*place].name);
            this.push(&format!(" = u.x{place}"));
        });
    }
}
