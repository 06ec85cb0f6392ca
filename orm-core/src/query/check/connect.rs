//! Which tables of a statement its conditions connect.

use crate::query::ast::Source;

/// Which sources conditions connect: each has the number of its group. All that are outside are the first one.
pub(super) struct Groups {
    pub(super) sources: Vec<Source>,
    group: Vec<usize>,
    outside: usize,
}

impl Groups {
    pub(super) fn new(sources: &[Source]) -> Groups {
        Groups { sources: sources.to_vec(), group: (1..=sources.len()).collect(), outside: 0 }
    }

    pub(super) fn add(&mut self, source: Source) {
        self.sources.push(source);
        self.group.push(self.sources.len());
    }

    pub(super) fn of(&self, source: Source) -> usize {
        let place = self.sources.iter().position(|other| *other == source);
        place.map_or(self.outside, |place| self.group[place])
    }

    pub(super) fn connect(&mut self, sources: &[Source]) {
        let Some(first) = sources.first().map(|source| self.of(*source)) else { return };
        for source in &sources[1..] {
            let other = self.of(*source);
            self.group.iter_mut().chain([&mut self.outside]).for_each(|group| {
                if *group == other {
                    *group = first;
                }
            });
        }
    }

    pub(super) fn together(&self, a: Source, b: Source) -> bool {
        self.of(a) == self.of(b)
    }
}
