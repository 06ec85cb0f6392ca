//! UNION, INTERSECT, EXCEPT.

use super::Select;

/// Rows of several selects as those of one.
#[derive(Clone, Debug)]
pub(crate) struct SetOperation {
    pub(crate) operator: SetOperator,
    /// Whether equal rows stay as many as they are.
    pub(crate) all: bool,
    pub(crate) arms: Vec<Select>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperator {
    Union,
    Intersect,
    Except,
}

impl SetOperation {
    pub(crate) fn sql(&self) -> &'static str {
        match (self.operator, self.all) {
            (SetOperator::Union, false) => " UNION ",
            (SetOperator::Union, true) => " UNION ALL ",
            (SetOperator::Intersect, false) => " INTERSECT ",
            (SetOperator::Intersect, true) => " INTERSECT ALL ",
            (SetOperator::Except, false) => " EXCEPT ",
            (SetOperator::Except, true) => " EXCEPT ALL ",
        }
    }
}
