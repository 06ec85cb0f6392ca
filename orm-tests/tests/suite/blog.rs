//! A blog: models with relations of every kind, and a few rows.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "authors",
    has_many(articles = Article.author_id, edited = Article.editor_id),
    has_one(profile = Profile.author_id)
)]
pub struct Author {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "profiles")]
pub struct Profile {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(unique, references = Author.id, relation = author, on_delete = cascade)]
    pub author_id: i64,
    pub text: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    table = "articles",
    has_many(comments = Comment.article_id),
    many_to_many(tags = Tag, through = ArticleTag)
)]
pub struct Article {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Author.id, relation = author, on_delete = cascade)]
    pub author_id: i64,
    #[orm(references = Author.id, relation = editor, on_delete = set_null)]
    pub editor_id: Option<i64>,
    pub title: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "comments")]
pub struct Comment {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Article.id, relation = article, on_delete = cascade)]
    pub article_id: i64,
    pub text: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tags", many_to_many(articles = Article, through = ArticleTag))]
pub struct Tag {
    #[orm(primary_key)]
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "article_tags")]
pub struct ArticleTag {
    #[orm(primary_key, references = Article.id, relation = article, on_delete = cascade)]
    pub article_id: i64,
    #[orm(primary_key, references = Tag.name, relation = tag, on_delete = cascade)]
    pub tag_name: String,
}

/// Ann (1) wrote "a" (1) and "b" (2), Bob (2) wrote "c" (3), Cid (3) nothing; Bob edited "a".
/// Comments: "a1" and "a2" of "a", "c1" of "c". Tags: "db" of "a" and "c", "rust" of "a". Ann has a profile.
pub async fn blog() -> Fixture {
    let fixture = Fixture::new(schema![Author, Profile, Article, Comment, Tag, ArticleTag]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Author).values(["Ann", "Bob", "Cid"].map(NewAuthor::new))).await.unwrap();
    engine.execute(insert(Profile).values(NewProfile::new(1, "of Ann"))).await.unwrap();
    let edited = NewArticle { editor_id: Some(2.into()), ..NewArticle::new(1, "a") };
    let articles = [edited, NewArticle::new(1, "b"), NewArticle::new(2, "c")];
    engine.execute(insert(Article).values(articles)).await.unwrap();
    let comments = [(1, "a1"), (1, "a2"), (3, "c1")].map(|(article, text)| NewComment::new(article, text));
    engine.execute(insert(Comment).values(comments)).await.unwrap();
    engine.execute(insert(Tag).values(["db", "rust"].map(NewTag::new))).await.unwrap();
    let tags = [(1, "db"), (1, "rust"), (3, "db")].map(|(article, tag)| NewArticleTag::new(article, tag));
    engine.execute(insert(ArticleTag).values(tags)).await.unwrap();
    fixture.recorder.take();
    fixture
}

impl Named for Author {
    fn called(&self) -> &str {
        &self.name
    }
}

impl Named for Article {
    fn called(&self) -> &str {
        &self.title
    }
}

impl Named for Comment {
    fn called(&self) -> &str {
        &self.text
    }
}

impl Named for Tag {
    fn called(&self) -> &str {
        &self.name
    }
}

/// What tests call a row.
pub trait Named {
    fn called(&self) -> &str;
}

/// The names of rows, one behind the other.
pub fn names<N: Named>(rows: &[N]) -> String {
    rows.iter().map(Named::called).collect::<Vec<_>>().join(" ")
}
