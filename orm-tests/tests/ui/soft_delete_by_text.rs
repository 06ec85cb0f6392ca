// expect: a column of type `String` cannot say that a row is deleted
// expect: expected `bool`, or an `Option` of a moment: `Option<DateTime<Utc>>`
// at: String
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
#[orm(table = "softly", soft_delete = deleted)]
pub struct Softly {
    #[orm(primary_key)]
    pub id: i64,
    pub deleted: String,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let _ = (engine, &mut session);
    Ok(())
}

fn main() {}
