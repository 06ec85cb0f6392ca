//! MERGE.

use std::panic::Location;
use std::sync::Arc;

use super::{Beside, Body, Item, Node, OneOrMany, Placed, Set, Source};

#[derive(Clone, Debug)]
pub(crate) struct Merge {
    pub(crate) at: &'static Location<'static>,
    /// The table that it changes.
    pub(crate) target: Source,
    /// What it reads from; one source.
    pub(crate) using: Beside,
    pub(crate) on: Placed<Node>,
    pub(crate) clauses: Vec<MergeClause>,
    /// The filters of models that are left out, by name.
    pub(crate) without: Vec<&'static str>,
    pub(crate) returning: OneOrMany<Item>,
}

/// `WHEN .. THEN ..`; the first that fits is done with a row.
#[derive(Clone, Debug)]
pub(crate) struct MergeClause {
    pub(crate) at: &'static Location<'static>,
    pub(crate) when: MergeWhen,
    pub(crate) conditions: OneOrMany<Placed<Node>>,
    pub(crate) action: MergeAction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MergeWhen {
    /// Rows of both.
    Matched,
    /// Rows that the source alone has.
    NotMatched,
    /// Rows that the target alone has.
    NotMatchedBySource,
}

#[derive(Clone, Debug)]
pub(crate) enum MergeAction {
    Update(Vec<Placed<Set>>),
    Insert(Vec<Placed<Set>>),
    Delete,
    Nothing,
}

impl Merge {
    /// What stands behind its source, if that is no table of the database.
    pub(crate) fn bodies(&self) -> &[(Source, Arc<Body>)] {
        &self.using.bodies
    }

    /// The source.
    pub(crate) fn source(&self) -> Source {
        self.using.sources[0].content
    }
}

impl MergeAction {
    /// What it sets.
    pub(crate) fn set(&self) -> &[Placed<Set>] {
        match self {
            MergeAction::Update(set) | MergeAction::Insert(set) => set,
            MergeAction::Delete | MergeAction::Nothing => &[],
        }
    }
}
