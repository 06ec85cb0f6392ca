//! What can be stored in a column, borrowed or owned.

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};

use super::array::write_elements;
use super::builtin::write_text;
use super::value::write_behind_length;
use super::{BaseType, Cause, Element, Value};

/// A value for a column of type `T`: its own type, a reference to one, or what such a value is borrowed as, `&str`,
/// `Cow<str>`, `&[u8]`, or a slice of values for an array; any of them as an `Option` where the column may be NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a column of type `{T}`",
    label = "expected a value of type `{T}`, or a reference to one",
    note = "a text is also a `&str`, bytes a `&[u8]`, an array a slice; what the database works out is for `.set(..)`"
)]
pub trait Storable<T> {
    /// Writes the binary form behind its length; says whether the value is something else than NULL.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold the value.
    fn write_field(&self, out: &mut BytesMut) -> Result<bool, Cause>;
}

macro_rules! storable {
    ($([$($generic:tt)*] $ty:ty, $as:ty: |$value:ident, $out:ident| $write:expr;)+) => {
        $(#[diagnostic::do_not_recommend]
        impl<$($generic)*> Storable<$as> for $ty {
            #[inline]
            fn write_field(&self, $out: &mut BytesMut) -> Result<bool, Cause> {
                let $value = self;
                $write
            }
        })+
    };
}

storable! {
    [B: BaseType] B, B: |value, out| Value::write_field(value, out);
    [B: BaseType] B, Option<B>: |value, out| Value::write_field(value, out);
    [B: BaseType] &B, B: |value, out| Value::write_field(*value, out);
    [B: BaseType] &B, Option<B>: |value, out| Value::write_field(*value, out);
    [B: BaseType] &Option<B>, Option<B>: |value, out| Value::write_field(*value, out);
    [] &str, String: |text, out| write_behind_length(out, |out| write_text(text, out));
    [] &str, Option<String>: |text, out| Storable::<String>::write_field(text, out);
    [] &&str, String: |text, out| Storable::<String>::write_field(*text, out);
    [] &&str, Option<String>: |text, out| Storable::<String>::write_field(*text, out);
    [] Cow<'_, str>, String: |text, out| Storable::<String>::write_field(&&**text, out);
    [] Cow<'_, str>, Option<String>: |text, out| Storable::<String>::write_field(&&**text, out);
    [] &[u8], Vec<u8>: |bytes, out| write_behind_length(out, |out| {
        out.put_slice(bytes);
        Ok(())
    });
    [] &[u8], Option<Vec<u8>>: |bytes, out| Storable::<Vec<u8>>::write_field(bytes, out);
    [T: Element, S: Storable<T>] &[S], Vec<T>: |elements, out| write_behind_length(out, |out| {
        write_elements(T::Base::TYPE, elements.iter(), S::write_field, out)
    });
    [T: Element, S: Storable<T>] &[S], Option<Vec<T>>: |elements, out| {
        Storable::<Vec<T>>::write_field(elements, out)
    };
    [T, S: Storable<T>] Option<S>, Option<T>: |value, out| match value {
        Some(value) => value.write_field(out),
        None => Ok(write_null(out)),
    };
}

fn write_null(out: &mut BytesMut) -> bool {
    out.put_i32(-1);
    false
}
