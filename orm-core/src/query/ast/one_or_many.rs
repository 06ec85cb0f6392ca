//! A list that most often has one element, which then needs no memory of its own.

use std::ops::Deref;
use std::slice;

#[derive(Clone, Debug)]
pub(crate) enum OneOrMany<T> {
    None,
    One(T),
    Many(Vec<T>),
}

// Not derived: it would want `T` to have a default.
#[expect(clippy::derivable_impls)]
impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany::None
    }
}

impl<T> OneOrMany<T> {
    pub(crate) fn push(&mut self, element: T) {
        match self {
            OneOrMany::None => *self = OneOrMany::One(element),
            OneOrMany::Many(elements) => elements.push(element),
            OneOrMany::One(_) => {
                if let OneOrMany::One(first) = std::mem::take(self) {
                    *self = OneOrMany::Many(vec![first, element]);
                }
            }
        }
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            OneOrMany::None => &[],
            OneOrMany::One(element) => slice::from_ref(element),
            OneOrMany::Many(elements) => elements,
        }
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> slice::Iter<'a, T> {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::OneOrMany;

    #[test]
    fn elements_stay_in_their_order() {
        let mut elements = OneOrMany::default();
        for count in 0..4 {
            assert_eq!(*elements, Vec::from_iter(0..count));
            elements.push(count);
        }
    }
}
