//! Verbs that an engine and a transaction are often thought to have: what the compiler says of each is what to write instead.

use super::{Transaction, TransactionConnection};
use crate::engine::Engine;
use crate::query::mistaken::missing_verbs;

missing_verbs! {
    [InsertAsAVerb<'a>]: "an engine and a transaction insert by a statement",
        "write `.execute(insert(new)).await?`, or `.one(insert(new).returning(User)).await?` for the row that it became";
    [] Engine: insert(_) insert_all(_) insert_many(_) insert_one(_) create(_);
    [] TransactionConnection: insert(_) insert_all(_) insert_many(_) insert_one(_) create(_);
}

missing_verbs! {
    [UpsertAsAVerb<'a>]: "an upsert is an insert that says what happens to the row that is there",
        "write `.execute(insert(new).on_conflict(User.email).do_update().set(User.name, excluded(User.name))).await?`";
    [] Engine: upsert(_) insert_or_update(_) insert_or_ignore(_);
    [] TransactionConnection: upsert(_) insert_or_update(_) insert_or_ignore(_);
}

missing_verbs! {
    [UpdateAsAVerb<'a>]: "an engine and a transaction update by a statement",
        "write `.execute(update(User).set(User.age, 26).filter(User.id.eq(1))).await?`, or `.save(&mut user)` with a `Tracked<User>`; many values by key: `let v = values(rows).derived(\"v\")`, `update(User).from(&v)`";
    [] Engine: update(_) update_all(_) bulk_update(_) update_many(_);
    [] TransactionConnection: update(_) update_all(_) bulk_update(_) update_many(_);
}

missing_verbs! {
    [DeleteAsAVerb<'a>]: "an engine and a transaction delete by a statement",
        "write `.execute(delete(User).filter(User.id.eq(1))).await?`";
    [] Engine: delete(_) delete_all(_) delete_by_id(_) remove(_);
    [] TransactionConnection: delete(_) delete_all(_) delete_by_id(_) remove(_);
}

missing_verbs! {
    [GetAsAVerb<'a>]: "a row is found by its key with `find`",
        "write `.find::<User>(1).await?`, an `Option<User>`; of several keys, `.find_all::<User>([1, 2])`";
    [] Engine: get(_) get_by_id(_) find_by_id(_) get_one(_);
    [] TransactionConnection: get(_) get_by_id(_) find_by_id(_) get_one(_);
}

missing_verbs! {
    [FindByOfAnEngine<'a>]: "a row is found by other columns than its key with a select",
        "write `.one_or_none(select(User).filter(User.email.eq(email))).await?`; a session has `find_by(User.email, email)`";
    [] Engine: find_by(_);
    [] TransactionConnection: find_by(_);
}

missing_verbs! {
    [ScalarAsAVerb<'a>]: "rows of one value are read by the same verbs as others",
        "write `.one(select(func::count(User.id))).await?`, or `.all(..)`, `.first(..)`, `.one_or_none(..)`";
    [] Engine: scalar(_) scalars(_) scalar_one(_) scalar_one_or_none(_);
    [] TransactionConnection: scalar(_) scalars(_) scalar_one(_) scalar_one_or_none(_);
}

missing_verbs! {
    [QueryAsAVerb<'a>]: "statements are read by `all`, `one`, `one_or_none` or `first`",
        "write `.all(select(User)).await?`; SQL of your own is `.all(sql!(\"SELECT ..\").rows::<User>())`, or `.execute(sql!(..))`";
    [] Engine: query(_) query_one(_) query_all(_) query_as(_) fetch(_) fetch_one(_) fetch_all(_) fetch_optional(_) exec(_) run(_);
    [] TransactionConnection: query(_) query_one(_) query_all(_) query_as(_) fetch(_) fetch_one(_) fetch_all(_) fetch_optional(_) exec(_) run(_);
}

missing_verbs! {
    [AddOfAnEngine<'a>]: "objects are added to a session",
        "write `session.add(new)` with `let mut session = SessionMaker::new(engine.clone()).session()`; without a session, `.execute(insert(new)).await?`";
    [] Engine: add(_) add_all(_) merge(_);
    [] TransactionConnection: add(_) add_all(_) merge(_);
}

missing_verbs! {
    [SessionOfAnEngine<'a>]: "sessions are made by a `SessionMaker`",
        "write `SessionMaker::new(engine.clone()).session()`";
    [] Engine: session();
}

missing_verbs! {
    [CommitOfAnEngine<'a>]: "a statement of an engine is committed by itself",
        "several statements are one transaction by `engine.transaction(async |transaction| ..)`, or by `engine.begin()`";
    [] Engine: commit() rollback() flush();
}

missing_verbs! {
    [IsolationOfAnEngine<'a>]: "the isolation of a transaction is said as it begins",
        "write `engine.transaction_with(Isolation::Serializable, async |transaction| ..)`, which does it again after a collision, or `engine.begin_with(..)`; of sessions, `SessionMaker::new(engine).isolation(..)`";
    [] Engine: serializable() repeatable_read() isolation_level(_) isolation(_) with_isolation(_);
    [] TransactionConnection: serializable() repeatable_read() isolation_level(_) set_isolation_level(_) isolation(_);
}

missing_verbs! {
    [RetryOfAnEngine<'a>]: "work is done again by `transaction`",
        "`engine.transaction(async |transaction| ..)` does it up to five times, after collisions, deadlocks and lost connections; how often a session's work is done is said by `sessions.attempts(3).run(..)`";
    [] Engine: retry(_) with_retry(_) retries(_);
}

missing_verbs! {
    [TransactionInATransaction<'a>]: "a transaction has savepoints and no transactions",
        "write `transaction.nested(async |transaction| ..).await?`, which an error takes back; by hand `transaction.savepoint(\"name\");`, and `.rollback_to(\"name\").await?` or `.release(\"name\")`";
    [] Transaction: begin() begin_nested() transaction(_);
}
