// expect: cannot be numbered
// at: func::table
// expect: say what the rows are behind it: `func::unnest(Sale.tags).with_ordinality().rows::<NumberedTag>()`
use orm_core::prelude::*;

#[derive(Row)]
struct Counted {
    id: i64,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let lines = func::table::<Counted>("lines", ()).with_ordinality().derived("lines");
    Ok(())
}

fn main() {}
