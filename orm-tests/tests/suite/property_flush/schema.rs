//! A schema of the test, and the macro that writes one.

use orm_core::schema::{Schema, TableMeta};

use super::table::AnyTable;

/// Some tables, and SQL that makes what models do not say.
pub struct TestSchema {
    pub name: &'static str,
    pub schema: Schema,
    pub tables: Vec<&'static dyn AnyTable>,
    /// Run behind the tables.
    pub sql: &'static str,
    /// Run behind the rows a case begins with, for what triggers write.
    pub prepare: &'static str,
    pub has_triggers: bool,
    /// A constraint can be checked at the end of the transaction.
    pub is_deferrable: bool,
}

impl TestSchema {
    pub fn meta(&self, table: usize) -> &'static TableMeta {
        self.tables[table].meta()
    }

    /// Whether rows can refer to each other in a circle.
    pub fn has_circle(&self) -> bool {
        let mut tables: Vec<&'static TableMeta> = self.tables.iter().map(|table| table.meta()).collect();
        loop {
            let before = tables.len();
            let left = tables.clone();
            tables.retain(|table| table.foreign_keys.iter().any(|key| left.contains(&(key.target)().table)));
            if tables.len() == before {
                return before > 0;
            }
        }
    }

    pub fn place(&self, meta: &TableMeta) -> usize {
        self.tables.iter().position(|table| table.meta() == meta).unwrap()
    }
}

/// Models, and `schema()` of them, in a module of their own. Fields behind `+` are those that a new row does not give.
macro_rules! flush_schema {
    (
        $module:ident $(, sql = $sql:expr)? $(, prepare = $prepare:expr)?;
        $(
            $model:ident $new:ident $(#[$($attr:tt)*])* {
                $($(#[$($field_attr:tt)*])* $field:ident : $ty:tt $(<$inner:tt>)?),* $(,)?
            }
            $(+ { $($(#[$($made_attr:tt)*])* $made:ident : $made_ty:tt $(<$made_inner:tt>)?),* $(,)? })?
        )+
    ) => {
        #[allow(dead_code, reason = "the driver makes rows in another way")]
        mod $module {
            use $crate::property_flush::schema::TestSchema;
            use $crate::property_flush::table::{FromGiven, Giver, Make, TableOf};
            #[allow(unused_imports, reason = "few schemas use what stands beside them")]
            use super::*;
            use orm_core::prelude::*;
            #[allow(unused_imports, reason = "few schemas have it")]
            use orm_core::types::Xmin;

            $(
                #[derive(Model, Clone, Debug)]
                $(#[$($attr)*])*
                pub struct $model {
                    $($(#[$($field_attr)*])* pub $field: $ty $(<$inner>)?,)*
                    $($($(#[$($made_attr)*])* pub $made: $made_ty $(<$made_inner>)?,)*)?
                }

                impl Make for $new {
                    fn make(given: &mut Giver<'_>) -> $new {
                        $new { $($field: FromGiven::from_given(given(stringify!($field))),)* }
                    }
                }
            )+

            pub fn schema() -> TestSchema {
                #[allow(unused_mut, unused_assignments, reason = "not all have them")]
                {
                    let (mut sql, mut prepare) = ("", "");
                    $(sql = $sql;)?
                    $(prepare = $prepare;)?
                    TestSchema {
                        name: stringify!($module),
                        schema: schema![$($model),+],
                        tables: vec![$(&TableOf::<$model>::TABLE),+],
                        sql,
                        prepare,
                        has_triggers: !prepare.is_empty(),
                        is_deferrable: false,
                    }
                }
            }
        }
    };
}
pub(super) use flush_schema;
