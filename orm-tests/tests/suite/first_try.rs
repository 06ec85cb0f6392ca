//! What people write first, knowing SQL and other libraries, is accepted, or refused with what to write.

use std::error::Error as StdError;

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee, NewPost, NewUser, Post, User};

use crate::select_rows::{all, one, people};
use crate::select_text::{condition, from, gives};

/// Models with names that a library's prelude might have.
#[allow(dead_code, reason = "only the names matter")]
mod models {
    use orm_core::prelude::*;

    macro_rules! model {
        ($($name:ident)*) => { $(
            #[derive(Model, Clone, Debug)]
            pub struct $name {
                #[orm(primary_key)]
                pub id: i64,
            }
        )* };
    }
    model!(Order Page Transaction Context Table Frame Edge Command Ref);
}

mod beside {
    use super::models::*;
    use orm_core::prelude::*;

    /// Names of models are theirs beside the prelude, whatever comes first.
    pub(super) fn names() -> usize {
        let orders =
            select(Order.id).join(Page, Page.id.eq(Order.id)).join(Transaction, Transaction.id.eq(Order.id));
        let others = (Context.id, Table.id, Frame.id, Edge.id, Command.id, Ref.id);
        let _: fn(Order) -> (Page, Transaction) =
            |order| (Page { id: order.id }, Transaction { id: order.id });
        orders.to_sql().unwrap().text.len() + select(others.0).to_sql().unwrap().text.len()
    }
}

fn on() -> Cond {
    Post.user_id.eq(User.id)
}

#[test]
fn joins_and_from_have_the_names_of_sql() {
    assert!(beside::names() > 0);
    let titles = || select((User.name, Post.title.optional()));
    assert_eq!(from(titles().left_join(Post, on())), from(titles().outer_join(Post, on())));
    assert_eq!(from(select(User.name).inner_join(Post, on())), from(select(User.name).join(Post, on())));
    assert_eq!(from(select(func::count_star()).from(User)), "users");
    let limit: usize = 3;
    assert_eq!(from(select(User).limit(limit).offset(1_u32)), from(select(User).limit(3).offset(1)));
    assert_eq!(condition(Cond::all([User.id.gt(1)])), "users.id > $1");
    let none = None::<i64>;
    assert_eq!(from(select(User).limit(Some(3)).offset(Some(1))), from(select(User).limit(3).offset(1)));
    assert_eq!(from(select(User).limit(none).offset(none)), "users");
    let both = from(select(User).filter(User.id.gt(1) & User.name.eq("a")));
    assert_eq!(from(select(User).filter((User.id.gt(1), User.name.eq("a")))), both);
    assert_eq!(from(select(User).filter([User.id.gt(1), User.name.eq("a")])), both);
    let counted = select((User.age, func::count(User.id).filter(User.name.ne("")))).group_by(User.age);
    gives::<(Option<i32>, i64)>(counted);
    gives::<(i64, Option<i64>)>(
        select((User.id, func::sum(User.age))).group_by(User.id).subquery("sums").into_rows(),
    );
}

trait IntoRows<R> {
    fn into_rows(self) -> Select<R>;
}

impl IntoRows<(i64, Option<i64>)> for orm_core::query::Derived<(i64, Option<i64>)> {
    fn into_rows(self) -> Select<(i64, Option<i64>)> {
        select(&self)
    }
}

#[tokio::test]
async fn a_lateral_table_is_left_joined_on_true() {
    let fixture = people().await;
    let (first, second) = {
        let users = all(&fixture, select(User.id).order_by(User.id)).await;
        (users[0], users[1])
    };
    fixture.engine.create_all(schema![User, Post]).await.unwrap();
    let posts = ["a", "b", "c"].map(|title| NewPost::new(first, title));
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    let last = select((Post.id, Post.title)).filter(on()).order_by(Post.id.desc()).limit(1).lateral("last");
    let rows = select((User.id, last.1.optional())).from(User).left_join(&last, lit(true));
    let found = all(&fixture, rows.filter(User.id.in_([first, second])).order_by(User.id)).await;
    assert_eq!(found, [(first, Some("c".to_owned())), (second, None)]);
    let both = || select((User.id, last.1)).from(User).order_by(User.id);
    assert_eq!(from(both().cross_join_lateral(&last)), from(both().join_lateral(&last)));
    assert_eq!(all(&fixture, both().cross_join_lateral(&last)).await, [(first, "c".to_owned())]);
    // A table that uses nothing of the others is joined to them by what is said of it.
    let alone = select((Post.id,)).order_by(Post.id).limit(1).derived("alone");
    assert!(select((User.id, alone.0)).from(User).join(&alone, alone.0.gt(0)).to_sql().is_ok());
    assert!(select((User.id, alone.0)).from(User).join(&alone, lit(true)).to_sql().is_ok());
}

#[test]
fn a_subquery_that_compares_a_column_with_itself_is_refused() {
    let refused =
        |text: Result<_, orm_core::Error>| text.map(|_: orm_core::query::Sql| ()).unwrap_err().to_string();
    let most = select(func::max(Post.id)).filter(Post.user_id.eq(Post.user_id));
    let error = refused(select(Post.title).filter(Post.id.eq(most.clone())).to_sql());
    assert!(error.contains("compares `Post.user_id` with itself"), "{error}");
    assert!(error.contains("let inner = Post.alias(\"inner\")"), "{error}");
    let listed = select(Post.id).filter(Post.user_id.eq(Post.user_id));
    assert!(refused(select(Post.title).filter(Post.id.in_(listed)).to_sql()).contains("with itself"));
    let set = update(User)
        .set(User.age, select(func::max(Post.id)).filter(on() & Post.id.le(Post.id)).cast_to_i32());
    assert!(refused(set.all_rows().to_sql()).contains("with itself"));
    // What is meant has two names.
    let inner = Post.alias("inner");
    let most = select(func::max(inner.id)).filter(inner.user_id.eq(Post.user_id));
    assert!(select(Post.title).filter(Post.id.eq(most)).to_sql().is_ok());
}

trait CastToI32 {
    fn cast_to_i32(self) -> Expr<Option<i32>>;
}

impl CastToI32 for Select<Option<i64>> {
    fn cast_to_i32(self) -> Expr<Option<i32>> {
        self.scalar().cast::<i32>()
    }
}

#[test]
fn a_not_in_that_can_be_null_names_the_table_it_reads() {
    let boss = Employee.alias("boss");
    let error =
        select(Employee.name).filter(Employee.id.not_in(select(boss.manager_id))).to_sql().unwrap_err();
    assert!(error.to_string().contains("`.filter(boss.manager_id.is_not_null())`"), "{error}");
    let known = select(boss.manager_id).filter(boss.manager_id.is_not_null());
    assert!(select(Employee.name).filter(Employee.id.not_in(known)).to_sql().is_ok());
}

/// The error of the work is inferred in a function with another error type.
#[tokio::test]
async fn work_in_a_transaction_needs_no_type_of_its_error() -> Result<(), Box<dyn StdError>> {
    let fixture = Fixture::new(schema![User]).await;
    fixture
        .engine
        .transaction(async |transaction| {
            transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
            Ok(())
        })
        .await?;
    SessionMaker::new(fixture.engine.clone())
        .run(async |session| {
            session.add(NewUser::new("Ben"));
            Ok(())
        })
        .await?;
    assert_eq!(fixture.engine.count(select(User)).await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_column_of_a_derived_table_is_named_by_what_its_select_gives() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let users = [NewUser::new("Ann"), NewUser::new("Ben")];
    let users = fixture.engine.all(insert(User).values(users).returning(User)).await.unwrap();
    let posts =
        [(0, "a"), (0, "b"), (1, "c")].map(|(user, title): (usize, _)| NewPost::new(users[user].id, title));
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();

    let count = func::count_star();
    let counts = select((Post.user_id, &count)).group_by(Post.user_id).derived("counts");
    let statement = select((User.name, counts.column(&count)))
        .join(&counts, counts.column(Post.user_id).eq(User.id))
        .order_by(User.name);
    let expected = [("Ann".to_owned(), 2), ("Ben".to_owned(), 1)];
    assert_eq!(fixture.engine.all(statement).await.unwrap(), expected);

    // By the name, where the rows are those of a model.
    let all = select(Post).derived("all");
    let titles =
        select(all.column(Post.title)).select_from(&all).order_by(all.column(Post.title).desc()).limit(1);
    assert_eq!(fixture.engine.one(titles).await.unwrap(), "c");

    // What may be NULL stays so, whatever it was called by.
    let outer = select((User.id, Post.title.optional())).left_join(Post, on()).derived("outer");
    let error = select(outer.column(Post.title)).select_from(&outer).to_sql().unwrap_err().to_string();
    assert!(error.contains("can be NULL"), "{error}");
    let error = select(counts.column(Post.title)).select_from(&counts).to_sql().unwrap_err().to_string();
    assert!(error.contains("\"counts\" has no column `Post.title`"), "{error}");
    let error = select(counts.column(func::count(Post.id))).select_from(&counts).to_sql().unwrap_err();
    assert!(error.to_string().contains("\"counts\" does not give this expression"), "{error}");
    // A column is `Copy`.
    let posts = counts.column(&count);
    let twice = select(posts).select_from(&counts).filter(posts.gt(1)).order_by(posts);
    assert_eq!(fixture.engine.all(twice).await.unwrap(), [2]);
}

#[test]
fn text_is_a_literal_and_a_duration_an_interval() {
    assert_eq!(from(select(lit("x")).select_from(User)), "users");
    let late = chrono::TimeDelta::hours(1);
    let since = func::age(func::now(), chrono::DateTime::UNIX_EPOCH);
    assert!(select(User).filter(since.gt(late)).to_sql().unwrap().text.contains(" > $"));
}

#[tokio::test]
async fn opposites_have_names_of_their_own() {
    let fixture = people().await;
    let names = |condition: Cond| {
        let fixture = &fixture;
        async move { all(fixture, select(User.name).filter(condition).order_by(User.id)).await }
    };
    assert_eq!(names(User.name.not_like("A%")).await, ["Bob", "Cid"]);
    assert_eq!(names(User.name.not_ilike("a%")).await, ["Bob", "Cid"]);
    assert_eq!(names(User.age.not_between(35, 45)).await, ["Ann"]);
    assert_eq!(names(not(User.age.between(35, 45))).await, ["Ann"]);
    assert_eq!(condition(User.name.not_like("A%")), condition(!User.name.like("A%")));
}

#[tokio::test]
async fn a_lateral_table_is_joined_without_a_condition() {
    let fixture = people().await;
    let last = select((Post.title,)).filter(Post.user_id.eq(User.id)).order_by(Post.id.desc());
    let (derived, last) = (last.clone().limit(1).derived("last"), last.limit(1).lateral("last"));
    let title = last.columns().0;
    let ann = |title: &str| ("Ann".to_owned(), title.to_owned());
    assert_eq!(all(&fixture, select((User.name, title)).join_lateral(&last)).await, [ann("b")]);
    let outer = select((User.name, title.optional())).left_join_lateral(&last).order_by(User.id);
    let rows = all(&fixture, outer).await;
    assert_eq!((rows.len(), &rows[0].1, &rows[1].1), (3, &Some("b".to_owned()), &None));
    // `derived` is as good there.
    let names = || select(User.name);
    assert_eq!(from(names().join_lateral(&derived)), from(names().join_lateral(&last)));
    let title = derived.columns().0.optional();
    let other = select((User.name, title)).left_join_lateral(&derived).order_by(User.id);
    assert_eq!(all(&fixture, other).await, rows);
}

#[tokio::test]
async fn a_moment_has_the_clock_of_a_time_zone() {
    let fixture = people().await;
    let noon = "2026-06-01T12:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let berlin = lit(noon).at_time_zone("Europe/Berlin");
    let shown: String = one(&fixture, select(berlin.clone().cast::<String>())).await;
    assert_eq!(shown, "2026-06-01 14:00:00");
    let back: chrono::DateTime<chrono::Utc> =
        one(&fixture, select(berlin.at_time_zone("Europe/Berlin"))).await;
    assert_eq!(back, noon);
}

#[tokio::test]
async fn numbers_stand_in_a_select_list_and_beside_each_other() {
    use rust_decimal::Decimal;

    let fixture = people().await;
    let level = select((User.name, 1, 2_i64, 0.5, true)).filter(User.id.eq(1));
    assert_eq!(one(&fixture, level).await, ("Ann".to_owned(), 1, 2, 0.5, true));
    let tenth = Decimal::new(15, 1);
    let row = select((User.age * tenth, User.age * 1.5, func::sum(User.id) * Decimal::ONE_HUNDRED))
        .group_by(User.age);
    let row = one(&fixture, row.filter(User.id.eq(1))).await;
    assert_eq!(row, (Some(Decimal::new(450, 1)), Some(45.0), Some(Decimal::new(100, 0))));
}

#[tokio::test]
async fn a_condition_is_used_twice() {
    let fixture = people().await;
    let writes = exists(select(Post).filter(Post.user_id.eq(User.id)));
    let words = case().when(&writes, "writes").otherwise("reads");
    let known = User.age.gt(30).is_true();
    let rows = select((&writes, words, &known)).filter(&known).order_by(User.id);
    assert_eq!(all(&fixture, rows).await, [(false, "reads".to_owned(), true)]);
}

#[tokio::test]
async fn the_age_of_a_date_is_told() {
    let fixture = people().await;
    let born = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    let years = func::extract("year", func::age_today(lit(born)));
    let years: rust_decimal::Decimal = one(&fixture, select(years)).await;
    assert!(years > rust_decimal::Decimal::new(25, 0), "{years}");
}

#[tokio::test]
#[expect(clippy::needless_borrows_for_generic_args, reason = "references are what this is about")]
async fn an_alias_in_a_variable_stands_as_a_reference_as_a_derived_table_does() {
    let fixture = Fixture::new(schema![Employee]).await;
    let boss = Employee.alias("boss");
    let on = || boss.id.eq(Employee.manager_id);
    let names = || select((Employee.name, boss.name.optional())).order_by(Employee.id);
    assert_eq!(from(names().left_join(&boss, on())), from(names().left_join(boss, on())));
    assert_eq!(from(select(&boss.name).select_from(&boss)), "employees AS boss");

    let engine = &fixture.engine;
    let ann = engine.one(insert(NewEmployee::new("Ann")).returning(Employee.id)).await.unwrap();
    let below = |name: &str| NewEmployee { name: name.into(), manager_id: Some(ann.into()) };
    engine.execute(insert([below("Ben"), below("Cid")])).await.unwrap();
    let rows = all(&fixture, names().left_join(&boss, on())).await;
    let row = |name: &str, boss: Option<&str>| (name.to_owned(), boss.map(str::to_owned));
    assert_eq!(rows, [row("Ann", None), row("Ben", Some("Ann")), row("Cid", Some("Ann"))]);
    let rows = select(Employee.id).join(&boss, on() & boss.name.eq("Ann"));
    assert_eq!(engine.count(rows).await.unwrap(), 2);
    let gone = delete(Employee).using(&boss).filter(on() & boss.name.eq("Ann"));
    assert_eq!(engine.execute(gone).await.unwrap(), 2);
}
