// expect: write `.from_select(columns, select(..).add_cte(&gone))`
// at: add_cte
// expect: write `.cte("adults").materialized()`
// at: materialized
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let gone = delete(User).all_rows().returning((User.id,)).cte("gone");
    engine.execute(insert(User).values(NewUser::new("Ann")).add_cte(&gone)).await?;
    let adults = select((User.id,)).materialized("adults");
    Ok(())
}

fn main() {}
