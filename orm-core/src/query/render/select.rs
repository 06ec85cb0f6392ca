//! Renders SELECT.

use super::{Rendered, Renderer};
use crate::query::ast::{
    ColumnRef, Item, Join, JoinKind, Limit, Lock, Locked, Logical, Node, Placed, Raw, Select, Source,
    Strength,
};
use crate::types::PgType;

/// Whether equal parameters have to share a number.
fn shares(select: &Select) -> bool {
    select.distinct || !select.group.is_empty()
}

/// The text and parameters of a SELECT.
pub(crate) fn select(select: &Select, sources: &[Source]) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.share = shares(select);
    renderer.select(select, sources);
    let first = sources.first().copied().or_else(|| Some(select.joins.first()?.content.source));
    renderer.out.what = first.map_or("the statement", |source| source.table.entity);
    renderer.finish()
}

/// The text and parameters of a statement of the program.
pub(crate) fn raw(raw: &Raw) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.raw(raw);
    // Nobody knows the types of its columns.
    renderer.out.looks_up = true;
    renderer.out.what = "the statement";
    renderer.finish()
}

impl Renderer {
    /// A statement inside another.
    pub(super) fn subquery(&mut self, select: &Select) {
        let (filter, looks_up) = (self.out.filter.take(), self.out.looks_up);
        self.share |= shares(select);
        self.push("(");
        self.select(select, &select.sources());
        self.push(")");
        self.out.filter = filter;
        self.out.looks_up = looks_up;
    }

    fn select(&mut self, select: &Select, sources: &[Source]) {
        self.push("SELECT ");
        if select.distinct {
            self.push("DISTINCT ");
        }
        self.items(&select.items, !select.distinct);
        if !sources.is_empty() {
            self.push(" FROM ");
            // A comma would hide the first tables from the conditions of the joins that follow.
            self.separated(" CROSS JOIN ", sources.iter().copied(), Self::source);
        }
        select.joins.iter().for_each(|join| self.join(&join.content));
        self.filter_by(&select.filter);
        if !select.group.is_empty() {
            self.push(" GROUP BY ");
            self.separated(", ", &select.group, |this, group| this.node(&group.content));
        }
        self.conditions(" HAVING ", &select.having);
        if !select.order.is_empty() {
            self.push(" ORDER BY ");
            self.separated(", ", &select.order, |this, order| {
                match select.label_of(&order.content.node) {
                    Some(label) => this.name(label),
                    None => this.node(&order.content.node),
                }
                this.sorting(&order.content);
            });
        }
        match &select.limit {
            None => {}
            Some(Limit::Fixed(rows)) => {
                self.push(" LIMIT ");
                self.digits(usize::from(*rows));
            }
            Some(Limit::Parameter(rows)) => {
                self.push(" LIMIT ");
                self.parameter(rows);
            }
        }
        if let Some(rows) = &select.offset {
            self.push(" OFFSET ");
            self.parameter(rows);
        }
        if let Some(lock) = &select.lock {
            self.lock(&lock.content);
        }
    }

    fn lock(&mut self, lock: &Lock) {
        self.push(match lock.strength {
            None => return,
            Some(Strength::Update) => " FOR UPDATE",
            Some(Strength::NoKeyUpdate) => " FOR NO KEY UPDATE",
            Some(Strength::Share) => " FOR SHARE",
            Some(Strength::KeyShare) => " FOR KEY SHARE",
        });
        if !lock.of.is_empty() {
            self.push(" OF ");
            self.separated(", ", &lock.of, |this, source| this.name(source.content.name()));
        }
        self.push(match lock.locked {
            Locked::Wait => "",
            Locked::Refuse => " NOWAIT",
            Locked::Skip => " SKIP LOCKED",
        });
    }

    /// What a row is made of. Enums go out as text where they may: their numbers differ from database to database, and
    /// the driver would have to look them up.
    pub(super) fn items(&mut self, items: &[Item], as_text: bool) {
        self.separated(", ", items, |this, item| match item {
            Item::Value { node, label, ty, .. } => {
                this.value(node, ty, as_text);
                if let Some(label) = label {
                    this.push(" AS ");
                    this.name(label);
                }
            }
            Item::Entity { source, .. } => this.entity(*source, as_text),
        });
    }

    fn value(&mut self, node: &Node, ty: &PgType, as_text: bool) {
        match ty.sent_as {
            None => self.node(node),
            Some(sent_as) if as_text => {
                self.push("CAST(");
                self.node(node);
                self.push(" AS ");
                self.push(sent_as);
                self.push(")");
            }
            Some(_) => {
                self.node(node);
                self.out.looks_up = true;
            }
        }
    }

    fn entity(&mut self, source: Source, as_text: bool) {
        self.separated(", ", source.table.columns, |this, meta| {
            let column = ColumnRef { meta, alias: source.alias };
            if meta.ty.is_builtin() {
                this.column(column);
            } else {
                this.value(&Node::Column(column), meta.ty, as_text);
            }
        });
    }

    pub(super) fn source(&mut self, source: Source) {
        self.table(source.table);
        if let Some(alias) = source.alias {
            self.push(" AS ");
            self.name(alias);
        }
    }

    fn join(&mut self, join: &Join) {
        self.push(match join.kind {
            JoinKind::Inner => " JOIN ",
            JoinKind::Left => " LEFT JOIN ",
            JoinKind::Right => " RIGHT JOIN ",
            JoinKind::Full => " FULL JOIN ",
            JoinKind::Cross => " CROSS JOIN ",
        });
        self.source(join.source);
        if let Some(on) = &join.on {
            self.push(" ON ");
            self.node(on);
        }
    }

    /// WHERE of the whole statement.
    pub(super) fn filter_by(&mut self, conditions: &[Placed<Node>]) {
        let start = self.out.sql.len();
        self.conditions(" WHERE ", conditions);
        self.out.filter = Some(start..self.out.sql.len());
    }

    fn conditions(&mut self, word: &str, conditions: &[Placed<Node>]) {
        match conditions {
            [] => {}
            [only] => {
                self.push(word);
                self.node(&only.content);
            }
            several => {
                self.push(word);
                self.separated(" AND ", several, |this, condition| {
                    this.condition(Logical::And, &condition.content)
                });
            }
        }
    }
}
