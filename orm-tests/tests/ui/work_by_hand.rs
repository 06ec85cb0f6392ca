// expect: method `call` has 2 parameters but the declaration in trait
// at: &mut self
use orm_core::prelude::*;
use orm_core::session::Work;

struct Mine;

impl<'s> Work<'s, Session, (), orm_core::Error> for Mine {
    type Future = std::future::Ready<Result<(), orm_core::Error>>;

    fn call(&mut self, _: &'s mut Session) -> Self::Future {
        std::future::ready(Ok(()))
    }
}

fn main() {}
