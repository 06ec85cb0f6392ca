//! Functions of regular expressions, with flags and without.

use orm_core::prelude::*;
use orm_tests::models::User;

use crate::select_rows::{all, one, people};
use crate::select_text::{condition, expression, from, gives, parameters};

#[test]
fn flags_stand_where_postgresql_has_them() {
    assert_eq!(expression(func::regexp_count(User.name, "n")), "regexp_count(users.name, $1)");
    let small = || func::regexp("N", "i");
    assert_eq!(expression(func::regexp_count(User.name, small())), "regexp_count(users.name, $1, $2, $3)");
    assert_eq!(parameters(select(func::regexp_count(User.name, small()))), r#"["N", 1, "i"]"#);
    assert_eq!(parameters(select(func::regexp_instr(User.name, small()))), r#"["N", 1, 1, 0, "i"]"#);
    assert_eq!(parameters(select(func::regexp_substr(User.name, small()))), r#"["N", 1, 1, "i"]"#);
    assert_eq!(parameters(select(func::regexp_replace(User.name, small(), "m", "g"))), r#"["N", "m", "ig"]"#);
    assert_eq!(condition(func::regexp_like(User.name, small())), "regexp_like(users.name, $1, $2)");
    let cut = func::regexp_split_to_table(User.name, small()).derived("part");
    let part = cut.columns();
    assert_eq!(
        from(select((User.id, part)).select_from(User).cross_join(&cut)),
        "users CROSS JOIN regexp_split_to_table(users.name, $1, $2) AS part(c1)"
    );
    gives::<Option<String>>(select(func::regexp_substr(User.name, User.name)));
    gives::<Option<i32>>(select(func::regexp_count(User.name, lit(None::<String>))));
}

#[tokio::test]
async fn text_is_matched_counted_cut_and_replaced() {
    let fixture = people().await;
    let text = |text: &str| text.to_owned();
    let small = || func::regexp("N", "i");
    let numbers = select((
        func::regexp_count(User.name, "n"),
        func::regexp_count(User.name, "N"),
        func::regexp_count(User.name, small()),
        func::regexp_instr(User.name, "n"),
        func::regexp_instr(User.name, small()),
        func::regexp_instr(User.name, "x"),
    ));
    assert_eq!(one(&fixture, numbers.filter(User.id.eq(1))).await, (2, 0, 2, 2, 2, 0));
    let found = select((
        func::regexp_substr(User.name, "n+"),
        func::regexp_substr(User.name, func::regexp("a.", "i")),
        func::regexp_substr(User.name, "x"),
        func::regexp_match(User.name, "(A)(n)"),
        func::regexp_match(User.name, small()),
        func::regexp_match(User.name, "x"),
    ));
    let found = one(&fixture, found.filter(User.id.eq(1))).await;
    assert_eq!((found.0, found.1, found.2), (Some(text("nn")), Some(text("An")), None));
    let groups = Some(vec![Some(text("A")), Some(text("n"))]);
    assert_eq!((found.3, found.4, found.5), (groups, Some(vec![Some(text("n"))]), None));
    let changed = select((
        func::regexp_replace(User.name, "n", "m", ""),
        func::regexp_replace(User.name, small(), "m", ""),
        func::regexp_replace(User.name, "N", "m", "gi"),
        func::regexp_replace(User.name, "n", "m", "g"),
        func::regexp_replace(User.name, small(), "m", "g"),
        func::regexp_split_to_array(User.name, "n"),
        func::regexp_split_to_array(User.name, func::regexp("a", "i")),
    ));
    let changed = one(&fixture, changed.filter(User.id.eq(1))).await;
    assert_eq!((changed.0, changed.1, changed.2), (text("Amn"), text("Amn"), text("Amm")));
    assert_eq!((changed.3, changed.4), (text("Amm"), text("Amm")));
    assert_eq!((changed.5, changed.6), (vec![text("A"), text(""), text("")], vec![text(""), text("nn")]));
    let like = select(User.name).filter(func::regexp_like(User.name, func::regexp("^a", "i")));
    assert_eq!(all(&fixture, like).await, ["Ann"]);
    assert_eq!(all(&fixture, select(User.name).filter(func::regexp_like(User.name, "^a"))).await, [""; 0]);
}

#[tokio::test]
async fn matches_and_parts_are_rows() {
    let fixture = people().await;
    let places = |pattern| {
        let places = func::regexp_matches(User.name, pattern).derived("place");
        let groups = places.columns();
        select(groups).select_from(User).cross_join(&places).filter(User.id.eq(1))
    };
    let place = |text: &str| vec![Some(text.to_owned())];
    assert_eq!(all(&fixture, places(func::regexp("n", ""))).await, [place("n")]);
    assert_eq!(all(&fixture, places(func::regexp("(N)", "gi"))).await, [place("n"), place("n")]);
    let parts = func::regexp_split_to_table("a, b;c", "[,;] *").with_ordinality().derived("part");
    let (part, number) = parts.columns();
    let parts = all(&fixture, select((part, number)).select_from(&parts)).await;
    assert_eq!(parts, [("a".to_owned(), 1), ("b".to_owned(), 2), ("c".to_owned(), 3)]);
}
