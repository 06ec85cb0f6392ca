//! Foreign keys of several columns, and to columns that are unique.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
struct Tenant {
    #[orm(primary_key, generated)]
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Order {
    #[orm(primary_key, references = Tenant.id, relation = tenant)]
    tenant_id: i64,
    #[orm(primary_key, generated)]
    id: i64,
}

/// Of an order, and perhaps in place of another.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    foreign_key(tenant_id, order_id = Order, on_delete = cascade),
    foreign_key(tenant_id, replaces_id = Order)
)]
struct Item {
    #[orm(primary_key, generated)]
    id: i64,
    tenant_id: i64,
    order_id: i64,
    replaces_id: Option<i64>,
    text: String,
}

async fn fixture() -> Fixture {
    Fixture::new(schema![Item, Order, Tenant]).await
}

#[tokio::test]
async fn new_rows_of_three_levels_find_their_keys() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let tenant = session.add(NewTenant::new("A"));
    // Children first: the order of adding does not matter.
    let (order, earlier) = (session.add(NewOrder::new(tenant)), session.add(NewOrder::new(tenant)));
    let item = NewItem { replaces_id: Some(earlier.into()), ..NewItem::new(order, order, "pen") };
    let item = session.add(item);
    session.commit().await.unwrap();
    let stored = &session[item];
    assert_eq!(stored.tenant_id, session[tenant].id);
    assert_eq!((stored.order_id, stored.replaces_id), (session[order].id, Some(session[earlier].id)));
    let row = fixture.engine.one(select(Item)).await.unwrap();
    assert_eq!(row, *stored);
}

#[tokio::test]
async fn keys_may_be_given_as_values_too() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let tenant = session.add(NewTenant::new("A"));
    session.flush().await.unwrap();
    let order = session.add(NewOrder::new(session[tenant].id));
    session.flush().await.unwrap();
    let (tenant, order) = (session[order].tenant_id, session[order].id);
    let item = session.add(NewItem::new(tenant, order, "pen"));
    session.commit().await.unwrap();
    assert_eq!((session[item].tenant_id, session[item].order_id), (tenant, order));
    let row = NewItem::new(tenant, order, "ink");
    fixture.engine.execute(insert(Item).values(row)).await.unwrap();
}

#[derive(Model, Clone, Debug)]
struct Place {
    #[orm(primary_key)]
    x: i32,
    #[orm(primary_key)]
    y: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(x, y = Place))]
struct Tree {
    #[orm(primary_key)]
    name: String,
    x: Option<i32>,
    y: Option<i32>,
}

#[tokio::test]
async fn rows_with_keys_of_their_own_come_in_the_order_of_their_references() {
    let fixture = Fixture::new(schema![Tree, Place]).await;
    let mut session = fixture.session();
    session.add_all([
        NewTree { x: Some(1.into()), y: Some(2.into()), ..NewTree::new("oak") },
        NewTree { x: Some(5.into()), ..NewTree::new("elm") },
    ]);
    session.add(NewPlace::new(1, 2));
    session.commit().await.unwrap();
    let found: Vec<(String, Option<i32>, Option<i32>)> =
        fixture.engine.all(select((Tree.name, Tree.x, Tree.y)).order_by(Tree.name)).await.unwrap();
    assert_eq!(found, [("elm".into(), Some(5), None), ("oak".into(), Some(1), Some(2))]);
    assert_eq!(fixture.recorder.take().round_trips, 2);
}

#[tokio::test]
async fn deleting_goes_from_the_children_up() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let tenant = session.add(NewTenant::new("A"));
    let order = session.add(NewOrder::new(tenant));
    let item = session.add(NewItem::new(order, order, "pen"));
    session.commit().await.unwrap();
    session.delete(tenant).unwrap();
    session.delete(order).unwrap();
    session.delete(item).unwrap();
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.one(select(func::count(Tenant.id))).await.unwrap(), 0);
}

#[tokio::test]
async fn a_delete_statement_is_seen_through_a_composite_cascade() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let tenant = session.add(NewTenant::new("A"));
    let order = session.add(NewOrder::new(tenant));
    let item = session.add(NewItem::new(order, order, "pen"));
    session.commit().await.unwrap();
    session.execute(delete(Order).all_rows()).await.unwrap();
    assert!(session.is_deleted(order) && session.is_deleted(item) && !session.is_deleted(tenant));
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Country {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique)]
    code: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct City {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Country.code, relation = country, on_update = cascade)]
    country_code: String,
    #[orm(references = Country.code, relation = twin)]
    twin_code: Option<String>,
}

#[tokio::test]
async fn a_foreign_key_may_point_at_a_unique_column() {
    let fixture = Fixture::new(schema![City, Country]).await;
    let mut session = fixture.session();
    let (no, se) = (session.add(NewCountry::new("no")), session.add(NewCountry::new("se")));
    let oslo = session.add(NewCity { twin_code: Some(se.into()), ..NewCity::new(no) });
    let bergen = session.add(NewCity::new("no"));
    session.commit().await.unwrap();
    assert_eq!((&*session[oslo].country_code, session[oslo].twin_code.as_deref()), ("no", Some("se")));
    assert_eq!(session[bergen].country_code, "no");

    let rows: Vec<(City, Country, Option<Country>)> =
        fixture.engine.all(select(City).with(City.country).with(City.twin).order_by(City.id)).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(_, country, twin)| (&*country.code, twin.is_some())).collect();
    assert_eq!(found, [("no", true), ("no", false)]);
}

#[tokio::test]
async fn a_referenced_value_that_changes_takes_its_rows_along() {
    let fixture = Fixture::new(schema![City, Country]).await;
    let mut session = fixture.session();
    let norway = session.add(NewCountry::new("no"));
    let oslo = session.add(NewCity::new(norway));
    session.commit().await.unwrap();
    session.execute(update(Country).set(Country.code, "nor").all_rows()).await.unwrap();
    assert_eq!((&*session[norway].code, &*session[oslo].country_code), ("nor", "nor"));
}
