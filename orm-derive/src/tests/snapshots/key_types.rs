// #[orm(table = "line_items")]
// pub struct Item {
//     #[orm(primary_key)]
//     pub order_id: OrderId,
//     #[orm(primary_key)]
//     pub code: String,
//     #[orm(generated = always)]
//     pub number: i32,
// }

#[doc(hidden)]
pub const Item: <Item as ::orm_core::codegen::Model>::Table = <Item as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `line_items`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
pub struct NewItem {
    #[doc = "The column `order_id`."]
    pub order_id: OrderId,
    #[doc = "The column `code`."]
    pub code: String,
}
impl NewItem {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    pub fn new(
        order_id: impl ::core::convert::Into<OrderId>,
        code: impl ::core::convert::Into<String>,
    ) -> Self {
        Self { order_id: ::core::convert::Into::into(order_id), code: ::core::convert::Into::into(code) }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta = __orm::table("Item", "line_items", &COLUMNS, &[0usize, 1usize]);
    static COLUMNS: [__orm::ColumnMeta; 3usize] = [
        __orm::column(&TABLE, 0usize, "order_id", "order_id", <OrderId as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "code", "code", <String as __orm::ColumnType>::KIND),
        __orm::identity(__orm::column(&TABLE, 2usize, "number", "number", <i32 as __orm::ColumnType>::KIND))
            .always(),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct ItemTable {
        __alias: __orm::Option<__orm::Alias>,
        pub order_id: __orm::Column<Item, OrderId>,
        pub code: __orm::Column<Item, String>,
        pub number: __orm::Column<Item, i32>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for ItemTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for ItemTable {}
    impl ItemTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                order_id: self.order_id.aliased(alias),
                code: self.code.aliased(alias),
                number: self.number.aliased(alias),
            }
        }
    }
    const _: fn(ItemTable, &'static str) -> ItemTable = ItemTable::alias;
    impl __orm::Table for ItemTable {
        type Model = Item;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &ItemTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Item {
        type Columns = ItemTable;
        fn columns(alias: __orm::Alias) -> ItemTable {
            <Item as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for ItemTable {
        type Row = Item;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Item, __orm::Error> {
            <Item as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Item> for ItemTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Item, __orm::Error> {
            <Item as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Item {
        type Table = ItemTable;
        type Key = (OrderId, String);
        type Kind = __orm::Entity;
        type New = NewItem;
        const TABLE: ItemTable = ItemTable {
            __alias: __orm::None,
            order_id: __orm::Column::new(&COLUMNS[0usize]),
            code: __orm::Column::new(&COLUMNS[1usize]),
            number: __orm::Column::new(&COLUMNS[2usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                order_id: match <OrderId as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                code: match <String as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                number: match <i32 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
            })
        }
        fn key(&self) -> Self::Key {
            (__orm::Clone::clone(&self.order_id), __orm::Clone::clone(&self.code))
        }
        fn value_at(&self, place: usize) -> &dyn __orm::Value {
            match place {
                0usize => <OrderId as __orm::ColumnType>::value(&self.order_id),
                1usize => <String as __orm::ColumnType>::value(&self.code),
                2usize => <i32 as __orm::ColumnType>::value(&self.number),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <OrderId as __orm::ColumnType>::value_mut(&mut self.order_id),
                1usize => <String as __orm::ColumnType>::value_mut(&mut self.code),
                2usize => <i32 as __orm::ColumnType>::value_mut(&mut self.number),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewItem {
        type Model = Item;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <OrderId as __orm::ColumnType>::new_value(&self.order_id),
                1usize => <String as __orm::ColumnType>::new_value(&self.code),
                _ => __orm::NewValue::Default,
            }
        }
    }
};
