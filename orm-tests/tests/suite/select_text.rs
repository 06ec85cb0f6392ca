//! The SQL text and parameters of SELECT.

use orm_core::model::Row;
use orm_core::prelude::*;
use orm_core::query::IntoCond;
use orm_core::types::SqlType;
use orm_tests::models::{Mood, Pet, Post, User};

#[derive(Model, Clone, Debug)]
#[orm(table = "flags")]
struct Flag {
    #[orm(primary_key)]
    id: i64,
    on: bool,
    seen: Option<bool>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "we\"ird Table")]
struct Weird {
    #[orm(primary_key, column = "I\"d")]
    id: i64,
    #[orm(column = "select")]
    word: String,
}

pub(crate) fn text<R>(statement: Select<R>) -> String {
    statement.to_sql().expect("the checker accepts it").text
}

pub(crate) fn parameters<R>(statement: Select<R>) -> String {
    format!("{:?}", statement.to_sql().expect("the checker accepts it").parameters)
}

/// The statement gives rows of this type.
pub(crate) fn gives<R>(statement: Select<R>) {
    assert!(statement.to_sql().is_ok());
}

/// A condition as text, without the quotes.
pub(crate) fn condition(condition: impl IntoCond) -> String {
    let text = text(select(func::count_star()).filter(condition));
    text.split_once(" WHERE ").expect("a condition").1.replace('"', "")
}

/// An expression as text, without the quotes.
pub(crate) fn expression<T: SqlType + Row>(expression: Expr<T>) -> String {
    let text = text(select(expression)).replace('"', "");
    text["SELECT ".len()..text.find(" FROM ").unwrap_or(text.len())].to_owned()
}

/// What follows the first FROM, without the quotes.
pub(crate) fn from<R>(statement: Select<R>) -> String {
    text(statement).split_once(" FROM ").expect("a FROM").1.replace('"', "")
}

#[test]
fn a_model_is_selected_column_by_column() {
    assert_eq!(text(select(User)), r#"SELECT "users"."id", "users"."name", "users"."age" FROM "users""#);
}

#[test]
fn a_tuple_is_selected_part_by_part() {
    assert_eq!(
        text(select((User.name, Post)).join(Post, Post.user_id.eq(User.id))),
        "SELECT \"users\".\"name\", \"posts\".\"id\", \"posts\".\"user_id\", \"posts\".\"title\" FROM \"users\" \
         JOIN \"posts\" ON \"posts\".\"user_id\" = \"users\".\"id\""
    );
    let (id, name, age) = (User.id, User.name, User.age);
    let wide = select((id, name, age, id, name, age, id, name, age, id, name, age, id, name, age, id));
    assert_eq!(text(wide).matches("\"users\".").count(), 16);
}

#[test]
fn values_are_parameters() {
    let statement =
        select(User).filter(User.name.eq("O'Neill; --")).filter(User.age.ge(18)).limit(5).offset(10);
    assert_eq!(parameters(statement.clone()), r#"["O'Neill; --", 18, 5, 10]"#);
    assert_eq!(from(statement), "users WHERE users.name = $1 AND users.age >= $2 LIMIT $3 OFFSET $4");
}

#[test]
fn a_second_limit_or_offset_replaces_the_first() {
    assert_eq!(parameters(select(User).limit(5).offset(1).limit(6).offset(2)), "[6, 2]");
}

#[test]
fn every_comparison_has_its_operator() {
    assert_eq!(condition(User.age.eq(1)), "users.age = $1");
    assert_eq!(condition(User.age.ne(1)), "users.age <> $1");
    assert_eq!(condition(User.age.lt(1)), "users.age < $1");
    assert_eq!(condition(User.age.le(1)), "users.age <= $1");
    assert_eq!(condition(User.age.gt(1)), "users.age > $1");
    assert_eq!(condition(User.age.ge(1)), "users.age >= $1");
    assert_eq!(condition(User.age.between(1, 2)), "users.age BETWEEN $1 AND $2");
    assert_eq!(condition(User.name.like("A%")), "users.name LIKE $1");
    assert_eq!(condition(User.age.is_null()), "users.age IS NULL");
    assert_eq!(condition(User.age.is_not_null()), "users.age IS NOT NULL");
}

#[test]
fn an_equation_with_none_asks_for_null() {
    assert_eq!(condition(User.age.eq(None)), "users.age IS NULL");
    assert_eq!(condition(User.age.ne(None)), "users.age IS NOT NULL");
    assert_eq!(condition(User.age.eq(None::<i32>)), "users.age IS NULL");
    assert_eq!(condition(User.age.eq(Some(3))), "users.age = $1");
    assert_eq!(condition(User.age.lt(None)), "users.age < $1");
}

#[test]
fn the_text_of_a_list_does_not_depend_on_its_length() {
    for ids in [vec![], vec![1], (0..5000).collect()] {
        assert_eq!(condition(User.id.in_(&ids)), "users.id = ANY($1)");
        assert_eq!(condition(User.id.not_in(ids)), "users.id <> ALL($1)");
    }
    assert_eq!(condition(User.name.in_(["a", "b"])), "users.name = ANY($1)");
    assert_eq!(parameters(select(User).filter(User.id.in_([1, 2]))), "[[1, 2]]");
}

#[test]
fn conditions_are_nested_with_parentheses_only_where_they_matter() {
    let (a, b, c) = (|| User.id.eq(1), || User.name.eq("x"), || User.age.is_null());
    assert_eq!(condition(a() & b() & c()), "users.id = $1 AND users.name = $2 AND users.age IS NULL");
    assert_eq!(condition(a() | b() | c()), "users.id = $1 OR users.name = $2 OR users.age IS NULL");
    assert_eq!(condition(a() & (b() | c())), "users.id = $1 AND (users.name = $2 OR users.age IS NULL)");
    assert_eq!(condition(a() & b() | c()), "(users.id = $1 AND users.name = $2) OR users.age IS NULL");
    assert_eq!(condition(a().or(b()).and(c())), "(users.id = $1 OR users.name = $2) AND users.age IS NULL");
    assert_eq!(condition(!(a() & b())), "NOT (users.id = $1 AND users.name = $2)");
    assert_eq!(condition(!a() & b()), "(NOT (users.id = $1)) AND users.name = $2");
    let not = !c();
    assert_eq!(condition(!not), "NOT (NOT (users.age IS NULL))");
    assert_eq!(condition(!User.id.in_([1])), "NOT (users.id = ANY($1))");
}

#[test]
fn a_condition_is_a_value_too() {
    let young = || User.age.lt(18);
    assert_eq!(condition(young().is_true()), "(users.age < $1) IS TRUE");
    assert_eq!(condition(!young().is_true()), "NOT ((users.age < $1) IS TRUE)");
    assert_eq!(condition(Flag.on.eq(Flag.id.gt(3))), "flags.on = (flags.id > $1)");
    assert_eq!(condition(Flag.on.eq(Flag.id.is_null())), "flags.on = (flags.id IS NULL)");
    assert_eq!(text(select(young())), r#"SELECT "users"."age" < $1 FROM "users""#);
}

#[test]
fn boolean_columns_are_conditions() {
    assert_eq!(condition(Flag.on), "flags.on");
    assert_eq!(condition(!Flag.on & Flag.seen), "(NOT flags.on) AND flags.seen");
    assert_eq!(condition(Flag.on | Flag.id.eq(1)), "flags.on OR flags.id = $1");
    assert_eq!(condition(Flag.on & lit(true)), "flags.on AND $1");
}

#[test]
fn lists_of_conditions_are_joined() {
    let conditions = || vec![User.id.gt(1), User.age.gt(2) | User.age.is_null()];
    let both = "users.id > $1 AND (users.age > $2 OR users.age IS NULL)";
    assert_eq!(condition(conditions()), both);
    assert_eq!(condition(Cond::all(conditions())), both);
    assert_eq!(condition(Cond::any(conditions())), "users.id > $1 OR users.age > $2 OR users.age IS NULL");
    assert_eq!(from(select(User).filter(Vec::<Cond>::new())), "users WHERE TRUE");
    assert_eq!(from(select(User).filter(Cond::any(Vec::<Cond>::new()))), "users WHERE FALSE");
}

#[test]
fn thousands_of_conditions_are_no_deep_tree() {
    let ages = |count: i32| (0..count).map(|age| User.age.eq(age)).collect::<Vec<_>>();
    assert_eq!(
        condition(Cond::any(ages(5))),
        "users.age = $1 OR users.age = $2 OR users.age = $3 OR users.age = $4 OR users.age = $5"
    );
    assert!(condition(Cond::any(ages(50_000))).ends_with(" OR users.age = $50000"));
    assert!(condition(ages(50_000)).ends_with(" AND users.age = $50000"));
    let mut either = User.age.eq(0);
    let mut both = User.age.eq(0);
    for age in 1..50_000 {
        either = either | User.age.eq(age);
        both = both & User.age.eq(age);
    }
    assert!(condition(either).ends_with(" OR users.age = $50000"));
    assert!(condition(both).ends_with(" AND users.age = $50000"));
}

#[test]
fn several_filters_are_joined_by_and() {
    let statement =
        select(User).filter(User.id.eq(1) | User.id.eq(2)).filter(User.age.gt(3)).filter(!User.age.gt(9));
    assert_eq!(
        from(statement),
        "users WHERE (users.id = $1 OR users.id = $2) AND users.age > $3 AND (NOT (users.age > $4))"
    );
}

#[test]
fn arithmetic_keeps_its_grouping() {
    let (a, b, c) = (User.id, Post.id, Post.user_id);
    let of = |expr: Expr<i64>| {
        let text = text(select(expr).select_from(User).cross_join(Post)).replace('"', "");
        text["SELECT ".len()..text.find(" FROM").expect("a FROM")].to_owned()
    };
    assert_eq!(of((a + b) * c), "(users.id + posts.id) * posts.user_id");
    assert_eq!(of(a + b * c), "users.id + (posts.id * posts.user_id)");
    assert_eq!(of(a - (b - c)), "users.id - (posts.id - posts.user_id)");
    assert_eq!(of(a - b - c), "(users.id - posts.id) - posts.user_id");
    assert_eq!(of(a / (b / c)), "users.id / (posts.id / posts.user_id)");
    assert_eq!(of(-(a + b)), "- (users.id + posts.id)");
    assert_eq!(of(-(-a)), "- (- users.id)");
    assert_eq!(of(a - -b), "users.id - (- posts.id)");
}

#[test]
fn arithmetic_inside_conditions_is_unambiguous() {
    assert_eq!(
        condition((User.age + 1).gt(3) & (User.age * 2).lt(9)),
        "(users.age + $1) > $2 AND (users.age * $3) < $4"
    );
    assert_eq!(condition((User.age + 1).is_null()), "(users.age + $1) IS NULL");
    assert_eq!(condition((User.age + 1).in_([2])), "(users.age + $1) = ANY($2)");
    assert_eq!(
        condition(User.age.between(User.age - 1, User.age + 1)),
        "users.age BETWEEN (users.age - $1) AND (users.age + $2)"
    );
    assert_eq!(
        condition((User.age + 1).between(1, 2) & Flag.on.eq(true) & Flag.id.eq(User.id)),
        "(users.age + $1) BETWEEN $2 AND $3 AND flags.on = $4 AND flags.id = users.id"
    );
}

#[test]
fn casts_and_labels() {
    assert_eq!(expression(User.age.cast::<i64>()), "CAST(users.age AS bigint)");
    assert_eq!(expression((User.age + 1).cast::<String>()), "CAST(users.age + $1 AS text)");
    assert_eq!(expression((User.age + 1).label("next")), "users.age + $1 AS next");
    assert_eq!(text(select(User.name.label("a\"b"))), r#"SELECT "users"."name" AS "a""b" FROM "users""#);
    assert_eq!(expression(User.name.label("n").optional()), "users.name AS n");
    assert_eq!(expression(lit(1)), "$1");
}

#[test]
fn enums_go_in_as_their_type_and_come_out_as_text() {
    assert_eq!(
        text(select(Pet).filter(Pet.mood.eq(Mood::Happy))),
        "SELECT \"pets\".\"name\", CAST(\"pets\".\"mood\" AS text), CAST(\"pets\".\"wish\" AS text) FROM \"pets\" \
         WHERE \"pets\".\"mood\" = $1::\"mood\""
    );
    assert_eq!(condition(Pet.wish.in_([Mood::Happy, Mood::VerySad])), "pets.wish = ANY($1::mood[])");
    assert_eq!(expression(func::max(Pet.mood).label("best")), "CAST(max(pets.mood) AS text) AS best");
    assert_eq!(from(select(Pet.name).order_by(Pet.mood)), "pets ORDER BY pets.mood");
    assert_eq!(from(select(Pet.mood).group_by(Pet.mood)), "pets GROUP BY pets.mood");
}

#[test]
fn distinct_leaves_enums_as_they_are_so_that_rows_can_be_sorted_by_them() {
    assert_eq!(
        text(select(Pet.mood).distinct().order_by(Pet.mood)),
        r#"SELECT DISTINCT "pets"."mood" FROM "pets" ORDER BY "pets"."mood""#
    );
}

#[test]
fn names_are_quoted_and_their_quotes_doubled() {
    assert_eq!(
        text(select(Weird).filter(Weird.word.eq("x")).order_by(Weird.id)),
        "SELECT \"we\"\"ird Table\".\"I\"\"d\", \"we\"\"ird Table\".\"select\" FROM \"we\"\"ird Table\" \
         WHERE \"we\"\"ird Table\".\"select\" = $1 ORDER BY \"we\"\"ird Table\".\"I\"\"d\""
    );
    let alias = Weird.alias("a\"b");
    assert_eq!(text(select(alias.id)), r#"SELECT "a""b"."I""d" FROM "we""ird Table" AS "a""b""#);
}

#[test]
fn rows_are_grouped_sorted_and_bounded() {
    let statement = select((User.age, func::count(User.id).label("n")))
        .filter(User.name.like("A%"))
        .group_by(User.age)
        .having(func::count(User.id).gt(1))
        .order_by((func::count(User.id).desc(), User.age))
        .limit(3);
    assert_eq!(
        text(statement),
        "SELECT \"users\".\"age\", count(\"users\".\"id\") AS \"n\" FROM \"users\" WHERE \"users\".\"name\" LIKE $1 \
         GROUP BY \"users\".\"age\" HAVING count(\"users\".\"id\") > $2 ORDER BY \"n\" DESC, \
         \"users\".\"age\" LIMIT $3"
    );
}

#[test]
fn a_parameter_that_stands_in_two_clauses_of_a_grouping_is_one_parameter() {
    let decade = || User.age / 10;
    let statement = select((decade(), func::count_star())).group_by(decade()).order_by(decade());
    assert_eq!(from(statement.clone()), "users GROUP BY users.age / $1 ORDER BY users.age / $1");
    assert_eq!(parameters(statement), "[10]");
}

#[test]
fn keys_of_an_order_add_up() {
    let statement = select(User).order_by(User.age.desc()).order_by((User.name.asc(), User.id));
    assert_eq!(from(statement), "users ORDER BY users.age DESC, users.name, users.id");
    assert_eq!(
        from(select(User).order_by(vec![User.age.desc(), User.id.asc()])),
        "users ORDER BY users.age DESC, users.id"
    );
}

#[test]
fn a_statement_keeps_its_type_when_it_is_built_step_by_step() {
    let mut statement = select(User);
    for (name, oldest) in [("A%", 30), ("B%", 40)] {
        statement = statement.filter(User.name.like(name) | User.age.le(oldest));
    }
    if statement.to_sql().is_ok() {
        statement = statement.join(Post, Post.user_id.eq(User.id)).order_by(Post.title);
    }
    assert_eq!(
        from(statement),
        "users JOIN posts ON posts.user_id = users.id WHERE (users.name LIKE $1 OR users.age <= $2) \
         AND (users.name LIKE $3 OR users.age <= $4) ORDER BY posts.title"
    );
}

#[test]
fn a_relation_leaves_the_first_statement_as_it_is() {
    assert_eq!(text(select(User).with(User.posts).limit(2)), text(select(User).limit(2)));
}

#[test]
fn a_statement_shows_itself() {
    let statement = select(User.id).filter(User.id.eq(1));
    let shown = r#"SELECT "users"."id" FROM "users" WHERE "users"."id" = $1"#;
    assert_eq!(format!("{statement:?}"), format!("Select({shown})"));
    assert_eq!(statement.to_sql().expect("accepted").to_string(), shown);
}
