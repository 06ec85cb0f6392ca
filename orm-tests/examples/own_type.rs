//! Column types of a program's own: by a derive, by an impl, and inside JSON and arrays.

#![expect(missing_docs, reason = "the models are those of a program, which need no documentation")]

use orm_core::column_type;
use orm_core::prelude::*;
use orm_core::types::{BaseType, BytesMut, Cause, DriverType, Json, PgType};
use serde::{Deserialize, Serialize};

/// A key that is no other number.
#[derive(ColumnType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProductId(pub i64);

/// An amount in cents, never below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price {
    cents: i64,
}

impl Price {
    /// `None` below zero.
    pub fn from_cents(cents: i64) -> Option<Price> {
        (cents >= 0).then_some(Price { cents })
    }
}

impl BaseType for Price {
    const TYPE: &'static PgType = i64::TYPE;

    fn read(ty: &DriverType, raw: &[u8]) -> Result<Self, Cause> {
        let cents = i64::read(ty, raw)?;
        Price::from_cents(cents).ok_or_else(|| format!("{cents} cents are no price").into())
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        self.cents.write(out)
    }

    fn compare(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
column_type!(Price);

/// Kept as JSON.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Measures {
    pub width: u32,
    pub height: u32,
}

#[derive(Model, Clone, Debug)]
pub struct Product {
    #[orm(primary_key, generated)]
    pub id: ProductId,
    pub price: Price,
    pub tags: Vec<String>,
    pub measures: Option<Json<Measures>>,
}

#[derive(Model, Clone, Debug)]
pub struct Review {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Product.id, relation = product)]
    pub product_id: ProductId,
    pub text: String,
}

async fn own_type(url: &str) -> Result<(), orm_core::Error> {
    let engine = Engine::builder(url).echo(true).connect().await?;
    let sessions = SessionMaker::new(engine.clone());
    engine.create_all(schema![Product, Review]).await?;

    let price = Price { cents: 1_250 };
    let mut session = sessions.session();
    let chair = session.add(NewProduct {
        measures: Some(Measures { width: 40, height: 90 }.into()),
        ..NewProduct::new(price, vec!["wood".to_owned(), "red".to_owned()])
    });
    session.add(NewProduct::new(price, Vec::new()));
    session.add(NewReview::new(chair, "stands well"));
    session.commit().await?;

    session[chair].tags.push("sold".to_owned());
    if let Some(measures) = &mut session[chair].measures {
        measures.height = 91;
    }
    session.commit().await?;

    let products = engine.all(select(Product).filter(Product.price.le(price))).await?;
    println!("{products:?}");
    let reviews =
        engine.all(select(Review).filter(Review.product_id.eq(ProductId(1))).with(Review.product)).await?;
    println!("{reviews:?}");

    engine.execute(update(Product).set(Product.price, Price { cents: -1 }).all_rows()).await?;
    if let Err(error) = engine.all(select(Product)).await {
        println!("{error}");
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `DATABASE_URL`, or a private server of the installed PostgreSQL programs, or the one of docker-compose.yml.
    orm_tests::try_server()?;
    let database = orm_tests::Database::create().await;
    own_type(database.url()).await?;
    Ok(())
}
