//! Selects inside of other statements.

use orm_core::model::Ref;
use orm_core::prelude::*;
use orm_core::query::Sql;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee, NewPost, NewUser, Post, User};

async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post, Employee]).await;
    let people = [
        NewUser { name: "Ann".into(), age: Some(30) },
        NewUser { name: "Bob".into(), age: Some(20) },
        NewUser { name: "Cleo".into(), age: None },
    ];
    let users: Vec<User> = fixture.engine.all(insert(User).values(people).returning(User)).await.unwrap();
    let posts = [
        NewPost::new(&users[0], "first"),
        NewPost::new(&users[0], "second"),
        NewPost::new(&users[1], "first"),
    ];
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    fixture.recorder.take();
    fixture
}

fn text(select: &Select<String>) -> String {
    select.to_sql().unwrap().text
}

fn names() -> Select<String> {
    select(User.name).order_by(User.name)
}

#[track_caller]
fn refused(result: Result<Sql, Error>, text: &str) {
    let error = result.expect_err("the checker refuses it");
    assert!(error.is_invalid_statement() && error.location().is_some(), "{error:?}");
    let message = error.to_string();
    assert!(message.contains(text), "{message}");
}

#[test]
fn each_form_is_rendered_as_sql_writes_it() {
    let of_user = || select(Post.id).filter(Post.user_id.eq(User.id));
    let rest = |condition: Cond| {
        let text = text(&select(User.name).filter(condition));
        text.strip_prefix("SELECT \"users\".\"name\" FROM \"users\" WHERE ").unwrap().to_owned()
    };
    let inner = "(SELECT \"posts\".\"id\" FROM \"posts\" WHERE \"posts\".\"user_id\" = \"users\".\"id\")";
    assert_eq!(rest(exists(of_user()).into_cond()), format!("EXISTS {inner}"));
    assert_eq!(rest(!exists(of_user())), format!("NOT EXISTS {inner}"));
    assert_eq!(rest(User.id.gt(of_user())), format!("\"users\".\"id\" > {inner}"));
    assert_eq!(rest(User.id.in_(of_user())), format!("\"users\".\"id\" IN {inner}"));
    assert_eq!(rest(User.id.not_in(of_user())), format!("\"users\".\"id\" NOT IN {inner}"));
    assert_eq!(rest(User.id.ge(all(of_user()))), format!("\"users\".\"id\" >= ALL {inner}"));
    assert_eq!(rest(User.id.eq(any(of_user()))), format!("\"users\".\"id\" = ANY {inner}"));
    assert_eq!(
        rest((User.id, User.name).ge((1_i64, "Ann"))),
        "(\"users\".\"id\", \"users\".\"name\") >= ($1, $2)"
    );
    assert_eq!(
        rest((User.id, User.name).in_([(1_i64, "Ann"), (2, "Bob")])),
        "(\"users\".\"id\", \"users\".\"name\") IN (SELECT * FROM unnest($1, $2))"
    );
    assert_eq!(
        rest((User.id, User.name).not_in(select((Post.user_id, Post.title)))),
        "(\"users\".\"id\", \"users\".\"name\") NOT IN (SELECT \"posts\".\"user_id\", \"posts\".\"title\" FROM \"posts\")"
    );
}

#[tokio::test]
async fn a_select_is_an_operand_and_a_value() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let oldest = names().filter(User.age.eq(select(func::max(User.age))));
    assert_eq!(engine.all(oldest).await.unwrap(), ["Ann"]);
    let posts = || select(func::count(Post.id)).filter(Post.user_id.eq(User.id));
    let counted: Vec<(String, Option<i64>)> = engine
        .all(select((User.name, posts().scalar())).order_by((posts().scalar().desc(), User.name)))
        .await
        .unwrap();
    assert_eq!(counted, [("Ann".into(), Some(2)), ("Bob".into(), Some(1)), ("Cleo".into(), Some(0))]);
    let between =
        names().filter(User.id.between(select(func::min(Post.user_id)), select(func::max(Post.user_id))));
    assert_eq!(engine.all(between).await.unwrap(), ["Ann", "Bob"]);
    let having = select(Post.title)
        .group_by(Post.title)
        .having(func::count(Post.id).gt(select(func::count(User.id)).filter(User.age.is_null())));
    assert_eq!(engine.all(having).await.unwrap(), ["first"]);
}

#[tokio::test]
async fn exists_in_and_quantifiers_mean_what_sql_says() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let of_user = || select(Post.id).filter(Post.user_id.eq(User.id));
    assert_eq!(engine.all(names().filter(exists(of_user()))).await.unwrap(), ["Ann", "Bob"]);
    assert_eq!(engine.all(names().filter(!exists(of_user()))).await.unwrap(), ["Cleo"]);
    assert_eq!(engine.all(names().filter(User.id.in_(select(Post.user_id)))).await.unwrap(), ["Ann", "Bob"]);
    assert_eq!(engine.all(names().filter(User.id.not_in(select(Post.user_id)))).await.unwrap(), ["Cleo"]);
    let ages = || select(User.alias("other").age).filter(User.alias("other").age.is_not_null());
    assert_eq!(engine.all(names().filter(User.age.ge(all(ages())))).await.unwrap(), ["Ann"]);
    assert_eq!(engine.all(names().filter(User.age.lt(any(ages())))).await.unwrap(), ["Bob"]);
}

#[derive(Row, Debug, PartialEq)]
struct Writer {
    name: String,
    writes: bool,
    is_first: bool,
    adult: Option<bool>,
}

#[tokio::test]
async fn whether_a_select_gives_a_row_is_a_value_that_is_always_there() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let of_user = || select(Post.id).filter(Post.user_id.eq(User.id));
    let listed: Vec<(String, bool)> =
        engine.all(select((User.name, exists(of_user()))).order_by(User.id)).await.unwrap();
    assert_eq!(listed.iter().map(|(_, writes)| *writes).collect::<Vec<_>>(), [true, true, false]);
    let sorted = select(User.name).order_by((exists(of_user()), User.name)).limit(1);
    assert_eq!(engine.all(sorted).await.unwrap(), ["Cleo"]);
    let both = names().filter(exists(of_user()) & !exists(of_user().filter(Post.title.eq("second"))));
    assert_eq!(engine.all(both).await.unwrap(), ["Bob"]);
    // A field of a row takes a condition as `bool` where it is never unknown.
    let writer = |adult: Cond| SelectWriter {
        name: User.name,
        writes: exists(of_user()),
        is_first: User.id.eq(1),
        adult,
    };
    let first = engine.first(select(writer(User.age.ge(18))).order_by(User.id)).await.unwrap().unwrap();
    assert_eq!(first, Writer { name: "Ann".into(), writes: true, is_first: true, adult: Some(true) });
    let of_age = SelectWriter {
        name: User.name,
        writes: exists(of_user()),
        is_first: User.age.ge(18),
        adult: User.age.ge(18),
    };
    refused(select(of_age).to_sql(), "item 3 of the select list can be NULL");
}

#[tokio::test]
async fn tuples_are_compared_from_the_left() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let titles = |condition: Cond| select((Post.title, Post.user_id)).filter(condition).order_by(Post.id);
    let after = titles((Post.title, Post.id).gt(("first", 1_i64)));
    assert_eq!(engine.all(after).await.unwrap(), [("second".into(), 1), ("first".into(), 2)]);
    let pairs: &[(i64, &str)] = &[(1, "Ann")];
    assert_eq!(engine.all(names().filter((User.id, User.name).in_(pairs))).await.unwrap(), ["Ann"]);
    let listed = titles((Post.title, Post.user_id).in_([("first", 2), ("second", 1), ("third", 1)]));
    assert_eq!(engine.all(listed).await.unwrap(), [("second".into(), 1), ("first".into(), 2)]);
    let none: [(String, i64); 0] = [];
    assert_eq!(engine.all(titles((Post.title, Post.user_id).not_in(none))).await.unwrap().len(), 3);
    let last = titles(
        (Post.user_id, Post.id)
            .in_(select((Post.user_id, func::max(Post.id).never_null())).group_by(Post.user_id)),
    );
    assert_eq!(engine.all(last).await.unwrap(), [("second".into(), 1), ("first".into(), 2)]);
    let same = titles((Post.user_id, Post.title).eq((Post.id, "first")));
    assert_eq!(engine.all(same).await.unwrap(), [("first".into(), 1)]);
}

#[tokio::test]
async fn updates_and_deletes_take_selects() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let youngest = select(func::min(User.alias("other").age));
    let changed = update(User).set(User.age, youngest).filter(User.age.is_null());
    assert_eq!(engine.execute(changed).await.unwrap(), 1);
    let last = select(func::max(Post.title)).filter(Post.user_id.eq(User.id)).scalar();
    let named = update(User)
        .set(User.name, func::coalesce(last, "nothing"))
        .filter(User.name.ne("Ann"))
        .returning((User.name, User.age));
    let mut rows = engine.all(named).await.unwrap();
    rows.sort();
    assert_eq!(rows, [("first".into(), Some(20)), ("nothing".into(), Some(20))]);
    let idle = delete(User).filter(!exists(select(Post.id).filter(Post.user_id.eq(User.id))));
    assert_eq!(engine.execute(idle).await.unwrap(), 1);
}

#[tokio::test]
async fn a_table_is_that_of_the_nearest_statement_that_has_it() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let workers = [("Zoe", None), ("Yan", Some(1)), ("Xi", Some(1)), ("Wu", Some(2))];
    for (name, manager_id) in workers {
        let manager_id: Option<Ref<Employee>> = manager_id.map(|id: i64| id.into());
        engine.execute(insert(Employee).values(NewEmployee { name: name.into(), manager_id })).await.unwrap();
    }
    let report = Employee.alias("report");
    // Two levels down, the outermost statement's row is meant.
    let indirect = select(report.id).filter(report.manager_id.eq(Employee.id)).filter(exists(
        select(Employee.alias("below").id)
            .filter(Employee.alias("below").manager_id.eq(report.id))
            .filter(Employee.alias("below").id.ne(Employee.id)),
    ));
    let names = select(Employee.name).filter(exists(indirect)).order_by(Employee.name);
    assert_eq!(engine.all(names).await.unwrap(), ["Zoe"]);
    // The select list makes a table the inner one's own.
    let average =
        select(User.name).filter(User.age.gt(select(func::avg(User.age).cast::<i32>()))).order_by(User.name);
    assert_eq!(engine.all(average).await.unwrap(), ["Ann"]);
    let own = select(User.name)
        .filter(
            User.id.in_(select(User.id).correlate(User).select_from(Post).filter(Post.user_id.eq(User.id))),
        )
        .order_by(User.name);
    assert_eq!(engine.all(own).await.unwrap(), ["Ann", "Bob"]);
}

#[test]
fn a_condition_that_uses_only_tables_from_outside_is_refused() {
    let inner = select(func::count(Post.id)).filter(Post.user_id.eq(1)).filter(User.age.gt(18));
    refused(
        select(User).filter(User.id.lt(inner)).to_sql(),
        "a condition in WHERE of this subquery names only `User`, which the statement around it has: if the subquery is to \
         have a `User` of its own, add `.join(User, ..)` or `.select_from(..)` to it; if the outer one is meant, say \
         `.correlate(User)`",
    );
    let meant =
        select(func::count(Post.id)).filter(Post.user_id.eq(1)).filter(User.age.gt(18)).correlate(User);
    assert!(select(User).filter(User.id.lt(meant)).to_sql().is_ok());
    // The same in an update: its own table is around, too.
    let inner = select(func::count(Post.id)).filter(Post.user_id.eq(1)).filter(User.age.gt(18));
    refused(update(User).set(User.age, inner.scalar().cast::<i32>()).to_sql(), "names only `User`");
}

#[test]
fn an_exists_that_nothing_connects_is_refused_where_the_table_is_outside_too() {
    refused(
        select(User).filter(exists(select(User.id).filter(User.age.gt(18)))).to_sql(),
        "nothing connects this EXISTS to the statement around it, and `User` is in both, so that inside it is another row: \
         give one of them another name with `.alias(\"..\")`, or say `.correlate(User)` if the row outside is meant",
    );
    assert!(select(User).filter(exists(select(Post.id))).to_sql().is_ok());
}

#[test]
fn not_in_of_what_can_be_null_is_refused() {
    let managers = || select(Employee.manager_id);
    refused(
        select(User).filter(User.id.not_in(managers())).to_sql(),
        "this `not_in` takes a select that can give NULL, and one NULL leaves no row at all: add \
         `.filter(Employee.manager_id.is_not_null())` to the select, or use `!exists(..)`",
    );
    let known = managers().filter(Employee.manager_id.is_not_null());
    assert!(select(User).filter(User.id.not_in(known)).to_sql().is_ok());
    assert!(select(User).filter(User.id.in_(managers())).to_sql().is_ok());
}

#[test]
fn any_and_all_stand_beside_a_comparison_only() {
    refused(
        select(func::coalesce(User.age, any(select(User.alias("u").age)))).to_sql(),
        "`any(..)` stands on the right of a comparison only, such as `.gt(any(select(..)))`",
    );
}

#[test]
fn statements_with_selects_inside_share_a_text() {
    let statement = |age: i32, title: &str| {
        select(User.name)
            .filter(User.age.gt(age))
            .filter(exists(select(Post.id).filter(Post.user_id.eq(User.id)).filter(Post.title.eq(title))))
            .limit(3)
    };
    let (one, other) = (statement(1, "a").to_sql().unwrap(), statement(2, "b").to_sql().unwrap());
    assert_eq!(one.text, other.text);
    assert_eq!(format!("{:?}", other.parameters), "[2, \"b\", 3]");
}
