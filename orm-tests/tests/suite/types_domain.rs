//! Domains of PostgreSQL by `#[derive(ColumnType)]`: made, compared and dropped with the tables, and read as what is below them.

use orm_core::prelude::*;
use orm_core::{Difference, DifferenceKind};
use orm_tests::Fixture;

use crate::select_text::condition;

#[derive(ColumnType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[orm(domain = "part number")]
struct PartId(i64);

#[derive(ColumnType, Clone, Copy, Debug, PartialEq)]
#[orm(domain = "positive", check = "VALUE > 0")]
pub struct Positive(i32);

#[derive(ColumnType, Clone, Debug, PartialEq)]
#[orm(domain = "code", check = "VALUE ~ '^[A-Z]+$'")]
struct Code(String);

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "parts")]
struct Part {
    #[orm(primary_key)]
    id: PartId,
    count: Positive,
    most: Option<Positive>,
    code: Code,
    counts: Vec<Positive>,
    #[orm(references = Part.id)]
    whole_id: Option<PartId>,
}

fn part(id: i64, count: i32, code: &str) -> NewPart {
    NewPart {
        id: PartId(id),
        count: Positive(count),
        most: None,
        code: Code(code.into()),
        counts: vec![Positive(1)],
        whole_id: None,
    }
}

#[tokio::test]
async fn tables_have_columns_of_the_domain_which_are_read_as_its_base() {
    let fixture = Fixture::new(schema![Part]).await;
    let engine = &fixture.engine;
    engine.create_all(schema![Part]).await.expect("what is there stays");
    let differences = engine.check_schema(schema![Part]).await.unwrap();
    assert!(differences.is_empty(), "{differences}");
    let types = "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute \
                 WHERE attrelid = 'parts'::regclass AND attnum > 0 ORDER BY attnum";
    let types: Vec<_> = fixture.database.query_text(types).await.into_iter().flatten().flatten().collect();
    assert_eq!(
        types.join(" "),
        "id \"part number\" count positive most positive code code counts integer[] whole_id \"part number\""
    );

    engine.execute(insert(Part).values([part(1, 5, "A"), part(2, 7, "B")])).await.unwrap();
    // By binary COPY, and by arrays.
    let many: Vec<_> = (3..3_000).map(|id| part(id, 1, "MANY")).collect();
    engine.execute(insert(Part).values(many)).await.unwrap();
    let counted = select(Part.id).filter(Part.count.gt(Positive(4)) & Part.code.in_([Code("B".into())]));
    assert_eq!(engine.all(counted).await.unwrap(), [PartId(2)]);
    assert_eq!(condition(Part.count.eq(Positive(1))), "parts.count = $1");
    // What the domain would refuse is compared all the same.
    assert_eq!(engine.count(select(Part).filter(Part.count.gt(Positive(-1)))).await.unwrap(), 2_999);
    let extremes = select((func::max(Part.id), func::min(Part.code), func::max(Part.most)));
    assert_eq!(engine.one(extremes).await.unwrap(), (Some(PartId(2_999)), Some(Code("A".into())), None));
    let first = engine.find::<Part>(PartId(1)).await.unwrap().unwrap();
    assert_eq!((first.count, first.code, first.counts), (Positive(5), Code("A".into()), vec![Positive(1)]));
}

#[tokio::test]
async fn what_the_check_refuses_is_an_error_of_every_write() {
    let fixture = Fixture::new(schema![Part]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Part).values(part(1, 5, "A"))).await.unwrap();
    let many: Vec<_> = (2..3_000).map(|id| part(id, i32::from(id != 2_000), "MANY")).collect();
    let mut session = fixture.session();
    let first = session.find::<Part>(PartId(1)).await.unwrap().unwrap();
    session[first].count = Positive(6);
    session[first].most = Some(Positive(9));
    session.commit().await.unwrap();
    assert_eq!(engine.one(select((Part.count, Part.most))).await.unwrap(), (Positive(6), Some(Positive(9))));
    session[first].count = Positive(-6);
    for error in [
        engine.execute(insert(Part).values(part(2, 0, "A"))).await.unwrap_err(),
        engine.execute(insert(Part).values(part(2, 1, "a"))).await.unwrap_err(),
        engine.execute(insert(Part).values(many)).await.unwrap_err(),
        engine.execute(update(Part).set(Part.most, Positive(0)).all_rows()).await.unwrap_err(),
        session.commit().await.unwrap_err(),
    ] {
        assert!(error.is_check_violation(), "{error}");
    }
    assert_eq!(engine.count(select(Part)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_domain_goes_with_the_last_table() {
    let fixture = Fixture::new(schema![Part]).await;
    fixture.engine.drop_all(schema![Part]).await.unwrap();
    let left = "SELECT typname FROM pg_type WHERE typtype = 'd' AND typnamespace = 'public'::regnamespace";
    assert_eq!(fixture.database.query_text(left).await.len(), 0);
    fixture.engine.create_all(schema![Part]).await.unwrap();
}

mod other {
    use orm_core::prelude::*;

    #[derive(ColumnType, Clone, Copy, Debug, PartialEq)]
    #[orm(domain = "positive")]
    pub struct Unchecked(pub i32);

    #[derive(ColumnType, Clone, Copy, Debug, PartialEq)]
    #[orm(domain = "code")]
    pub struct Number(pub i64);

    #[derive(Model, Clone, Debug)]
    #[orm(table = "unlike")]
    pub struct Unlike {
        #[orm(primary_key)]
        pub id: i64,
        pub count: Unchecked,
        pub code: Number,
        pub plain: super::Positive,
    }

    #[derive(Model, Clone, Debug)]
    #[orm(table = "unlike")]
    pub struct Same {
        #[orm(primary_key)]
        pub id: i64,
        pub count: Unchecked,
    }
}

#[tokio::test]
async fn another_domain_is_a_difference() {
    let fixture = Fixture::new(schema![Part]).await;
    let engine = &fixture.engine;
    fixture.database.execute("CREATE TABLE unlike (id bigint PRIMARY KEY, count positive NOT NULL)").await;
    let differences = engine.check_schema(schema![other::Same]).await.unwrap();
    let text = differences.to_string();
    assert!(
        text.contains(
            "expected \"unlike\".\"count\" to be of the domain \"positive\", a domain over integer without a check, \
             found a domain over integer with a check"
        ),
        "{text}"
    );
    let kinds = differences.iter().map(Difference::kind).collect::<Vec<_>>();
    assert_eq!(kinds, [DifferenceKind::Domain]);
    // Two that cannot both be the domain of that name.
    let error = engine.create_all(schema![other::Unlike]).await.unwrap_err();
    assert!(error.to_string().contains("another type of the schema is of a domain \"positive\""), "{error}");
    // A column that was made before its type was of a domain.
    fixture
        .database
        .execute(
            "DROP TABLE parts; CREATE TABLE parts (id bigint PRIMARY KEY, count integer NOT NULL, \
        most integer, code text NOT NULL, counts integer[] NOT NULL, whole_id bigint REFERENCES parts); \
        DROP DOMAIN \"part number\"",
        )
        .await;
    let text = engine.check_schema(schema![Part]).await.unwrap().to_string();
    assert!(text.contains("to be of the domain \"positive\", found integer"), "{text}");
    assert!(text.contains("to be of the domain \"part number\", found bigint, and no such domain"), "{text}");
    // It is read and written all the same.
    engine.execute(insert(Part).values(part(1, 5, "A"))).await.unwrap();
    assert_eq!(engine.one(select(Part.count)).await.unwrap(), Positive(5));
}
