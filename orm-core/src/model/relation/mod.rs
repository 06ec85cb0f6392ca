//! Relations between models, as the derive declares them.

use std::fmt;
use std::marker::PhantomData;

use crate::schema::ColumnMeta;

/// The rows of `C` whose foreign key points at a row of `P`, such as `User.posts`.
pub struct HasMany<P, C> {
    foreign_key: fn() -> &'static ColumnMeta,
    models: PhantomData<fn() -> (P, C)>,
}

impl<P, C> HasMany<P, C> {
    #[doc(hidden)]
    pub const fn new(foreign_key: fn() -> &'static ColumnMeta) -> Self {
        HasMany { foreign_key, models: PhantomData }
    }

    pub(crate) fn foreign_key(self) -> &'static ColumnMeta {
        (self.foreign_key)()
    }
}

/// The row a foreign key points at, such as `Post.author`; `O` is `User`, or `Option<User>` where the key may be NULL.
pub struct BelongsTo<C, O> {
    foreign_key: fn() -> &'static ColumnMeta,
    models: PhantomData<fn() -> (C, O)>,
}

impl<C, O> BelongsTo<C, O> {
    #[doc(hidden)]
    pub const fn new(foreign_key: fn() -> &'static ColumnMeta) -> Self {
        BelongsTo { foreign_key, models: PhantomData }
    }

    pub(crate) fn foreign_key(self) -> &'static ColumnMeta {
        (self.foreign_key)()
    }
}

macro_rules! copy {
    ($name:ident) => {
        impl<A, B> Clone for $name<A, B> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<A, B> Copy for $name<A, B> {}

        impl<A, B> fmt::Debug for $name<A, B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), (self.foreign_key)())
            }
        }
    };
}
copy!(HasMany);
copy!(BelongsTo);
