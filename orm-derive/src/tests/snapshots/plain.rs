// /// Who writes.
// pub struct User {
//     #[orm(primary_key, generated)]
//     pub id: i64,
//     pub name: String,
//     /// In years.
//     age: Option<i32>,
//     #[orm(column = "Nick")]
//     pub(crate) r#nick: String,
// }

#[doc(hidden)]
pub const User: <User as ::orm_core::codegen::Model>::Table = <User as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `users`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
pub struct NewUser {
    #[doc = "The column `name`."]
    pub name: String,
    #[doc = " In years."]
    age: Option<i32>,
    #[doc = "The column `Nick`."]
    pub(crate) r#nick: String,
}
impl NewUser {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    pub fn new(name: impl ::core::convert::Into<String>, r#nick: impl ::core::convert::Into<String>) -> Self {
        Self {
            name: ::core::convert::Into::into(name),
            age: ::core::option::Option::None,
            r#nick: ::core::convert::Into::into(r#nick),
        }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta =
        __orm::table("User", "users", &COLUMNS, &[0usize]).comment("Who writes.");
    static COLUMNS: [__orm::ColumnMeta; 4usize] = [
        __orm::identity(__orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND)),
        __orm::column(&TABLE, 1usize, "name", "name", <String as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 2usize, "age", "age", <Option<i32> as __orm::ColumnType>::KIND)
            .comment("In years."),
        __orm::column(&TABLE, 3usize, "nick", "Nick", <String as __orm::ColumnType>::KIND),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct UserTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<User, i64>,
        pub name: __orm::Column<User, String>,
        #[doc = " In years."]
        age: __orm::Column<User, Option<i32>>,
        pub(crate) r#nick: __orm::Column<User, String>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for UserTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for UserTable {}
    impl UserTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                id: self.id.aliased(alias),
                name: self.name.aliased(alias),
                age: self.age.aliased(alias),
                r#nick: self.r#nick.aliased(alias),
            }
        }
    }
    const _: fn(UserTable, &'static str) -> UserTable = UserTable::alias;
    impl __orm::Table for UserTable {
        type Model = User;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &UserTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for User {
        type Columns = UserTable;
        fn columns(alias: __orm::Alias) -> UserTable {
            <User as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for UserTable {
        type Row = User;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<User, __orm::Error> {
            <User as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<User> for UserTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<User, __orm::Error> {
            <User as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for User {
        type Table = UserTable;
        type Key = i64;
        type Kind = __orm::Entity;
        type New = NewUser;
        const TABLE: UserTable = UserTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            name: __orm::Column::new(&COLUMNS[1usize]),
            age: __orm::Column::new(&COLUMNS[2usize]),
            r#nick: __orm::Column::new(&COLUMNS[3usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                name: match <String as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                age: match <Option<i32> as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                r#nick: match <String as __orm::ColumnType>::read(cells, &TABLE) {
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
                1usize => <String as __orm::ColumnType>::value(&self.name),
                2usize => <Option<i32> as __orm::ColumnType>::value(&self.age),
                3usize => <String as __orm::ColumnType>::value(&self.r#nick),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <String as __orm::ColumnType>::value_mut(&mut self.name),
                2usize => <Option<i32> as __orm::ColumnType>::value_mut(&mut self.age),
                3usize => <String as __orm::ColumnType>::value_mut(&mut self.r#nick),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewUser {
        type Model = User;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                1usize => <String as __orm::ColumnType>::new_value(&self.name),
                2usize => <Option<i32> as __orm::ColumnType>::new_value(&self.age),
                3usize => <String as __orm::ColumnType>::new_value(&self.r#nick),
                _ => __orm::NewValue::Default,
            }
        }
    }
};
