//! Records what a session sends.

use super::Session;
use crate::engine::Recording;

impl Session {
    /// Records what this session sends from now on, whatever other sessions of the engine do, until the recording is dropped.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let recording = session.record();
    /// session.all(select(User)).await?;
    /// recording.assert_not_repeated(1); // from one line: a query in a loop
    /// # Ok(())
    /// # }
    /// ```
    pub fn record(&mut self) -> Recording {
        let recording = self.engine.record_own();
        if let Some(connection) = &mut self.connection {
            connection.raw().record_as(&self.engine);
        }
        recording
    }
}
