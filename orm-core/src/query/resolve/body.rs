//! What stands behind sources that are no tables of the database.

use std::sync::Arc;

use super::{Around, Level, Resolved};
use crate::query::ast::{Body, BodyKind, Content, Source};

impl Resolved {
    /// What stands behind a source of FROM; `before` are the sources before it.
    pub(super) fn source(&mut self, source: Source, level: &mut Level, before: &Around<'_>) {
        let own = before.bodies.iter().find(|(other, _)| *other == source).map(|(_, body)| body);
        let outer = || before.parent.and_then(|parent| parent.body(source)).filter(|body| body.is_named());
        let Some(body) = own.or_else(outer) else { return };
        let number = match body.kind {
            BodyKind::Cte(_) | BodyKind::Recursive => {
                self.cte(body);
                Resolved::TOP
            }
            BodyKind::Itself | BodyKind::Sampled => Resolved::TOP,
            BodyKind::Derived => self.content(body, None),
            BodyKind::Lateral => self.content(body, Some(before)),
        };
        if body.kind == BodyKind::Lateral {
            self.levels[number].outside.iter().for_each(|source| level.uses(*source));
        }
        level.bodies.push((source, Arc::clone(body), number));
    }

    /// Puts a CTE into WITH, behind those it uses, if it is not there yet.
    pub(super) fn cte(&mut self, body: &Arc<Body>) {
        if self.with.iter().any(|(other, _)| Arc::ptr_eq(other, body)) {
            return;
        }
        let number = self.content(body, None);
        self.with.push((Arc::clone(body), number));
    }

    fn content(&mut self, body: &Body, around: Option<&Around<'_>>) -> usize {
        match &body.content {
            Content::Select(select) => self.select(select, around),
            Content::Insert(insert) => self.insert(insert, around),
            Content::Update(update) => self.update(update, around),
            Content::Delete(delete) => self.delete(delete, around),
            Content::Raw(raw) => self.raw(raw, around),
            Content::Recursive(recursive) => {
                let number = self.begin();
                let arms = [&recursive.first, &recursive.step].map(|arm| self.select(arm, around));
                self.levels[number] = Level { arms: arms.to_vec(), ..Level::default() };
                number
            }
            Content::Function(function) => {
                let number = self.begin();
                let mut level = Level::default();
                let nothing = Around { sources: &[], bodies: &[], parent: around };
                self.node(&function.call, &mut level, &nothing);
                self.levels[number] = level;
                number
            }
            Content::Itself | Content::Rows(_) | Content::Sample(_) | Content::Refused(_) => self.begin(),
        }
    }
}
