//! Relations in conditions and joins.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Employee, NewEmployee};

use super::blog::{Article, Author, Comment, Tag, blog, names};

/// The names of the authors for whom this is true.
async fn authors(fixture: &Fixture, condition: Cond) -> String {
    names(&fixture.engine.all(select(Author).filter(condition).order_by(Author.id)).await.unwrap())
}

/// The titles of the articles for which this is true.
async fn articles(fixture: &Fixture, condition: Cond) -> String {
    names(&fixture.engine.all(select(Article).filter(condition).order_by(Article.id)).await.unwrap())
}

#[tokio::test]
async fn any_none_and_all_ask_for_related_rows() {
    let fixture = blog().await;
    let is_a = || Article.title.eq("a");
    assert_eq!(authors(&fixture, Author.articles.any(is_a())).await, "Ann");
    assert_eq!(authors(&fixture, Author.articles.none(is_a())).await, "Bob Cid");
    assert_eq!(authors(&fixture, Author.articles.all(Article.title.ne("a"))).await, "Bob Cid");
    assert_eq!(authors(&fixture, Author.articles.exists()).await, "Ann Bob");
    assert_eq!(authors(&fixture, !Author.articles.exists()).await, "Cid");
    assert_eq!(fixture.recorder.take().statements.len(), 5);
}

#[tokio::test]
async fn what_is_unknown_is_not_true_of_all() {
    let fixture = blog().await;
    assert_eq!(authors(&fixture, Author.articles.all(Article.editor_id.eq(2))).await, "Cid");
}

#[tokio::test]
async fn is_asks_for_the_one_related_row() {
    let fixture = blog().await;
    assert_eq!(articles(&fixture, Article.author.is(Author.name.eq("Ann"))).await, "a b");
    assert_eq!(articles(&fixture, Article.editor.is(Author.name.eq("Bob"))).await, "a");
    assert_eq!(articles(&fixture, !Article.editor.is(Author.name.eq("Bob"))).await, "b c");
}

#[tokio::test]
async fn relations_are_asked_through_several_steps() {
    let fixture = blog().await;
    let commented = Author.articles.any(Article.comments.any(Comment.text.eq("c1")));
    assert_eq!(authors(&fixture, commented).await, "Bob");
    // There and back again: the same table twice, and each time its own row.
    let by_busy = Article.author.is(Author.articles.any(Article.title.eq("b")));
    assert_eq!(articles(&fixture, by_busy).await, "a b");
    let with_colleagues = Author.articles.any(Article.tags.any(Tag.articles.any(Article.title.eq("c"))));
    assert_eq!(authors(&fixture, with_colleagues).await, "Ann Bob");
}

#[tokio::test]
async fn many_to_many_is_asked_by_way_of_the_table_between() {
    let fixture = blog().await;
    assert_eq!(articles(&fixture, Article.tags.any(Tag.name.eq("rust"))).await, "a");
    assert_eq!(articles(&fixture, Article.tags.none(Tag.name.eq("rust"))).await, "b c");
    assert_eq!(articles(&fixture, Article.tags.count().eq(1)).await, "c");
}

#[tokio::test]
async fn a_count_is_an_expression() {
    let fixture = blog().await;
    let busiest = select(Author).order_by((Author.articles.count(), Author.id));
    assert_eq!(names(&fixture.engine.all(busiest).await.unwrap()), "Cid Bob Ann");
    let counted = select((Author.name, Author.articles.count())).order_by(Author.articles.count().desc());
    let rows: Vec<(String, i64)> = fixture.engine.all(counted).await.unwrap();
    assert_eq!(rows[0], ("Ann".to_owned(), 2));
    assert_eq!(authors(&fixture, Author.articles.count().gt(0)).await, "Ann Bob");
    let some = Author.articles.filter(Article.comments.exists());
    assert_eq!(authors(&fixture, some.count().eq(1)).await, "Ann Bob");
    let capped = select(Author.articles.limit(1).count()).filter(Author.id.eq(1));
    assert_eq!(fixture.engine.one(capped).await.unwrap(), 1);
}

#[tokio::test]
async fn a_filtered_relation_is_asked_too() {
    let fixture = blog().await;
    let tagged = || Author.articles.filter(Article.tags.exists());
    assert_eq!(authors(&fixture, tagged().exists()).await, "Ann Bob");
    assert_eq!(authors(&fixture, tagged().any(Article.title.eq("c"))).await, "Bob");
    assert_eq!(authors(&fixture, tagged().none(Article.title.eq("c"))).await, "Ann Cid");
    assert_eq!(authors(&fixture, tagged().all(Article.title.eq("a"))).await, "Ann Cid");
}

#[tokio::test]
async fn a_relation_to_the_model_itself_is_asked_without_an_alias() {
    let fixture = Fixture::new(schema![Employee]).await;
    for (name, manager) in [("Boss", None), ("Aid", Some(1)), ("Eve", Some(1)), ("Fay", Some(2))] {
        let new = NewEmployee { manager_id: manager.map(Into::into), ..NewEmployee::new(name) };
        fixture.engine.execute(insert(Employee).values(new)).await.unwrap();
    }
    let asked = async |condition: Cond| {
        let rows = select(Employee.name).filter(condition).order_by(Employee.id);
        fixture.engine.all(rows).await.unwrap().join(" ")
    };
    assert_eq!(asked(Employee.reports.any(Employee.name.eq("Fay"))).await, "Aid");
    assert_eq!(asked(Employee.reports.none(Employee.name.eq("Fay"))).await, "Boss Eve Fay");
    assert_eq!(asked(Employee.manager.is(Employee.name.eq("Boss"))).await, "Aid Eve");
    assert_eq!(asked(Employee.reports.count().ge(2)).await, "Boss");
    let two_levels = Employee.reports.any(Employee.reports.any(Employee.name.eq("Fay")));
    assert_eq!(asked(two_levels).await, "Boss");
    // Of an alias, the conditions mean the related row all the same.
    let boss = Employee.alias("boss");
    let names = select(boss.name).filter(boss.reports.any(Employee.name.eq("Eve")));
    assert_eq!(fixture.engine.all(names).await.unwrap(), ["Boss"]);
}

#[tokio::test]
async fn a_join_goes_by_the_foreign_key() {
    let fixture = blog().await;
    let statement = select((Author.name, Article.title)).join_relation(Author.articles).order_by(Article.id);
    let rows: Vec<(String, String)> = fixture.engine.all(statement).await.unwrap();
    assert_eq!(rows.iter().map(|(_, title)| &**title).collect::<String>(), "abc");
    let outer = select((Author.name, Article.title.optional()))
        .outer_join_relation(Author.articles)
        .filter(Article.id.is_null());
    assert_eq!(fixture.engine.all(outer).await.unwrap(), [("Cid".to_owned(), None)]);
    let tags = select((Article.title, Tag.name)).join_relation(Article.tags).order_by((Article.id, Tag.name));
    assert_eq!(fixture.engine.all(tags).await.unwrap().len(), 3);
    let steps = select((Author.name, Comment.text))
        .join_relation(Author.articles)
        .join_relation(Article.comments)
        .order_by(Comment.id);
    assert_eq!(fixture.engine.all(steps).await.unwrap()[2], ("Bob".to_owned(), "c1".to_owned()));
}

#[tokio::test]
async fn a_join_takes_the_filter_of_a_relation() {
    let fixture = blog().await;
    let is_c = || Author.articles.filter(Article.title.eq("c"));
    let inner = select((Author.name, Article.title)).join_relation(is_c());
    assert_eq!(fixture.engine.all(inner).await.unwrap(), [("Bob".to_owned(), "c".to_owned())]);
    // The filter stands in the join: who has no such row is there all the same.
    let outer = select((Author.name, Article.title.optional())).outer_join_relation(is_c());
    let outer: Vec<(String, Option<String>)> = fixture.engine.all(outer.order_by(Author.id)).await.unwrap();
    let of = |name: &str, title: Option<&str>| (name.to_owned(), title.map(str::to_owned));
    assert_eq!(outer, [of("Ann", None), of("Bob", Some("c")), of("Cid", None)]);
    let of_tags = Article.tags.filter(Tag.name.eq("rust"));
    let tags = select((Article.title, Tag.name.optional())).outer_join_relation(of_tags).order_by(Article.id);
    assert_eq!(
        fixture.engine.all(tags).await.unwrap(),
        [of("a", Some("rust")), of("b", None), of("c", None)]
    );
}

#[tokio::test]
async fn a_join_takes_no_other_part_of_a_relation() {
    let fixture = blog().await;
    for (relation, part) in
        [(Author.articles.limit(1), "limit"), (Author.articles.order_by(Article.id), "order_by")]
    {
        let statement = select((Author.name, Article.title)).join_relation(relation);
        let error = fixture.engine.all(statement).await.unwrap_err().to_string();
        assert!(
            error.contains(&format!("with its `filter` alone, and this one has `.{part}(..)`")),
            "{error}"
        );
        assert!(error.contains("relation_ask.rs"), "{error}");
    }
}

#[tokio::test]
async fn the_condition_of_a_relation_joins_an_alias() {
    let fixture = blog().await;
    let editor = Author.alias("editor");
    let statement = select((Author.name, Article.title, editor.name.optional()))
        .join(Article, Author.articles.on(Article))
        .outer_join(editor, Article.editor.on(editor))
        .order_by(Article.id);
    let rows = fixture.engine.all(statement).await.unwrap();
    assert_eq!(rows[0], ("Ann".to_owned(), "a".to_owned(), Some("Bob".to_owned())));
    assert_eq!(rows[1].2, None);
    let tagged =
        select((Article.title, Tag.name)).join(Tag, Article.tags.on(Tag)).order_by((Article.id, Tag.name));
    assert_eq!(fixture.engine.all(tagged).await.unwrap().len(), 3);
}

#[tokio::test]
async fn updates_and_deletes_are_filtered_by_relations() {
    let fixture = blog().await;
    let changed = update(Author).set(Author.name, "busy").filter(Author.articles.count().gt(1));
    assert_eq!(fixture.engine.execute(changed).await.unwrap(), 1);
    let gone = delete(Author).filter(!Author.articles.exists());
    assert_eq!(fixture.engine.execute(gone).await.unwrap(), 1);
    assert_eq!(authors(&fixture, lit(true).eq(true)).await, "busy Bob");
}
