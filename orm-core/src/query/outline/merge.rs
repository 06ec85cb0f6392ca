//! Writes MERGE down.

use std::panic::Location;

use super::{Outline, Tree};
use crate::error::Error;
use crate::query::ast::{Merge, MergeAction, MergeClause};
use crate::query::render::Rendered;
use crate::query::{check, render, resolve};

impl Tree for Merge {
    fn at(&self) -> Option<&'static Location<'static>> {
        Some(self.at)
    }

    fn outline(&self, outline: &mut Outline) {
        let Merge { at: _, target, using, on, clauses, without, returning } = self;
        outline.number(14);
        outline.source(*target);
        outline.beside(Some(using));
        outline.node(&on.content);
        outline.list(clauses, |outline, clause| {
            let MergeClause { at: _, when, conditions, action } = clause;
            let kind = match action {
                MergeAction::Update(_) => 0,
                MergeAction::Insert(_) => 1,
                MergeAction::Delete => 2,
                MergeAction::Nothing => 3,
            };
            outline.number(*when as usize | kind << 8);
            outline.conditions(conditions);
            outline.assignments(action.set());
        });
        outline.list(without, |outline, name| outline.text(name));
        outline.items(returning);
    }

    fn render(&self) -> Result<Rendered, Error> {
        let resolved = resolve::merge(self);
        check::merge(self, &resolved)?;
        Ok(render::merge(self, resolved))
    }
}
