//! Writes SELECT down.

use std::panic::Location;

use super::{Outline, Tree};
use crate::error::Error;
use crate::query::ast::{Item, Join, Limit, Lock, Raw, Select};
use crate::query::render::Rendered;
use crate::query::{check, render, resolve};

impl Tree for Select {
    fn at(&self) -> Option<&'static Location<'static>> {
        Some(self.at)
    }

    fn outline(&self, outline: &mut Outline) {
        let Select {
            at: _,
            distinct,
            items,
            from,
            joins,
            filter,
            group,
            having,
            order,
            limit,
            offset,
            lock,
            more,
        } = self;
        let around = std::mem::take(&mut outline.windows);
        outline.number(1 | usize::from(*distinct) << 8 | usize::from(more.is_some()) << 9);
        if let Some(set) = self.set() {
            outline.set_operation(set);
        }
        if let Some(more) = more {
            outline.before_items(more);
        }
        // Those of a union are the first select's.
        if self.set().is_none() {
            outline.items(items);
        }
        if !self.keep().is_empty() {
            outline.list(order, |outline, item| outline.order_item(&item.content));
            outline.conditions(self.keep());
        }
        outline.list(from, |outline, source| outline.source(*source));
        if let Some(more) = more {
            let mut bodies: Vec<_> =
                more.bodies.iter().filter(|(source, _)| !self.is_joined(*source)).collect();
            bodies.sort_by_key(|(source, _)| from.iter().position(|other| other == source));
            outline.list(&bodies, |outline, (source, body)| outline.body(*source, body));
        }
        outline.list(joins, |outline, join| outline.join(&join.content, self));
        outline.conditions(filter);
        outline.conditions(group);
        outline.conditions(having);
        match self.set() {
            // As places in the row.
            Some(_) => outline.list(order, |outline, item| {
                outline.number(self.place_of(&item.content.node).unwrap_or(0));
                outline.sorting(&item.content);
            }),
            None if self.keep().is_empty() => outline.list(order, |outline, item| {
                match self.label_of(&item.content.node) {
                    Some(label) => {
                        outline.number(0);
                        outline.text(label);
                    }
                    None => outline.node(&item.content.node),
                }
                outline.sorting(&item.content);
            }),
            None => {}
        }
        match limit {
            None => outline.number(0),
            Some(Limit::Fixed(rows)) => outline.number(1 | usize::from(*rows) << 8),
            Some(Limit::Parameter(rows)) => {
                outline.number(2);
                outline.parameter(rows);
            }
        }
        outline.optional_parameter(offset.as_ref());
        match lock {
            None => outline.number(0),
            Some(lock) => outline.lock(&lock.content),
        }
        outline.windows = around;
    }

    fn render(&self) -> Result<Rendered, Error> {
        let resolved = resolve::select(self);
        check::select(self, &resolved)?;
        Ok(render::select(self, resolved))
    }
}

impl Tree for Raw {
    fn outline(&self, outline: &mut Outline) {
        outline.number(9);
        outline.raw(self);
    }

    fn render(&self) -> Result<Rendered, Error> {
        let resolved = resolve::raw(self);
        check::raw(self, &resolved)?;
        Ok(render::raw(self, resolved))
    }

    fn at(&self) -> Option<&'static Location<'static>> {
        self.at
    }
}

impl Outline {
    pub(super) fn items(&mut self, items: &[Item]) {
        self.list(items, |this, item| match item {
            Item::Value { node, label, ty, nullable } => {
                this.number(1 | usize::from(*nullable) << 8);
                this.ty(ty);
                this.optional_text(*label);
                this.node(node);
            }
            Item::Entity { source, optional } => {
                this.number(2 | usize::from(*optional) << 8);
                this.source(*source);
            }
        });
    }

    fn join(&mut self, join: &Join, select: &Select) {
        let Join { kind, source, on, with_next } = join;
        self.number(*kind as usize | usize::from(*with_next) << 8);
        self.source(*source);
        let body = select.body(*source);
        self.number(usize::from(body.is_some()));
        body.into_iter().for_each(|body| self.body(*source, body));
        self.optional_node(on.as_ref());
    }

    fn lock(&mut self, lock: &Lock) {
        let Lock { strength, of, locked } = lock;
        self.number(1 | strength.map_or(0, |strength| 1 + strength as usize) << 8 | (*locked as usize) << 16);
        self.list(of, |this, source| this.source(source.content));
    }
}
