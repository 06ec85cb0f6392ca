//! Expressions that choose among values: CASE, COALESCE, NULLIF.

use orm_core::prelude::*;
use orm_tests::models::{Mood, NewPet, Pet, Post, User};

use crate::select_rows::{all, on, people};
use crate::select_text::{condition, expression, from, gives};

fn refusal<R>(statement: Select<R>) -> String {
    let error = statement.to_sql().expect_err("the checker refuses it").to_string();
    error.split_once(": ").expect("a place").1.to_owned()
}

#[test]
fn case_has_sqls_words() {
    let group = || case().when(User.age.lt(18), "minor").when(User.age.ge(65), "senior");
    assert_eq!(
        expression(group().otherwise("adult").label("of")),
        "CASE WHEN users.age < $1 THEN $2 WHEN users.age >= $3 THEN $4 ELSE $5 END AS of"
    );
    assert_eq!(
        expression(group().end()),
        "CASE WHEN users.age < $1 THEN $2 WHEN users.age >= $3 THEN $4 END"
    );
    let either = case().when(User.age.is_null() | User.id.eq(1), User.id + 1).otherwise(User.id);
    assert_eq!(
        expression(either),
        "CASE WHEN users.age IS NULL OR users.id = $1 THEN users.id + $2 ELSE users.id END"
    );
}

#[test]
fn case_stands_wherever_an_expression_does() {
    let rank = || case().when(User.name.eq("Ann"), 1).otherwise(2);
    let words = "CASE WHEN users.name = $1 THEN $2 ELSE $3 END";
    assert_eq!(condition(rank().eq(1)), format!("{words} = $4"));
    assert_eq!(from(select(User).order_by(rank().desc())), format!("users ORDER BY {words} DESC"));
    assert_eq!(
        from(select((rank(), func::count_star())).group_by(rank())),
        format!("users GROUP BY {words}"),
        "equal parameters are one"
    );
    let truth = case().when(User.id.gt(1), true).otherwise(User.age.gt(3));
    assert_eq!(
        condition(truth & User.id.gt(0)),
        "CASE WHEN users.id > $1 THEN $2 ELSE users.age > $3 END AND users.id > $4"
    );
}

#[test]
fn case_is_null_where_a_value_or_the_missing_else_is() {
    let young = || case().when(User.age.lt(18), 1);
    gives::<i32>(select(young().otherwise(2)));
    gives::<Option<i32>>(select(young().end()));
    gives::<Option<i32>>(select(young().when(User.age.gt(60), User.age).otherwise(3)));
    assert_eq!(
        refusal(select(case().when(User.id.gt(1), Post.title).otherwise("none")).outer_join(Post, on())),
        "item 1 of the select list can be NULL, but its Rust type is no Option: select it with `.optional()`, or \
         `.never_null()` where you know that it is not"
    );
    // A condition that is unknown is not true, and nothing else.
    let known = select(case().when(Post.id.gt(1), "some").otherwise("none")).select_from(User);
    assert!(known.outer_join(Post, on()).to_sql().is_ok());
}

#[test]
fn a_case_is_grouped_as_a_whole_or_by_its_columns() {
    let of = || case().when(User.age.lt(18), "minor").otherwise("adult");
    let count = func::count_star;
    assert!(select((of(), count())).group_by(of()).to_sql().is_ok());
    assert!(select((of(), count())).group_by(User.age).to_sql().is_ok());
    let other = case().when(User.age.lt(19), "minor").otherwise("adult");
    assert!(refusal(select((other, count())).group_by(of())).starts_with("`User.age` stands beside"));
    let totals = case().when(count().gt(10), "many").otherwise("few");
    assert!(select((User.age, totals)).group_by(User.age).to_sql().is_ok());
}

#[test]
fn coalesce_and_nullif_call_their_functions() {
    assert_eq!(expression(func::coalesce(User.age, 0)), "coalesce(users.age, $1)");
    let nested = func::coalesce(func::coalesce(User.age, User.age + 1), 0);
    assert_eq!(expression(nested), "coalesce(users.age, users.age + $1, $2)");
    assert_eq!(expression(func::nullif(User.name, "")), "nullif(users.name, $1)");
    assert_eq!(condition(func::coalesce(User.age, 0).gt(3)), "coalesce(users.age, $1) > $2");
    assert_eq!(condition(func::coalesce(User.age.gt(3), false)), "coalesce(users.age > $1, $2)");
    assert_eq!(
        update(User).set(User.age, func::coalesce(User.age, 0)).all_rows().to_sql().expect("accepted").text,
        r#"UPDATE "users" SET "age" = coalesce("users"."age", $1)"#
    );
}

#[test]
fn coalesce_is_null_only_if_all_its_values_are() {
    gives::<i32>(select(func::coalesce(User.age, 0)));
    gives::<Option<i32>>(select(func::coalesce(User.age, None)));
    gives::<String>(select(func::coalesce(User.name, "x")));
    let joined = || select(func::coalesce(Post.title, "none")).select_from(User).outer_join(Post, on());
    assert!(joined().to_sql().is_ok());
    let other = Post.alias("other");
    let both = select(func::coalesce(Post.title, other.title)).select_from(User);
    let both = both.outer_join(Post, on()).outer_join(other, other.user_id.eq(User.id));
    assert!(refusal(both).starts_with("item 1 of the select list can be NULL"));
    // A filter that COALESCE decides undoes no outer join; one that NULLIF decides does.
    let filtered = select((User, Post)).outer_join(Post, on());
    assert!(filtered.clone().filter(func::coalesce(Post.title, "x").eq("x")).to_sql().is_err());
    assert!(filtered.filter(func::nullif(Post.title, "x").eq("y")).to_sql().is_ok());
}

#[test]
fn never_null_is_the_callers_word() {
    let highest = || func::max(User.age).never_null();
    gives::<i32>(select(highest()));
    assert_eq!(expression(highest().label("m")), "max(users.age) AS m");
    assert_eq!(
        condition((User.age + 1).never_null().eq(2) & User.id.eq(1)),
        "(users.age + $1) = $2 AND users.id = $3"
    );
    gives::<(bool, bool)>(select((User.age.gt(1).never_null(), (!User.name.eq("a")).never_null())));
    let next = || User.age + 1;
    assert!(select((next().never_null(), func::count_star())).group_by(next()).to_sql().is_ok());
    assert!(select((User.name, Post.title.never_null())).outer_join(Post, on()).to_sql().is_ok());
}

#[tokio::test]
async fn case_chooses_the_first_that_is_true() {
    let fixture = people().await;
    let age =
        case().when(User.age.gt(35), "old".to_owned()).when(User.age.gt(20), "young").otherwise(User.name);
    let known = case().when(User.age.is_not_null(), User.age).when(User.id.eq(0), 0).end();
    let rows = all(&fixture, select((age, known)).order_by(User.id)).await;
    let row = |text: &str, age| (text.to_owned(), age);
    assert_eq!(rows, [row("young", Some(30)), row("old", Some(40)), row("Cid", None)]);
}

#[tokio::test]
async fn what_the_checker_accepts_of_choices_runs_on_the_server() {
    let fixture = people().await;
    let of = || case().when(User.age.gt(35), "old").otherwise("young");
    let count = func::count_star;
    let counted =
        all(&fixture, select((of(), count())).group_by(of()).order_by((count().desc(), of()))).await;
    assert_eq!(counted, [("young".to_owned(), 2), ("old".to_owned(), 1)]);
    all(&fixture, select((of(), count())).group_by(User.age).having(of().ne("old"))).await;
    let age = || func::coalesce(User.age, 0);
    all(&fixture, select((age() + 1, count())).group_by(age()).order_by(age())).await;
    all(&fixture, select((age().never_null(), count())).group_by(age())).await;
    let many = case().when(count().gt(1), "many").otherwise("one");
    all(&fixture, select((User.age, many)).group_by(User.age)).await;
    let sum = func::sum(case().when(User.age.is_null(), 0).otherwise(1));
    all(&fixture, select((of(), sum.over(partition_by(of()).order_by(User.id)))).order_by(of())).await;
    let joined = select((User.name, func::coalesce(Post.title, "none"))).outer_join(Post, on());
    all(&fixture, joined.order_by(case().when(Post.id.is_null(), 0).end())).await;
    all(&fixture, select(of()).distinct().order_by(of())).await;
    let undone = select((User, Post)).outer_join(Post, on());
    all(&fixture, undone.filter(func::nullif(func::lower(Post.title), "a").eq("b"))).await;
}

#[tokio::test]
async fn a_case_of_an_enum_is_its_variant() {
    let fixture = orm_tests::Fixture::new(schema![Pet]).await;
    let rex = NewPet { name: "Rex".to_owned(), mood: Mood::VerySad, wish: None };
    fixture.engine.execute(insert(Pet).values(rex)).await.expect("a pet");
    let row = select((
        case().when(Pet.name.eq("Rex"), Mood::Happy).otherwise(Pet.mood),
        func::coalesce(Pet.wish, Mood::Happy),
        func::nullif(Pet.mood, Mood::VerySad),
    ));
    assert_eq!(all(&fixture, row).await, [(Mood::Happy, Mood::Happy, None)]);
}

#[tokio::test]
async fn coalesce_and_nullif_give_what_they_say() {
    let fixture = people().await;
    let rows = all(
        &fixture,
        select((
            func::coalesce(User.age, -1),
            func::coalesce(func::nullif(User.age, 30), User.age.optional()),
            func::nullif(User.name, "Bob"),
        ))
        .order_by(User.id),
    )
    .await;
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(rows, [(30, Some(30), name("Ann")), (40, Some(40), None), (-1, None, name("Cid"))]);
}

#[tokio::test]
async fn a_null_where_the_caller_said_never_is_an_error() {
    let fixture = people().await;
    let ages = fixture.engine.all(select(User.age.never_null()).order_by(User.id)).await;
    assert!(ages.expect_err("Cid has no age").to_string().contains("NULL"));
    let ages = all(&fixture, select(User.age.never_null()).filter(User.age.gt(0)).order_by(User.id)).await;
    assert_eq!(ages, [30, 40]);
    let adult = select((User.name.eq("Ann").never_null(), User.age.gt(35).never_null())).order_by(User.id);
    assert_eq!(all(&fixture, adult.clone().filter(User.age.gt(0))).await, [(true, false), (false, true)]);
    let unknown = fixture.engine.all(adult).await.expect_err("the age of Cid is not known");
    assert!(unknown.to_string().contains("NULL"), "{unknown}");
    let posts = || select(func::count(Post)).filter(Post.user_id.eq(User.id)).scalar().never_null();
    let counted: Vec<(String, i64)> = all(&fixture, select((User.name, posts())).order_by(User.id)).await;
    assert_eq!(counted.iter().map(|(_, posts)| *posts).collect::<Vec<_>>(), [2, 0, 0]);
}
