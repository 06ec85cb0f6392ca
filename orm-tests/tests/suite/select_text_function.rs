//! Functions and patterns of text.

use orm_core::prelude::*;
use orm_tests::models::User;

use crate::select_rows::{all, one, people};
use crate::select_text::{condition, expression, gives, parameters};

#[test]
fn text_has_patterns() {
    assert_eq!(condition(User.name.icontains("50%")), "users.name ILIKE $1");
    assert_eq!(parameters(select(User).filter(User.name.icontains("50%_"))), r#"["%50\\%\\_%"]"#);
    assert_eq!(parameters(select(User).filter(User.name.istarts_with("a"))), r#"["a%"]"#);
    assert_eq!(parameters(select(User).filter(User.name.iends_with("a"))), r#"["%a"]"#);
    assert_eq!(
        condition(User.name.regexp("^A") | User.name.iregexp("^b")),
        "users.name ~ $1 OR users.name ~* $2"
    );
    assert_eq!(condition(User.name.similar_to("(A|B)%")), "users.name SIMILAR TO $1");
    assert_eq!(expression(User.name.collate("C")), "users.name COLLATE C");
    assert_eq!(
        condition(User.name.collate("pg_catalog.C").gt("a")),
        "(users.name COLLATE pg_catalog.C) > $1"
    );
}

#[test]
fn functions_of_text_give_null_where_an_argument_is() {
    gives::<String>(select(func::left(User.name, 1)));
    gives::<Option<String>>(select(func::left(User.name, User.age)));
    gives::<Option<String>>(select(func::left(User.name, User.age).optional()));
    assert_eq!(expression(func::substring(User.name, 1, 2)), "substring(users.name, $1, $2)");
    assert_eq!(expression(func::position("n", User.name)), "strpos(users.name, $1)");
    assert_eq!(expression(func::strpos(User.name, "n")), "strpos(users.name, $1)");
}

#[tokio::test]
async fn text_is_cut_filled_and_replaced() {
    let fixture = people().await;
    let ann = || User.id.eq(1);
    let parts = one(
        &fixture,
        select((
            func::substring(User.name, 2, 2),
            func::left(User.name, 1),
            func::right(User.name, -1),
            func::replace(User.name, "nn", "m"),
            func::split_part(User.name + ",b", ",", 2),
            func::position("n", User.name),
            func::lpad(User.name, 5, "*"),
            func::rpad(User.name, 4, "-"),
            func::repeat(User.name, 2),
            func::reverse(User.name),
            func::initcap(func::lower(User.name)),
            func::btrim(User.name, "An"),
            func::translate(User.name, "An", "Em"),
        ))
        .filter(ann()),
    )
    .await;
    let text = |text: &str| text.to_owned();
    assert_eq!(parts.0, "nn");
    assert_eq!((parts.1, parts.2, parts.3, parts.4), (text("A"), text("nn"), text("Am"), text("b")));
    assert_eq!((parts.5, parts.6, parts.7, parts.8), (2, text("**Ann"), text("Ann-"), text("AnnAnn")));
    assert_eq!((parts.9, parts.10, parts.11, parts.12), (text("nnA"), text("Ann"), text(""), text("Emm")));
    let more = one(
        &fixture,
        select((
            func::concat_ws("-", (User.name, None::<String>, User.id)),
            func::format("%s is %s", (User.name, User.age)),
        ))
        .filter(ann()),
    )
    .await;
    assert_eq!(more, (text("Ann-1"), text("Ann is 30")));
    let found = select(User.id)
        .filter(User.name.iregexp("^[ab]") & User.name.similar_to("(A|B)%") & User.name.istarts_with("b"))
        .order_by(User.name.collate("C"));
    assert_eq!(all(&fixture, found).await, [2]);
    let first =
        one(&fixture, select(func::coalesce((User.age, lit(None::<i32>)), User.id)).filter(User.id.eq(3)))
            .await;
    assert_eq!(first, 3_i64);
}
