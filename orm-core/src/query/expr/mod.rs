//! The typed face of the tree: columns, expressions, conditions.

mod column;
mod condition;
mod expression;
pub mod func;
mod method;
mod operand;
mod order;
mod window;

pub use column::Column;
pub use condition::{Cond, IntoCond};
pub use expression::{Expr, Scalar, lit};
pub use operand::{Assign, Holds, IntoValue, Operand};
pub(crate) use order::keys_of;
pub use order::{Order, OrderBy, OrderKey};
pub(crate) use window::groups_of;
pub use window::{GroupKey, Grouping, Over, WindowFunction, order_by, partition_by};
