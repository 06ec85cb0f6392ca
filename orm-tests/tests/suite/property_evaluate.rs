//! Random conditions and values: what `Synchronize::Evaluate` says, PostgreSQL does.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_core::prelude::*;
use orm_core::query::Scalar;
use orm_core::types::BaseType;
use orm_tests::{Fixture, Random};
use rust_decimal::Decimal;
use uuid::Uuid;

const ROWS: usize = 24;
const CONDITIONS: usize = 350;
/// Of each type that a column can be set to.
const VALUES: usize = 30;
/// Statements that find their rows by a condition.
const FILTERS: usize = 100;

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
enum Mood {
    Happy,
    Sad,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "samples")]
struct Sample {
    #[orm(primary_key, generated)]
    id: i64,
    small: i16,
    number: i32,
    large: i64,
    real: f32,
    double: f64,
    flag: bool,
    text: String,
    decimal: Decimal,
    day: NaiveDate,
    local: NaiveDateTime,
    clock: NaiveTime,
    moment: DateTime<Utc>,
    uuid: Uuid,
    mood: Mood,
    bytes: Vec<u8>,
    numbers: Vec<i32>,
    texts: Vec<String>,
    maybe_small: Option<i16>,
    maybe_number: Option<i32>,
    maybe_large: Option<i64>,
    maybe_real: Option<f32>,
    maybe_double: Option<f64>,
    maybe_flag: Option<bool>,
    maybe_text: Option<String>,
    maybe_decimal: Option<Decimal>,
    maybe_day: Option<NaiveDate>,
    maybe_local: Option<NaiveDateTime>,
    maybe_clock: Option<NaiveTime>,
    maybe_moment: Option<DateTime<Utc>>,
    maybe_uuid: Option<Uuid>,
    maybe_mood: Option<Mood>,
    maybe_bytes: Option<Vec<u8>>,
    maybe_numbers: Option<Vec<i32>>,
    maybe_texts: Option<Vec<String>>,
    #[orm(default = "0")]
    found: i32,
    to_truth: Option<bool>,
    to_small: Option<i16>,
    to_number: Option<i32>,
    to_large: Option<i64>,
    to_real: Option<f32>,
    to_double: Option<f64>,
    to_text: Option<String>,
    to_decimal: Option<Decimal>,
    to_moment: Option<DateTime<Utc>>,
}

/// A type that expressions are made of.
trait Kind: BaseType {
    /// A value, of so few that two are often the same.
    fn value(random: &mut Random) -> Self;
    /// A column, NOT NULL or not.
    fn column(random: &mut Random) -> Expr<Option<Self>>;
    /// An expression that only this type has.
    fn special(random: &mut Random, depth: usize) -> Expr<Option<Self>>;
}

macro_rules! kinds {
    ($($ty:ty: $column:ident $maybe:ident, $random:ident => [$($value:expr),* $(,)?], $depth:ident => $special:expr;)*) => { $(
        impl Kind for $ty {
            fn value($random: &mut Random) -> Self {
                $random.pick(&[$($value),*]).clone()
            }

            fn column(random: &mut Random) -> Expr<Option<Self>> {
                if random.once_in(2) { Sample.$column.optional() } else { Sample.$maybe.optional() }
            }

            fn special($random: &mut Random, $depth: usize) -> Expr<Option<Self>> {
                $special
            }
        }
    )* };
}
kinds! {
    bool: flag maybe_flag, random => [true, false],
        depth => func::coalesce(condition(random, depth), None);
    i16: small maybe_small, random => [-3, -1, 0, 1, 2, 3, 7, 100, i16::MAX, i16::MIN],
        depth => match random.below(5) {
            0 => i32::make(random, depth).cast::<Self>(),
            1 => f32::make(random, depth).cast::<Self>(),
            _ => arithmetic(random, depth),
        };
    i32: number maybe_number, random => [-3, -1, 0, 1, 2, 3, 7, 70_000, i32::MAX, i32::MIN],
        depth => match random.below(9) {
            0 => i64::make(random, depth).cast::<Self>(),
            1 => f64::make(random, depth).cast::<Self>(),
            2 => bool::make(random, depth).cast::<Self>(),
            3 => Decimal::make(random, depth).cast::<Self>(),
            4 => func::length(String::make(random, depth)),
            _ => arithmetic(random, depth),
        };
    i64: large maybe_large, random => [-3, -1, 0, 1, 2, 3, 7, 1 << 53, i64::MAX, i64::MIN],
        depth => match random.below(5) {
            0 => i32::make(random, depth).cast::<Self>(),
            1 => f64::make(random, depth).cast::<Self>(),
            _ => arithmetic(random, depth),
        };
    f32: real maybe_real, random => [0.0, -0.0, 0.5, 1.5, -2.5, 3.0, f32::NAN, f32::INFINITY, f32::MAX, 1e-45],
        depth => match random.below(6) {
            0 => f64::make(random, depth).cast::<Self>(),
            1 => i64::make(random, depth).cast::<Self>(),
            2 => Decimal::make(random, depth).cast::<Self>(),
            _ => arithmetic(random, depth),
        };
    f64: double maybe_double, random => [0.0, -0.0, 0.1, 0.5, 1.5, -2.5, 3.0, f64::NAN, f64::NEG_INFINITY, f64::MAX, 5e-324],
        depth => match random.below(8) {
            0 => f32::make(random, depth).cast::<Self>(),
            1 => i64::make(random, depth).cast::<Self>(),
            2 => Decimal::make(random, depth).cast::<Self>(),
            3 => func::round(f64::make(random, depth)),
            4 if random.once_in(2) => func::date_part(DatePart::Day, NaiveDate::make(random, depth)),
            _ => arithmetic(random, depth),
        };
    Decimal: decimal maybe_decimal, random => [
        Decimal::ZERO, Decimal::new(0, 3), Decimal::new(10, 1), Decimal::ONE, Decimal::new(-25, 1), Decimal::new(5, 1),
        Decimal::new(123_456_789, 9), Decimal::MAX, Decimal::new(1, 28),
    ],
        depth => match random.below(6) {
            0 => i32::make(random, depth).cast::<Self>(),
            1 => i64::make(random, depth).cast::<Self>(),
            2 => func::round(Decimal::make(random, depth)),
            _ => arithmetic(random, depth),
        };
    String: text maybe_text, random => [
        String::new(), "a".into(), "A".into(), "ab".into(), " a ".into(), "a%b".into(), "a_b".into(), "é".into(),
        "\\".into(), "1".into(), "true".into(), "bab".into(), "表".into(),
    ],
        depth => match random.below(9) {
            0 => func::trim(String::make(random, depth)),
            1 => i32::make(random, depth).cast::<Self>(),
            2 => bool::make(random, depth).cast::<Self>(),
            3 => Decimal::make(random, depth).cast::<Self>(),
            4 => Uuid::make(random, depth).cast::<Self>(),
            5 => Mood::make(random, depth).cast::<Self>(),
            6 if random.once_in(2) => func::lower(String::make(random, depth)),
            7 if random.once_in(2) => NaiveDate::make(random, depth).cast::<Self>(),
            _ => Self::leaf(random),
        };
    NaiveDate: day maybe_day, random => [day(1), day(2), day(3), NaiveDate::MAX, NaiveDate::MIN + Duration::days(100_000_000 - 3_500_000)],
        _depth => Self::leaf(random);
    NaiveDateTime: local maybe_local, random => [moment(1).naive_utc(), moment(1_001).naive_utc(), moment(1_999).naive_utc()],
        _depth => Self::leaf(random);
    NaiveTime: clock maybe_clock, random => [NaiveTime::MIN, NaiveTime::MIN + Duration::nanoseconds(1_500), NaiveTime::MIN - Duration::microseconds(1)],
        _depth => Self::leaf(random);
    DateTime<Utc>: moment maybe_moment, random => [moment(1), moment(999), moment(1_000), moment(-1_000), moment(1_234_567_891)],
        _depth => Self::leaf(random);
    Uuid: uuid maybe_uuid, random => [Uuid::nil(), Uuid::max(), Uuid::from_u128(1 << 100), Uuid::from_u128(7)],
        _depth => Self::leaf(random);
    Mood: mood maybe_mood, random => [Mood::Happy, Mood::Sad],
        _depth => Self::leaf(random);
    Vec<u8>: bytes maybe_bytes, random => [vec![], vec![0], vec![0, 1], vec![255]],
        _depth => Self::leaf(random);
    Vec<i32>: numbers maybe_numbers, random => [vec![], vec![1], vec![1, 2], vec![i32::MAX]],
        _depth => Self::leaf(random);
    Vec<String>: texts maybe_texts, random => [vec![], vec!["a".into()], vec!["a".into(), "b".into()]],
        _depth => Self::leaf(random);
}

fn day(number: i64) -> NaiveDate {
    NaiveDate::default() + Duration::days(number)
}

fn moment(nanoseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(nanoseconds)
}

/// Makes expressions of a type, from a few levels of others.
trait Make: Kind {
    fn leaf(random: &mut Random) -> Expr<Option<Self>> {
        match random.below(6) {
            0 | 1 => lit(Some(Self::value(random))),
            2 if random.once_in(4) => lit(None),
            _ => Self::column(random),
        }
    }

    fn make(random: &mut Random, depth: usize) -> Expr<Option<Self>> {
        let Some(depth) = depth.checked_sub(1) else { return Self::leaf(random) };
        match random.below(9) {
            0 => func::coalesce(Self::make(random, depth), Self::make(random, depth)),
            1 => func::nullif(Self::make(random, depth), Self::make(random, depth)),
            2 => {
                let chosen = case().when(condition(random, depth), Self::make(random, depth));
                if random.once_in(2) { chosen.end() } else { chosen.otherwise(Self::make(random, depth)) }
            }
            3 | 4 => Self::leaf(random),
            _ => Self::special(random, depth),
        }
    }
}
impl<T: Kind> Make for T {}

fn arithmetic<T: Kind + orm_core::types::Numeric>(random: &mut Random, depth: usize) -> Expr<Option<T>> {
    let (a, b) = (T::make(random, depth), T::make(random, depth));
    match random.below(7) {
        0 | 1 => a + b,
        2 => a - b,
        3 => a * b,
        4 => a / b,
        5 => -a,
        _ => func::abs(a),
    }
}

fn condition(random: &mut Random, depth: usize) -> Cond {
    if let Some(depth) = depth.checked_sub(1) {
        match random.below(7) {
            0 => return condition(random, depth) & condition(random, depth),
            1 => return condition(random, depth) | condition(random, depth),
            2 => return !condition(random, depth),
            3 => return !condition(random, depth).is_true(),
            _ => {}
        }
    }
    match random.below(20) {
        0 => list::<i16>(random, depth),
        1 => list::<i32>(random, depth),
        2 => list::<i64>(random, depth),
        3 => list::<f32>(random, depth),
        4 => list::<f64>(random, depth),
        5 => list::<bool>(random, depth),
        6 => list::<String>(random, depth),
        7 => list::<Decimal>(random, depth),
        8 => list::<Uuid>(random, depth),
        9 => list::<Mood>(random, depth),
        10 => list::<NaiveDate>(random, depth),
        11 => compare::<NaiveDateTime>(random, depth),
        12 => compare::<NaiveTime>(random, depth),
        13 => list::<DateTime<Utc>>(random, depth),
        14 => compare::<Vec<u8>>(random, depth),
        15 => compare::<Vec<i32>>(random, depth),
        16 => compare::<Vec<String>>(random, depth),
        17 => Sample.flag.and(Sample.maybe_flag),
        _ => pattern(random, depth),
    }
}

fn compare<T: Kind>(random: &mut Random, depth: usize) -> Cond {
    let (a, b) = (T::make(random, depth), T::make(random, depth));
    match random.below(11) {
        0 | 1 => a.eq(b),
        2 => a.ne(b),
        3 => a.lt(b),
        4 => a.le(b),
        5 => a.gt(b),
        6 => a.ge(b),
        7 => a.is_distinct_from(b),
        8 => a.is_not_distinct_from(b),
        9 => a.between(b, T::make(random, depth)),
        _ => a.is_null(),
    }
}

macro_rules! lists {
    ($($ty:ty),*) => { $(
        impl List for $ty {
            fn list(self_: Expr<Option<Self>>, values: Vec<Self>, negated: bool) -> Cond {
                if negated { self_.not_in(values) } else { self_.in_(values) }
            }
        }
    )* };
}
/// A type that `in_` takes: no array.
trait List: Kind {
    fn list(self_: Expr<Option<Self>>, values: Vec<Self>, negated: bool) -> Cond;
}
lists!(i16, i32, i64, f32, f64, bool, String, Decimal, Uuid, Mood, NaiveDate, DateTime<Utc>);

fn list<T: List>(random: &mut Random, depth: usize) -> Cond {
    if !random.once_in(4) {
        return compare::<T>(random, depth);
    }
    let values = random.some(4, T::value);
    T::list(T::make(random, depth), values, random.once_in(3))
}

fn pattern(random: &mut Random, depth: usize) -> Cond {
    let text = String::make(random, depth);
    let pattern =
        *random.pick(&["%", "a%", "%b", "_", "a_", "_b", "a\\%b", "%a%b%", "", "\\\\", "%\\", "é%", "a\\_%"]);
    match random.below(8) {
        0 => text.ilike(pattern),
        1 => text.starts_with("a"),
        2 => text.contains("%"),
        3 => text.like(String::make(random, depth)),
        _ => text.like(pattern),
    }
}

fn row(random: &mut Random) -> NewSample {
    macro_rules! values {
        ($($field:ident)*; $($maybe:ident)*) => {
            NewSample {
                $($field: Kind::value(random),)*
                $($maybe: if random.once_in(3) { None } else { Some(Kind::value(random)) },)*
                ..NewSample::new(
                    0, 0, 0, 0.0, 0.0, false, "", Decimal::ZERO, day(0), moment(0).naive_utc(), NaiveTime::MIN, moment(0),
                    Uuid::nil(), Mood::Sad, vec![], vec![], vec![],
                )
            }
        };
    }
    values! {
        small number large real double flag text decimal day local clock moment uuid mood bytes numbers texts;
        maybe_small maybe_number maybe_large maybe_real maybe_double maybe_flag maybe_text maybe_decimal maybe_day
        maybe_local maybe_clock maybe_moment maybe_uuid maybe_mood maybe_bytes maybe_numbers maybe_texts
    }
}

/// A session with all rows, and how many cases went which way.
struct Run {
    session: Session,
    rows: Vec<Handle<Sample>>,
    answered: usize,
    refused: usize,
    /// The server found an error in what the evaluator did not have to look at.
    failed: usize,
}

impl Run {
    async fn new(fixture: &Fixture, random: &mut Random) -> Run {
        let mut session = fixture.session();
        let rows = session.add_all((0..ROWS).map(|_| row(random)).collect::<Vec<_>>());
        session.commit().await.unwrap();
        for &row in &rows {
            session.refresh(row).await.unwrap();
        }
        session.commit().await.unwrap();
        Run { session, rows, answered: 0, refused: 0, failed: 0 }
    }

    /// Sets a column to an expression in all rows, or where that is refused, in as many as it is not.
    async fn set<T: BaseType>(&mut self, column: Column<Sample, Option<T>>, value: Expr<Option<T>>) {
        let mut groups = vec![self.rows.clone()];
        while let Some(mut group) = groups.pop() {
            let ids: Vec<i64> = self.session.values(&group).map(|row| row.id).collect();
            let statement = update(Sample).set(column, value.clone()).filter(Sample.id.in_(&ids));
            let statement = statement.synchronize(Synchronize::Evaluate);
            let sql = statement.to_sql().unwrap();
            let result = self.session.execute(statement).await;
            let count = match &result {
                Ok(changed) => {
                    assert_eq!(*changed, ids.len() as u64);
                    self.hold(&format!("{sql:?}")).await;
                    &mut self.answered
                }
                Err(error) if error.is_invalid_statement() => &mut self.refused,
                Err(error) => {
                    assert!(error.code().is_some(), "{error} of {sql:?}");
                    self.session.rollback().await.unwrap();
                    &mut self.failed
                }
            };
            if result.is_ok() || group.len() == 1 {
                *count += group.len();
            } else {
                groups.push(group.split_off(group.len() / 2));
                groups.push(group);
            }
        }
    }

    /// Every object that is there holds what its row holds.
    async fn hold(&mut self, why: &str) {
        let there = self.session.all(
            select((
                Sample.id,
                Sample.found,
                (Sample.to_truth, Sample.to_text, Sample.to_decimal, Sample.to_moment),
                (Sample.to_small, Sample.to_number, Sample.to_large, Sample.to_real, Sample.to_double),
            ))
            .order_by(Sample.id),
        );
        let there = there.await.unwrap().into_iter().map(|row| format!("{row:?}"));
        let here = self.rows.iter().filter_map(|row| self.session.get(*row).ok()).cloned().map(|row| {
            let others = (row.to_truth, row.to_text, row.to_decimal, row.to_moment);
            let numbers = (row.to_small, row.to_number, row.to_large, row.to_real, row.to_double);
            format!("{:?}", (row.id, row.found, others, numbers))
        });
        let (here, there): (Vec<_>, Vec<_>) = (here.collect(), there.collect());
        if let Some((here, there)) = here.iter().zip(&there).find(|(here, there)| here != there) {
            let id =
                here.trim_start_matches('(').split(',').next().unwrap_or_default().parse::<i64>().unwrap();
            let row = self.rows.iter().map(|row| &self.session[*row]).find(|row| row.id == id);
            panic!("after {why}\nthe object is {here}\n   the row is {there}\nof {row:?}");
        }
        assert_eq!(here.len(), there.len(), "after {why}");
    }
}

#[tokio::test]
async fn evaluate_and_postgresql_never_disagree() {
    let mut random = Random::new(11);
    let fixture = Fixture::new(schema![Sample]).await;
    let mut run = Run::new(&fixture, &mut random).await;
    for _ in 0..CONDITIONS {
        let depth = random.below(3);
        let condition = condition(&mut random, depth);
        run.set(Sample.to_truth, condition.into_expr()).await;
    }
    for _ in 0..VALUES {
        let depth = 1 + random.below(2);
        run.set(Sample.to_small, Make::make(&mut random, depth)).await;
        run.set(Sample.to_number, Make::make(&mut random, depth)).await;
        run.set(Sample.to_large, Make::make(&mut random, depth)).await;
        run.set(Sample.to_real, Make::make(&mut random, depth)).await;
        run.set(Sample.to_double, Make::make(&mut random, depth)).await;
        run.set(Sample.to_text, Make::make(&mut random, depth)).await;
        run.set(Sample.to_decimal, Make::make(&mut random, depth)).await;
        run.set(Sample.to_moment, Make::make(&mut random, depth)).await;
    }
    let cases = run.answered + run.refused + run.failed;
    let share = run.answered * 100 / cases;
    println!("{cases} cases: {share} % answered, {} refused, {} failed", run.refused, run.failed);
    assert!(run.answered > 10_000 && share >= 70, "{share} % of {cases}");
    assert!(run.failed * 50 < cases, "{} of {cases} failed", run.failed);
}

#[tokio::test]
async fn evaluate_finds_the_rows_that_postgresql_finds() {
    let mut random = Random::new(12);
    let fixture = Fixture::new(schema![Sample]).await;
    let mut run = Run::new(&fixture, &mut random).await;
    let mut answered = 0;
    for number in 0..FILTERS {
        let depth = random.below(3);
        let filter = condition(&mut random, depth);
        let why = format!("{:?}", select(Sample.id).filter(filter.clone()).to_sql());
        let result = if number % 2 == 0 {
            let statement = update(Sample).set(Sample.found, number as i32).filter(filter);
            run.session.execute(statement.synchronize(Synchronize::Evaluate)).await
        } else {
            run.session.execute(delete(Sample).filter(filter).synchronize(Synchronize::Evaluate)).await
        };
        match result {
            Ok(_) => {
                answered += 1;
                run.hold(&why).await;
            }
            Err(error) => assert!(error.is_invalid_statement() || error.code().is_some(), "{error} of {why}"),
        }
        run.session.rollback().await.unwrap();
    }
    // One row of all is enough to refuse a statement.
    assert!(answered * 2 > FILTERS, "{answered} of {FILTERS}");
}
