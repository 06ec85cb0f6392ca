//! Writes UPDATE and DELETE down.

use super::{Outline, Tree};
use crate::error::Error;
use crate::query::ast::{Delete, Placed, Set, Update};
use crate::query::render::Rendered;
use crate::query::{check, render};

impl Tree for Update {
    fn outline(&self, outline: &mut Outline) {
        let Update { at: _, source, set, filter, returning } = self;
        outline.number(2);
        outline.source(*source);
        outline.assignments(set);
        outline.conditions(filter);
        outline.items(returning);
    }

    fn render(&self) -> Result<Rendered, Error> {
        check::update(self)?;
        Ok(render::update(self))
    }
}

impl Tree for Delete {
    fn outline(&self, outline: &mut Outline) {
        let Delete { at: _, source, filter, returning } = self;
        outline.number(3);
        outline.source(*source);
        outline.conditions(filter);
        outline.items(returning);
    }

    fn render(&self) -> Result<Rendered, Error> {
        check::delete(self)?;
        Ok(render::delete(self))
    }
}

impl Outline {
    fn assignments(&mut self, set: &[Placed<Set>]) {
        self.list(set, |this, set| {
            let Set { column, value, automatic } = &set.content;
            this.address(*column);
            this.number(usize::from(*automatic));
            this.node(value);
        });
    }
}
