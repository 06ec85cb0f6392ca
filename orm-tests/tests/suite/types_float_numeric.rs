//! Floats beside `numeric`: the number as it is written, to its last digit.

use orm_core::prelude::*;
use orm_tests::Fixture;
use rust_decimal::Decimal;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "prices")]
struct Price {
    #[orm(primary_key)]
    id: i32,
    amount: Decimal,
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

async fn prices() -> Fixture {
    let fixture = Fixture::new(schema![Price]).await;
    let amounts = ["12345678901234.56", "0.1", "1.2345678901234567", "-3"];
    let prices = amounts.iter().zip(1..).map(|(amount, id)| NewPrice::new(id, decimal(amount)));
    fixture.engine.execute(insert(Price).values(prices.collect::<Vec<_>>())).await.unwrap();
    fixture
}

#[tokio::test]
async fn sixteen_and_seventeen_digits_are_compared_exactly() {
    let fixture = prices().await;
    let ids = async |condition: Cond| {
        fixture.engine.all(select(Price.id).filter(condition).order_by(Price.id)).await.unwrap()
    };
    assert_eq!(ids(Price.amount.eq(12345678901234.56)).await, [1]);
    assert_eq!(ids(Price.amount.lt(12345678901234.56)).await, [2, 3, 4]);
    assert_eq!(ids(Price.amount.eq(0.1)).await, [2]);
    assert_eq!(ids(Price.amount.between(0.1, 1.2345678901234567)).await, [2, 3]);
    assert_eq!(ids(Price.amount.eq(-3.0)).await, [4]);
}

#[tokio::test]
async fn what_a_decimal_cannot_hold_compares_as_numeric_does() {
    let fixture = prices().await;
    let count = async |condition: Cond| fixture.engine.count(select(Price).filter(condition)).await.unwrap();
    assert_eq!(count(Price.amount.lt(1e300)).await, 4);
    assert_eq!(count(Price.amount.gt(1e-300)).await, 3);
    assert_eq!(count(Price.amount.lt(f64::NAN)).await, 4);
    assert_eq!(count(Price.amount.lt(f64::INFINITY)).await, 4);
    assert_eq!(count(Price.amount.gt(f64::NEG_INFINITY)).await, 4);
}

#[tokio::test]
async fn they_are_stored_and_calculated_with_exactly() {
    let fixture = prices().await;
    let set =
        update(Price).set(Price.amount, 45678901234567.89).filter(Price.id.eq(4)).returning(Price.amount);
    assert_eq!(fixture.engine.all(set).await.unwrap(), [decimal("45678901234567.89")]);
    let product = select(Price.amount * 1.2345678901234567).filter(Price.id.eq(2));
    assert_eq!(fixture.engine.one(product).await.unwrap(), decimal("0.12345678901234567"));
    let sum = select(0.30000000000000004 + Price.amount).filter(Price.id.eq(2));
    assert_eq!(fixture.engine.one(sum).await.unwrap(), decimal("0.40000000000000004"));
}
