//! Reports over a warehouse: the 22 queries of TPC-H, each compared with SQL written by hand.
//!
//! `cargo run --example reporting`

#![allow(missing_docs, reason = "the models are those of a program, which needs no documentation")]

pub mod first;
pub mod models;
pub mod report;
pub mod second;

use std::error::Error as StdError;

use orm_core::prelude::*;

use self::models::warehouse;

/// All reports, with how many rows each gives.
///
/// # Errors
/// If the server refuses one, or it gives other rows than the SQL written by hand.
pub async fn reporting(url: &str) -> Result<Vec<(&'static str, usize)>, Box<dyn StdError>> {
    let engine = Engine::builder(url).connect().await?;
    warehouse(&engine).await?;
    let mut counts = Vec::new();
    macro_rules! run {
        ($($module:ident::$report:ident),* $(,)?) => { $(
            let rows = $module::$report().rows(&engine).await?;
            println!("{}: {rows:?}", stringify!($report));
            counts.push((stringify!($report), rows.len()));
        )* };
    }
    run!(
        first::pricing_summary,
        first::minimum_cost_supplier,
        first::shipping_priority,
        first::order_priority,
        first::local_supplier_volume,
        first::revenue_change,
        first::volume_shipping,
        first::market_share,
        first::product_profit,
        first::returned_items,
        first::important_stock,
        second::shipping_modes,
        second::customer_distribution,
        second::promotion_effect,
        second::top_supplier,
        second::parts_and_suppliers,
        second::small_quantities,
        second::large_volumes,
        second::discounted_revenue,
        second::potential_promotion,
        second::kept_waiting,
        second::sales_opportunity,
    );
    Ok(counts)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    // `DATABASE_URL`, or a private server of the installed PostgreSQL programs, or the one of docker-compose.yml.
    orm_tests::try_server()?;
    let database = orm_tests::Database::create().await;
    reporting(database.url()).await?;
    Ok(())
}
