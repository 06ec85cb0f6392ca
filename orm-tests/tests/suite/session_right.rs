//! What a session does where its role may use some columns of a table only.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "members")]
struct Member {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
    #[orm(default = "'new'", on_update = "state || '!'")]
    state: String,
    #[orm(version)]
    version: i32,
}

/// With the rights on the model's columns, as far as they are asked for, and none on a column that the model does not
/// know; `None` where a superuser runs the tests, who may do anything.
async fn with_rights(rights: &str) -> Option<Fixture> {
    let fixture = Fixture::new(schema![Member]).await;
    let change = format!(
        "ALTER TABLE members ADD COLUMN secret text DEFAULT 'x'; \
         DO $$ BEGIN EXECUTE 'REVOKE ALL ON members FROM ' || quote_ident(current_user); \
         EXECUTE 'GRANT {rights} ON members TO ' || quote_ident(current_user); END $$"
    );
    fixture.database.execute(&change).await;
    let right =
        fixture.database.query_text("SELECT has_column_privilege('members', 'secret', 'SELECT')").await;
    (right == [[Some("f".to_owned())]]).then_some(fixture)
}

const SESSION: &str =
    "SELECT (id, name, state, version), INSERT (id, name, version), UPDATE (name, state, version), DELETE";

#[tokio::test]
async fn a_session_needs_rights_on_the_columns_of_its_models_only() {
    let Some(fixture) = with_rights(SESSION).await else {
        return println!("skipped: a superuser has every right");
    };
    let mut session = fixture.session();
    for count in [1, 3] {
        let members = session.add_all((0..count).map(|n| NewMember::new(n.to_string())));
        session.flush().await.expect("inserted");
        let more = session.add_all((0..count).map(|n| NewMember::new(n.to_string())));
        session.commit().await.expect("inserted");
        for &member in members.iter().chain(&more) {
            session[member].name.push('a');
        }
        session.flush().await.expect("updated");
        for &member in &members {
            session[member].name.push('b');
        }
        session.commit().await.expect("updated");
        for (nth, member) in session.values(&members).enumerate() {
            assert_eq!((&*member.name, &*member.state, member.version), (&*format!("{nth}ab"), "new!!", 3));
        }
        members.into_iter().for_each(|member| session.delete(member).expect("marked"));
        session.flush().await.expect("deleted");
        more.into_iter().for_each(|member| session.delete(member).expect("marked"));
        session.commit().await.expect("deleted");
    }
    assert_eq!(fixture.engine.one(select(func::count(Member.id))).await.expect("a number"), 0);
}

#[tokio::test]
async fn a_row_in_conflict_is_changed_with_rights_on_the_columns_of_the_model() {
    let Some(fixture) = with_rights(SESSION).await else {
        return println!("skipped: a superuser has every right");
    };
    let mut session = fixture.session();
    let member = session.add(NewMember::new("a"));
    session.commit().await.expect("committed");
    let again = insert(Member).columns((Member.id, Member.name, Member.version));
    let again = again.values([(session[member].id, "b", 1)]).on_conflict(Member.id).do_update();
    assert_eq!(fixture.engine.execute(again.set(Member.name, "b")).await.expect("updated"), 1);
    session.refresh(member).await.expect("read");
    assert_eq!((&*session[member].state, session[member].version), ("new!", 2));
}

#[tokio::test]
async fn who_may_only_insert_can_do_so_by_the_engine() {
    let Some(fixture) = with_rights("INSERT (name, version)").await else {
        return println!("skipped: a superuser has every right");
    };
    let new = |count: i32| (0..count).map(|n| NewMember::new(n.to_string())).collect::<Vec<_>>();
    assert_eq!(fixture.engine.execute(insert(Member).values(new(1))).await.expect("inserted"), 1);
    assert_eq!(fixture.engine.execute(insert(Member).values(new(3))).await.expect("inserted"), 3);
    let mut session = fixture.session();
    session.add(NewMember::new("a"));
    let error = session.commit().await.expect_err("a session reads what it has written");
    assert!(error.is_insufficient_privilege(), "{error:?}");
}
