//! Composite types, and types that need no impl of their own: domains, networks, bits, keys and values.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_core::prelude::*;
use orm_core::text_type;
use orm_tests::{Database, Fixture};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
enum Kind {
    Home,
    #[orm(label = "at, \"work\"")]
    Work,
}

#[derive(Composite, Clone, Debug, PartialEq)]
struct Spot {
    x: f64,
    y: Option<f64>,
}

#[derive(Composite, Clone, Debug, PartialEq)]
#[orm(name = "postal address")]
struct Address {
    street: String,
    zip: Option<String>,
    kind: Kind,
    place: Option<Spot>,
    floor: i16,
    price: Decimal,
    day: NaiveDate,
    opens: NaiveTime,
    local: NaiveDateTime,
    at: DateTime<Utc>,
    id: Uuid,
    more: Value,
    own: bool,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "customers")]
struct Customer {
    #[orm(primary_key)]
    id: i64,
    address: Address,
    before: Vec<Spot>,
    last: Option<Spot>,
}

fn address(street: &str) -> Address {
    let at = DateTime::from_timestamp_micros(1_234_567_890_123_456).unwrap();
    Address {
        street: street.into(),
        zip: None,
        kind: Kind::Work,
        place: Some(Spot { x: -1.5, y: None }),
        floor: -1,
        price: "12.50".parse().unwrap(),
        day: NaiveDate::from_ymd_opt(2026, 2, 28).unwrap(),
        opens: NaiveTime::from_hms_micro_opt(8, 30, 0, 500_000).unwrap(),
        local: at.naive_utc(),
        at,
        id: Uuid::from_u128(7),
        more: json!({"a": ["(", "\\", null]}),
        own: true,
    }
}

async fn customers() -> (Database, Engine) {
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    engine.create_all(schema![Customer]).await.unwrap();
    (database, engine)
}

#[tokio::test]
async fn values_of_composite_types_come_back_as_they_were_sent() {
    let (_database, engine) = customers().await;
    let new = |id, street: &str| NewCustomer {
        id,
        address: address(street),
        before: vec![Spot { x: 1.0, y: Some(2.0) }, Spot { x: f64::NAN, y: None }][..id as usize % 2 + 1]
            .to_vec(),
        last: None,
    };
    engine.execute(insert(Customer).values(new(2, "Main St 1, \"b\" \\ ("))).await.unwrap();
    engine.execute(insert(Customer).values([new(4, ""), new(6, "x")])).await.unwrap();
    let read: Vec<Customer> = engine.all(select(Customer).order_by(Customer.id)).await.unwrap();
    assert_eq!(read[0].address, address("Main St 1, \"b\" \\ ("));
    assert_eq!(read[1].address, address(""));
    assert_eq!((&*read[2].before, &read[2].last), (&[Spot { x: 1.0, y: Some(2.0) }][..], &None));
    let found: Vec<i64> =
        engine.all(select(Customer.id).filter(Customer.address.eq(address("x")))).await.unwrap();
    assert_eq!(found, [6]);
    let street = sql!("({Customer.address}).street").expr::<String>();
    assert_eq!(engine.all(select(street).filter(Customer.id.eq(6))).await.unwrap(), ["x"]);
    // Without a cast to text, as where rows are compared.
    let distinct: Vec<Address> =
        engine.all(select(Customer.address).filter(Customer.id.eq(6))).await.unwrap();
    assert_eq!(distinct, [address("x")]);
}

/// With another field in between.
mod other {
    use orm_core::prelude::*;

    #[derive(Composite, Clone, Debug, PartialEq)]
    pub(super) struct Spot {
        pub(super) x: f64,
        pub(super) r#type: Option<i32>,
        pub(super) y: Option<f64>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "customers")]
    pub(super) struct Customer {
        #[orm(primary_key)]
        pub(super) id: i64,
        pub(super) last: Option<Spot>,
    }

    #[derive(Composite, Clone, Debug, PartialEq)]
    #[orm(name = "point")]
    pub(super) struct Point {
        pub(super) x: f64,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "places")]
    pub(super) struct Place {
        #[orm(primary_key)]
        pub(super) id: i64,
        pub(super) at: Option<Point>,
    }
}

/// Another table, whose type has the name of one that is there.
mod twice {
    use orm_core::prelude::*;

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "guests")]
    pub(super) struct Customer {
        #[orm(primary_key)]
        pub(super) id: i64,
        pub(super) last: Option<super::other::Spot>,
    }
}

#[tokio::test]
async fn types_are_made_compared_and_dropped_with_the_tables_that_use_them() {
    let (database, engine) = customers().await;
    let types = "SELECT typname FROM pg_type WHERE typname IN ('spot', 'kind', 'postal address') ORDER BY 1";
    assert_eq!(database.query_text(types).await.len(), 3);
    engine.create_all(schema![Customer]).await.unwrap();
    let differences = engine.check_schema(schema![Customer]).await.unwrap();
    assert!(differences.is_empty(), "{differences}");
    let differences = engine.check_schema(schema![other::Customer]).await.unwrap().to_string();
    let says =
        "of a composite type with the fields (x, type, y), found a composite type with the fields (x, y)";
    assert!(differences.contains(says), "{differences}");
    let error = engine.create_all(schema![Customer, other::Place]).await.unwrap_err().to_string();
    assert!(error.contains("\"point\" has the name of a type that is there"), "{error}");
    let error = engine.create_all(schema![Customer, twice::Customer]).await.unwrap_err().to_string();
    assert!(
        error.contains("and another type \"spot\" is a composite type with the fields (x, y)"),
        "{error}"
    );
    engine.drop_all(schema![Customer]).await.unwrap();
    assert!(database.query_text(types).await.is_empty());
    engine.create_all(schema![other::Customer]).await.unwrap();
    let spot = other::Spot { x: 1.0, r#type: Some(2), y: None };
    let new = other::NewCustomer { id: 1, last: Some(spot.clone()) };
    engine.execute(insert(new)).await.unwrap();
    assert_eq!(engine.one(select(other::Customer.last)).await.unwrap(), Some(spot));
}

#[tokio::test]
async fn a_session_writes_what_has_changed() {
    let (_database, engine) = customers().await;
    let mut session = SessionMaker::new(engine.clone()).session();
    let customer = session.add(NewCustomer { id: 1, address: address("a"), before: Vec::new(), last: None });
    session.commit().await.unwrap();
    session[customer].last = Some(Spot { x: 3.0, y: None });
    session[customer].address.zip = Some("12".into());
    session.commit().await.unwrap();
    session.refresh(customer).await.unwrap();
    assert_eq!(session[customer].last, Some(Spot { x: 3.0, y: None }));
    assert_eq!(session[customer].address.zip.as_deref(), Some("12"));
}

#[tokio::test]
async fn a_type_with_other_fields_is_an_error_that_names_the_field() {
    let (database, engine) = customers().await;
    let new = NewCustomer {
        id: 1,
        address: address("a"),
        before: Vec::new(),
        last: Some(Spot { x: 3.0, y: None }),
    };
    engine.execute(insert(Customer).values(new)).await.unwrap();
    for (change, says) in [
        ("ALTER TYPE spot RENAME ATTRIBUTE y TO z", ""),
        ("UPDATE customers SET last = ROW(NULL, 1)", "its field `x` is NULL: declare it as an `Option`"),
        ("UPDATE customers SET last = ROW(1, 1)", ""),
        ("ALTER TYPE spot ADD ATTRIBUTE w int", "the type has more fields than the struct"),
    ] {
        database.execute(change).await;
        let read: Result<Vec<Option<Spot>>, Error> = engine.all(select(Customer.last)).await;
        match read {
            Ok(_) => assert_eq!(says, ""),
            Err(error) => assert!(!says.is_empty() && error.to_string().contains(says), "{error}"),
        }
    }
}

text_type! {
    /// A network.
    struct Network("cidr");
    /// The address of a network card.
    struct Mac("macaddr");
    /// Eight bits.
    struct Bits("bit(8)");
    /// Several ranges.
    struct Spans("int4multirange");
    /// A range of text of a domain.
    struct Code("code");
    /// Names and values, of an extension.
    struct Pairs("hstore");
}

#[derive(Model, Clone, Debug)]
#[orm(table = "hosts")]
struct Host {
    #[orm(primary_key)]
    id: i64,
    network: Network,
    mac: Option<Mac>,
    bits: Bits,
    spans: Spans,
    code: Code,
    codes: Vec<Code>,
}

#[tokio::test]
async fn one_line_declares_a_type_that_goes_as_text() {
    let fixture = Fixture::new(schema![]).await;
    let engine = &fixture.engine;
    engine.run_script("CREATE DOMAIN code AS text CHECK (value ~ '^[A-Z]+$')").await.unwrap();
    engine.create_all(schema![Host]).await.unwrap();
    let host = |id, code: &str| NewHost {
        id,
        network: "10.1.0.0/16".into(),
        mac: Some("08:00:2b:01:02:03".into()),
        bits: "10101010".into(),
        spans: "{[1,3),[2,5)}".into(),
        code: code.into(),
        codes: vec!["A".into(), "B".into()],
    };
    engine.execute(insert(Host).values([host(1, "ABC"), host(2, "D")])).await.unwrap();
    let found: Vec<Host> =
        engine.all(select(Host).filter(Host.code.eq("ABC") & Host.network.eq("10.1/16"))).await.unwrap();
    assert_eq!((found.len(), &*found[0].network.0, &*found[0].bits.0), (1, "10.1.0.0/16", "10101010"));
    assert_eq!(found[0].spans.0, "{[1,5)}");
    assert_eq!(found[0].mac.as_ref().unwrap().0, "08:00:2b:01:02:03");
    assert_eq!(found[0].codes.iter().map(|code| &*code.0).collect::<Vec<_>>(), ["A", "B"]);
    let error = engine.execute(insert(Host).values(host(3, "abc"))).await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
}

#[derive(Model, Clone, Debug)]
#[orm(table = "products")]
struct Product {
    #[orm(primary_key)]
    id: i64,
    attributes: Pairs,
}

#[tokio::test]
async fn a_type_of_an_extension_goes_as_text_and_has_its_operators_by_sql() {
    let fixture = Fixture::new(schema![]).await;
    let engine = &fixture.engine;
    fixture.database.execute("CREATE EXTENSION hstore").await;
    engine.create_all(schema![Product]).await.unwrap();
    let product = |id, text: &str| NewProduct::new(id, text);
    engine
        .execute(insert([product(1, "color=>red, size=>\"1 m\""), product(2, "color=>blue")]))
        .await
        .unwrap();
    let color = sql!("{Product.attributes} -> {}", "color").expr::<Option<String>>();
    let colors = select((Product.id, &color)).filter(sql!("{Product.attributes} ? {}", "size").cond());
    assert_eq!(engine.all(colors).await.unwrap(), [(1, Some("red".to_owned()))]);
    let sized = sql!("{Product.attributes} || {}", Pairs::from("size=>2")).expr::<Pairs>();
    let changed = update(Product).set(Product.attributes, sized).filter(Product.id.eq(2)).returning(Product);
    assert_eq!(engine.one(changed).await.unwrap().attributes.0, "\"size\"=>\"2\", \"color\"=>\"blue\"");
    assert_eq!(
        engine.count(select(Product).filter(Product.attributes.eq("color=>blue, size=>2"))).await.unwrap(),
        1
    );
}

#[derive(Composite, Clone, Debug, PartialEq)]
struct Epoch {
    day: NaiveDate,
    local: NaiveDateTime,
    at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "epochs")]
struct Epochs {
    #[orm(primary_key)]
    id: i32,
    epoch: Epoch,
    others: Vec<Epoch>,
}

#[tokio::test]
async fn dates_of_all_years_are_fields() {
    let fixture = Fixture::new(schema![Epochs]).await;
    for year in [-4000, -1, 0, 1, 1066, 9999, 10_000, 200_000] {
        let day = NaiveDate::from_ymd_opt(year, 2, 28).unwrap();
        let local = day.and_hms_micro_opt(23, 59, 59, 1).unwrap();
        let epoch = Epoch { day, local, at: local.and_utc() };
        let others = vec![epoch.clone()];
        let new = NewEpochs { id: year, epoch, others };
        let epochs = fixture.engine.one(insert(new).returning(Epochs)).await.unwrap();
        assert_eq!(
            (epochs.epoch.clone(), &epochs.others[..]),
            (Epoch { day, local, at: local.and_utc() }, &[epochs.epoch][..])
        );
        let sql = format!(
            "SELECT extract(year FROM (epoch).day) = {} FROM epochs WHERE id = {year}",
            if year > 0 { year } else { year - 1 }
        );
        assert_eq!(fixture.database.query_text(&sql).await, [[Some("t".to_owned())]]);
    }
}
