//! One order for every flush: what programs do with parents and children, in any order of calls.

use orm_core::prelude::*;
use orm_core::types::Xmin;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "shelves")]
struct Shelf {
    #[orm(primary_key)]
    code: String,
    #[orm(default = "0")]
    books: i32,
    #[orm(version, column = "xmin")]
    xmin: Xmin,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "books")]
struct Book {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Shelf.code, relation = shelf, on_delete = cascade, on_update = cascade)]
    shelf_code: String,
    #[orm(references = Book.id, relation = sequel_of, on_delete = set_null)]
    before: Option<i64>,
}

const SCHEMA: orm_core::schema::Schema = schema![Shelf, Book];

/// Books count themselves on their shelves.
async fn counted() -> Fixture {
    let fixture = Fixture::new(SCHEMA).await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION count_books() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 UPDATE shelves SET books = (SELECT count(*) FROM books WHERE shelf_code = code)
                 WHERE code IN (NEW.shelf_code, OLD.shelf_code); RETURN NULL; END $$;
             CREATE TRIGGER count_books AFTER INSERT OR UPDATE OR DELETE ON books
                 FOR EACH ROW EXECUTE FUNCTION count_books()",
        )
        .await;
    fixture
}

async fn shelves(fixture: &Fixture, session: &mut Session, codes: &[&str]) -> Vec<Handle<Shelf>> {
    let rows: Vec<NewShelf> = codes.iter().map(|code| NewShelf::new(*code)).collect();
    fixture.engine.execute(insert(Shelf).values(rows)).await.unwrap();
    session.all(select(Shelf).order_by(Shelf.code)).await.unwrap()
}

async fn book(fixture: &Fixture, session: &mut Session, id: i64, shelf: &str) -> Handle<Book> {
    fixture.engine.execute(insert(Book).values([NewBook::new(id, shelf)])).await.unwrap();
    session.find::<Book>(id).await.unwrap().unwrap()
}

async fn rows(fixture: &Fixture, sql: &str) -> Vec<Vec<Option<String>>> {
    fixture.database.query_text(sql).await
}

fn text(rows: &[&[&str]]) -> Vec<Vec<Option<String>>> {
    rows.iter().map(|row| row.iter().map(|cell| Some((*cell).to_owned())).collect()).collect()
}

#[tokio::test]
async fn a_new_child_comes_behind_the_new_key_of_its_parent() {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    let shelf = shelves(&fixture, &mut session, &["old"]).await[0];
    let new = session.add(NewBook::new(1, shelf));
    session[shelf].code = "new".into();
    session.commit().await.unwrap();
    assert_eq!(session[new].shelf_code, "new");
    assert_eq!(rows(&fixture, "SELECT id, shelf_code FROM books").await, text(&[&["1", "new"]]));
}

#[tokio::test]
async fn a_parent_that_a_trigger_of_its_children_writes_is_not_stale() {
    let fixture = counted().await;
    let mut session = fixture.session();
    let shelf = shelves(&fixture, &mut session, &["a"]).await[0];
    let old = book(&fixture, &mut session, 1, "a").await;
    session.refresh(shelf).await.unwrap();
    session[shelf].code = "b".into();
    session.add(NewBook::new(2, shelf));
    session.delete(old).unwrap();
    session.commit().await.unwrap();
    assert_eq!((&*session[shelf].code, session[shelf].books), ("b", 1), "read again behind the trigger");
    session[shelf].books = 7;
    session.commit().await.unwrap();
    session.delete(shelf).unwrap();
    session.commit().await.unwrap();
    assert_eq!(rows(&fixture, "SELECT FROM shelves").await.len(), 0);
}

#[tokio::test]
async fn a_trigger_that_counts_the_version_of_a_parent_up_makes_it_not_stale() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "parents")]
    struct Parent {
        #[orm(primary_key)]
        id: i64,
        n: i32,
        #[orm(version)]
        version: i32,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "children")]
    struct Child {
        #[orm(primary_key)]
        id: i64,
        #[orm(references = Parent.id, relation = parent)]
        parent_id: i64,
    }
    let fixture = Fixture::new(schema![Parent, Child]).await;
    fixture
        .database
        .execute(
            "CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 UPDATE parents SET n = n + 1, version = version + 1 WHERE id = NEW.parent_id; RETURN NULL; END $$;
             CREATE TRIGGER bump AFTER INSERT ON children FOR EACH ROW EXECUTE FUNCTION bump()",
        )
        .await;
    let mut session = fixture.session();
    let parent = session.add(NewParent::new(1, 0));
    session.commit().await.unwrap();
    for id in 1..3 {
        session[parent].n = 100;
        session.add(NewChild::new(id, parent));
        session.commit().await.unwrap();
        let stored: Parent = fixture.engine.one(select(Parent)).await.unwrap();
        assert_eq!((session[parent].n, session[parent].version), (stored.n, stored.version));
    }
    // Somebody else's change is noticed all the same.
    fixture.database.execute("UPDATE parents SET version = version + 1").await;
    session[parent].n = 0;
    session.add(NewChild::new(9, parent));
    assert!(session.commit().await.unwrap_err().is_stale());
}

#[tokio::test]
async fn a_reference_to_a_row_that_goes_is_an_error_before_anything_is_sent() {
    let fixture = Fixture::new(SCHEMA).await;
    for by_handle in [true, false] {
        let mut session = fixture.session();
        let shelf = match session.find::<Shelf>("a").await.unwrap() {
            Some(shelf) => shelf,
            None => shelves(&fixture, &mut session, &["a"]).await[0],
        };
        session.delete(shelf).unwrap();
        session.add(if by_handle { NewBook::new(1, shelf) } else { NewBook::new(1, "a") });
        fixture.recorder.take();
        let error = session.commit().await.unwrap_err();
        assert!(error.is_session() && error.to_string().contains("`Shelf`"), "{error}");
        assert!(fixture.recorder.take().statements.iter().all(|sql| !sql.contains("INSERT")));
    }
}

#[tokio::test]
async fn a_child_that_follows_a_key_is_neither_lost_nor_hung_under_another_parent() {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    let [a, b, c, d] = shelves(&fixture, &mut session, &["a", "b", "c", "d"]).await[..] else { panic!() };
    let moving = book(&fixture, &mut session, 1, "d").await;
    session[moving].shelf_code = "a".into();
    session.delete(a).unwrap();
    session[d].code = "a".into();
    session.commit().await.unwrap();
    assert!(session.contains(moving));
    assert_eq!(rows(&fixture, "SELECT id, shelf_code FROM books").await, text(&[&["1", "a"]]));

    let new = session.add(NewBook::new(2, c));
    session[b].code = "e".into();
    session[c].code = "b".into();
    session.commit().await.unwrap();
    assert_eq!((&*session[new].shelf_code, &*session[c].code), ("b", "b"));
    assert_eq!(rows(&fixture, "SELECT shelf_code FROM books WHERE id = 2").await, text(&[&["b"]]));
}

#[tokio::test]
async fn what_goes_along_behind_rows_that_are_not_loaded_leaves_the_session() {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "nodes")]
    struct Node {
        #[orm(primary_key)]
        code: String,
        #[orm(references = Node.code, relation = above, on_delete = cascade, on_update = cascade)]
        parent: Option<String>,
        name: String,
    }
    let fixture = Fixture::new(schema![Node]).await;
    fixture
        .database
        .execute("INSERT INTO nodes VALUES ('a', NULL, ''), ('b', 'a', ''), ('c', 'b', ''), ('d', 'c', ''), ('e', 'd', '')")
        .await;
    let mut session = fixture.session();
    let a = session.find::<Node>("a").await.unwrap().unwrap();
    let d = session.find::<Node>("d").await.unwrap().unwrap();
    let e = session.find::<Node>("e").await.unwrap().unwrap();
    session[d].name = "changed".into();
    session.delete(a).unwrap();
    session.commit().await.unwrap();
    assert!(!session.contains(d) && !session.contains(e));
    assert_eq!(rows(&fixture, "SELECT FROM nodes").await.len(), 0);
}

#[tokio::test]
async fn keys_that_change_behind_rows_that_are_not_loaded_are_known() {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "countries")]
    struct Country {
        #[orm(primary_key)]
        code: String,
    }
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "cities")]
    struct City {
        #[orm(primary_key, references = Country.code, relation = land, on_update = cascade)]
        country: String,
        #[orm(primary_key)]
        name: String,
    }
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "streets", foreign_key(country, city = City, on_update = cascade))]
    struct Street {
        #[orm(primary_key)]
        country: String,
        #[orm(primary_key)]
        city: String,
        #[orm(primary_key)]
        name: String,
    }
    let fixture = Fixture::new(schema![Country, City, Street]).await;
    fixture
        .database
        .execute("INSERT INTO countries VALUES ('a'); INSERT INTO cities VALUES ('a', 'x'); INSERT INTO streets VALUES ('a', 'x', 's')")
        .await;
    let mut session = fixture.session();
    let country = session.find::<Country>("a").await.unwrap().unwrap();
    let street = session.one(select(Street)).await.unwrap();
    session[country].code = "z".into();
    session.commit().await.unwrap();
    assert_eq!(session[street].country, "z");
    assert_eq!(session.one(select(Street)).await.unwrap(), street, "one row is one object");
}

#[derive(Model, Clone, Debug)]
#[orm(table = "authors")]
struct Author {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Novel.id, relation = best, on_delete = set_null)]
    best_id: Option<i64>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "novels")]
struct Novel {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Author.id, relation = author, on_delete = cascade)]
    author_id: i64,
}

#[tokio::test]
async fn rows_that_point_at_each_other_go_whatever_was_loaded_first() {
    for author_first in [true, false] {
        let fixture = Fixture::new(schema![Author, Novel]).await;
        let rows_of = "INSERT INTO authors VALUES (1); INSERT INTO novels VALUES (2, 1); UPDATE authors SET best_id = 2";
        fixture.database.execute(rows_of).await;
        let mut session = fixture.session();
        if author_first {
            session.all(select(Author)).await.unwrap();
        }
        let novel = session.find::<Novel>(2).await.unwrap().unwrap();
        let author = session.find::<Author>(1).await.unwrap().unwrap();
        session.delete(novel).unwrap();
        session.delete(author).unwrap();
        session.commit().await.unwrap();
        assert!(!session.contains(novel) && !session.contains(author));
        assert_eq!(rows(&fixture, "SELECT FROM authors, novels").await.len(), 0);
    }
}

#[tokio::test]
async fn hens_and_eggs_that_nothing_takes_along_go_as_one_statement() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "hens")]
    struct Hen {
        #[orm(primary_key)]
        id: i64,
        #[orm(references = Egg.id, relation = egg)]
        egg_id: i64,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "eggs")]
    struct Egg {
        #[orm(primary_key)]
        id: i64,
        #[orm(references = Hen.id, relation = hen)]
        hen_id: i64,
    }
    let fixture = Fixture::new(schema![Hen, Egg]).await;
    let mut session = fixture.session();
    let hens: Vec<_> = (0..3).map(|id| session.add(NewHen::new(id, id))).collect();
    let eggs: Vec<_> = (0..3).map(|id| session.add(NewEgg::new(id, id))).collect();
    session.commit().await.unwrap();
    eggs.iter().for_each(|egg| session.delete(*egg).unwrap());
    hens.iter().for_each(|hen| session.delete(*hen).unwrap());
    session.commit().await.unwrap();
    assert!(!session.contains(hens[0]) && !session.contains(eggs[2]));
    assert_eq!(rows(&fixture, "SELECT FROM hens UNION ALL SELECT FROM eggs").await.len(), 0);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "turns", index(email, unique, where = "left_on IS NULL"))]
struct Turn {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique(deferrable))]
    position: i32,
    email: String,
    left_on: Option<i32>,
}

fn turn(id: i64, position: i32, email: &str) -> NewTurn {
    NewTurn::new(id, position, email)
}

#[tokio::test]
async fn rows_swap_what_is_deferrable_and_it_is_checked_at_once_again() {
    let fixture = Fixture::new(schema![Turn]).await;
    let mut session = fixture.session();
    let turns = session.add_all([turn(1, 1, "a"), turn(2, 2, "b")]);
    session.commit().await.unwrap();
    (session[turns[0]].position, session[turns[1]].position) = (2, 1);
    session.flush().await.unwrap();
    let mut nested = session.begin_nested().await.unwrap();
    nested.add(turn(3, 2, "c"));
    assert!(nested.commit().await.unwrap_err().is_unique_violation());
    session.commit().await.unwrap();
    let found = rows(&fixture, "SELECT id, position FROM turns ORDER BY id").await;
    assert_eq!(found, text(&[&["1", "2"], &["2", "1"]]));
}

#[tokio::test]
async fn a_row_leaves_a_partial_index_before_another_comes() {
    let fixture = Fixture::new(schema![Turn]).await;
    let mut session = fixture.session();
    let old = session.add(turn(1, 1, "a"));
    let gone = session.add(NewTurn { left_on: Some(1), ..turn(2, 2, "a") });
    session.commit().await.unwrap();
    // One leaves the index, and one comes back into it.
    session[gone].left_on = None;
    session[old].left_on = Some(9);
    session.commit().await.unwrap();
    session[gone].left_on = Some(10);
    session.add(turn(3, 3, "a"));
    session.commit().await.unwrap();
    assert_eq!(rows(&fixture, "SELECT id FROM turns WHERE left_on IS NULL").await, text(&[&["3"]]));
}

#[tokio::test]
async fn a_long_chain_of_unique_values_costs_what_its_rows_cost() {
    let fixture = Fixture::new(schema![Turn]).await;
    let time = async |rows: i64| {
        fixture
            .database
            .execute(&format!(
                "TRUNCATE turns; ALTER TABLE turns DROP CONSTRAINT turns_position_key, ADD UNIQUE (position); \
                 INSERT INTO turns SELECT n, n, n FROM generate_series(1, {rows}) n"
            ))
            .await;
        let mut session = fixture.session();
        let turns = session.all(select(Turn)).await.unwrap();
        turns.iter().for_each(|turn| session[*turn].email.push('x'));
        session.flush().await.unwrap();
        turns.iter().for_each(|turn| session[*turn].id += 1_000_000);
        let began = std::time::Instant::now();
        session.commit().await.unwrap();
        began.elapsed()
    };
    let (few, many) = (time(500).await, time(4_000).await);
    assert!(many < few * 40, "8 times the rows: {few:?}, {many:?}");
}
