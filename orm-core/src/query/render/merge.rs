//! Renders MERGE.

use super::{Rendered, Renderer};
use crate::query::ast::{Logical, Merge, MergeAction, MergeClause, MergeWhen, Node, default_filters};
use crate::query::resolve::Resolved;

/// The text and parameters of a MERGE.
pub(crate) fn merge(merge: &Merge, resolved: Resolved) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.open(resolved);
    renderer.merge(merge);
    renderer.finish()
}

impl Renderer {
    fn merge(&mut self, merge: &Merge) {
        self.push("MERGE INTO ");
        self.source(merge.target);
        self.push(" USING ");
        self.only_what_is_left(merge.source(), &default_filters(merge.source(), &merge.without));
        self.push(" ON ");
        self.node(&merge.on.content);
        // A row that is left out is there all the same: nothing is done with it, and none is inserted in its place.
        let defaults = default_filters(merge.target, &merge.without);
        for clause in &merge.clauses {
            self.clause(merge, clause, if clause.when == MergeWhen::NotMatched { &[] } else { &defaults });
        }
        self.returning(&merge.returning, true);
    }

    fn clause(&mut self, merge: &Merge, clause: &MergeClause, defaults: &[Node]) {
        self.push(match clause.when {
            MergeWhen::Matched => " WHEN MATCHED",
            MergeWhen::NotMatched => " WHEN NOT MATCHED",
            MergeWhen::NotMatchedBySource => " WHEN NOT MATCHED BY SOURCE",
        });
        for condition in clause.conditions.iter().map(|condition| &condition.content).chain(defaults) {
            self.push(" AND ");
            self.condition(Logical::And, condition);
        }
        self.push(" THEN ");
        let table = merge.target.table;
        match &clause.action {
            MergeAction::Nothing => self.push("DO NOTHING"),
            MergeAction::Delete => self.push("DELETE"),
            MergeAction::Update(set) => {
                self.push("UPDATE SET ");
                let row = Some(merge.target.name());
                self.separated(", ", set, |this, set| this.assignment(row, table, &set.content));
            }
            MergeAction::Insert(set) => {
                self.push("INSERT (");
                self.separated(", ", set, |this, set| {
                    this.moment(set.content.column);
                    this.name(set.content.column.name);
                });
                self.push(")");
                if set.iter().any(|set| set.content.column.is_identity()) {
                    self.push(" OVERRIDING SYSTEM VALUE");
                }
                self.push(" VALUES (");
                self.separated(", ", set, |this, set| {
                    this.set_value(set.content.column, &set.content.value);
                });
                self.push(")");
            }
        }
    }
}
