// expect: `CaseWhen<String>` cannot be selected
// expect: expected a model, a column, an expression, or a tuple of up to 16 of them
// expect: a `case()` is an expression behind `.otherwise(..)` or `.end()`
// at: case().when(User.age.lt(18), "minor")
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(case().when(User.age.lt(18), "minor"));
    Ok(())
}

fn main() {}
