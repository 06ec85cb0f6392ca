// expect: a statement does not run itself
// at: get_result
// expect: `.returning(User)`, `engine.one(statement)`
// at: get_result
// expect: a statement does not run itself
// at: execute
// expect: a statement does not run itself
// at: exec(
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let ann = insert(User).values(NewUser::new("Ann")).get_result(&engine).await?;
    update(User).set(User.age, 26).execute(&engine).await?;
    delete(User).exec(&engine).await?;
    delete(User).returning(User).fetch_all(&engine).await?;
    Ok(())
}

fn main() {}
