//! Rust structs as composite types of PostgreSQL.
//!
//! They travel as text, as enums do: the numbers of their types differ from database to database.

use bytes::{Buf, BytesMut};
use tokio_postgres::types::{Kind, Type};

use super::builtin::write_text;
use super::{BaseType, Cause, Mismatch, SqlType, Unreadable};

/// A type whose values have a text form of PostgreSQL's, so that they can be fields of a composite type.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be part of a composite type",
    label = "expected a number, text, a bool, a date or time, a `Uuid`, an enum, another composite type, or an `Option` of one"
)]
pub trait TextForm: BaseType {
    /// The value as PostgreSQL's text.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold it.
    fn to_text(&self) -> Result<String, Cause>;
    /// The value that a text is.
    ///
    /// # Errors
    /// If it is none of this type.
    fn from_text(text: &str) -> Result<Self, Cause>;
}

macro_rules! displayed {
    ($($ty:ty),* $(,)?) => { $(
        #[diagnostic::do_not_recommend]
        impl TextForm for $ty {
            fn to_text(&self) -> Result<String, Cause> {
                Ok(self.to_string())
            }

            fn from_text(text: &str) -> Result<Self, Cause> {
                Ok(text.parse()?)
            }
        }
    )* };
}
displayed!(i16, i32, i64, f32, f64, String, std::net::IpAddr);
#[cfg(feature = "rust_decimal")]
displayed!(rust_decimal::Decimal);
#[cfg(feature = "serde_json")]
displayed!(serde_json::Value);
#[cfg(feature = "uuid")]
displayed!(uuid::Uuid);

#[diagnostic::do_not_recommend]
impl TextForm for bool {
    fn to_text(&self) -> Result<String, Cause> {
        Ok(self.to_string())
    }

    fn from_text(text: &str) -> Result<Self, Cause> {
        match text {
            "t" => Ok(true),
            "f" => Ok(false),
            _ => Err("it is no boolean".into()),
        }
    }
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};

    use super::super::era::{with_era, year_of};
    use super::{Cause, TextForm};

    #[diagnostic::do_not_recommend]
    impl TextForm for NaiveTime {
        fn to_text(&self) -> Result<String, Cause> {
            Ok(self.format("%H:%M:%S%.6f").to_string())
        }

        fn from_text(text: &str) -> Result<Self, Cause> {
            Ok(NaiveTime::parse_from_str(text, "%H:%M:%S%.f")?)
        }
    }

    /// What begins with a date: how it goes on, and how its text is read.
    macro_rules! dated {
        ($($ty:ty: $behind:literal, $text:ident => $parsed:expr);* $(;)?) => { $(
            #[diagnostic::do_not_recommend]
            impl TextForm for $ty {
                fn to_text(&self) -> Result<String, Cause> {
                    Ok(with_era(self.year(), &self.format($behind).to_string()))
                }

                fn from_text($text: &str) -> Result<Self, Cause> {
                    let (year, behind) = year_of($text)?;
                    // A year of more than four digits, or below zero, has a sign.
                    let $text = &*format!("{year:+05}{behind}");
                    Ok($parsed?)
                }
            }
        )* };
    }
    dated!(
        NaiveDate: "-%m-%d", text => NaiveDate::parse_from_str(text, "%Y-%m-%d");
        NaiveDateTime: "-%m-%d %H:%M:%S%.6f", text => NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f");
        DateTime<Utc>: "-%m-%d %H:%M:%S%.6f+00",
            text => DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z").map(|moment| moment.to_utc());
    );
}

/// Whether a cell can hold a value of a composite type.
#[doc(hidden)]
pub fn is_composite(ty: &Type) -> bool {
    *ty == Type::TEXT || matches!(ty.kind(), Kind::Composite(_))
}

/// Writes the fields of a value of a composite type, one behind the other.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct CompositeWriter(String);

impl CompositeWriter {
    /// The next field.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold the value.
    pub fn field<T: SqlType<Base: TextForm>>(&mut self, value: &T) -> Result<(), Cause> {
        self.0.push(if self.0.is_empty() { '(' } else { ',' });
        let Some(base) = value.base() else { return Ok(()) };
        self.0.push('"');
        for character in base.to_text()?.chars() {
            if matches!(character, '"' | '\\') {
                self.0.push(character);
            }
            self.0.push(character);
        }
        self.0.push('"');
        Ok(())
    }

    /// The whole value as text.
    pub fn text(mut self) -> String {
        self.0.push(')');
        self.0
    }

    /// Writes the whole value.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold it.
    pub fn finish(self, out: &mut BytesMut) -> Result<(), Cause> {
        write_text(&self.text(), out)
    }
}

/// Reads the fields of a value of a composite type, one behind the other.
#[doc(hidden)]
#[derive(Debug)]
pub enum CompositeReader<'a> {
    /// As text: what is left, behind the parenthesis or the comma.
    Text(&'a str),
    /// In binary form: what is left.
    Binary(&'a [u8]),
}

impl<'a> CompositeReader<'a> {
    /// Begins with a cell.
    ///
    /// # Errors
    /// If it is no such value.
    pub fn open(ty: &Type, raw: &'a [u8]) -> Result<CompositeReader<'a>, Cause> {
        if let Kind::Composite(_) = ty.kind() {
            return Ok(CompositeReader::Binary(raw.get(4..).ok_or_else(cut_off)?));
        }
        CompositeReader::of_text(std::str::from_utf8(raw)?)
    }

    /// Begins with a text.
    ///
    /// # Errors
    /// If it is no such value.
    pub fn of_text(text: &'a str) -> Result<CompositeReader<'a>, Cause> {
        Ok(CompositeReader::Text(
            text.strip_prefix('(').ok_or("a value of a composite type begins with `(`")?,
        ))
    }

    /// The next field.
    ///
    /// # Errors
    /// If there is none, or it is of another type.
    pub fn field<T: SqlType<Base: TextForm>>(&mut self, name: &str) -> Result<T, Cause> {
        let value = match self {
            CompositeReader::Text(rest) => {
                text_field(rest)?.map(|text| T::Base::from_text(&text)).transpose()
            }
            CompositeReader::Binary(rest) => binary_field::<T::Base>(rest),
        };
        let value = value.map_err(|cause| Unreadable::within(&format!("its field `{name}`"), cause))?;
        T::from_base(value)
            .ok_or_else(|| format!("its field `{name}` is NULL: declare it as an `Option`").into())
    }

    /// Behind the last field.
    ///
    /// # Errors
    /// If there are more.
    pub fn end(self) -> Result<(), Cause> {
        match self {
            CompositeReader::Text("") | CompositeReader::Binary([]) => Ok(()),
            _ => Err("the type has more fields than the struct".into()),
        }
    }
}

fn cut_off() -> Cause {
    "the type has fewer fields than the struct".into()
}

/// A field and what stands behind it; `None` is NULL.
fn text_field(rest: &mut &str) -> Result<Option<String>, Cause> {
    let (mut field, mut quoted, mut was_quoted) = (String::new(), false, false);
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => field.extend(characters.next().map(|(_, next)| next)),
            '"' if quoted && characters.next_if(|(_, next)| *next == '"').is_some() => field.push('"'),
            '"' => (quoted, was_quoted) = (!quoted, true),
            ',' | ')' if !quoted => {
                *rest = &rest[at + 1..];
                return Ok((was_quoted || !field.is_empty()).then_some(field));
            }
            other => field.push(other),
        }
    }
    Err(cut_off())
}

fn binary_field<B: BaseType>(rest: &mut &[u8]) -> Result<Option<B>, Cause> {
    let number = rest.try_get_u32().map_err(|_| cut_off())?;
    let length = rest.try_get_i32().map_err(|_| cut_off())?;
    let Ok(length) = usize::try_from(length) else { return Ok(None) };
    let raw = rest.split_off(..length).ok_or_else(cut_off)?;
    let ty = Type::from_oid(number).unwrap_or_else(|| B::TYPE.wire.clone());
    B::decode(&ty, Some(raw)).map(Some).map_err(|mismatch| match mismatch {
        Mismatch::Value(cause) => cause,
        Mismatch::Null | Mismatch::Type => format!("it is of the type {}", ty.name()).into(),
    })
}

/// The name of a field in the database: that of the struct, `type` for `r#type`.
#[must_use]
pub const fn field_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Makes a struct a column type of a composite type: what `#[derive(Composite)]` expands to.
#[doc(hidden)]
#[macro_export]
macro_rules! __composite_type {
    ($ty:ident, $name:literal, [$($field:ident: $inner:ty),+]) => {
        impl $crate::types::BaseType for $ty
        where
            for<'a> $ty: $crate::codegen::OwnType<'a>,
        {
            const TYPE: &'static $crate::types::PgType = $crate::__pg_type!($name, composite [$($crate::types::CompositeField {
                name: $crate::codegen::field_name(::core::stringify!($field)),
                ty: <<$inner as $crate::types::SqlType>::Base as $crate::types::BaseType>::TYPE,
            }),+]);

            fn accepts(ty: &$crate::codegen::Type) -> bool {
                $crate::codegen::is_composite(ty)
            }

            fn read(
                ty: &$crate::codegen::Type,
                raw: &[u8],
            ) -> ::core::result::Result<Self, $crate::types::Cause> {
                let mut fields = $crate::codegen::CompositeReader::open(ty, raw)?;
                let value = $ty { $($field: fields.field($crate::codegen::field_name(::core::stringify!($field)))?),+ };
                fields.end()?;
                ::core::result::Result::Ok(value)
            }

            fn write(
                &self,
                out: &mut $crate::codegen::BytesMut,
            ) -> ::core::result::Result<(), $crate::types::Cause> {
                let mut fields = $crate::codegen::CompositeWriter::default();
                $(fields.field(&self.$field)?;)+
                fields.finish(out)
            }

            fn same(&self, other: &Self) -> bool {
                true $(&& $crate::codegen::Value::same(&self.$field, &other.$field))+
            }
        }

        #[diagnostic::do_not_recommend]
        impl $crate::types::TextForm for $ty
        where
            for<'a> $ty: $crate::codegen::OwnType<'a>,
        {
            fn to_text(&self) -> ::core::result::Result<::std::string::String, $crate::types::Cause> {
                let mut fields = $crate::codegen::CompositeWriter::default();
                $(fields.field(&self.$field)?;)+
                ::core::result::Result::Ok(fields.text())
            }

            fn from_text(text: &str) -> ::core::result::Result<Self, $crate::types::Cause> {
                let mut fields = $crate::codegen::CompositeReader::of_text(text)?;
                let value = $ty { $($field: fields.field($crate::codegen::field_name(::core::stringify!($field)))?),+ };
                fields.end()?;
                ::core::result::Result::Ok(value)
            }
        }

        const _: () = $crate::codegen::own_type::<$ty>();
        $crate::__column_type!($ty where for<'a> $ty: $crate::codegen::OwnType<'a>);
    };
}

#[cfg(test)]
mod tests {
    use super::{CompositeReader, CompositeWriter};

    #[test]
    fn fields_come_back_as_they_were() {
        let mut writer = CompositeWriter::default();
        for text in ["", "a,b", "(\"\\)", "é"] {
            writer.field(&text.to_owned()).unwrap();
        }
        writer.field(&None::<String>).unwrap();
        writer.field(&-1.5_f64).unwrap();
        let text = writer.text();
        let mut reader = CompositeReader::of_text(&text).unwrap();
        for expected in ["", "a,b", "(\"\\)", "é"] {
            assert_eq!(reader.field::<String>("f").unwrap(), expected);
        }
        assert_eq!(reader.field::<Option<String>>("f").unwrap(), None);
        assert_eq!(reader.field::<f64>("f").unwrap(), -1.5);
        reader.end().unwrap();
    }

    #[test]
    fn another_number_of_fields_is_an_error() {
        let mut reader = CompositeReader::of_text("(1,2)").unwrap();
        reader.field::<i32>("a").unwrap();
        assert!(reader.end().is_err());
        let mut reader = CompositeReader::of_text("(1)").unwrap();
        reader.field::<i32>("a").unwrap();
        assert!(reader.field::<i32>("b").is_err());
        assert!(CompositeReader::of_text("(,)").unwrap().field::<i32>("a").is_err());
    }
}
