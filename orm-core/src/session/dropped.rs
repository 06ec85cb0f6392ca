//! Says so when a session is dropped with changes that were never sent.

use super::{Session, State};

impl Session {
    /// What is pending, in words, if a drop loses it unawares: after an error the program knows.
    fn lost(&self) -> Option<String> {
        if !matches!(self.state, State::Ready) || !self.identity.is_dirty() || std::thread::panicking() {
            return None;
        }
        let (mut new, mut modified, mut deleted) = (0_usize, 0_usize, 0_usize);
        for arena in self.identity.arenas() {
            new += arena.new_rows().len();
            deleted += arena.to_delete().len();
            // Counting is no error.
            let _ = arena.changed(&mut |_, _| {
                modified += 1;
                Ok(())
            });
        }
        (new + modified + deleted > 0).then(|| format!("{new} new, {modified} modified, {deleted} deleted"))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(lost) = self.lost() {
            tracing::warn!(
                target: "orm::session",
                at = %self.at,
                "a session was dropped with objects that were not flushed ({lost}): call `commit` to keep changes, \
                 `rollback` to give them up"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;
    use std::sync::{Arc, Mutex};

    use orm_tests::Database;
    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Level, Metadata, Subscriber};

    use crate::prelude::*;

    #[derive(Model, Clone, Debug)]
    #[orm(table = "boxes")]
    struct Box {
        #[orm(primary_key, generated)]
        id: i64,
        label: String,
    }

    /// Keeps the warnings of sessions.
    #[derive(Clone, Default)]
    struct Warnings(Arc<Mutex<Vec<String>>>);

    impl Warnings {
        fn take(&self) -> Vec<String> {
            std::mem::take(&mut self.0.lock().expect("no panic"))
        }
    }

    struct Text(String);

    impl Visit for Text {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            self.0 += &format!("{field}={value:?} ");
        }
    }

    impl Subscriber for Warnings {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "orm::session" && *metadata.level() == Level::WARN
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            let mut text = Text(String::new());
            event.record(&mut text);
            self.0.lock().expect("no panic").push(text.0);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    #[tokio::test]
    async fn a_session_dropped_with_what_is_not_flushed_says_so_once_and_where_it_was_made() {
        let database = Database::create().await;
        let warnings = Warnings::default();
        let _guard = tracing::subscriber::set_default(warnings.clone());
        let engine = Engine::builder(database.url()).connect().await.expect("a connection");
        engine.create_all(schema![Box]).await.expect("a table");
        let sessions = SessionMaker::new(engine);

        let (mut session, line) = (sessions.session(), line!());
        let old = session.add(NewBox::new("a"));
        session.commit().await.expect("a row");
        session[old].label = "b".into();
        session.add(NewBox::new("c"));
        drop(session);
        let said = warnings.take();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("1 new, 1 modified, 0 deleted"), "{said:?}");
        assert!(said[0].contains(&format!("dropped.rs:{line}:")), "{said:?}");

        let mut committed = sessions.session();
        committed.add(NewBox::new("d"));
        committed.commit().await.expect("a row");
        drop(committed);
        let mut rolled_back = sessions.session();
        rolled_back.add(NewBox::new("e"));
        rolled_back.rollback().await.expect("nothing to roll back");
        drop(rolled_back);
        let mut unchanged = sessions.session();
        let found = unchanged.find::<Box>(1_i64).await.expect("a read").expect("a row");
        let label = unchanged[found].label.clone();
        unchanged[found].label = label;
        drop(unchanged);
        assert_eq!(warnings.take(), Vec::<String>::new());
    }
}
