// expect: future cannot be sent between threads safely
// expect: future is not `Send` as this value is used across an await
// at: spawn(async move {
use orm_core::prelude::*;
use orm_tests::models::User;

fn spawn(_: impl Future<Output = Result<(), orm_core::Error>> + Send + 'static) {}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    spawn(async move {
        let names = std::rc::Rc::new(User.name);
        session.flush().await?;
        drop(names);
        Ok::<_, orm_core::Error>(())
    });
    Ok(())
}

fn main() {}
