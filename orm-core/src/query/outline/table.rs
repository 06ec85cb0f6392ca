//! Writes derived tables and CTEs down.

use std::sync::Arc;

use super::{Outline, Tree};
use crate::query::ast::{
    Body, BodyKind, Content, Cycle, FunctionColumns, JsonColumn, More, Sample, Search, SetOperation, Source,
};

impl Outline {
    /// What stands before the select list.
    pub(super) fn before_items(&mut self, more: &More) {
        let More {
            bodies: _,
            with,
            correlated,
            distinct_on,
            with_ties,
            set: _,
            keep: _,
            without,
            plan_each_time,
            together: _,
            refused,
        } = more;
        self.number(
            usize::from(*with_ties)
                | usize::from(*plan_each_time) << 8
                | usize::from(refused.is_some()) << 16,
        );
        self.list(with, Self::cte);
        self.list(without, |this, name| this.text(name));
        self.list(correlated, |this, source| this.source(*source));
        self.conditions(distinct_on);
    }

    pub(super) fn set_operation(&mut self, set: &SetOperation) {
        let SetOperation { operator, all, arms } = set;
        self.number(*operator as usize | usize::from(*all) << 8);
        self.list(arms, |this, arm| arm.outline(this));
    }

    /// What stands behind a source.
    pub(super) fn body(&mut self, source: Source, body: &Arc<Body>) {
        self.source(source);
        match body.kind {
            BodyKind::Cte(_) | BodyKind::Recursive => self.cte(body),
            BodyKind::Derived | BodyKind::Lateral | BodyKind::Itself | BodyKind::Sampled => self.whole(body),
        }
    }

    /// A CTE, which stands in WITH: before everything else, behind those it uses, and once.
    pub(super) fn cte(&mut self, body: &Arc<Body>) {
        let place = Arc::as_ptr(body) as usize;
        if let Some(nth) = self.ctes.iter().position(|other| *other == place) {
            return self.number(nth);
        }
        self.ctes.push(place);
        self.number(self.ctes.len() + BEYOND);
        let around = std::mem::take(&mut self.parameters);
        self.whole(body);
        let own = std::mem::replace(&mut self.parameters, around);
        self.with.extend(own);
    }

    fn whole(&mut self, body: &Body) {
        let Body { at: _, kind, name, columns, content } = body;
        self.number(match kind {
            BodyKind::Derived => 1,
            BodyKind::Lateral => 2,
            BodyKind::Cte(materialized) => 3 | (*materialized as usize) << 8,
            BodyKind::Recursive => 4,
            BodyKind::Itself => 5,
            BodyKind::Sampled => 6,
        });
        self.text(name);
        self.list(columns, |this, column| this.text(column));
        match content {
            Content::Itself | Content::Refused(_) => self.number(0),
            Content::Select(select) => select.outline(self),
            Content::Recursive(recursive) => {
                self.number(10 | usize::from(recursive.distinct) << 8);
                recursive.first.outline(self);
                recursive.step.outline(self);
                self.list(recursive.search.as_slice(), Self::search);
                self.list(recursive.cycle.as_slice(), Self::cycle);
            }
            Content::Insert(insert) => insert.outline(self),
            Content::Update(update) => update.outline(self),
            Content::Delete(delete) => delete.outline(self),
            Content::Rows(columns) => {
                self.number(11);
                self.rows(columns);
            }
            Content::Function(function) => {
                self.number(12 | usize::from(function.ordinality) << 8);
                self.node(&function.call);
                self.function_columns(&function.columns);
            }
            Content::Raw(raw) => {
                self.number(13);
                self.raw(raw);
            }
            Content::Sample(Sample { method, percent, seed }) => {
                self.number(14);
                self.text(method);
                self.parameter(percent);
                self.optional_parameter(seed.as_ref());
            }
        }
    }

    fn function_columns(&mut self, columns: &FunctionColumns) {
        match columns {
            FunctionColumns::Known => self.number(0),
            FunctionColumns::Typed(types) => {
                self.number(1);
                self.list(types, |this, ty| this.text(ty));
            }
            FunctionColumns::Json { path, columns } => {
                self.number(2);
                self.text(path);
                self.list(columns, |this, column| match column {
                    JsonColumn::Ordinality => this.number(0),
                    JsonColumn::Named(ty) => {
                        this.number(1);
                        this.text(ty);
                    }
                    JsonColumn::Path(ty, path) => {
                        this.number(2);
                        this.text(ty);
                        this.text(path);
                    }
                });
            }
        }
    }

    fn search(&mut self, search: &Search) {
        let Search { depth_first, by } = search;
        self.number(usize::from(*depth_first));
        self.list(by, |this, name| this.text(name));
    }

    fn cycle(&mut self, cycle: &Cycle) {
        let Cycle { columns } = cycle;
        self.list(columns, |this, name| this.text(name));
    }
}

/// More than the CTEs of a statement.
const BEYOND: usize = 1 << 16;
