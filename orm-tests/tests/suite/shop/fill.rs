//! Fills the shop by one session, and reads every row back.

use std::net::IpAddr;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use orm_core::prelude::*;
use orm_core::types::Interval;
use rust_decimal::Decimal;
use serde_json::json;

use super::catalog::*;
use super::color::Color;
use super::customer::*;
use super::sale::*;
use super::staff::*;
use super::stock::*;
use super::{reads_back, shop};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

macro_rules! check {
    ($fixture:ident, $session:ident, $($handles:expr),* $(,)?) => {
        $(reads_back(&$fixture, &$session, &$handles).await;)*
    };
}

#[tokio::test]
async fn a_session_fills_the_shop_and_every_row_reads_back() {
    let fixture = shop().await;
    let mut session = fixture.session();

    let countries = session.add_all([NewCountry::new("no", "Norway"), NewCountry::new("fi", "Finland")]);
    let currencies = session.add_all([
        NewCurrency { decimals: Some(3), ..NewCurrency::new("EUR", 1.08) },
        NewCurrency::new("NOK", 0.094),
    ]);
    let settings = |language: &str| Settings { language: language.into(), newsletter: true }.into();
    let ann = session.add(NewCustomer {
        birthday: Some(day(1)),
        last_address: Some(address("2001:db8::7")),
        ..NewCustomer::new(
            Email("ann@example.com".into()),
            "Ann O'Neill; --",
            vec!["vip".into(), "a \"b\"".into()],
            countries[0],
            cents(12_345),
            settings("no"),
        )
    });
    let bob = session.add(NewCustomer {
        state: Some(CustomerState::UnderReview),
        ..NewCustomer::new(Email("bob@example.com".into()), "Bob", vec![], "fi", cents(0), settings("fi"))
    });
    let addresses = session.add_all([
        NewAddress {
            is_default: Some(true),
            ..NewAddress::new(ann, vec!["Way 1".into(), "Oslo".into()], "no")
        },
        NewAddress::new(ann, vec![], countries[1]),
    ]);
    let noon = day(2).and_hms_micro_opt(12, 0, 0, 123_456).unwrap();
    let consents =
        session.add_all([NewConsent::new(ann, "newsletter", noon), NewConsent::new(bob, "cookies", noon)]);
    let everybody = session.add(NewCustomerGroup::new("everybody", 0.0));
    let groups = [
        everybody,
        session.add(NewCustomerGroup {
            parent_id: Some(everybody.into()),
            ..NewCustomerGroup::new("friends", 0.125)
        }),
    ];
    let members = session.add_all([NewGroupMember::new(ann, groups[1]), NewGroupMember::new(bob, everybody)]);
    let attempts = session.add_all([
        NewLoginAttempt { customer_id: Some(ann.into()), ..NewLoginAttempt::new(address("192.0.2.1"), true) },
        NewLoginAttempt::new(address("::1"), false),
    ]);

    let brands = session
        .add_all([NewBrand { logo: Some(vec![0, 255, 39]), ..NewBrand::new("Nord") }, NewBrand::new("Süd")]);
    let top = session.add(NewCategory::new("everything", vec![]));
    let categories = [
        top,
        session.add(NewCategory {
            parent_id: Some(top.into()),
            ..NewCategory::new("chairs", vec![1, i64::MAX])
        }),
    ];
    let chair = session.add(NewProduct {
        brand_id: Some(brands[0].into()),
        attributes: Some(json!({"legs": 4, "finish": ["oil", null]})),
        withdrawn_on: Some(day(30)),
        ..NewProduct::new(
            "C-1",
            "Chair ÄÖ",
            cents(9_995),
            4.25,
            vec![Size::Small, Size::Huge],
            vec![Some(1.5), None],
            day(1),
        )
    });
    let products =
        [chair, session.add(NewProduct::new("T-1", "Table", cents(29_900), 18.0, vec![], vec![], day(3)))];
    let in_categories = session.add_all([NewProductCategory::new(chair, categories[1])]);
    let images =
        session.add_all((0..3).map(|n| NewProductImage::new(chair, n, vec![u8::try_from(n).unwrap(); 3])));
    let red = session
        .add(NewVariant { size: Some(Size::Medium), ..NewVariant::new(chair, 1, Color([255, 0, 16])) });
    let blue = session
        .add(NewVariant { price: Some(cents(8_900)), ..NewVariant::new(chair, 2, Color([0, 0, 255])) });
    let variants = [red, blue];
    let barcodes = session.add_all([NewBarcode::new("4006381333931", red, red)]);
    let now = noon.and_utc();
    let prices = session.add_all([
        NewPrice { valid_to: Some(now + TimeDelta::days(1)), ..NewPrice::new(red, red, cents(1), now) },
        NewPrice::new(blue, blue, cents(2), now),
    ]);
    let reviews = session.add_all([
        NewReview { text: Some("stands".into()), ..NewReview::new(chair, ann, 5) },
        NewReview::new(chair, bob, 4),
    ]);
    let questions =
        session.add_all([NewQuestion { customer_id: Some(bob.into()), ..NewQuestion::new(chair, "Oak?") }]);
    let related = session.add_all([NewRelatedProduct::new(chair, products[1])]);

    let warehouse = session.add(NewWarehouse {
        place: Some(vec![59.91, 10.75]),
        ..NewWarehouse::new("Oslo", NaiveTime::from_hms_opt(7, 30, 0).unwrap())
    });
    let shelf = session.add(NewShelf::new(warehouse, "A 1"));
    let level = session
        .add(NewStockLevel { shelf: Some(shelf.into()), ..NewStockLevel::new(red, red, warehouse, 10) });
    let levels = [level, session.add(NewStockLevel::new(blue, blue, warehouse, 0))];
    let movements = session.add_all([
        NewStockMovement::new(level, level, level, 11, MovementReason::Delivery),
        NewStockMovement::new(level, level, level, -1, MovementReason::Lost),
    ]);
    let week = Interval { months: 1, days: 7, microseconds: -1 };
    let supplier = session.add(NewSupplier {
        rating: Some(4.5),
        ..NewSupplier::new("Wood & Co", week, vec![1, 4], vec![day(5)])
    });
    let supplied = session.add_all([NewSupplierProduct::new(supplier, chair, cents(4_000))]);
    let purchase = session.add(NewPurchase::new(supplier));
    let purchase_lines = session.add_all([NewPurchaseLine::new(purchase, 1, chair, 20, cents(3_900))]);

    let cart = session.add(NewCart { customer_id: Some(bob.into()), ..NewCart::new() });
    let cart_lines = session.add_all([NewCartLine::new(cart, blue, blue)]);
    let coupon = session.add(NewCoupon {
        holders: Some(vec![Email("ann@example.com".into())]),
        ..NewCoupon::new("SPRING", 10)
    });
    let order = session.add(NewOrder {
        address_id: Some(addresses[0].into()),
        coupon_code: Some(coupon.into()),
        past: Some(vec![OrderState::Placed]),
        state: Some(OrderState::Paid),
        ..NewOrder::new(2026, 1, ann, currencies[0])
    });
    let lines = session.add_all([
        NewOrderLine::new(order, order, 1, red, red, 2, cents(9_995)),
        NewOrderLine::new(order, order, 2, blue, blue, 1, cents(8_900)),
    ]);
    let card = Means::Card { last_digits: "4242".into() };
    let payment = session.add(NewPayment {
        answer: Some(json!(null)),
        ..NewPayment::new(order, order, card.into(), cents(28_890))
    });
    let transfer = Means::Transfer { iban: "NO93".into() };
    let payments = [payment, session.add(NewPayment::new(order, order, transfer.into(), cents(1)))];
    let refunds = session.add_all([NewRefund::new(payment, cents(100), "scratch")]);
    let shipment = session.add(NewShipment {
        took: Some(week),
        tracking_code: Some("X1".into()),
        ..NewShipment::new(order, order, "Post")
    });
    let shipment_lines = session.add_all([NewShipmentLine::new(shipment, lines[0], lines[0], lines[0], 2)]);
    let invoices = session.add_all([NewInvoice::new(order, order, ann, b"%PDF".to_vec())]);

    let sales = session.add(NewDepartment::new("Sales"));
    let boss = session
        .add(NewEmployee { email: Some(Email("eva@shop".into())), ..NewEmployee::new("Eva", sales, day(1)) });
    let clerk = NewEmployee {
        boss_id: Some(boss.into()),
        salary: Some(cents(300_000)),
        is_present: Some(true),
        ..NewEmployee::new("Kim", sales, day(2))
    };
    let employees = [boss, session.add(clerk)];
    let shifts = session.add_all([NewShift::new(boss, noon, noon + TimeDelta::hours(8), warehouse)]);
    let log = session.add_all([NewLogEntry {
        employee_id: Some(boss.into()),
        new: Some(json!({"a": [1]})),
        ..NewLogEntry::new("orders")
    }]);

    session.commit().await.unwrap();
    // The circle is closed once both ends are there.
    session[sales].head_id = Some(session[boss].id);
    session[order].state = OrderState::Shipped;
    session[level].amount -= 2;
    session.commit().await.unwrap();
    assert_eq!((session[order].version, session[level].version, session[ann].version), (2, 2, 1));
    assert!(session[order].changed_at.is_some());
    assert_eq!(session[invoices[0]].email, Email("ann@example.com".into()));

    check!(
        fixture,
        session,
        countries,
        currencies,
        [ann, bob],
        addresses,
        consents,
        groups,
        members,
        attempts
    );
    check!(fixture, session, brands, categories, products, in_categories, images, variants, barcodes, prices);
    check!(
        fixture,
        session,
        reviews,
        questions,
        related,
        [warehouse],
        [shelf],
        levels,
        movements,
        [supplier]
    );
    check!(
        fixture,
        session,
        supplied,
        [purchase],
        purchase_lines,
        [cart],
        cart_lines,
        [coupon],
        [order],
        lines
    );
    check!(
        fixture,
        session,
        payments,
        refunds,
        [shipment],
        shipment_lines,
        invoices,
        [sales],
        employees,
        shifts,
        log
    );

    let rating = fixture.engine.one(select(ProductRating)).await.unwrap();
    assert_eq!(
        (rating.product_id, rating.stars, rating.reviews),
        (session[chair].id, Decimal::new(45, 1), 2)
    );
    let sale: DailySale = session.one(select(DailySale)).await.unwrap();
    assert_eq!((sale.orders, sale.turnover), (1, Some(cents(28_890))));
    let with_reviews: Vec<(Product, Vec<Review>)> =
        fixture.engine.all(select(Product).with(Product.reviews).order_by(Product.id)).await.unwrap();
    assert_eq!(with_reviews.iter().map(|(_, reviews)| reviews.len()).collect::<Vec<_>>(), [2, 0]);
}
