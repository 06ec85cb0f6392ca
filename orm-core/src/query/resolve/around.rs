//! The statements around another.

use std::sync::Arc;

use crate::query::ast::{Body, Source};

/// What a statement inside of others sees of them, from the inside out.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(super) sources: &'a [Source],
    pub(super) bodies: &'a [(Source, Arc<Body>)],
    pub(super) parent: Option<&'a Around<'a>>,
}

impl<'a> Around<'a> {
    fn levels(&'a self) -> impl Iterator<Item = &'a Around<'a>> {
        std::iter::successors(Some(self), |around| around.parent)
    }

    pub(super) fn has(&self, source: Source) -> bool {
        self.levels().any(|around| around.sources.contains(&source))
    }

    /// What stands behind a source, if a name is enough to read from it here too.
    pub(super) fn body(&self, source: Source) -> Option<&'a Arc<Body>> {
        let mut around = Some(self);
        while let Some(level) = around {
            let found = level.bodies.iter().find(|(other, _)| *other == source);
            if let Some((_, body)) = found {
                return Some(body);
            }
            around = level.parent;
        }
        None
    }
}
