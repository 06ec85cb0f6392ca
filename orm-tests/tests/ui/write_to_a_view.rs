// expect: a view is read only
// expect: this is a model with `#[orm(view)]`: write to the tables it is made of
// at: Adult);
// expect: a view is read only
// at: Adult).set
// expect: a view is read only
// at: Adult).filter
// expect: a view is read only
// at: Adult>(1)
// expect: expected `Handle<_>`, found `Adult`
// at: adult].name
// expect: cannot find struct, variant or union type `NewAdult` in this scope
// at: NewAdult
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(view)]
pub struct Adult {
    pub id: i64,
    pub name: String,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(Adult);
    update(Adult).set(Adult.name, "Ann");
    delete(Adult).filter(Adult.id.eq(1));
    session.find::<Adult>(1).await?;
    let adult = session.one(select(Adult)).await?;
    session[adult].name = "Ann".into();
    Ok(())
}

#[allow(unused)]
fn new_row(session: &mut Session) {
    session.add(NewAdult { name: "Ann".into() });
}

fn main() {}
