//! Conditions: SQL's three-valued boolean.

use std::ops::{BitAnd, BitOr, Not};

use super::expression::node_of;
use super::{Column, Expr};
use crate::query::ast::{Binary, Logical, Node};

/// A condition: true, false or unknown, as SQL has it.
///
/// Every comparison gives this one type, whatever it compares, so conditions can be kept in a `Vec`, returned from
/// functions and added to a statement in a loop.
#[derive(Clone, Debug)]
#[must_use]
pub struct Cond(pub(crate) Node);

impl Cond {
    /// Both conditions.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let adults = select(User).filter(User.age.ge(18).and(User.name.ne(""))); // as `&`
    /// ```
    pub fn and(self, other: impl IntoCond) -> Cond {
        self.joined(Logical::And, other)
    }

    /// At least one of the conditions.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let free = select(User).filter(User.age.lt(6).or(User.age.ge(65))); // as `|`
    /// ```
    pub fn or(self, other: impl IntoCond) -> Cond {
        self.joined(Logical::Or, other)
    }

    /// The opposite, as `!` in front of it; unknown stays unknown.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let minors = select(User).filter(User.age.ge(18).not());
    /// ```
    pub fn not(&self) -> Cond {
        !self.clone()
    }

    fn joined(self, operator: Logical, other: impl IntoCond) -> Cond {
        match other.into_part() {
            Some(other) => Cond(logical(operator, self.0, other.0)),
            None => self,
        }
    }

    /// All of the conditions; true for none.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let wanted = ["a", "b"].map(|part| User.name.contains(part));
    /// let users = select(User).filter(Cond::all(wanted));
    /// ```
    pub fn all(conditions: impl IntoIterator<Item = impl IntoCond>) -> Cond {
        logical_all(Logical::And, conditions)
    }

    /// Any of the conditions; false for none.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let wanted = ["a", "b"].map(|part| User.name.contains(part));
    /// let users = select(User).filter(Cond::any(wanted));
    /// ```
    pub fn any(conditions: impl IntoIterator<Item = impl IntoCond>) -> Cond {
        logical_all(Logical::Or, conditions)
    }
}

/// At least one of a list of conditions, as [`Cond::any`]; false for none. A few of them are joined by `|`. The prelude has it as `any_of` too.
///
/// ```
/// use orm_core::prelude::*;
/// # use orm_tests::models::User;
///
/// let names = ["A", "B"].map(|start| User.name.starts_with(start));
/// let either = select(User).filter(or_(names));
/// ```
pub fn or_(conditions: impl IntoIterator<Item = impl IntoCond>) -> Cond {
    Cond::any(conditions)
}

/// All of a list of conditions, as [`Cond::all`]; true for none. A few of them are joined by `&`. The prelude has it as `all_of` too.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let mut conditions = vec![User.age.ge(18)];
/// conditions.push(User.name.ne(""));
/// let adults = select(User).filter(and_(conditions));
/// ```
pub fn and_(conditions: impl IntoIterator<Item = impl IntoCond>) -> Cond {
    Cond::all(conditions)
}

/// The opposite of a condition, as `!` in front of it: `not(exists(select(..)))`. Unknown stays unknown.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let silent = select(User).filter(not(exists(select(Post).filter(Post.user_id.eq(User.id)))));
/// ```
pub fn not(condition: impl IntoCond) -> Cond {
    !condition.into_cond()
}

pub(super) fn join(operator: Binary, left: Node, right: Node) -> Node {
    Node::Binary(operator, Box::new([left, right]))
}

/// Joins two conditions; one that is joined in the same way already takes the other in.
fn logical(operator: Logical, left: Node, right: Node) -> Node {
    match (left, right) {
        (Node::Logical(inner, mut conditions), right) if inner == operator => {
            conditions.push(right);
            Node::Logical(operator, conditions)
        }
        (left, Node::Logical(inner, mut conditions)) if inner == operator => {
            conditions.insert(0, left);
            Node::Logical(operator, conditions)
        }
        (left, right) => Node::Logical(operator, vec![left, right]),
    }
}

fn logical_all(operator: Logical, conditions: impl IntoIterator<Item = impl IntoCond>) -> Cond {
    let parts = conditions.into_iter().filter_map(IntoCond::into_part);
    let mut nodes: Vec<Node> = parts.map(|condition| condition.0).collect();
    Cond(match nodes.len() {
        0 => Node::Boolean(operator == Logical::And),
        1 => nodes.remove(0),
        _ => Node::Logical(operator, nodes),
    })
}

impl<C: IntoCond> BitAnd<C> for Cond {
    type Output = Cond;

    fn bitand(self, other: C) -> Cond {
        self.and(other)
    }
}

impl<C: IntoCond> BitOr<C> for Cond {
    type Output = Cond;

    fn bitor(self, other: C) -> Cond {
        self.or(other)
    }
}

impl Not for Cond {
    type Output = Cond;

    fn not(self) -> Cond {
        Cond(Node::Not(Box::new(self.0)))
    }
}

/// What `filter`, `having` and `join` take: a condition, a boolean column or expression; a `Vec`, array or tuple of conditions,
/// all of which have to be true; or an `Option` of one of these, which adds nothing where it is `None`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "expected a condition such as `User.age.ge(18)`, or a bool column",
    note = "`==`, `!=`, `<` and `>` compare in Rust and give a `bool`, as `user.name.eq(..)` of a loaded value does: write \
            `User.id.eq(5)`, `.ne(5)`, `.lt(5)`, `.gt(5)` of the table's column; `lit(true)` is always true",
    note = "whether a select gives a row is `exists(select(..))`; one that gives a truth is compared: `.eq(select(..))`",
    note = "the condition of a relation is `User.posts.on(Post)`; a relation is asked by `User.posts.any(..)`, `Post.author.is(..)`",
    note = "an object is named by its key, or the foreign key: `Post.user_id.eq(session[handle].id)`",
    note = "conditions are joined with `&` and `|` and negated with `!`; `&&` and `||` are for Rust's own `bool`"
)]
pub trait IntoCond {
    /// The condition.
    fn into_cond(self) -> Cond;

    /// What it adds to others; nothing for `None`.
    #[doc(hidden)]
    fn into_part(self) -> Option<Cond>
    where
        Self: Sized,
    {
        Some(self.into_cond())
    }
}

/// `None` is no condition: it adds nothing to others, and alone it is true.
#[diagnostic::do_not_recommend]
impl<C: IntoCond> IntoCond for Option<C> {
    fn into_cond(self) -> Cond {
        self.into_part().unwrap_or(Cond(Node::Boolean(true)))
    }

    fn into_part(self) -> Option<Cond> {
        self.and_then(C::into_part)
    }
}

#[diagnostic::do_not_recommend]
impl IntoCond for Cond {
    fn into_cond(self) -> Cond {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoCond for &Cond {
    fn into_cond(self) -> Cond {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl<C: IntoCond> IntoCond for Vec<C> {
    fn into_cond(self) -> Cond {
        Cond::all(self)
    }
}

#[diagnostic::do_not_recommend]
impl<C: IntoCond, const N: usize> IntoCond for [C; N] {
    fn into_cond(self) -> Cond {
        Cond::all(self)
    }
}

macro_rules! all_of {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: IntoCond),*> IntoCond for ($($part,)*) {
            fn into_cond(self) -> Cond {
                Cond::all([$(self.$place.into_part()),*])
            }
        }
    };
}
all_of!(A 0, B 1);
all_of!(A 0, B 1, C 2);
all_of!(A 0, B 1, C 2, D 3);

// Written out: an impl for any boolean expression would replace the message above by one about associated types.
macro_rules! boolean {
    ($([$($generic:tt)*] $ty:ty),* $(,)?) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)*> IntoCond for $ty {
            fn into_cond(self) -> Cond {
                Cond(node_of(self))
            }
        }
    )* };
}
boolean!([] Expr<bool>, [] Expr<Option<bool>>, [] &Expr<bool>, [] &Expr<Option<bool>>, [M] Column<M, bool>, [M] Column<M, Option<bool>>, [M] &Column<M, bool>, [M] &Column<M, Option<bool>>);
