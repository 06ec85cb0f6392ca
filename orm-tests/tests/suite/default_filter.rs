//! Conditions that a model says of all its rows: every statement has them, unless it leaves them out by name.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "authors", soft_delete = deleted_at, has_many(books = Book.author_id))]
struct Author {
    #[orm(primary_key)]
    id: i64,
    name: String,
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "books", filter(listed = "NOT hidden", old = "year < 2000"))]
struct Book {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Author.id, relation = author)]
    author_id: Option<i64>,
    year: i32,
    #[orm(default = false)]
    hidden: bool,
}

fn text(statement: Select<impl Sized>) -> String {
    statement.to_sql().unwrap().text.replace('"', "")
}

const AUTHOR: &str = "authors.deleted_at IS NULL";
const BOOK: &str = "(NOT books.hidden) AND (books.year < 2000)";

#[test]
fn each_table_of_a_select_has_its_conditions() {
    let by_author = Book.author_id.eq(Author.id);
    let b = Book.alias("b");
    let sums = select((Book.author_id, func::count_star())).group_by(Book.author_id).derived("sums");
    let (_, count) = sums.columns();
    let of_ann = select(Book.id).filter(Author.name.eq("Ann"));
    for (statement, expected) in [
        (select(Author.id), format!("SELECT authors.id FROM authors WHERE {AUTHOR}")),
        (select(Author.id).filter(Author.id.gt(3)), format!("SELECT authors.id FROM authors WHERE authors.id > $1 AND {AUTHOR}")),
        (select(b.id), "SELECT b.id FROM books AS b WHERE (NOT b.hidden) AND (b.year < 2000)".into()),
        (
            select(Author.id).join(Book, &by_author),
            format!("SELECT authors.id FROM authors JOIN books ON books.author_id = authors.id WHERE {AUTHOR} AND {BOOK}"),
        ),
        (
            select(Author.id).left_join(Book, &by_author),
            format!("SELECT authors.id FROM authors LEFT JOIN books ON books.author_id = authors.id AND {BOOK} WHERE {AUTHOR}"),
        ),
        (
            select(Author.id).filter(exists(select(Book.id).filter(&by_author))),
            format!("SELECT authors.id FROM authors WHERE EXISTS (SELECT books.id FROM books WHERE books.author_id = authors.id AND {BOOK}) AND {AUTHOR}"),
        ),
        (
            select(count).select_from(&sums),
            format!("SELECT sums.c2 FROM (SELECT books.author_id, count(*) FROM books WHERE {BOOK} GROUP BY books.author_id) AS sums(c1, c2)"),
        ),
        (
            of_ann.clone().join(Author, &by_author).without("deleted_at").without("listed"),
            "SELECT books.id FROM books JOIN authors ON books.author_id = authors.id WHERE authors.name = $1 AND (books.year < 2000)".into(),
        ),
        (select(Book.id).without("old").without("listed"), "SELECT books.id FROM books".into()),
    ] {
        assert_eq!(text(statement), expected);
    }
}

#[test]
fn a_join_that_adds_rows_to_both_sides_sees_what_the_conditions_leave() {
    let by_author = Book.author_id.eq(Author.id);
    let full = select(Author.id.optional()).full_join(Book, by_author).without("old");
    assert_eq!(
        text(full),
        "SELECT authors.id FROM (SELECT authors.id, authors.name, authors.deleted_at FROM authors WHERE \
         authors.deleted_at IS NULL) AS authors FULL JOIN (SELECT books.id, books.author_id, books.year, books.hidden FROM books \
         WHERE (NOT books.hidden)) AS books ON books.author_id = authors.id"
    );
}

#[test]
fn updates_and_deletes_have_them_too() {
    let sql = |command: orm_core::query::Sql| command.text.replace('"', "");
    let update_books = update(Book).set(Book.year, 1).all_rows();
    assert_eq!(sql(update_books.to_sql().unwrap()), format!("UPDATE books SET year = $1 WHERE {BOOK}"));
    let from =
        update(Book).set(Book.year, 1).from(Author).filter(Book.author_id.eq(Author.id)).without("old");
    assert_eq!(
        sql(from.to_sql().unwrap()),
        format!(
            "UPDATE books SET year = $1 FROM authors WHERE books.author_id = authors.id AND (NOT books.hidden) AND {AUTHOR}"
        )
    );
    let gone = delete(Book).filter(Book.id.eq(1));
    assert_eq!(sql(gone.to_sql().unwrap()), format!("DELETE FROM books WHERE books.id = $1 AND {BOOK}"));
    let soft = delete(Author).filter(Author.id.eq(1));
    assert_eq!(
        sql(soft.to_sql().unwrap()),
        format!("UPDATE authors SET deleted_at = $1 WHERE authors.id = $2 AND {AUTHOR}")
    );
    let hard = delete(Author).filter(Author.id.eq(1)).without("deleted_at");
    assert_eq!(sql(hard.to_sql().unwrap()), "DELETE FROM authors WHERE authors.id = $1");
}

#[test]
fn a_name_that_no_model_has_is_refused() {
    let known = "(known here: `deleted_at`)";
    for error in [
        select(Author).without("active").to_sql().unwrap_err(),
        update(Author).set(Author.name, "x").all_rows().without("active").to_sql().unwrap_err(),
        delete(Author).all_rows().without("active").to_sql().unwrap_err(),
    ] {
        let expected = format!("no model of this statement has a filter `active` {known}");
        assert!(error.to_string().contains(&expected), "{error}");
    }
    let error = delete(Author).to_sql().unwrap_err();
    assert!(error.to_string().contains("this delete of `Author` has no condition"), "{error}");
}

/// Two authors, of whom the second is deleted, with a listed and a hidden book each.
async fn library() -> Fixture {
    let fixture = Fixture::new(schema![Author, Book]).await;
    let engine = &fixture.engine;
    let author = |id, deleted_at| NewAuthor { id, name: format!("A{id}"), deleted_at };
    let book = |id, author_id, hidden| NewBook {
        id,
        author_id: Some(i64::into(author_id)),
        year: 1950,
        hidden: Some(hidden),
    };
    engine
        .execute(insert(Author).values([author(1, None), author(2, DateTime::from_timestamp(0, 0))]))
        .await
        .unwrap();
    let books = [book(1, 1_i64, false), book(2, 1, true), book(3, 2, false), book(4, 2, true)];
    engine.execute(insert(Book).values(books)).await.unwrap();
    fixture.recorder.take();
    fixture
}

#[tokio::test]
async fn rows_that_are_left_out_are_nowhere_to_be_found() {
    let fixture = library().await;
    let engine = &fixture.engine;
    let ids: Vec<i64> = engine.all(select(Author.id)).await.unwrap();
    assert_eq!(ids, [1]);
    assert!(engine.find::<Author>(2).await.unwrap().is_none());
    assert_eq!(engine.find_all::<Author>([1, 2]).await.unwrap().len(), 1);
    assert_eq!(engine.count(select(Author)).await.unwrap(), 1);
    assert!(!engine.exists(select(Author).filter(Author.id.eq(2))).await.unwrap());
    let mut session = fixture.session();
    assert!(session.find::<Author>(2).await.unwrap().is_none());
    assert!(session.one_or_none(select(Author).filter(Author.id.eq(2))).await.unwrap().is_none());
    let both: Vec<i64> =
        engine.all(select(Author.id).without("deleted_at").order_by(Author.id)).await.unwrap();
    assert_eq!(both, [1, 2]);
    // A book whose author is left out has none.
    let left = select((Book.id, Author.name.optional())).left_join(Author, Book.author_id.eq(Author.id));
    let left: Vec<(i64, Option<String>)> = engine.all(left.order_by(Book.id)).await.unwrap();
    assert_eq!(left, [(1, Some("A1".into())), (3, None)]);
    let full =
        select((Author.id.optional(), Book.id.optional())).full_join(Book, Book.author_id.eq(Author.id));
    let full: Vec<(Option<i64>, Option<i64>)> = engine.all(full.order_by(Book.id)).await.unwrap();
    assert_eq!(full, [(Some(1), Some(1)), (None, Some(3))]);
}

#[tokio::test]
async fn relations_are_read_asked_and_counted_without_them() {
    let fixture = library().await;
    let engine = &fixture.engine;
    let ids = |books: &[Book]| books.iter().map(|book| book.id).collect::<Vec<_>>();
    let read: Vec<(Author, Vec<Book>)> = engine.all(select(Author).with(Author.books)).await.unwrap();
    assert_eq!((read.len(), ids(&read[0].1)), (1, vec![1]));
    let together: Vec<(Author, Vec<Book>)> =
        engine.all(select(Author).without("deleted_at").with(Author.books).together()).await.unwrap();
    assert_eq!(together.iter().map(|(_, books)| ids(books)).collect::<Vec<_>>(), [[1], [3]]);
    let hidden = Author.books.without("listed").order_by(Book.id);
    let read: Vec<(Author, Vec<Book>)> = engine.all(select(Author).with(hidden.clone())).await.unwrap();
    assert_eq!(ids(&read[0].1), [1, 2]);
    let only: Vec<(Author, Vec<i64>)> = engine.all(select(Author).with(hidden.only(Book.id))).await.unwrap();
    assert_eq!(only[0].1, [1, 2]);
    let counts = select((Author.books.count(), Author.books.without("listed").count()));
    let counts: Vec<(i64, i64)> = engine.all(counts.select_from(Author)).await.unwrap();
    assert_eq!(counts, [(1, 2)]);
    let asked = |condition| engine.count(select(Author).filter(condition));
    assert_eq!(asked(Author.books.any(Book.id.eq(2))).await.unwrap(), 0);
    assert_eq!(asked(Author.books.without("listed").any(Book.id.eq(2))).await.unwrap(), 1);
    let author: Vec<(Book, Option<Author>)> =
        engine.all(select(Book).with(Book.author).order_by(Book.id)).await.unwrap();
    assert_eq!(author.iter().map(|(_, author)| author.is_some()).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_delete_marks_the_row_and_a_second_one_finds_nothing() {
    let fixture = library().await;
    let engine = &fixture.engine;
    let gone = || delete(Author).filter(Author.id.eq(1));
    let returned: Vec<String> = engine.all(gone().returning(Author.name)).await.unwrap();
    assert_eq!(returned, ["A1"]);
    assert_eq!(engine.execute(gone()).await.unwrap(), 0);
    let all: Vec<Author> = engine.all(select(Author).without("deleted_at")).await.unwrap();
    assert!(all.len() == 2 && all.iter().all(|author| author.deleted_at.is_some()));
    engine.execute(delete(Book).without("listed").without("old").all_rows()).await.unwrap();
    assert_eq!(engine.execute(gone().without("deleted_at")).await.unwrap(), 1);
}

#[tokio::test]
async fn an_object_that_is_deleted_is_marked_and_can_be_taken_back() {
    let fixture = library().await;
    let mut session = fixture.session();
    let ann = session.find::<Author>(1).await.unwrap().unwrap();
    session.delete(ann).unwrap();
    session.undelete(ann).unwrap();
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.count(select(Author)).await.unwrap(), 1, "taken back before the flush");
    session.delete(ann).unwrap();
    session.commit().await.unwrap();
    assert!(session[ann].deleted_at.is_some());
    assert_eq!(fixture.engine.count(select(Author)).await.unwrap(), 0);
    session.refresh(ann).await.unwrap();
    session.refresh_all(&[ann]).await.unwrap();
    assert!(session[ann].deleted_at.is_some(), "the object keeps to its row");
    assert!(session.find::<Author>(1).await.unwrap().is_none());
    session.expire(ann).unwrap();
    assert!(session.find::<Author>(1).await.unwrap().is_none());
    session.refresh(ann).await.unwrap();
    session[ann].deleted_at = None;
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.count(select(Author)).await.unwrap(), 1);
    // A new object has no row to be marked.
    let new = session.add(NewAuthor { id: 9, name: "New".into(), deleted_at: None });
    session.delete(new).unwrap();
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.count(select(Author).without("deleted_at")).await.unwrap(), 2);
}

#[tokio::test]
async fn objects_follow_statements_that_mark_rows() {
    let fixture = library().await;
    let mut session = fixture.session();
    let authors = session.all(select(Author).without("deleted_at").order_by(Author.id)).await.unwrap();
    for synchronize in [Synchronize::Fetch, Synchronize::Evaluate] {
        session
            .execute(update(Author).set(Author.name, "kept").all_rows().synchronize(synchronize))
            .await
            .unwrap();
        assert_eq!((&*session[authors[0]].name, &*session[authors[1]].name), ("kept", "A2"));
        session.execute(delete(Author).filter(Author.id.eq(1)).synchronize(synchronize)).await.unwrap();
        assert!(session[authors[0]].deleted_at.is_some());
        session
            .execute(update(Author).set(Author.name, "gone").all_rows().synchronize(synchronize))
            .await
            .unwrap();
        assert_eq!(session[authors[0]].name, "kept");
        session.rollback().await.unwrap();
        session.all(select(Author).without("deleted_at")).await.unwrap();
    }
}

#[tokio::test]
async fn what_the_server_alone_can_tell_is_not_evaluated() {
    let fixture = library().await;
    let mut session = fixture.session();
    session.all(select(Book)).await.unwrap();
    let years = update(Book).set(Book.year, 7).all_rows();
    let error = session.execute(years.clone().synchronize(Synchronize::Evaluate)).await.unwrap_err();
    assert!(
        error.to_string().contains("the server alone can tell what the filters of the model leave"),
        "{error}"
    );
    session.rollback().await.unwrap();
    assert_eq!(session.execute(years).await.unwrap(), 2);
}

#[derive(Model, Clone, Debug)]
#[orm(table = "copies")]
struct Copy {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Author.id, relation = author)]
    author_id: i64,
}

#[tokio::test]
async fn a_row_that_has_to_be_there_and_is_left_out_is_an_error_that_says_so() {
    let fixture = Fixture::new(schema![Author, Copy]).await;
    let engine = &fixture.engine;
    let gone = NewAuthor { id: 1, name: "A".into(), deleted_at: DateTime::from_timestamp(0, 0) };
    engine.execute(insert(Author).values(gone)).await.unwrap();
    engine.execute(insert(Copy).values(NewCopy { id: 1, author_id: 1_i64.into() })).await.unwrap();
    let error = engine.all(select(Copy).with(Copy.author)).await.unwrap_err();
    assert!(error.to_string().contains("that a filter of the model leaves out (`deleted_at`)"), "{error}");
    let all = engine.all(select(Copy).with(Copy.author.without("deleted_at"))).await.unwrap();
    assert_eq!(all[0].1.id, 1);
}
