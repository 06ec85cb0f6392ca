//! Select lists that are made at run time.

use orm_core::prelude::*;
use orm_core::query::{AnyColumn, CopyFormat};
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPet, NewUser, Pet, User};

/// Columns of a model by their names, as an export is asked for.
fn columns<M: Model>(names: &[&str]) -> Result<Vec<AnyColumn<M>>, Error> {
    names.iter().map(|name| M::column(name)).collect()
}

async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Pet]).await;
    let users = [NewUser { name: "Ann".into(), age: Some(30) }, NewUser { name: "B, en".into(), age: None }];
    fixture.engine.execute(insert(users)).await.unwrap();
    fixture.engine.execute(insert(NewPet::new("Ann", Mood::VerySad))).await.unwrap();
    fixture
}

#[tokio::test]
async fn columns_of_names_are_selected_as_text() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let chosen = select(columns::<User>(&["age", "name"]).unwrap()).order_by(User.id);
    let text = |text: &str| Some(text.to_owned());
    let rows: Vec<Vec<Option<String>>> = engine.all(&chosen).await.unwrap();
    assert_eq!(rows, [[text("30"), text("Ann")], [None, text("B, en")]]);
    let one = select(columns::<User>(&["id"]).unwrap()).order_by(User.id.desc()).limit(1);
    assert_eq!(engine.one(one).await.unwrap(), [text("2")]);
    // Beside others, of a join, in a session and page by page.
    let joined =
        select((Pet.mood, columns::<User>(&["name", "age"]).unwrap())).join(Pet, Pet.name.eq(User.name));
    assert_eq!(engine.one(joined).await.unwrap(), (Mood::VerySad, vec![text("Ann"), text("30")]));
    assert_eq!(fixture.session().all(&chosen).await.unwrap(), rows);
    assert_eq!(engine.page(&chosen, 2, 1).await.unwrap().rows, rows[1..]);
    let first = engine.page_after(&chosen, None, 1).await.unwrap();
    assert_eq!(first.rows, rows[..1]);
    assert_eq!(engine.page_after(&chosen, first.next.as_deref(), 1).await.unwrap().rows, rows[1..]);
    let aliased: Vec<_> =
        columns::<User>(&["name"]).unwrap().into_iter().map(|name| name.aliased("u")).collect();
    let user = User.alias("u");
    assert_eq!(engine.all(select(aliased).filter(user.age.is_null())).await.unwrap(), [[text("B, en")]]);
    let error = columns::<User>(&["name", "agee"]).unwrap_err();
    assert!(error.to_string().contains("`User` has no column \"agee\""), "{error}");
}

#[tokio::test]
async fn chosen_columns_are_exported_with_their_names() {
    let fixture = fixture().await;
    let chosen = select(columns::<User>(&["age", "name"]).unwrap()).order_by(User.id);
    let mut rows = fixture.engine.copy_out(chosen, CopyFormat::CsvWithHeader).await.unwrap();
    let mut csv = Vec::new();
    while let Some(bytes) = rows.next().await {
        csv.extend_from_slice(&bytes.unwrap());
    }
    assert_eq!(String::from_utf8(csv).unwrap(), "age,name\n30,Ann\n,\"B, en\"\n");
}

#[tokio::test]
async fn lists_of_columns_and_expressions_give_values_of_their_type() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let ids: Vec<Vec<i64>> = engine.all(select(vec![User.id, User.id]).order_by(User.id)).await.unwrap();
    assert_eq!(ids, [[1, 1], [2, 2]]);
    let sums: Vec<Expr<i64>> = (1..=3).map(|times| User.id * times).collect();
    assert_eq!(engine.all(select(sums.clone()).order_by(User.id)).await.unwrap(), [[1, 2, 3], [2, 4, 6]]);
    let made = insert(NewUser::new("Cid")).returning((User.name, vec![User.id]));
    assert_eq!(engine.one(made).await.unwrap(), ("Cid".to_owned(), vec![3]));
    assert_eq!(engine.count(select(sums)).await.unwrap(), 3);
}

#[test]
fn a_list_that_cannot_be_is_refused() {
    let empty = select(columns::<User>(&[]).unwrap()).to_sql().unwrap_err();
    assert!(empty.to_string().contains("the list of what to select is empty"), "{empty}");
    let first = select((vec![User.id], User.name)).to_sql().unwrap_err();
    assert!(first.to_string().contains("write it last"), "{first}");
    let two = select((vec![User.id], vec![User.id])).to_sql().unwrap_err();
    assert!(two.to_string().contains("and only one"), "{two}");
}
