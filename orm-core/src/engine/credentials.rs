//! Who logs in, where that changes while the program runs: tokens, rotated passwords.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::error::{Cause, Error};

/// What new connections log in with; given by [`credentials`](super::EngineBuilder::credentials).
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The role.
    pub user: String,
    /// Its password, or the token that stands for one. It is never shown.
    pub password: String,
    /// For how long new connections may use them, from now on. [`Duration::ZERO`] is for the connection that asked, and
    /// [`Duration::MAX`] until the server refuses them. Connections that are open stay open.
    pub valid_for: Duration,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .field("valid_for", &self.valid_for)
            .finish_non_exhaustive()
    }
}

type Ask = dyn Fn() -> BoxFuture<'static, Result<Credentials, Cause>> + Send + Sync;

/// Where credentials come from, with those it gave last.
pub(super) struct Source {
    ask: Box<Ask>,
    cached: Mutex<Option<Cached>>,
}

struct Cached {
    credentials: Arc<Credentials>,
    /// `None` is for ever.
    until: Option<Instant>,
}

impl Source {
    pub(super) fn new<F, R>(ask: F) -> Source
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Credentials, Cause>> + Send + 'static,
    {
        Source { ask: Box::new(move || Box::pin(ask())), cached: Mutex::default() }
    }

    /// Credentials that are valid, and not those that were refused. One call at a time asks; who waits for it takes what
    /// it brings.
    pub(super) async fn get(
        &self,
        refused: Option<&Arc<Credentials>>,
        patience: Duration,
    ) -> Result<Arc<Credentials>, Error> {
        match timeout(patience, self.find(refused)).await {
            Ok(Ok(credentials)) => Ok(credentials),
            Ok(Err(cause)) => {
                let why = format!("`credentials` gave none: {cause}");
                Err(Error::connect("PostgreSQL", why).because(cause))
            }
            Err(_) => {
                let why = format!(
                    "`credentials` gave none within {patience:?}: see what it waits for, or raise `connect_timeout`"
                );
                Err(Error::connect("PostgreSQL", why))
            }
        }
    }

    async fn find(&self, refused: Option<&Arc<Credentials>>) -> Result<Arc<Credentials>, Cause> {
        let mut cached = self.cached.lock().await;
        if let Some(cached) = &*cached
            && cached.until.is_none_or(|until| Instant::now() < until)
            && refused.is_none_or(|refused| !Arc::ptr_eq(refused, &cached.credentials))
        {
            return Ok(Arc::clone(&cached.credentials));
        }
        *cached = None;
        let credentials = Arc::new((self.ask)().await?);
        let until = Instant::now().checked_add(credentials.valid_for);
        *cached = Some(Cached { credentials: Arc::clone(&credentials), until });
        Ok(credentials)
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Source};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    const PATIENCE: Duration = Duration::from_secs(10);

    /// Gives credentials whose password is the number of the call.
    fn counting(valid_for: Duration) -> Source {
        let calls = Arc::new(AtomicUsize::new(0));
        Source::new(move || {
            let call = calls.fetch_add(1, Ordering::Relaxed);
            async move {
                tokio::task::yield_now().await;
                Ok(Credentials { user: "ann".into(), password: call.to_string(), valid_for })
            }
        })
    }

    #[tokio::test]
    async fn those_that_are_valid_are_shared() {
        let source = counting(Duration::MAX);
        let (one, other) = tokio::join!(source.get(None, PATIENCE), source.get(None, PATIENCE));
        assert!(one.unwrap().password == "0" && other.unwrap().password == "0");
        assert_eq!(source.get(None, PATIENCE).await.unwrap().password, "0");
    }

    #[tokio::test]
    async fn those_that_are_not_are_asked_for_anew() {
        let source = counting(Duration::ZERO);
        for call in ["0", "1"] {
            assert_eq!(source.get(None, PATIENCE).await.unwrap().password, call);
        }
    }

    #[tokio::test]
    async fn many_that_were_refused_ask_once() {
        let source = counting(Duration::MAX);
        let refused = source.get(None, PATIENCE).await.unwrap();
        let (one, other) =
            tokio::join!(source.get(Some(&refused), PATIENCE), source.get(Some(&refused), PATIENCE));
        assert!(one.unwrap().password == "1" && other.unwrap().password == "1");
    }

    #[tokio::test]
    async fn what_goes_wrong_is_told() {
        let source = Source::new(async || Err("the vault is sealed".into()));
        let error = source.get(None, PATIENCE).await.unwrap_err();
        assert!(error.is_connect() && error.to_string().contains("the vault is sealed"), "{error}");
        let source = Source::new(async || std::future::pending().await);
        let error = source.get(None, Duration::from_millis(1)).await.unwrap_err();
        assert!(error.is_connect() && error.to_string().contains("within 1ms"), "{error}");
    }

    #[test]
    fn the_password_is_not_shown() {
        let shown = format!(
            "{:?}",
            Credentials { user: "ann".into(), password: "hidden".into(), valid_for: PATIENCE }
        );
        assert!(shown.contains("ann") && !shown.contains("hidden"), "{shown}");
    }
}
