// #[orm(policy(name = "tenant", using = "tenant = current_setting('app.tenant')"), row_security = force)]
// #[orm(policy(name = "new", for = insert, to = "web_user", check = "id > 0", restrictive))]
// pub struct Invoice {
//     #[orm(primary_key)]
//     pub id: i64,
//     pub tenant: String,
// }

#[doc(hidden)]
pub const Invoice: <Invoice as ::orm_core::codegen::Model>::Table =
    <Invoice as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `invoices`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
pub struct NewInvoice {
    #[doc = "The column `id`."]
    pub id: i64,
    #[doc = "The column `tenant`."]
    pub tenant: String,
}
impl NewInvoice {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    pub fn new(id: i64, tenant: impl ::core::convert::Into<String>) -> Self {
        Self { id, tenant: ::core::convert::Into::into(tenant) }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta = __orm::table("Invoice", "invoices", &COLUMNS, &[0usize])
        .row_security(__orm::RowSecurity::Forced)
        .policies(&[
            __orm::Policy {
                name: "tenant",
                command: __orm::PolicyCommand::All,
                restrictive: false,
                role: __orm::None,
                using: __orm::Some("tenant = current_setting('app.tenant')"),
                check: __orm::None,
            },
            __orm::Policy {
                name: "new",
                command: __orm::PolicyCommand::Insert,
                restrictive: true,
                role: __orm::Some("web_user"),
                using: __orm::None,
                check: __orm::Some("id > 0"),
            },
        ]);
    static COLUMNS: [__orm::ColumnMeta; 2usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "tenant", "tenant", <String as __orm::ColumnType>::KIND),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct InvoiceTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Invoice, i64>,
        pub tenant: __orm::Column<Invoice, String>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for InvoiceTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for InvoiceTable {}
    impl InvoiceTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                id: self.id.aliased(alias),
                tenant: self.tenant.aliased(alias),
            }
        }
    }
    const _: fn(InvoiceTable, &'static str) -> InvoiceTable = InvoiceTable::alias;
    impl __orm::Table for InvoiceTable {
        type Model = Invoice;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &InvoiceTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Invoice {
        type Columns = InvoiceTable;
        fn columns(alias: __orm::Alias) -> InvoiceTable {
            <Invoice as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for InvoiceTable {
        type Row = Invoice;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Invoice, __orm::Error> {
            <Invoice as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Invoice> for InvoiceTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Invoice, __orm::Error> {
            <Invoice as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Invoice {
        type Table = InvoiceTable;
        type Key = i64;
        type Kind = __orm::Entity;
        type New = NewInvoice;
        const TABLE: InvoiceTable = InvoiceTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            tenant: __orm::Column::new(&COLUMNS[1usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <i64 as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                tenant: match <String as __orm::ColumnType>::read(cells, &TABLE) {
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
                1usize => <String as __orm::ColumnType>::value(&self.tenant),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <String as __orm::ColumnType>::value_mut(&mut self.tenant),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewInvoice {
        type Model = Invoice;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <i64 as __orm::ColumnType>::new_value(&self.id),
                1usize => <String as __orm::ColumnType>::new_value(&self.tenant),
                _ => __orm::NewValue::Default,
            }
        }
    }
};
