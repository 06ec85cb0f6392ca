//! What was asked for and has to be compared with rows before it can be written.

use super::Identity;
use crate::error::Error;
use crate::model::Pending;
use crate::model::relation::Linked;
use crate::schema::Target;

/// What is to be of the rows that point at an object.
#[derive(Clone, Debug)]
pub(in crate::session) struct Request {
    /// The columns that point at the object, and its own.
    pub(in crate::session) near: (Target, Target),
    /// The columns of the same rows that point at the objects it is linked to, and those of these.
    pub(in crate::session) far: Option<(Target, Target)>,
    pub(in crate::session) parent: Pending,
    pub(in crate::session) wish: Wish,
}

#[derive(Clone, Debug)]
pub(in crate::session) enum Wish {
    Linked(Far),
    Unlinked(Pending),
    /// Linked to these and no others.
    Exactly(Vec<Far>),
    /// The object of this slot alone points at it, or none.
    OnlyChild(Option<u32>),
}

/// An object to be linked to, and what adds the row between.
#[derive(Clone, Copy)]
pub(in crate::session) struct Far {
    pub(in crate::session) row: Pending,
    pub(in crate::session) add: fn(&mut Identity, &Linked) -> Result<u32, Error>,
}

impl std::fmt::Debug for Far {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.row.fmt(f)
    }
}

impl Request {
    /// Whether both are about the same rows of one table.
    fn is_like(&self, other: &Request) -> bool {
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
        match &self.wish {
            Wish::Linked(far) => vec![far.row],
            Wish::Unlinked(row) => vec![*row],
            Wish::Exactly(fars) => fars.iter().map(|far| far.row).collect(),
            Wish::OnlyChild(_) => Vec::new(),
        }
    }

    /// Whether rows count that point at the object, whatever else they point at.
    pub(in crate::session) fn is_of_all_rows(&self) -> bool {
        matches!(self.wish, Wish::Exactly(_) | Wish::OnlyChild(_))
    }
}

/// What was asked for since the last flush, in its order.
#[derive(Default)]
pub(in crate::session) struct Requests {
    all: Vec<Request>,
}

impl Requests {
    pub(in crate::session) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(in crate::session) fn clear(&mut self) {
        self.all.clear();
    }

    pub(in crate::session) fn push(&mut self, request: Request) {
        self.all.push(request);
    }

    /// All of them, those about the rows of one table together.
    pub(in crate::session) fn grouped(&self) -> Vec<Vec<Request>> {
        let mut groups: Vec<Vec<Request>> = Vec::new();
        for request in &self.all {
            match groups.iter_mut().find(|group| group[0].is_like(request)) {
                Some(group) => group.push(request.clone()),
                None => groups.push(vec![request.clone()]),
            }
        }
        groups
    }
}
