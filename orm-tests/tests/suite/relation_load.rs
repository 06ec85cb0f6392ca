//! Relations of values and objects that are there already.

use orm_core::prelude::*;

use super::blog::{Article, Author, Comment, NewArticle, NewTag, Tag, blog, names};

#[tokio::test]
async fn values_in_hand_are_given_what_they_are_related_to() {
    let fixture = blog().await;
    let mut authors = fixture.engine.all(select(Author).order_by(Author.id)).await.unwrap();
    authors.reverse();
    authors.push(authors[2].clone());
    fixture.recorder.take();
    let articles: Vec<Vec<(Article, Vec<Tag>)>> =
        fixture.engine.load(&authors, Author.articles.with(Article.tags)).await.unwrap();
    let counts: Vec<_> = articles
        .iter()
        .map(|articles| articles.iter().map(|(_, tags)| tags.len()).collect::<Vec<_>>())
        .collect();
    assert_eq!(counts, [vec![], vec![1], vec![2, 0], vec![2, 0]]);
    assert_eq!(fixture.recorder.take().statements.len(), 2);
    let counted: Vec<i64> = fixture.engine.load(&authors[..1], Author.articles.count()).await.unwrap();
    assert_eq!(counted, [0]);
    let none = fixture.engine.load::<Author, _>(&[], Author.articles).await.unwrap();
    assert!(none.is_empty());
    assert_eq!(fixture.recorder.take().statements.len(), 1);
}

#[tokio::test]
async fn a_transaction_loads_what_it_wrote() {
    let fixture = blog().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(insert(Article).values(NewArticle::new(3, "new"))).await.unwrap();
    let cid = transaction.all(select(Author).filter(Author.id.eq(3))).await.unwrap();
    let articles = transaction.load(&cid, Author.articles).await.unwrap();
    assert_eq!(names(&articles[0]), "new");
    let comments = transaction.all(select(Comment).order_by(Comment.id)).await.unwrap();
    let articles: Vec<Article> = transaction.load(&comments, Comment.article).await.unwrap();
    assert_eq!(names(&articles), "a a c");
    transaction.rollback().await.unwrap();
}

#[tokio::test]
async fn objects_of_a_session_are_given_handles() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let authors = session.all(select(Author).order_by(Author.id)).await.unwrap();
    let articles: Vec<Handle<Article>> = session.load(authors[0], Author.articles).await.unwrap();
    assert_eq!(articles.iter().map(|article| &*session[*article].title).collect::<String>(), "ab");
    let back: Vec<Handle<Author>> = session.load_all(&articles, Article.author).await.unwrap();
    assert_eq!(back, [authors[0], authors[0]]);
    // What is new is flushed first.
    session.add(NewArticle { author_id: authors[2].into(), ..NewArticle::new(1, "new") });
    let new = session.load_all(&authors, Author.articles).await.unwrap();
    assert_eq!(new.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
}

#[tokio::test]
async fn an_object_that_is_not_inserted_yet_is_related_to_nothing() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let unread = session.add(NewTag::new("unread"));
    let mut session = session.no_autoflush();
    let error = session.load(unread, Tag.articles).await.expect_err("not inserted yet");
    assert!(error.to_string().contains("not inserted yet"), "{error}");
}

#[tokio::test]
async fn peers_are_loaded_in_one_statement() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let bob = session.one(select(Author).filter(Author.name.eq("Bob"))).await.unwrap();
    let authors =
        session.all(select(Author).filter(Author.id.ne(2)).order_by(Author.id.desc())).await.unwrap();
    fixture.recorder.take();
    let articles: Vec<(Handle<Author>, Vec<Handle<Article>>)> =
        session.load_peers(authors[1], Author.articles).await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 1);
    let counts: Vec<_> = articles.iter().map(|(author, articles)| (*author, articles.len())).collect();
    assert_eq!(counts, [(authors[0], 0), (authors[1], 2)], "in the order in which they came");
    // What came with relations has peers too: all articles of that statement.
    let tags = session.load_peers(articles[1].1[0], Article.tags).await.unwrap();
    assert_eq!(tags.len(), 2);
    assert_eq!(session.load_peers(bob, Author.articles).await.unwrap().len(), 1, "Bob came alone");
    session.delete(authors[0]).unwrap();
    session.flush().await.unwrap();
    assert_eq!(session.load_peers(authors[1], Author.articles).await.unwrap().len(), 1, "those still there");
    let dora = session.add(super::blog::NewAuthor::new("Dora"));
    session.flush().await.unwrap();
    assert_eq!(session.load_peers(dora, Author.articles).await.unwrap(), [(dora, vec![])]);
}

#[tokio::test]
async fn a_filtered_relation_is_never_taken_for_the_whole() {
    let fixture = blog().await;
    let mut session = fixture.session();
    let filtered = Author.articles.filter(Article.title.eq("a"));
    let authors = session.all(select(Author).with(filtered).order_by(Author.id)).await.unwrap();
    assert_eq!(authors[0].1.len(), 1);
    assert_eq!(session.load(authors[0].0, Author.articles).await.unwrap().len(), 2);
    let peers = session.load_peers(authors[0].0, Author.articles).await.unwrap();
    assert_eq!(peers.iter().map(|(_, articles)| articles.len()).collect::<Vec<_>>(), [2, 1, 0]);
}
