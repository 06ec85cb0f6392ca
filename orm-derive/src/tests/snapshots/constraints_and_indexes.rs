// #[orm(schema = "shop")]
// #[orm(unique(tenant_id, email, deferrable), unique(email, name = "by_email"))]
// #[orm(index(tenant_id, "lower(email)", method = "btree", where = "price > 0", name = "by_tenant", unique))]
// #[orm(check = "tenant_id > 0")]
// pub struct Customer {
//     #[orm(primary_key)]
//     pub id: i64,
//     #[orm(index)]
//     pub tenant_id: i64,
//     #[orm(unique(deferrable = initially_deferred))]
//     pub email: String,
//     #[orm(check = "price >= 0", index(method = "brin"))]
//     pub price: i64,
// }

#[doc(hidden)]
pub const Customer: <Customer as ::orm_core::codegen::Model>::Table =
    <Customer as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `customers`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
pub struct NewCustomer {
    #[doc = "The column `id`."]
    pub id: i64,
    #[doc = "The column `tenant_id`."]
    pub tenant_id: i64,
    #[doc = "The column `email`."]
    pub email: String,
    #[doc = "The column `price`."]
    pub price: i64,
}
impl NewCustomer {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    pub fn new(id: i64, tenant_id: i64, email: impl ::core::convert::Into<String>, price: i64) -> Self {
        Self { id, tenant_id, email: ::core::convert::Into::into(email), price }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta = __orm::table("Customer", "customers", &COLUMNS, &[0usize])
        .schema(__orm::Some("shop"))
        .uniques(&[
            __orm::Unique {
                name: __orm::None,
                columns: &[2usize],
                deferrable: __orm::Deferrable::InitiallyDeferred,
            },
            __orm::Unique {
                name: __orm::None,
                columns: &[1usize, 2usize],
                deferrable: __orm::Deferrable::InitiallyImmediate,
            },
            __orm::Unique {
                name: __orm::Some("by_email"),
                columns: &[2usize],
                deferrable: __orm::Deferrable::No,
            },
        ])
        .checks(&[
            __orm::Check { name: __orm::None, column: __orm::Some(3usize), sql: "price >= 0" },
            __orm::Check { name: __orm::None, column: __orm::None, sql: "tenant_id > 0" },
        ])
        .indexes(&[
            __orm::Index {
                name: __orm::Some("by_tenant"),
                unique: true,
                method: __orm::Some("btree"),
                parts: &[__orm::IndexPart::Place(1usize), __orm::IndexPart::Sql("lower(email)")],
                predicate: __orm::Some("price > 0"),
            },
            __orm::Index {
                name: __orm::None,
                unique: false,
                method: __orm::None,
                parts: &[__orm::IndexPart::Place(1usize)],
                predicate: __orm::None,
            },
            __orm::Index {
                name: __orm::None,
                unique: false,
                method: __orm::Some("brin"),
                parts: &[__orm::IndexPart::Place(3usize)],
                predicate: __orm::None,
            },
        ]);
    static COLUMNS: [__orm::ColumnMeta; 4usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "tenant_id", "tenant_id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 2usize, "email", "email", <String as __orm::ColumnType>::KIND).unique(),
        __orm::column(&TABLE, 3usize, "price", "price", <i64 as __orm::ColumnType>::KIND),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct CustomerTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Customer, i64>,
        pub tenant_id: __orm::Column<Customer, i64>,
        pub email: __orm::Column<Customer, String>,
        pub price: __orm::Column<Customer, i64>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for CustomerTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for CustomerTable {}
    impl CustomerTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                id: self.id.aliased(alias),
                tenant_id: self.tenant_id.aliased(alias),
                email: self.email.aliased(alias),
                price: self.price.aliased(alias),
            }
        }
    }
    const _: fn(CustomerTable, &'static str) -> CustomerTable = CustomerTable::alias;
    impl __orm::Table for CustomerTable {
        type Model = Customer;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &CustomerTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Customer {
        type Columns = CustomerTable;
        fn columns(alias: __orm::Alias) -> CustomerTable {
            <Customer as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for CustomerTable {
        type Row = Customer;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Customer, __orm::Error> {
            <Customer as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Customer> for CustomerTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Customer, __orm::Error> {
            <Customer as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Customer {
        type Table = CustomerTable;
        type Key = i64;
        type Kind = __orm::Entity;
        type New = NewCustomer;
        const TABLE: CustomerTable = CustomerTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            tenant_id: __orm::Column::new(&COLUMNS[1usize]),
            email: __orm::Column::new(&COLUMNS[2usize]),
            price: __orm::Column::new(&COLUMNS[3usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                tenant_id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                email: match <String as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                price: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
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
                1usize => <i64 as __orm::ColumnType>::value(&self.tenant_id),
                2usize => <String as __orm::ColumnType>::value(&self.email),
                3usize => <i64 as __orm::ColumnType>::value(&self.price),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <i64 as __orm::ColumnType>::value_mut(&mut self.tenant_id),
                2usize => <String as __orm::ColumnType>::value_mut(&mut self.email),
                3usize => <i64 as __orm::ColumnType>::value_mut(&mut self.price),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewCustomer {
        type Model = Customer;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <i64 as __orm::ColumnType>::new_value(&self.id),
                1usize => <i64 as __orm::ColumnType>::new_value(&self.tenant_id),
                2usize => <String as __orm::ColumnType>::new_value(&self.email),
                3usize => <i64 as __orm::ColumnType>::new_value(&self.price),
                _ => __orm::NewValue::Default,
            }
        }
    }
};
