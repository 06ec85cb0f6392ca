//! Names for objects that a session owns.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use super::Model;
use crate::types::each_base_type;

/// A name for an object of a session: `session[handle]` is the object.
///
/// It is `Copy`, and means something only to the session that gave it.
pub struct Handle<M> {
    session: u32,
    slot: u32,
    model: PhantomData<fn() -> M>,
}

impl<M> Handle<M> {
    pub(crate) fn new(session: u32, slot: u32) -> Handle<M> {
        Handle { session, slot, model: PhantomData }
    }

    pub(crate) fn session(self) -> u32 {
        self.session
    }

    pub(crate) fn slot(self) -> u32 {
        self.slot
    }
}

impl<M> Clone for Handle<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Handle<M> {}

impl<M> PartialEq for Handle<M> {
    fn eq(&self, other: &Self) -> bool {
        (self.session, self.slot) == (other.session, other.slot)
    }
}

impl<M> Eq for Handle<M> {}

impl<M> Hash for Handle<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.session, self.slot).hash(state);
    }
}

impl<M: Model> fmt::Debug for Handle<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle<{}>({}.{})", M::META.entity, self.session, self.slot)
    }
}

/// A foreign key in a new row: the value of a key, or an object of the session that may not have one yet.
///
/// Made with `into()` from a key, from a `&M`, or from a [`Handle`]. `K` is the type of the column it points at.
pub enum Ref<M: Model, K = <M as Model>::Key> {
    /// The key of a row that exists.
    Key(K),
    /// An object of the session; its key is known when the flush has inserted it.
    Object(Handle<M>),
}

impl<M: Model, K: Clone> Clone for Ref<M, K> {
    fn clone(&self) -> Self {
        match self {
            Ref::Key(key) => Ref::Key(key.clone()),
            Ref::Object(handle) => Ref::Object(*handle),
        }
    }
}

impl<M: Model, K: PartialEq> PartialEq for Ref<M, K> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Ref::Key(key), Ref::Key(other)) => key == other,
            (Ref::Object(handle), Ref::Object(other)) => handle == other,
            _ => false,
        }
    }
}

impl<M: Model, K: Eq> Eq for Ref<M, K> {}

impl<M: Model, K: Hash> Hash for Ref<M, K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Ref::Key(key) => key.hash(state),
            Ref::Object(handle) => handle.hash(state),
        }
    }
}

impl<M: Model, K: fmt::Debug> fmt::Debug for Ref<M, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ref::Key(key) => key.fmt(f),
            Ref::Object(handle) => handle.fmt(f),
        }
    }
}

impl<M: Model, K> From<Handle<M>> for Ref<M, K> {
    fn from(handle: Handle<M>) -> Self {
        Ref::Object(handle)
    }
}

/// For a foreign key that may be NULL.
impl<M: Model, K> From<Handle<M>> for Option<Ref<M, K>> {
    fn from(handle: Handle<M>) -> Self {
        Some(Ref::Object(handle))
    }
}

impl<M: Model> From<&M> for Ref<M> {
    fn from(object: &M) -> Self {
        Ref::Key(object.key())
    }
}

impl<M: Model> From<&str> for Ref<M, String> {
    fn from(key: &str) -> Self {
        Ref::Key(key.to_owned())
    }
}

/// What `NewPost::new(..)` takes for a foreign key to `M`: a key, a `Handle<M>`, a `&M` or a [`Ref`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a row of `{M}`",
    label = "expected its key `{K}`, a `Handle<{M}>` or a `&{M}`"
)]
pub trait IntoRef<M: Model, K> {
    /// The reference.
    fn into_ref(self) -> Ref<M, K>;
}

impl<M: Model, K> IntoRef<M, K> for Ref<M, K> {
    fn into_ref(self) -> Ref<M, K> {
        self
    }
}

impl<M: Model, K> IntoRef<M, K> for Handle<M> {
    fn into_ref(self) -> Ref<M, K> {
        self.into()
    }
}

impl<M: Model> IntoRef<M, M::Key> for &M {
    fn into_ref(self) -> Ref<M> {
        self.into()
    }
}

impl<M: Model> IntoRef<M, String> for &str {
    fn into_ref(self) -> Ref<M, String> {
        self.into()
    }
}

/// Makes a base type a key that becomes a [`Ref`] by `into()`.
#[doc(hidden)]
#[macro_export]
macro_rules! __key_type {
    ($ty:ty) => {
        // Not `M`: a key may be called that.
        impl<ReferencedModel: $crate::model::Model> ::core::convert::From<$ty>
            for $crate::model::Ref<ReferencedModel, $ty>
        {
            fn from(key: $ty) -> Self {
                $crate::model::Ref::Key(key)
            }
        }

        impl<ReferencedModel: $crate::model::Model> $crate::model::IntoRef<ReferencedModel, $ty> for $ty {
            fn into_ref(self) -> $crate::model::Ref<ReferencedModel, $ty> {
                $crate::model::Ref::Key(self)
            }
        }
    };
}
each_base_type!(crate::__key_type);

impl<M: Model, K> Ref<M, K> {
    /// A reference to the row with this key; for what becomes a key only by `into()` itself.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.add(NewPost::new(orm_core::model::Ref::<User, i64>::key(1), "Hello")); // as `NewPost::new(1, "Hello")`
    /// # Ok(())
    /// # }
    /// ```
    pub fn key(key: impl Into<K>) -> Ref<M, K> {
        Ref::Key(key.into())
    }
}

/// A reference is read and written as the key alone.
#[cfg(feature = "serde_json")]
impl<'de, M: Model, K: serde_core::Deserialize<'de>> serde_core::Deserialize<'de> for Ref<M, K> {
    fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        K::deserialize(deserializer).map(Ref::Key)
    }
}

#[cfg(feature = "serde_json")]
impl<M: Model, K: serde_core::Serialize> serde_core::Serialize for Ref<M, K> {
    /// # Errors
    /// If it is an object of a session, whose key only that session knows.
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Ref::Key(key) => key.serialize(serializer),
            Ref::Object(handle) => Err(serde_core::ser::Error::custom(format!(
                "{handle:?} is an object of a session: give its key to serialize a reference to it"
            ))),
        }
    }
}
