//! Rows that are not loaded, and go along with one that a flush deletes, while others come to refer to them.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "countries")]
struct Country {
    #[orm(primary_key)]
    code: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "cities")]
struct City {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Country.code, on_delete = cascade)]
    country: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "people")]
struct Person {
    #[orm(primary_key)]
    name: String,
    #[orm(references = City.code, on_delete = set_null)]
    city: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "shops")]
struct Shop {
    #[orm(primary_key)]
    name: String,
    #[orm(references = City.code, on_delete = cascade)]
    city: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "lefts")]
struct Left {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Right.code, on_delete = cascade)]
    right: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "rights")]
struct Right {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Left.code, on_delete = cascade)]
    left: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "folders", unique(parent, name))]
struct Folder {
    #[orm(primary_key)]
    code: String,
    #[orm(references = Folder.code, on_delete = cascade, on_update = cascade)]
    parent: Option<String>,
    name: String,
}

const SCHEMA: orm_core::schema::Schema = schema![Country, City, Person, Shop, Left, Right, Folder];

/// Countries `a` and `b` with the cities `a1`, `a2` and `b1`; a person in `a1`, and a shop.
async fn world() -> Fixture {
    let fixture = Fixture::new(SCHEMA).await;
    let mut session = fixture.session();
    session.add_all(["a", "b"].map(NewCountry::new));
    session
        .add_all([("a1", "a"), ("a2", "a"), ("b1", "b")].map(|(code, country)| NewCity::new(code, country)));
    session.add(NewPerson { name: "Ann".into(), city: Some("a1".into()) });
    session.add(NewShop::new("Books", "a1"));
    session.commit().await.unwrap();
    fixture
}

async fn people(fixture: &Fixture) -> Vec<(String, Option<String>)> {
    fixture.engine.all(select((Person.name, Person.city)).order_by(Person.name)).await.unwrap()
}

async fn shops(fixture: &Fixture) -> Vec<(String, String)> {
    fixture.engine.all(select((Shop.name, Shop.city)).order_by(Shop.name)).await.unwrap()
}

/// Deletes country `a` while Ann moves to a city that is not loaded.
async fn move_person(fixture: &Fixture, city: &str) -> Result<(), Error> {
    let mut session = fixture.session();
    let ann = session.find::<Person>("Ann").await?.unwrap();
    let country = session.find::<Country>("a").await?.unwrap();
    session[ann].city = Some(city.to_owned());
    session.delete(country).unwrap();
    session.commit().await?;
    assert_eq!(session[ann].city.as_deref(), Some(city));
    Ok(())
}

#[tokio::test]
async fn a_changed_reference_to_a_row_that_is_not_loaded_and_goes_is_refused() {
    let fixture = world().await;
    move_person(&fixture, "a2").await.unwrap_err();
    assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some("a1".to_owned()))]);
}

#[tokio::test]
async fn a_changed_reference_to_a_row_that_is_not_loaded_and_stays_holds() {
    let fixture = world().await;
    move_person(&fixture, "b1").await.unwrap();
    assert_eq!(people(&fixture).await, [("Ann".to_owned(), Some("b1".to_owned()))]);
}

/// Deletes country `a` while the shop leaves a city that is loaded, and would go with it, for one that is not.
async fn move_shop(fixture: &Fixture, city: &str) -> Result<(), Error> {
    let mut session = fixture.session();
    let books = session.find::<Shop>("Books").await?.unwrap();
    session.find::<City>("a1").await?.unwrap();
    let country = session.find::<Country>("a").await?.unwrap();
    session[books].city = city.to_owned();
    session.delete(country).unwrap();
    session.commit().await?;
    assert_eq!(session[books].city, city);
    Ok(())
}

#[tokio::test]
async fn a_row_that_leaves_what_goes_for_a_row_that_is_not_loaded_and_goes_too_is_refused() {
    let fixture = world().await;
    move_shop(&fixture, "a2").await.unwrap_err();
    assert_eq!(shops(&fixture).await, [("Books".to_owned(), "a1".to_owned())]);
}

#[tokio::test]
async fn a_row_that_leaves_what_goes_for_a_row_that_is_not_loaded_and_stays_is_kept() {
    let fixture = world().await;
    move_shop(&fixture, "b1").await.unwrap();
    assert_eq!(shops(&fixture).await, [("Books".to_owned(), "b1".to_owned())]);
}

#[tokio::test]
async fn a_new_row_that_refers_to_a_row_that_is_not_loaded_and_goes_is_refused() {
    let fixture = world().await;
    let mut session = fixture.session();
    let country = session.find::<Country>("a").await.unwrap().unwrap();
    session.add(NewShop::new("Shoes", "a2"));
    session.delete(country).unwrap();
    session.commit().await.unwrap_err();
    assert_eq!(shops(&fixture).await, [("Books".to_owned(), "a1".to_owned())]);
}

/// Rows that hang on each other, `l2` on `r2` on `l1` on `r1` on `l3`; `r1` is not loaded.
async fn chain(fixture: &Fixture) -> (Session, Handle<Right>, Handle<Left>) {
    let lefts = "INSERT INTO lefts VALUES ('l3', NULL), ('l1', NULL)";
    let rights = "INSERT INTO rights VALUES ('r1', 'l3'), ('r2', 'l1')";
    let more = "UPDATE lefts SET \"right\" = 'r1' WHERE code = 'l1'";
    for sql in [lefts, rights, more] {
        fixture.database.execute(sql).await;
    }
    let mut session = fixture.session();
    session.find::<Left>("l1").await.unwrap().unwrap();
    let last = session.find::<Right>("r2").await.unwrap().unwrap();
    let first = session.find::<Left>("l3").await.unwrap().unwrap();
    session.delete(last).unwrap();
    session.delete(first).unwrap();
    (session, last, first)
}

#[tokio::test]
async fn rows_that_hang_on_each_other_over_a_row_that_is_not_loaded_are_deleted_together() {
    let fixture = world().await;
    let (mut session, last, first) = chain(&fixture).await;
    session.commit().await.unwrap();
    assert!(!session.contains(last) && !session.contains(first));
    assert_eq!(fixture.engine.count(select(Left)).await.unwrap(), 0);
    assert_eq!(fixture.engine.count(select(Right)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_row_that_somebody_else_deleted_is_missed_though_it_might_have_gone_along() {
    let fixture = world().await;
    let (mut session, ..) = chain(&fixture).await;
    fixture.database.execute("DELETE FROM rights WHERE code = 'r2'").await;
    let error = session.commit().await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    session.rollback().await.unwrap();
    assert_eq!(fixture.engine.count(select(Left)).await.unwrap(), 2);
}

#[tokio::test]
async fn a_row_takes_the_key_of_one_that_is_not_loaded_and_goes_along() {
    let fixture = world().await;
    let rows = "('a', 'a', 'root'), ('b', 'a', 'x'), ('c', 'b', 'x'), ('d', 'c', 'y')";
    fixture.database.execute(&format!("INSERT INTO folders VALUES {rows}")).await;
    let mut session = fixture.session();
    let root = session.find::<Folder>("a").await.unwrap().unwrap();
    let moved = session.find::<Folder>("b").await.unwrap().unwrap();
    let deleted = session.find::<Folder>("c").await.unwrap().unwrap();
    session[moved].parent = Some("d".into());
    session.delete(deleted).unwrap();
    session.add(NewFolder { parent: Some(root.into()), ..NewFolder::new("d", "z") });
    session.commit().await.unwrap();
    let rows: Vec<(String, Option<String>)> =
        fixture.engine.all(select((Folder.code, Folder.parent)).order_by(Folder.code)).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(code, parent)| (&**code, parent.as_deref())).collect();
    assert_eq!(rows, [("a", Some("a")), ("b", Some("d")), ("d", Some("a"))]);
}

#[tokio::test]
async fn a_row_takes_the_key_of_one_that_a_parent_takes_along_though_that_parent_is_its_own_too() {
    #[derive(Model, Clone, Debug)]
    #[orm(table = "pets")]
    struct Pet {
        #[orm(primary_key)]
        name: String,
        #[orm(references = Country.code, on_delete = cascade)]
        home: String,
        #[orm(references = Country.code, on_delete = set_null)]
        birthplace: Option<String>,
    }
    let fixture = Fixture::new(schema![Country, Pet]).await;
    fixture.database.execute("INSERT INTO countries VALUES ('d'), ('f')").await;
    fixture.database.execute("INSERT INTO pets VALUES ('e', 'd', 'f'), ('f', 'f', 'd')").await;
    let mut session = fixture.session();
    let pet = session.find::<Pet>("f").await.unwrap().unwrap();
    let country = session.find::<Country>("d").await.unwrap().unwrap();
    session.delete(country).unwrap();
    session[pet].name = "e".into();
    session.commit().await.unwrap();
    assert_eq!((&*session[pet].name, session[pet].birthplace.as_deref()), ("e", None));
    let rows: Vec<(String, Option<String>)> =
        fixture.engine.all(select((Pet.name, Pet.birthplace))).await.unwrap();
    assert_eq!(rows, [("e".to_owned(), None)]);
}

#[tokio::test]
async fn a_new_row_does_not_take_the_key_of_one_that_it_refers_to() {
    let fixture = Fixture::new(schema![Folder]).await;
    fixture
        .database
        .execute("INSERT INTO folders VALUES ('a', NULL, 'x'), ('b', 'a', 'y'), ('d', 'b', 'z')")
        .await;
    let mut session = fixture.session();
    let root = session.find::<Folder>("a").await.unwrap().unwrap();
    let inner = session.find::<Folder>("d").await.unwrap().unwrap();
    session.delete(root).unwrap();
    // `d` goes along with `a`, by way of `b`, which is not loaded.
    session.add(NewFolder { parent: Some(inner.into()), ..NewFolder::new("d", "z") });
    let error = session.commit().await.unwrap_err();
    assert!(error.is_session() && error.to_string().contains("refers to a row of `Folder`"), "{error}");
    session.rollback().await.unwrap();
    assert_eq!(fixture.engine.count(select(Folder)).await.unwrap(), 3);
}
