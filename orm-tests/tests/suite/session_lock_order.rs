//! Tables of a flush are written in one order that all flushes share, so that two flushes do not wait for each other in a circle.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
#[orm(table = "apples")]
struct Apple {
    #[orm(primary_key)]
    id: i64,
    weight: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "zebras")]
struct Zebra {
    #[orm(primary_key)]
    id: i64,
    weight: i32,
    #[orm(references = Keeper.id)]
    keeper_id: i64,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "keepers")]
struct Keeper {
    #[orm(primary_key)]
    id: i64,
    weight: i32,
}

/// One kind of object, loaded and changed.
async fn change(session: &mut Session, kind: usize) {
    match kind {
        0 => {
            for apple in session.all(select(Apple).order_by(Apple.id)).await.unwrap() {
                session[apple].weight += 1;
            }
        }
        1 => {
            for zebra in session.all(select(Zebra).order_by(Zebra.id)).await.unwrap() {
                session[zebra].weight += 1;
            }
        }
        _ => {
            for keeper in session.all(select(Keeper).order_by(Keeper.id)).await.unwrap() {
                session[keeper].weight += 1;
            }
        }
    }
}

#[tokio::test]
async fn tables_are_written_in_one_order_whatever_was_loaded_and_changed_first() {
    let fixture = Fixture::new(schema![Apple, Keeper, Zebra]).await;
    let mut session = fixture.session();
    session.add_all((0..3).map(|id| NewApple::new(id, 0)));
    session.add_all((0..3).map(|id| NewKeeper::new(id, 0)));
    session.add_all((0..3).map(|id| NewZebra::new(id, 0, id)));
    session.commit().await.unwrap();
    let mut first: Option<Vec<String>> = None;
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut session = fixture.session();
        {
            let mut session = session.no_autoflush();
            for kind in order {
                change(&mut session, kind).await;
            }
        }
        fixture.recorder.take();
        session.commit().await.unwrap();
        let statements = fixture.recorder.take().statements;
        assert!(statements.len() >= 3, "{statements:?}");
        assert_eq!(first.get_or_insert_with(|| statements.clone()), &statements, "{order:?}");
    }
}
