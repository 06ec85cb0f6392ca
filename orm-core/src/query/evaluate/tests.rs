//! What is evaluated here is what PostgreSQL would say; the rest is refused.

use super::{Unevaluated, evaluate, truth};
use crate::model::Model as _;
use crate::prelude::*;
use crate::query::IntoCond;

#[derive(Model, Clone, Debug)]
struct Cat {
    #[orm(primary_key)]
    id: i64,
    name: String,
    age: Option<i32>,
    weight: f64,
    tame: bool,
}

fn tom() -> Cat {
    Cat { id: 1, name: "Tom".to_owned(), age: None, weight: 3.5, tame: true }
}

fn holds(condition: impl IntoCond) -> Result<Option<bool>, Unevaluated> {
    let cat = tom();
    let condition = condition.into_cond();
    evaluate(&condition.0, &|column| (column.alias.is_none()).then(|| cat.value_at(column.meta.place)))
        .and_then(truth)
}

#[test]
fn conditions_have_three_values() {
    assert_eq!(holds(Cat.name.eq("Tom")), Ok(Some(true)));
    assert_eq!(holds(Cat.age.gt(3)), Ok(None));
    assert_eq!(holds(!Cat.age.gt(3)), Ok(None));
    assert_eq!(holds(Cat.age.gt(3) & Cat.name.eq("Kit")), Ok(Some(false)));
    assert_eq!(holds(Cat.age.gt(3) | Cat.name.eq("Tom")), Ok(Some(true)));
    assert_eq!(holds(Cat.age.gt(3) | Cat.name.eq("Kit")), Ok(None));
    assert_eq!(holds(Cat.age.is_null()), Ok(Some(true)));
    assert_eq!(holds(Cat.age.eq(None)), Ok(Some(true)));
    assert_eq!(holds(Cat.age.gt(3).is_true()), Ok(Some(false)));
    assert_eq!(holds(Cat.tame), Ok(Some(true)));
}

#[test]
fn numbers_are_calculated_and_compared() {
    assert_eq!(holds((Cat.id + 2).eq(3)), Ok(Some(true)));
    assert_eq!(holds((Cat.id * 7 / 2).between(3, 3)), Ok(Some(true)));
    assert_eq!(holds((-Cat.id).lt(0)), Ok(Some(true)));
    assert_eq!(holds(Cat.weight.between(3.5, 4.0)), Ok(Some(true)));
    assert_eq!(holds(Cat.id.in_([1, 2])), Ok(Some(true)));
    assert_eq!(holds(Cat.id.not_in([1, 2])), Ok(Some(false)));
    assert_eq!(holds(Cat.age.in_([1])), Ok(None));
}

#[test]
fn what_only_the_server_knows_is_refused() {
    let refused = |condition: Cond| holds(condition).unwrap_err().0;
    assert!(refused(Cat.name.lt("Zoe")).contains("only the server knows"), "text has a collation");
    assert!(refused(Cat.name.ilike("t%")).contains("ILIKE"));
    assert!(refused(Cat.name.like("T\\")).contains("ends with an escape"));
    assert!(
        refused(Cat.name.eq(Cat.weight.cast::<String>())).contains("casts this double precision to text")
    );
    assert!(refused((Cat.id + i64::MAX).gt(0)).contains("beyond"));
    assert!(refused((Cat.id / 0).gt(0)).contains("beyond"));
    assert!(refused((Cat.weight / 0.0).gt(0.0)).contains("beyond f64"));
    assert!(refused((Cat.weight * f64::MAX).gt(0.0)).contains("beyond f64"));
    assert!(refused(Cat.alias("other").id.eq(1)).contains("not a column of the changed table"));
}

#[test]
fn values_are_chosen_as_postgresql_chooses_them() {
    assert_eq!(holds(func::coalesce(Cat.age, 7).eq(7)), Ok(Some(true)));
    assert_eq!(holds(func::coalesce(Cat.id.optional(), 7).eq(1)), Ok(Some(true)));
    assert_eq!(holds(func::coalesce(Cat.age, None).eq(7)), Ok(None));
    assert_eq!(holds(func::nullif(Cat.name, "Tom").is_null()), Ok(Some(true)));
    assert_eq!(holds(func::nullif(Cat.id, 2).eq(1)), Ok(Some(true)));
    assert_eq!(holds(func::nullif(Cat.age, 2).is_null()), Ok(Some(true)));
    assert_eq!(holds(func::nullif(Cat.id, None).eq(1)), Ok(Some(true)));
    let kind = || case().when(Cat.age.gt(3), "old").when(Cat.tame, "tame");
    assert_eq!(holds(kind().otherwise("wild").eq("tame")), Ok(Some(true)));
    assert_eq!(holds(case().when(Cat.age.gt(3), "old").otherwise("new").eq("new")), Ok(Some(true)));
    assert_eq!(holds(case().when(!Cat.tame, "wild").end().is_null()), Ok(Some(true)));
    assert_eq!(holds(case().when(Cat.tame, Cat.id.gt(0)).otherwise(false)), Ok(Some(true)));
    assert_eq!(holds(Cat.age.never_null().eq(1)), Ok(None));
}

#[test]
fn what_is_not_chosen_is_not_looked_at() {
    let overflow = || Cat.id + i64::MAX;
    assert_eq!(holds(func::coalesce(Cat.id, overflow()).eq(1)), Ok(Some(true)));
    assert_eq!(holds(case().when(Cat.tame, Cat.id).otherwise(overflow()).eq(1)), Ok(Some(true)));
    assert!(holds(case().when(!Cat.tame, Cat.id).otherwise(overflow()).eq(1)).is_err());
}

#[test]
fn distinctions_know_null() {
    assert_eq!(holds(Cat.age.is_distinct_from(3)), Ok(Some(true)));
    assert_eq!(holds(Cat.age.is_distinct_from(None)), Ok(Some(false)));
    assert_eq!(holds(Cat.age.is_not_distinct_from(None)), Ok(Some(true)));
    assert_eq!(holds(Cat.name.is_not_distinct_from("Tom")), Ok(Some(true)));
    assert_eq!(holds(Cat.name.is_distinct_from("Tom")), Ok(Some(false)));
    assert!(holds(Cat.age.is_distinct_from(Cat.alias("other").age)).is_err());
}

#[test]
fn functions_run_on_the_server() {
    let refused = |condition: Cond| holds(condition).unwrap_err().0;
    assert_eq!(refused(func::lower(Cat.name).eq("tom")), "the function `lower` runs on the server");
    assert_eq!(refused(func::call::<i64>("f", Cat.id).eq(1)), "the function `f` runs on the server");
    assert_eq!(refused(func::call::<i32>("abs", 1).eq(1)), "the function `abs` runs on the server");
}

#[test]
fn functions_without_settings_are_known() {
    assert_eq!(holds(func::abs(-Cat.weight).eq(3.5)), Ok(Some(true)));
    assert_eq!(holds(func::round(Cat.weight - 1.0, 0).eq(2.0)), Ok(Some(true)));
    assert_eq!(holds(func::length(Cat.name).eq(3)), Ok(Some(true)));
    assert_eq!(holds(func::trim(lit(" T om ".to_owned())).eq("T om")), Ok(Some(true)));
    assert!(holds(func::length(lit("ä".to_owned())).eq(1)).is_err(), "the encoding decides");
}

#[test]
fn patterns_are_matched() {
    let matches = |text: &str, pattern: &str| holds(lit(text.to_owned()).like(pattern));
    for (text, pattern) in [
        ("Tom", "T%"),
        ("Tom", "%m"),
        ("Tom", "T_m"),
        ("", "%"),
        ("a%b", "a\\%b"),
        ("aXbXc", "%Xb%c"),
        ("é", "%é"),
    ] {
        assert_eq!(matches(text, pattern), Ok(Some(true)), "{text:?} LIKE {pattern:?}");
    }
    for (text, pattern) in
        [("Tom", "t%"), ("Tom", "T_"), ("", "_"), ("axb", "a\\%b"), ("ab", ""), ("ab", "%abb")]
    {
        assert_eq!(matches(text, pattern), Ok(Some(false)), "{text:?} LIKE {pattern:?}");
    }
    assert_eq!(holds(Cat.name.starts_with("T") & Cat.name.contains("o")), Ok(Some(true)));
    assert!(matches("é", "_").is_err(), "the encoding decides");
}

#[test]
fn what_decides_does_so_beside_what_is_refused() {
    let refused = || func::lower(Cat.name).eq("tom");
    assert_eq!(holds(Cat.name.eq("Kit") & refused()), Ok(Some(false)));
    assert_eq!(holds(refused() & Cat.name.eq("Kit")), Ok(Some(false)));
    assert_eq!(holds(refused() | Cat.name.eq("Tom")), Ok(Some(true)));
    assert!(holds(refused() & Cat.name.eq("Tom")).is_err());
    assert!(holds(refused() & Cat.age.gt(3)).is_err());
}

#[test]
fn casts_round_as_postgresql_rounds() {
    assert_eq!(holds(Cat.weight.cast::<i32>().eq(4)), Ok(Some(true)));
    assert_eq!(holds((Cat.weight - 1.0).cast::<i16>().eq(2)), Ok(Some(true)));
    assert_eq!(
        holds((Cat.id + 70_000).cast::<i16>().eq(2)).unwrap_err().0,
        "the server casts this bigint to smallint"
    );
    assert_eq!(holds(Cat.id.cast::<String>().eq("1")), Ok(Some(true)));
    assert_eq!(holds(Cat.tame.cast::<i32>().cast::<String>().eq("1")), Ok(Some(true)));
    assert_eq!(holds(Cat.age.cast::<i64>().is_null()), Ok(Some(true)));
}

#[cfg(feature = "rust_decimal")]
#[test]
fn numerics_keep_their_scale_or_are_refused() {
    use rust_decimal::Decimal;

    let number = |digits, scale| lit(Decimal::new(digits, scale));
    assert_eq!(holds((number(15, 1) + Decimal::new(25, 2)).cast::<String>().eq("1.75")), Ok(Some(true)));
    assert_eq!(holds((number(15, 1) * Decimal::new(20, 1)).cast::<String>().eq("3.00")), Ok(Some(true)));
    assert_eq!(holds(func::round(number(-5, 1), 0).cast::<String>().eq("-1")), Ok(Some(true)));
    assert_eq!(holds(number(25, 1).cast::<i32>().eq(3)), Ok(Some(true)));
    assert!(holds((number(1, 0) / Decimal::new(3, 0)).gt(Decimal::ZERO)).is_err());
    assert!(holds((number(1, 28) * Decimal::new(1, 28)).gt(Decimal::ZERO)).is_err());
}
