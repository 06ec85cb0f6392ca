//! A context on a replica.

use futures_util::TryStreamExt;
use orm_core::engine::Context;
use orm_core::prelude::*;

use super::replica::{Pair, asked};

fn tenant() -> Select<Option<String>> {
    select(func::call::<Option<String>>("current_setting", ("app.tenant", true)))
}

#[tokio::test]
async fn reads_from_a_replica_have_it_too_and_leave_nothing_there() {
    let Some(pair) = Pair::new().await else { return };
    let engine = pair.engine().await;
    let context = Context::new().set("app.tenant", 7);
    let seven = Some("7".to_owned());
    for reads in [engine.reads().with(context.clone()), engine.with(context.clone()).reads()] {
        assert!(reads.one(asked()).await.unwrap());
        assert_eq!(reads.one(tenant()).await.unwrap(), seven);
        let streamed: Vec<_> = reads.stream(tenant()).await.unwrap().try_collect().await.unwrap();
        assert_eq!(streamed, std::slice::from_ref(&seven));
        let (one, two) = reads.batch((tenant(), asked())).await.unwrap();
        assert_eq!((one, two), (vec![seven.clone()], vec![true]));
        let read_only = TransactionMode::READ_ONLY;
        let mut session = SessionMaker::new(reads).transaction_mode(read_only).session();
        assert_eq!(session.one(tenant()).await.unwrap(), seven);
        assert!(session.one(asked()).await.unwrap());
        drop(session);
        assert_eq!(engine.reads().one(tenant()).await.unwrap().unwrap_or_default(), "");
    }
    let refused = engine.reads().with(Context::new().set("app tenant", 7)).one(tenant()).await.unwrap_err();
    assert!(refused.to_string().contains("the context cannot set"), "{refused}");
}
