//! Graphs of models: a long chain, cycles between modules, diamonds; parts of relations as fields.

use orm_core::prelude::*;
use orm_tests::Fixture;

use super::blog::{Article, Author, NewArticle, NewAuthor, blog};

macro_rules! chain {
    ($($table:literal $model:ident: $before:ident, $next:ident;)*) => { $(
        #[derive(Model, Clone, Debug)]
        #[orm(table = $table, has_many(next = $next.before_id))]
        struct $model {
            #[orm(primary_key, generated)]
            id: i64,
            #[orm(references = $before.id, relation = before)]
            before_id: Option<i64>,
        }
    )* };
}

/// Whether rows of all these models follow each other.
macro_rules! asked {
    ($last:ident) => { $last.next.exists() };
    ($model:ident $($next:ident)+) => { $model.next.any(asked!($($next)+)) };
}

macro_rules! read {
    ($last:ident) => { $last.next };
    ($model:ident $($next:ident)+) => { $model.next.with(read!($($next)+)) };
}

// Forty models in a circle, each of which knows the one before and the next.
chain! {
    "chain_0" M0: M39, M1;
    "chain_1" M1: M0, M2;
    "chain_2" M2: M1, M3;
    "chain_3" M3: M2, M4;
    "chain_4" M4: M3, M5;
    "chain_5" M5: M4, M6;
    "chain_6" M6: M5, M7;
    "chain_7" M7: M6, M8;
    "chain_8" M8: M7, M9;
    "chain_9" M9: M8, M10;
    "chain_10" M10: M9, M11;
    "chain_11" M11: M10, M12;
    "chain_12" M12: M11, M13;
    "chain_13" M13: M12, M14;
    "chain_14" M14: M13, M15;
    "chain_15" M15: M14, M16;
    "chain_16" M16: M15, M17;
    "chain_17" M17: M16, M18;
    "chain_18" M18: M17, M19;
    "chain_19" M19: M18, M20;
    "chain_20" M20: M19, M21;
    "chain_21" M21: M20, M22;
    "chain_22" M22: M21, M23;
    "chain_23" M23: M22, M24;
    "chain_24" M24: M23, M25;
    "chain_25" M25: M24, M26;
    "chain_26" M26: M25, M27;
    "chain_27" M27: M26, M28;
    "chain_28" M28: M27, M29;
    "chain_29" M29: M28, M30;
    "chain_30" M30: M29, M31;
    "chain_31" M31: M30, M32;
    "chain_32" M32: M31, M33;
    "chain_33" M33: M32, M34;
    "chain_34" M34: M33, M35;
    "chain_35" M35: M34, M36;
    "chain_36" M36: M35, M37;
    "chain_37" M37: M36, M38;
    "chain_38" M38: M37, M39;
    "chain_39" M39: M38, M0;
}

#[tokio::test]
async fn forty_models_in_a_chain_are_read_and_asked_without_a_raised_recursion_limit() {
    let fixture = Fixture::new(schema![
        M0, M1, M2, M3, M4, M5, M6, M7, M8, M9, M10, M11, M12, M13, M14, M15, M16, M17, M18, M19, M20, M21,
        M22, M23, M24, M25, M26, M27, M28, M29, M30, M31, M32, M33, M34, M35, M36, M37, M38, M39
    ])
    .await;
    let mut session = fixture.session();
    let first = session.add(NewM0::new());
    let second = session.add(NewM1 { before_id: Some(first.into()) });
    session.add(NewM2 { before_id: Some(second.into()) });
    session.commit().await.unwrap();
    let to_the_end = asked!(
        M0 M1 M2 M3 M4 M5 M6 M7 M8 M9 M10 M11 M12 M13
        M14 M15 M16 M17 M18 M19 M20 M21 M22 M23 M24 M25 M26 M27
        M28 M29 M30 M31 M32 M33 M34 M35 M36 M37 M38 M39
    );
    assert!(fixture.engine.all(select(M0).filter(to_the_end)).await.unwrap().is_empty());
    let read = select(M0).with(read!(M0 M1 M2 M3 M4 M5 M6 M7));
    let rows = fixture.engine.all(read).await.unwrap();
    assert_eq!(rows[0].1[0].1.len(), 1);
}

mod writers {
    use orm_core::prelude::*;

    use super::books::Volume;

    #[derive(Model, Clone, Debug)]
    #[orm(table = "writers", has_many(volumes = Volume.writer_id))]
    pub struct Writer {
        #[orm(primary_key, generated)]
        pub id: i64,
        #[orm(references = Volume.id, relation = favorite)]
        pub favorite_id: Option<i64>,
    }
}

mod books {
    use orm_core::prelude::*;

    use super::writers::Writer;

    #[derive(Model, Clone, Debug)]
    #[orm(table = "volumes", has_many(liked_by = Writer.favorite_id))]
    pub struct Volume {
        #[orm(primary_key, generated)]
        pub id: i64,
        #[orm(references = Writer.id, relation = writer)]
        pub writer_id: i64,
    }
}

#[tokio::test]
async fn models_of_different_modules_refer_to_each_other() {
    use books::{NewVolume, Volume};
    use writers::{NewWriter, Writer};
    let fixture = Fixture::new(schema![Writer, Volume]).await;
    let mut session = fixture.session();
    let writer = session.add(NewWriter::new());
    let volume = session.add(NewVolume::new(writer));
    session.flush().await.unwrap();
    session.set(writer, Writer.favorite, Some(volume)).unwrap();
    session.commit().await.unwrap();
    let read =
        select(Writer).with(Writer.favorite.with(Volume.writer)).with(Writer.volumes.with(Volume.liked_by));
    let rows = fixture.engine.all(read).await.unwrap();
    let (_, favorite, volumes) = &rows[0];
    assert_eq!(favorite.as_ref().unwrap().1.id, volumes[0].1[0].id);
}

#[tokio::test]
async fn both_ways_of_a_diamond_lead_to_one_object() {
    let fixture = blog().await;
    let mut session = fixture.session();
    // Bob is the editor of "a" and the author of "c".
    let read = select(Article).with(Article.author).with(Article.editor).order_by(Article.id);
    let articles = session.all(read).await.unwrap();
    let (first, last) = (articles[0], articles[2]);
    assert_eq!(first.2, Some(last.1));
    session[last.1].name = "Rob".into();
    assert_eq!(session[first.2.unwrap()].name, "Rob");
    let down = select(Author)
        .with(Author.articles.with(Article.comments))
        .with(Author.edited.with(Article.comments));
    let authors: Vec<(Handle<Author>, Vec<_>, Vec<_>)> = session.all(down.order_by(Author.id)).await.unwrap();
    assert_eq!(
        authors[0].1[0], authors[1].2[0],
        "the article with its comments, by its author and by its editor"
    );
}

#[tokio::test]
async fn an_order_is_kept_within_each_parent() {
    let fixture = blog().await;
    let engine = &fixture.engine;
    let titles = [(1, "z"), (2, "y"), (1, "x"), (3, "w"), (1, "y")];
    engine
        .execute(insert(Article).values(titles.map(|(by, title)| NewArticle::new(by, title))))
        .await
        .unwrap();
    let sorted = Author.articles.order_by((Article.title.desc(), Article.id)).only(Article.title);
    let rows = engine.all(select(Author).with(sorted.clone()).order_by(Author.id.desc())).await.unwrap();
    let titles: Vec<String> = rows.iter().map(|(_, titles)| titles.concat()).collect();
    assert_eq!(titles, ["w", "yc", "zyxba"]);
    let together =
        engine.all(select(Author).with(sorted).order_by(Author.id.desc()).together()).await.unwrap();
    assert_eq!(together.iter().map(|(_, titles)| titles.concat()).collect::<Vec<_>>(), titles);
}

#[derive(Row, Clone, Debug)]
#[orm(of = Article)]
struct Title {
    title: String,
}

#[derive(Row, Debug)]
#[orm(of = Author)]
struct AuthorPage {
    name: String,
    #[orm(relation = articles.order_by(Article.id.desc()).limit(1))]
    last: Vec<Title>,
    #[orm(relation = articles.filter(Article.editor_id.is_not_null()))]
    edited: Vec<Title>,
    #[orm(count = articles.filter(Article.comments.exists()))]
    discussed: i64,
}

#[derive(Row, Debug)]
#[orm(of = Article)]
struct ArticlePage {
    #[orm(relation = author.filter(Author.name.ne("Bob")))]
    author: Option<Author>,
    #[orm(relation = tags.limit(1))]
    tags: Vec<super::blog::Tag>,
}

#[tokio::test]
async fn a_field_is_a_part_of_a_relation() {
    let fixture = blog().await;
    fixture.engine.execute(insert(Author).values([NewAuthor::new("Dora")])).await.unwrap();
    fixture.recorder.take();
    let pages = fixture.engine.all(select(AuthorPage).order_by(Author.id)).await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 3);
    let told = |page: &AuthorPage| {
        let titles = |titles: &[Title]| titles.iter().map(|line| line.title.as_str()).collect::<String>();
        format!("{} {} {} {}", page.name, titles(&page.last), titles(&page.edited), page.discussed)
    };
    let told: Vec<String> = pages.iter().map(told).collect();
    assert_eq!(told, ["Ann b a 1", "Bob c  1", "Cid   0", "Dora   0"]);
    let pages = fixture.engine.all(select(ArticlePage).order_by(Article.id)).await.unwrap();
    assert_eq!(pages.iter().map(|page| page.author.is_some()).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(pages.iter().map(|page| page.tags.len()).collect::<Vec<_>>(), [1, 0, 1]);
}
