//! What the handles of one model name, by their numbers, which are never given again.

use std::ops::Range;

use super::{Absence, Slot};
use crate::model::Model;

/// What handles name. Those from before everything was expunged take no memory.
pub(in crate::session) struct Slots<M: Model> {
    /// The number of the first that is here.
    first: u32,
    here: Vec<Slot<M>>,
    /// What those before name.
    before: Slot<M>,
}

impl<M: Model> Default for Slots<M> {
    fn default() -> Self {
        Slots { first: 0, here: Vec::new(), before: Slot::Absent(Absence::Expunged) }
    }
}

impl<M: Model> Slots<M> {
    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&Slot<M>> {
        match number.checked_sub(self.first) {
            Some(place) => self.here.get(place as usize),
            None => Some(&self.before),
        }
    }

    #[inline]
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Slot<M>> {
        self.here.get_mut(number.checked_sub(self.first)? as usize)
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.here.reserve(more);
    }

    pub(super) fn push(&mut self, slot: Slot<M>) -> u32 {
        let number = u32::try_from(self.here.len()).ok().and_then(|place| self.first.checked_add(place));
        let number = number.unwrap_or(u32::MAX);
        assert!(number != u32::MAX, "a session names at most {} objects of one model", u32::MAX);
        self.here.push(slot);
        number
    }

    /// The numbers of those that are here.
    pub(super) fn numbers(&self) -> Range<u32> {
        self.first..self.first.saturating_add(u32::try_from(self.here.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &Slot<M>)> {
        (self.first..).zip(&self.here)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut Slot<M>)> {
        (self.first..).zip(&mut self.here)
    }

    /// Forgets all, and frees their memory; their handles say that they were taken out.
    pub(super) fn expunge(&mut self) {
        let here = std::mem::take(&mut self.here);
        self.first = self.first.saturating_add(u32::try_from(here.len()).unwrap_or(u32::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::Slots;
    use crate::prelude::*;
    use crate::session::identity::{Absence, Object, Slot};

    #[derive(Model, Clone, Debug)]
    #[orm(table = "boxes")]
    struct Box {
        #[orm(primary_key)]
        id: i64,
    }

    fn push(slots: &mut Slots<Box>, id: i64) -> u32 {
        slots.push(Slot::Object(Object::read(Box { id }, 1, None)))
    }

    #[test]
    fn what_is_expunged_takes_no_room_and_its_numbers_are_not_given_again() {
        let mut slots = Slots::default();
        for page in 0..3 {
            let numbers: Vec<u32> = (0..1000).map(|id| push(&mut slots, id)).collect();
            assert_eq!(numbers, (page * 1000..(page + 1) * 1000).collect::<Vec<u32>>());
            assert!(matches!(slots.get(page * 1000), Some(Slot::Object(_))));
            slots.expunge();
            assert_eq!(slots.here.capacity(), 0);
            assert!(matches!(slots.get(page * 1000), Some(Slot::Absent(Absence::Expunged))));
            assert!(slots.get_mut(page * 1000).is_none() && slots.get((page + 1) * 1000).is_none());
        }
    }
}
