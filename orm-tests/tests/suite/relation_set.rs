//! Objects that have a row are given other objects by `session.set`.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::Employee;

use super::blog::{Article, Author, NewArticle, NewAuthor, NewProfile, Profile, blog, names};

#[tokio::test]
async fn a_row_is_given_a_parent_that_has_no_key_yet() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let article = session.one(select(Article).filter(Article.title.eq("a"))).await.unwrap();
    fixture.recorder.take();
    let dora = session.add(NewAuthor::new("Dora"));
    session.set(article, Article.author, dora).unwrap();
    assert_eq!(session[article].author_id, 1, "what was there, until the key is known");
    assert!(session.is_modified(article));
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(recorded.round_trips, 2, "the key, then both rows and COMMIT: {recorded:?}");
    assert_eq!(session[article].author_id, session[dora].id);
    let stored = fixture.engine.one(select(Article.author_id).filter(Article.title.eq("a"))).await.unwrap();
    assert_eq!(stored, session[dora].id);
}

#[tokio::test]
async fn a_relation_that_may_be_missing_takes_an_option() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let article = session.one(select(Article).filter(Article.title.eq("a"))).await.unwrap();
    session.set(article, Article.editor, None).unwrap();
    assert_eq!(session[article].editor_id, None);
    session.flush().await.unwrap();
    let dora = session.add(NewAuthor::new("Dora"));
    session.set(article, Article.editor, Some(dora)).unwrap();
    session.flush().await.unwrap();
    assert_eq!(session[article].editor_id, Some(session[dora].id));
    let ann = session.find::<Author>(1).await.unwrap().unwrap();
    session.set(article, Article.editor, ann).unwrap();
    assert_eq!(session[article].editor_id, Some(1), "a key that is known is there at once");
    session.set(article, Article.editor, dora).unwrap();
    session.set(article, Article.editor, None).unwrap();
    session.commit().await.unwrap();
    let editor = fixture.engine.one(select(Article.editor_id).filter(Article.title.eq("a"))).await.unwrap();
    assert_eq!(editor, None, "the last call counts");
}

#[tokio::test]
async fn what_is_assigned_later_takes_the_place_of_an_object() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let articles = session.all(select(Article).order_by(Article.id)).await.unwrap();
    let dora = session.add(NewAuthor::new("Dora"));
    for article in &articles {
        session.set(*article, Article.author, dora).unwrap();
    }
    session[articles[0]].author_id = 3;
    session.set(articles[1], Article.author_id, 2).unwrap();
    session.commit().await.unwrap();
    let authors: Vec<i64> = articles.iter().map(|article| session[*article].author_id).collect();
    assert_eq!(authors, [3, 2, session[dora].id]);
}

#[tokio::test]
async fn a_new_object_is_given_a_parent_too() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let article = session.add(NewArticle { editor_id: Some(1.into()), ..NewArticle::new(1, "d") });
    let dora = session.add(NewAuthor::new("Dora"));
    session.set(article, Article.author, dora).unwrap();
    session.set(article, Article.editor, None).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[article].author_id, session[dora].id);
    assert_eq!(session[article].editor_id, None);
}

#[tokio::test]
async fn a_parent_that_leaves_before_the_flush_is_told() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let article = session.one(select(Article).filter(Article.title.eq("a"))).await.unwrap();
    let dora = session.add(NewAuthor::new("Dora"));
    session.set(article, Article.author, dora).unwrap();
    session.delete(dora).unwrap();
    let error = session.flush().await.unwrap_err().to_string();
    let expected = "a row that is added, linked or changed refers to an object of `Author` that was deleted: let it refer to another";
    assert!(error.contains(expected), "{error}");
    session.rollback().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[article].author_id, 1);
}

#[tokio::test]
async fn a_rollback_puts_the_parent_back_and_forgets_the_one_that_was_given() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let article = session.one(select(Article).filter(Article.title.eq("a"))).await.unwrap();
    let dora = session.add(NewAuthor::new("Dora"));
    session.set(article, Article.author, dora).unwrap();
    session.flush().await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(session[article].author_id, 1);
    let bob = session.find::<Author>(2).await.unwrap().unwrap();
    session.set(article, Article.author, bob).unwrap();
    session.expire(article).unwrap();
    session.commit().await.unwrap();
    let stored = fixture.engine.one(select(Article.author_id).filter(Article.title.eq("a"))).await.unwrap();
    assert_eq!(stored, 1, "what was expired is not sent");
}

#[tokio::test]
async fn an_object_means_its_row_with_the_key_that_it_has_in_the_end() {
    let fixture = Fixture::new(schema![Shelf, Book]).await;
    let mut session = fixture.session();
    let (a, b) = (session.add(NewShelf::new("a")), session.add(NewShelf::new("b")));
    let book = session.add(NewBook::new(a));
    session.commit().await.unwrap();
    session.set(book, Book.shelf, b).unwrap();
    session[b].name = "c".into();
    session.commit().await.unwrap();
    assert_eq!(session[book].shelf_name, "c");
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shelves")]
struct Shelf {
    #[orm(primary_key)]
    name: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "books")]
struct Book {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Shelf.name, relation = shelf)]
    shelf_name: String,
}

#[tokio::test]
async fn keys_that_only_a_trigger_makes_are_waited_for() {
    let fixture = Fixture::new(schema![Door, Knock]).await;
    let database = &fixture.database;
    database
        .execute(
            "ALTER TABLE doors ALTER mark DROP IDENTITY;
             CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.mark := length(NEW.name); RETURN NEW; END $$;
             CREATE TRIGGER mark BEFORE INSERT ON doors FOR EACH ROW EXECUTE FUNCTION mark()",
        )
        .await;
    let mut session = fixture.session();
    let front = session.add(NewDoor::new("front"));
    session.flush().await.unwrap();
    let knock = session.add(NewKnock { door_mark: Some(session[front].mark.into()) });
    session.commit().await.unwrap();
    let back = session.add(NewDoor::new("back"));
    session.set(knock, Knock.door, back).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[knock].door_mark, Some(4));
}

#[derive(Model, Clone, Debug)]
#[orm(table = "doors")]
struct Door {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
    #[orm(unique, generated)]
    mark: i64,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "knocks")]
struct Knock {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Door.mark, relation = door)]
    door_mark: Option<i64>,
}

#[tokio::test]
async fn a_key_of_several_columns_is_given_as_a_whole_and_taken_by_what_may_be_null() {
    let fixture = Fixture::new(schema![Order, Line]).await;
    let mut session = fixture.session();
    let [first, second] = [1, 2].map(|number| session.add(NewOrder { shop: 7, number }));
    let line = session.add(NewLine { number: Some(1.into()), ..NewLine::new(7) });
    session.commit().await.unwrap();
    session.set(line, Line.order, second).unwrap();
    session.commit().await.unwrap();
    assert_eq!((session[line].shop, session[line].number), (7, Some(2)));
    let third = session.add(NewOrder { shop: 8, number: 3 });
    session.set(line, Line.order, Some(third)).unwrap();
    session.commit().await.unwrap();
    assert_eq!((session[line].shop, session[line].number), (8, Some(3)));
    session.set(line, Line.order, None).unwrap();
    session.commit().await.unwrap();
    assert_eq!((session[line].shop, session[line].number), (8, None));
    assert!(session.contains(first));
}

#[derive(Model, Clone, Debug)]
#[orm(table = "orders")]
struct Order {
    #[orm(primary_key)]
    shop: i64,
    #[orm(primary_key)]
    number: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "lines", foreign_key(shop, number = Order, relation = order))]
struct Line {
    #[orm(primary_key, generated)]
    id: i64,
    shop: i64,
    number: Option<i32>,
}

#[tokio::test]
async fn the_only_child_is_replaced_as_the_foreign_key_says_of_its_deletion() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let ann = session.find::<Author>(1).await.unwrap().unwrap();
    // The profile that Ann has is not loaded.
    let profile = session.add(NewProfile::new(3, "new"));
    session.set(ann, Author.profile, profile).unwrap();
    session.commit().await.unwrap();
    let profiles = fixture.engine.all(select((Profile.author_id, Profile.text))).await.unwrap();
    assert_eq!(profiles, [(1, "new".to_owned())], "`on_delete = cascade`: the former is gone");
    let bob = session.find::<Author>(2).await.unwrap().unwrap();
    session.set(bob, Author.profile, Some(profile)).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[profile].author_id, 2);
    session.set(bob, Author.profile, None).unwrap();
    session.commit().await.unwrap();
    assert!(session.is_deleted(profile));
}

#[tokio::test]
async fn the_former_only_child_keeps_its_row_where_its_foreign_key_may_be_null() {
    let fixture = Fixture::new(schema![Country, Capital]).await;
    let mut session = fixture.session();
    let country = session.add(NewCountry::new());
    let [old, new] = ["old", "new"].map(|name| session.add(NewCapital::new(name)));
    session.set(country, Country.capital, old).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[old].country_id, Some(session[country].id));
    session.set(country, Country.capital, new).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[old].country_id, None);
    assert_eq!(session[new].country_id, Some(session[country].id));
}

#[derive(Model, Clone, Debug)]
#[orm(table = "countries", has_one(capital = Capital.country_id))]
struct Country {
    #[orm(primary_key, generated)]
    id: i64,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "capitals")]
struct Capital {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
    #[orm(unique, references = Country.id, relation = country)]
    country_id: Option<i64>,
}

#[tokio::test]
async fn deleting_a_parent_does_with_the_children_what_the_model_declares() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let articles = session.all(select(Article).order_by(Article.id)).await.unwrap();
    let bob = session.find::<Author>(2).await.unwrap().unwrap();
    session.delete(bob).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[articles[0]].editor_id, None, "`on_delete = set_null`");
    assert!(session.is_deleted(articles[2]), "`on_delete = cascade`");
    let left = fixture.engine.all(select(Article).order_by(Article.id)).await.unwrap();
    assert_eq!(names(&left), "a b");
}

#[tokio::test]
async fn a_handle_of_another_session_and_a_deleted_object_are_refused_at_once() {
    let fixture = blog().await;
    let (mut session, mut other) = (fixture.session(), fixture.session());
    let article = session.one(select(Article).filter(Article.title.eq("a"))).await.unwrap();
    let ann = other.find::<Author>(1).await.unwrap().unwrap();
    let error = session.set(article, Article.author, ann).unwrap_err().to_string();
    assert!(error.contains("belongs to another session"), "{error}");
    let bob = session.find::<Author>(2).await.unwrap().unwrap();
    session.delete(bob).unwrap();
    let error = session.set(article, Article.author, bob).unwrap_err().to_string();
    assert!(error.contains("marked to be deleted"), "{error}");
}

#[tokio::test]
async fn a_tree_is_turned_around_with_a_new_root() {
    let fixture = Fixture::new(schema![Employee]).await;
    let mut session = fixture.session();
    let boss = session.add(orm_tests::models::NewEmployee::new("Boss"));
    session.commit().await.unwrap();
    let above = session.add(orm_tests::models::NewEmployee::new("Above"));
    session.set(boss, Employee.manager, Some(above)).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session[boss].manager_id, Some(session[above].id));
}
