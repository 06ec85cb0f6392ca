// #[derive(Clone)]
// pub struct Revenue {
//     #[orm(column = "Supplier")]
//     pub supplier: i64,
//     /// In euros.
//     pub(crate) total: Option<Money>,
// }

#[doc = "What fills the fields of a `Revenue`: `select(SelectRevenue { .. })`."]
#[derive(:: core :: clone :: Clone, :: core :: marker :: Copy, :: core :: fmt :: Debug)]
pub struct SelectRevenue<F0, F1> {
    #[doc = "What fills `supplier`."]
    pub supplier: F0,
    #[doc = "What fills `total`."]
    pub(crate) total: F1,
}
::orm_core::__plain_row!(Revenue);
const _: () = {
    use ::orm_core::codegen as __orm;
    impl<F0: __orm::Fill<i64>, F1: __orm::Fill<Option<Money>>> __orm::Selectable for SelectRevenue<F0, F1> {
        type Row = Revenue;
        fn items(self, items: &mut __orm::Items) {
            <F0 as __orm::Fill<i64>>::fill_items(self.supplier, items);
            <F1 as __orm::Fill<Option<Money>>>::fill_items(self.total, items);
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Revenue, __orm::Error> {
            __orm::Ok(Revenue {
                supplier: match <F0 as __orm::Fill<i64>>::fill(cells) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                total: match <F1 as __orm::Fill<Option<Money>>>::fill(cells) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
            })
        }
        fn width() -> usize {
            0 + <F0 as __orm::Fill<i64>>::fill_width() + <F1 as __orm::Fill<Option<Money>>>::fill_width()
        }
    }
    #[diagnostic::do_not_recommend]
    impl<F0: __orm::Fill<i64>, F1: __orm::Fill<Option<Money>>> __orm::Fill<Revenue> for SelectRevenue<F0, F1> {
        fn fill_items(self, items: &mut __orm::Items) {
            __orm::Selectable::items(self, items)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Revenue, __orm::Error> {
            <Self as __orm::Selectable>::decode(cells)
        }
        fn fill_width() -> usize {
            <Self as __orm::Selectable>::width()
        }
    }
    impl<F0, F1> SelectRevenue<F0, F1> {
        #[doc = r" The row as an `Option`: `None` where all its columns are NULL, as on the right side of a left join."]
        #[must_use]
        pub const fn optional(self) -> __orm::Optional<Self> {
            __orm::Optional::new(self)
        }
    }
    impl __orm::FromRow for Revenue
    where
        for<'a> Option<Money>: __orm::CellType<'a>,
    {
        fn names() -> __orm::Option<__orm::Names> {
            const NAMES: &[&str] = &["Supplier", "total"];
            __orm::Some(__orm::Names::new("Revenue", NAMES))
        }
        fn from_row(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                supplier: match cells.read::<i64>() {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                total: match cells.read::<Option<Money>>() {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
            })
        }
    }
    static TABLE: __orm::TableMeta = __orm::table("Revenue", "", &[], &[]);
    static COLUMNS: [__orm::ColumnPair; 2usize] =
        __orm::row_columns(&TABLE, [["supplier", "Supplier"], ["total", "total"]]);
    impl __orm::TableRow for Revenue
    where
        for<'a> Option<Money>: __orm::CellType<'a>,
        for<'a> __orm::RowColumn<Revenue, Option<Money>>: __orm::CellColumn<'a, Option<Money>>,
    {
        type Columns =
            SelectRevenue<__orm::RowColumn<Revenue, i64>, __orm::RowColumn<Revenue, Option<Money>>>;
        fn columns(alias: __orm::Alias) -> Self::Columns {
            SelectRevenue {
                supplier: __orm::row_column(&COLUMNS[0usize], alias),
                total: __orm::row_column(&COLUMNS[1usize], alias),
            }
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    impl __orm::ValueRow for Revenue
    where
        for<'a> Option<Money>: __orm::CellType<'a>,
    {
        fn bulk(rows: &[Self], columns: &mut __orm::ValueColumns) {
            columns.add(rows, |row| &row.supplier);
            columns.add(rows, |row| &row.total);
        }
    }
};
