// #[orm(view = "SELECT id, name FROM users WHERE age >= 18")]
// pub struct Adult {
//     pub id: i64,
//     pub name: Option<String>,
// }

#[doc(hidden)]
pub const Adult: <Adult as ::orm_core::codegen::Model>::Table = <Adult as ::orm_core::codegen::Model>::TABLE;
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta = __orm::table("Adult", "adults", &COLUMNS, &[])
        .kind(__orm::TableKind::View(__orm::Some("SELECT id, name FROM users WHERE age >= 18")));
    static COLUMNS: [__orm::ColumnMeta; 2usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "name", "name", <Option<String> as __orm::ColumnType>::KIND),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct AdultTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Adult, i64>,
        pub name: __orm::Column<Adult, Option<String>>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for AdultTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for AdultTable {}
    impl AdultTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self { __alias: __orm::Some(alias), id: self.id.aliased(alias), name: self.name.aliased(alias) }
        }
    }
    const _: fn(AdultTable, &'static str) -> AdultTable = AdultTable::alias;
    impl __orm::Table for AdultTable {
        type Model = Adult;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &AdultTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Adult {
        type Columns = AdultTable;
        fn columns(alias: __orm::Alias) -> AdultTable {
            <Adult as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for AdultTable {
        type Row = Adult;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Adult, __orm::Error> {
            <Adult as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Adult> for AdultTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Adult, __orm::Error> {
            <Adult as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Adult {
        type Table = AdultTable;
        type Key = __orm::NoKey;
        type Kind = __orm::View;
        type New = __orm::NoNew<Adult>;
        const TABLE: AdultTable = AdultTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            name: __orm::Column::new(&COLUMNS[1usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                name: match <Option<String> as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
            })
        }
        fn key(&self) -> Self::Key {
            __orm::no_key(&TABLE)
        }
        fn value_at(&self, place: usize) -> &dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value(&self.id),
                1usize => <Option<String> as __orm::ColumnType>::value(&self.name),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <Option<String> as __orm::ColumnType>::value_mut(&mut self.name),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
};
