//! Renders the one statement that writes rows of several tables, shapes or kinds which no order of statements serves.

use super::own::Own;
use super::{Rendered, Renderer};
use crate::query::ast::{InsertBatch, Part, Together};

/// A part of WITH for each batch: PostgreSQL looks at foreign keys at the end of the statement. It gives one row, and it is
/// an error of the server if a row is missed.
///
/// PostgreSQL runs the parts in no order that can be relied on, and none sees what another has written; one that asks for
/// what others give waits for them. Foreign keys hold at the end whatever the order; unique constraints hold with each
/// row, unless they are deferrable. A row may be written once only. A server of several shards looks at foreign keys part by part: the rows that
/// others refer to come first where one order serves.
pub(crate) fn together(Together { parts, after }: &Together) -> Rendered {
    let tables: Vec<_> = parts.iter().map(Part::table).collect();
    let (mut out, own) = (Renderer::new(), Own::of(&tables));
    out.push("WITH ");
    out.separated(", ", parts.iter().enumerate(), |this, (nth, part)| {
        let own = own.part(nth, after[nth]);
        match part {
            Part::Insert(batch) => {
                this.insert_many(&own, batch);
                this.push(", ");
                this.insert_guard(&own, batch);
            }
            Part::Update(batch) => {
                this.update_many(&own, batch);
                this.push(", ");
                this.guard(&own, batch.table);
            }
            Part::Delete(batch) => {
                this.delete_many(&own, batch);
                this.push(", ");
                this.guard(&own, batch.table);
            }
        }
    });
    let guards: Vec<String> = (0..parts.len()).map(|nth| own.part(nth, 0).guard()).collect();
    out.push(&format!(" SELECT count(*) FROM {}", guards.join(", ")));
    out.finish()
}

impl Renderer {
    /// A row is looked for by its key: a server of several shards gives nothing back where no column is asked for.
    fn insert_guard(&mut self, own: &Own, batch: &InsertBatch) {
        let (sent, written) = (own.sent(), own.written());
        self.push(&format!(
            "{} AS MATERIALIZED (SELECT CASE WHEN count(*) = 0 \
             AND (SELECT count(*) FROM {sent}) = (SELECT count(*) FROM {written}) THEN 0 ELSE ",
            own.guard()
        ));
        self.fail_stale(own.nth(), &format!("coalesce(string_agg({sent}.{}::text, ', '), '')", own.number()));
        self.push(&format!(" END FROM {sent}"));
        self.join_inserted(own, batch);
        self.push(" WHERE ");
        self.separated(" OR ", batch.table.key(), |this, column| {
            this.push(&format!("{written}."));
            this.name(column.name);
            this.push(" IS NULL");
        });
        self.push(")");
    }
}
