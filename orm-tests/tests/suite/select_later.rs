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
    let names = || func::string_to_array(User.name, "n");
    assert_eq!(expression(func::array_sort(names())), "array_sort(string_to_array(users.name, $1))");
    assert_eq!(expression(func::array_reverse(names())), "array_reverse(string_to_array(users.name, $1))");
    assert_eq!(expression(func::uuidv7()), "uuidv7()");
    let last = func::last_value(User.age).ignore_nulls().over(order_by(User.id));
    assert_eq!(expression(last), "last_value(users.age) IGNORE NULLS OVER (ORDER BY users.id)");
}

/// What a statement gives where the server knows it: from this version on. An earlier one says what it lacks.
async fn known_from<Q: Query>(
    fixture: &Fixture,
    version: i32,
    brings: &str,
    statement: Q,
    check: impl FnOnce(Vec<Q::Row>),
) {
    let number = sql!("SELECT current_setting('server_version_num')::int").rows::<i32>();
    let server = fixture.engine.one(number).await.unwrap() / 10_000;
    match fixture.engine.all(statement).await {
        Ok(rows) => {
            assert!(server >= version, "a server of version {server} knows it");
            check(rows);
        }
        Err(error) => {
            assert!(server < version, "{error}");
            let says = [brings, &format!("older than PostgreSQL {version}")];
            assert!(says.iter().all(|says| error.to_string().contains(says)), "{error}");
        }
    }
}

#[tokio::test]
async fn what_later_servers_bring_is_right_there_and_told_apart_on_earlier_ones() {
    let fixture = people().await;
    let any = select(func::any_value(User.age).filter(User.id.gt(1)));
    known_from(&fixture, 16, "any_value", any, |rows| assert_eq!(rows, [Some(40)])).await;
    let letters = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    let parts = || func::string_to_array(lit("c,a,b"), ",");
    let sorted = select(func::array_sort(parts())).select_from(User).limit(1);
    known_from(&fixture, 18, "array_sort", sorted, |rows| assert_eq!(rows, [letters("a,b,c")])).await;
    let reversed = select(func::array_reverse(parts())).select_from(User).limit(1);
    known_from(&fixture, 18, "array_reverse", reversed, |rows| assert_eq!(rows, [letters("b,a,c")])).await;
    let folded = select(func::casefold(User.name)).order_by(User.id);
    known_from(&fixture, 18, "casefold", folded, |rows| assert_eq!(rows, ["ann", "bob", "cid"])).await;
    let made = select((User.id, func::uuidv7())).order_by(User.id);
    known_from(&fixture, 18, "uuidv7", made, |rows| {
        assert!(rows.iter().all(|(_, uuid)| uuid.get_version_num() == 7), "{rows:?}");
        assert!(rows.windows(2).all(|pair| pair[0].1 < pair[1].1), "{rows:?}");
    })
    .await;
    let last = func::last_value(User.age).ignore_nulls().over(order_by(User.id).rows(..));
    known_from(&fixture, 19, "ignore_nulls", select(last), |rows| assert_eq!(rows, [Some(40); 3])).await;
}
