// #[orm(of = User)]
// pub struct UserPage {
//     pub id: i64,
//     #[orm(relation)]
//     pub posts: Vec<PostLine>,
//     #[orm(count = posts)]
//     pub post_count: i64,
// }

#[doc(hidden)]
pub const UserPage: <UserPage as ::orm_core::codegen::RowOf>::Columns =
    <UserPage as ::orm_core::codegen::RowOf>::COLUMNS;
::orm_core::__plain_row!(UserPage);
const _: () = {
    use ::orm_core::codegen as __orm;
    #[doc(hidden)]
    #[derive(:: core :: clone :: Clone, :: core :: marker :: Copy)]
    pub struct UserPageColumns {
        __table: <User as __orm::Model>::Table,
    }
    impl __orm::RowOf for UserPage {
        type Columns = UserPageColumns;
        const COLUMNS: UserPageColumns = UserPageColumns { __table: <User as __orm::Model>::TABLE };
    }
    impl UserPageColumns {
        #[doc = r" The same row of an alias of its table."]
        #[must_use]
        pub const fn of(self, table: <User as __orm::Model>::Table) -> Self {
            Self { __table: table }
        }
        #[doc = r" The row as an `Option`: `None` where all its columns are NULL, as on the right side of a left join."]
        #[must_use]
        pub const fn optional(self) -> __orm::Optional<Self> {
            __orm::Optional::new(self)
        }
    }
    impl __orm::ShapeOf<User> for UserPage {
        type Columns = UserPageColumns;
        fn columns() -> UserPageColumns {
            <UserPage as __orm::RowOf>::COLUMNS
        }
    }
    impl ::core::ops::Deref for UserPageColumns {
        type Target = <User as __orm::Model>::Table;
        fn deref(&self) -> &Self::Target {
            &self.__table
        }
    }
    impl __orm::Selectable for UserPageColumns {
        type Row = UserPage;
        fn items(self, items: &mut __orm::Items) {
            __orm::fill::<i64, _>(self.__table.id, items);
            __orm::fill_related::<Vec<PostLine>, _>(self.__table.posts, items);
            __orm::fill::<i64, _>(__orm::count_related(self.__table.posts), items);
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<UserPage, __orm::Error> {
            __orm::Ok(UserPage {
                id: match cells.read_of::<i64>(<User as __orm::Model>::META) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                posts: match cells.related::<Vec<PostLine>>() {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                post_count: match cells.read::<i64>() {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
            })
        }
        fn width() -> usize {
            2usize + __orm::related_width(<User as __orm::Model>::TABLE.posts)
        }
    }
    ::orm_core::__fill_row!(UserPageColumns, UserPage);
};
