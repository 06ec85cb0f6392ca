//! Models under the strictest lints a program may ask for.

/// Relations across modules, every attribute, every kind of name.
#[deny(
    warnings,
    nonstandard_style,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    rust_2018_idioms,
    clippy::all,
    clippy::pedantic,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing
)]
#[forbid(non_upper_case_globals, non_snake_case, dead_code)]
mod strict {
    use orm_core::prelude::*;

    /// A user.
    #[derive(Model, Clone, Debug)]
    #[orm(has_many(posts = Post.user_id, edited = Post.editor_id, reports = User.manager_id))]
    pub(super) struct User {
        /// The key.
        #[orm(primary_key, generated)]
        pub(super) id: i64,
        name: String,
        #[orm(references = User.id, relation = manager)]
        manager_id: Option<i64>,
    }

    /// See [`User`].
    #[derive(Model, Clone, Debug)]
    struct Post {
        #[orm(primary_key, generated)]
        id: i64,
        #[orm(references = User.id, relation = author, on_delete = cascade)]
        user_id: i64,
        #[orm(references = User.id, relation = editor, on_delete = set_null)]
        editor_id: Option<i64>,
        title: String,
        a: bool,
        b: bool,
        c: bool,
        e: i16,
        f: f32,
        g: f64,
        #[orm(default = "'none'")]
        note: Option<String>,
    }

    macro_rules! model {
        ($name:ident, $other:ty) => {
            #[derive(Model, Clone, Debug)]
            struct $name {
                #[orm(primary_key, generated)]
                id: i64,
                #[orm(references = User.id, relation = user)]
                user_id: Option<i64>,
                other: $other,
            }
        };
    }
    model!(Unused, String);

    /// A mood.
    #[derive(Enum, Clone, Debug, PartialEq, Eq, Hash)]
    pub(super) enum Mood {
        /// Good.
        Happy,
        /// Bad.
        VerySad,
    }

    /// A key, under a name that generated code might use itself.
    #[derive(ColumnType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub(super) struct M(pub(super) i64);

    /// Text under a keyword.
    #[derive(ColumnType, Clone, Debug, PartialEq, Eq)]
    pub(super) struct K {
        /// The text.
        pub(super) r#type: String,
    }

    pub(super) fn table_name() -> &'static str {
        User.id.meta().table.name
    }
}

#[test]
fn strict_lints_accept_a_model() {
    assert_eq!(strict::table_name(), "users");
    assert_ne!(strict::Mood::Happy, strict::Mood::VerySad);
    assert_ne!(strict::M(1), strict::M(2));
    assert_eq!(strict::K { r#type: String::new() }.r#type, "");
}
