//! The end of a pool.

use std::sync::PoisonError;

use tokio::time::timeout;

use super::manager::Pool;

/// Refuses whoever comes, closes idle connections at once, waits for the others, and ends what is left after that.
pub(in crate::engine) async fn close(pool: &Pool) {
    abandon(pool);
    pool.close();
    let opener = &pool.manager().opener;
    let limit = opener.settings.close_timeout;
    if timeout(limit, opener.registry.until_empty()).await.is_err() {
        let left = opener.registry.end_all();
        tracing::warn!(
            target: "orm::engine", left,
            "connections were still in use {limit:?} after the engine was closed, and were ended"
        );
    }
}

/// Ends what works for a pool that nobody uses any more; waits for nothing.
pub(in crate::engine) fn abandon(pool: &Pool) {
    let manager = pool.manager();
    if let Some(task) = manager.maintenance.lock().unwrap_or_else(PoisonError::into_inner).take() {
        task.abort();
    }
    manager.opener.close();
}
