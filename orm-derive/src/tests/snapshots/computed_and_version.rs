// pub struct Account {
//     #[orm(primary_key)]
//     pub id: i64,
//     pub email: String,
//     #[orm(computed = "lower(email)")]
//     pub lower_email: String,
//     #[orm(version)]
//     pub version: i32,
//     #[orm(on_update = "now()")]
//     pub changed_at: Option<DateTime<Utc>>,
// }

#[doc(hidden)]
pub const Account: <Account as ::orm_core::codegen::Model>::Table =
    <Account as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `accounts`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
pub struct NewAccount {
    #[doc = "The column `id`."]
    pub id: i64,
    #[doc = "The column `email`."]
    pub email: String,
    #[doc = "The column `changed_at`."]
    pub changed_at: Option<DateTime<Utc>>,
}
impl NewAccount {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    pub fn new(id: i64, email: impl ::core::convert::Into<String>) -> Self {
        Self { id, email: ::core::convert::Into::into(email), changed_at: ::core::option::Option::None }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta = __orm::table("Account", "accounts", &COLUMNS, &[0usize])
        .version(__orm::version::<i32>(3usize, false));
    static COLUMNS: [__orm::ColumnMeta; 5usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "email", "email", <String as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 2usize, "lower_email", "lower_email", <String as __orm::ColumnType>::KIND)
            .default(__orm::ColumnDefault::Computed("lower(email)")),
        __orm::column(&TABLE, 3usize, "version", "version", <i32 as __orm::ColumnType>::KIND),
        __orm::column(
            &TABLE,
            4usize,
            "changed_at",
            "changed_at",
            <Option<DateTime<Utc>> as __orm::ColumnType>::KIND,
        )
        .on_update("now()"),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct AccountTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Account, i64>,
        pub email: __orm::Column<Account, String>,
        pub lower_email: __orm::Column<Account, String>,
        pub version: __orm::Column<Account, i32>,
        pub changed_at: __orm::Column<Account, Option<DateTime<Utc>>>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for AccountTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for AccountTable {}
    impl AccountTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                id: self.id.aliased(alias),
                email: self.email.aliased(alias),
                lower_email: self.lower_email.aliased(alias),
                version: self.version.aliased(alias),
                changed_at: self.changed_at.aliased(alias),
            }
        }
    }
    const _: fn(AccountTable, &'static str) -> AccountTable = AccountTable::alias;
    impl __orm::Table for AccountTable {
        type Model = Account;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &AccountTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Account {
        type Columns = AccountTable;
        fn columns(alias: __orm::Alias) -> AccountTable {
            <Account as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for AccountTable {
        type Row = Account;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Account, __orm::Error> {
            <Account as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Account> for AccountTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Account, __orm::Error> {
            <Account as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Account {
        type Table = AccountTable;
        type Key = i64;
        type Kind = __orm::Entity;
        type New = NewAccount;
        const TABLE: AccountTable = AccountTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            email: __orm::Column::new(&COLUMNS[1usize]),
            lower_email: __orm::Column::new(&COLUMNS[2usize]),
            version: __orm::Column::new(&COLUMNS[3usize]),
            changed_at: __orm::Column::new(&COLUMNS[4usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                email: match <String as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                lower_email: match <String as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                version: match <i32 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                changed_at: match <Option<DateTime<Utc>> as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
            })
        }
        fn key(&self) -> Self::Key {
            __orm::Clone::clone(&self.id)
        }
        fn value_at(&self, place: usize) -> &dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value(&self.id),
                1usize => <String as __orm::ColumnType>::value(&self.email),
                2usize => <String as __orm::ColumnType>::value(&self.lower_email),
                3usize => <i32 as __orm::ColumnType>::value(&self.version),
                4usize => <Option<DateTime<Utc>> as __orm::ColumnType>::value(&self.changed_at),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <String as __orm::ColumnType>::value_mut(&mut self.email),
                2usize => <String as __orm::ColumnType>::value_mut(&mut self.lower_email),
                3usize => <i32 as __orm::ColumnType>::value_mut(&mut self.version),
                4usize => <Option<DateTime<Utc>> as __orm::ColumnType>::value_mut(&mut self.changed_at),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewAccount {
        type Model = Account;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <i64 as __orm::ColumnType>::new_value(&self.id),
                1usize => <String as __orm::ColumnType>::new_value(&self.email),
                3usize => __orm::first_version::<i32>(),
                4usize => <Option<DateTime<Utc>> as __orm::ColumnType>::new_value(&self.changed_at),
                _ => __orm::NewValue::Default,
            }
        }
    }
};
