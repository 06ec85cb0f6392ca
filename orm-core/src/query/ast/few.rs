//! A list that most often has one element, which then needs no memory of its own.

use std::ops::Deref;
use std::slice;

#[derive(Clone, Debug)]
pub(crate) enum Few<T> {
    None,
    One(T),
    Many(Vec<T>),
}

// Not derived: it would want `T` to have a default.
#[expect(clippy::derivable_impls)]
impl<T> Default for Few<T> {
    fn default() -> Self {
        Few::None
    }
}

impl<T> Few<T> {
    pub(crate) fn push(&mut self, element: T) {
        match std::mem::take(self) {
            Few::None => *self = Few::One(element),
            Few::One(first) => *self = Few::Many(vec![first, element]),
            Few::Many(mut elements) => {
                elements.push(element);
                *self = Few::Many(elements);
            }
        }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Few::None => &[],
            Few::One(element) => slice::from_ref(element),
            Few::Many(elements) => elements,
        }
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> slice::Iter<'a, T> {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn elements_stay_in_their_order() {
        let mut few = Few::default();
        for count in 0..4 {
            assert_eq!(*few, Vec::from_iter(0..count));
            few.push(count);
        }
    }
}
