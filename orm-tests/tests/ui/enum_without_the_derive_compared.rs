// expect: `Daytime` is not a PostgreSQL column type
// at: Daytime,
// expect: `Daytime` is not a PostgreSQL column type
// at: eq(Daytime
use orm_core::prelude::*;

#[derive(Clone, Debug)]
pub enum Daytime {
    Summer,
}

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub mood: Daytime,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Visit).filter(Visit.mood.eq(Daytime::Summer));
    Ok(())
}

fn main() {}
