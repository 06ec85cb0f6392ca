//! The program of the README.

#![expect(missing_docs, reason = "it is shown whole on the front page, which explains it")]

use orm_core::prelude::*;

// Also `many_to_many(tags = Tag, through = PostTag)`; `#[derive(Enum)] enum Role { Reader, Writer }` is the type of a column.
#[derive(Model, Clone, Debug)]
#[orm(table = "users", has_many(posts = Post.user_id))]
pub struct User {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
    pub age: Option<i32>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "posts")]
pub struct Post {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.id, relation = author, on_delete = cascade)]
    pub user_id: i64,
    pub title: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::builder(std::env::var("DATABASE_URL")?).connect().await?;
    engine.create_all(schema![User, Post]).await?; // makes what is missing

    // A session keeps objects in step with their rows. A handle names an object, and is `Copy`.
    let mut session = SessionMaker::new(engine.clone()).session();
    let alice = session.add(NewUser { name: "Alice".into(), age: Some(25) });
    session.add(NewPost::new(alice, "Hello")); // or `NewPost { user_id: alice.into(), title: .. }`; a key takes `.into()` too
    session.commit().await?; // both rows and COMMIT: two round trips; until then a new object is `session.pending_mut(alice)?`
    session[alice].age = Some(26); // or `session.delete(alice)?`: the commit deletes its row
    session.commit().await?; // UPDATE "users" SET "age" = ..: what has changed, and nothing else
    session.nested(async |s| s.execute(insert(NewUser::new("Cid"))).await).await?; // a savepoint, taken back by an error
    session.commit().await?;

    // An engine gives values, one round trip a statement.
    let adults: Vec<User> = engine.all(select(User).filter(User.age.ge(18)).order_by(User.name)).await?;
    println!("{} adults, the first is {}", adults.len(), adults[0].name);
    let posts = func::count(Post.id); // `&posts`: used twice without a clone
    let by_posts = select((User.name, &posts)).left_join(Post, Post.user_id.eq(User.id));
    let by_posts: Vec<(String, i64)> = engine.all(by_posts.group_by(User.id).order_by(posts.desc())).await?;
    // A tuple, or a struct: `#[derive(Row)] struct Line { name: String, posts: i64 }`, `select(SelectLine { name: User.name, .. })`.
    let titles = select((User.name, Post.title.optional())).left_join(Post, Post.user_id.eq(User.id));
    let titles: Vec<(String, Option<String>)> = engine.all(titles.order_by(User.id)).await?; // `.optional()`: a left join may not find it
    println!("posts of each: {by_posts:?}, titles: {titles:?}");
    let found: Option<User> = engine.find::<User>(1).await?; // by key; also `first`, `one`, `one_or_none`, `exists`, `count`
    println!("found: {}", found.is_some_and(|user| user.age == Some(26)));
    // An alias, a plain value, and a filter that may be left out; pages with the number of all rows, or from a cursor on.
    let (elder, name) = (User.alias("elder"), Some("A"));
    let pairs = select((User.name, elder.name, lit("is older"))).join(elder, elder.age.gt(User.age));
    let pairs = pairs.filter_some(name, |name| User.name.starts_with(name)).order_by((User.id, elder.id));
    let page = engine.page(pairs, 1, 20).await?;
    let users = engine.page_after(select(User).order_by(User.name), None, 20).await?; // then `users.next.as_deref()`
    println!("{} of {} pairs, {} users", page.rows.len(), page.total, users.rows.len());
    // A select is a table for another one; what the typed statements cannot say is SQL.
    let place = func::row_number().over(partition_by(Post.user_id).order_by(Post.id.desc()));
    let ranked = select((Post.title, place)).derived("ranked");
    let (title, place) = ranked.columns(); // or `ranked.column(Post.title)`
    let newest: Vec<String> = engine.all(select(title).select_from(&ranked).filter(place.eq(1))).await?;
    let loud = sql!("SELECT {User.id}, upper({User.name}) FROM {User} WHERE {User.age} > {}", 18);
    let loud: Vec<(i64, String)> = engine.all(loud.rows()).await?;
    println!("newest: {newest:?}, loud: {loud:?}");
    // Relations, `User.posts.with(Post.comments)` and deeper: one more statement each, or one round trip by `.together()`.
    let with_posts: Vec<(User, Vec<Post>)> = engine.all(select(User).with(User.posts)).await?;
    println!("{} wrote {:?}", with_posts[0].0.name, with_posts[0].1[0].title);
    // A transaction commits, or is rolled back by an error (of your own type: `try_transaction`, `try_run`, `try_nested`); it is done again after a collision, and so gives what it collects, and changes no variable around it.
    let bob: User = engine.one(insert(NewUser::new("Bob")).returning(User)).await?; // upsert by a unique `name`: `.on_conflict(User.name).do_update().set(User.age, excluded(User.age))`
    let changed: u64 = engine
        .transaction(async |tx| {
            // `&mut orm_core::Transaction`. What is read and then written needs a lock, `Isolation::Serializable`, or a `version` column of the model.
            tx.one(select(User).filter(User.id.eq(bob.id)).for_update()).await?;
            tx.execute(delete(Post).filter(Post.user_id.eq(bob.id))).await?;
            tx.execute(update(User).set(User.age, User.age + 1).filter(User.age.is_not_null())).await
        })
        .await?;
    let ages: Option<i64> = engine.one(select(func::sum(User.age))).await?; // the sum of no rows is NULL
    println!("{changed} is older, all are {ages:?}");
    engine.close().await;
    Ok(())
}
