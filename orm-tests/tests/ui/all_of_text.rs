// expect: `&str` gives no rows
// expect: expected a statement that gives rows, such as `select(User)`
// at: "SELECT * FROM users"
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.all("SELECT * FROM users").await?;
    Ok(())
}

fn main() {}
