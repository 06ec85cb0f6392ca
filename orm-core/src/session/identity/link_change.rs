//! Links to be made and ended, which are compared with the rows that are there before they are written.

use super::Identity;
use crate::error::Error;
use crate::model::Pending;
use crate::model::relation::Linked;
use crate::schema::Target;

/// What is to be of the rows that point at an object.
#[derive(Clone, Debug)]
pub(in crate::session) struct LinkChange {
    /// The columns that point at the object, and its own.
    pub(in crate::session) near: (Target, Target),
    /// The columns of the same rows that point at the objects it is linked to, and those of these.
    pub(in crate::session) far: Option<(Target, Target)>,
    pub(in crate::session) parent: Pending,
    pub(in crate::session) action: LinkAction,
}

#[derive(Clone, Debug)]
pub(in crate::session) enum LinkAction {
    Link(LinkTarget),
    Unlink(Pending),
    /// Linked to these and no others.
    Set(Vec<LinkTarget>),
    /// The object of this slot alone points at it, or none.
    ReplaceChild(Option<u32>),
}

/// An object to be linked to, and what adds the row between.
#[derive(Clone, Copy)]
pub(in crate::session) struct LinkTarget {
    pub(in crate::session) row: Pending,
    pub(in crate::session) add: fn(&mut Identity, &Linked) -> Result<u32, Error>,
}

impl std::fmt::Debug for LinkTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.row.fmt(f)
    }
}

impl LinkChange {
    /// Whether both are about the same rows of one table.
    fn is_like(&self, other: &LinkChange) -> bool {
        let same = |a: Target, b: Target| a.table == b.table && a.places == b.places;
        let far = match (self.far, other.far) {
            (Some(own), Some(other)) => same(own.0, other.0),
            (None, None) => true,
            _ => false,
        };
        far && same(self.near.0, other.near.0)
    }

    /// The objects on the other side.
    pub(in crate::session) fn others(&self) -> Vec<Pending> {
        match &self.action {
            LinkAction::Link(far) => vec![far.row],
            LinkAction::Unlink(row) => vec![*row],
            LinkAction::Set(fars) => fars.iter().map(|far| far.row).collect(),
            LinkAction::ReplaceChild(_) => Vec::new(),
        }
    }

    /// Whether an earlier one about the only child of an object means nothing any more.
    pub(in crate::session) fn replaces(&self, earlier: &LinkChange) -> bool {
        let are_of_child = |action: &LinkAction| matches!(action, LinkAction::ReplaceChild(_));
        are_of_child(&self.action) && are_of_child(&earlier.action) && self.parent == earlier.parent
    }

    /// Whether rows count that point at the object, whatever else they point at.
    pub(in crate::session) fn is_of_all_rows(&self) -> bool {
        matches!(self.action, LinkAction::Set(_) | LinkAction::ReplaceChild(_))
    }
}

/// Those since the last flush, in their order.
#[derive(Default)]
pub(in crate::session) struct LinkChanges {
    all: Vec<LinkChange>,
}

impl LinkChanges {
    pub(in crate::session) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(in crate::session) fn clear(&mut self) {
        self.all.clear();
    }

    pub(in crate::session) fn push(&mut self, request: LinkChange) {
        self.all.push(request);
    }

    /// All of them, those about the rows of one table together.
    pub(in crate::session) fn grouped(&self) -> Vec<Vec<LinkChange>> {
        let mut groups: Vec<Vec<LinkChange>> = Vec::new();
        for request in &self.all {
            match groups.iter_mut().find(|group| group[0].is_like(request)) {
                Some(group) => group.push(request.clone()),
                None => groups.push(vec![request.clone()]),
            }
        }
        groups
    }
}
