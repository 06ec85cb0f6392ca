// expect: future cannot be sent between threads safely
// expect: future is not `Send` as this value is used across an await
// at: tokio::spawn(async move {
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    tokio::spawn(async move {
        let names = std::rc::Rc::new(User.name);
        session.flush().await?;
        drop(names);
        Ok::<_, orm_core::Error>(())
    });
    Ok(())
}

fn main() {}
