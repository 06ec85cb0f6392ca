//! What the database gives a column by itself.

use super::{Assign, Expr};
use crate::query::ast::Node;
use crate::types::SqlType;

/// The type of [`DEFAULT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultValue(());

/// The default of a column, as `set` takes it: `update(User).set(User.state, DEFAULT)`. A column that has none becomes NULL.
pub const DEFAULT: DefaultValue = DefaultValue(());

#[diagnostic::do_not_recommend]
impl<T: SqlType> Assign<T> for DefaultValue {
    fn assigned(self) -> Expr<T> {
        Expr::new(Node::Default)
    }
}
