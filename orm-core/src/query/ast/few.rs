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
        match self {
            Few::None => *self = Few::One(element),
            Few::Many(elements) => elements.push(element),
            Few::One(_) => {
                if let Few::One(first) = std::mem::take(self) {
                    *self = Few::Many(vec![first, element]);
                }
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
