//! Functions of text, numbers and time; any function by name; aggregates of some rows.

use chrono::{DateTime, TimeZone, Utc};
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Mood, Pet, Post, User};
use rust_decimal::Decimal;

use crate::select_rows::{all, on, one, people};
use crate::select_text::{condition, expression, from, gives, text};

#[derive(Model, Clone, Debug)]
#[orm(table = "readings")]
struct Reading {
    #[orm(primary_key)]
    id: i64,
    at: DateTime<Utc>,
    exact: Decimal,
    about: Option<f64>,
}

fn refusal<R>(statement: Select<R>) -> String {
    let error = statement.to_sql().expect_err("the checker refuses it").to_string();
    error.split_once(": ").expect("a place").1.to_owned()
}

#[test]
fn functions_have_sqls_names() {
    assert_eq!(expression(func::lower(User.name)), "lower(users.name)");
    assert_eq!(expression(func::upper(func::trim(User.name))), "upper(trim(users.name))");
    assert_eq!(condition(func::length(User.name).gt(3)), "length(users.name) > $1");
    assert_eq!(condition(func::lower(User.name).eq(func::lower("ANN"))), "lower(users.name) = lower($1)");
    assert_eq!(expression(func::concat((User.name, " #", User.id))), "concat(users.name, $1, users.id)");
    assert_eq!(expression(func::concat((User.name,))), "concat(users.name)");
    assert_eq!(expression(func::abs(User.age - 40)), "abs(users.age - $1)");
    assert_eq!(expression(func::round(Reading.about, 0)), "round(readings.about)");
    assert_eq!(expression(func::round(Reading.exact, 2)), "round(readings.exact, $1)");
    assert_eq!(
        expression(func::round(Reading.about, 2)),
        "CAST(round(CAST(readings.about AS numeric), $1) AS double precision)"
    );
    assert_eq!(expression(func::date(Reading.at)), "CAST(readings.at AS date)");
    assert_eq!(condition(Reading.at.lt(func::now())), "readings.at < now()");
    assert_eq!(expression(func::date_part(DatePart::Year, Reading.at)), "date_part($1, readings.at)");
    assert_eq!(expression(func::date_part("year", Reading.at)), "date_part($1, readings.at)");
    // A part is the same however it is named.
    let year = || func::date_part(DatePart::Year, Reading.at);
    let named = select((func::date_part("Year", Reading.at), func::count_star())).group_by(year());
    assert_eq!(from(named), "readings GROUP BY date_part($1, readings.at)");
    assert_eq!(
        from(select((year(), func::count_star())).group_by(year())),
        "readings GROUP BY date_part($1, readings.at)"
    );
}

#[test]
fn functions_give_null_where_their_arguments_are() {
    gives::<String>(select(func::lower(User.name)));
    gives::<i32>(select(func::length(User.name)));
    gives::<Option<i32>>(select(func::abs(User.age)));
    gives::<f64>(select(func::date_part(DatePart::Day, Reading.at)));
    gives::<Option<f64>>(select(func::round(Reading.about, 0)));
    let joined = |title: Expr<String>| select((User.name, title)).outer_join(Post, on());
    assert_eq!(
        refusal(joined(func::lower(Post.title))),
        "item 2 of the select list can be NULL, but its Rust type is no Option: select it with `.optional()`, or \
         `.never_null()` where you know that it is not"
    );
    assert!(joined(func::concat((Post.title, "!"))).to_sql().is_ok());
    // A condition on a function that gives NULL for NULL undoes an outer join.
    let posts = || select((User, Post)).outer_join(Post, on());
    assert!(posts().filter(func::lower(Post.title).eq("a")).to_sql().is_ok());
    assert!(posts().filter(func::concat((Post.title,)).eq("a")).to_sql().is_err());
}

#[test]
fn a_function_of_one_row_is_grouped_by_its_columns() {
    let count = func::count_star;
    assert!(select((func::lower(User.name), count())).group_by(User.name).to_sql().is_ok());
    assert!(select((func::lower(User.name), count())).group_by(func::lower(User.name)).to_sql().is_ok());
    assert!(
        refusal(select((func::lower(User.name), count())).group_by(func::upper(User.name)))
            .starts_with("`User.name` stands beside")
    );
    assert!(select(func::abs(func::sum(User.id).cast::<i64>())).to_sql().is_ok());
    assert_eq!(
        refusal(select(User).filter(func::abs(func::count(User.id)).gt(1))),
        "`count` looks at several rows and cannot stand in WHERE: use `.having(..)`"
    );
    assert_eq!(
        refusal(select(func::lower(User.name).over(order_by(User.id)))),
        "`.over(..)` follows something that is no aggregate and no window function"
    );
}

#[test]
fn any_function_is_called_by_its_name() {
    let call = |name| text(select(func::call::<Option<String>>(name, (User.name, 3, "x", None::<i64>))));
    let with = |name: &str| format!(r#"SELECT {name}("users"."name", $1, $2, $3) FROM "users""#);
    assert_eq!(call("lpad_2"), with("lpad_2"));
    assert_eq!(call("audit.level"), with("audit.level"));
    assert_eq!(call("Audit.my level"), with(r#""Audit"."my level""#));
    assert_eq!(call(r#"a"b(); --"#), with(r#""a""b(); --""#));
    assert_eq!(call("2nd"), with(r#""2nd""#));
    let clock = func::call::<Option<DateTime<Utc>>>("clock_timestamp", ());
    assert_eq!(text(select(clock)), "SELECT clock_timestamp()");
    assert_eq!(condition(func::call::<bool>("starts_with", (User.name, "A"))), "starts_with(users.name, $1)");
}

#[test]
fn a_function_by_name_may_give_null_unless_the_caller_says_otherwise() {
    let initcap = || func::call::<String>("initcap", User.name);
    assert_eq!(
        refusal(select(initcap())),
        "item 1 of the select list can be NULL, but its Rust type is no Option: select it with `.optional()`, or \
         `.never_null()` where you know that it is not"
    );
    gives::<Option<String>>(select(initcap().optional()));
    gives::<String>(select(initcap().never_null()));
    assert!(select(func::coalesce(initcap(), "x")).to_sql().is_ok());
    // Nothing is known of what it gives for NULL.
    let joined = select((User, Post)).outer_join(Post, on());
    assert!(joined.filter(func::call::<bool>("f", Post.title)).to_sql().is_err());
}

#[test]
fn aggregates_call_their_functions() {
    assert_eq!(expression(func::count(User.id)), "count(users.id)");
    assert_eq!(text(select(func::count_star()).select_from(User)), r#"SELECT count(*) FROM "users""#);
    assert_eq!(expression(func::sum(User.age)), "sum(users.age)");
    assert_eq!(expression(func::avg(User.age + 1)), "avg(users.age + $1)");
    assert_eq!(expression(func::min(User.name)), "min(users.name)");
    assert_eq!(expression(func::max(User.age) - func::min(User.age)), "max(users.age) - min(users.age)");
}

#[test]
fn aggregates_take_some_rows_or_different_values_only() {
    assert_eq!(expression(func::count_distinct(User.age)), "count(DISTINCT users.age)");
    let adults = || func::count(User.id).filter(User.age.ge(18));
    assert_eq!(expression(adults()), "count(users.id) FILTER (WHERE users.age >= $1)");
    assert_eq!(
        expression(adults().filter(User.name.eq("x")).label("n")),
        "count(users.id) FILTER (WHERE users.age >= $1 AND users.name = $2) AS n"
    );
    assert_eq!(
        expression(adults().over(order_by(User.id))),
        "count(users.id) FILTER (WHERE users.age >= $1) OVER (ORDER BY users.id)"
    );
    let names = func::aggregate::<Option<String>>("string_agg", (User.name, ", "));
    assert_eq!(
        expression(names.filter(User.id.gt(1))),
        "string_agg(users.name, $1) FILTER (WHERE users.id > $2)"
    );
    // What is aggregated needs no group; what is filtered for it neither.
    assert!(select((User.name, adults())).group_by(User.name).to_sql().is_ok());
    assert!(select((User.name, adults().over(order_by(User.id)))).to_sql().is_ok());
}

#[test]
fn misplaced_parts_of_aggregates_are_refused() {
    let text = "`.filter(..)` follows something that is no aggregate: it stands right behind one, before \
                `.over(..)` and whatever is done with its value";
    assert_eq!(refusal(select((User.age + 1).filter(User.id.gt(1)))), text);
    assert_eq!(refusal(select(func::lower(User.name).filter(User.id.gt(1)))), text);
    let late = func::count(User.id).over(order_by(User.id)).filter(User.id.gt(1));
    assert_eq!(refusal(select(late)), text);
    assert_eq!(
        refusal(select(func::count(User.id).filter(func::count(User.id).gt(1)))),
        "`count` stands inside `count`: an aggregate cannot take what looks at several rows itself"
    );
    assert_eq!(
        refusal(select(func::count_distinct(User.age).over(order_by(User.id)))),
        "PostgreSQL has no `count` of different values over a window"
    );
    let grouped = select((User.name, func::count(User.id).filter(User.id.gt(1)).over(order_by(User.name))));
    assert!(refusal(grouped.group_by(User.name)).starts_with("`User.id` stands beside"));
}

#[tokio::test]
async fn text_is_changed_and_measured() {
    let fixture = people().await;
    let name = func::concat(("  ", User.name, "  "));
    let row = select((
        func::lower(User.name),
        func::upper(User.name),
        func::trim(name.clone()),
        func::length(name),
        func::concat((User.name, "/", User.age, "/", User.id, true)),
    ))
    .filter(User.id.eq(3));
    let text = str::to_owned;
    assert_eq!(one(&fixture, row).await, (text("cid"), text("CID"), text("Cid"), 7, text("Cid//3t")));
}

#[tokio::test]
async fn numbers_and_moments_have_their_functions() {
    let fixture = Fixture::new(schema![Reading]).await;
    let at = Utc.with_ymd_and_hms(2026, 3, 1, 12, 30, 15).single().expect("a moment");
    let reading = NewReading { id: -7, at, exact: Decimal::new(-25, 1), about: Some(2.5) };
    fixture.engine.execute(insert(Reading).values(reading)).await.expect("inserted");
    let row = select((
        func::abs(Reading.id),
        func::abs(Reading.exact),
        func::round(Reading.exact, 0),
        func::round(Reading.about, 0),
    ));
    assert_eq!(one(&fixture, row).await, (7, Decimal::new(25, 1), Decimal::from(-3), Some(2.0)));
    let row = select((
        func::date_part(DatePart::Epoch, Reading.at),
        func::date_part(DatePart::Minute, Reading.at).cast::<i32>(),
        func::date_part(DatePart::Second, Reading.at),
    ));
    #[expect(clippy::cast_precision_loss, reason = "the epoch is exact")]
    let epoch = at.timestamp() as f64;
    assert_eq!(one(&fixture, row).await, (epoch, 30, 15.0));
    let parts = [
        DatePart::Century,
        DatePart::Decade,
        DatePart::Year,
        DatePart::IsoYear,
        DatePart::Quarter,
        DatePart::Month,
        DatePart::Week,
        DatePart::Day,
        DatePart::Dow,
        DatePart::IsoDow,
        DatePart::Doy,
        DatePart::Hour,
        DatePart::Minute,
        DatePart::Second,
        DatePart::Millisecond,
        DatePart::Microsecond,
    ];
    for part in parts {
        let value = one(&fixture, select(func::date_part(part, Reading.at))).await;
        assert!(value >= 0.0, "{part:?}");
    }
    let (now, past) = one(&fixture, select((func::now(), Reading.at.lt(func::now()).is_true()))).await;
    assert!(past == (at < now));
}

#[tokio::test]
async fn functions_of_the_database_are_called() {
    let fixture = people().await;
    fixture
        .database
        .execute(
            "CREATE SCHEMA \"My\"; CREATE FUNCTION \"My\".\"twice As\"(bigint) RETURNS bigint LANGUAGE sql AS \
             'SELECT $1 * 2'",
        )
        .await;
    let row = select((
        func::call::<String>("initcap", "hello world").never_null(),
        func::call::<Option<String>>("repeat", (User.name, 2)),
        func::call::<Option<i64>>("My.twice As", User.id),
        func::call::<Option<i32>>("greatest", (User.age, 33)),
        func::call::<bool>("starts_with", (User.name, "A")).optional(),
    ))
    .filter(User.id.eq(1));
    let text = str::to_owned;
    assert_eq!(
        one(&fixture, row).await,
        (text("Hello World"), Some(text("AnnAnn")), Some(2), Some(33), Some(true))
    );
    let names = func::aggregate::<Option<String>>("string_agg", (User.name, ", "));
    let rows = all(&fixture, select((User.age.is_null(), names)).group_by(User.age).order_by(User.age)).await;
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2], (Some(true), Some(text("Cid"))));
}

#[tokio::test]
async fn aggregates_count_some_rows_or_different_values() {
    let fixture = people().await;
    let row = select((
        func::count_distinct(Post.user_id),
        func::count(Post.id),
        func::count_star().filter(Post.title.eq("a")),
        func::max(Post.title).filter(Post.id.lt(0)),
    ));
    assert_eq!(one(&fixture, row).await, (1, 2, 1, None));
    let running = func::count(User.id).filter(User.age.gt(30)).over(order_by(User.id));
    assert_eq!(all(&fixture, select(running).order_by(User.id)).await, [0, 1, 1]);
}

#[test]
fn enums_have_a_smallest_and_a_greatest() {
    gives::<(Option<Mood>, Option<Mood>)>(select((func::min(Pet.mood), func::max(Pet.wish))));
}

#[tokio::test]
async fn functions_of_numbers_take_plain_numbers() {
    assert_eq!(expression(func::power(2.0, 3.0)), "power($1, $2)");
    assert_eq!(expression(func::sqrt(16)), "sqrt($1)");
    let fixture = people().await;
    let row = select((
        func::power(2.0, 3.0),
        func::power(2, 3),
        func::power(2, User.id),
        func::abs(-5),
        func::round(2.55, 1),
    ));
    let row = one(&fixture, row.filter(User.id.eq(1))).await;
    assert_eq!(row, (8.0, 8.0, 2.0, 5, 2.6));
    let row = select((
        func::round(Decimal::new(255, 2), 1),
        func::ceil(Decimal::new(11, 1)),
        func::sqrt(16),
        func::floor(-0.5),
    ));
    let row = one(&fixture, row.select_from(User).limit(1)).await;
    assert_eq!(row, (Decimal::new(26, 1), Decimal::from(2), 4.0, -1.0));
}
