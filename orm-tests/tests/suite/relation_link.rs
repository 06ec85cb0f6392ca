//! Objects linked by a `many_to_many`.

use orm_core::prelude::*;
use orm_tests::Fixture;

use super::blog::{Article, ArticleTag, Author, NewArticle, NewArticleTag, NewAuthor, NewTag, Tag, blog};

/// The links of the database, sorted.
async fn links(engine: &Engine) -> Vec<(i64, String)> {
    let links = select((ArticleTag.article_id, ArticleTag.tag_name));
    engine.all(links.order_by((ArticleTag.article_id, ArticleTag.tag_name))).await.unwrap()
}

async fn loaded(session: &mut Session) -> (Vec<Handle<Article>>, Vec<Handle<Tag>>) {
    let articles = session.all(select(Article).order_by(Article.id)).await.unwrap();
    (articles, session.all(select(Tag).order_by(Tag.name)).await.unwrap())
}

fn owned(links: &[(i64, &str)]) -> Vec<(i64, String)> {
    links.iter().map(|(article, tag)| (*article, (*tag).to_owned())).collect()
}

#[tokio::test]
async fn links_are_one_statement_to_look_and_one_to_write() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let (articles, tags) = loaded(&mut session).await;
    session.commit().await.unwrap();
    fixture.recorder.take();
    // Of these four "db" of "a" is there already, and not loaded.
    for (article, tag) in [(0, 0), (1, 0), (1, 1), (2, 1)] {
        session.link(articles[article], Article.tags, tags[tag]).unwrap();
    }
    assert!(session.is_dirty());
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    let sent = |word: &str| recorded.statements.iter().filter(|sql| sql.contains(word)).count();
    let (looked, written) = (sent("= ANY($1)"), sent("INSERT INTO"));
    assert_eq!((looked, written, recorded.round_trips), (1, 1, 2), "{recorded:?}");
    let expected = [(1, "db"), (1, "rust"), (2, "db"), (2, "rust"), (3, "db"), (3, "rust")];
    assert_eq!(links(&fixture.engine).await, owned(&expected));
}

#[tokio::test]
async fn new_objects_are_linked_on_either_side_without_a_look() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let (articles, tags) = loaded(&mut session).await;
    session.commit().await.unwrap();
    fixture.recorder.take();
    let article = session.add(NewArticle::new(1, "d"));
    let tag = session.add(NewTag::new("new"));
    session.link(article, Article.tags, tags[0]).unwrap();
    session.link(articles[1], Article.tags, tag).unwrap();
    session.link(article, Article.tags, tag).unwrap();
    session.link(article, Article.tags, tag).unwrap();
    session.commit().await.unwrap();
    let id = session[article].id;
    let links = links(&fixture.engine).await;
    assert!([(id, "db"), (id, "new"), (2, "new")].iter().all(|link| links.contains(&owned(&[*link])[0])));
    assert_eq!(links.len(), 6);
}

#[tokio::test]
async fn a_link_is_ended_without_being_loaded_and_what_is_not_there_is_left() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let (articles, tags) = loaded(&mut session).await;
    session.unlink(articles[0], Article.tags, tags[1]).unwrap();
    session.unlink(articles[1], Article.tags, tags[1]).unwrap();
    session.link(articles[2], Article.tags, tags[1]).unwrap();
    session.unlink(articles[2], Article.tags, tags[1]).unwrap();
    session.unlink(articles[2], Article.tags, tags[0]).unwrap();
    session.link(articles[2], Article.tags, tags[0]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(
        links(&fixture.engine).await,
        owned(&[(1, "db"), (3, "db")]),
        "the last call for a pair counts"
    );
    session.link(articles[0], Article.tags, tags[1]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture.engine).await.len(), 3);
}

#[tokio::test]
async fn a_set_of_links_sends_what_differs() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let (articles, tags) = loaded(&mut session).await;
    let new = session.add(NewTag::new("new"));
    fixture.recorder.take();
    session.set_links(articles[0], Article.tags, [tags[1], new, new]).unwrap();
    session.set_links(articles[2], Article.tags, [tags[0]]).unwrap();
    session.set_links(articles[1], Article.tags, []).unwrap();
    let changes_before = fixture.recorder.take();
    assert!(changes_before.statements.is_empty());
    session.flush().await.unwrap();
    let recorded = fixture.recorder.take();
    let is_write = |sql: &&String| sql.contains("INSERT INTO") || sql.contains("DELETE FROM");
    let written: Vec<_> = recorded.statements.iter().filter(is_write).collect();
    assert_eq!(written.len(), 3, "a tag, a link, the deletion of a link: {written:?}");
    session.commit().await.unwrap();
    assert_eq!(links(&fixture.engine).await, owned(&[(1, "new"), (1, "rust"), (3, "db")]));
    let set = session.load(articles[0], Article.tags).await.unwrap();
    assert_eq!(set.len(), 2);
}

#[tokio::test]
async fn a_link_that_is_rolled_back_is_not_there_and_can_be_made_again() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let (articles, tags) = loaded(&mut session).await;
    session.link(articles[1], Article.tags, tags[0]).unwrap();
    session.flush().await.unwrap();
    assert_eq!(session.load(articles[1], Article.tags).await.unwrap().len(), 1);
    session.rollback().await.unwrap();
    assert!(session.load(articles[1], Article.tags).await.unwrap().is_empty());
    session.link(articles[1], Article.tags, tags[0]).unwrap();
    session.rollback().await.unwrap();
    assert!(!session.is_dirty(), "what was asked for is forgotten");
    let mut nested = session.begin_nested().await.unwrap();
    nested.link(articles[1], Article.tags, tags[1]).unwrap();
    nested.rollback().await.unwrap();
    session.link(articles[1], Article.tags, tags[0]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture.engine).await, owned(&[(1, "db"), (1, "rust"), (2, "db"), (3, "db")]));
}

#[tokio::test]
async fn links_come_together_with_rows_that_the_program_added_and_deleted_itself() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let (articles, tags) = loaded(&mut session).await;
    session.add(NewArticleTag::new(articles[1], tags[0]));
    session.link(articles[1], Article.tags, tags[0]).unwrap();
    let link = session.find::<ArticleTag>((3, "db".to_owned())).await.unwrap().unwrap();
    session.delete(link).unwrap();
    session.link(articles[2], Article.tags, tags[0]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture.engine).await.len(), 4);
}

#[tokio::test]
async fn hooks_see_the_links() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let (articles, tags) = loaded(&mut session).await;
    session.after_flush(|_, changes| {
        assert!(changes.iter().any(|change| change.table().entity == "ArticleTag"), "{changes:?}");
        Ok(())
    });
    session.link(articles[1], Article.tags, tags[0]).unwrap();
    session.commit().await.unwrap();
}

#[tokio::test]
async fn an_object_that_goes_takes_its_links_along() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let (articles, tags) = loaded(&mut session).await;
    session.unlink(articles[0], Article.tags, tags[0]).unwrap();
    session.delete(tags[0]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture.engine).await, owned(&[(1, "rust")]));
    let error = session.link(articles[0], Article.tags, tags[0]).unwrap_err().to_string();
    assert!(error.contains("was deleted"), "{error}");
}

#[derive(Model, Clone, Debug)]
#[orm(
    table = "people",
    many_to_many(friends = Person, through = Friendship, from = Friendship.person_id, to = Friendship.friend_id)
)]
struct Person {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
}

/// With a key of its own, columns that have defaults, and a foreign key that may be NULL.
#[derive(Model, Clone, Debug)]
#[orm(table = "friendships", unique(person_id, friend_id))]
struct Friendship {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Person.id)]
    person_id: i64,
    #[orm(references = Person.id)]
    friend_id: i64,
    #[orm(references = Person.id)]
    introduced_by: Option<i64>,
    #[orm(default = "'acquaintance'")]
    kind: String,
    note: Option<String>,
}

#[tokio::test]
async fn a_row_between_has_the_defaults_of_its_other_columns() {
    let fixture = Fixture::new(schema![Person, Friendship]).await;
    let mut session = fixture.session();
    let [ann, ben, cid] = ["Ann", "Ben", "Cid"].map(|name| session.add(NewPerson::new(name)));
    session.set_links(ann, Person.friends, [ben, cid]).unwrap();
    session.link(ben, Person.friends, ann).unwrap();
    session.commit().await.unwrap();
    session.set_links(ann, Person.friends, [cid]).unwrap();
    session.commit().await.unwrap();
    let found = fixture.engine.all(select(Friendship).order_by(Friendship.id)).await.unwrap();
    let (a, b, c) = (session[ann].id, session[ben].id, session[cid].id);
    let ends: Vec<_> = found.iter().map(|found| (found.person_id, found.friend_id)).collect();
    assert_eq!(ends.len(), 2);
    assert!(ends.contains(&(a, c)) && ends.contains(&(b, a)), "{ends:?}");
    assert!(found.iter().all(|found| found.kind == "acquaintance" && found.introduced_by.is_none()));
}

#[derive(Model, Clone, Debug)]
#[orm(table = "teams", many_to_many(members = Person, through = Membership))]
struct Team {
    #[orm(primary_key, generated)]
    id: i64,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "memberships")]
struct Membership {
    #[orm(primary_key, references = Team.id)]
    team_id: i64,
    #[orm(primary_key, references = Person.id)]
    person_id: i64,
    #[orm(references = Friendship.id)]
    by_id: i64,
}

#[tokio::test]
async fn a_third_foreign_key_that_must_be_given_is_told() {
    let fixture = Fixture::new(schema![Person, Friendship, Team, Membership]).await;
    let mut session = fixture.session();
    let (team, ann) = (session.add(NewTeam::new()), session.add(NewPerson::new("Ann")));
    session.link(team, Team.members, ann).unwrap();
    let error = session.commit().await.unwrap_err().to_string();
    assert!(error.contains("session.add(NewMembership"), "{error}");
}

#[tokio::test]
async fn a_graph_of_a_thousand_objects_of_five_tables_is_one_flush_of_a_few_statements() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let authors = session.add_all((0..100).map(|n| NewAuthor::new(format!("author {n}"))));
    let tags = session.add_all((0..100).map(|n| NewTag::new(format!("tag {n}"))));
    let articles =
        session.add_all((0..300).map(|n| NewArticle::new(authors[n % 100], format!("article {n}"))));
    session.add_all((0..200).map(|n| super::blog::NewComment::new(articles[n], "comment")));
    for (n, article) in articles.iter().enumerate() {
        session.link(*article, Article.tags, tags[n % 100]).unwrap();
    }
    fixture.recorder.take();
    session.commit().await.unwrap();
    let recorded = fixture.recorder.take();
    let written = recorded.statements.iter().filter(|sql| sql.contains("INSERT INTO")).count();
    assert_eq!(written, 5, "one for each table: {recorded:?}");
    assert!(recorded.statements.len() <= 13 && recorded.round_trips == 2, "{recorded:?}");
    assert_eq!(links(&fixture.engine).await.len(), 303);
    let found = fixture.engine.one(select(Author).filter(Author.name.eq("author 7"))).await.unwrap();
    assert_eq!(found.id, session[authors[7]].id);
}
