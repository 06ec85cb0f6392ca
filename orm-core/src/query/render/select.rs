//! Renders SELECT.

use std::sync::Arc;

use super::{Rendered, Renderer};
use crate::query::ast::{
    ColumnRef, DefaultFilters, Item, Join, JoinKind, Limit, Lock, Locked, Logical, Node, Placed, Raw, Select,
    Source, Strength, default_filters,
};
use crate::query::resolve::Resolved;
use crate::types::PgType;

/// The text and parameters of a SELECT.
pub(crate) fn select(select: &Select, resolved: Resolved) -> Rendered {
    let mut renderer = Renderer::new();
    let first = resolved.level(Resolved::TOP).own().next();
    renderer.open(resolved);
    renderer.select(select, !select.distinct);
    renderer.out.what = first.map_or("the statement", what);
    renderer.out.plan_each_time = select.more.as_ref().is_some_and(|more| more.plan_each_time);
    renderer.finish()
}

/// What the rows of a source are called.
fn what(source: Source) -> &'static str {
    match source.alias {
        Some(alias) if alias.is_derived() => alias.name(),
        _ => source.table.entity,
    }
}

/// The text and parameters of a statement of the program.
pub(crate) fn raw(raw: &Raw, resolved: Resolved) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.open(resolved);
    renderer.raw_statement(raw);
    // Nobody knows the types of its columns.
    renderer.out.looks_up = true;
    renderer.out.what = "the statement";
    renderer.finish()
}

impl Renderer {
    /// A statement inside another.
    pub(super) fn subquery(&mut self, select: &Arc<Select>) {
        let (filter, looks_up) = (self.out.filter.take(), self.out.looks_up);
        let level = self.resolved.as_ref().map_or(self.level, |resolved| resolved.inner(self.level, select));
        let before = std::mem::replace(&mut self.level, level);
        self.push("(");
        self.select(select, false);
        self.push(")");
        self.level = before;
        self.out.filter = filter;
        self.out.looks_up = looks_up;
    }

    pub(super) fn select(&mut self, select: &Select, as_text: bool) {
        if let Some(set) = select.set() {
            return self.set_operation(select, set);
        }
        let around = std::mem::take(&mut self.windows);
        match select.keep() {
            [] => self.plain(select, as_text),
            _ => self.kept(select, as_text),
        }
        self.windows = around;
    }

    fn plain(&mut self, select: &Select, as_text: bool) {
        self.push("SELECT ");
        if select.distinct {
            self.push("DISTINCT ");
        } else if !select.distinct_on().is_empty() {
            self.push("DISTINCT ON (");
            self.separated(", ", select.distinct_on(), |this, on| this.node(&on.content));
            self.push(") ");
        }
        self.items(&select.items, as_text);
        self.tables_and_conditions(select);
        let place = self.out.sql.len();
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
        if !self.windows.is_empty() {
            self.named_windows(place);
        }
        self.limited(select);
        if let Some(lock) = &select.lock {
            self.lock(&lock.content);
        }
    }

    /// From FROM to HAVING.
    pub(super) fn tables_and_conditions(&mut self, select: &Select) {
        let resolved = self.resolved.clone();
        let from = resolved.as_ref().map_or(&[][..], |resolved| &resolved.level(self.level).from);
        let filters = select.default_filters(from);
        if !from.is_empty() {
            self.push(" FROM ");
            // A comma would hide the first tables from the conditions of the joins that follow.
            self.separated(" CROSS JOIN ", from.iter().copied(), |this, source| {
                this.filtered_source(source, select, &filters);
            });
        }
        self.joins(select, &filters);
        self.filter_by(&select.filter, &filters.rest);
        if !select.group.is_empty() {
            self.push(" GROUP BY ");
            self.separated(", ", &select.group, |this, group| this.node(&group.content));
        }
        self.conditions(" HAVING ", &select.having);
    }

    /// LIMIT and OFFSET.
    pub(super) fn limited(&mut self, select: &Select) {
        let with_ties = select.more.as_ref().is_some_and(|more| more.with_ties);
        self.push(match select.limit {
            None => "",
            Some(_) if with_ties => " FETCH FIRST ",
            Some(_) => " LIMIT ",
        });
        match &select.limit {
            None => {}
            Some(Limit::Fixed(rows)) => self.digits(usize::from(*rows)),
            Some(Limit::Parameter(rows)) => self.parameter(rows),
        }
        if with_ties {
            self.push(" ROWS WITH TIES");
        }
        if let Some(rows) = &select.offset {
            self.push(" OFFSET ");
            self.parameter(rows);
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
        self.cell(ty, as_text, |this| this.node(node));
    }

    /// A value of a row that is sent to the program, or to the statement around it.
    pub(super) fn cell(&mut self, ty: &PgType, as_text: bool, write: impl FnOnce(&mut Self)) {
        match ty.sent_as {
            None => write(self),
            Some(sent_as) if as_text => {
                self.push("CAST(");
                write(self);
                self.push(" AS ");
                self.push(sent_as);
                self.push(")");
            }
            Some(_) => {
                write(self);
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
            self.name(alias.name());
        }
    }

    fn joins(&mut self, select: &Select, filters: &DefaultFilters) {
        let mut joins = select.joins.iter().map(|join| &join.content).enumerate();
        while let Some((nth, join)) = joins.next() {
            self.push(match join.kind {
                JoinKind::Inner => " JOIN ",
                JoinKind::Left => " LEFT JOIN ",
                JoinKind::Right => " RIGHT JOIN ",
                JoinKind::Full => " FULL JOIN ",
                JoinKind::Cross => " CROSS JOIN ",
            });
            match if join.with_next { joins.next() } else { None } {
                None => self.filtered_source(join.source, select, filters),
                Some((nth, inside)) => {
                    self.push("(");
                    self.filtered_source(join.source, select, filters);
                    self.push(" JOIN ");
                    self.filtered_source(inside.source, select, filters);
                    self.on(inside, filters.on(nth));
                    self.push(")");
                }
            }
            self.on(join, filters.on(nth));
        }
    }

    /// ON, with the conditions of models.
    fn on(&mut self, join: &Join, filters: &[Node]) {
        let Some(on) = &join.on else { return };
        self.push(" ON ");
        if filters.is_empty() {
            return self.node(on);
        }
        self.condition(Logical::And, on);
        for filter in filters {
            self.push(" AND ");
            self.condition(Logical::And, filter);
        }
    }

    /// A source of FROM.
    fn filtered_source(&mut self, source: Source, select: &Select, filters: &DefaultFilters) {
        match filters.inside.contains(&source) {
            true => self.only_what_is_left(source, &default_filters(source, select.without())),
            false => self.table_source(source),
        }
    }

    /// A source of FROM, of whose rows only those count for which this is true.
    pub(super) fn only_what_is_left(&mut self, source: Source, filters: &[Node]) {
        if filters.is_empty() {
            return self.table_source(source);
        }
        self.push("(SELECT ");
        self.separated(", ", source.table.columns, |this, column| {
            this.name(source.name());
            this.push(".");
            this.name(column.name);
        });
        self.push(" FROM ");
        self.source(source);
        self.push(" WHERE ");
        self.separated(" AND ", filters, |this, filter| this.condition(Logical::And, filter));
        self.push(") AS ");
        self.name(source.name());
    }

    /// WHERE of the whole statement; `defaults` are conditions that it has by itself.
    pub(super) fn filter_by(&mut self, conditions: &[Placed<Node>], defaults: &[Node]) {
        let start = self.out.sql.len();
        match (conditions, defaults) {
            (_, []) => self.conditions(" WHERE ", conditions),
            ([], [only]) => {
                self.push(" WHERE ");
                self.node(only);
            }
            _ => {
                self.push(" WHERE ");
                let conditions = conditions.iter().map(|condition| &condition.content);
                self.separated(" AND ", conditions.chain(defaults), |this, condition| {
                    this.condition(Logical::And, condition);
                });
            }
        }
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
