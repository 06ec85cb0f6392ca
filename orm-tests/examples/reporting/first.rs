//! Queries 1 to 11 of TPC-H.

use chrono::{Days, Months};
use orm_core::prelude::*;

use super::models::{Customer, Item, Nation, Offer, Order, Part, Region, Supplier, day};
use super::report::{Line, Report, report};

/// 1, pricing summary: sums and averages of what was shipped until a day.
pub fn pricing_summary() -> Report<impl Line> {
    let reduced = Item.price * (1 - Item.discount);
    let charge = &reduced * (1 + Item.tax);
    report(
        select((
            Item.return_flag,
            Item.status,
            func::sum(Item.quantity),
            func::sum(Item.price),
            func::sum(reduced),
            func::sum(charge),
            func::avg(Item.quantity),
            func::avg(Item.price),
            func::avg(Item.discount),
            func::count_star(),
        ))
        .filter(Item.shipped_on.le(day(1998, 12, 1) - Days::new(90)))
        .group_by((Item.return_flag, Item.status))
        .order_by((Item.return_flag, Item.status)),
        "SELECT return_flag, status, sum(quantity), sum(price), sum(price * (1 - discount)),
            sum(price * (1 - discount) * (1 + tax)), avg(quantity), avg(price), avg(discount), count(*)
        FROM items WHERE shipped_on <= date '1998-12-01' - interval '90 days'
        GROUP BY return_flag, status ORDER BY return_flag, status",
    )
}

/// 2, minimum cost supplier: of each part of a kind, who offers it at the lowest cost in a region.
pub fn minimum_cost_supplier() -> Report<impl Line> {
    let (offer, supplier) = (Offer.alias("offer"), Supplier.alias("supplier"));
    let (nation, region) = (Nation.alias("nation"), Region.alias("region"));
    let lowest = select(func::min(offer.cost))
        .join(supplier, supplier.id.eq(offer.supplier_id))
        .join(nation, nation.id.eq(supplier.nation_id))
        .join(region, region.id.eq(nation.region_id))
        .filter(offer.part_id.eq(Part.id) & region.name.eq("EUROPE"));
    report(
        select((Supplier.balance, Supplier.name, Nation.name, Part.id, Part.manufacturer, Supplier.phone))
            .join(Nation, Nation.id.eq(Supplier.nation_id))
            .join(Region, Region.id.eq(Nation.region_id))
            .join(Offer, Offer.supplier_id.eq(Supplier.id))
            .join(Part, Part.id.eq(Offer.part_id))
            .filter(Part.size.gt(5) & Part.kind.ends_with("BRASS") & Region.name.eq("EUROPE"))
            .filter(Offer.cost.eq(lowest))
            .order_by((Supplier.balance.desc(), Nation.name, Supplier.name, Part.id))
            .limit(100),
        "SELECT s.balance, s.name, n.name, p.id, p.manufacturer, s.phone
        FROM parts p, suppliers s, offers o, nations n, regions r
        WHERE p.id = o.part_id AND s.id = o.supplier_id AND p.size > 5 AND p.kind LIKE '%BRASS'
            AND s.nation_id = n.id AND n.region_id = r.id AND r.name = 'EUROPE'
            AND o.cost = (SELECT min(o.cost) FROM offers o, suppliers s, nations n, regions r
                WHERE p.id = o.part_id AND s.id = o.supplier_id AND s.nation_id = n.id AND n.region_id = r.id
                    AND r.name = 'EUROPE')
        ORDER BY s.balance DESC, n.name, s.name, p.id LIMIT 100",
    )
}

/// 3, shipping priority: the open orders of a segment that are worth most.
pub fn shipping_priority() -> Report<impl Line> {
    let revenue = func::sum(Item.price * (1 - Item.discount)).label("revenue");
    report(
        select((Item.order_id, &revenue, Order.placed_on, Order.ship_priority))
            .join(Order, Order.id.eq(Item.order_id))
            .join(Customer, Customer.id.eq(Order.customer_id))
            .filter(Customer.segment.eq("BUILDING"))
            .filter(Order.placed_on.lt(day(1995, 3, 15)) & Item.shipped_on.gt(day(1995, 3, 15)))
            .group_by((Item.order_id, Order.placed_on, Order.ship_priority))
            .order_by((revenue.desc(), Order.placed_on, Item.order_id))
            .limit(10),
        "SELECT i.order_id, sum(i.price * (1 - i.discount)) AS revenue, o.placed_on, o.ship_priority
        FROM customers c, orders o, items i
        WHERE c.segment = 'BUILDING' AND c.id = o.customer_id AND i.order_id = o.id
            AND o.placed_on < date '1995-03-15' AND i.shipped_on > date '1995-03-15'
        GROUP BY i.order_id, o.placed_on, o.ship_priority
        ORDER BY revenue DESC, o.placed_on, i.order_id LIMIT 10",
    )
}

/// 4, order priority: orders of a quarter with something that came late.
pub fn order_priority() -> Report<impl Line> {
    let first = day(1993, 7, 1);
    let late = select(Item).filter(Item.order_id.eq(Order.id) & Item.committed_on.lt(Item.received_on));
    report(
        select((Order.priority, func::count_star()))
            .filter(Order.placed_on.ge(first) & Order.placed_on.lt(first + Months::new(3)))
            .filter(exists(late))
            .group_by(Order.priority)
            .order_by(Order.priority),
        "SELECT priority, count(*) FROM orders o
        WHERE placed_on >= date '1993-07-01' AND placed_on < date '1993-07-01' + interval '3 months'
            AND EXISTS (SELECT * FROM items i WHERE i.order_id = o.id AND i.committed_on < i.received_on)
        GROUP BY priority ORDER BY priority",
    )
}

/// 5, local supplier volume: what nations of a region sell to themselves.
pub fn local_supplier_volume() -> Report<impl Line> {
    let (first, revenue) = (day(1994, 1, 1), func::sum(Item.price * (1 - Item.discount)).label("revenue"));
    report(
        select((Nation.name, &revenue))
            .join(Region, Region.id.eq(Nation.region_id))
            .join(Customer, Customer.nation_id.eq(Nation.id))
            .join(Order, Order.customer_id.eq(Customer.id))
            .join(Item, Item.order_id.eq(Order.id))
            .join(Supplier, Supplier.id.eq(Item.supplier_id) & Supplier.nation_id.eq(Customer.nation_id))
            .filter(Region.name.eq("EUROPE"))
            .filter(Order.placed_on.ge(first) & Order.placed_on.lt(first + Months::new(12)))
            .group_by(Nation.name)
            .order_by(revenue.desc()),
        "SELECT n.name, sum(i.price * (1 - i.discount)) AS revenue
        FROM customers c, orders o, items i, suppliers s, nations n, regions r
        WHERE c.id = o.customer_id AND i.order_id = o.id AND i.supplier_id = s.id AND c.nation_id = s.nation_id
            AND s.nation_id = n.id AND n.region_id = r.id AND r.name = 'EUROPE'
            AND o.placed_on >= date '1994-01-01' AND o.placed_on < date '1994-01-01' + interval '1 year'
        GROUP BY n.name ORDER BY revenue DESC",
    )
}

/// 6, forecasting revenue change: what a discount not given would have brought.
pub fn revenue_change() -> Report<impl Line> {
    let first = day(1994, 1, 1);
    report(
        select(func::sum(Item.price * Item.discount))
            .filter(Item.shipped_on.ge(first) & Item.shipped_on.lt(first + Months::new(12)))
            .filter(Item.discount.between(0.05, 0.07) & Item.quantity.lt(24)),
        "SELECT sum(price * discount) FROM items
        WHERE shipped_on >= date '1994-01-01' AND shipped_on < date '1994-01-01' + interval '1 year'
            AND discount BETWEEN 0.06 - 0.01 AND 0.06 + 0.01 AND quantity < 24",
    )
}

/// 7, volume shipping: what two nations sell to each other, by year.
pub fn volume_shipping() -> Report<impl Line> {
    let (seller, buyer) = (Nation.alias("seller"), Nation.alias("buyer"));
    let between = |one: &'static str, other: &'static str| seller.name.eq(one) & buyer.name.eq(other);
    let shipping = select((
        seller.name,
        buyer.name,
        func::extract(DatePart::Year, Item.shipped_on),
        Item.price * (1 - Item.discount),
    ))
    .select_from(Item)
    .join(Supplier, Supplier.id.eq(Item.supplier_id))
    .join(Order, Order.id.eq(Item.order_id))
    .join(Customer, Customer.id.eq(Order.customer_id))
    .join(seller, seller.id.eq(Supplier.nation_id))
    .join(buyer, buyer.id.eq(Customer.nation_id))
    .filter(between("FRANCE", "GERMANY") | between("GERMANY", "FRANCE"))
    .filter(Item.shipped_on.between(day(1995, 1, 1), day(1996, 12, 31)))
    .derived("shipping");
    let (from, to, year, volume) = shipping.columns();
    report(
        select((from, to, year, func::sum(volume)))
            .select_from(&shipping)
            .group_by((from, to, year))
            .order_by((from, to, year)),
        "SELECT seller, buyer, year, sum(volume) FROM (
            SELECT n1.name AS seller, n2.name AS buyer, extract(year FROM i.shipped_on) AS year,
                i.price * (1 - i.discount) AS volume
            FROM suppliers s, items i, orders o, customers c, nations n1, nations n2
            WHERE s.id = i.supplier_id AND o.id = i.order_id AND c.id = o.customer_id AND s.nation_id = n1.id
                AND c.nation_id = n2.id AND ((n1.name = 'FRANCE' AND n2.name = 'GERMANY')
                    OR (n1.name = 'GERMANY' AND n2.name = 'FRANCE'))
                AND i.shipped_on BETWEEN date '1995-01-01' AND date '1996-12-31') AS shipping
        GROUP BY seller, buyer, year ORDER BY seller, buyer, year",
    )
}

/// 8, national market share: the part of a nation in what a region buys of a kind, by year.
pub fn market_share() -> Report<impl Line> {
    let (seller, buyer) = (Nation.alias("seller"), Nation.alias("buyer"));
    let all = select((
        func::extract(DatePart::Year, Order.placed_on),
        Item.price * (1 - Item.discount),
        seller.name,
    ))
    .select_from(Item)
    .join(Part, Part.id.eq(Item.part_id))
    .join(Supplier, Supplier.id.eq(Item.supplier_id))
    .join(Order, Order.id.eq(Item.order_id))
    .join(Customer, Customer.id.eq(Order.customer_id))
    .join(buyer, buyer.id.eq(Customer.nation_id))
    .join(Region, Region.id.eq(buyer.region_id))
    .join(seller, seller.id.eq(Supplier.nation_id))
    .filter(Region.name.eq("AMERICA") & Part.kind.eq("ECONOMY ANODIZED STEEL"))
    .filter(Order.placed_on.between(day(1995, 1, 1), day(1996, 12, 31)))
    .derived("all_nations");
    let (year, volume, nation) = all.columns();
    let of_brazil = func::sum(case().when(nation.eq("BRAZIL"), volume).otherwise(0));
    report(
        select((year, of_brazil / func::sum(volume))).select_from(&all).group_by(year).order_by(year),
        "SELECT year, sum(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END) / sum(volume) FROM (
            SELECT extract(year FROM o.placed_on) AS year, i.price * (1 - i.discount) AS volume, n2.name AS nation
            FROM parts p, suppliers s, items i, orders o, customers c, nations n1, nations n2, regions r
            WHERE p.id = i.part_id AND s.id = i.supplier_id AND i.order_id = o.id AND o.customer_id = c.id
                AND c.nation_id = n1.id AND n1.region_id = r.id AND r.name = 'AMERICA' AND s.nation_id = n2.id
                AND o.placed_on BETWEEN date '1995-01-01' AND date '1996-12-31'
                AND p.kind = 'ECONOMY ANODIZED STEEL') AS all_nations
        GROUP BY year ORDER BY year",
    )
}

/// 9, product type profit: what is left of the price, by nation and year.
pub fn product_profit() -> Report<impl Line> {
    let profit = select((
        Nation.name,
        func::extract(DatePart::Year, Order.placed_on),
        Item.price * (1 - Item.discount) - Offer.cost * Item.quantity,
    ))
    .select_from(Item)
    .join(Part, Part.id.eq(Item.part_id))
    .join(Supplier, Supplier.id.eq(Item.supplier_id))
    .join(Offer, Offer.supplier_id.eq(Item.supplier_id) & Offer.part_id.eq(Item.part_id))
    .join(Order, Order.id.eq(Item.order_id))
    .join(Nation, Nation.id.eq(Supplier.nation_id))
    .filter(Part.name.contains("green"))
    .derived("profit");
    let (nation, year, amount) = profit.columns();
    report(
        select((nation, year, func::sum(amount)))
            .select_from(&profit)
            .group_by((nation, year))
            .order_by((nation, year.desc())),
        "SELECT nation, year, sum(amount) FROM (
            SELECT n.name AS nation, extract(year FROM o.placed_on) AS year,
                i.price * (1 - i.discount) - f.cost * i.quantity AS amount
            FROM parts p, suppliers s, items i, offers f, orders o, nations n
            WHERE s.id = i.supplier_id AND f.supplier_id = i.supplier_id AND f.part_id = i.part_id
                AND p.id = i.part_id AND o.id = i.order_id AND s.nation_id = n.id AND p.name LIKE '%green%') AS profit
        GROUP BY nation, year ORDER BY nation, year DESC",
    )
}

/// 10, returned items: the customers who sent most back in a quarter.
pub fn returned_items() -> Report<impl Line> {
    let first = day(1993, 10, 1);
    let revenue = func::sum(Item.price * (1 - Item.discount)).label("revenue");
    report(
        select((Customer.id, Customer.name, &revenue, Customer.balance, Nation.name, Customer.phone))
            .join(Order, Order.customer_id.eq(Customer.id))
            .join(Item, Item.order_id.eq(Order.id))
            .join(Nation, Nation.id.eq(Customer.nation_id))
            .filter(Order.placed_on.ge(first) & Order.placed_on.lt(first + Months::new(3)))
            .filter(Item.return_flag.eq("R"))
            .group_by((Customer.id, Nation.name))
            .order_by((revenue.desc(), Customer.id))
            .limit(20),
        "SELECT c.id, c.name, sum(i.price * (1 - i.discount)) AS revenue, c.balance, n.name, c.phone
        FROM customers c, orders o, items i, nations n
        WHERE c.id = o.customer_id AND i.order_id = o.id AND o.placed_on >= date '1993-10-01'
            AND o.placed_on < date '1993-10-01' + interval '3 months' AND i.return_flag = 'R' AND c.nation_id = n.id
        GROUP BY c.id, c.name, c.balance, c.phone, n.name ORDER BY revenue DESC, c.id LIMIT 20",
    )
}

/// 11, important stock: parts that are more than a share of what a nation has in stock.
pub fn important_stock() -> Report<impl Line> {
    let (offer, supplier, nation) =
        (Offer.alias("offer"), Supplier.alias("supplier"), Nation.alias("nation"));
    let share = select(func::sum(offer.cost * offer.available) * 0.03)
        .join(supplier, supplier.id.eq(offer.supplier_id))
        .join(nation, nation.id.eq(supplier.nation_id))
        .filter(nation.name.eq("GERMANY"));
    let value = func::sum(Offer.cost * Offer.available).label("value");
    report(
        select((Offer.part_id, &value))
            .join(Supplier, Supplier.id.eq(Offer.supplier_id))
            .join(Nation, Nation.id.eq(Supplier.nation_id))
            .filter(Nation.name.eq("GERMANY"))
            .group_by(Offer.part_id)
            .having(func::sum(Offer.cost * Offer.available).gt(share))
            .order_by(value.desc()),
        "SELECT o.part_id, sum(o.cost * o.available) AS value FROM offers o, suppliers s, nations n
        WHERE o.supplier_id = s.id AND s.nation_id = n.id AND n.name = 'GERMANY'
        GROUP BY o.part_id HAVING sum(o.cost * o.available) > (
            SELECT sum(o.cost * o.available) * 0.03 FROM offers o, suppliers s, nations n
            WHERE o.supplier_id = s.id AND s.nation_id = n.id AND n.name = 'GERMANY')
        ORDER BY value DESC",
    )
}
