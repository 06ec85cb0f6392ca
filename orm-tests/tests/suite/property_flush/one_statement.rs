//! Tries operations as parts of one statement, where no order of single ones passes.

use tokio_postgres::Client;

use super::meaning::{loses, strays};
use super::oracle::{Move, Orders};
use super::state::State;
use super::writer::Writer;

impl Writer<'_> {
    /// The orders of statements that do several operations, for a case that passes in none of single ones.
    pub async fn of_one_statement(
        &self,
        client: &Client,
        orders: Orders,
        holds: impl Fn(&State) -> bool,
    ) -> Option<Orders> {
        if !orders.passing.is_empty() || !self.schema.has_circle() {
            return Some(orders);
        }
        let writer = Writer { is_one_statement: true, ..*self };
        let replacements = writer.replacements();
        for bits in (0..1_usize << replacements.len().min(3)).rev() {
            let moves = one_statements(&writer.statements(&replacements, bits));
            let found = self.explore(client, &moves).await?.passing;
            // In one statement a key passes from a row to another, and with it what nobody has let go of.
            let is_meant = |state: &State| {
                holds(state)
                    && !strays(self.schema, self.case, state)
                    && !loses(self.schema, self.case, state)
            };
            let passing: Vec<_> = found.into_iter().filter(|(_, state)| is_meant(state)).collect();
            if !passing.is_empty() {
                let made_anew = writer.made_anew(&replacements, bits);
                let statements = moves.into_iter().map(|one| one.sql).collect();
                return Some(Orders { passing, made_anew, statements, ..orders });
            }
        }
        Some(orders)
    }
}

/// Statements by themselves, and some of them as one, whose parts see no other's rows, and which looks at foreign keys only when
/// it is done.
fn one_statements(alone: &[String]) -> Vec<Move> {
    let mut moves = Move::each(alone);
    for mask in (1..1_usize << alone.len()).filter(|mask: &usize| mask.count_ones() > 1) {
        let chosen: Vec<usize> = (0..alone.len()).filter(|number| mask & (1 << number) != 0).collect();
        for reversed in [false, true] {
            let mut chosen = chosen.clone();
            if reversed {
                chosen.reverse();
            }
            let parts = chosen.iter().map(|number| format!("o{number} AS ({} RETURNING 1)", alone[*number]));
            let counts = chosen.iter().map(|number| {
                let count = format!("(SELECT count(*) FROM o{number})");
                // A row that is to be deleted may have gone along.
                if alone[*number].starts_with("DELETE") { count } else { format!("flush_changed({count})") }
            });
            let (parts, counts): (Vec<_>, Vec<_>) = (parts.collect(), counts.collect());
            let names: Vec<String> = chosen.iter().map(usize::to_string).collect();
            let sql = format!("WITH {} SELECT {}", parts.join(", "), counts.join(", "));
            moves.push(Move { sql, mask, name: names.join("+") });
        }
    }
    moves
}
