// #[orm(crate = my_app::orm)]
// struct Visit {
//     #[orm(primary_key)]
//     id: i64,
//     #[orm(references = User.id)]
//     user_id: i64,
// }

#[doc(hidden)]
const Visit: <Visit as my_app::orm::codegen::Model>::Table = <Visit as my_app::orm::codegen::Model>::TABLE;
#[doc = "A new row of `visits`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
struct NewVisit {
    #[doc = "The column `id`."]
    id: i64,
    #[doc = "The column `user_id`."]
    user_id: my_app::orm::codegen::Ref<User, i64>,
}
impl NewVisit {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    fn new(id: i64, user_id: impl my_app::orm::codegen::IntoRef<User, i64>) -> Self {
        Self { id, user_id: my_app::orm::codegen::IntoRef::into_ref(user_id) }
    }
}
const _: () = {
    use my_app::orm::codegen as __orm;
    static TABLE: __orm::TableMeta =
        __orm::table("Visit", "visits", &COLUMNS, &[0usize]).foreign_keys(&[__orm::ForeignKey {
            columns: &[1usize],
            target: || __orm::target(User.id),
            on_delete: __orm::Action::NoAction,
            on_update: __orm::Action::NoAction,
            deferrable: __orm::Deferrable::No,
        }]);
    static COLUMNS: [__orm::ColumnMeta; 2usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "user_id", "user_id", <i64 as __orm::ColumnType>::KIND)
            .foreign_key(0usize),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    struct VisitTable {
        __alias: __orm::Option<__orm::Alias>,
        id: __orm::Column<Visit, i64>,
        user_id: __orm::Column<Visit, i64>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for VisitTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for VisitTable {}
    impl VisitTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                id: self.id.aliased(alias),
                user_id: self.user_id.aliased(alias),
            }
        }
    }
    const _: fn(VisitTable, &'static str) -> VisitTable = VisitTable::alias;
    impl __orm::Table for VisitTable {
        type Model = Visit;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &VisitTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Visit {
        type Columns = VisitTable;
        fn columns(alias: __orm::Alias) -> VisitTable {
            <Visit as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for VisitTable {
        type Row = Visit;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Visit, __orm::Error> {
            <Visit as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Visit> for VisitTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Visit, __orm::Error> {
            <Visit as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Visit {
        type Table = VisitTable;
        type Key = i64;
        type Kind = __orm::Entity;
        type New = NewVisit;
        const TABLE: VisitTable = VisitTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            user_id: __orm::Column::new(&COLUMNS[1usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                user_id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
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
                1usize => <i64 as __orm::ColumnType>::value(&self.user_id),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <i64 as __orm::ColumnType>::value_mut(&mut self.user_id),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewVisit {
        type Model = Visit;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <i64 as __orm::ColumnType>::new_value(&self.id),
                1usize => __orm::ReferenceValue::new_value(&self.user_id),
                _ => __orm::NewValue::Default,
            }
        }
    }
    impl __orm::References<User, 0usize> for Visit {}
    const _: () = {
        __orm::references(User.id, Visit.user_id);
    };
};
