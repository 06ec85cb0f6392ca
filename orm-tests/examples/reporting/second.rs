//! Queries 12 to 22 of TPC-H.

use chrono::Months;
use orm_core::prelude::*;

use super::models::{Customer, Item, Nation, Offer, Order, Part, Supplier, day};
use super::report::{Line, Report, report};

/// 12, shipping modes and order priority: what came late, of urgent orders and others.
pub fn shipping_modes() -> Report<impl Line> {
    let first = day(1994, 1, 1);
    let urgent = Order.priority.in_(["1-URGENT", "2-HIGH"]);
    report(
        select((
            Item.mode,
            func::sum(case().when(urgent.clone(), 1).otherwise(0)),
            func::sum(case().when(!urgent, 1).otherwise(0)),
        ))
        .join(Order, Order.id.eq(Item.order_id))
        .filter(Item.mode.in_(["MAIL", "SHIP"]))
        .filter(Item.committed_on.lt(Item.received_on) & Item.shipped_on.lt(Item.committed_on))
        .filter(Item.received_on.ge(first) & Item.received_on.lt(first + Months::new(12)))
        .group_by(Item.mode)
        .order_by(Item.mode),
        "SELECT i.mode, sum(CASE WHEN o.priority = '1-URGENT' OR o.priority = '2-HIGH' THEN 1 ELSE 0 END),
            sum(CASE WHEN o.priority <> '1-URGENT' AND o.priority <> '2-HIGH' THEN 1 ELSE 0 END)
        FROM orders o, items i
        WHERE o.id = i.order_id AND i.mode IN ('MAIL', 'SHIP') AND i.committed_on < i.received_on
            AND i.shipped_on < i.committed_on AND i.received_on >= date '1994-01-01'
            AND i.received_on < date '1994-01-01' + interval '1 year'
        GROUP BY i.mode ORDER BY i.mode",
    )
}

/// 13, customer distribution: how many customers have how many orders, also none.
pub fn customer_distribution() -> Report<impl Line> {
    let on = Order.customer_id.eq(Customer.id) & !Order.comment.like("%special%requests%");
    let counts = select((Customer.id, func::count(Order.id)))
        .outer_join(Order, on)
        .group_by(Customer.id)
        .derived("counts");
    let (_, orders) = counts.columns();
    let customers = func::count_star().label("customers");
    report(
        select((orders, &customers))
            .select_from(&counts)
            .group_by(orders)
            .order_by((customers.desc(), orders.desc())),
        "SELECT orders, count(*) AS customers FROM (
            SELECT c.id, count(o.id) FROM customers c
            LEFT JOIN orders o ON c.id = o.customer_id AND o.comment NOT LIKE '%special%requests%'
            GROUP BY c.id) AS counts (customer, orders)
        GROUP BY orders ORDER BY customers DESC, orders DESC",
    )
}

/// 14, promotion effect: the share of promotions in the revenue of a month.
pub fn promotion_effect() -> Report<impl Line> {
    let (first, revenue) = (day(1995, 9, 1), Item.price * (1 - Item.discount));
    let promoted = func::sum(case().when(Part.kind.starts_with("PROMO"), &revenue).otherwise(0));
    report(
        select(100.00 * promoted / func::sum(revenue))
            .select_from(Item)
            .join(Part, Part.id.eq(Item.part_id))
            .filter(Item.shipped_on.ge(first) & Item.shipped_on.lt(first + Months::new(1))),
        "SELECT 100.00 * sum(CASE WHEN p.kind LIKE 'PROMO%' THEN i.price * (1 - i.discount) ELSE 0 END)
            / sum(i.price * (1 - i.discount))
        FROM items i, parts p WHERE i.part_id = p.id AND i.shipped_on >= date '1995-09-01'
            AND i.shipped_on < date '1995-09-01' + interval '1 month'",
    )
}

/// 15, top supplier: who sold most in a quarter.
pub fn top_supplier() -> Report<impl Line> {
    let first = day(1996, 1, 1);
    let revenue = select((Item.supplier_id, func::sum(Item.price * (1 - Item.discount))))
        .filter(Item.shipped_on.ge(first) & Item.shipped_on.lt(first + Months::new(3)))
        .group_by(Item.supplier_id)
        .cte("revenue");
    let (supplier, total) = revenue.columns();
    let most = select(func::max(total)).select_from(&revenue);
    report(
        select((Supplier.id, Supplier.name, Supplier.address, Supplier.phone, total))
            .join(&revenue, supplier.eq(Supplier.id))
            .filter(total.eq(most))
            .order_by(Supplier.id),
        "WITH revenue (supplier, total) AS (
            SELECT supplier_id, sum(price * (1 - discount)) FROM items
            WHERE shipped_on >= date '1996-01-01' AND shipped_on < date '1996-01-01' + interval '3 months'
            GROUP BY supplier_id)
        SELECT s.id, s.name, s.address, s.phone, total FROM suppliers s, revenue
        WHERE s.id = supplier AND total = (SELECT max(total) FROM revenue) ORDER BY s.id",
    )
}

/// 16, parts and suppliers: how many suppliers, without complaints, offer parts of each kind.
pub fn parts_and_suppliers() -> Report<impl Line> {
    let complaints = select(Supplier.id).filter(Supplier.comment.like("%Customer%Complaints%"));
    let suppliers = func::count(Offer.supplier_id).distinct().label("suppliers");
    report(
        select((Part.brand, Part.kind, Part.size, &suppliers))
            .join(Part, Part.id.eq(Offer.part_id))
            .filter(Part.brand.ne("Brand#23") & !Part.kind.like("MEDIUM POLISHED%"))
            .filter(Part.size.in_([9, 14, 3, 6, 12]) & Offer.supplier_id.not_in(complaints))
            .group_by((Part.brand, Part.kind, Part.size))
            .order_by((suppliers.desc(), Part.brand, Part.kind, Part.size)),
        "SELECT p.brand, p.kind, p.size, count(DISTINCT o.supplier_id) AS suppliers FROM offers o, parts p
        WHERE p.id = o.part_id AND p.brand <> 'Brand#23' AND p.kind NOT LIKE 'MEDIUM POLISHED%'
            AND p.size IN (9, 14, 3, 6, 12)
            AND o.supplier_id NOT IN (SELECT id FROM suppliers WHERE comment LIKE '%Customer%Complaints%')
        GROUP BY p.brand, p.kind, p.size ORDER BY suppliers DESC, p.brand, p.kind, p.size",
    )
}

/// 17, small quantity orders: the revenue a year of orders far below the average of their part.
pub fn small_quantities() -> Report<impl Line> {
    let item = Item.alias("item");
    let small = select(func::avg(item.quantity) * 0.5).filter(item.part_id.eq(Part.id));
    report(
        select(func::sum(Item.price) / 7.0)
            .join(Part, Part.id.eq(Item.part_id))
            .filter(Part.brand.eq("Brand#23") & Part.container.eq("MED BOX") & Item.quantity.lt(small)),
        "SELECT sum(i.price) / 7.0 FROM items i, parts p
        WHERE p.id = i.part_id AND p.brand = 'Brand#23' AND p.container = 'MED BOX'
            AND i.quantity < (SELECT 0.5 * avg(quantity) FROM items WHERE part_id = p.id)",
    )
}

/// 18, large volume customers: orders of more than a number of pieces.
pub fn large_volumes() -> Report<impl Line> {
    let large = select(Item.order_id).group_by(Item.order_id).having(func::sum(Item.quantity).gt(200));
    report(
        select((
            Customer.name,
            Customer.id,
            Order.id,
            Order.placed_on,
            Order.total,
            func::sum(Item.quantity),
        ))
        .join(Order, Order.customer_id.eq(Customer.id))
        .join(Item, Item.order_id.eq(Order.id))
        .filter(Order.id.in_(large))
        .group_by((Customer.id, Order.id))
        .order_by((Order.total.desc(), Order.placed_on, Order.id))
        .limit(100),
        "SELECT c.name, c.id, o.id, o.placed_on, o.total, sum(i.quantity) FROM customers c, orders o, items i
        WHERE o.id IN (SELECT order_id FROM items GROUP BY order_id HAVING sum(quantity) > 200)
            AND c.id = o.customer_id AND o.id = i.order_id
        GROUP BY c.name, c.id, o.id, o.placed_on, o.total ORDER BY o.total DESC, o.placed_on, o.id LIMIT 100",
    )
}

/// 19, discounted revenue: of parts in any of three classes.
pub fn discounted_revenue() -> Report<impl Line> {
    let class = |brand: &str, containers: [&str; 2], from: i32, size: i32| {
        Part.brand.eq(brand)
            & Part.container.in_(containers)
            & Item.quantity.between(from, from + 20)
            & Part.size.between(1, size)
    };
    report(
        select(func::sum(Item.price * (1 - Item.discount)))
            .join(Part, Part.id.eq(Item.part_id))
            .filter(Item.mode.in_(["AIR", "AIR REG"]) & Item.instructions.eq("DELIVER IN PERSON"))
            .filter(
                class("Brand#12", ["SM CASE", "MED BOX"], 1, 5)
                    | class("Brand#23", ["MED BOX", "LG BOX"], 10, 10)
                    | class("Brand#11", ["LG BOX", "JUMBO PKG"], 20, 15),
            ),
        "SELECT sum(i.price * (1 - i.discount)) FROM items i, parts p
        WHERE p.id = i.part_id AND i.mode IN ('AIR', 'AIR REG') AND i.instructions = 'DELIVER IN PERSON' AND (
            (p.brand = 'Brand#12' AND p.container IN ('SM CASE', 'MED BOX') AND i.quantity >= 1 AND i.quantity <= 21
                AND p.size BETWEEN 1 AND 5)
            OR (p.brand = 'Brand#23' AND p.container IN ('MED BOX', 'LG BOX') AND i.quantity >= 10
                AND i.quantity <= 30 AND p.size BETWEEN 1 AND 10)
            OR (p.brand = 'Brand#11' AND p.container IN ('LG BOX', 'JUMBO PKG') AND i.quantity >= 20
                AND i.quantity <= 40 AND p.size BETWEEN 1 AND 15))",
    )
}

/// 20, potential promotion: suppliers of a nation with much left of parts of a colour.
pub fn potential_promotion() -> Report<impl Line> {
    let first = day(1994, 1, 1);
    let forest = select(Part.id).filter(Part.name.starts_with("forest"));
    let sold = select(func::sum(Item.quantity) * 0.5)
        .filter(Item.part_id.eq(Offer.part_id) & Item.supplier_id.eq(Offer.supplier_id))
        .filter(Item.shipped_on.ge(first) & Item.shipped_on.lt(first + Months::new(12)));
    let plenty = select(Offer.supplier_id).filter(Offer.part_id.in_(forest) & Offer.available.gt(sold));
    report(
        select((Supplier.name, Supplier.address))
            .join(Nation, Nation.id.eq(Supplier.nation_id))
            .filter(Supplier.id.in_(plenty) & Nation.name.eq("CANADA"))
            .order_by(Supplier.name),
        "SELECT s.name, s.address FROM suppliers s, nations n
        WHERE s.id IN (SELECT supplier_id FROM offers o
            WHERE part_id IN (SELECT id FROM parts WHERE name LIKE 'forest%')
                AND available > (SELECT 0.5 * sum(quantity) FROM items i
                    WHERE i.part_id = o.part_id AND i.supplier_id = o.supplier_id
                        AND shipped_on >= date '1994-01-01' AND shipped_on < date '1994-01-01' + interval '1 year'))
            AND s.nation_id = n.id AND n.name = 'CANADA'
        ORDER BY s.name",
    )
}

/// 21, suppliers who kept orders waiting: the only one of an order who was late.
pub fn kept_waiting() -> Report<impl Line> {
    let (other, late) = (Item.alias("other"), Item.alias("late"));
    let others =
        select(other).filter(other.order_id.eq(Item.order_id) & other.supplier_id.ne(Item.supplier_id));
    let late_others = select(late)
        .filter(late.order_id.eq(Item.order_id) & late.supplier_id.ne(Item.supplier_id))
        .filter(late.received_on.gt(late.committed_on));
    let waiting = func::count_star().label("waiting");
    report(
        select((Supplier.name, &waiting))
            .join(Item, Item.supplier_id.eq(Supplier.id))
            .join(Order, Order.id.eq(Item.order_id))
            .join(Nation, Nation.id.eq(Supplier.nation_id))
            .filter(Order.status.eq("F") & Item.received_on.gt(Item.committed_on))
            .filter(exists(others) & !exists(late_others) & Nation.name.eq("SAUDI ARABIA"))
            .group_by(Supplier.name)
            .order_by((waiting.desc(), Supplier.name))
            .limit(100),
        "SELECT s.name, count(*) AS waiting FROM suppliers s, items i1, orders o, nations n
        WHERE s.id = i1.supplier_id AND o.id = i1.order_id AND o.status = 'F' AND i1.received_on > i1.committed_on
            AND EXISTS (SELECT * FROM items i2
                WHERE i2.order_id = i1.order_id AND i2.supplier_id <> i1.supplier_id)
            AND NOT EXISTS (SELECT * FROM items i3 WHERE i3.order_id = i1.order_id
                AND i3.supplier_id <> i1.supplier_id AND i3.received_on > i3.committed_on)
            AND s.nation_id = n.id AND n.name = 'SAUDI ARABIA'
        GROUP BY s.name ORDER BY waiting DESC, s.name LIMIT 100",
    )
}

/// 22, global sales opportunity: who has money and has not bought anything, by the country of the phone.
pub fn sales_opportunity() -> Report<impl Line> {
    let countries = ["13", "31", "23", "29", "30", "18", "17"];
    let customer = Customer.alias("customer");
    let average = select(func::avg(customer.balance))
        .filter(customer.balance.gt(0.00) & func::substring(customer.phone, 1, 2).in_(countries));
    let orders = select(Order).filter(Order.customer_id.eq(Customer.id));
    let country = func::substring(Customer.phone, 1, 2);
    let found = select((&country, Customer.balance))
        .filter(country.in_(countries) & Customer.balance.gt(average) & !exists(orders))
        .derived("found");
    let (country, balance) = found.columns();
    report(
        select((country, func::count_star(), func::sum(balance)))
            .select_from(&found)
            .group_by(country)
            .order_by(country),
        "SELECT country, count(*), sum(balance) FROM (
            SELECT substring(phone FROM 1 FOR 2) AS country, balance FROM customers c
            WHERE substring(phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17')
                AND balance > (SELECT avg(balance) FROM customers WHERE balance > 0.00
                    AND substring(phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17'))
                AND NOT EXISTS (SELECT * FROM orders o WHERE o.customer_id = c.id)) AS found
        GROUP BY country ORDER BY country",
    )
}
