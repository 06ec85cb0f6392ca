//! The SQL text of FROM and of joins.

use orm_core::prelude::*;
use orm_tests::models::{Employee, Post, User};

use crate::select_text::{from, text};

#[test]
fn a_table_joins_itself_under_another_name() {
    let manager = Employee.alias("manager");
    assert_eq!(
        text(
            select((Employee.name, manager.name.optional()))
                .outer_join(manager, manager.id.eq(Employee.manager_id))
        ),
        "SELECT \"employees\".\"name\", \"manager\".\"name\" FROM \"employees\" \
         LEFT JOIN \"employees\" AS \"manager\" ON \"manager\".\"id\" = \"employees\".\"manager_id\""
    );
}

#[test]
fn every_kind_of_join_has_its_words() {
    let on = || Post.user_id.eq(User.id);
    let on_text = "posts ON posts.user_id = users.id";
    assert_eq!(from(select(User).join(Post, on())), format!("users JOIN {on_text}"));
    assert_eq!(from(select(User).outer_join(Post, on())), format!("users LEFT JOIN {on_text}"));
    assert_eq!(from(select(User.optional()).right_join(Post, on())), format!("users RIGHT JOIN {on_text}"));
    assert_eq!(from(select(User.optional()).full_join(Post, on())), format!("users FULL JOIN {on_text}"));
    assert_eq!(from(select(User).cross_join(Post)), "users CROSS JOIN posts");
}

#[test]
fn joins_stand_in_the_order_they_were_added() {
    let (author, reader) = (User.alias("author"), User.alias("reader"));
    let statement = select(Post.title)
        .join(author, author.id.eq(Post.user_id))
        .outer_join(reader, reader.id.eq(author.id) & reader.age.gt(18));
    assert_eq!(
        from(statement),
        "posts JOIN users AS author ON author.id = posts.user_id LEFT JOIN users AS reader ON reader.id = author.id \
         AND reader.age > $1"
    );
}

#[test]
fn from_follows_from_what_is_selected_and_filtered_by() {
    assert_eq!(from(select(func::count_star()).filter(User.age.ge(18))), "users WHERE users.age >= $1");
    assert_eq!(
        from(select((User.name, Post.title)).filter(Post.user_id.eq(User.id))),
        "users CROSS JOIN posts WHERE posts.user_id = users.id"
    );
    assert_eq!(
        from(select(User.name).filter(Post.user_id.eq(User.id)).filter(Post.title.eq("x"))),
        "users CROSS JOIN posts WHERE posts.user_id = users.id AND posts.title = $1"
    );
}

#[test]
fn from_is_inferred_when_only_the_joined_table_is_selected() {
    let joined = "users JOIN posts ON posts.user_id = users.id";
    assert_eq!(from(select(Post.title).join(Post, Post.user_id.eq(User.id))), joined);
    assert_eq!(from(select(func::count(Post.id)).join(Post, Post.user_id.eq(User.id))), joined);
    assert_eq!(from(select(func::count_star()).join(Post, Post.user_id.eq(User.id))), joined);
}

#[test]
fn select_from_names_the_tables_outright() {
    assert_eq!(from(select(func::count_star()).select_from(User)), "users");
    assert_eq!(
        from(select(Post.title).select_from(User).join(Post, Post.user_id.eq(User.id))),
        "users JOIN posts ON posts.user_id = users.id"
    );
    assert_eq!(
        from(select(Post.title).select_from(User.alias("u")).cross_join(Post)),
        "users AS u CROSS JOIN posts"
    );
}
