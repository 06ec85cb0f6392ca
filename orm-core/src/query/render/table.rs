//! Renders derived tables and CTEs.

use std::rc::Rc;

use super::Renderer;
use crate::query::ast::{
    Body, BodyKind, Content, Cycle, FunctionColumns, JsonColumn, Materialized, Node, Sample, Search, Source,
    TableFunction,
};
use crate::query::resolve::Resolved;
use crate::schema::literal;

impl Renderer {
    /// Takes in which tables are whose, and writes WITH.
    pub(super) fn open(&mut self, resolved: Resolved) {
        self.share |= resolved.shares;
        let resolved = Rc::new(resolved);
        self.resolved = Some(Rc::clone(&resolved));
        if resolved.with.is_empty() {
            return;
        }
        let recursive = resolved.with.iter().any(|(body, _)| body.kind == BodyKind::Recursive);
        self.push(if recursive { "WITH RECURSIVE " } else { "WITH " });
        self.separated(", ", &resolved.with, |this, (body, level)| this.cte(body, *level));
        self.push(" ");
    }

    fn cte(&mut self, body: &Body, level: usize) {
        self.name(body.name);
        self.column_names(&body.columns);
        self.push(match body.kind {
            BodyKind::Cte(Materialized::Yes) => " AS MATERIALIZED (",
            BodyKind::Cte(Materialized::No) => " AS NOT MATERIALIZED (",
            _ => " AS (",
        });
        self.content(body, level);
        self.push(")");
        if let Content::Recursive(recursive) = &body.content {
            recursive.search.iter().for_each(|search| self.search(search));
            recursive.cycle.iter().for_each(|cycle| self.cycle(cycle));
        }
    }

    fn search(&mut self, search: &Search) {
        self.push(if search.depth_first { " SEARCH DEPTH FIRST BY " } else { " SEARCH BREADTH FIRST BY " });
        self.separated(", ", &search.by, |this, name| this.name(name));
        self.push(" SET ");
        self.name(Search::COLUMN);
    }

    fn cycle(&mut self, cycle: &Cycle) {
        self.push(" CYCLE ");
        self.separated(", ", &cycle.columns, |this, name| this.name(name));
        self.push(" SET ");
        self.name(Cycle::MARK);
        self.push(" USING ");
        self.name(Cycle::PATH);
    }

    fn column_names(&mut self, columns: &[&'static str]) {
        self.push("(");
        self.separated(", ", columns, |this, column| this.name(column));
        self.push(")");
    }

    /// A source of FROM.
    pub(super) fn table_source(&mut self, source: Source) {
        let Some(resolved) = self.resolved.clone() else { return self.source(source) };
        let Some((body, level)) = resolved.level(self.level).body(source) else { return self.source(source) };
        if body.is_named() {
            self.name(body.name);
            if source.name() != body.name {
                self.push(" AS ");
                self.name(source.name());
            }
            return;
        }
        match &body.content {
            Content::Function(function) => self.table_function(function, body, source, level),
            Content::Sample(sample) => {
                self.source(source);
                self.sample(sample);
            }
            _ => {
                self.push(if body.kind == BodyKind::Lateral { "LATERAL (" } else { "(" });
                self.content(body, level);
                self.push(") AS ");
                self.name(source.name());
                self.column_names(&body.columns);
            }
        }
    }

    fn table_function(&mut self, function: &TableFunction, body: &Body, source: Source, level: usize) {
        let before = std::mem::replace(&mut self.level, level);
        if let FunctionColumns::Json { path, columns } = &function.columns {
            self.json_table(&function.call, path, body.columns.iter().zip(columns));
        } else {
            self.node(&function.call);
        }
        self.level = before;
        if function.ordinality {
            self.push(" WITH ORDINALITY");
        }
        self.push(" AS ");
        self.name(source.name());
        match &function.columns {
            FunctionColumns::Known => self.column_names(&body.columns),
            FunctionColumns::Typed(types) => {
                self.push("(");
                self.separated(", ", body.columns.iter().zip(types), |this, (name, ty)| {
                    this.name(name);
                    this.push(" ");
                    this.push(ty);
                });
                self.push(")");
            }
            FunctionColumns::Json { .. } => {}
        }
    }

    fn json_table<'a>(
        &mut self,
        document: &Node,
        path: &str,
        columns: impl Iterator<Item = (&'a &'static str, &'a JsonColumn)>,
    ) {
        self.push("JSON_TABLE(");
        self.node(document);
        self.push(", ");
        self.push(&literal(path));
        self.push(" COLUMNS (");
        self.separated(", ", columns, |this, (name, column)| {
            this.name(name);
            match column {
                JsonColumn::Ordinality => this.push(" FOR ORDINALITY"),
                JsonColumn::Named(ty) => {
                    this.push(" ");
                    this.push(ty);
                }
                JsonColumn::Path(ty, path) => {
                    this.push(" ");
                    this.push(ty);
                    this.push(" PATH ");
                    this.push(&literal(path));
                }
            }
        });
        self.push("))");
    }

    fn sample(&mut self, sample: &Sample) {
        self.push(" TABLESAMPLE ");
        self.push(sample.method);
        self.push(" (");
        self.parameter(&sample.percent);
        self.push(")");
        if let Some(seed) = &sample.seed {
            self.push(" REPEATABLE (");
            self.parameter(seed);
            self.push(")");
        }
    }

    /// What gives the rows, on its level.
    fn content(&mut self, body: &Body, level: usize) {
        let before = std::mem::replace(&mut self.level, level);
        let (filter, looks_up, conflict) = (self.out.filter.take(), self.out.looks_up, self.out.conflict);
        match &body.content {
            Content::Select(select) => self.select(select, false),
            Content::Recursive(recursive) => {
                let arms = self.arms();
                let arms = [&recursive.first, &recursive.step].into_iter().zip(arms);
                let word = if recursive.distinct { " UNION " } else { " UNION ALL " };
                self.separated(word, arms, |this, (arm, level)| this.arm(arm, level));
            }
            Content::Insert(insert) => self.insert(insert, false),
            Content::Update(update) => self.update(update, false),
            Content::Delete(delete) => self.delete(delete, false),
            Content::Rows(columns) => self.select_rows(columns, |_| {}),
            Content::Raw(raw) => self.raw_rows(raw),
            Content::Function(function) => self.node(&function.call),
            // The checker refuses them.
            Content::Itself | Content::Sample(_) | Content::Refused(_) => {}
        }
        (self.out.filter, self.out.looks_up, self.out.conflict) = (filter, looks_up, conflict);
        self.level = before;
    }
}
