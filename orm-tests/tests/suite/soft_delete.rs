//! Objects of models whose rows count as deleted by a column.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes", soft_delete = gone, filter(listed = "title <> 'unlisted'"))]
struct Note {
    #[orm(primary_key)]
    id: i64,
    title: String,
    #[orm(default = false)]
    gone: bool,
    #[orm(version)]
    version: i32,
}

/// A note, one that is marked as deleted, and one that another filter leaves out.
async fn notes() -> (Fixture, Session) {
    let fixture = Fixture::new(schema![Note]).await;
    let note = |id, title: &str, gone| NewNote { id, title: title.into(), gone: Some(gone) };
    let notes = [note(1, "here", false), note(2, "marked", true), note(3, "unlisted", false)];
    fixture.engine.execute(insert(Note).values(notes)).await.unwrap();
    let session = fixture.session();
    (fixture, session)
}

/// Title, mark and version of a row.
async fn row(fixture: &Fixture, id: i64) -> (String, bool, i32) {
    let all = select((Note.title, Note.gone, Note.version)).without("gone").without("listed");
    fixture.engine.one(all.filter(Note.id.eq(id))).await.unwrap()
}

#[tokio::test]
async fn a_deletion_that_is_taken_back_before_the_flush_sends_nothing() {
    let (fixture, mut session) = notes().await;
    let note = session.find::<Note>(1).await.unwrap().unwrap();
    session.delete(note).unwrap();
    session.undelete(note).unwrap();
    assert!(!session.is_modified(note));
    session.commit().await.unwrap();
    assert_eq!(row(&fixture, 1).await, ("here".into(), false, 1));
    session[note].title = "changed".into();
    session.delete(note).unwrap();
    session.undelete(note).unwrap();
    session.commit().await.unwrap();
    assert_eq!(row(&fixture, 1).await, ("changed".into(), false, 2), "other changes stay");
}

#[tokio::test]
async fn a_deletion_that_is_flushed_is_taken_back_by_a_change_of_the_row() {
    let (fixture, mut session) = notes().await;
    let note = session.find::<Note>(1).await.unwrap().unwrap();
    session.delete(note).unwrap();
    session.flush().await.unwrap();
    session.undelete(note).unwrap();
    assert!(!session[note].gone);
    session.commit().await.unwrap();
    assert_eq!(row(&fixture, 1).await, ("here".into(), false, 3));
    let marked = session.one(select(Note).without("gone").filter(Note.id.eq(2))).await.unwrap();
    session.undelete(marked).unwrap();
    session.commit().await.unwrap();
    assert_eq!(row(&fixture, 2).await, ("marked".into(), false, 2), "whoever marked it");
}

#[tokio::test]
async fn merge_names_the_filters_that_leave_a_row_out() {
    let (fixture, mut session) = notes().await;
    for (id, title) in [(2, "marked"), (3, "unlisted")] {
        let values = Note { id, title: title.into(), gone: false, version: 1 };
        let merged = session.merge(values).await.unwrap_err();
        let added = session.merge_or_add(id, NewNote::new(id, "new")).await.unwrap_err();
        for error in [merged, added] {
            let text = error.to_string();
            assert!(text.contains(&format!("the row of `Note` with the key {id} is there")), "{text}");
            assert!(text.contains("a filter of the model leaves it out (`gone`, `listed`)"), "{text}");
            assert!(text.contains("`select(Note).without(\"gone\").without(\"listed\")`"), "{text}");
            assert!(text.contains("`undelete`"), "{text}");
        }
    }
    let missing =
        session.merge(Note { id: 4, title: "x".into(), gone: false, version: 1 }).await.unwrap_err();
    assert!(missing.to_string().contains("`merge_or_add(key, new)` adds it"), "{missing}");
    session.merge_or_add(4, NewNote::new(4, "new")).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(row(&fixture, 4).await, ("new".into(), false, 1));
}
