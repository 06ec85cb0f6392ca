//! INSERT .. ON CONFLICT on an engine.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_core::query::{Sql, Upsert, Values};
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[derive(Model, Clone, Debug, PartialEq)]
struct Account {
    #[orm(primary_key, generated)]
    id: i64,
    tenant_id: i32,
    email: String,
    name: Option<String>,
    #[orm(default = "1")]
    visits: i32,
    handle: Option<String>,
    badge: Option<i32>,
    #[orm(default = "false")]
    closed: bool,
    tags: Vec<String>,
}

fn account(email: &str, name: &str) -> NewAccount {
    NewAccount { name: Some(name.into()), ..NewAccount::new(1, email, Vec::new()) }
}

/// With "ann@x" of tenant 1, called Ann, after one visit.
async fn with_ann() -> Fixture {
    let fixture = Fixture::new(schema![Account]).await;
    let unique = "CREATE UNIQUE INDEX ON accounts (tenant_id, email);
        CREATE UNIQUE INDEX ON accounts (lower(handle));
        CREATE UNIQUE INDEX ON accounts (badge) WHERE NOT closed";
    fixture.database.execute(unique).await;
    fixture.engine.execute(insert(Account).values(account("ann@x", "Ann"))).await.unwrap();
    fixture.recorder.take();
    fixture
}

/// The start of most statements here.
fn upsert(rows: impl Values<NewAccount>) -> Upsert<Account> {
    insert(Account).values(rows).on_conflict((Account.tenant_id, Account.email)).do_update()
}

/// Name and visits of each account, in the order of the keys.
async fn stored(fixture: &Fixture) -> Vec<(Option<String>, i32)> {
    fixture.engine.all(select((Account.name, Account.visits)).order_by(Account.id)).await.unwrap()
}

fn row(name: &str, visits: i32) -> (Option<String>, i32) {
    (Some(name.to_owned()), visits)
}

#[test]
fn the_text_is_that_of_postgresql() {
    let text = |sql: Result<Sql, Error>| sql.unwrap().text.split_once(" ON CONFLICT").unwrap().1.to_owned();
    let one = insert(Account).values(account("a", "A"));
    assert_eq!(text(one.clone().on_conflict_do_nothing().to_sql()), " DO NOTHING");
    assert_eq!(text(one.clone().on_conflict(Account.id).do_nothing().to_sql()), r#" ("id") DO NOTHING"#);
    let partial = one.clone().on_conflict(Account.badge).index_where("NOT closed").do_nothing();
    assert_eq!(text(partial.to_sql()), r#" ("badge") WHERE NOT closed DO NOTHING"#);
    let expression = one.clone().on_conflict(("lower(handle)", Account.id)).do_nothing();
    assert_eq!(text(expression.to_sql()), r#" ((lower(handle)), "id") DO NOTHING"#);
    let change = one
        .on_conflict((Account.tenant_id, Account.email))
        .do_update()
        .set(Account.name, excluded(Account.name))
        .set(Account.visits, Account.visits + excluded(Account.visits))
        .filter(Account.name.is_distinct_from(excluded(Account.name)))
        .filter(!Account.closed)
        .returning(Account.id);
    assert_eq!(
        text(change.to_sql()),
        " (\"tenant_id\", \"email\") DO UPDATE SET \"name\" = excluded.\"name\", \
         \"visits\" = \"accounts\".\"visits\" + excluded.\"visits\" \
         WHERE \"accounts\".\"name\" IS DISTINCT FROM excluded.\"name\" AND (NOT \"accounts\".\"closed\") \
         RETURNING \"accounts\".\"id\""
    );
}

#[tokio::test]
async fn do_nothing_leaves_out_rows_in_conflict_and_counts_the_others() {
    let fixture = with_ann().await;
    let rows = || insert(Account).values([account("ann@x", "Anna"), account("ben@x", "Ben")]);
    let target = (Account.tenant_id, Account.email);
    assert_eq!(fixture.engine.execute(rows().on_conflict(target).do_nothing()).await.unwrap(), 1);
    assert_eq!(stored(&fixture).await, [row("Ann", 1), row("Ben", 1)]);
    assert_eq!(fixture.engine.execute(rows().on_conflict_do_nothing()).await.unwrap(), 0);
    let given = fixture.engine.all(
        insert(Account)
            .values([account("cid@x", "Cid"), account("ann@x", "A")])
            .on_conflict_do_nothing()
            .returning(Account.email),
    );
    assert_eq!(given.await.unwrap(), ["cid@x"], "only what was inserted");
}

#[tokio::test]
async fn an_error_says_that_a_conflict_gives_no_row() {
    let fixture = with_ann().await;
    let again = insert(Account).values(account("ann@x", "Anna")).on_conflict_do_nothing();
    let error = fixture.engine.one(again.returning(Account.id)).await.unwrap_err();
    assert!(error.is_no_row(), "{error}");
    assert!(error.to_string().contains("a row that is in conflict with one that is there"), "{error}");
}

#[tokio::test]
async fn do_nothing_by_one_constraint_still_fails_on_another() {
    let fixture = with_ann().await;
    let statement = insert(Account).values(account("ann@x", "Anna")).on_conflict(Account.id).do_nothing();
    let error = fixture.engine.execute(statement).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
}

#[tokio::test]
async fn do_update_changes_the_row_that_is_there() {
    let fixture = with_ann().await;
    let new = || NewAccount { visits: Some(10), ..account("ann@x", "Anna") };
    let base = || upsert(new());
    // A value, the new row, the row that is there, and both.
    fixture.engine.execute(base().set(Account.name, "Given")).await.unwrap();
    assert_eq!(stored(&fixture).await, [row("Given", 1)]);
    fixture.engine.execute(base().set(Account.name, excluded(Account.name))).await.unwrap();
    assert_eq!(stored(&fixture).await, [row("Anna", 1)]);
    fixture.engine.execute(base().set(Account.visits, Account.visits + 1)).await.unwrap();
    assert_eq!(stored(&fixture).await, [row("Anna", 2)]);
    let n =
        fixture.engine.execute(base().set(Account.visits, Account.visits + excluded(Account.visits))).await;
    assert_eq!((n.unwrap(), stored(&fixture).await), (1, vec![row("Anna", 12)]));
    fixture.engine.execute(base().set(Account.name, None)).await.unwrap();
    assert_eq!(stored(&fixture).await, [(None, 12)]);
    assert_eq!(fixture.engine.one(select(Account.id)).await.unwrap(), 1, "always the same row");
}

#[tokio::test]
async fn many_rows_are_inserted_or_changed_in_one_statement_and_counted() {
    for tags in [Vec::new(), vec!["a".to_owned(), "b".to_owned()]] {
        // With arrays the rows are sent in another way.
        let fixture = with_ann().await;
        let rows = |names: [&str; 3]| {
            let emails = ["ann@x", "ben@x", "cid@x"].into_iter().zip(names);
            emails
                .map(|(email, name)| NewAccount { tags: tags.clone(), ..account(email, name) })
                .collect::<Vec<_>>()
        };
        let statement = |names| {
            let statement = upsert(rows(names));
            statement.set(Account.name, excluded(Account.name)).set(Account.tags, excluded(Account.tags))
        };
        assert_eq!(fixture.engine.execute(statement(["Anna", "Ben", "Cid"])).await.unwrap(), 3);
        assert_eq!(stored(&fixture).await, [row("Anna", 1), row("Ben", 1), row("Cid", 1)]);
        let changed = statement(["A", "B", "C"]).filter(Account.id.gt(1) & !excluded(Account.name).eq("C"));
        let mut given = fixture.engine.all(changed.returning(Account)).await.unwrap();
        given.retain(|account| account.name.as_deref() != Some("B") || account.tags != tags);
        assert_eq!(given, [], "one row was changed and given back");
        assert_eq!(stored(&fixture).await, [row("Anna", 1), row("B", 1), row("Cid", 1)]);
        let recorded = fixture.recorder.take();
        assert_eq!(recorded.statements.len(), 4, "{recorded:?}");
    }
}

#[tokio::test]
async fn rows_with_and_without_defaults_go_out_together() {
    let fixture = with_ann().await;
    let rows = [NewAccount { visits: Some(5), ..account("ann@x", "Anna") }, account("ben@x", "Ben")];
    let statement = upsert(rows).set(Account.visits, excluded(Account.visits));
    assert_eq!(fixture.engine.execute(statement).await.unwrap(), 2);
    assert_eq!(stored(&fixture).await, [row("Ann", 5), row("Ben", 1)], "what is left out has its default");
}

#[tokio::test]
async fn rows_for_which_the_filter_is_not_true_stay_and_are_not_counted() {
    let fixture = with_ann().await;
    let statement = || {
        let set = upsert(account("ann@x", "Anna")).set(Account.name, "New");
        set.filter(Account.visits.gt(1))
    };
    assert_eq!(fixture.engine.execute(statement()).await.unwrap(), 0);
    assert_eq!(fixture.engine.all(statement().returning(Account.id)).await.unwrap(), Vec::<i64>::new());
    let error = fixture.engine.one(statement().returning(Account.id)).await.unwrap_err();
    assert!(error.is_no_row() && error.values() == Some("$8 = 1"), "{error}");
    assert_eq!(stored(&fixture).await, [row("Ann", 1)]);
}

#[tokio::test]
async fn a_partial_index_and_one_on_an_expression_are_named_as_they_were_made() {
    let fixture = with_ann().await;
    let badge = |email: &str, name: &str| NewAccount { badge: Some(7), ..account(email, name) };
    for (email, name) in [("b1", "First"), ("b2", "Second")] {
        let statement = insert(Account).values(badge(email, name)).on_conflict(Account.badge);
        let statement =
            statement.index_where("NOT closed").do_update().set(Account.name, excluded(Account.name));
        fixture.engine.execute(statement).await.unwrap();
    }
    assert_eq!(stored(&fixture).await, [row("Ann", 1), row("Second", 1)]);
    for handle in ["Zoe", "ZOE"] {
        let new = NewAccount { handle: Some(handle.into()), ..account(handle, handle) };
        let statement = insert(Account).values(new).on_conflict("lower(handle)").do_update();
        fixture.engine.execute(statement.set(Account.visits, Account.visits + 1)).await.unwrap();
    }
    assert_eq!(stored(&fixture).await[2..], [row("Zoe", 2)]);
}

#[tokio::test]
async fn a_row_twice_in_one_statement_is_refused_with_what_to_do() {
    let fixture = with_ann().await;
    let statement = upsert([account("ben@x", "Ben"), account("ben@x", "Benno")])
        .set(Account.name, excluded(Account.name));
    let error = fixture.engine.execute(statement).await.unwrap_err();
    assert_eq!(error.code(), Some("21000"));
    let text = error.to_string();
    assert!(text.starts_with("ON CONFLICT DO UPDATE command cannot affect row a second time"), "{text}");
    assert!(
        text.contains("; rows to insert are in conflict with each other")
            && text.contains("leave all but one"),
        "{text}"
    );
}

#[tokio::test]
async fn columns_that_are_not_unique_are_refused_with_what_to_do() {
    let fixture = with_ann().await;
    let statement = insert(Account).values(account("ann@x", "Anna")).on_conflict(Account.email).do_nothing();
    let error = fixture.engine.execute(statement).await.unwrap_err();
    assert_eq!(error.code(), Some("42P10"));
    assert!(error.to_string().contains("name all columns of one of them in `on_conflict(..)`"), "{error}");
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Page {
    #[orm(primary_key)]
    path: String,
    words: i32,
    #[orm(computed = "words * 2")]
    double: i32,
    #[orm(version)]
    version: i32,
    #[orm(default = "now()", on_update = "clock_timestamp()")]
    changed: DateTime<Utc>,
    #[orm(default = "0", on_update = "total + words")]
    total: i32,
}

#[tokio::test]
async fn a_version_is_counted_up_and_on_update_columns_take_their_sql() {
    let fixture = Fixture::new(schema![Page]).await;
    let upsert = |words| {
        let statement = insert(Page).values(NewPage::new("/", words)).on_conflict(Page.path).do_update();
        statement.set(Page.words, excluded(Page.words))
    };
    let first = fixture.engine.one(upsert(5).returning(Page)).await.unwrap();
    assert_eq!((first.version, first.words, first.double, first.total), (1, 5, 10, 0));
    let second = fixture.engine.one(upsert(7).returning(Page)).await.unwrap();
    assert_eq!((second.version, second.words, second.double), (2, 7, 14));
    assert_eq!(second.total, 5, "of the row that was there");
    assert!(second.changed > first.changed);
    let own = upsert(8)
        .set(Page.version, 40)
        .set(Page.total, excluded(Page.total) - 1)
        .set(Page.changed, first.changed);
    let third = fixture.engine.one(own.returning(Page)).await.unwrap();
    assert_eq!((third.version, third.total, third.changed), (40, -1, first.changed), "unless they are set");
}

/// The statement is refused before it is sent, at the place in this file that begins with `at`.
#[track_caller]
fn refused(result: Result<Sql, Error>, at: &str, text: &str) {
    let error = result.unwrap_err();
    assert!(error.is_invalid_statement(), "{error:?}");
    let location = error.location().unwrap();
    let line = include_str!("write_conflict.rs").lines().nth(location.line() as usize - 1).unwrap();
    assert!(line[location.column() as usize - 1..].starts_with(at), "{at:?} expected, found {line:?}");
    assert!(error.to_string().ends_with(text), "{error}");
}

#[test]
fn what_do_update_cannot_set_is_refused_before_it_is_sent() {
    let upsert = || insert(Page).values(NewPage::new("/", 1)).on_conflict(Page.path).do_update();
    let page = || insert(Page).values(NewPage::new("/", 1)).on_conflict((Page.path, Page.words));
    let nothing = ": this `do_update` of `Page` sets nothing: add `.set(Page.words, excluded(Page.words))`; `.do_update_all()` \
                   takes all that the new row holds, NULLs too, but for its key and the columns of `on_conflict`, and \
                   `.do_nothing()` leaves the row as it is";
    refused(upsert().to_sql(), "do_update()", nothing);
    refused(upsert().if_distinct().to_sql(), "do_update()", nothing);
    refused(page().do_update_all().to_sql(), "do_update_all()", nothing);
    refused(
        upsert().set(Page.double, 1).to_sql(),
        "set(Page.double",
        ": `Page.double` is computed by the database as `words * 2`: set the columns it is made of",
    );
    refused(
        upsert().set(Page.words, 1).set(Page.words, 2).to_sql(),
        "set(Page.words, 2",
        ": `Page.words` is set twice",
    );
    refused(
        upsert().set(Page.words, func::coalesce(User.age, 0)).to_sql(),
        "set(Page.words",
        ": `User` is used in SET but is not in this statement's FROM: only the columns of the changed table can be used here",
    );
    refused(
        upsert().set(Page.words, func::coalesce(func::max(Page.words), 0)).to_sql(),
        "set(Page.words",
        ": `max` looks at several rows and cannot stand in SET",
    );
}

#[test]
fn excluded_stands_nowhere_but_in_do_update() {
    let unknown = |clause: &str| {
        format!(
            ": `excluded(User.name)` is used in {clause}, but only `.set(..)` and `.filter(..)` behind `.do_update()` know \
             the row that was to be inserted"
        )
    };
    let name = || excluded(User.name);
    refused(select(User).filter(name().eq("x")).to_sql(), "filter(name", &unknown("WHERE"));
    refused(select(name()).to_sql(), "select(name", &unknown("the select list"));
    refused(select(User).order_by(name()).to_sql(), "order_by(name", &unknown("ORDER BY"));
    let join = select((User, Post)).join(Post, Post.user_id.eq(User.id) & name().eq("x"));
    refused(join.to_sql(), "join(Post", &unknown("JOIN .. ON"));
    refused(update(User).set(User.name, name()).to_sql(), "set(User", &unknown("SET"));
    refused(delete(User).filter(name().eq("x")).to_sql(), "filter(name", &unknown("WHERE"));
    let upsert = || insert(User).values(NewUser::new("Ann")).on_conflict(User.id).do_update();
    let returning = upsert().set(User.name, name()).returning(name());
    refused(returning.to_sql(), "insert(User)", &unknown("RETURNING"));
    refused(
        upsert().set(User.name, excluded(Post.title)).to_sql(),
        "set(User.name",
        ": `excluded(Post.title)` is used in SET, but the row that was to be inserted is one of `User`",
    );
}

#[tokio::test]
async fn a_name_in_quotes_is_a_name_in_conflict_too() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "select \"all\"")]
    struct Hostile {
        #[orm(primary_key, column = "a\" DO NOTHING --")]
        id: i32,
        #[orm(column = "excluded")]
        value: i32,
    }
    let fixture = Fixture::new(schema![Hostile]).await;
    for value in [1, 2] {
        let statement = insert(Hostile).values(NewHostile::new(1, value)).on_conflict(Hostile.id).do_update();
        let statement = statement.set(Hostile.value, Hostile.value + excluded(Hostile.value));
        fixture.engine.execute(statement).await.unwrap();
    }
    assert_eq!(fixture.engine.all(select(Hostile.value)).await.unwrap(), [3]);
}

#[tokio::test]
async fn in_a_transaction_it_is_one_statement_like_any_other() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap();
    transaction.execute(insert(Post).values(NewPost::new(1, "a"))).await.unwrap();
    let posts = insert(Post).values(NewPost::new(1, "a")).on_conflict(Post.id).do_nothing();
    assert_eq!(transaction.execute(posts).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(fixture.engine.one(select(func::count(Post.id))).await.unwrap(), 2);
}
