//! The forms in the table of the front page: each is in this file, where it compiles, and gives what the page says.

use std::path::Path;

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(ColumnType, Clone, Copy, Debug, PartialEq)]
struct Points(i32);

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
enum State {
    Draft,
    Public,
}

#[derive(Model, Clone, Debug)]
#[orm(schema = "blog", table = "users", has_many(posts = Post.user_id))]
struct User {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
    nick: Option<String>,
    age: Option<i32>,
}

#[derive(Model, Clone, Debug)]
#[orm(schema = "blog", table = "posts")]
struct Post {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = User.id, relation = author)]
    user_id: i64,
    title: String,
    tags: Vec<String>,
    score: i32,
    points: Points,
    #[orm(default = "'draft'")]
    state: State,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(schema = "blog", table = "archive")]
struct Archive {
    #[orm(primary_key)]
    id: i64,
    title: String,
}

fn above(column: Column<Post, i64>, least: i64) -> Cond {
    column.gt(least)
}

/// Ann (30) with two posts, Ben (no age) with one.
async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post, Archive]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser { age: Some(30), ..NewUser::new("Ann") });
    let ben = session.add(NewUser { nick: Some("B".into()), ..NewUser::new("Ben") });
    for (user, title, score) in [(ann, "a", 1), (ann, "b", 2), (ben, "c", 4)] {
        let tags = vec![title.to_owned(), "all".to_owned()];
        session.add(NewPost::new(user, title, tags, score, Points(score)));
    }
    session.commit().await.unwrap();
    fixture
}

fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("")
}

#[test]
fn each_form_of_the_front_page_stands_in_this_file() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let table = readme.split_once("\n## Forms\n").unwrap().1.split_once("\n## ").unwrap().0;
    let source = normal(include_str!("readme_forms.rs"));
    let mut forms = 0;
    for line in table.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let here = line.split_once(" | ").unwrap().1.replace("\\|", "|");
        for form in here.split('`').skip(1).step_by(2) {
            assert!(source.contains(&normal(form)), "no test of `{form}`");
            forms += 1;
        }
    }
    assert!(forms > 30, "{forms}");
}

#[tokio::test]
async fn what_is_counted_and_seen_by_windows() {
    let fixture = fixture().await;
    let db = &fixture.engine;
    let authors: i64 = db.one(select(func::count(Post.user_id).distinct())).await.unwrap();
    assert_eq!(authors, 2);
    let window = || partition_by(Post.user_id).order_by(Post.id);
    let sums = select(func::sum(Post.score).over(window().rows(-2..=0))).order_by(Post.id);
    let sums: Vec<Option<i64>> = db.all(sums).await.unwrap();
    assert_eq!(sums, [Some(1), Some(3), Some(4)]);
    let before = func::lag(Post.score).offset(2).default(0).over(order_by(Post.id));
    let before: Vec<i32> = db.all(select(before).order_by(Post.id)).await.unwrap();
    assert_eq!(before, [0, 0, 1]);
    let posts = select(func::count(Post)).filter(Post.user_id.eq(User.id)).scalar().never_null();
    let counted: Vec<(String, i64)> = db.all(select((User.name, posts)).order_by(User.id)).await.unwrap();
    assert_eq!(counted, [("Ann".to_owned(), 2), ("Ben".to_owned(), 1)]);
    let last = select(func::max(Post.id)).filter(Post.user_id.eq(User.id)).scalar();
    let last: Vec<Option<i64>> = db.all(select(last).select_from(User).order_by(User.id)).await.unwrap();
    assert_eq!(last, [Some(2), Some(3)]);
    let titles = func::array_agg(Post.title).order_by(Post.id.desc());
    let titles: Vec<Option<Vec<String>>> =
        db.all(select(titles).group_by(Post.user_id).order_by(Post.user_id)).await.unwrap();
    assert_eq!(titles[0].as_deref(), Some(&["b".to_owned(), "a".to_owned()][..]));
    let means = select((func::avg(Post.score), func::jsonb_agg(Post.score)));
    let (mean, all): (Option<rust_decimal::Decimal>, Option<serde_json::Value>) =
        db.one(means).await.unwrap();
    assert_eq!((mean.map(|mean| mean > 2.into()), all), (Some(true), Some(serde_json::json!([1, 2, 4]))));
    let text: Option<String> =
        db.one(select(func::string_agg(Post.title, ", ").order_by(Post.id))).await.unwrap();
    assert_eq!(text.as_deref(), Some("a, b, c"));
    let known: Vec<bool> = db.all(select(User.name.eq("Ann").never_null()).order_by(User.id)).await.unwrap();
    assert_eq!(known, [true, false]);
}

#[tokio::test]
async fn what_is_asked_and_chosen() {
    let fixture = fixture().await;
    let db = &fixture.engine;
    let count = async |condition: Cond| db.count(select(Post).filter(condition)).await.unwrap();
    assert_eq!(count(Post.tags.any("a")).await, 1);
    assert_eq!(count(Post.tags.contains(["a", "all"])).await, 1);
    assert_eq!(count(Post.tags.at(1).eq("b")).await, 1);
    assert_eq!(count(Post.author.is(User.age.gt(18))).await, 2);
    assert_eq!(count(above(Post.id, 1) & Post.points.eq(Points(2))).await, 1);
    assert_eq!(count(Post.state.ne(State::Public)).await, 3);
    let users = async |condition: Cond| db.count(select(User).filter(condition)).await.unwrap();
    assert_eq!(users(User.posts.any(Post.title.eq("c"))).await, 1);
    assert_eq!(users(User.posts.none(Post.title.eq("c"))).await, 1);
    assert_eq!(users(!User.posts.exists()).await, 0);
    assert_eq!(users((User.id, User.name).gt((1, "Ann"))).await, 1);
    let (name, kind) = (
        func::coalesce((User.nick, User.name), "nobody"),
        case().when(User.age.ge(18), "adult").otherwise("unknown"),
    );
    let old = func::greatest(User.age, 18);
    let rows: Vec<(String, String, i32)> = db.all(select((name, kind, old)).order_by(User.id)).await.unwrap();
    let row = |name: &str, kind: &str, age| (name.to_owned(), kind.to_owned(), age);
    assert_eq!(rows, [row("Ann", "adult", 30), row("B", "unknown", 18)]);
    let odd = func::generate_series(1, 5).step(2).derived("odd");
    let odd: Vec<(i32, String)> = db
        .all(
            select((odd.columns(), User.name))
                .select_from(&odd)
                .cross_join(User)
                .order_by((odd.columns(), User.id))
                .limit(2),
        )
        .await
        .unwrap();
    assert_eq!(odd, [(1, "Ann".to_owned()), (1, "Ben".to_owned())]);
}

#[tokio::test]
async fn what_is_written_from_other_tables_and_behind_savepoints() {
    let fixture = fixture().await;
    let db = &fixture.engine;
    let old = select((Post.id, Post.title)).filter(Post.score.lt(2));
    db.execute(insert(Archive).from_select((Archive.id, Archive.title), old)).await.unwrap();
    assert_eq!(db.all(select(Archive)).await.unwrap(), [Archive { id: 1, title: "a".into() }]);
    let moved = update(Post).set(Post.title, User.name).from(User).filter(Post.user_id.eq(User.id));
    assert_eq!(db.execute(moved).await.unwrap(), 3);
    let gone = delete(Post).using(User).filter(Post.user_id.eq(User.id) & User.name.eq("Ben"));
    assert_eq!(db.execute(gone).await.unwrap(), 1);
    let upsert = insert(Archive).values(NewArchive::new(1, "b")).on_conflict(Archive.id);
    db.execute(upsert.do_update().set(Archive.title, excluded(Archive.title))).await.unwrap();

    let mut session = fixture.session();
    let ann = session.one(select(User).filter(User.name.eq("Ann"))).await.unwrap();
    let cid = session.add(NewUser::new("Cid"));
    session.pending_mut(cid).unwrap().age = Some(9);
    let post = session.first(select(Post)).await.unwrap().unwrap();
    session.set(post, Post.author, cid).unwrap();
    // As `session.nested`.
    let lost = session
        .nested(async |session| {
            session.delete(ann)?;
            session.execute(sql!("SELECT 1 / 0")).await
        })
        .await;
    assert!(lost.is_err());
    session.commit().await.unwrap();
    assert_eq!(db.count(select(Post).filter(Post.author.is(User.age.eq(9)))).await.unwrap(), 1);
    db.transaction(async |tx| {
        let lost = tx.nested(async |tx| tx.execute(sql!("SELECT 1 / 0")).await).await;
        assert!(lost.is_err());
        tx.nested(async |tx| tx.execute(delete(Archive).all_rows()).await).await
    })
    .await
    .unwrap();
}
