// pub struct Token {
//     #[orm(primary_key, client_default = Uuid::now_v7)]
//     pub id: Uuid,
//     #[orm(default = "now()")]
//     pub made_at: DateTime<Utc>,
//     #[orm(references = User.id, default = "1")]
//     pub user_id: i64,
// }

#[doc(hidden)]
pub const Token: <Token as ::orm_core::codegen::Model>::Table = <Token as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `tokens`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug, :: core :: default :: Default)]
pub struct NewToken {
    #[doc = "The column `id`."]
    #[doc = ""]
    #[doc = "`None` is filled when the row is added."]
    pub id: ::core::option::Option<Uuid>,
    #[doc = "The column `made_at`."]
    #[doc = ""]
    #[doc = "`None` leaves it to the database."]
    pub made_at: ::core::option::Option<DateTime<Utc>>,
    #[doc = "The column `user_id`."]
    #[doc = ""]
    #[doc = "`None` leaves it to the database."]
    pub user_id: ::core::option::Option<::orm_core::codegen::Ref<User, i64>>,
}
impl NewToken {
    #[doc = "A new row; every column is left out or NULL."]
    #[must_use]
    pub fn new() -> Self {
        Self {
            id: ::core::option::Option::None,
            made_at: ::core::option::Option::None,
            user_id: ::core::option::Option::None,
        }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta =
        __orm::table("Token", "tokens", &COLUMNS, &[0usize]).foreign_keys(&[__orm::ForeignKey {
            columns: &[2usize],
            target: || __orm::target(User.id),
            on_delete: __orm::Action::NoAction,
            on_update: __orm::Action::NoAction,
            deferrable: __orm::Deferrable::No,
        }]);
    static COLUMNS: [__orm::ColumnMeta; 3usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <Uuid as __orm::ColumnType>::KIND)
            .client_default(|| __orm::Value::share(&Uuid::now_v7())),
        __orm::column(&TABLE, 1usize, "made_at", "made_at", <DateTime<Utc> as __orm::ColumnType>::KIND)
            .default(__orm::ColumnDefault::Sql("now()")),
        __orm::column(&TABLE, 2usize, "user_id", "user_id", <i64 as __orm::ColumnType>::KIND)
            .default(__orm::ColumnDefault::Sql("1"))
            .foreign_key(0usize),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct TokenTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Token, Uuid>,
        pub made_at: __orm::Column<Token, DateTime<Utc>>,
        pub user_id: __orm::Column<Token, i64>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for TokenTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for TokenTable {}
    impl TokenTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                id: self.id.aliased(alias),
                made_at: self.made_at.aliased(alias),
                user_id: self.user_id.aliased(alias),
            }
        }
    }
    const _: fn(TokenTable, &'static str) -> TokenTable = TokenTable::alias;
    impl __orm::Table for TokenTable {
        type Model = Token;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &TokenTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Token {
        type Columns = TokenTable;
        fn columns(alias: __orm::Alias) -> TokenTable {
            <Token as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for TokenTable {
        type Row = Token;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Token, __orm::Error> {
            <Token as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Token> for TokenTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Token, __orm::Error> {
            <Token as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Token {
        type Table = TokenTable;
        type Key = Uuid;
        type Kind = __orm::Entity;
        type New = NewToken;
        const TABLE: TokenTable = TokenTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            made_at: __orm::Column::new(&COLUMNS[1usize]),
            user_id: __orm::Column::new(&COLUMNS[2usize]),
        };
        const META: &'static __orm::TableMeta = &TABLE;
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Self, __orm::Error> {
            __orm::Ok(Self {
                id: match <Uuid as __orm::ColumnType>::read(cells, &TABLE) {
                    __orm::Ok(value) => value,
                    __orm::Err(error) => return __orm::Err(error),
                },
                made_at: match <DateTime<Utc> as __orm::ColumnType>::read(cells, &TABLE) {
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
                0usize => <Uuid as __orm::ColumnType>::value(&self.id),
                1usize => <DateTime<Utc> as __orm::ColumnType>::value(&self.made_at),
                2usize => <i64 as __orm::ColumnType>::value(&self.user_id),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <Uuid as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <DateTime<Utc> as __orm::ColumnType>::value_mut(&mut self.made_at),
                2usize => <i64 as __orm::ColumnType>::value_mut(&mut self.user_id),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewToken {
        type Model = Token;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <Uuid as __orm::ColumnType>::or_default(&self.id),
                1usize => <DateTime<Utc> as __orm::ColumnType>::or_default(&self.made_at),
                2usize => __orm::reference_or_default(&self.user_id),
                _ => __orm::NewValue::Default,
            }
        }
        fn prepare(&mut self) {
            self.id.get_or_insert_with(Uuid::now_v7);
        }
    }
    impl __orm::References<User, 0usize> for Token {}
    const _: () = {
        __orm::references(User.id, Token.user_id);
    };
};
