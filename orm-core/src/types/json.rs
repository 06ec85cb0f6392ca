//! `serde_json::Value` and [`Json`] as `jsonb`.

use std::ops::{Deref, DerefMut};

use bytes::{BufMut, BytesMut};
use serde_core::de::DeserializeOwned;
use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
use tokio_postgres::types::Type;

use super::declare::{generic_sql_type, pg_type};
use super::{BaseType, Cause, Element, PgType, Unreadable};

/// The first byte of the binary form of `jsonb`.
const VERSION: u8 = 1;

static JSONB: &PgType = pg_type!("jsonb", JSONB, JSONB_ARRAY);

/// PostgreSQL's `json`, the text as it was written.
pub(crate) fn as_json() -> &'static PgType {
    pg_type!("json", JSON, JSON_ARRAY)
}

/// A value of your own type in a `jsonb` column.
///
/// Where the column changes by the object that holds it, the JSON of both is compared: maps in any order are the same.
/// Numbers go by the rules of `serde_json`: those with a fraction are read as `f64`.
///
/// ```
/// use orm_core::prelude::*;
/// use orm_core::types::Json;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Clone, Debug)]
/// pub struct Settings {
///     pub theme: String,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Account {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub settings: Json<Settings>,
/// }
///
/// let account = NewAccount { settings: Settings { theme: "dark".to_owned() }.into() };
/// assert_eq!(account.settings.theme, "dark");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<T>(pub T);

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Json(value)
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// As the content, without anything around it.
impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Json)
    }
}

/// What a type in a [`Json`] must have: `#[derive(Serialize, Deserialize, Clone, Debug)]`.
pub trait JsonContent:
    Serialize + DeserializeOwned + Clone + std::fmt::Debug + Send + Sync + 'static
{
}
impl<T: Serialize + DeserializeOwned + Clone + std::fmt::Debug + Send + Sync + 'static> JsonContent for T {}

generic_sql_type!(Json<T: JsonContent>);

impl<T: JsonContent> Element for Json<T> {}

impl<T: JsonContent> BaseType for Json<T> {
    const TYPE: &'static PgType = serde_json::Value::TYPE;

    fn accepts(ty: &Type) -> bool {
        serde_json::Value::accepts(ty)
    }

    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause> {
        read(ty, raw).map(Json)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write(&self.0, out)
    }

    // PostgreSQL keeps numbers that Rust does not, so only it can tell what is equal.
    fn equals(&self, _: &Self) -> Option<bool> {
        None
    }

    fn same(&self, other: &Self) -> bool {
        match (serde_json::to_value(&self.0), serde_json::to_value(&other.0)) {
            (Ok(mine), Ok(other)) => mine == other,
            _ => false,
        }
    }
}

impl BaseType for serde_json::Value {
    const TYPE: &'static PgType = JSONB;

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::JSONB | Type::JSON)
    }

    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Cause> {
        read(ty, raw)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        write(self, out)
    }

    fn size(&self) -> usize {
        match self {
            serde_json::Value::String(text) => text.len(),
            serde_json::Value::Array(values) => values.iter().map(BaseType::size).sum(),
            serde_json::Value::Object(fields) => {
                fields.iter().map(|(name, value)| name.len() + BaseType::size(value)).sum()
            }
            _ => size_of_val(self),
        }
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

fn read<T: DeserializeOwned>(ty: &Type, raw: &[u8]) -> Result<T, Cause> {
    let text = match raw {
        text if *ty == Type::JSON => text,
        [VERSION, text @ ..] => text,
        [version, ..] => return Err(format!("{version} is no version of jsonb").into()),
        [] => return Err("nothing is no jsonb".into()),
    };
    serde_json::from_slice(text).map_err(|error| unreadable(&error))
}

/// What serde says of a document, without what it quotes of it: what was expected where, and which field is missing.
fn unreadable(error: &serde_json::Error) -> Cause {
    let whole = error.to_string();
    let quotes = ["invalid ", "unknown "].into_iter().any(|begin| whole.starts_with(begin));
    let expected = whole.rfind(", expected ").filter(|_| quotes).map(|at| &whole[at + 2..]);
    let why = match expected {
        Some(expected) => expected.to_owned(),
        // What is wrong with the text itself, or with a number, is said without it.
        None if !error.is_data() || whole.starts_with("missing field ") => whole.clone(),
        None => format!("the JSON does not fit at line {} column {}", error.line(), error.column()),
    };
    Unreadable::cause(why, whole)
}

fn write<T: Serialize>(value: &T, out: &mut BytesMut) -> Result<(), Cause> {
    out.put_u8(VERSION);
    Ok(serde_json::to_writer(out.writer(), value)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{BaseType, Json};

    #[test]
    fn serde_sees_the_content_alone() {
        let written = serde_json::to_string(&Json(vec![1, 2])).expect("it is JSON");
        assert_eq!(written, "[1,2]");
        assert_eq!(serde_json::from_str::<Json<Vec<i32>>>(&written).expect("the same"), Json(vec![1, 2]));
    }

    #[test]
    fn json_is_compared_by_the_server_and_changed_by_value() {
        let (one, other) = (Json(json!({"a": 1, "b": [null]})), Json(json!({"b": [null], "a": 1})));
        assert_eq!((one.equals(&other), one.compare(&other)), (None, None));
        assert!(one.same(&other) && !one.same(&Json(json!({}))));
        assert_eq!(one.0.equals(&other.0), None);
        assert!(one.0.same(&other.0));
    }
}
