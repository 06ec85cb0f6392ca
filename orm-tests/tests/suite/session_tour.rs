//! The program of the guide's page on sessions.

use std::fs;
use std::path::Path;

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

async fn transactions(sessions: SessionMaker, emails: &[&str]) -> Result<(), Error> {
    let mut session = sessions.session();
    for email in emails {
        let mut nested = session.begin_nested().await?; // a savepoint: the session itself for as long as it lives
        nested.add(NewUser::new(*email));
        match nested.commit().await {
            Err(error) if error.is_unique_violation() => {} // only this user is not added
            result => result?,
        }
    }
    session.commit().await?;

    sessions // run again where it collides with the work of others
        .transaction_mode(Isolation::Serializable)
        .run(async |session| {
            let author = session.one(select(User).order_by(User.id).limit(1).for_update()).await?;
            session.add(NewPost::new(author, "First post"));
            let users: Vec<User> = session.connection().await?.all(select(User)).await?; // values, not handles
            session[author].age = i32::try_from(users.len()).ok();
            Ok(())
        })
        .await
}

#[tokio::test]
async fn it_does_what_the_guide_says() {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    transactions(SessionMaker::new(fixture.engine.clone()), &["a@x", "b@x", "a@x"]).await.unwrap();
    let users = fixture.engine.all(select((User.name, User.age)).order_by(User.id)).await.unwrap();
    assert_eq!(users, [("a@x".to_owned(), Some(2)), ("b@x".to_owned(), None)]);
    assert_eq!(fixture.engine.all(select(Post.title)).await.unwrap(), ["First post"]);
}

#[test]
fn the_guide_shows_it() {
    let source = include_str!("session_tour.rs");
    let start = source.find("async fn transactions").unwrap();
    let program = &source[start..start + source[start..].find("\n}\n").unwrap() + 3];
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../orm-core/src/guide/session.md"))
            .unwrap();
    assert!(page.contains(program), "the page should show:\n{program}");
}
