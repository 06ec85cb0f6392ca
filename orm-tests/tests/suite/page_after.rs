//! Pages by keyset.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "items")]
struct Item {
    #[orm(primary_key)]
    id: i64,
    kind: i32,
    name: Option<String>,
    price: Option<f64>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key)]
    item: i64,
    #[orm(primary_key)]
    number: i32,
}

/// Items with many ties, and NULLs in two columns.
async fn items(count: i64) -> Fixture {
    let fixture = Fixture::new(schema![Item, Note]).await;
    let items: Vec<_> = (0..count)
        .map(|id| NewItem {
            name: (id % 5 > 0).then(|| format!("n{}", id * 7 % 11)),
            price: (id % 4 > 0).then(|| (id * 13 % 17) as f64 / 3.0),
            ..NewItem::new(id, (id % 3) as i32)
        })
        .collect();
    fixture.engine.execute(insert(Item).values(items)).await.unwrap();
    fixture
}

/// All pages from the first on, and all from the last back, each as the keys of its rows.
async fn walk(engine: &Engine, statement: &Select<Item>, size: i64) -> (Vec<i64>, Vec<i64>) {
    let (mut forward, mut backward, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
    let mut page = loop {
        let page = engine.page_after(statement, cursor.as_deref(), size).await.unwrap();
        assert!(page.rows.len() == size as usize || page.next.is_none());
        assert_eq!(page.previous.is_some(), cursor.is_some());
        forward.extend(page.rows.iter().map(|item| item.id));
        match page.next.clone() {
            Some(next) => cursor = Some(next),
            None => break page,
        }
    };
    loop {
        backward.extend(page.rows.iter().rev().map(|item| item.id));
        let Some(previous) = &page.previous else { break };
        page = engine.page_after(statement, Some(previous), size).await.unwrap();
        assert!(page.next.is_some());
    }
    backward.reverse();
    (forward, backward)
}

#[tokio::test]
async fn each_row_is_on_one_page_whichever_way_it_is_walked() {
    let fixture = items(200).await;
    let orders = [
        select(Item),
        select(Item).order_by(Item.id.desc()),
        select(Item).order_by(Item.kind),
        select(Item).order_by((Item.kind.desc(), Item.id)),
        select(Item).order_by(Item.name),
        select(Item).order_by((Item.name.desc(), Item.price)),
        select(Item).order_by((Item.price.asc().nulls_first(), Item.name.desc().nulls_last(), Item.kind)),
        select(Item).order_by((Item.kind, Item.price.desc())).filter(Item.id.gt(20)),
    ];
    for statement in orders {
        let all: Vec<i64> =
            fixture.engine.all(sorted(&statement)).await.unwrap().iter().map(|item| item.id).collect();
        for size in [7, 50, 200] {
            let (forward, backward) = walk(&fixture.engine, &statement, size).await;
            assert_eq!(forward, all, "{statement:?}");
            assert_eq!(backward, all, "{statement:?}");
        }
    }
}

/// The same with what tells rows apart that are equal, in the direction of the last.
fn sorted(statement: &Select<Item>) -> Select<Item> {
    let text = statement.to_sql().unwrap().text;
    let down = text.ends_with("DESC");
    statement.clone().order_by(if down { Item.id.desc() } else { Item.id.asc() })
}

#[tokio::test]
async fn ten_thousand_rows_are_walked_while_others_come_and_go() {
    let fixture = items(10_000).await;
    let statement = select(Item).order_by((Item.kind.desc(), Item.name));
    let (mut seen, mut cursor, mut added) = (Vec::new(), None::<String>, 10_000);
    loop {
        let page = fixture.engine.page_after(&statement, cursor.as_deref(), 1000).await.unwrap();
        seen.extend(page.rows.iter().map(|item| item.id));
        // Rows in front of the page, and behind it.
        let rows = [2, 1, 0].map(|kind| NewItem::new(added + kind, kind as i32));
        fixture.engine.execute(insert(Item).values(rows)).await.unwrap();
        added += 3;
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let mut old: Vec<i64> = seen.iter().copied().filter(|id| *id < 10_000).collect();
    old.sort_unstable();
    assert!(old.iter().copied().eq(0..10_000), "each of those that were there, once");
    seen.sort_unstable();
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "none twice");
}

#[tokio::test]
async fn the_next_page_is_found_by_an_index() {
    let fixture = items(2_000).await;
    let engine = &fixture.engine;
    engine.run_script("CREATE INDEX ON items (kind, id); ANALYZE items").await.unwrap();
    let statement = select(Item).order_by(Item.kind);
    let first = engine.page_after(&statement, None, 5).await.unwrap();
    fixture.recorder.take();
    engine.page_after(&statement, first.next.as_deref(), 5).await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.round_trips, 1);
    assert!(
        recorded.statements[0].contains(r#"WHERE ("items"."kind", "items"."id") > ($1, $2)"#),
        "{recorded:?}"
    );
    assert_eq!(recorded.rows, 6);
}

#[tokio::test]
async fn joined_grouped_and_related_rows_have_pages() {
    let fixture = items(30).await;
    let engine = &fixture.engine;
    let notes: Vec<_> =
        (0..60).filter(|nth| nth % 3 > 0).map(|nth| NewNote::new(nth / 2, (nth % 2) as i32)).collect();
    engine.execute(insert(Note).values(notes)).await.unwrap();
    let all = async |statement: Select<(Option<String>, i64)>, size| {
        let (mut rows, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = engine.page_after(&statement, cursor.as_deref(), size).await.unwrap();
            rows.extend(page.rows);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return rows,
            }
        }
    };
    let grouped =
        select((Item.name, func::count(Item.id))).group_by(Item.name).order_by(func::count(Item.id).desc());
    let expected = engine.all(grouped.clone().order_by(Item.name.desc())).await.unwrap();
    assert_eq!(all(grouped, 2).await, expected);
    let joined =
        select((Item.name, Item.id)).outer_join(Note, Note.item.eq(Item.id)).order_by(Note.number.desc());
    let expected = joined.clone().order_by((Item.id.desc(), Note.item.desc()));
    assert_eq!(all(joined, 7).await, engine.all(expected).await.unwrap());
}

#[tokio::test]
async fn a_page_whose_rows_are_gone_leads_back() {
    let fixture = items(6).await;
    let statement = select(Item).order_by(Item.id);
    let mut transaction = fixture.engine.begin().await.unwrap();
    let first = transaction.page_after(&statement, None, 3).await.unwrap();
    transaction.execute(delete(Item).filter(Item.id.gt(2))).await.unwrap();
    let empty = transaction.page_after(&statement, first.next.as_deref(), 3).await.unwrap();
    assert!(empty.rows.is_empty() && empty.next.is_none());
    let back = transaction.page_after(&statement, empty.previous.as_deref(), 2).await.unwrap();
    assert_eq!(back.rows.iter().map(|item| item.id).collect::<Vec<_>>(), [1, 2]);
    assert!(back.previous.is_some());
}

#[tokio::test]
async fn a_cursor_of_something_else_is_refused() {
    let fixture = items(10).await;
    let statement = select(Item).order_by(Item.kind);
    let next = fixture.engine.page_after(&statement, None, 3).await.unwrap().next.unwrap();
    fixture.recorder.take();
    let mut changed = next.clone();
    changed.replace_range(4..5, if &next[4..5] == "A" { "B" } else { "A" });
    let other = statement.clone().order_by(Item.name);
    for (statement, cursor) in
        [(&statement, &*changed), (&statement, "x"), (&statement, ""), (&other, &*next)]
    {
        let error = fixture.engine.page_after(statement, Some(cursor), 3).await.unwrap_err();
        assert!(error.is_invalid_statement(), "{error:?}");
        assert!(error.to_string().contains("this cursor is not one of this statement"), "{error}");
    }
    assert!(fixture.recorder.take().statements.is_empty());
}

#[tokio::test]
async fn what_has_no_place_of_its_own_is_refused() {
    let fixture = items(1).await;
    let refused = async |statement: Select<i32>, size: i64, text: &str| {
        let error = fixture.engine.page_after(statement, None, size).await.unwrap_err();
        assert!(error.is_invalid_statement() && error.to_string().contains(text), "{error}");
    };
    let kinds = || select(Item.kind);
    refused(kinds(), 0, "a page of 0 rows cannot be").await;
    refused(kinds().limit(3), 1, "a page has a limit of its own").await;
    refused(kinds().distinct(), 1, "DISTINCT, unions and `.keep(..)` make others").await;
    refused(kinds().union_all(kinds()), 1, "DISTINCT, unions and `.keep(..)` make others").await;
    refused(kinds().order_by(Item.kind + 1), 1, "sort by columns of models, or select the expression too")
        .await;
    let derived = select((Item.kind,)).derived("kinds");
    let (kind,) = derived.columns();
    refused(select(kind).select_from(&derived), 1, "and \"kinds\" has none").await;
}
