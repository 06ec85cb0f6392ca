// #[orm(foreign_key(tenant_id, order_id = Order, on_delete = restrict))]
// pub struct Payment {
//     #[orm(primary_key)]
//     pub id: i64,
//     pub tenant_id: i64,
//     pub order_id: Option<i32>,
// }

#[doc(hidden)]
pub const Payment: <Payment as ::orm_core::codegen::Model>::Table =
    <Payment as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `payments`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
pub struct NewPayment {
    #[doc = "The column `id`."]
    pub id: i64,
    #[doc = "The column `tenant_id`."]
    pub tenant_id: ::orm_core::codegen::Ref<Order, i64>,
    #[doc = "The column `order_id`."]
    pub order_id: ::core::option::Option<::orm_core::codegen::Ref<Order, i32>>,
}
impl NewPayment {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    pub fn new(id: i64, tenant_id: impl ::orm_core::codegen::IntoRef<Order, i64>) -> Self {
        Self {
            id,
            tenant_id: ::orm_core::codegen::IntoRef::into_ref(tenant_id),
            order_id: ::core::option::Option::None,
        }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta =
        __orm::table("Payment", "payments", &COLUMNS, &[0usize]).foreign_keys(&[__orm::ForeignKey {
            columns: &[1usize, 2usize],
            target: || __orm::target_key::<Order>(),
            on_delete: __orm::Action::Restrict,
            on_update: __orm::Action::NoAction,
            deferrable: __orm::Deferrable::No,
        }]);
    static COLUMNS: [__orm::ColumnMeta; 3usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "tenant_id", "tenant_id", <i64 as __orm::ColumnType>::KIND)
            .foreign_key(0usize),
        __orm::column(&TABLE, 2usize, "order_id", "order_id", <Option<i32> as __orm::ColumnType>::KIND)
            .foreign_key(0usize),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct PaymentTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Payment, i64>,
        pub tenant_id: __orm::Column<Payment, i64>,
        pub order_id: __orm::Column<Payment, Option<i32>>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for PaymentTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for PaymentTable {}
    impl PaymentTable {
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
                order_id: self.order_id.aliased(alias),
            }
        }
    }
    const _: fn(PaymentTable, &'static str) -> PaymentTable = PaymentTable::alias;
    impl __orm::Table for PaymentTable {
        type Model = Payment;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &PaymentTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Payment {
        type Columns = PaymentTable;
        fn columns(alias: __orm::Alias) -> PaymentTable {
            <Payment as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for PaymentTable {
        type Row = Payment;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Payment, __orm::Error> {
            <Payment as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Payment> for PaymentTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Payment, __orm::Error> {
            <Payment as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Payment {
        type Table = PaymentTable;
        type Key = i64;
        type Kind = __orm::Entity;
        type New = NewPayment;
        const TABLE: PaymentTable = PaymentTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            tenant_id: __orm::Column::new(&COLUMNS[1usize]),
            order_id: __orm::Column::new(&COLUMNS[2usize]),
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
                order_id: match <Option<i32> as __orm::ColumnType>::read(cells, &TABLE) {
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
                2usize => <Option<i32> as __orm::ColumnType>::value(&self.order_id),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <i64 as __orm::ColumnType>::value_mut(&mut self.tenant_id),
                2usize => <Option<i32> as __orm::ColumnType>::value_mut(&mut self.order_id),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewPayment {
        type Model = Payment;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <i64 as __orm::ColumnType>::new_value(&self.id),
                1usize => __orm::ReferenceValue::new_value(&self.tenant_id),
                2usize => __orm::ReferenceValue::new_value(&self.order_id),
                _ => __orm::NewValue::Default,
            }
        }
    }
    impl __orm::References<Order, 0usize> for Payment {}
    const _: () = {
        __orm::references_parts::<Order>(2usize);
        __orm::references_part::<Order, _, _, 0usize>(Payment.tenant_id);
        __orm::references_part::<Order, _, _, 1usize>(Payment.order_id);
    };
};
