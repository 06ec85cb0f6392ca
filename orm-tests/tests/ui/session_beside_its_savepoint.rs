// expect: cannot borrow `session` as mutable more than once
use orm_core::prelude::*;
use orm_tests::models::NewUser;

#[allow(unused)]
async fn program(mut session: Session) -> Result<(), orm_core::Error> {
    let mut nested = session.begin_nested().await?;
    session.add(NewUser::new("Ann"));
    nested.commit().await
}

fn main() {}
