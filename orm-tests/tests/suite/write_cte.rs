//! CTEs that change rows, read by other statements: wherever they are named, they stand in the outermost WITH.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, Post, User};

use crate::select_rows::people;

async fn titles(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(Post.title).order_by(Post.id)).await.unwrap()
}

async fn ages(fixture: &Fixture) -> Vec<Option<i32>> {
    fixture.engine.all(select(User.age).order_by(User.id)).await.unwrap()
}

#[tokio::test]
async fn an_update_counts_what_a_delete_gave_back_in_a_derived_table() {
    let fixture = people().await;
    let gone = delete(Post).filter(Post.title.ne("")).returning((Post.user_id, Post.id)).cte("gone");
    let counts = select((gone.0, func::count(gone.1))).select_from(&gone).group_by(gone.0).derived("counts");
    let statement = update(User)
        .from(&counts)
        .set(User.age, counts.1.cast::<i32>())
        .filter(User.id.eq(counts.0))
        .returning((User.id, User.age));
    let text = statement.to_sql().unwrap().text;
    assert!(text.starts_with(r#"WITH "gone"("c1", "c2") AS (DELETE FROM "posts""#), "{text}");
    assert!(
        text.contains(r#"UPDATE "users" SET "age" = CAST("counts"."c2" AS integer) FROM (SELECT"#),
        "{text}"
    );
    assert_eq!(fixture.engine.all(statement).await.unwrap(), [(1, Some(2))]);
    assert_eq!(titles(&fixture).await, [""; 0]);
}

#[tokio::test]
async fn a_condition_reads_what_a_delete_gave_back() {
    let fixture = people().await;
    let gone = || delete(Post).filter(Post.title.eq("a")).returning((Post.user_id,)).cte("gone");
    let read = |gone: &orm_core::query::Derived<(i64,)>| select(gone.0).select_from(gone);
    let owned = gone();
    let older = update(User).set(User.age, 99).filter(User.id.in_(read(&owned)));
    assert_eq!(fixture.engine.execute(older).await.unwrap(), 1);
    assert_eq!(ages(&fixture).await, [Some(99), Some(40), None]);
    assert_eq!(titles(&fixture).await, ["b"]);

    let last = delete(Post).filter(Post.title.eq("b")).returning((Post.user_id,)).cte("last");
    let of_them = delete(User).filter(User.id.in_(read(&last))).returning(User.name);
    // A foreign key is checked at the end of the statement, which has deleted both.
    assert_eq!(fixture.engine.all(of_them).await.unwrap(), ["Ann"]);
    assert_eq!(titles(&fixture).await, [""; 0]);
}

#[tokio::test]
async fn a_cte_that_nothing_reads_is_added_to_an_update_and_a_delete() {
    let fixture = people().await;
    let log = insert(User).values(NewUser::new("Log")).returning((User.id,)).cte("log");
    let statement = delete(Post).add_cte(&log).filter(Post.title.eq("a"));
    let text = statement.to_sql().unwrap().text;
    assert!(text.starts_with(r#"WITH "log"("c1") AS (INSERT INTO "users""#), "{text}");
    assert_eq!(fixture.engine.execute(statement).await.unwrap(), 1);
    let again = insert(User).values(NewUser::new("Again")).returning((User.id,)).cte("again");
    let statement = update(Post).set(Post.title, "c").add_cte(&again).all_rows();
    assert_eq!(fixture.engine.execute(statement).await.unwrap(), 1);
    let names: Vec<String> = fixture.engine.all(select(User.name).order_by(User.id)).await.unwrap();
    assert_eq!(names, ["Ann", "Bob", "Cid", "Log", "Again"]);
    // With and without it they are different statements.
    assert_eq!(fixture.engine.execute(update(Post).set(Post.title, "d").all_rows()).await.unwrap(), 1);
    assert_eq!(fixture.engine.count(select(User)).await.unwrap(), 5);
}

#[tokio::test]
async fn a_session_reads_anew_what_a_cte_in_a_part_of_its_statement_changed() {
    let fixture = people().await;
    let mut session = fixture.session();
    let ann = session.find::<User>(1).await.unwrap().unwrap();
    let older = update(User).set(User.age, 31).filter(User.id.eq(1)).returning((User.id,)).cte("older");
    let inside = select((older.0,)).select_from(&older).derived("inside");
    let posts = select(Post.title).filter(Post.user_id.in_(select(inside.0).select_from(&inside)));
    let found: Vec<String> = session.all(posts.order_by(Post.id)).await.unwrap();
    assert_eq!(found, ["a", "b"]);
    session.find::<User>(1).await.unwrap();
    assert_eq!(session[ann].age, Some(31));
    let older = update(User).set(User.age, 32).filter(User.id.eq(1)).returning((User.id,)).cte("older");
    let read = || select((older.0,)).select_from(&older);
    let all = read().union(read());
    assert_eq!(session.all(all).await.unwrap(), [(1,)]);
    session.find::<User>(1).await.unwrap();
    assert_eq!(session[ann].age, Some(32));
}

#[test]
fn a_value_of_an_insert_reads_no_cte_that_changes_rows() {
    let gone = delete(Post).filter(Post.id.eq(1)).returning((Post.title,)).cte("gone");
    let name = func::coalesce(select(gone.0).select_from(&gone).scalar(), "");
    let error = insert(User).set(User.name, name).to_sql().unwrap_err().to_string();
    assert!(error.contains("insert the rows of a select that reads it, by `.from_select(..)`"), "{error}");
}
