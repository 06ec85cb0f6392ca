//! Primary keys: one column's type, or a tuple of several.

use std::fmt::Debug;
use std::hash::Hash;

use crate::types::{BaseType, Element, Parameter, Value, list, shown_in_name};

/// The type of a primary key: a column type that can be hashed, or a tuple of up to four of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a primary key",
    label = "expected a column type that is `Eq` and `Hash` and not an `Option`, or several `primary_key` fields of such types"
)]
pub trait Key: Clone + Eq + Hash + Debug + Send + Sync + 'static {
    /// How many columns the key has.
    const COLUMNS: usize;

    /// The value of one of its columns.
    ///
    /// # Panics
    /// If it has fewer columns.
    fn part(&self, place: usize) -> &dyn Value;

    /// A list of keys as one parameter; `None` for keys of several columns.
    fn list(keys: Vec<Self>) -> Option<Parameter>;
}

impl<B: BaseType + Element + Eq + Hash> Key for B {
    const COLUMNS: usize = 1;

    fn part(&self, place: usize) -> &dyn Value {
        assert_eq!(place, 0, "a key of one column has no column {place}");
        self
    }

    fn list(keys: Vec<Self>) -> Option<Parameter> {
        Some(list(keys))
    }
}

/// A key as messages name its row, without what may be a secret.
pub(crate) fn name_of<K: Key>(key: &K) -> String {
    let parts: Vec<String> = (0..K::COLUMNS).map(|place| shown_in_name(key.part(place))).collect();
    match &*parts {
        [only] => only.clone(),
        _ => format!("({})", parts.join(", ")),
    }
}

/// What a row is found by: its key, `&str` for a `String`, an integer for a wider one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of this model",
    label = "expected the primary key, `{K}`",
    note = "a key of several columns is a tuple of their values, in the order of the fields; the object that a handle \
            names is `session[handle]`"
)]
pub trait IntoKey<K: Key> {
    /// The key.
    fn into_key(self) -> K;
}

impl<K: Key> IntoKey<K> for K {
    fn into_key(self) -> K {
        self
    }
}

macro_rules! into_key {
    ($($from:ty => $key:ty),*) => {
        $(impl IntoKey<$key> for $from {
            fn into_key(self) -> $key {
                self.into()
            }
        })*
    };
}
into_key!(&str => String, &String => String, i16 => i32, i16 => i64, i32 => i64);

macro_rules! key {
    ($count:literal: $($part:ident $place:tt),*) => {
        impl<$($part: BaseType + Element + Eq + Hash),*> Key for ($($part,)*) {
            const COLUMNS: usize = $count;

            fn part(&self, place: usize) -> &dyn Value {
                match place {
                    $($place => &self.$place,)*
                    _ => panic!("a key of {} columns has no column {place}", $count),
                }
            }

            fn list(_: Vec<Self>) -> Option<Parameter> {
                None
            }
        }
    };
}
key!(2: A 0, B 1);
key!(3: A 0, B 1, C 2);
key!(4: A 0, B 1, C 2, D 3);

/// The key of a view's rows, of which there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoKey {}

impl Key for NoKey {
    const COLUMNS: usize = 0;

    fn part(&self, _: usize) -> &dyn Value {
        match *self {}
    }

    fn list(_: Vec<Self>) -> Option<Parameter> {
        None
    }
}
