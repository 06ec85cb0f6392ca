//! Columns, directions and lists that are known at run time only.

use orm_core::prelude::*;
use orm_tests::models::{Pet, User};

use crate::select_rows::{all, people};
use crate::select_text::{condition, from, gives};

#[test]
fn a_column_is_found_by_its_name_or_the_error_lists_what_there_is() {
    assert_eq!(condition(User::column("age").unwrap().is_null()), "users.age IS NULL");
    let error = User::column("agee").unwrap_err().to_string();
    assert!(error.contains("`User` has no column \"agee\": it has id, name, age"), "{error}");
    assert!(error.contains("select_dynamic.rs:"), "{error}");
    gives::<Option<i32>>(select(User::column("age").unwrap().typed::<Option<i32>>().unwrap()));
    let error = User::column("age").unwrap().typed::<i32>().unwrap_err().to_string();
    assert!(error.contains("`User.age` is integer, which can be NULL"), "{error}");
    assert!(User::column("name").unwrap().typed::<i32>().is_err());
    let mood = Pet::column("mood").unwrap();
    assert_eq!(condition(mood.eq_text("Happy")), "pets.mood = CAST($1 AS mood)");
    assert_eq!(
        condition(mood.aliased("p").is_not_null() & Pet.alias("p").name.eq("Rex")),
        "p.mood IS NOT NULL AND p.name = $1"
    );
}

#[test]
fn directions_are_values() {
    assert_eq!("DESC".parse::<Direction>().unwrap(), Direction::Desc);
    assert!("down".parse::<Direction>().unwrap_err().to_string().contains("expected \"asc\" or \"desc\""));
    let sorted = select(User.id).order_by((User.age.sorted(Direction::Desc), User.id));
    assert_eq!(from(sorted), "users ORDER BY users.age DESC, users.id");
}

#[tokio::test]
async fn rows_are_sorted_grouped_and_found_by_names() {
    let fixture = people().await;
    let keys = [("age", "desc"), ("id", "asc")];
    let keys: Vec<_> = keys
        .iter()
        .map(|(name, direction)| User::column(name).unwrap().sorted(direction.parse().unwrap()).nulls_last())
        .collect();
    assert_eq!(all(&fixture, select(User.id).order_by(keys)).await, [2, 1, 3]);
    let columns = vec![User::column("name").unwrap(), User::column("age").unwrap()];
    let counted = select((User.name, func::count_star())).group_by(columns).order_by(User.name);
    assert_eq!(all(&fixture, counted).await.len(), 3);
    let found =
        select(User::column("age").unwrap().as_text()).filter(User::column("id").unwrap().eq_text("1"));
    assert_eq!(all(&fixture, found).await, [Some("30".to_owned())]);
}

#[test]
fn tables_are_joined_in_a_loop_by_names_made_at_run_time() {
    let mut statement = select(User.id);
    for n in 1..=2 {
        let pet = Pet.alias_from(&format!("pet{n}"));
        statement = statement.join(pet, pet.name.eq(User.name)).filter(pet.name.eq(format!("{n}")));
    }
    assert_eq!(
        from(statement),
        "users JOIN pets AS pet1 ON pet1.name = users.name JOIN pets AS pet2 ON pet2.name = users.name \
         WHERE pet1.name = $1 AND pet2.name = $2"
    );
    assert_eq!(Pet.alias_from(&"pet".repeat(2)).alias_name(), Some("petpet"));
}
