//! What is evaluated here is what PostgreSQL would say; the rest is refused.

use super::{Refusal, evaluate, truth};
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

fn holds(condition: impl IntoCond) -> Result<Option<bool>, Refusal> {
    let cat = tom();
    let condition = condition.into_cond();
    evaluate(&condition.0, &|column| (column.alias.is_none()).then(|| cat.column(column.meta.place)))
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
    assert!(refused(Cat.name.like("T%")).contains("LIKE"));
    assert!(refused((Cat.id + i64::MAX).gt(0)).contains("beyond"));
    assert!(refused((Cat.id / 0).gt(0)).contains("beyond"));
    assert!(refused((Cat.weight + 1.0).gt(0.0)).contains("the server calculates"));
    assert!(refused(Cat.alias("other").id.eq(1)).contains("not a column of the changed table"));
}
