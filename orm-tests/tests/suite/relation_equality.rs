//! Relations by keys whose equality only the server knows: citext, text of a collation of its own, jsonb.

use orm_core::prelude::*;
use orm_tests::Fixture;
use serde_json::json;

orm_core::text_type! {
    #[derive(PartialEq, Eq, Hash)]
    pub struct Ci("citext");
    /// Text that compares as its column's collation says.
    #[derive(PartialEq, Eq, Hash)]
    pub struct Folded("text");
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "parents", has_many(kids = Kid.parent), many_to_many(tags = Tag, through = ParentTag))]
pub struct Parent {
    #[orm(primary_key)]
    pub name: Ci,
    pub rank: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "kids")]
pub struct Kid {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Parent.name, relation = owner)]
    pub parent: Option<Ci>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tags", many_to_many(parents = Parent, through = ParentTag))]
pub struct Tag {
    #[orm(primary_key)]
    pub name: Ci,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "parent_tags")]
pub struct ParentTag {
    #[orm(primary_key, references = Parent.name, relation = parent_of)]
    pub parent: Ci,
    #[orm(primary_key, references = Tag.name, relation = tag_of)]
    pub tag: Ci,
}

#[derive(Row, Clone, Debug)]
#[orm(of = Parent)]
struct ParentKids {
    name: Ci,
    #[orm(relation)]
    kids: Vec<Kid>,
    #[orm(count = kids)]
    count: i64,
}

/// Ann has two kids, who say "ann" and "ANN", Bob has one, who says "BOB", Cid none; one kid has nobody.
async fn families() -> Fixture {
    let fixture = Fixture::new(schema![]).await;
    fixture.database.execute("CREATE EXTENSION citext").await;
    fixture.engine.create_all(schema![Parent, Kid, Tag, ParentTag]).await.unwrap();
    let insert = "INSERT INTO parents VALUES ('Ann', 1), ('Bob', 2), ('Cid', 3);
        INSERT INTO kids (parent) VALUES ('ann'), ('ANN'), ('BOB'), (NULL);
        INSERT INTO tags VALUES ('X'), ('y');
        INSERT INTO parent_tags VALUES ('ann', 'x'), ('aNN', 'Y'), ('bob', 'X')";
    fixture.database.execute(insert).await;
    fixture
}

fn ids(kids: &[Kid]) -> Vec<i64> {
    kids.iter().map(|kid| kid.id).collect()
}

#[tokio::test]
async fn rows_belong_together_that_the_server_calls_equal() {
    let fixture = families().await;
    let last = Parent.kids.order_by(Kid.id.desc()).limit(1).only(Kid.id);
    let parents = select(Parent).with(Parent.kids).with(Parent.kids.count()).with(last).order_by(Parent.rank);
    let rows = fixture.engine.all(parents).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(_, kids, count, last)| (ids(kids), *count, last.clone())).collect();
    assert_eq!(rows, [(vec![1, 2], 2, vec![2]), (vec![3], 1, vec![3]), (vec![], 0, vec![])]);
    let rows = fixture.engine.all(select(ParentKids).order_by(Parent.rank)).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (&*row.name.0, ids(&row.kids), row.count)).collect();
    assert_eq!(rows, [("Ann", vec![1, 2], 2), ("Bob", vec![3], 1), ("Cid", vec![], 0)]);
}

#[tokio::test]
async fn the_one_row_is_found_from_each_writing() {
    let fixture = families().await;
    let kids = select(Kid).with(Kid.owner.with(Parent.kids.count())).order_by(Kid.id);
    let rows = fixture.engine.all(kids).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(_, of)| of.as_ref().map(|(of, kids)| (of.rank, *kids))).collect();
    assert_eq!(rows, [Some((1, 2)), Some((1, 2)), Some((2, 1)), None]);
}

#[tokio::test]
async fn rows_are_found_by_way_of_a_table_between() {
    let fixture = families().await;
    let parents = select(Parent).with(Parent.tags).with(Parent.tags.count()).order_by(Parent.rank);
    let rows = fixture.engine.all(parents).await.unwrap();
    let rows: Vec<(String, i64)> = rows
        .iter()
        .map(|(_, tags, count)| (tags.iter().map(|tag| &*tag.name.0).collect::<String>(), *count))
        .collect();
    assert_eq!(rows, [("Xy".to_owned(), 2), ("X".to_owned(), 1), (String::new(), 0)]);
    let tags = select(Tag).with(Tag.parents.limit(1)).order_by(Tag.name);
    let rows = fixture.engine.all(tags).await.unwrap();
    assert_eq!(rows.iter().map(|(_, of)| of[0].rank).collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test]
async fn values_and_objects_are_given_theirs() {
    let fixture = families().await;
    let parents = fixture.engine.all(select(Parent).order_by(Parent.rank)).await.unwrap();
    let kids = fixture.engine.load(&parents, Parent.kids).await.unwrap();
    assert_eq!(kids.iter().map(|kids| ids(kids)).collect::<Vec<_>>(), [vec![1, 2], vec![3], vec![]]);
    let mut session = SessionMaker::new(fixture.engine.clone()).session();
    let parents: Vec<Handle<Parent>> = session.all(select(Parent).order_by(Parent.rank)).await.unwrap();
    let kids = session.load_all(&parents, Parent.kids).await.unwrap();
    assert_eq!(kids.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(session.load(parents[1], Parent.kids.count()).await.unwrap(), 1);
}

#[tokio::test]
async fn keys_find_their_rows_however_they_are_written() {
    let fixture = families().await;
    let engine = &fixture.engine;
    let found = async |keys: &[&str]| {
        let rows = engine.find_all::<Parent>(keys.iter().map(|key| Ci((*key).into()))).await.unwrap();
        rows.iter().map(|row| row.rank).collect::<Vec<_>>()
    };
    assert_eq!(found(&["BOB", "ANN"]).await, [2, 1]);
    // What is given a second time is left out, written alike or not.
    assert_eq!(found(&["cid", "CID", "nobody", "Ann", "cid"]).await, [3, 1]);
    let both = [("ANN", "X"), ("bob", "x"), ("ann", "x")].map(|(of, tag)| (Ci(of.into()), Ci(tag.into())));
    assert_eq!(engine.find_all::<ParentTag>(both).await.unwrap().len(), 2);
}

#[tokio::test]
async fn together_is_refused_where_only_the_server_can_match() {
    let fixture = families().await;
    let error = fixture.engine.all(select(Parent).with(Parent.kids).together()).await.unwrap_err();
    assert!(error.is_invalid_statement(), "{error}");
    assert!(
        error.to_string().contains("only the server knows which values of `Kid.parent` are equal"),
        "{error}"
    );
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "words", has_many(uses = Use.word))]
pub struct Word {
    #[orm(primary_key)]
    pub text: Folded,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "uses")]
pub struct Use {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Word.text, relation = of)]
    pub word: Folded,
}

#[tokio::test]
async fn a_collation_says_what_is_equal() {
    let fixture = Fixture::new(schema![]).await;
    let tables =
        "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE words (text text COLLATE folded PRIMARY KEY);
        CREATE TABLE uses (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            word text COLLATE folded NOT NULL REFERENCES words);
        INSERT INTO words VALUES ('Rust'), ('go');
        INSERT INTO uses (word) VALUES ('rust'), ('RUST'), ('Go')";
    fixture.database.execute(tables).await;
    let rows = fixture.engine.all(select(Word).with(Word.uses).order_by(Word.text)).await.unwrap();
    assert_eq!(rows.iter().map(|(_, uses)| uses.len()).collect::<Vec<_>>(), [1, 2]);
    let rows = fixture.engine.all(select(Use).with(Use.of).order_by(Use.id)).await.unwrap();
    assert_eq!(rows.iter().map(|(_, of)| &*of.text.0).collect::<Vec<_>>(), ["Rust", "Rust", "go"]);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "documents", has_many(copies = Copy.of))]
pub struct Document {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(unique)]
    pub content: serde_json::Value,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "copies")]
pub struct Copy {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Document.content, relation = document)]
    pub of: serde_json::Value,
}

#[tokio::test]
async fn documents_are_equal_whatever_the_form_of_their_numbers() {
    let fixture = Fixture::new(schema![Document, Copy]).await;
    fixture.engine.execute(insert(Document).values(NewDocument::new(json!({"a": 1})))).await.unwrap();
    fixture.database.execute(r#"INSERT INTO copies (of) VALUES ('{"a": 1.0}'), ('{"a": 1}')"#).await;
    let rows = fixture.engine.all(select(Document).with(Document.copies)).await.unwrap();
    assert_eq!(rows[0].1.len(), 2);
    let rows = fixture.engine.all(select(Copy).with(Copy.document)).await.unwrap();
    assert_eq!(rows.iter().map(|(_, of)| of.id).collect::<Vec<_>>(), [1, 1]);
}
