//! MERGE, and what rows held before a statement changed them.

use orm_core::prelude::*;
use orm_core::query::Sql;
use orm_tests::{Database, Fixture};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "stock")]
struct Stock {
    #[orm(primary_key)]
    item: i64,
    count: i64,
    note: Option<String>,
    #[orm(version)]
    version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "items", soft_delete = gone, filter(listed = "id < 100"))]
struct Item {
    #[orm(primary_key, generated = always)]
    id: i64,
    name: String,
    gone: bool,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "names")]
struct Name {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

fn text(sql: Result<Sql, Error>) -> String {
    sql.unwrap().text.replace('"', "")
}

#[test]
fn each_clause_is_written_as_it_stands() {
    let merge = merge_into(Stock).using(Name, Stock.item.eq(Name.id));
    let merge = merge
        .when_matched()
        .and(Stock.count.lt(1))
        .and(Name.name.eq("x"))
        .delete()
        .when_matched()
        .update()
        .set(Stock.count, Stock.count + 1)
        .set_some(Stock.note, None::<String>)
        .when_not_matched()
        .and(Name.id.gt(7))
        .insert()
        .set(Stock.item, Name.id)
        .set(Stock.count, 0)
        .when_not_matched_by_source()
        .do_nothing();
    assert_eq!(
        text(merge.to_sql()),
        "MERGE INTO stock USING names ON stock.item = names.id \
         WHEN MATCHED AND stock.count < $1 AND names.name = $2 THEN DELETE \
         WHEN MATCHED THEN UPDATE SET version = stock.version + $3, count = stock.count + $4 \
         WHEN NOT MATCHED AND names.id > $5 THEN INSERT (version, item, count) VALUES ($6, names.id, $7) \
         WHEN NOT MATCHED BY SOURCE THEN DO NOTHING"
    );
    let returning = merge.returning((func::merge_action(), Stock.item, Name.name));
    assert!(text(returning.to_sql()).ends_with("RETURNING merge_action(), stock.item, names.name"));
}

#[test]
fn filters_of_models_hold_for_both_sides() {
    let merge = || {
        let merge = merge_into(Item).using(Name, Item.id.eq(Name.id));
        merge
            .when_matched()
            .delete()
            .when_not_matched()
            .insert()
            .set(Item.id, Name.id)
            .set(Item.name, Name.name)
    };
    assert_eq!(
        text(merge().set(Item.gone, false).to_sql()),
        "MERGE INTO items USING names ON items.id = names.id \
         WHEN MATCHED AND (NOT items.gone) AND (items.id < 100) THEN UPDATE SET gone = $1 \
         WHEN NOT MATCHED THEN INSERT (id, name, gone) OVERRIDING SYSTEM VALUE VALUES (names.id, names.name, $2)"
    );
    let names = merge_into(Name).using(Item, Item.id.eq(Name.id)).when_matched().delete();
    assert_eq!(
        text(names.to_sql()),
        "MERGE INTO names USING (SELECT items.id, items.name, items.gone FROM items WHERE (NOT items.gone) AND (items.id < 100)) \
         AS items ON items.id = names.id WHEN MATCHED THEN DELETE"
    );
    let all = names.without("gone").without("listed");
    assert_eq!(
        text(all.to_sql()),
        "MERGE INTO names USING items ON items.id = names.id WHEN MATCHED THEN DELETE"
    );
}

#[test]
fn what_a_clause_cannot_see_is_refused() {
    let merge = || merge_into(Stock).using(Name, Stock.item.eq(Name.id));
    for (error, expected) in [
        (
            merge()
                .when_not_matched()
                .insert()
                .set(Stock.item, Stock.count)
                .set(Stock.count, 1)
                .to_sql()
                .unwrap_err(),
            "`Stock` is used in SET but is not in this statement's FROM: there is no row of the changed table here",
        ),
        (
            merge().when_not_matched_by_source().and(Name.id.gt(1)).delete().to_sql().unwrap_err(),
            "`Name` is used in WHERE but is not in this statement's FROM: only the columns of the changed table can be used here",
        ),
        (
            merge().when_not_matched().insert().set(Stock.item, Name.id).to_sql().unwrap_err(),
            "`Stock.count` is NOT NULL and has no default",
        ),
        (merge().to_sql().unwrap_err(), "this MERGE says nothing of what is to be done"),
        (merge().when_matched().update().to_sql().unwrap_err(), "this clause of a MERGE sets nothing"),
        (
            merge_into(Stock).using(Name, Stock.item.eq(1)).when_matched().delete().to_sql().unwrap_err(),
            "`.using(..)` brings `Name` in, and nothing connects it to `Stock`",
        ),
        (
            merge().when_matched().delete().without("gone").to_sql().unwrap_err(),
            "no model of this statement has a filter `gone`",
        ),
    ] {
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn rows_are_changed_deleted_and_inserted() {
    let fixture = Fixture::new(schema![Stock]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Stock).values([NewStock::new(1, 5), NewStock::new(2, 3)])).await.unwrap();
    let arrivals = values([(1_i64, 2_i64), (2, -3), (3, 4)]).derived("arrivals");
    let (item, change) = arrivals.columns();
    let left = Stock.count + change;
    let merge = merge_into(Stock)
        .using(&arrivals, Stock.item.eq(item))
        .when_matched()
        .and(left.le(0))
        .delete()
        .when_matched()
        .update()
        .set(Stock.count, &left)
        .when_not_matched()
        .insert()
        .set(Stock.item, item)
        .set(Stock.count, change);
    let mut session = fixture.session();
    let first = session.find::<Stock>(1).await.unwrap().unwrap();
    assert_eq!(session.execute(&merge).await.unwrap(), 3);
    session.commit().await.unwrap();
    session.refresh(first).await.unwrap();
    assert_eq!((session[first].count, session[first].version), (7, 2));
    let rows: Vec<(i64, i64, i32)> =
        engine.all(select((Stock.item, Stock.count, Stock.version)).order_by(Stock.item)).await.unwrap();
    assert_eq!(rows, [(1, 7, 2), (3, 4, 1)]);
}

async fn version(database: &Database) -> i64 {
    let rows = database.query_text("SELECT current_setting('server_version_num')").await;
    rows[0][0].as_ref().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_merge_gives_rows_back_where_the_server_can() {
    let fixture = Fixture::new(schema![Stock, Name]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Name).values([NewName::new(1, "Ann"), NewName::new(2, "Bob")])).await.unwrap();
    engine.execute(insert(Stock).values(NewStock::new(2, 3))).await.unwrap();
    let merge = merge_into(Stock).using(Name, Stock.item.eq(Name.id));
    let merge = merge.when_matched().delete().when_not_matched().insert();
    let merge =
        merge.set(Stock.item, Name.id).set(Stock.count, 9).returning((func::merge_action(), Stock.item));
    let result: Result<Vec<(String, i64)>, Error> = engine.all(merge).await;
    if version(&fixture.database).await < 170_000 {
        let error = result.unwrap_err();
        assert!(error.to_string().contains("a MERGE gives rows back in PostgreSQL 17 and newer"), "{error}");
        return;
    }
    let mut rows = result.unwrap();
    rows.sort();
    assert_eq!(rows, [("DELETE".into(), 2), ("INSERT".into(), 1)]);
}

#[tokio::test]
async fn clauses_that_do_nothing_leave_rows_as_they_are() {
    let fixture = Fixture::new(schema![Stock, Name]).await;
    let engine = &fixture.engine;
    let names =
        [NewName::new(1, "keep"), NewName::new(2, "add"), NewName::new(3, "skip"), NewName::new(4, "new")];
    engine.execute(insert(Name).values(names)).await.unwrap();
    engine.execute(insert(Stock).values([NewStock::new(1, 5), NewStock::new(2, 5)])).await.unwrap();
    let merge = merge_into(Stock)
        .using(Name, Stock.item.eq(Name.id))
        .when_matched()
        .and(Name.name.eq("keep"))
        .do_nothing()
        .when_matched()
        .update()
        .set(Stock.count, Stock.count + 1)
        .when_not_matched()
        .and(Name.name.eq("skip"))
        .do_nothing()
        .when_not_matched()
        .insert()
        .set(Stock.item, Name.id)
        .set(Stock.count, 0);
    assert_eq!(engine.execute(merge).await.unwrap(), 2);
    let rows = select((Stock.item, Stock.count)).order_by(Stock.item);
    assert_eq!(engine.all(rows).await.unwrap(), [(1, 5), (2, 6), (4, 0)]);
}

#[tokio::test]
async fn rows_that_the_source_lacks_are_changed_where_the_server_can() {
    let fixture = Fixture::new(schema![Stock, Name]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Name).values(NewName::new(1, "Ann"))).await.unwrap();
    engine
        .execute(insert(Stock).values([(1, 5), (2, 5), (3, 0)].map(|(id, n)| NewStock::new(id, n))))
        .await
        .unwrap();
    let merge = merge_into(Stock)
        .using(Name, Stock.item.eq(Name.id))
        .when_not_matched_by_source()
        .and(Stock.count.eq(0))
        .delete()
        .when_not_matched_by_source()
        .update()
        .set(Stock.note, "gone");
    let result = engine.execute(merge).await;
    if version(&fixture.database).await < 170_000 {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("17"), "{error}");
        return;
    }
    assert_eq!(result.unwrap(), 2);
    let rows = engine.all(select((Stock.item, Stock.note)).order_by(Stock.item)).await.unwrap();
    assert_eq!(rows, [(1, None), (2, Some("gone".to_owned()))]);
}

#[tokio::test]
async fn what_a_row_held_before_comes_back_where_the_server_can() {
    let fixture = Fixture::new(schema![Name]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Name).values(NewName::new(1, "Ann"))).await.unwrap();
    let renamed = update(Name).set(Name.name, "Bea").all_rows().returning((old(Name.name), Name.name));
    assert_eq!(text(renamed.to_sql()), "UPDATE names SET name = $1 RETURNING old.name, names.name");
    let result: Result<Vec<(String, String)>, Error> = engine.all(renamed).await;
    if version(&fixture.database).await < 180_000 {
        let error = result.unwrap_err();
        assert!(
            error.to_string().contains("what rows held before is told by PostgreSQL 18 and newer"),
            "{error}"
        );
        return;
    }
    assert_eq!(result.unwrap(), [("Ann".to_owned(), "Bea".to_owned())]);
    let rows = [NewName::new(1, "Cleo"), NewName::new(2, "Dan")];
    let upsert =
        insert(Name).values(rows).on_conflict(Name.id).do_update().set(Name.name, excluded(Name.name));
    let mut rows = engine.all(upsert.returning((Name.id, old(Name.name).optional()))).await.unwrap();
    rows.sort();
    assert_eq!(rows, [(1, Some("Bea".into())), (2, None)]);
}

#[test]
fn what_a_row_held_before_is_known_by_returning_alone() {
    for (error, expected) in [
        (
            select(old(Name.name)).to_sql().unwrap_err(),
            "`old(Name.name)` is used in the select list, but only `.returning(..)`",
        ),
        (
            update(Name).set(Name.name, "x").filter(old(Name.name).eq("y")).to_sql().unwrap_err(),
            "`old(Name.name)` is used in WHERE, but only `.returning(..)`",
        ),
        (
            update(Name).set(Name.name, "x").all_rows().returning(old(Stock.count)).to_sql().unwrap_err(),
            "`old(Stock.count)` is used in RETURNING, but the changed rows are of `Name`",
        ),
    ] {
        assert!(error.to_string().contains(expected), "{error}");
    }
}
