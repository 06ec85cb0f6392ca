//! What `#[derive(Model)]` and `#[derive(Enum)]` make of a struct and an enum.

use orm_core::codegen::{NewModel, NewValue};
use orm_core::model::Model as _;
use orm_core::model::Ref;
use orm_core::model::relation::{Many, Maybe, One, Relation};
use orm_core::prelude::*;
use orm_core::schema::{Action, ColumnDefault, Generated};
use orm_core::types::{BaseType, Value};

/// Two modules whose models refer to each other.
mod people {
    use orm_core::prelude::*;

    use super::texts::Post;

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "users", has_many(posts = Post.user_id, edited = super::texts::Post.editor_id))]
    pub struct User {
        #[orm(primary_key, generated)]
        pub id: i64,
        pub name: String,
        pub age: Option<i32>,
        #[orm(references = User.id, relation = manager)]
        pub manager_id: Option<i64>,
    }
}

mod texts {
    use orm_core::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub struct Post {
        #[orm(primary_key, generated)]
        pub id: i64,
        #[orm(references = super::people::User.id, relation = author, on_delete = cascade)]
        pub user_id: i64,
        #[orm(references = crate::derive::people::User.id, relation = editor, on_delete = set_null)]
        pub editor_id: Option<i64>,
        #[orm(column = "Title")]
        pub title: String,
        #[orm(default = "'draft'")]
        pub state: String,
        #[orm(default = "1")]
        pub score: Option<i32>,
    }
}

use people::{NewUser, User};
use texts::{NewPost, Post};

fn user() -> User {
    User { id: 7, name: "Alice".into(), age: None, manager_id: Some(3) }
}

fn shown(value: NewValue<'_>) -> String {
    match value {
        NewValue::Value(value) if value.is_null() => "NULL".to_owned(),
        NewValue::Value(value) => format!("{value:?}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_model_has_its_table_as_data() {
    let table = User::META;
    assert_eq!((table.entity, table.name, table.primary_key), ("User", "users", &[0][..]));
    assert_eq!(Post::META.name, "posts");
    let columns: Vec<_> = table.columns.iter().map(|c| (c.place, c.name, c.ty.name, c.nullable)).collect();
    assert_eq!(
        columns,
        [
            (0, "id", "bigint", false),
            (1, "name", "text", false),
            (2, "age", "integer", true),
            (3, "manager_id", "bigint", true)
        ]
    );
    assert!(table.columns.iter().all(|column| column.table == table));
    assert_eq!(User.id.meta().default, ColumnDefault::Identity(Generated::ByDefault));
    assert_eq!(User.name.meta().default, ColumnDefault::None);
    assert_eq!(Post.state.meta().default, ColumnDefault::Sql("'draft'"));
    assert_eq!((Post.title.meta().field, Post.title.meta().name), ("title", "Title"));
}

#[test]
fn foreign_keys_point_at_columns_across_modules_and_at_their_own_table() {
    let target = |column: &'static orm_core::schema::ColumnMeta| {
        let key = &column.table.foreign_keys[column.foreign_key?];
        Some((column.target()?, key.on_delete))
    };
    assert_eq!(target(Post.user_id.meta()), Some((User.id.meta(), Action::Cascade)));
    assert_eq!(target(Post.editor_id.meta()), Some((User.id.meta(), Action::SetNull)));
    assert_eq!(target(User.manager_id.meta()), Some((User.id.meta(), Action::NoAction)));
    assert_eq!(target(User.name.meta()), None);
}

#[test]
fn relations_stand_beside_the_columns() {
    let _: Relation<Post, User, One> = Post.author;
    let _: Relation<Post, User, Maybe> = Post.editor;
    let _: Relation<User, User, Maybe> = User.manager;
    let _: Relation<User, Post, Many> = User.posts;
    let relations = format!("{:?} {:?} {:?}", Post.author, User.posts, User.edited);
    assert_eq!(relations, "Relation(Post.user_id) Relation(Post.user_id) Relation(Post.editor_id)");
}

#[test]
fn an_alias_names_every_column() {
    const MANAGER: <User as orm_core::model::Model>::Table = User.alias("m");
    assert_eq!((User.alias_name(), User.id.table_alias()), (None, None));
    assert_eq!(MANAGER.alias_name(), Some("m"));
    assert_eq!((MANAGER.id.table_alias(), MANAGER.manager_id.table_alias()), (Some("m"), Some("m")));
    assert_eq!(MANAGER.id.meta(), User.id.meta());
}

#[test]
fn an_object_gives_its_key_and_its_columns_by_place() {
    let mut object = user();
    assert_eq!(object.key(), 7);
    assert!(object.value_at(2).is_null());
    assert!(object.value_at_mut(2).assign(&Some(30_i32)));
    assert!(object.value_at_mut(1).assign(&"Bob".to_owned()));
    assert!(!object.value_at_mut(1).assign(&5_i32));
    assert_eq!(object, User { name: "Bob".into(), age: Some(30), ..user() });
}

#[test]
#[should_panic(expected = "`User` has 4 columns, none at place 4")]
fn a_place_beyond_the_last_column_is_named() {
    user().value_at(4);
}

#[test]
fn a_new_row_is_made_of_what_must_be_given() {
    let new = NewUser::new("Alice");
    assert_eq!(new.name, "Alice");
    let values: Vec<_> = (0..4).map(|place| shown(new.value(place))).collect();
    assert_eq!(values, ["Default", "\"Alice\"", "NULL", "Null"]);

    let new = NewUser { age: Some(25), manager_id: Some(3.into()), ..NewUser::new(String::from("Bob")) };
    let values: Vec<_> = (0..4).map(|place| shown(new.value(place))).collect();
    assert_eq!(values, ["Default", "\"Bob\"", "Some(25)", "3"]);
}

#[test]
fn a_column_with_a_default_is_left_to_the_database_unless_given() {
    let new = NewPost::new(7, "Hello");
    let values: Vec<_> = (0..6).map(|place| shown(new.value(place))).collect();
    assert_eq!(values, ["Default", "7", "Null", "\"Hello\"", "Default", "Default"]);
    let new = NewPost { state: Some("done".into()), score: Some(None), ..new };
    assert_eq!((shown(new.value(4)), shown(new.value(5))), ("\"done\"".into(), "NULL".into()));
}

#[test]
fn a_reference_is_made_from_a_key_or_an_object() {
    let new = NewPost::new(&user(), "Hello");
    assert_eq!(shown(new.value(1)), "7");
    let new = NewPost { editor_id: Some(Ref::key(8)), ..new };
    assert_eq!(shown(new.value(2)), "8");
}

#[derive(Model, Clone, Debug)]
struct PostTag {
    #[orm(primary_key, references = Post.id, relation = post, on_delete = cascade)]
    post_id: i64,
    #[orm(primary_key)]
    tag: String,
}

#[test]
fn a_key_may_have_several_columns() {
    let object = PostTag { post_id: 1, tag: "rust".into() };
    let key: (i64, String) = object.key();
    assert_eq!(key, (1, "rust".to_owned()));
    assert_eq!((PostTag::META.name, PostTag::META.primary_key), ("post_tags", &[0, 1][..]));
    assert_eq!(shown(NewPostTag::new(1, "rust").value(0)), "1");
}

#[derive(Model, Clone, Debug)]
struct Counter {
    #[orm(primary_key, generated)]
    id: i32,
}

#[derive(Model, Clone, Debug)]
struct Note {
    #[orm(primary_key, default = "gen_random_uuid()")]
    id: String,
    text: Option<String>,
}

#[test]
fn a_row_without_required_columns_has_a_default() {
    assert_eq!(shown(NewCounter::new().value(0)), "Default");
    assert_eq!(shown(NewCounter::default().value(0)), "Default");
    let note = NewNote { text: Some("x".into()), ..Default::default() };
    assert_eq!((shown(note.value(0)), shown(note.value(1))), ("Default".into(), "Some(\"x\")".into()));
    assert_eq!(Counter { id: 1 }.key(), 1);
    assert_eq!(Note { id: "a".into(), text: None }.key(), "a");
}

/// Names that are words of Rust, or of the generated code.
mod names {
    #![allow(non_camel_case_types)]

    use orm_core::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub struct r#move {
        #[orm(primary_key)]
        pub r#type: i64,
        #[orm(references = r#move.r#type, relation = r#fn)]
        pub r#where: Option<i64>,
        pub alias: i32,
        pub table: i32,
        pub cells: i32,
        pub place: i32,
        pub name: String,
        pub value: bool,
        pub new: bool,
    }

    /// A type called like one of the generated code's.
    #[derive(Enum, Clone, Debug, PartialEq)]
    pub enum Default {
        None,
        Some,
        Ok,
        #[orm(label = "not ok")]
        Err,
        r#Box,
    }

    #[derive(Model, Clone, Debug)]
    pub struct Value {
        #[orm(primary_key)]
        pub id: i64,
        pub default: Default,
        pub optional: Option<Default>,
    }

    pub mod shadowed {
        use super::Default::{self, None, Ok, Some};
        use orm_core::prelude::*;

        #[derive(Model, Clone, Debug)]
        pub struct Table {
            #[orm(primary_key, generated)]
            pub id: i64,
            pub default: Default,
            pub name: core::option::Option<String>,
        }

        pub fn all() -> [Default; 3] {
            [None, Some, Ok]
        }
    }
}

#[test]
fn raw_names_lose_their_prefix_in_the_database() {
    use names::r#move;
    assert_eq!((r#move::META.entity, r#move::META.name), ("move", "moves"));
    assert_eq!(r#move.r#type.meta().name, "type");
    assert_eq!(format!("{:?}", r#move.r#fn), "Relation(move.where)");
    let alias = r#move.alias("m");
    assert_eq!(alias.alias.table_alias(), Some("m"));
}

#[test]
fn an_enum_is_a_column_type() {
    use names::Default;
    let ty = <Default as BaseType>::TYPE;
    assert_eq!((ty.name, ty.labels), ("\"default\"", &["none", "some", "ok", "not ok", "box"][..]));
    assert_eq!((Default::Err.label(), Default::from_label("ok")), ("not ok", Some(Default::Ok)));
    assert_eq!(names::Value.optional.meta().ty.name, "\"default\"");
    assert!(names::Value.optional.meta().nullable);
    assert_eq!(names::shadowed::all(), [Default::None, Default::Some, Default::Ok]);
    assert_eq!(Value::equals(&Default::Ok, &Some(Default::Ok)), Some(true));
}

macro_rules! models {
    ($($name:ident, $table:literal, $key:ty, $other:ty);*) => {
        $(
            #[derive(Model, Clone, Debug)]
            #[orm(table = $table)]
            struct $name {
                #[orm(primary_key, generated)]
                id: $key,
                other: $other,
                #[orm(references = $name.id, relation = parent)]
                parent_id: Option<$key>,
                own: i32,
            }
        )*
    };
}
models!(Leaf, "leaves", i64, Option<String>; Root, "roots", i32, String);

#[test]
fn a_model_may_come_from_a_macro() {
    assert_eq!((Leaf.other.meta().nullable, Leaf.id.meta().table.name), (true, "leaves"));
    assert_eq!(shown(NewLeaf::new(1).value(1)), "NULL");
    assert_eq!(shown(NewRoot::new("x", 1).value(1)), "\"x\"");
    let leaf = Leaf { id: 1, other: None, parent_id: None, own: 2 };
    let root = Root { id: 2, other: String::new(), parent_id: Some(1), own: 2 };
    assert_eq!((leaf.key(), root.key()), (1, 2));
    assert!(leaf.value_at(2).is_null() && !root.value_at(2).is_null());
}

#[test]
fn a_model_may_stand_in_a_function() {
    #[derive(Enum, Clone, Debug)]
    #[orm(name = "local_mood")]
    enum Mood {
        VerySad,
    }

    #[derive(Model, Clone, Debug)]
    #[orm(has_many(parts = Part.whole_id))]
    struct Whole {
        #[orm(primary_key)]
        id: i64,
        mood: Mood,
    }

    #[derive(Model, Clone, Debug)]
    struct Part {
        #[orm(primary_key, generated)]
        id: i64,
        #[orm(references = Whole.id, relation = whole)]
        whole_id: i64,
    }

    assert_eq!(Whole.mood.meta().ty.labels, ["very_sad"]);
    assert_eq!(
        format!("{:?} {:?}", Whole.parts, Part.whole),
        "Relation(Part.whole_id) Relation(Part.whole_id)"
    );
    assert_eq!(shown(NewWhole::new(5, Mood::VerySad).value(0)), "5");
    assert_eq!(shown(NewPart::new(5).value(1)), "5");
    assert_eq!(Whole { id: 1, mood: Mood::VerySad }.key() + Part { id: 1, whole_id: 1 }.key(), 2);
}

#[test]
fn tables_and_columns_are_constants_and_can_be_listed() {
    const ID: orm_core::query::Column<User, i64> = User.id;
    const SCHEMA: orm_core::schema::Schema = schema![User, Post, PostTag];
    let columns = [User.id, User.alias("u").id, ID];
    assert!(columns.iter().all(|column| column.meta() == &User::META.columns[0]));
    let names: Vec<_> = SCHEMA.tables().iter().map(|table| table.name).collect();
    assert_eq!(names, ["users", "posts", "post_tags"]);
}
