//! Functions of later servers: they are there, and an earlier server's refusal says which one brings them.

use orm_core::prelude::*;
use orm_core::query::Query;
use orm_tests::Fixture;
use orm_tests::models::User;

use crate::select_rows::people;
use crate::select_text::expression;

#[test]
fn functions_of_later_servers_are_called_by_their_names() {
    assert_eq!(expression(func::any_value(User.age)), "any_value(users.age)");
    assert_eq!(expression(func::casefold(User.name)), "casefold(users.name)");
    let last = func::last_value(User.age).ignore_nulls().over(order_by(User.id));
    assert_eq!(expression(last), "last_value(users.age) IGNORE NULLS OVER (ORDER BY users.id)");
}

/// Runs a statement that servers from a version on know.
async fn known_from<Q: Query>(fixture: &Fixture, version: i32, brings: &str, statement: Q) {
    let number = sql!("SELECT current_setting('server_version_num')::int").rows::<i32>();
    let server = fixture.engine.one(number).await.unwrap() / 10_000;
    match fixture.engine.all(statement).await {
        Ok(_) => assert!(server >= version, "a server of version {server} knows it"),
        Err(error) => {
            assert!(server < version, "{error}");
            let says = [brings, &format!("older than PostgreSQL {version}")];
            assert!(says.iter().all(|says| error.to_string().contains(says)), "{error}");
        }
    }
}

#[tokio::test]
async fn an_earlier_server_is_told_apart_by_what_it_lacks() {
    let fixture = people().await;
    known_from(&fixture, 16, "any_value", select(func::any_value(User.age))).await;
    let names = || func::string_to_array(User.name, "n");
    known_from(&fixture, 18, "array_sort", select(func::array_sort(names()))).await;
    known_from(&fixture, 18, "array_reverse", select(func::array_reverse(names()))).await;
    known_from(&fixture, 18, "casefold", select(func::casefold(User.name))).await;
    known_from(&fixture, 18, "uuidv7", select(func::uuidv7())).await;
    let last = func::last_value(User.age).ignore_nulls().over(order_by(User.id));
    known_from(&fixture, 19, "ignore_nulls", select(last)).await;
}
