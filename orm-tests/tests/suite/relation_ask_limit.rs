//! Relations with a limit in conditions: of the first related rows, and of no others.

use orm_core::prelude::*;
use orm_tests::Fixture;

use super::blog::{Article, Author, Comment, Tag, blog, names};
use super::relation_alias::{Emp, NewEmp};

async fn authors(fixture: &Fixture, condition: Cond) -> String {
    names(&fixture.engine.all(select(Author).filter(condition).order_by(Author.id)).await.unwrap())
}

async fn articles(fixture: &Fixture, condition: Cond) -> String {
    names(&fixture.engine.all(select(Article).filter(condition).order_by(Article.id)).await.unwrap())
}

#[tokio::test]
async fn no_related_row_is_among_the_first_none() {
    let fixture = blog().await;
    assert_eq!(authors(&fixture, Author.articles.limit(0).exists()).await, "");
    assert_eq!(authors(&fixture, Author.articles.limit(0).all(Article.title.eq("z"))).await, "Ann Bob Cid");
    assert_eq!(authors(&fixture, Author.articles.limit(1).exists()).await, "Ann Bob");
}

#[tokio::test]
async fn any_none_and_all_ask_the_first_rows_in_their_order() {
    let fixture = blog().await;
    let first = || Author.articles.order_by(Article.title).limit(1);
    let last = || Author.articles.order_by(Article.title.desc()).limit(1);
    let is_a = || Article.title.eq("a");
    assert_eq!(authors(&fixture, first().any(is_a())).await, "Ann");
    assert_eq!(authors(&fixture, last().any(is_a())).await, "");
    assert_eq!(authors(&fixture, first().none(is_a())).await, "Bob Cid");
    assert_eq!(authors(&fixture, last().all(Article.title.eq("b"))).await, "Ann Cid");
    assert_eq!(authors(&fixture, Author.articles.limit(1).any(Article.title.eq("b"))).await, "");
    // What the filter leaves is limited, and not the other way round.
    let not_a = Author.articles.filter(Article.title.ne("a")).order_by(Article.title).limit(1);
    assert_eq!(authors(&fixture, not_a.any(Article.title.eq("b"))).await, "Ann");
    let commented = first().any(Article.comments.limit(1).any(Comment.text.eq("c1")));
    assert_eq!(authors(&fixture, commented).await, "Bob");
}

#[tokio::test]
async fn a_limit_counts_the_rows_between_too() {
    let fixture = blog().await;
    let last = || Article.tags.order_by(Tag.name.desc()).limit(1);
    let all = articles(&fixture, Article.tags.exists()).await;
    assert_eq!(articles(&fixture, last().exists()).await, all);
    let tags =
        fixture.engine.all(select(Article).with(last().only(Tag.name)).order_by(Article.id)).await.unwrap();
    for name in ["rust", "db"] {
        let with = tags.iter().filter(|(_, tags)| tags.iter().any(|tag| tag == name));
        let with: Vec<_> = with.map(|(article, _)| article.clone()).collect();
        assert_eq!(articles(&fixture, last().any(Tag.name.eq(name))).await, names(&with), "{name}");
    }
}

#[tokio::test]
async fn a_relation_to_the_model_itself_is_limited_for_each_row() {
    let fixture = Fixture::new(schema![Emp]).await;
    for (id, boss) in [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2)), (5, Some(2))] {
        let new = NewEmp { id, boss_id: boss.map(Into::into) };
        fixture.engine.execute(insert(Emp).values(new)).await.unwrap();
    }
    let asked = async |condition: Cond| {
        fixture.engine.all(select(Emp.id).filter(condition).order_by(Emp.id)).await.unwrap()
    };
    assert_eq!(asked(Emp.reports.order_by(Emp.id.desc()).limit(1).any(Emp.id.eq(3))).await, [1]);
    assert_eq!(asked(Emp.reports.order_by(Emp.id).limit(1).any(Emp.id.in_([3, 4]))).await, [2]);
    assert_eq!(asked(Emp.reports.limit(0).exists()).await, [0; 0]);
    let boss = Emp.alias("boss");
    let of_alias = select(boss.id).filter(boss.reports.order_by(Emp.id).limit(1).any(Emp.id.eq(4)));
    assert_eq!(fixture.engine.all(of_alias).await.unwrap(), [2]);
}

#[tokio::test]
async fn a_filtered_relation_to_one_is_asked() {
    let fixture = blog().await;
    let ann = Article.author.filter(Author.id.eq(1));
    assert_eq!(articles(&fixture, ann.clone().is(Author.name.eq("Ann"))).await, "a b");
    assert_eq!(articles(&fixture, ann.is(Author.name.eq("Bob"))).await, "");
}

#[tokio::test]
async fn a_limit_below_zero_is_refused() {
    let fixture = blog().await;
    let below = || Author.articles.limit(-1);
    for error in [
        fixture.engine.all(select(Author).with(below())).await.map(|_| ()).unwrap_err(),
        fixture.engine.all(select(Author).filter(below().exists())).await.map(|_| ()).unwrap_err(),
        fixture.engine.all(select(Author).with(below().count())).await.map(|_| ()).unwrap_err(),
        fixture.engine.all(select((Author.id, below().count()))).await.map(|_| ()).unwrap_err(),
        fixture.engine.all(select(Author).with(below().only(Article.id))).await.map(|_| ()).unwrap_err(),
    ] {
        assert!(error.is_invalid_statement() && error.to_string().contains("a limit of -1 rows"), "{error}");
    }
}
