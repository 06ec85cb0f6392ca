//! Primary keys: one column's type, or a tuple of several.

use std::fmt::Debug;
use std::hash::Hash;

use crate::types::{BaseType, Element, Parameter, Value, list, shown_in_name};

/// The type of a primary key: a column type that can be hashed, or a tuple of up to four of them.
#[cfg_attr(
    not(feature = "uuid"),
    diagnostic::on_unimplemented(note = "for `uuid::Uuid` turn on the feature `uuid` of orm-core")
)]
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

#[diagnostic::do_not_recommend]
impl<K: Key> IntoKey<K> for K {
    fn into_key(self) -> K {
        self
    }
}

macro_rules! into_key {
    ($($from:ty => $key:ty),*) => {
        $(#[diagnostic::do_not_recommend]
        impl IntoKey<$key> for $from {
            fn into_key(self) -> $key {
                self.into()
            }
        })*
    };
}
into_key!(&str => String, &String => String, i16 => i32, i16 => i64, i32 => i64);

/// Keys of several columns, some of them by `&str` or by an integer that is not as wide.
macro_rules! key_parts {
    ($([$($generic:ident),*] ($($from:ty),*) => ($($key:ty),*);)*) => {
        $(#[diagnostic::do_not_recommend]
        impl<$($generic: BaseType + Element + Eq + Hash),*> IntoKey<($($key,)*)> for ($($from,)*) {
            fn into_key(self) -> ($($key,)*) {
                key_parts!(self: $($key),*)
            }
        })*
    };
    ($parts:ident: $one:ty, $two:ty) => { ($parts.0.into(), $parts.1.into()) };
    ($parts:ident: $one:ty, $two:ty, $three:ty) => { ($parts.0.into(), $parts.1.into(), $parts.2.into()) };
}
key_parts! {
    [A] (A, &str) => (A, String);
    [A] (A, i32) => (A, i64);
    [B] (&str, B) => (String, B);
    [B] (i32, B) => (i64, B);
    [] (&str, &str) => (String, String);
    [] (&str, i32) => (String, i64);
    [] (i32, &str) => (i64, String);
    [] (i32, i32) => (i64, i64);
    [A, B] (A, B, &str) => (A, B, String);
    [A, B] (A, B, i32) => (A, B, i64);
    [A, C] (A, &str, C) => (A, String, C);
    [A, C] (A, i32, C) => (A, i64, C);
    [A] (A, &str, &str) => (A, String, String);
    [A] (A, &str, i32) => (A, String, i64);
    [A] (A, i32, &str) => (A, i64, String);
    [A] (A, i32, i32) => (A, i64, i64);
    [B, C] (&str, B, C) => (String, B, C);
    [B, C] (i32, B, C) => (i64, B, C);
    [B] (&str, B, &str) => (String, B, String);
    [B] (&str, B, i32) => (String, B, i64);
    [B] (i32, B, &str) => (i64, B, String);
    [B] (i32, B, i32) => (i64, B, i64);
    [C] (&str, &str, C) => (String, String, C);
    [C] (&str, i32, C) => (String, i64, C);
    [C] (i32, &str, C) => (i64, String, C);
    [C] (i32, i32, C) => (i64, i64, C);
    [] (&str, &str, &str) => (String, String, String);
    [] (&str, &str, i32) => (String, String, i64);
    [] (&str, i32, &str) => (String, i64, String);
    [] (&str, i32, i32) => (String, i64, i64);
    [] (i32, &str, &str) => (i64, String, String);
    [] (i32, &str, i32) => (i64, String, i64);
    [] (i32, i32, &str) => (i64, i64, String);
    [] (i32, i32, i32) => (i64, i64, i64);
}

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
