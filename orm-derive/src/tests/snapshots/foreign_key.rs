// #[orm(has_many(comments = super::Comment.post_id))]
// pub struct Post {
//     #[orm(primary_key)]
//     pub id: i64,
//     #[orm(references = crate::User.id, relation = author, on_delete = cascade)]
//     pub user_id: i64,
//     #[orm(references = User.name, relation = editor, on_delete = set_null, on_update = cascade)]
//     pub editor_name: Option<String>,
// }

#[doc(hidden)]
pub const Post: <Post as ::orm_core::codegen::Model>::Table = <Post as ::orm_core::codegen::Model>::TABLE;
#[doc = "A new row of `posts`."]
#[derive(:: core :: clone :: Clone, :: core :: fmt :: Debug)]
pub struct NewPost {
    #[doc = "The column `id`."]
    pub id: i64,
    #[doc = "The column `user_id`."]
    pub user_id: ::orm_core::codegen::Ref<crate::User, i64>,
    #[doc = "The column `editor_name`."]
    pub editor_name: ::core::option::Option<::orm_core::codegen::Ref<User, String>>,
}
impl NewPost {
    #[doc = "A new row from the columns that must be given; the others are left out or NULL."]
    #[must_use]
    pub fn new(id: i64, user_id: impl ::orm_core::codegen::IntoRef<crate::User, i64>) -> Self {
        Self {
            id,
            user_id: ::orm_core::codegen::IntoRef::into_ref(user_id),
            editor_name: ::core::option::Option::None,
        }
    }
}
const _: () = {
    use ::orm_core::codegen as __orm;
    static TABLE: __orm::TableMeta = __orm::table("Post", "posts", &COLUMNS, &[0usize]).foreign_keys(&[
        __orm::ForeignKey {
            columns: &[1usize],
            target: || __orm::target(crate::User.id),
            on_delete: __orm::Action::Cascade,
            on_update: __orm::Action::NoAction,
            deferrable: __orm::Deferrable::No,
        },
        __orm::ForeignKey {
            columns: &[2usize],
            target: || __orm::target(User.name),
            on_delete: __orm::Action::SetNull,
            on_update: __orm::Action::Cascade,
            deferrable: __orm::Deferrable::No,
        },
    ]);
    static COLUMNS: [__orm::ColumnMeta; 3usize] = [
        __orm::column(&TABLE, 0usize, "id", "id", <i64 as __orm::ColumnType>::KIND),
        __orm::column(&TABLE, 1usize, "user_id", "user_id", <i64 as __orm::ColumnType>::KIND)
            .foreign_key(0usize),
        __orm::column(
            &TABLE,
            2usize,
            "editor_name",
            "editor_name",
            <Option<String> as __orm::ColumnType>::KIND,
        )
        .foreign_key(1usize),
    ];
    #[doc(hidden)]
    #[non_exhaustive]
    pub struct PostTable {
        __alias: __orm::Option<__orm::Alias>,
        pub id: __orm::Column<Post, i64>,
        pub user_id: __orm::Column<Post, i64>,
        pub editor_name: __orm::Column<Post, Option<String>>,
        pub author: __orm::Relation<Post, crate::User, __orm::One>,
        pub editor: __orm::Relation<Post, User, __orm::Maybe>,
        pub comments: __orm::Relation<Post, super::Comment, __orm::Many>,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for PostTable {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for PostTable {}
    impl PostTable {
        #[doc = r" The same table under another name."]
        #[must_use]
        pub const fn alias(self, name: &'static str) -> Self {
            self.__under(__orm::Alias::new(name))
        }
        const fn __under(self, alias: __orm::Alias) -> Self {
            Self {
                __alias: __orm::Some(alias),
                id: self.id.aliased(alias),
                user_id: self.user_id.aliased(alias),
                editor_name: self.editor_name.aliased(alias),
                author: self.author.aliased(alias),
                editor: self.editor.aliased(alias),
                comments: self.comments.aliased(alias),
            }
        }
    }
    const _: fn(PostTable, &'static str) -> PostTable = PostTable::alias;
    impl __orm::Table for PostTable {
        type Model = Post;
        fn named(&self) -> __orm::Option<__orm::Alias> {
            self.__alias
        }
        fn under(self, alias: __orm::Alias) -> Self {
            self.__under(alias)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::IntoSource for &PostTable {
        fn into_source(self) -> __orm::SourceNode {
            __orm::IntoSource::into_source(*self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::TableRow for Post {
        type Columns = PostTable;
        fn columns(alias: __orm::Alias) -> PostTable {
            <Post as __orm::Model>::TABLE.__under(alias)
        }
        fn table() -> &'static __orm::TableMeta {
            &TABLE
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Selectable for PostTable {
        type Row = Post;
        fn items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn decode(cells: &mut __orm::Cells<'_>) -> __orm::Result<Post, __orm::Error> {
            <Post as __orm::Model>::decode(cells)
        }
        fn width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Fill<Post> for PostTable {
        fn fill_items(self, items: &mut __orm::Items) {
            items.entity(self)
        }
        fn fill(cells: &mut __orm::Cells<'_>) -> __orm::Result<Post, __orm::Error> {
            <Post as __orm::Model>::decode(cells)
        }
        fn fill_width() -> usize {
            TABLE.columns.len()
        }
    }
    #[diagnostic::do_not_recommend]
    impl __orm::Model for Post {
        type Table = PostTable;
        type Key = i64;
        type Kind = __orm::Entity;
        type New = NewPost;
        const TABLE: PostTable = PostTable {
            __alias: __orm::None,
            id: __orm::Column::new(&COLUMNS[0usize]),
            user_id: __orm::Column::new(&COLUMNS[1usize]),
            editor_name: __orm::Column::new(&COLUMNS[2usize]),
            author: __orm::Relation::new(|| __orm::to_target(&COLUMNS[1usize], 0usize)),
            editor: __orm::Relation::new(|| __orm::to_target(&COLUMNS[2usize], 1usize)),
            comments: __orm::Relation::new(|| __orm::to_children(super::Comment.post_id)),
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
                editor_name: match <Option<String> as __orm::ColumnType>::read(cells, &TABLE) {
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
                2usize => <Option<String> as __orm::ColumnType>::value(&self.editor_name),
                _ => __orm::no_column(&TABLE, place),
            }
        }
        fn value_at_mut(&mut self, place: usize) -> &mut dyn __orm::Value {
            match place {
                0usize => <i64 as __orm::ColumnType>::value_mut(&mut self.id),
                1usize => <i64 as __orm::ColumnType>::value_mut(&mut self.user_id),
                2usize => <Option<String> as __orm::ColumnType>::value_mut(&mut self.editor_name),
                _ => __orm::no_column(&TABLE, place),
            }
        }
    }
    impl __orm::NewModel for NewPost {
        type Model = Post;
        fn value(&self, place: usize) -> __orm::NewValue<'_> {
            match place {
                0usize => <i64 as __orm::ColumnType>::new_value(&self.id),
                1usize => __orm::ReferenceValue::new_value(&self.user_id),
                2usize => __orm::ReferenceValue::new_value(&self.editor_name),
                _ => __orm::NewValue::Default,
            }
        }
    }
    impl __orm::References<crate::User, 0usize> for Post {}
    impl __orm::References<User, 1usize> for Post {}
    const _: () = {
        __orm::references(crate::User.id, Post.user_id);
        __orm::references(User.name, Post.editor_name);
        __orm::related_by::<super::Comment, Post, { __orm::key_of(super::Comment.post_id) }>();
    };
};
