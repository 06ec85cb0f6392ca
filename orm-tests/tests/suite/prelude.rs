//! What generic code names is in the prelude, and models of everyday names stand beside it.

use orm_core::prelude::*;
use orm_tests::Fixture;

/// Models of a shop, whose names are those of much else; the prelude has none of them.
mod models {
    use orm_core::prelude::*;

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "orders")]
    pub struct Order {
        #[orm(primary_key, generated)]
        pub id: i64,
        pub price: i64,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "tables")]
    pub struct Table {
        #[orm(primary_key, generated)]
        pub id: i64,
        pub seats: i32,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "pages")]
    pub struct Page {
        #[orm(primary_key, generated)]
        pub id: i64,
    }
}

/// Both by a glob: a name that is in both would be ambiguous.
use models::*;

/// Models whose names are in the prelude hide those of it.
mod own {
    use orm_core::prelude::*;

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "models")]
    pub struct Model {
        #[orm(primary_key, generated)]
        pub id: i64,
        pub column: String,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "rows")]
    pub struct Row {
        #[orm(primary_key, generated)]
        pub id: i64,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "columns")]
    pub struct Column {
        #[orm(primary_key, generated)]
        pub id: i64,
    }

    pub async fn first(db: &Engine) -> Result<(Model, Row), Error> {
        assert_eq!(db.count(select(Column)).await?, 0);
        let model = db.one(insert(NewModel::new("a")).returning(Model)).await?;
        let row = db.one(insert(NewRow {}).returning(Row)).await?;
        Ok((model, row))
    }
}

async fn newest<M>(mut db: impl Executor, condition: impl IntoCond) -> Result<Option<M>, Error>
where
    M: Model<Kind: Writable, Table: Selectable<Row = M>>,
{
    let by = M::column("id")?.sorted(Direction::Desc);
    db.first(select(M::TABLE).filter(condition).order_by(by)).await
}

async fn find<M: Model<Kind: Writable>>(mut db: impl Executor, key: M::Key) -> Result<M, Error> {
    Ok(db.find::<M>(key).await?.expect("the row is there"))
}

async fn only<R: Row>(mut db: impl Executor, statement: Select<R>) -> Result<R, Error> {
    db.one(statement).await
}

/// How many rows of a derived table are those of orders.
async fn named(db: &Engine, table: &Derived<(i64, i64)>, id: Column<Order, i64>) -> Result<i64, Error> {
    db.count(select(id).join(table, table.0.eq(id))).await
}

fn dear(order: TableOf<Order>) -> Cond {
    order.price.gt(5).into_cond()
}

#[tokio::test]
async fn generic_code_needs_no_import_beside_the_prelude() {
    let fixture = Fixture::new(schema![Order, Table, Page]).await;
    let engine = &fixture.engine;
    let orders = [3, 7, 9].map(NewOrder::new);
    let orders: Vec<Order> = engine.all(insert(orders).returning(Order)).await.unwrap();
    engine.execute(insert(NewTable::new(4))).await.unwrap();
    assert_eq!(newest::<Order>(engine, Order.price.lt(9)).await.unwrap(), Some(orders[1].clone()));
    assert_eq!(newest::<Table>(engine, Table.seats.gt(4)).await.unwrap(), None);
    assert_eq!(find::<Order>(engine, orders[0].id).await.unwrap(), orders[0]);
    assert_eq!(only(engine, select(func::count(Table.id))).await.unwrap(), 1);
    let prices = select((Order.id, Order.price)).derived("prices");
    assert_eq!(named(engine, &prices, Order.id).await.unwrap(), 3);
    let first: CursorPage<Order> =
        engine.page_after(select(Order).order_by(Order.id), None, 2).await.unwrap();
    assert_eq!((first.rows.len(), first.next.is_some()), (2, true));
    assert_eq!(engine.count(select(Page)).await.unwrap(), 0);
    let other = Order.alias("other");
    let pairs = select((Order.price, other.price))
        .join(other, other.id.gt(Order.id))
        .filter(dear(Order) & dear(other));
    assert_eq!(engine.all(pairs).await.unwrap(), [(7, 9)]);
    // A column by its name is found as ever.
    let by_name = select(Order::column("price").unwrap().as_text()).order_by(Order.id).limit(1);
    assert_eq!(engine.one(by_name).await.unwrap().as_deref(), Some("3"));
}

#[tokio::test]
async fn models_of_the_names_of_the_prelude_are_models() {
    let fixture = Fixture::new(schema![own::Model, own::Row, own::Column]).await;
    let (model, row) = own::first(&fixture.engine).await.unwrap();
    assert_eq!((model, row), (own::Model { id: 1, column: "a".into() }, own::Row { id: 1 }));
}
