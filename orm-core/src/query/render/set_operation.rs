//! Renders UNION, INTERSECT and EXCEPT, and what keeps rows by windows.

use super::Renderer;
use crate::query::ast::{Item, Select, SetOperation};

impl Renderer {
    /// The selects that are on this level.
    pub(super) fn arms(&self) -> Vec<usize> {
        self.resolved.as_ref().map_or_else(Vec::new, |resolved| resolved.level(self.level).arms.clone())
    }

    /// One of several selects, with an order and a limit of its own.
    pub(super) fn arm(&mut self, select: &Select, level: usize) {
        let before = std::mem::replace(&mut self.level, level);
        self.push("(");
        self.select(select, false);
        self.push(")");
        self.level = before;
    }

    pub(super) fn set_operation(&mut self, select: &Select, set: &SetOperation) {
        let arms = set.arms.iter().zip(self.arms());
        self.separated(set.sql(), arms, |this, (arm, level)| this.arm(arm, level));
        // Of no single table.
        self.out.filter = None;
        if !select.order.is_empty() {
            self.push(" ORDER BY ");
            self.separated(", ", &select.order, |this, order| {
                this.digits(select.place_of(&order.content.node).unwrap_or(1));
                this.sorting(&order.content);
            });
        }
        self.limited(select);
    }

    /// A select whose rows are kept by conditions that windows stand in: PostgreSQL knows what a window gives only outside
    /// of the statement that has it.
    pub(super) fn kept(&mut self, select: &Select, as_text: bool) {
        let width = select.items.iter().map(Item::width).sum();
        self.push("SELECT ");
        let mut place = 0;
        self.separated(", ", &select.items, |this, item| {
            let first = place;
            place += item.width();
            match item {
                Item::Value { label, ty, .. } => {
                    this.cell(ty, as_text, |this| this.numbered_name('c', first));
                    if let Some(label) = label {
                        this.push(" AS ");
                        this.name(label);
                    }
                }
                Item::Entity { source, .. } => {
                    this.separated(", ", source.table.columns.iter().enumerate(), |this, (nth, meta)| {
                        this.cell(meta.ty, as_text, |this| this.numbered_name('c', first + nth));
                        this.push(" AS ");
                        this.name(meta.name);
                    });
                }
            }
        });
        self.push(" FROM (SELECT ");
        self.items(&select.items, false);
        for order in &select.order {
            self.push(", ");
            self.node(&order.content.node);
        }
        for keep in select.keep() {
            self.push(", ");
            self.node(&keep.content);
        }
        self.tables_and_conditions(select);
        if !self.windows.is_empty() {
            self.named_windows(self.out.sql.len());
        }
        self.push(") AS kept(");
        let parts = [('c', width), ('o', select.order.len()), ('k', select.keep().len())];
        let names = parts.into_iter().flat_map(|(letter, count)| (0..count).map(move |nth| (letter, nth)));
        self.separated(", ", names, |this, (letter, nth)| this.numbered_name(letter, nth));
        self.push(") WHERE ");
        self.separated(" AND ", 0..select.keep().len(), |this, nth| this.numbered_name('k', nth));
        if !select.order.is_empty() {
            self.push(" ORDER BY ");
            self.separated(", ", select.order.iter().enumerate(), |this, (nth, order)| {
                this.numbered_name('o', nth);
                this.sorting(&order.content);
            });
        }
        self.limited(select);
    }

    fn numbered_name(&mut self, letter: char, nth: usize) {
        self.out.sql.push(letter);
        self.digits(nth);
    }
}
