//! Arrays: their elements, and what they contain.

use orm_core::prelude::*;
use orm_core::types::{Array, Dimension};
use orm_tests::Fixture;

use crate::select_rows::{all as rows, one};
use crate::select_text::{condition, expression, gives, parameters};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "lists")]
struct List {
    #[orm(primary_key)]
    id: i64,
    tags: Vec<String>,
    scores: Option<Vec<i32>>,
    word: String,
}

async fn lists() -> Fixture {
    let fixture = Fixture::new(schema![List]).await;
    let list = |id, tags: &[&str], scores, word: &str| NewList {
        id,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        scores,
        word: word.into(),
    };
    let rows = [
        list(1, &["a", "b"], Some(vec![1, 5]), "a"),
        list(2, &[], None, "x"),
        list(3, &["b"], Some(vec![]), "y"),
    ];
    fixture.engine.execute(insert(List).values(rows)).await.unwrap();
    fixture
}

#[test]
fn arrays_contain_elements_and_arrays() {
    assert_eq!(condition(List.tags.contains("a")), "lists.tags @> $1");
    assert_eq!(parameters(select(List).filter(List.tags.contains("a"))), r#"[["a"]]"#);
    assert_eq!(parameters(select(List).filter(List.tags.contains(["a", "b"]))), r#"[["a", "b"]]"#);
    assert_eq!(condition(List.tags.contains(List.word)), "lists.tags @> ARRAY[lists.word]");
    assert_eq!(condition(List.tags.contains(List.tags)), "lists.tags @> lists.tags");
    assert_eq!(condition(List.scores.contains(5)), "lists.scores @> $1");
    assert_eq!(condition(List.tags.overlaps(vec!["a".to_owned()])), "lists.tags && $1");
    assert_eq!(condition(List.tags.overlaps(["a", "b"])), "lists.tags && $1");
    assert_eq!(condition(List.tags.overlaps(vec!["a"])), "lists.tags && $1");
    assert_eq!(condition(List.tags.contains(vec!["a"])), "lists.tags @> $1");
    assert_eq!(condition(lit(3).lt(any(List.scores))), "$1 < ANY(lists.scores)");
    assert_eq!(condition(List.word.eq(all(List.tags))), "lists.word = ALL(lists.tags)");
    assert_eq!(expression(List.scores.at(1)), "(lists.scores)[$1]");
    assert_eq!(expression(List.scores.slice(1, 2)), "(lists.scores)[$1:$2]");
    gives::<Option<Vec<i32>>>(select(List.scores.slice(1, 2)));
    gives::<Vec<String>>(select(List.tags.slice(1, 2)));
    gives::<Option<String>>(select(List.tags.at(1)));
    assert!(select(List.tags.at(1).never_null()).to_sql().is_ok());
}

/// What the message about `List.tags.any("rust")` says to write.
#[tokio::test]
async fn any_and_all_take_an_array_of_the_table_or_of_the_program_and_a_select() {
    assert_eq!(condition(List.tags.contains("rust")), "lists.tags @> $1");
    assert_eq!(condition(lit("rust").eq(any(List.tags))), "$1 = ANY(lists.tags)");
    assert_eq!(condition(List.id.eq(any(vec![1_i64, 2]))), "lists.id = ANY($1)");
    assert_eq!(condition(List.word.ne(all(["a", "b"]))), "lists.word <> ALL($1)");
    assert_eq!(condition(lit(5).gt(all(&List.scores))), "$1 > ALL(lists.scores)");

    let fixture = lists().await;
    let ids = |condition: Cond| {
        let statement = select(List.id).filter(condition).order_by(List.id);
        async { rows(&fixture, statement).await }
    };
    assert_eq!(ids(lit("b").eq(any(List.tags))).await, [1, 3]);
    let (list, two) = (vec![1_i64, 3], [2, 3]);
    assert_eq!(ids(List.id.eq(any(&list))).await, [1, 3]);
    assert_eq!(ids(List.id.eq(any(&list[1..]))).await, [3]);
    assert_eq!(ids(List.id.eq(any(list))).await, [1, 3]);
    assert_eq!(ids(List.id.eq(any(two))).await, [2, 3]);
    assert_eq!(ids(List.id.ne(all(&two))).await, [1]);
    assert_eq!(ids(List.word.like(any(["a%", "y"]))).await, [1, 3]);
    assert_eq!(ids(List.word.eq(any(vec!["x"]))).await, [2]);
    assert_eq!(ids(List.word.eq(any(&["x", "y"][..]))).await, [2, 3]);
    assert_eq!(ids(List.id.lt(all(List.scores))).await, [3]);
    assert_eq!(ids(List.id.gt(all(Vec::<i64>::new()))).await, [1, 2, 3]);
    let inner = List.alias("inner");
    assert_eq!(ids(List.id.ge(all(select(inner.id)))).await, [3]);
    assert_eq!(ids(List.id.gt(any(select(inner.id)))).await, [2, 3]);
}

#[tokio::test]
async fn rows_are_found_by_the_elements_of_arrays() {
    let fixture = lists().await;
    let ids = |condition: Cond| select(List.id).filter(condition).order_by(List.id);
    assert_eq!(rows(&fixture, ids(List.tags.contains("b"))).await, [1, 3]);
    assert_eq!(rows(&fixture, ids(List.tags.contains(["a", "b"]))).await, [1]);
    assert_eq!(rows(&fixture, ids(List.tags.contains(List.word))).await, [1]);
    assert_eq!(rows(&fixture, ids(List.tags.contained_by(vec!["b".to_owned()]))).await, [2, 3]);
    assert_eq!(rows(&fixture, ids(List.tags.overlaps(["a", "z"]))).await, [1]);
    assert_eq!(rows(&fixture, ids(lit(3).lt(any(List.scores)))).await, [1]);
    assert_eq!(rows(&fixture, ids(List.id.lt(all(List.scores)))).await, [3]);
    assert_eq!(rows(&fixture, ids(List.word.like(any(vec!["a%".to_owned(), "y".to_owned()])))).await, [1, 3]);
    let parts = one(
        &fixture,
        select((
            List.tags.at(2),
            List.tags.at(9),
            List.tags.append("c"),
            List.tags.remove("a"),
            func::cardinality(List.tags),
            func::array_length(List.scores, 1),
            func::array_position(List.tags, "b"),
            func::array_to_string(List.tags, "-"),
            func::string_to_array(List.word + ",z", ","),
        ))
        .filter(List.id.eq(1)),
    )
    .await;
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!((parts.0.as_deref(), parts.1, parts.2), (Some("b"), None, texts(&["a", "b", "c"])));
    assert_eq!((parts.3, parts.4, parts.5, parts.6), (texts(&["b"]), 2, Some(2), Some(2)));
    assert_eq!((parts.7.as_str(), parts.8), ("a-b", texts(&["a", "z"])));
    let slices = select((
        List.tags.slice(2, 9),
        List.tags.slice(5, 9),
        List.scores.slice(func::cardinality(List.tags), 9),
    ));
    let slices = one(&fixture, slices.filter(List.id.eq(1))).await;
    assert_eq!(slices, (texts(&["b"]), Vec::new(), Some(vec![5])));
    let called = select((
        func::array_append(List.tags, "c"),
        func::array_remove(List.tags, "a"),
        func::array_cat(List.tags, ["z"]),
    ));
    let called = one(&fixture, called.filter(List.id.eq(1))).await;
    assert_eq!(called, (texts(&["a", "b", "c"]), texts(&["b"]), texts(&["a", "b", "z"])));
    let joined = select((List.tags.concat(["z"]), List.scores.concat(List.scores))).filter(List.id.eq(2));
    assert_eq!(one(&fixture, joined).await, (texts(&["z"]), None));
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "boards")]
pub struct Board {
    #[orm(primary_key)]
    pub id: i64,
    pub cells: Array<i32>,
    pub notes: Option<Array<Option<String>>>,
}

#[tokio::test]
async fn arrays_have_several_dimensions_and_begin_anywhere() {
    let fixture = Fixture::new(schema![Board]).await;
    let engine = &fixture.engine;
    let cells = Array::from_rows(vec![vec![1, 2, 3], vec![4, 5, 6]]).unwrap();
    let dimensions = [Dimension { first: -2, length: 1 }, Dimension { first: 0, length: 2 }];
    let notes = Array::new(dimensions, vec![Some("a, \"b\"".to_owned()), None]).unwrap();
    let board = |id, cells: &Array<i32>, notes| NewBoard { id, cells: cells.clone(), notes };
    engine.execute(insert(board(1, &cells, Some(notes.clone())))).await.unwrap();
    // Several rows at once, one of them without elements.
    let empty = Array::from(Vec::new());
    engine.execute(insert([board(2, &empty, None), board(3, &vec![7].into(), None)])).await.unwrap();
    let read = rows(&fixture, select(Board).order_by(Board.id)).await;
    assert_eq!(read[0], Board { id: 1, cells: cells.clone(), notes: Some(notes) });
    assert_eq!((&read[1].cells, read[2].cells.get(&[1])), (&empty, Some(&7)));
    let texts = fixture.database.query_text("SELECT cells, notes FROM boards WHERE id = 1").await;
    assert_eq!(texts[0][0].as_deref(), Some("{{1,2,3},{4,5,6}}"));
    assert_eq!(texts[0][1].as_deref(), Some(r#"[-2:-2][0:1]={{"a, \"b\"",NULL}}"#));

    let item = sql!("({Board.cells})[{}][{}]", 2, 1).expr::<Option<i32>>();
    let parts = select((func::array_length(Board.cells, 2), func::cardinality(Board.cells), &item));
    assert_eq!(one(&fixture, parts.filter(Board.cells.eq(cells.clone()))).await, (Some(3), 6, Some(4)));
    assert_eq!(rows(&fixture, select(Board.id).filter(Board.cells.contains([6, 1]))).await, [1]);
    let items = func::unnest(Board.cells).derived("items");
    let sum = select(func::sum(items.columns())).select_from(Board).cross_join(&items);
    assert_eq!(one(&fixture, sum).await, Some(28));

    let mut session = fixture.session();
    let board = session.find::<Board>(1).await.unwrap().unwrap();
    session[board].cells = Array::from_rows(vec![vec![9], vec![8]]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(one(&fixture, select(Board.cells).filter(Board.id.eq(1))).await.elements(), [9, 8]);
    // A `Vec` has one dimension, and says what to use.
    let flat = sql!("SELECT cells FROM boards WHERE id = 1").rows::<Vec<i32>>();
    let error = engine.one(flat).await.unwrap_err().to_string();
    assert!(error.contains("of 2 dimensions, and a `Vec` has one: declare it as `types::Array`"), "{error}");
}
