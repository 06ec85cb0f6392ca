// expect: `str` cannot be executed for its effect
// expect: expected a statement that writes, such as `delete(User)`
// at: "DELETE FROM users"
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.execute("DELETE FROM users").await?;
    Ok(())
}

fn main() {}
