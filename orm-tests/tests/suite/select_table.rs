//! Selects as tables of others: derived tables, CTEs, set operations, functions and values in FROM.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

/// Ann (30) with three posts, Bob (20) with one, Cleo without an age or posts.
async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    let people = [
        NewUser { name: "Ann".into(), age: Some(30) },
        NewUser { name: "Bob".into(), age: Some(20) },
        NewUser { name: "Cleo".into(), age: None },
    ];
    fixture.engine.execute(insert(User).values(people)).await.unwrap();
    let posts = [(1, "a"), (1, "b"), (1, "c"), (2, "d")];
    let posts = posts.map(|(user, title)| NewPost::new(user, title));
    fixture.engine.execute(insert(Post).values(posts)).await.unwrap();
    fixture
}

fn per_user() -> Select<(i64, i64)> {
    select((Post.user_id, func::count(Post.id))).group_by(Post.user_id)
}

#[tokio::test]
async fn a_derived_table_is_joined_as_a_table_is() {
    let fixture = fixture().await;
    let per_user = per_user().derived("per_user");
    let (user, posts) = per_user.columns();
    let statement = select((User.name, posts)).join(&per_user, user.eq(User.id)).order_by(User.name);
    assert_eq!(
        statement.to_sql().unwrap().text,
        "SELECT \"users\".\"name\", \"per_user\".\"c2\" FROM \"users\" JOIN (SELECT \"posts\".\"user_id\", \
         count(\"posts\".\"id\") FROM \"posts\" GROUP BY \"posts\".\"user_id\") AS \"per_user\"(\"c1\", \"c2\") ON \
         \"per_user\".\"c1\" = \"users\".\"id\" ORDER BY \"users\".\"name\""
    );
    let found = fixture.engine.all(statement).await.unwrap();
    assert_eq!(found, [("Ann".to_owned(), 3), ("Bob".to_owned(), 1)]);

    let outer = select((User.name, posts.optional())).outer_join(&per_user, user.eq(User.id));
    let found = fixture.engine.all(outer.order_by(User.name)).await.unwrap();
    assert_eq!(found[2], ("Cleo".to_owned(), None));
}

#[tokio::test]
async fn a_column_of_an_outer_joined_derived_table_can_be_null() {
    let per_user = per_user().derived("per_user");
    let (user, posts) = per_user.columns();
    let error = select((User.name, posts)).outer_join(&per_user, user.eq(User.id)).to_sql().unwrap_err();
    assert!(error.to_string().contains("optional()"), "{error}");
}

#[tokio::test]
async fn a_derived_table_that_nothing_brings_in_is_named() {
    let per_user = per_user().derived("per_user");
    let error = select(per_user.1).to_sql().unwrap_err();
    assert!(error.to_string().contains(".select_from(&per_user)"), "{error}");
}

#[tokio::test]
async fn rows_of_a_model_keep_the_fields_of_the_model() {
    let fixture = fixture().await;
    let old = select(User).filter(User.age.ge(25)).derived("old");
    let names: Vec<String> = fixture.engine.all(select(old.name).select_from(&old)).await.unwrap();
    assert_eq!(names, ["Ann"]);
    let users: Vec<User> = fixture.engine.all(select(&old)).await.unwrap();
    assert_eq!(users.len(), 1);
    let mut session = fixture.session();
    let handles: Vec<Handle<User>> = session.all(select(&old)).await.unwrap();
    assert_eq!(session[handles[0]].name, "Ann");
}

#[tokio::test]
async fn a_cte_stands_in_with_once_and_is_used_twice() {
    let fixture = fixture().await;
    let counts = per_user().cte("counts");
    let statement = select((User.name, counts.1))
        .join(&counts, counts.0.eq(User.id))
        .filter(counts.1.eq(select(func::max(counts.1)).select_from(&counts)));
    let text = statement.to_sql().unwrap().text;
    assert!(text.starts_with("WITH \"counts\"(\"c1\", \"c2\") AS (SELECT "), "{text}");
    assert_eq!(text.matches("GROUP BY").count(), 1, "{text}");
    assert_eq!(fixture.engine.all(statement).await.unwrap(), [("Ann".to_owned(), 3)]);

    let other = counts.alias("other");
    let pairs = select((counts.0, other.0)).select_from(&counts).join(&other, other.1.lt(counts.1));
    assert_eq!(fixture.engine.all(pairs).await.unwrap(), [(1, 2)]);
}

#[tokio::test]
async fn a_cte_uses_another_and_can_be_kept() {
    let fixture = fixture().await;
    let counts = per_user().cte("counts").materialized();
    let many = select((counts.0,)).select_from(&counts).filter(counts.1.gt(1)).cte("many");
    let statement = select(User.name).join(&many, many.0.eq(User.id));
    let text = statement.to_sql().unwrap().text;
    assert!(
        text.starts_with("WITH \"counts\"(\"c1\", \"c2\") AS MATERIALIZED (")
            && text.contains("\"many\"(\"c1\") AS ("),
        "{text}"
    );
    assert_eq!(fixture.engine.all(statement).await.unwrap(), ["Ann"]);
    let inlined = select(&per_user().cte("counts").not_materialized());
    assert!(inlined.to_sql().unwrap().text.contains(" AS NOT MATERIALIZED ("));
    let error = select(&per_user().derived("counts").materialized()).to_sql().unwrap_err().to_string();
    assert!(error.contains("`.materialized()` stands behind `.cte(\"counts\")`"), "{error}");
}

#[tokio::test]
async fn two_ctes_of_one_name_are_refused() {
    let (one, other) = (per_user().cte("x"), per_user().cte("x"));
    let error = select((one.0, User.id))
        .join(&one, one.0.eq(User.id))
        .filter(exists(select(other.0).select_from(&other).filter(other.0.eq(User.id))))
        .to_sql()
        .unwrap_err();
    assert!(error.to_string().contains("two different CTEs of this statement are called \"x\""), "{error}");
}

#[tokio::test]
async fn a_lateral_table_sees_the_row_beside_it_and_any_other_does_not() {
    let fixture = fixture().await;
    let posts =
        || select((Post.id, Post.title)).filter(Post.user_id.eq(User.id)).order_by(Post.id.desc()).limit(2);
    let last = posts().lateral("last");
    let statement =
        select((User.name, last.1)).select_from(User).cross_join(&last).order_by((User.id, last.0));
    let expected =
        [("Ann", "b"), ("Ann", "c"), ("Bob", "d")].map(|(name, title)| (name.to_owned(), title.to_owned()));
    assert_eq!(fixture.engine.all(statement).await.unwrap(), expected);

    let last = posts().derived("last");
    let error = select((User.name, last.1)).select_from(User).cross_join(&last).to_sql().unwrap_err();
    assert!(error.to_string().contains(".lateral(\"last\")"), "{error}");
}

#[tokio::test]
async fn a_table_inside_a_subquery_sees_the_rows_outside_only_if_it_is_lateral() {
    let fixture = fixture().await;
    let posts =
        || select((Post.id, Post.title)).filter(Post.user_id.eq(User.id)).order_by(Post.id.desc()).limit(1);
    let last = posts().lateral("last");
    let title = select(last.1).select_from(&last).scalar();
    let statement = select((User.name, title)).select_from(User).order_by(User.id).limit(2);
    let expected =
        [("Ann", "c"), ("Bob", "d")].map(|(name, title)| (name.to_owned(), Some(title.to_owned())));
    assert_eq!(fixture.engine.all(statement).await.unwrap(), expected);

    // By itself it would have a table of its own by that name, without a word: as a scalar, in EXISTS, in LATERAL.
    let refused = |error: orm_core::Error| {
        assert!(error.is_invalid_statement() && error.to_string().contains("stands beside it"), "{error}");
    };
    let last = posts().derived("last");
    let title = select(last.1).select_from(&last).scalar();
    refused(select((User.name, title)).select_from(User).to_sql().unwrap_err());
    let last = posts().derived("last");
    refused(select(User.name).filter(exists(select(last.0).select_from(&last))).to_sql().unwrap_err());
    let last = posts().derived("last");
    let count = select((func::count(last.0),)).select_from(&last).lateral("count");
    refused(select((User.name, count.0)).select_from(User).cross_join(&count).to_sql().unwrap_err());
    // Joined, it is meant.
    let own = select((Post.id, User.name)).join(User, Post.user_id.eq(User.id)).derived("own");
    let statement =
        select(User.name).filter(exists(select(own.0).select_from(&own).filter(own.1.eq(User.name))));
    assert_eq!(fixture.engine.all(statement.order_by(User.id)).await.unwrap(), ["Ann", "Bob"]);
}

#[tokio::test]
async fn not_exists_is_the_contrary_of_exists() {
    let fixture = fixture().await;
    let posts = || select(Post.id).filter(Post.user_id.eq(User.id));
    let silent = select(User.name).filter(not_exists(posts()));
    assert_eq!(
        silent.to_sql().unwrap().text,
        select(User.name).filter(!exists(posts())).to_sql().unwrap().text
    );
    let all = fixture.engine.count(select(User)).await.unwrap();
    let writing = fixture.engine.count(select(User).filter(exists(posts()))).await.unwrap();
    assert_eq!(fixture.engine.count(silent).await.unwrap(), all - writing);
    assert_eq!(fixture.engine.one(select(func::count_all()).select_from(User)).await.unwrap(), all);
}

#[expect(clippy::needless_borrows_for_generic_args, reason = "a reference is written as for any other table")]
#[tokio::test]
async fn a_recursive_cte_goes_on_until_there_are_no_more_rows() {
    let fixture = fixture().await;
    let numbers = select((lit(1),)).recursive("numbers", |numbers| {
        select((numbers.0 + 1,)).select_from(numbers).filter(numbers.0.lt(5))
    });
    let found: Vec<(i32,)> = fixture.engine.all(select(&numbers).order_by(numbers.0.desc())).await.unwrap();
    assert_eq!(found, [(5,), (4,), (3,), (2,), (1,)]);
    // The rows so far are a table as any other.
    let adults = select((User.id, User.age)).filter(User.name.eq("Ann"));
    let older = adults.recursive("older", |older| {
        select((User.id, User.age)).join(&older, User.age.lt(older.1)).filter(User.id.ne(older.0))
    });
    let found: Vec<Option<i32>> =
        fixture.engine.all(select(older.1).select_from(&older).order_by(older.1.desc())).await.unwrap();
    assert_eq!(found, [Some(30), Some(20)]);
}

#[tokio::test]
async fn what_a_statement_gives_back_is_a_table_and_the_session_knows_that_it_wrote() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let ann = session.one(select(User).filter(User.name.eq("Ann"))).await.unwrap();
    let older = update(User).set(User.age, User.age + 1).filter(User.age.is_not_null());
    let older = older.returning((User.name, User.age)).cte("older");
    let found: Vec<(String, Option<i32>)> = session.all(select(&older).order_by(older.0)).await.unwrap();
    assert_eq!(found, [("Ann".to_owned(), Some(31)), ("Bob".to_owned(), Some(21))]);
    session.find::<User>(session[ann].id).await.unwrap();
    assert_eq!(session[ann].age, Some(31));
    session.commit().await.unwrap();

    let gone = delete(Post).filter(Post.user_id.eq(2)).returning((Post.title,)).cte("gone");
    assert_eq!(fixture.engine.all(select(gone.0).select_from(&gone)).await.unwrap(), ["d"]);
    let kept = delete(Post).filter(Post.title.eq("c")).returning((Post.user_id,)).cte("kept");
    // Read by a part of the statement alone, it happens once for the whole.
    let of_them = select(User.name).filter(User.id.in_(select(kept.0).select_from(&kept)));
    assert_eq!(fixture.engine.all(of_them).await.unwrap().len(), 1);
    assert_eq!(fixture.engine.count(select(Post).filter(Post.title.eq("c"))).await.unwrap(), 0);
    let added = insert(User).values(NewUser::new("Dora")).returning((User.id, User.name)).cte("added");
    let found = fixture.engine.all(select(&added)).await.unwrap();
    assert_eq!(found[0].1, "Dora");
    assert_eq!(fixture.engine.all(select(func::count(User.id))).await.unwrap(), [4]);
}

#[tokio::test]
async fn sets_are_sorted_and_limited_as_a_whole() {
    let fixture = fixture().await;
    let named = |name: &str| select(User.name).filter(User.name.eq(name));
    let all = named("Bob").union_all(named("Ann")).union_all(named("Ann"));
    let found = fixture.engine.all(all.clone().order_by(User.name)).await.unwrap();
    assert_eq!(found, ["Ann", "Ann", "Bob"]);
    let found = fixture.engine.all(all.order_by(User.name.desc()).limit(1)).await.unwrap();
    assert_eq!(found, ["Bob"]);
    // Each has its own order and limit, and they are nested as they are written.
    let first = || select(User.name).order_by(User.name).limit(1);
    let nested = first().union_all(named("Cleo").except(first().union(named("Bob"))));
    let text = nested.to_sql().unwrap().text;
    let arm = "(SELECT \"users\".\"name\" FROM \"users\" ORDER BY \"users\".\"name\" LIMIT ";
    assert!(text.starts_with(&format!("{arm}$1) UNION ALL ((SELECT ")), "{text}");
    assert!(text.contains(&format!(") EXCEPT ({arm}$3) UNION (SELECT ")), "{text}");
    assert_eq!(fixture.engine.all(nested.order_by(User.name)).await.unwrap(), ["Ann", "Cleo"]);
    let both = named("Ann").union(named("Ann"));
    assert_eq!(fixture.engine.all(both).await.unwrap(), ["Ann"]);
    let common = select(User.id).intersect(select(Post.user_id)).order_by(User.id);
    assert_eq!(fixture.engine.all(common).await.unwrap(), [1, 2]);
    let without = select(User.id).except(select(Post.user_id));
    assert_eq!(fixture.engine.all(without).await.unwrap(), [3]);
    // As often as they are there: Ann has three posts.
    let posts = || select(Post.user_id).filter(Post.user_id.eq(1));
    let one = || select(User.id).filter(User.id.eq(1));
    assert_eq!(fixture.engine.all(posts().intersect_all(posts())).await.unwrap(), [1, 1, 1]);
    assert_eq!(fixture.engine.all(posts().except_all(one())).await.unwrap(), [1, 1]);
    assert_eq!(fixture.engine.all(posts().except(one())).await.unwrap(), [] as [i64; 0]);
    let error = named("Ann").union(named("Bob")).filter(User.id.gt(1)).to_sql().unwrap_err();
    assert!(error.to_string().contains(".derived(\"name\")"), "{error}");
}

#[tokio::test]
async fn functions_values_and_sql_stand_in_from() {
    let fixture = fixture().await;
    let days = func::generate_series(2, 4).derived("days");
    assert_eq!(fixture.engine.all(select(days.columns()).select_from(&days)).await.unwrap(), [2, 3, 4]);
    let alone = values([3, 1]).derived("alone");
    let sorted = select(alone.columns()).select_from(&alone).order_by(alone.asc());
    assert_eq!(fixture.engine.all(sorted).await.unwrap(), [1, 3]);
    let pairs = values([(1_i64, "one".to_owned(), Some(1)), (2, "two".to_owned(), None)]).derived("pairs");
    let statement = select((User.name, pairs.1, pairs.2)).join(&pairs, pairs.0.eq(User.id)).order_by(User.id);
    let expected =
        [("Ann".to_owned(), "one".to_owned(), Some(1)), ("Bob".to_owned(), "two".to_owned(), None)];
    assert_eq!(fixture.engine.all(statement).await.unwrap(), expected);
    let least = 20;
    let old =
        sql!("SELECT id, name FROM {User} WHERE {User.age} > {least}").rows::<(i64, String)>().derived("old");
    let titles = select((old.1, Post.title)).select_from(&old).join(Post, Post.user_id.eq(old.0));
    assert_eq!(fixture.engine.all(titles.filter(Post.title.ne("a"))).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_first_of_each_and_ties_and_conditions_on_windows() {
    let fixture = fixture().await;
    let last =
        select((Post.user_id, Post.title)).distinct_on(Post.user_id).order_by((Post.user_id, Post.id.desc()));
    assert_eq!(fixture.engine.all(last).await.unwrap(), [(1, "c".to_owned()), (2, "d".to_owned())]);
    let ties = select(Post.title).order_by(Post.user_id).limit(1).with_ties();
    assert_eq!(fixture.engine.all(ties).await.unwrap().len(), 3);
    let number = func::row_number().over(partition_by(Post.user_id).order_by(Post.id.desc()));
    let two = select((Post.user_id, Post.title)).keep(number.le(2)).order_by((Post.user_id, Post.title));
    let expected = [(1, "b"), (1, "c"), (2, "d")].map(|(user, title)| (user, title.to_owned()));
    assert_eq!(fixture.engine.all(two).await.unwrap(), expected);
    let number = func::row_number().over(partition_by(Post.user_id).order_by(Post.id.desc()));
    let error = select(Post).filter(number.le(2)).to_sql().unwrap_err();
    assert!(error.to_string().contains(".keep("), "{error}");
}

#[test]
fn an_order_that_several_rows_of_one_do_not_have_is_refused() {
    let says = |statement: Select<String>, what: &str| {
        let error = statement.to_sql().unwrap_err();
        assert!(error.is_invalid_statement() && error.to_string().contains(what), "{error}");
    };
    says(select(User.name).distinct().order_by(User.age), "sort by what is selected");
    says(select(User.name).distinct_on(User.age).order_by(User.name), "must begin with the same");
    says(select(User.name).limit(1).with_ties(), "add `.order_by(..)`");
    says(select(User.name).order_by(User.name).with_ties(), "add `.limit(..)`");
    let first = func::row_number().over(order_by(User.id)).eq(1);
    says(select(User.name).distinct().keep(first), "`.derived(\"name\")`");
    let entity = select(User).distinct().order_by(User.name).to_sql();
    assert!(entity.is_ok(), "a column of what is selected: {entity:?}");
}

#[tokio::test]
async fn a_table_of_one_column_has_the_column_itself() {
    let Fixture { engine, database: _database, .. } = fixture().await;
    let ids = select(Post.user_id).distinct().derived("ids");
    let id = ids.columns();
    let names = select(User.name).join(&ids, id.eq(User.id)).order_by(User.name);
    assert_eq!(
        names.to_sql().unwrap().text,
        "SELECT \"users\".\"name\" FROM \"users\" JOIN (SELECT DISTINCT \"posts\".\"user_id\" FROM \"posts\") AS \"ids\"(\"c1\") \
         ON \"ids\".\"c1\" = \"users\".\"id\" ORDER BY \"users\".\"name\""
    );
    assert_eq!(engine.all(names).await.unwrap(), ["Ann", "Bob"]);
    let ages = select(User.age).cte("ages");
    let known = select(ages.columns()).select_from(&ages).filter(ages.is_not_null()).order_by(ages.desc());
    assert_eq!(engine.all(known).await.unwrap(), [Some(30), Some(20)]);
    assert_eq!(engine.all(select(&ids).order_by(id)).await.unwrap(), [1, 2]);
    let raw = sql!("SELECT {User.name} FROM {User}").rows::<String>().derived("raw");
    let last = select(func::max(raw.columns())).select_from(&raw);
    assert_eq!(engine.one(last).await.unwrap().as_deref(), Some("Cleo"));
    // A tuple of one stays one.
    let (id,) = select((User.id,)).derived("ids").columns();
    assert_eq!(format!("{id:?}"), "derived table.c1");
}
