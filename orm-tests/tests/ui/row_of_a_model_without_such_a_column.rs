// expect: no field `nick` on type
// at: nick
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
#[orm(of = User)]
struct Card {
    nick: String,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Card);
    Ok(())
}

fn main() {}
