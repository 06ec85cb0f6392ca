// #[orm(soft_delete = deleted_at, filter(listed = "NOT Hidden AND lower(hidden_by) <> 'hidden'"))]
// pub struct Note {
//     #[orm(primary_key)]
//     pub id: i64,
//     pub hidden: bool,
//     pub hidden_by: Option<String>,
//     pub deleted_at: Option<DateTime<Utc>>,
// }

#[doc(hidden)]
pub const Note: <Note as ::orm_core::codegen::Model>::Table = <Note as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `notes`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
pub struct NewNote {
    #[doc = "The column `id`."]
    pub id: i64,
    #[doc = "The column `hidden`."]
    pub hidden: bool,
    #[doc = "The column `hidden_by`."]
    pub hidden_by: Option<String>,
    #[doc = "The column `deleted_at`."]
    pub deleted_at: Option<DateTime<Utc>>,
}
impl NewNote {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    pub fn new(id: i64, hidden: bool) -> Self {
        Self { id, hidden, hidden_by: ::core::option::Option::None, deleted_at: ::core::option::Option::None }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta = __orm::table("Note", "notes", &COLUMNS, &[0usize])
        .soft_delete(__orm::soft_delete::<Option<DateTime<Utc>>>(3usize))
        .filters(&[__orm::Filter {
            name: "listed",
            texts: &["NOT ", " AND lower(", ") <> 'hidden'"],
            columns: &[1usize, 2usize],
        }]);
    static COLUMNS: [__orm::ColumnMeta; 4usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "hidden", "hidden", <bool as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 2usize, "hidden_by", "hidden_by", <Option<String> as __orm::ColumnType>::KIND),
        __orm::column(
            &TABLE,
            3usize,
            "deleted_at",
            "deleted_at",
            <Option<DateTime<Utc>> as __orm::ColumnType>::KIND,
        ),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct NoteTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Note, i64>,
        pub hidden: __orm::Column<Note, bool>,
        pub hidden_by: __orm::Column<Note, Option<String>>,
        pub deleted_at: __orm::Column<Note, Option<DateTime<Utc>>>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for NoteTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for NoteTable {}
    impl NoteTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                id: self.id.aliased(alias),
                hidden: self.hidden.aliased(alias),
                hidden_by: self.hidden_by.aliased(alias),
                deleted_at: self.deleted_at.aliased(alias),
            }
        }
    }
    const _: fn(NoteTable, &'static str) -> NoteTable = NoteTable::alias;
    impl __orm::Table for NoteTable {
        type Model = Note;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &NoteTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Note {
        type Columns = NoteTable;
        fn columns(alias: __orm::Alias) -> NoteTable {
            <Note as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for NoteTable {
        type Row = Note;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Note, __orm::Error> {
            <Note as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Note> for NoteTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Note, __orm::Error> {
            <Note as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Note {
        type Table = NoteTable;
        type Key = i64;
        type Kind = __orm::Entity;
        type New = NewNote;
        const TABLE: NoteTable = NoteTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            hidden: __orm::Column::new(&COLUMNS[1usize]),
            hidden_by: __orm::Column::new(&COLUMNS[2usize]),
            deleted_at: __orm::Column::new(&COLUMNS[3usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                hidden: match <bool as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                hidden_by: match <Option<String> as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                deleted_at: match <Option<DateTime<Utc>> as __orm::ColumnType>::read(cells, &TABLE) {
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
                1usize => <bool as __orm::ColumnType>::value(&self.hidden),
                2usize => <Option<String> as __orm::ColumnType>::value(&self.hidden_by),
                3usize => <Option<DateTime<Utc>> as __orm::ColumnType>::value(&self.deleted_at),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <bool as __orm::ColumnType>::value_mut(&mut self.hidden),
                2usize => <Option<String> as __orm::ColumnType>::value_mut(&mut self.hidden_by),
                3usize => <Option<DateTime<Utc>> as __orm::ColumnType>::value_mut(&mut self.deleted_at),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewNote {
        type Model = Note;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <i64 as __orm::ColumnType>::new_value(&self.id),
                1usize => <bool as __orm::ColumnType>::new_value(&self.hidden),
                2usize => <Option<String> as __orm::ColumnType>::new_value(&self.hidden_by),
                3usize => <Option<DateTime<Utc>> as __orm::ColumnType>::new_value(&self.deleted_at),
                _ => __orm::NewValue::Default,
            }
        }
    }
};
