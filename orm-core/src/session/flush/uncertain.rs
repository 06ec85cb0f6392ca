//! Finds out what was assigned to objects that were expired, where they hold what was read last.

use crate::error::Error;
use crate::execute::request;
use crate::session::Session;
use crate::session::synchronize::reread;

impl Session {
    /// Reads the rows of such objects: most flushes have none.
    pub(super) async fn settle_uncertain(&mut self) -> Result<(), Error> {
        let dirty = self.identity.arenas().filter(|arena| arena.is_dirty());
        let uncertain = dirty.map(|arena| (arena, arena.uncertain())).filter(|(_, slots)| !slots.is_empty());
        let rereads =
            uncertain.map(|(arena, slots)| reread(arena, slots, &[])).collect::<Result<Vec<_>, Error>>()?;
        if rereads.is_empty() {
            return Ok(());
        }
        let requests: Vec<_> = rereads.iter().map(|reread| request(&reread.rendered)).collect();
        let answers = self.connect().await?.pipeline(&requests).await?;
        for (reread, answer) in rereads.iter().zip(answers) {
            if let Some((arena, _)) = self.identity.any_mut(reread.table) {
                let held = arena.hold_against(&reread.slots, &answer.rows);
                held.map_err(|error| error.in_statement(&reread.rendered.text.sql))?;
            }
        }
        Ok(())
    }
}
