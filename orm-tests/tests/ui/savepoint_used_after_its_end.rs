// expect: use of moved value: `nested`
use orm_core::prelude::*;

#[allow(unused)]
async fn program(mut session: Session) -> Result<(), orm_core::Error> {
    let mut nested = session.begin_nested().await?;
    nested.commit().await?;
    nested.rollback().await
}

fn main() {}
