//! Recursive CTEs: in which order their rows are found, and what ends them.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
#[orm(table = "places")]
pub struct Place {
    #[orm(primary_key)]
    pub id: i64,
    pub within: Option<i64>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "ways")]
pub struct Way {
    #[orm(primary_key)]
    pub id: i64,
    pub start: i64,
    pub goal: i64,
}

#[derive(Row, Clone, Debug, PartialEq)]
pub struct Found {
    pub place: i64,
    pub depth: i32,
}

/// 1 has 2 and 5; 2 has 3 and 4; 5 has 6. A way leads from 1 over 2 to 3, and from 3 back to 1.
async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![Place, Way]).await;
    let places = [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, Some(1)), (6, Some(5))];
    let places = places.map(|(id, within)| NewPlace { id, within });
    fixture.engine.execute(insert(Place).values(places)).await.unwrap();
    let ways = [(1, 1, 2), (2, 2, 3), (3, 3, 1)].map(|(id, start, goal)| NewWay { id, start, goal });
    fixture.engine.execute(insert(Way).values(ways)).await.unwrap();
    fixture
}

fn tree() -> orm_core::query::Derived<Found> {
    select(SelectFound { place: Place.id, depth: lit(0) }).filter(Place.within.is_null()).recursive(
        "tree",
        |tree| {
            select(SelectFound { place: Place.id, depth: tree.depth + 1 })
                .join(tree, Place.within.eq(tree.place))
        },
    )
}

#[tokio::test]
async fn a_search_goes_deep_or_wide_first() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let deep = tree().search_depth_first(|tree| tree.place);
    let statement = select(deep.place).select_from(&deep).order_by(deep.search_order());
    let text = statement.to_sql().unwrap().text;
    assert!(
        text.starts_with("WITH RECURSIVE \"tree\"(\"place\", \"depth\") AS (")
            && text.contains(") SEARCH DEPTH FIRST BY \"place\" SET \"search_order\" SELECT ")
            && text.ends_with(" ORDER BY \"tree\".\"search_order\""),
        "{text}"
    );
    assert_eq!(engine.all(statement).await.unwrap(), [1, 2, 3, 4, 5, 6]);

    let wide = tree().search_breadth_first(|tree| (tree.depth, tree.place));
    let statement = select(&wide).order_by(wide.search_order());
    let found = engine.all(statement).await.unwrap();
    assert_eq!(found.iter().map(|row| row.place).collect::<Vec<_>>(), [1, 2, 5, 3, 4, 6]);

    // Of a model and of a tuple too, and under another name.
    let places = select(Place)
        .filter(Place.id.eq(2))
        .recursive("below", |below| select(Place).join(below, Place.within.eq(below.id)))
        .search_depth_first(|below| below.id)
        .alias("under");
    let last = select(places.id).select_from(&places).order_by(places.search_order());
    assert_eq!(engine.all(last).await.unwrap(), [2, 3, 4]);
}

fn ways() -> orm_core::query::Derived<(i64, i64)> {
    select((Way.start, Way.goal))
        .filter(Way.start.eq(1))
        .recursive("round", |ways| select((Way.start, Way.goal)).join(ways, Way.start.eq(ways.1)))
}

#[tokio::test]
async fn a_circle_ends_at_the_row_that_closes_it() {
    let fixture = fixture().await;
    let ways = ways().cycle(|ways| ways.0);
    let statement = select((ways.0, ways.is_cycle())).select_from(&ways);
    let text = statement.to_sql().unwrap().text;
    assert!(text.contains(") CYCLE \"c1\" SET \"is_cycle\" USING \"cycle_path\" SELECT "), "{text}");
    let found: Vec<(i64, bool)> = fixture.engine.all(statement).await.unwrap();
    assert_eq!(found, [(1, false), (2, false), (3, false), (1, true)]);
    let rest = select(ways.1).select_from(&ways).filter(!ways.is_cycle());
    assert_eq!(fixture.engine.all(rest).await.unwrap(), [2, 3, 1]);
    let both = ways.search_breadth_first(|ways| ways.0);
    let found = fixture.engine.all(select(&both).order_by(both.search_order())).await.unwrap();
    assert_eq!(found.len(), 4);
}

#[tokio::test]
async fn rows_that_are_known_end_a_distinct_recursion() {
    let fixture = fixture().await;
    let goals = select((Way.goal,))
        .filter(Way.start.eq(1))
        .recursive_distinct("goals", |goals| select((Way.goal,)).join(goals, Way.start.eq(goals.0)));
    let statement = select(goals.0).select_from(&goals).order_by(goals.0);
    assert!(statement.to_sql().unwrap().text.contains(") UNION ("));
    assert_eq!(fixture.engine.all(statement).await.unwrap(), [1, 2, 3]);
}

#[test]
fn what_no_search_was_asked_for_has_no_order() {
    let says = |statement: Result<orm_core::query::Sql, orm_core::Error>, what: &str| {
        let error = statement.unwrap_err();
        assert!(error.is_invalid_statement() && error.to_string().contains(what), "{error}");
    };
    let tree = tree();
    says(select(&tree).order_by(tree.search_order()).to_sql(), "add `.search_depth_first(..)`");
    says(select(&tree).filter(!tree.is_cycle()).to_sql(), "add `.cycle(..)`");
    let plain = select((Way.id,)).cte("plain").cycle(|plain| plain.0);
    says(select(&plain).to_sql(), "\"plain\" is not recursive: `.cycle(..)` stands behind `.recursive(..)`");
    let of_an_expression = ways().search_depth_first(|ways| ways.0 + 1);
    says(select(&of_an_expression).to_sql(), "takes its columns: `|rows| rows.id`");
}
