//! The 22 queries of TPC-H give what SQL written by hand gives; in those with one table inside and outside it means what the
//! SQL means, or is refused with what to add.

use orm_core::prelude::*;
use orm_core::query::Sql;
use orm_tests::Database;

use example::models::{Customer, Item, Nation, Offer, Order, Part, Region, Supplier, warehouse};

#[path = "../../examples/reporting/main.rs"]
#[allow(dead_code, reason = "as an example it is a program of its own")]
mod example;

#[tokio::test]
async fn each_report_gives_what_its_sql_gives() {
    let reports = example::reporting(Database::create().await.url()).await.unwrap();
    assert_eq!(reports.len(), 22);
    let empty: Vec<_> = reports.iter().filter(|(_, rows)| *rows == 0).collect();
    assert!(empty.is_empty(), "no row would be wrong in {empty:?}");
}

/// What `query` gives, beside what the SQL does.
async fn same<R>(engine: &Engine, query: Select<R>, sql: &str)
where
    R: orm_core::query::FromRow + PartialEq + std::fmt::Debug + 'static,
    Select<R>: orm_core::query::Query<Row = R>,
{
    let text = query.to_sql().unwrap().text;
    let found = engine.all(query).await.unwrap();
    let expected = engine.all(sql_text(sql).rows::<R>()).await.unwrap();
    assert!(!expected.is_empty());
    assert_eq!(found, expected, "{text}");
}

#[track_caller]
fn refused(query: Result<Sql, Error>, what: &[&str]) {
    let error = query.expect_err("it is refused").to_string();
    assert!(what.iter().all(|what| error.contains(what)), "{error}");
}

#[tokio::test]
async fn a_table_inside_and_outside_under_one_name_is_what_sql_has() {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    warehouse(&engine).await.unwrap();

    // 2: the inner tables are joined, so they are its own; `Part` is the one outside.
    let least = select(func::min(Offer.cost))
        .join(Supplier, Supplier.id.eq(Offer.supplier_id))
        .join(Nation, Nation.id.eq(Supplier.nation_id))
        .join(Region, Region.id.eq(Nation.region_id))
        .filter(Offer.part_id.eq(Part.id) & Region.name.eq("EUROPE"));
    let second = |least: Select<_>| {
        select((Supplier.balance, Supplier.name, Part.id))
            .join(Nation, Nation.id.eq(Supplier.nation_id))
            .join(Region, Region.id.eq(Nation.region_id))
            .join(Offer, Offer.supplier_id.eq(Supplier.id))
            .join(Part, Part.id.eq(Offer.part_id))
            .filter(Part.size.gt(5) & Part.kind.ends_with("BRASS") & Region.name.eq("EUROPE"))
            .filter(Offer.cost.eq(least))
            .order_by((Supplier.balance.desc(), Supplier.name, Part.id))
    };
    let sql = "SELECT s.balance, s.name, p.id FROM parts p, suppliers s, offers o, nations n, regions r
        WHERE p.id = o.part_id AND s.id = o.supplier_id AND p.size > 5 AND p.kind LIKE '%BRASS'
            AND s.nation_id = n.id AND n.region_id = r.id AND r.name = 'EUROPE'
            AND o.cost = (SELECT min(o.cost) FROM offers o, suppliers s, nations n, regions r
                WHERE p.id = o.part_id AND s.id = o.supplier_id AND s.nation_id = n.id AND n.region_id = r.id
                    AND r.name = 'EUROPE')
        ORDER BY s.balance DESC, s.name, p.id";
    same(&engine, second(least), sql).await;
    // With all in WHERE the inner ones would be those outside.
    let least = select(func::min(Offer.cost)).filter(
        Part.id.eq(Offer.part_id)
            & Supplier.id.eq(Offer.supplier_id)
            & Supplier.nation_id.eq(Nation.id)
            & Nation.region_id.eq(Region.id)
            & Region.name.eq("EUROPE"),
    );
    refused(
        second(least).to_sql(),
        &["in WHERE of this subquery names only `Supplier`", ".join(Supplier, ..)"],
    );

    // 11: the same tables in both, and nothing from outside.
    let share = select(func::sum(Offer.cost * Offer.available) * 0.03)
        .join(Supplier, Supplier.id.eq(Offer.supplier_id))
        .join(Nation, Nation.id.eq(Supplier.nation_id))
        .filter(Nation.name.eq("GERMANY"));
    let eleventh = |share: Select<_>| {
        let value = func::sum(Offer.cost * Offer.available);
        select((Offer.part_id, &value))
            .filter(Offer.supplier_id.eq(Supplier.id) & Supplier.nation_id.eq(Nation.id))
            .filter(Nation.name.eq("GERMANY"))
            .group_by(Offer.part_id)
            .having(value.gt(share))
            .order_by((value.desc(), Offer.part_id))
    };
    let sql = "SELECT o.part_id, sum(o.cost * o.available) AS value FROM offers o, suppliers s, nations n
        WHERE o.supplier_id = s.id AND s.nation_id = n.id AND n.name = 'GERMANY'
        GROUP BY o.part_id HAVING sum(o.cost * o.available) > (
            SELECT sum(o.cost * o.available) * 0.03 FROM offers o, suppliers s, nations n
            WHERE o.supplier_id = s.id AND s.nation_id = n.id AND n.name = 'GERMANY')
        ORDER BY value DESC, o.part_id";
    same(&engine, eleventh(share), sql).await;
    let share = select(func::sum(Offer.cost * Offer.available) * 0.03)
        .filter(Offer.supplier_id.eq(Supplier.id) & Supplier.nation_id.eq(Nation.id))
        .filter(Nation.name.eq("GERMANY"));
    refused(
        eleventh(share.clone()).to_sql(),
        &["names only `Supplier`", ".select_from(..)`", ".correlate(Supplier)`"],
    );
    let share = share.select_from(Offer).select_from(Supplier).select_from(Nation);
    same(&engine, eleventh(share), sql).await;

    // 17: the inner items are those of the select list, the part is the one outside.
    let small = select(func::avg(Item.quantity) * 0.5).filter(Item.part_id.eq(Part.id));
    let seventeenth = select(func::sum(Item.price) / 7.0)
        .filter(Part.id.eq(Item.part_id) & Part.brand.eq("Brand#23") & Part.container.eq("MED BOX"))
        .filter(Item.quantity.lt(small));
    let sql = "SELECT sum(i.price) / 7.0 FROM items i, parts p
        WHERE p.id = i.part_id AND p.brand = 'Brand#23' AND p.container = 'MED BOX'
            AND i.quantity < (SELECT 0.5 * avg(quantity) FROM items WHERE part_id = p.id)";
    same(&engine, seventeenth, sql).await;

    // 22: one customer is of the average, the other is outside.
    let countries = ["13", "31", "23", "29", "30", "18", "17"];
    let country = func::substring(Customer.phone, 1, 2);
    let average =
        select(func::avg(Customer.balance)).filter(Customer.balance.gt(0.00) & country.in_(countries));
    let found = select((&country, Customer.balance))
        .filter(country.in_(countries) & Customer.balance.gt(average))
        .filter(!exists(select(Order).filter(Order.customer_id.eq(Customer.id))))
        .derived("found");
    let (code, balance) = found.columns();
    let last = select((code, func::count_star(), func::sum(balance))).group_by(code).order_by(code);
    refused(last.to_sql(), &["add `.select_from(&found)`"]);
    let sql = "SELECT country, count(*), sum(balance) FROM (
            SELECT substring(phone FROM 1 FOR 2) AS country, balance FROM customers c
            WHERE substring(phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17')
                AND balance > (SELECT avg(balance) FROM customers WHERE balance > 0.00
                    AND substring(phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17'))
                AND NOT EXISTS (SELECT * FROM orders o WHERE o.customer_id = c.id)) AS found
        GROUP BY country ORDER BY country";
    same(&engine, last.select_from(&found), sql).await;
}
