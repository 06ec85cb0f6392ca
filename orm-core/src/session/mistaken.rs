//! Verbs that a session is often thought to have: what the compiler says of each is what to write instead.

use super::Session;
use crate::query::mistaken::missing_verbs;

missing_verbs! {
    [SavepointOfASession<'a>]: "a savepoint of a session is begun by `begin_nested`",
        "write `let mut nested = session.begin_nested().await?`, and `nested.commit().await?`; or `session.nested(async |session| ..)`";
    [] Session: savepoint();
}

missing_verbs! {
    [BeginOfASession<'a>]: "the transaction of a session begins by itself",
        "write nothing: it begins with the first statement, and ends by `session.commit().await?`; a part of it is `session.nested(async |session| ..)`, its isolation `session.begin_with(..)?`";
    [] Session: begin() transaction(_);
}

missing_verbs! {
    [QueryOfASession<'a>]: "statements are read by `all`, `one`, `one_or_none` or `first`",
        "write `session.all(select(User)).await?`: handles, and values of what is no model";
    [] Session: query(_) scalar(_) scalars(_) scalar_one(_) fetch_all(_) fetch_one(_) fetch_optional(_);
}

missing_verbs! {
    [GetOneOfASession<'a>]: "an object is found by its key with `find`",
        "write `session.find::<User>(1).await?`; what a handle names is `session[handle]`";
    [] Session: get_one(_) get_by_id(_) find_by_id(_);
}

missing_verbs! {
    [MergeAllOfASession<'a>]: "values from elsewhere are merged one by one",
        "write `session.merge(value).await?` for each; `merge_or_add(key, new)` where there may be no row";
    [] Session: merge_all(_);
}

missing_verbs! {
    [UpsertOfASession<'a>]: "a session knows by its key whether a row is there",
        "write `session.merge_or_add(key, new).await?`; by other columns, `session.execute(insert(new).on_conflict(User.email).do_update().set(User.name, excluded(User.name)))`";
    [] Session: upsert(_) insert_or_update(_) add_or_update(_);
}

missing_verbs! {
    [SaveOfASession<'a>]: "a session writes what has changed with `commit` or `flush`",
        "change the object, `session[handle].age = Some(26)`, and write `session.commit().await?`; new ones are added by `session.add(..)`";
    [] Session: save(_) save_all(_) update(_) insert(_) insert_all(_) bulk_insert(_) persist(_) store(_);
}

missing_verbs! {
    [RemoveOfASession<'a>]: "an object's row is deleted by `delete`",
        "write `session.delete(handle)?`; to forget the object and keep the row, `session.expunge(handle)?`";
    [] Session: remove(_) delete_all(_);
}

missing_verbs! {
    [CloseOfASession<'a>]: "a session ends when it is dropped",
        "what is not committed is rolled back then; `session.rollback().await?` says whether that was done";
    [] Session: close();
}
