// expect: are no table
// at: derived
// expect: a model beside something else is selected column by column
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let counted = select((User, func::count_star())).group_by(User.id).derived("counted");
    Ok(())
}

fn main() {}
