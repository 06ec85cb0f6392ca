// #[orm(of = shop::User)]
// pub struct UserCard {
//     id: i64,
//     pub name: String,
// }

#[doc(hidden)]
pub const UserCard: <UserCard as ::orm_core::codegen::RowOf>::Columns =
    <UserCard as ::orm_core::codegen::RowOf>::COLUMNS;
::orm_core::__plain_row!(UserCard);
const _: () = {
    use ::orm_core::codegen as __orm;
    #[doc(hidden)]
    #[derive(:: core :: clone :: Clone, :: core :: marker :: Copy)]
    pub struct UserCardColumns {
        __table: <shop::User as __orm::Model>::Table,
    }
    impl __orm::RowOf for UserCard {
        type Columns = UserCardColumns;
        const COLUMNS: UserCardColumns = UserCardColumns { __table: <shop::User as __orm::Model>::TABLE };
    }
    impl UserCardColumns {
        #[doc = r" The same row of an alias of its table."]
        #[must_use]
        pub const fn of(self, table: <shop::User as __orm::Model>::Table) -> Self {
            Self { __table: table }
        }
        #[doc = r" The row as an `Option`: `None` where all its columns are NULL, as on the right side of a left join."]
        #[must_use]
        pub const fn optional(self) -> __orm::Optional<Self> {
            __orm::Optional::new(self)
        }
    }
    impl __orm::ShapeOf<shop::User> for UserCard {
        type Columns = UserCardColumns;
        fn columns() -> UserCardColumns {
            <UserCard as __orm::RowOf>::COLUMNS
        }
    }
    impl ::core::ops::Deref for UserCardColumns {
        type Target = <shop::User as __orm::Model>::Table;
        fn deref(&self) -> &Self::Target {
            &self.__table
        }
    }
    impl __orm::Selectable for UserCardColumns {
        type Row = UserCard;
        fn items(self, items: &mut __orm::Items) {
            __orm::fill::<i64, _>(self.__table.id, items);
            __orm::fill::<String, _>(self.__table.name, items);
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<UserCard, __orm::Error> {
            __orm::Ok(UserCard {
                id: match cells.read_of::<i64>(<shop::User as __orm::Model>::META) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                name: match cells.read_of::<String>(<shop::User as __orm::Model>::META) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
            })
        }
        fn width() -> usize {
            2usize
        }
    }
    ::orm_core::__fill_row!(UserCardColumns, UserCard);
    impl __orm::FromRow for UserCard {
        fn names() -> __orm::Option<__orm::Names> {
            const NAMES: &[&str] = &[
                <shop::User as __orm::Model>::TABLE.id.meta().name,
                <shop::User as __orm::Model>::TABLE.name.meta().name,
            ];
            __orm::Some(__orm::Names::new("UserCard", NAMES))
        }
        fn from_row(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match cells.read::<i64>() {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                name: match cells.read::<String>() {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
            })
        }
    }
    impl __orm::TableRow for UserCard {
        type Columns = UserCardColumns;
        fn columns(alias: __orm::Alias) -> UserCardColumns {
            UserCardColumns { __table: __orm::Table::under(<shop::User as __orm::Model>::TABLE, alias) }
        }
        fn table() -> &'static __orm::TableMeta {
            <shop::User as __orm::Model>::META
        }
    }
    impl __orm::ValueRow for UserCard {
        fn bulk(rows: &[Self], columns: &mut __orm::ValueColumns) {
            columns.add(rows, |row| &row.id);
            columns.add(rows, |row| &row.name);
        }
    }
};
