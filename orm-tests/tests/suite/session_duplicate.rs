//! A table with several rows under one key, which no constraint forbids: a flush notices before anything is committed.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
#[orm(table = "tags")]
struct Tag {
    #[orm(primary_key)]
    name: String,
    uses: i32,
}

async fn fixture(rows: &str) -> Fixture {
    let fixture = Fixture::new(schema![]).await;
    fixture.database.execute("CREATE TABLE tags (name text NOT NULL, uses int NOT NULL)").await;
    fixture.database.execute(&format!("INSERT INTO tags VALUES {rows}")).await;
    fixture
}

async fn stored(fixture: &Fixture) -> Vec<(String, i32)> {
    fixture.engine.all(select((Tag.name, Tag.uses)).order_by((Tag.name, Tag.uses))).await.unwrap()
}

fn rows(rows: &[(&str, i32)]) -> Vec<(String, i32)> {
    rows.iter().map(|(name, uses)| ((*name).to_owned(), *uses)).collect()
}

#[tokio::test]
async fn a_row_changed_twice_does_not_stand_for_one_that_is_gone() {
    for deletes in [false, true] {
        let fixture = fixture("('a', 1), ('b', 1)").await;
        let mut session = fixture.session();
        let tags = session.all(select(Tag)).await.unwrap();
        session.commit().await.unwrap();
        fixture.database.execute("DELETE FROM tags WHERE name = 'b'; INSERT INTO tags VALUES ('a', 2)").await;
        for tag in tags {
            if deletes {
                session.delete(tag).unwrap();
            } else {
                session[tag].uses = 7;
            }
        }
        let error = session.commit().await.unwrap_err();
        assert!(error.is_stale() && error.values() == Some("by key: b"), "{error}");
        assert_eq!(stored(&fixture).await, rows(&[("a", 1), ("a", 2)]), "nothing is committed");
    }
}

#[tokio::test]
async fn new_rows_with_one_key_are_refused_before_they_are_committed() {
    let fixture = fixture("('a', 1)").await;
    let mut session = fixture.session();
    session.add_all([NewTag::new("b", 1), NewTag::new("b", 2)]);
    let error = session.commit().await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    assert_eq!(stored(&fixture).await, rows(&[("a", 1)]), "nothing is committed");
}
