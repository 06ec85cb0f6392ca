// #[orm(new(derive(PartialEq, serde::Deserialize, Clone)))]
// pub struct Tag {
//     #[orm(primary_key, default = "gen_random_uuid()")]
//     pub id: Uuid,
//     pub name: Option<String>,
// }

#[doc(hidden)]
pub const Tag: <Tag as ::orm_core::codegen::Model>::Table = <Tag as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `tags`."]
#[derive(
    :: core :: clone :: Clone,
    :: core :: fmt :: Debug,
    :: core :: default :: Default,
    PartialEq,
    serde :: Deserialize,
)]
pub struct NewTag {
    #[doc = "The column `id`."]
    #[doc = ""]
    #[doc = "`None` leaves it to the database."]
    pub id: ::core::option::Option<Uuid>,
    #[doc = "The column `name`."]
    pub name: Option<String>,
}
impl NewTag {
    #[doc = "A new row; every column is left out or NULL."]
    #[must_use]
    pub fn new() -> Self {
        Self { id: ::core::option::Option::None, name: ::core::option::Option::None }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta = __orm::table("Tag", "tags", &COLUMNS, &[0usize]);
    static COLUMNS: [__orm::ColumnMeta; 2usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <Uuid as __orm::ColumnType>::KIND)
            .default(__orm::ColumnDefault::Sql("gen_random_uuid()")),
        __orm::column(&TABLE, 1usize, "name", "name", <Option<String> as __orm::ColumnType>::KIND),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct TagTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Tag, Uuid>,
        pub name: __orm::Column<Tag, Option<String>>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for TagTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for TagTable {}
    impl TagTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self { __alias: __orm::Some(alias), id: self.id.aliased(alias), name: self.name.aliased(alias) }
        }
    }
    const _: fn(TagTable, &'static str) -> TagTable = TagTable::alias;
    impl __orm::Table for TagTable {
        type Model = Tag;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &TagTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Tag {
        type Columns = TagTable;
        fn columns(alias: __orm::Alias) -> TagTable {
            <Tag as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for TagTable {
        type Row = Tag;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Tag, __orm::Error> {
            <Tag as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Tag> for TagTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Tag, __orm::Error> {
            <Tag as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Tag {
        type Table = TagTable;
        type Key = Uuid;
        type Kind = __orm::Entity;
        type New = NewTag;
        const TABLE: TagTable = TagTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            name: __orm::Column::new(&COLUMNS[1usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <Uuid as __orm::ColumnType>::read(cells, &TABLE) {
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
            __orm::Clone::clone(&self.id)
        }
        fn value_at(&self, place: usize) -> &dyn __orm::Value {
            match place {
                0usize => <Uuid as __orm::ColumnType>::value(&self.id),
                1usize => <Option<String> as __orm::ColumnType>::value(&self.name),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <Uuid as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <Option<String> as __orm::ColumnType>::value_mut(&mut self.name),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewTag {
        type Model = Tag;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <Uuid as __orm::ColumnType>::or_default(&self.id),
                1usize => <Option<String> as __orm::ColumnType>::new_value(&self.name),
                _ => __orm::NewValue::Default,
            }
        }
    }
};
