//! The tour, which does all that the README shows, on whatever URL it is given.

#[allow(dead_code, unfulfilled_lint_expectations, reason = "as an example it is a program of its own")]
#[path = "../../examples/tour.rs"]
mod example;

use orm_tests::{Database, PgBouncer, Proxy};

pub(crate) use example::tour;

#[tokio::test]
async fn it_passes_behind_a_pooler_of_transactions() {
    let database = Database::create().await;
    let Some(pooler) = PgBouncer::start(&database, &[]) else { return };
    tour(pooler.url()).await.unwrap();
}

#[tokio::test]
async fn it_passes_on_a_list_of_hosts_of_which_the_first_is_gone() {
    let database = Database::create().await;
    let (gone, there) = (Proxy::start(database.url()).await, Proxy::start(database.url()).await);
    gone.close().await;
    let host = |proxy: &Proxy| {
        let (_, address) = proxy.url().split_once('@').unwrap();
        address.split_once('/').unwrap().0.to_owned()
    };
    let list = there.url().replace(&host(&there), &format!("{},{}", host(&gone), host(&there)));
    tour(&format!("{list}?target_session_attrs=read-write")).await.unwrap();
}
