// expect: this method takes 1 argument but 0 arguments were supplied
// at: derived
// expect: /* &'static str */
// expect: `ValueTable<(i64, i64)>` is not a table
// at: values([(1_i64
// expect: a function that gives rows and `values(..)` with `.derived("name")`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let table = values([(1, 2)]).derived();
    select(User).cross_join(values([(1_i64, 2_i64)]));
    Ok(())
}

fn main() {}
