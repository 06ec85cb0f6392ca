// expect: `Some("DE")` is `"DE"`, and an `Option<&str>` `.map(str::to_owned)`
// at: Some("DE")
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Person {
    #[orm(primary_key)]
    pub id: i64,
    pub country: Option<String>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Person).filter(Person.country.eq(Some("DE")));
    Ok(())
}

fn main() {}
