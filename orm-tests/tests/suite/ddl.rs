//! Tables into the database, and out of it.

use orm_core::prelude::*;
use orm_core::schema::Schema;
use orm_tests::models::{Employee, Mood, NewEmployee, NewPet, NewPost, NewUser, Pet, Post, User};
use orm_tests::{Database, Fixture};

/// Two tables that point at each other.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "teams")]
struct Team {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Player.id, on_delete = set_null)]
    captain_id: Option<i64>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "players")]
struct Player {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Team.id)]
    team_id: i64,
}

/// A key of two columns, one of them a foreign key; names that must be quoted; a default.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "Select \"x\"")]
struct Odd {
    #[orm(primary_key, column = "Order")]
    order: i32,
    #[orm(primary_key, references = User.id, on_delete = restrict)]
    user_id: i64,
    #[orm(column = "O'Neill", default = "'it''s'")]
    text: String,
    mood: Option<Mood>,
}

/// Names as long as PostgreSQL takes them.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "a_table_with_a_name_that_is_quite_as_long_as_postgresql_allows")]
struct Long {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = User.id)]
    first_user_id: i64,
    #[orm(references = User.id)]
    first_user_of_the_second_kind_id: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key, generated)]
    id: i32,
    #[orm(references = User.id, on_delete = set_default, default = "1")]
    user_id: i64,
}

/// Another enum of the same name.
mod other {
    use orm_core::prelude::*;

    #[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Mood {
        Grumpy,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "cats")]
    pub struct Cat {
        #[orm(primary_key)]
        pub name: String,
        pub mood: Mood,
    }
}

/// An engine on an empty database.
async fn engine() -> (Engine, Database) {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.expect("an engine");
    (engine, database)
}

async fn texts(database: &Database, sql: &str) -> Vec<String> {
    database.query_text(sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
}

async fn tables(database: &Database) -> Vec<String> {
    texts(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").await
}

async fn enums(database: &Database) -> Vec<String> {
    texts(database, "SELECT typname FROM pg_type WHERE typtype = 'e'").await
}

async fn foreign_keys(database: &Database) -> Vec<String> {
    texts(database, "SELECT conname FROM pg_constraint WHERE contype = 'f' ORDER BY 1").await
}

#[tokio::test]
async fn tables_are_made_in_the_order_of_their_foreign_keys() {
    let fixture = Fixture::new(schema![Post, User]).await;
    fixture.engine.drop_all(schema![Post, User]).await.expect("dropped");
    fixture.recorder.take();
    fixture.engine.create_all(schema![Post, User]).await.expect("made");
    let sent = fixture.recorder.take().statements;
    let made: Vec<_> =
        sent.iter().filter_map(|sql| sql.strip_prefix("CREATE TABLE IF NOT EXISTS ")).collect();
    assert!(made[0].starts_with("\"users\" (") && made[1].starts_with("\"posts\" ("), "{sent:?}");
    assert_eq!(tables(&fixture.database).await, ["posts", "users"]);
}

#[tokio::test]
async fn what_is_there_stays_as_it_is() {
    let fixture = Fixture::new(schema![User, Post, Pet]).await;
    fixture.engine.execute(insert(User).values(NewUser::new("Ann"))).await.expect("inserted");
    fixture.engine.create_all(schema![User, Post, Pet, Employee]).await.expect("a second time");
    assert_eq!(fixture.engine.one(select(func::count(User.id))).await.expect("a count"), 1);
    assert_eq!(tables(&fixture.database).await, ["employees", "pets", "posts", "users"]);
    assert_eq!(foreign_keys(&fixture.database).await, ["employees_manager_id_fkey", "posts_user_id_fkey"]);
}

#[tokio::test]
async fn a_table_is_made_as_its_model_says() {
    let fixture = Fixture::new(schema![User, Odd]).await;
    let columns = fixture
        .database
        .query_text(
            "SELECT attname, format_type(atttypid, atttypmod), attnotnull, attidentity FROM pg_attribute \
             WHERE attrelid = 'users'::regclass AND attnum > 0 ORDER BY attnum",
        )
        .await;
    let row = |parts: [&str; 4]| parts.map(|part| Some(part.to_owned())).to_vec();
    assert_eq!(columns[0], row(["id", "bigint", "t", "d"]));
    assert_eq!(columns[1], row(["name", "text", "t", ""]));
    assert_eq!(columns[2], row(["age", "integer", "f", ""]));
    // Since PostgreSQL 18 a NOT NULL is a constraint too.
    let key = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype <> 'n' AND \
               conrelid = '\"Select \"\"x\"\"\"'::regclass ORDER BY contype DESC";
    assert_eq!(
        texts(&fixture.database, key).await,
        ["PRIMARY KEY (\"Order\", user_id)", "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT"]
    );
}

#[tokio::test]
async fn odd_names_work_in_every_statement() {
    let fixture = Fixture::new(schema![User, Odd]).await;
    let engine = &fixture.engine;
    engine.execute(insert(User).values(NewUser::new("Ann"))).await.expect("inserted");
    let new = NewOdd { mood: Some(Mood::Happy), ..NewOdd::new(5, 1) };
    let odd = engine.one(insert(Odd).values(new).returning(Odd)).await.expect("a row");
    assert_eq!(odd, Odd { order: 5, user_id: 1, text: "it's".to_owned(), mood: Some(Mood::Happy) });
    let change = update(Odd).set(Odd.text, "'").filter(Odd.text.eq("it's") & Odd.order.eq(5));
    assert_eq!(engine.execute(change).await.expect("updated"), 1);
    assert_eq!(engine.one(select(Odd.text).filter(Odd.order.in_([5]))).await.expect("a row"), "'");
    let error = engine.execute(delete(User).all_rows()).await.expect_err("still referenced");
    assert!(error.is_foreign_key_violation());
    assert_eq!(engine.execute(delete(Odd).all_rows()).await.expect("deleted"), 1);
    engine.drop_all(schema![User, Odd]).await.expect("dropped");
    assert_eq!(tables(&fixture.database).await, Vec::<String>::new());
}

#[tokio::test]
async fn tables_may_point_at_each_other() {
    let fixture = Fixture::new(schema![Team, Player]).await;
    let engine = &fixture.engine;
    let team = engine.one(insert(Team).values(NewTeam::default()).returning(Team.id)).await.expect("a team");
    let player =
        engine.one(insert(Player).values(NewPlayer::new(team)).returning(Player.id)).await.expect("a player");
    engine.execute(update(Team).set(Team.captain_id, player).all_rows()).await.expect("updated");
    let error = engine.execute(delete(Team).all_rows()).await.expect_err("has a player");
    assert!(error.is_foreign_key_violation());
    engine.create_all(schema![Team, Player]).await.expect("a second time");
    engine.drop_all(schema![Team, Player]).await.expect("dropped");
    assert_eq!(tables(&fixture.database).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_table_may_point_at_itself() {
    let fixture = Fixture::new(schema![Employee]).await;
    let engine = &fixture.engine;
    let boss = engine
        .one(insert(Employee).values(NewEmployee::new("Boss")).returning(Employee.id))
        .await
        .expect("a row");
    let aid = NewEmployee { manager_id: Some(boss.into()), ..NewEmployee::new("Aid") };
    engine.execute(insert(Employee).values(aid)).await.expect("inserted");
    engine.execute(delete(Employee).filter(Employee.id.eq(boss))).await.expect("deleted");
    assert_eq!(engine.one(select(Employee.manager_id)).await.expect("a row"), None);
}

#[tokio::test]
async fn deleting_a_target_does_what_the_foreign_key_says() {
    let fixture = Fixture::new(schema![User, Post, Note]).await;
    let engine = &fixture.engine;
    engine.execute(insert(User).values(["Ann", "Bob"].map(NewUser::new))).await.expect("inserted");
    engine.execute(insert(Post).values(NewPost::new(2, "x"))).await.expect("inserted");
    engine.execute(insert(Note).values(NewNote { user_id: Some(2.into()) })).await.expect("inserted");
    engine.execute(delete(User).filter(User.id.eq(2))).await.expect("deleted");
    assert_eq!(engine.all(select(Post)).await.expect("rows"), [], "cascade");
    assert_eq!(engine.all(select(Note.user_id)).await.expect("rows"), [1], "set default");
}

#[tokio::test]
async fn enum_types_are_made_once_and_dropped() {
    let (engine, database) = engine().await;
    engine.create_all(schema![User, Pet, Odd]).await.expect("made");
    assert_eq!(enums(&database).await, ["mood"]);
    let labels = "SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum";
    assert_eq!(texts(&database, labels).await, ["happy,very_sad"]);
    engine.create_all(schema![User, Pet, Odd]).await.expect("a second time");
    engine.drop_all(schema![User, Pet, Odd]).await.expect("dropped");
    assert_eq!(enums(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn tables_can_be_made_again_after_they_were_dropped() {
    let fixture = Fixture::new(schema![Pet]).await;
    let rex = || NewPet { name: "Rex".to_owned(), mood: Mood::Happy, wish: None };
    for _ in 0..3 {
        assert_eq!(
            fixture.engine.all(insert(Pet).values(rex()).returning(Pet)).await.expect("inserted").len(),
            1
        );
        let found = select(Pet.mood).distinct().filter(Pet.mood.eq(Mood::Happy));
        assert_eq!(fixture.engine.all(found).await.expect("rows"), [Mood::Happy]);
        fixture.engine.drop_all(schema![Pet]).await.expect("dropped");
        fixture.engine.create_all(schema![Pet]).await.expect("made");
    }
}

#[tokio::test]
async fn tables_that_others_depend_on_are_not_dropped() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let error = fixture.engine.drop_all(schema![User]).await.expect_err("posts point at users");
    assert!(
        error.to_string().contains("constraint posts_user_id_fkey on table posts depends on table users"),
        "{error}"
    );
    fixture.database.execute("CREATE VIEW names AS SELECT name FROM users").await;
    let error = fixture.engine.drop_all(schema![User, Post]).await.expect_err("a view reads users");
    assert!(error.to_string().contains("view names depends on table users"), "{error}");
    assert_eq!(tables(&fixture.database).await, ["posts", "users"]);
}

#[tokio::test]
async fn dropping_what_is_not_there_is_no_error() {
    let (engine, _database) = engine().await;
    engine.drop_all(schema![User, Post, Pet]).await.expect("nothing to drop");
}

#[tokio::test]
async fn a_target_outside_the_schema_is_an_error_that_names_both() {
    let (engine, database) = engine().await;
    let error = engine.create_all(schema![Pet, Post]).await.expect_err("no users");
    assert_eq!(
        error.to_string(),
        "`Post.user_id` references `User`, which is not in `schema![..]`: add `User` to it"
    );
    assert_eq!(tables(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_table_listed_twice_is_an_error_that_names_it() {
    let (engine, _database) = engine().await;
    let error = engine.create_all(schema![User, User]).await.expect_err("twice");
    assert_eq!(
        error.to_string(),
        "`User` and `User` are both the table \"users\": list each table once in `schema![..]`"
    );
}

#[tokio::test]
async fn two_enums_of_one_type_are_an_error_that_names_both() {
    let (engine, _database) = engine().await;
    let error = engine.create_all(schema![Pet, other::Cat]).await.expect_err("two enums");
    assert_eq!(
        error.to_string(),
        "`Cat.mood` is of the type \"mood\", an enum type with the labels ('grumpy'), and another type \"mood\" is an \
         enum type with the labels ('happy', 'very_sad'): give one of them another name"
    );
}

#[tokio::test]
async fn a_step_of_ones_own_runs_between_tables_and_foreign_keys() {
    let (engine, database) = engine().await;
    let own = [
        "INSERT INTO posts (user_id, title) VALUES (7, 'an orphan')",
        "INSERT INTO users (id, name) VALUES (7, 'its parent')",
    ];
    engine.create_all_with(schema![User, Post], &own).await.expect("the foreign key comes last");
    assert_eq!(foreign_keys(&database).await, ["posts_user_id_fkey"]);
    assert_eq!(engine.one(select(Post.user_id)).await.expect("a row"), 7);
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_behind() {
    let (engine, database) = engine().await;
    let error =
        engine.create_all_with(schema![User, Pet], &["SELECT 1/0"]).await.expect_err("division by zero");
    assert_eq!((error.code(), error.statement()), (Some("22012"), Some("SELECT 1/0")));
    assert_eq!(tables(&database).await, Vec::<String>::new());
    engine.create_all(schema![User, Pet]).await.expect("the connection is as good as before");
}

#[tokio::test]
async fn foreign_keys_with_long_names_are_all_made() {
    const LONG: Schema = schema![User, Long];
    let (engine, database) = engine().await;
    engine.create_all(LONG).await.expect("made");
    engine.create_all(LONG).await.expect("a second time");
    let keys = foreign_keys(&database).await;
    assert_eq!(keys.len(), 2, "{keys:?}");
    let error = engine.execute(insert(Long).values(NewLong::new(1, 1, 1))).await.expect_err("no such user");
    assert!(error.is_foreign_key_violation());
}

#[tokio::test]
async fn engines_that_start_together_all_find_the_tables() {
    const SCHEMA: Schema = schema![User, Pet, Post];
    let (engine, database) = engine().await;
    let other = Engine::builder(database.url()).connect().await.expect("another engine");
    for _ in 0..5 {
        let (made, also) = tokio::join!(engine.create_all(SCHEMA), other.create_all(SCHEMA));
        made.and(also).expect("made once");
        engine.drop_all(SCHEMA).await.expect("dropped");
    }
}
