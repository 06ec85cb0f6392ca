//! Makes random rows, and random expressions and conditions on them.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_core::prelude::*;
use orm_core::types::BaseType;
use orm_tests::Random;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
pub(super) enum Mood {
    Happy,
    Sad,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "samples")]
pub(super) struct Sample {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) small: i16,
    pub(super) number: i32,
    pub(super) large: i64,
    pub(super) real: f32,
    pub(super) double: f64,
    pub(super) flag: bool,
    pub(super) text: String,
    pub(super) decimal: Decimal,
    pub(super) day: NaiveDate,
    pub(super) local: NaiveDateTime,
    pub(super) clock: NaiveTime,
    pub(super) moment: DateTime<Utc>,
    pub(super) uuid: Uuid,
    pub(super) mood: Mood,
    pub(super) bytes: Vec<u8>,
    pub(super) numbers: Vec<i32>,
    pub(super) texts: Vec<String>,
    pub(super) maybe_small: Option<i16>,
    pub(super) maybe_number: Option<i32>,
    pub(super) maybe_large: Option<i64>,
    pub(super) maybe_real: Option<f32>,
    pub(super) maybe_double: Option<f64>,
    pub(super) maybe_flag: Option<bool>,
    pub(super) maybe_text: Option<String>,
    pub(super) maybe_decimal: Option<Decimal>,
    pub(super) maybe_day: Option<NaiveDate>,
    pub(super) maybe_local: Option<NaiveDateTime>,
    pub(super) maybe_clock: Option<NaiveTime>,
    pub(super) maybe_moment: Option<DateTime<Utc>>,
    pub(super) maybe_uuid: Option<Uuid>,
    pub(super) maybe_mood: Option<Mood>,
    pub(super) maybe_bytes: Option<Vec<u8>>,
    pub(super) maybe_numbers: Option<Vec<i32>>,
    pub(super) maybe_texts: Option<Vec<String>>,
    #[orm(default = "0")]
    pub(super) found: i32,
    pub(super) to_truth: Option<bool>,
    pub(super) to_small: Option<i16>,
    pub(super) to_number: Option<i32>,
    pub(super) to_large: Option<i64>,
    pub(super) to_real: Option<f32>,
    pub(super) to_double: Option<f64>,
    pub(super) to_text: Option<String>,
    pub(super) to_decimal: Option<Decimal>,
    pub(super) to_moment: Option<DateTime<Utc>>,
}

/// A type that expressions are made of.
pub(super) trait Kind: BaseType {
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
            3 => func::round(f64::make(random, depth), 0),
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
            2 => func::round(Decimal::make(random, depth), 0),
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

pub(super) fn day(number: i64) -> NaiveDate {
    NaiveDate::default() + Duration::days(number)
}

pub(super) fn moment(nanoseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(nanoseconds)
}

/// Makes expressions of a type, from a few levels of others.
pub(super) trait Make: Kind {
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

pub(super) fn arithmetic<T: Kind + orm_core::types::Numeric>(
    random: &mut Random,
    depth: usize,
) -> Expr<Option<T>> {
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

pub(super) fn condition(random: &mut Random, depth: usize) -> Cond {
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

pub(super) fn compare<T: Kind>(random: &mut Random, depth: usize) -> Cond {
    let (a, b) = (T::make(random, depth), T::make(random, depth));
    match random.below(13) {
        0 | 1 => a.eq(b),
        11 => a.in_([b, T::make(random, depth)]),
        12 => a.not_in([b, T::make(random, depth)]),
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
pub(super) trait List: Kind {
    fn list(self_: Expr<Option<Self>>, values: Vec<Self>, negated: bool) -> Cond;
}
lists!(i16, i32, i64, f32, f64, bool, String, Decimal, Uuid, Mood, NaiveDate, DateTime<Utc>);

pub(super) fn list<T: List>(random: &mut Random, depth: usize) -> Cond {
    if !random.once_in(4) {
        return compare::<T>(random, depth);
    }
    let values = random.some(4, T::value);
    T::list(T::make(random, depth), values, random.once_in(3))
}

pub(super) fn pattern(random: &mut Random, depth: usize) -> Cond {
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

pub(super) fn row(random: &mut Random) -> NewSample {
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
