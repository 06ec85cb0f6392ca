//! A realistic shop: every attribute and every column type in use, built, checked, filled and read.

mod catalog;
mod color;
mod customer;
mod fill;
mod sale;
mod staff;
mod stock;

use std::fmt::Debug;

use orm_core::model::Model;
use orm_core::prelude::*;
use orm_core::query::Selectable;
use orm_core::schema::{Action, ColumnDefault, Generated, IndexPart, Schema, TableKind};
use orm_tests::{Database, Fixture};

use catalog::{
    Barcode, Brand, Category, Price, Product, ProductCategory, ProductImage, ProductRating, Question,
    RelatedProduct, Review, Variant,
};
use customer::{Address, Consent, Country, Currency, Customer, CustomerGroup, GroupMember, LoginAttempt};
use sale::{
    Cart, CartLine, Coupon, DailySale, Invoice, Order, OrderLine, Payment, Refund, Shipment, ShipmentLine,
};
use staff::{Department, Employee, LogEntry, Shift};
use stock::{Purchase, PurchaseLine, Shelf, StockLevel, StockMovement, Supplier, SupplierProduct, Warehouse};

const SHOP: Schema = schema![
    Country,
    Currency,
    Customer,
    Address,
    Consent,
    CustomerGroup,
    GroupMember,
    LoginAttempt,
    Brand,
    Category,
    Product,
    ProductCategory,
    ProductImage,
    Variant,
    Barcode,
    Price,
    Review,
    Question,
    RelatedProduct,
    ProductRating,
    Warehouse,
    Shelf,
    StockLevel,
    StockMovement,
    Supplier,
    SupplierProduct,
    Purchase,
    PurchaseLine,
    Cart,
    CartLine,
    Coupon,
    Order,
    OrderLine,
    Payment,
    Refund,
    Shipment,
    ShipmentLine,
    Invoice,
    DailySale,
    Department,
    Employee,
    Shift,
    LogEntry,
];

const DAILY_SALES: &str = "CREATE VIEW daily_sales AS
    SELECT orders.placed_at::date AS day, count(DISTINCT (orders.year, orders.number)) AS orders,
           sum(order_lines.total) AS turnover
    FROM orders JOIN order_lines USING (year, number) GROUP BY 1";

async fn shop() -> Fixture {
    let fixture = Fixture::new(SHOP).await;
    fixture.database.execute(DAILY_SALES).await;
    fixture
}

#[test]
fn the_shop_has_forty_tables_and_uses_every_attribute() {
    let tables: Vec<_> = SHOP.tables().iter().filter(|table| table.kind == TableKind::Table).collect();
    assert!(tables.len() >= 40, "{}", tables.len());
    let columns: Vec<_> = tables.iter().flat_map(|table| table.columns).collect();
    let keys: Vec<_> = tables.iter().flat_map(|table| table.foreign_keys).collect();
    let indexes: Vec<_> = tables.iter().flat_map(|table| table.indexes).collect();
    let default = |wanted: fn(ColumnDefault) -> bool| columns.iter().any(|column| wanted(column.default));
    let delete = |action| keys.iter().any(|key| key.on_delete == action);
    for (attribute, is_used) in [
        ("schema", tables.iter().any(|table| table.schema.is_some())),
        ("view", SHOP.tables().iter().any(|table| table.kind == TableKind::View(None))),
        (
            "view with a query",
            SHOP.tables().iter().any(|table| matches!(table.kind, TableKind::View(Some(_)))),
        ),
        ("a comment", tables.iter().any(|table| !table.comment.is_empty())),
        ("a comment of a column", columns.iter().any(|column| !column.comment.is_empty())),
        ("version", tables.iter().any(|table| table.version.is_some())),
        ("unique of a column", columns.iter().any(|column| column.unique)),
        (
            "unique with a name",
            tables.iter().flat_map(|table| table.uniques).any(|unique| unique.name.is_some()),
        ),
        (
            "check of a column",
            tables.iter().flat_map(|table| table.checks).any(|check| check.column.is_some()),
        ),
        (
            "check of a table",
            tables.iter().flat_map(|table| table.checks).any(|check| check.column.is_none()),
        ),
        ("column", columns.iter().any(|column| column.field != column.name)),
        ("on_update", columns.iter().any(|column| column.on_update.is_some())),
        ("generated", default(|default| default == ColumnDefault::Identity(Generated::ByDefault))),
        ("default", default(|default| matches!(default, ColumnDefault::Sql(_)))),
        ("computed", default(|default| matches!(default, ColumnDefault::Computed(_)))),
        ("foreign key of several columns", keys.iter().any(|key| key.columns.len() == 3)),
        ("on_delete = cascade", delete(Action::Cascade)),
        ("on_delete = restrict", delete(Action::Restrict)),
        ("on_delete = set_null", delete(Action::SetNull)),
        ("on_delete = set_default", delete(Action::SetDefault)),
        ("on_update = cascade", keys.iter().any(|key| key.on_update == Action::Cascade)),
        ("index with a name", indexes.iter().any(|index| index.name.is_some())),
        ("unique index", indexes.iter().any(|index| index.unique)),
        ("partial index", indexes.iter().any(|index| index.predicate.is_some())),
        ("index with a method", indexes.iter().any(|index| index.method == Some("gin"))),
        (
            "index of an expression",
            indexes.iter().flat_map(|index| index.parts).any(|part| matches!(part, IndexPart::Sql(_))),
        ),
    ] {
        assert!(is_used, "{attribute} is used nowhere");
    }
}

#[test]
fn the_shop_uses_every_column_type() {
    let used: Vec<&str> =
        SHOP.tables().iter().flat_map(|table| table.columns).map(|column| column.ty.name).collect();
    for name in [
        "smallint",
        "integer",
        "bigint",
        "real",
        "double precision",
        "boolean",
        "text",
        "bytea",
        "numeric",
        "uuid",
        "date",
        "time without time zone",
        "timestamp without time zone",
        "timestamp with time zone",
        "interval",
        "jsonb",
        "inet",
        "text[]",
        "bigint[]",
        "smallint[]",
        "real[]",
        "double precision[]",
        "date[]",
        "\"size\"",
        "\"size\"[]",
        "\"customer state\"",
    ] {
        assert!(used.contains(&name), "{name} is used nowhere: {used:?}");
    }
}

#[tokio::test]
async fn create_all_builds_the_shop_and_check_schema_accepts_it() {
    let fixture = shop().await;
    let differences = fixture.engine.check_schema(SHOP).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
    // What is there stays as it is.
    fixture.engine.create_all(SHOP).await.unwrap();
    let differences = fixture.engine.check_schema(SHOP).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn drop_all_leaves_nothing_of_the_shop() {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    engine.create_all(SHOP).await.unwrap();
    engine.drop_all(SHOP).await.unwrap();
    let left = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'S') \
                AND relnamespace IN ('public'::regnamespace, 'audit'::regnamespace) \
                UNION ALL SELECT typname FROM pg_type WHERE typtype = 'e'";
    assert_eq!(database.query_text(left).await, Vec::<Vec<Option<String>>>::new());
}

/// What a session has of these objects is what the database has.
async fn reads_back<M>(fixture: &Fixture, session: &Session, handles: &[Handle<M>])
where
    M: Model<Table: Selectable<Row = M>> + PartialEq + Debug,
{
    let mut stored: Vec<M> = fixture.engine.all(select(M::TABLE)).await.unwrap();
    assert_eq!(stored.len(), handles.len(), "{}", M::META.entity);
    for object in session.values(handles) {
        let place = stored.iter().position(|row| row == object);
        let place = place.unwrap_or_else(|| panic!("{object:?} is not among {stored:?}"));
        stored.swap_remove(place);
    }
}
