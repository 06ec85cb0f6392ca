// expect: `{integer}` is no key of this model
// expect: expected the primary key, `(i32, i32)`
// expect: a key of several columns is a tuple of their values
// at: 1
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Seat {
    #[orm(primary_key)]
    pub row: i32,
    #[orm(primary_key)]
    pub number: i32,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.find::<Seat>(1).await?;
    Ok(())
}

fn main() {}
