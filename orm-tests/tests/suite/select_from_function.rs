//! Functions that give rows, and samples of tables, in FROM.

use chrono::{NaiveDate, NaiveDateTime};
use orm_core::prelude::*;
use orm_core::types::Interval;
use orm_tests::Fixture;
use rust_decimal::Decimal;
use serde_json::json;

#[derive(Model, Clone, Debug)]
#[orm(table = "orders")]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub tags: Vec<String>,
    pub lines: serde_json::Value,
}

#[derive(Row, Clone, Debug, PartialEq)]
pub struct Line {
    pub item: String,
    pub pieces: Option<i32>,
}

#[derive(Row, Clone, Debug, PartialEq)]
pub struct Tag {
    pub name: String,
    pub place: i64,
}

async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![Order]).await;
    let lines = json!([{"item": "pen", "pieces": 3}, {"item": "ink", "more": true}]);
    let orders = [
        NewOrder { id: 1, tags: vec!["new".into(), "red".into()], lines },
        NewOrder { id: 2, tags: Vec::new(), lines: json!([]) },
    ];
    fixture.engine.execute(insert(Order).values(orders)).await.unwrap();
    fixture
}

#[tokio::test]
async fn a_series_counts_numbers_and_moments() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let numbers = func::generate_series(1, 3).derived("numbers");
    let statement = select(numbers.columns()).select_from(&numbers);
    assert_eq!(
        statement.to_sql().unwrap().text,
        "SELECT \"numbers\".\"c1\" FROM generate_series($1, $2) AS \"numbers\"(\"c1\")"
    );
    let found: Vec<i32> = engine.all(statement).await.unwrap();
    assert_eq!(found, [1, 2, 3]);
    let down = func::generate_series(9_i64, 1).step(-4).derived("down");
    let found: Vec<i64> = engine.all(select(&down)).await.unwrap();
    assert_eq!(found, [9, 5, 1]);
    let tenth = Decimal::new(1, 1);
    let exact = func::generate_series(Decimal::ONE, Decimal::new(12, 1)).step(tenth).derived("exact");
    assert_eq!(engine.all(select(&exact)).await.unwrap().len(), 3);
    let midnight = |day| NaiveDate::from_ymd_opt(2024, 2, day).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let days =
        func::generate_series(midnight(28), midnight(29)).step(Interval::from_hours(24)).derived("days");
    let found: Vec<NaiveDateTime> = engine.all(select(days.columns()).select_from(&days)).await.unwrap();
    assert_eq!(found, [midnight(28), midnight(29)]);
    // Up to a column of the row beside it.
    let upto = func::generate_series(1_i64, Order.id).derived("upto");
    let pairs = select((Order.id, upto.columns()))
        .select_from(Order)
        .cross_join(&upto)
        .order_by((Order.id, upto.columns()));
    assert_eq!(engine.all(pairs).await.unwrap(), [(1, 1), (2, 1), (2, 2)]);
}

#[tokio::test]
async fn the_elements_of_an_array_are_rows_with_numbers() {
    let fixture = fixture().await;
    let tags = func::unnest(Order.tags).with_ordinality().derived("tags");
    let (tag, place) = tags.columns();
    let statement = select((Order.id, tag, place)).select_from(Order).cross_join(&tags).order_by(place);
    assert!(
        statement
            .to_sql()
            .unwrap()
            .text
            .contains(" CROSS JOIN unnest(\"orders\".\"tags\") WITH ORDINALITY AS \"tags\"(\"c1\", \"c2\") "),
    );
    let expected = [(1, "new".to_owned(), 1), (1, "red".to_owned(), 2)];
    assert_eq!(fixture.engine.all(statement).await.unwrap(), expected);

    let named = func::unnest(vec!["a".to_owned()]).with_ordinality().rows::<Tag>().derived("named");
    let found: Vec<Tag> = fixture.engine.all(select(&named)).await.unwrap();
    assert_eq!(found, [Tag { name: "a".into(), place: 1 }]);
    // The order without a tag is there too.
    let all = select((Order.id, tag.optional())).select_from(Order).outer_join(&tags, lit(true));
    assert_eq!(fixture.engine.all(all.order_by((Order.id, place))).await.unwrap()[2], (2, None));
}

#[tokio::test]
async fn objects_of_json_are_rows_with_names() {
    let fixture = fixture().await;
    let lines = func::jsonb_to_recordset::<Line>(Order.lines).derived("lines");
    let statement = select((Order.id, &lines)).select_from(Order).cross_join(&lines).order_by(lines.item);
    let text = statement.to_sql().unwrap().text;
    assert!(
        text.contains(r#"jsonb_to_recordset("orders"."lines") AS "lines"("item" text, "pieces" integer)"#),
        "{text}"
    );
    let expected =
        [(1, Line { item: "ink".into(), pieces: None }), (1, Line { item: "pen".into(), pieces: Some(3) })];
    assert_eq!(fixture.engine.all(statement).await.unwrap(), expected);
    let lines = func::json_to_recordset::<Line>(lit(json!([{"item": "cap"}]))).derived("lines");
    assert_eq!(fixture.engine.all(select(lines.item).select_from(&lines)).await.unwrap(), ["cap"]);
}

#[tokio::test]
async fn any_function_is_a_table_by_its_name() {
    let fixture = fixture().await;
    let parts = func::table::<(String,)>("regexp_split_to_table", ("a b", " ")).with_ordinality();
    let parts = parts.rows::<Tag>().derived("parts");
    let found = fixture.engine.all(select(&parts).order_by(parts.place.desc())).await.unwrap();
    assert_eq!(found[0], Tag { name: "b".into(), place: 2 });
}

#[test]
fn a_function_sees_the_tables_before_it_alone() {
    let tags = func::unnest(Order.tags).derived("tags");
    let error = select(tags.columns()).select_from(&tags).to_sql().unwrap_err().to_string();
    assert!(error.contains("the function \"tags\" uses `Order`"), "{error}");
    let error = select(tags.columns()).select_from(&tags).cross_join(Order).to_sql().unwrap_err().to_string();
    assert!(error.contains("`.select_from(Order)`, and then `.cross_join(&tags)`"), "{error}");
    let by_place = func::jsonb_to_recordset::<(String,)>(Order.lines).derived("lines");
    let error = select(by_place.0).select_from(Order).cross_join(&by_place).to_sql().unwrap_err().to_string();
    assert!(error.contains("`#[derive(Row)]`"), "{error}");
}

#[tokio::test]
async fn some_rows_of_a_table_are_taken_by_chance() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let half = func::bernoulli(50.0).repeatable(7.0);
    let statement = select(Order.id).table_sample(Order, half).filter(Order.id.gt(0));
    assert_eq!(
        statement.to_sql().unwrap().text,
        "SELECT \"orders\".\"id\" FROM \"orders\" TABLESAMPLE BERNOULLI ($1) REPEATABLE ($2) WHERE \"orders\".\"id\" > $3"
    );
    let once = engine.all(&statement).await.unwrap();
    assert_eq!(engine.all(&statement).await.unwrap(), once);
    let all = select(Order).table_sample(Order, func::system(100.0));
    assert_eq!(engine.all(all).await.unwrap().len(), 2);
    let other = Order.alias("other");
    let none = select((Order.id, other.id.optional()))
        .outer_join(other, other.id.eq(Order.id))
        .table_sample(other, func::bernoulli(0.0));
    assert_eq!(engine.all(none.order_by(Order.id)).await.unwrap(), [(1, None), (2, None)]);

    let error = select(other.id).table_sample(Order, func::system(1.0)).to_sql().unwrap_err().to_string();
    assert!(error.contains("`.table_sample(..)`"), "{error}");
    let numbers = func::generate_series(1, 3).derived("numbers");
    let sampled = select(&numbers).table_sample(&numbers, func::system(1.0));
    let error = sampled.to_sql().unwrap_err().to_string();
    assert!(error.contains("\"numbers\""), "{error}");
}

#[tokio::test]
async fn a_function_that_gives_rows_stands_in_a_select_list_too() {
    let fixture = fixture().await;
    let tags = select((Order.id, func::unnest(Order.tags))).order_by(Order.id);
    let text = tags.to_sql().unwrap().text;
    assert!(text.starts_with("SELECT \"orders\".\"id\", unnest(\"orders\".\"tags\") FROM"), "{text}");
    let found = fixture.engine.all(tags).await.unwrap();
    let of_each = select((Order.id, Order.tags)).order_by(Order.id);
    let expected: Vec<(i64, String)> = fixture
        .engine
        .all(of_each)
        .await
        .unwrap()
        .into_iter()
        .flat_map(|(id, tags)| tags.into_iter().map(move |tag| (id, tag)))
        .collect();
    assert!(!found.is_empty());
    assert_eq!(found, expected);
    let counted = select(func::unnest(Order.tags)).derived("t");
    let tag = counted.columns();
    let counted = select((tag, func::count_star())).select_from(&counted).group_by(tag);
    let counted: i64 = fixture.engine.all(counted).await.unwrap().into_iter().map(|(_, count)| count).sum();
    assert_eq!(usize::try_from(counted).unwrap(), expected.len());
    let numbers = select((func::generate_series(1, 2), func::generate_series(0_i64, 10).step(10)));
    assert_eq!(fixture.engine.all(numbers).await.unwrap(), [(1, 0), (2, 10)]);
}

#[test]
fn one_name_stands_for_one_table_of_the_statement() {
    let (one, other) = (select((Order.id,)).derived("x"), select((Order.tags,)).derived("x"));
    let error = select((&one, &other)).to_sql().unwrap_err().to_string();
    assert!(error.contains("\"x\""), "{error}");
}

#[derive(Row, Clone, Debug, PartialEq)]
pub struct Piece {
    pub number: i32,
    pub item: String,
    pub pieces: Option<i32>,
    pub street: Option<String>,
}

fn pieces() -> func::JsonTable<Piece> {
    func::json_table(Order.lines, "$[*]").ordinality("number").path("street", "$.to.\"it's\"")
}

#[tokio::test]
async fn what_a_path_finds_in_json_is_rows_with_names() {
    let fixture = fixture().await;
    let lines = json!([{"item": "cap", "pieces": "many", "to": {"it's": "Main St"}}]);
    fixture.engine.execute(insert(Order).values(NewOrder { id: 3, tags: Vec::new(), lines })).await.unwrap();
    let pieces = pieces().derived("pieces");
    let statement = select((Order.id, &pieces)).select_from(Order).cross_join(&pieces);
    let statement = statement.order_by((Order.id, pieces.number));
    let text = statement.to_sql().unwrap().text;
    let expected = r#"CROSS JOIN JSON_TABLE("orders"."lines", '$[*]' COLUMNS ("number" FOR ORDINALITY, "item" text, "pieces" integer, "street" text PATH '$.to."it''s"')) AS "pieces" "#;
    assert!(text.contains(expected), "{text}");
    let piece = |number, item: &str, pieces, street: Option<&str>| Piece {
        number,
        item: item.into(),
        pieces,
        street: street.map(Into::into),
    };
    match fixture.engine.all(statement).await {
        Ok(rows) => assert_eq!(
            rows,
            [
                (1, piece(1, "pen", Some(3), None)),
                (1, piece(2, "ink", None, None)),
                (3, piece(1, "cap", None, Some("Main St"))),
            ]
        ),
        Err(error) => {
            let number = sql!("SELECT current_setting('server_version_num')::int").rows::<i32>();
            assert!(fixture.engine.one(number).await.unwrap() < 170_000, "{error}");
            assert!(error.to_string().contains("JSON_TABLE in 17 and newer"), "{error}");
        }
    }
}

#[test]
fn a_json_table_has_the_columns_that_its_rows_have() {
    let refused = |table: func::JsonTable<Piece>| {
        let table = table.derived("pieces");
        select(table.item).select_from(Order).cross_join(&table).to_sql().unwrap_err().to_string()
    };
    let error = refused(pieces().path("town", "$.to.town"));
    assert!(error.contains("no column \"town\": its columns are number, item, pieces, street"), "{error}");
    let error = refused(pieces().ordinality("item"));
    assert!(error.contains("\"item\" numbers the rows and is text: an `i32` numbers them"), "{error}");
    let error = refused(pieces().path("number", "$.n"));
    assert!(error.contains("it can have one of both"), "{error}");
    let by_place = func::json_table::<(String,)>(Order.lines, "$[*]").derived("lines");
    let error = select(by_place.0).select_from(Order).cross_join(&by_place).to_sql().unwrap_err().to_string();
    assert!(error.contains("`#[derive(Row)]`"), "{error}");
}
