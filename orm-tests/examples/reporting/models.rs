//! The tables of TPC-H, with readable names, and a few thousand rows that are the same each time.

use chrono::{Days, NaiveDate};
use orm_core::prelude::*;
use rust_decimal::Decimal;

#[derive(Model, Clone, Debug)]
#[orm(table = "regions")]
pub struct Region {
    #[orm(primary_key)]
    pub id: i32,
    pub name: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "nations")]
pub struct Nation {
    #[orm(primary_key)]
    pub id: i32,
    pub name: String,
    #[orm(references = Region.id)]
    pub region_id: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "suppliers")]
pub struct Supplier {
    #[orm(primary_key)]
    pub id: i32,
    pub name: String,
    pub address: String,
    #[orm(references = Nation.id)]
    pub nation_id: i32,
    pub phone: String,
    pub balance: Decimal,
    pub comment: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "parts")]
pub struct Part {
    #[orm(primary_key)]
    pub id: i32,
    pub name: String,
    pub manufacturer: String,
    pub brand: String,
    pub kind: String,
    pub size: i32,
    pub container: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "offers")]
pub struct Offer {
    #[orm(primary_key, references = Part.id)]
    pub part_id: i32,
    #[orm(primary_key, references = Supplier.id)]
    pub supplier_id: i32,
    pub available: i32,
    pub cost: Decimal,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "customers")]
pub struct Customer {
    #[orm(primary_key)]
    pub id: i32,
    pub name: String,
    pub address: String,
    #[orm(references = Nation.id)]
    pub nation_id: i32,
    pub phone: String,
    pub balance: Decimal,
    pub segment: String,
    pub comment: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "orders")]
pub struct Order {
    #[orm(primary_key)]
    pub id: i32,
    #[orm(references = Customer.id)]
    pub customer_id: i32,
    pub status: String,
    pub total: Decimal,
    pub placed_on: NaiveDate,
    pub priority: String,
    pub ship_priority: i32,
    pub comment: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "items", foreign_key(part_id, supplier_id = Offer))]
pub struct Item {
    #[orm(primary_key, references = Order.id)]
    pub order_id: i32,
    #[orm(primary_key)]
    pub line: i32,
    pub part_id: i32,
    pub supplier_id: i32,
    pub quantity: Decimal,
    pub price: Decimal,
    pub discount: Decimal,
    pub tax: Decimal,
    pub return_flag: String,
    pub status: String,
    pub shipped_on: NaiveDate,
    pub committed_on: NaiveDate,
    pub received_on: NaiveDate,
    pub instructions: String,
    pub mode: String,
}

/// A day.
pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}

const REGIONS: [&str; 5] = ["AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"];
const NATIONS: [(&str, i32); 10] = [
    ("FRANCE", 3),
    ("GERMANY", 3),
    ("RUSSIA", 3),
    ("BRAZIL", 1),
    ("CANADA", 1),
    ("INDIA", 2),
    ("CHINA", 2),
    ("KENYA", 0),
    ("SAUDI ARABIA", 4),
    ("EGYPT", 4),
];
const SEGMENTS: [&str; 3] = ["BUILDING", "AUTOMOBILE", "MACHINERY"];
const COLOURS: [&str; 4] = ["forest", "green", "lemon", "navy"];
const KINDS: [&str; 4] =
    ["ECONOMY ANODIZED STEEL", "PROMO BURNISHED BRASS", "STANDARD PLATED BRASS", "MEDIUM POLISHED TIN"];
const CONTAINERS: [&str; 4] = ["SM CASE", "MED BOX", "LG BOX", "JUMBO PKG"];
const PRIORITIES: [&str; 4] = ["1-URGENT", "2-HIGH", "3-MEDIUM", "5-LOW"];
const MODES: [&str; 5] = ["MAIL", "SHIP", "AIR", "AIR REG", "TRUCK"];

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: i32) -> i32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i32::try_from((self.0 >> 33) % u64::from(bound.unsigned_abs())).expect("below an i32")
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let length = i32::try_from(list.len()).expect("a short list");
        list[usize::try_from(self.below(length)).expect("a place")]
    }

    fn cents(&mut self, bound: i32) -> Decimal {
        Decimal::new(self.below(bound).into(), 2)
    }
}

/// The tables, and their rows.
pub async fn warehouse(db: &Engine) -> Result<(), Error> {
    db.create_all(schema![Region, Nation, Supplier, Part, Offer, Customer, Order, Item]).await?;
    let mut numbers = Numbers(7);
    let regions: Vec<_> = (0..).zip(REGIONS).map(|(id, name)| NewRegion::new(id, name)).collect();
    db.execute(insert(Region).values(regions)).await?;
    let nations: Vec<_> =
        (0..).zip(NATIONS).map(|(id, (name, region))| NewNation::new(id, name, region)).collect();
    db.execute(insert(Nation).values(nations)).await?;
    let suppliers = (1..=30).map(|id| NewSupplier {
        id,
        name: format!("Supplier#{id}"),
        address: format!("{id} Main Street"),
        nation_id: (id % 10).into(),
        phone: format!("{}-555", 10 + id % 10),
        balance: numbers.cents(1_000_000),
        comment: if id % 9 == 0 { "Customer had Complaints".to_owned() } else { "careful".to_owned() },
    });
    let suppliers: Vec<_> = suppliers.collect();
    db.execute(insert(Supplier).values(suppliers)).await?;
    let parts = (1..=120).map(|id| NewPart {
        id,
        name: format!("{} part {id}", numbers.one_of(&COLOURS)),
        manufacturer: format!("Manufacturer#{}", id % 5),
        brand: format!("Brand#{}{}", 1 + id % 2, 1 + id % 3),
        kind: numbers.one_of(&KINDS).to_owned(),
        size: 1 + numbers.below(15),
        container: numbers.one_of(&CONTAINERS).to_owned(),
    });
    let parts: Vec<_> = parts.collect();
    db.execute(insert(Part).values(parts)).await?;
    let supplier_of = |part: i32, place: i32| 1 + (part + place * 7) % 30;
    let mut offers = Vec::new();
    for part in 1..=120 {
        for place in 0..4 {
            let (available, cost) = (1 + numbers.below(999), numbers.cents(10_000));
            offers.push(NewOffer::new(part, supplier_of(part, place), available, cost));
        }
    }
    db.execute(insert(Offer).values(offers)).await?;
    let customers = (1..=150).map(|id| NewCustomer {
        id,
        name: format!("Customer#{id}"),
        address: format!("{id} Side Street"),
        nation_id: numbers.below(10).into(),
        phone: format!("{}-555", 10 + numbers.below(25)),
        balance: numbers.cents(900_000) - Decimal::from(500),
        segment: numbers.one_of(&SEGMENTS).to_owned(),
        comment: "quick".to_owned(),
    });
    let customers: Vec<_> = customers.collect();
    db.execute(insert(Customer).values(customers)).await?;
    let (mut orders, mut items) = (Vec::new(), Vec::new());
    for id in 1..=1_200 {
        let placed_on = day(1992, 1, 1) + Days::new(numbers.below(2_400).unsigned_abs().into());
        let is_old = placed_on < day(1995, 6, 17);
        let mut total = Decimal::ZERO;
        for line in 1..=1 + numbers.below(6) {
            let part = 1 + numbers.below(120);
            let quantity = Decimal::from(1 + numbers.below(50));
            let price = quantity * Decimal::from(900 + part);
            let later = |numbers: &mut Numbers, from: NaiveDate, days| {
                from + Days::new(numbers.below(days).unsigned_abs().into())
            };
            let shipped_on = later(&mut numbers, placed_on, 121);
            let committed_on = later(&mut numbers, placed_on, 90);
            let received_on = later(&mut numbers, shipped_on, 30);
            total += price;
            items.push(NewItem {
                order_id: id.into(),
                line,
                part_id: part.into(),
                supplier_id: supplier_of(part, numbers.below(4)).into(),
                quantity,
                price,
                discount: Decimal::new(numbers.below(11).into(), 2),
                tax: Decimal::new(numbers.below(9).into(), 2),
                return_flag: if is_old { numbers.one_of(&["R", "A"]) } else { "N" }.to_owned(),
                status: if is_old { "F" } else { "O" }.to_owned(),
                shipped_on,
                committed_on,
                received_on,
                instructions: numbers.one_of(&["DELIVER IN PERSON", "COLLECT COD"]).to_owned(),
                mode: numbers.one_of(&MODES).to_owned(),
            });
        }
        orders.push(NewOrder {
            id,
            // A third of the customers has no orders.
            customer_id: (1 + numbers.below(50) * 3).into(),
            status: if is_old { "F" } else { "O" }.to_owned(),
            total,
            placed_on,
            priority: numbers.one_of(&PRIORITIES).to_owned(),
            ship_priority: 0,
            comment: numbers.one_of(&["special handling requests", "as usual"]).to_owned(),
        });
    }
    db.execute(insert(Order).values(orders)).await?;
    db.execute(insert(Item).values(items)).await?;
    Ok(())
}
