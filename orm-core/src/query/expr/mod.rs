//! The typed face of the tree: columns, expressions, conditions.

mod argument;
mod array;
mod assign;
mod bit;
mod calculate;
mod case;
mod column;
mod condition;
mod condition_expression;
mod count;
mod default;
mod dynamic;
mod each;
mod excluded;
mod expression;
mod frame;
pub mod func;
mod function;
mod group;
#[cfg(feature = "serde_json")]
mod json;
mod list;
mod logic;
mod lower;
mod method;
mod mistaken;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod moment;
mod old;
mod operand;
mod order;
mod pattern;
mod range;
mod tuple;
mod window;

pub use argument::{Argument, ArgumentNode, ArgumentTuple, Arguments};
pub use array::{Concat, Contains, ElementOf, ElementOrArray};
pub use assign::{Assign, Holds, SetColumn};
pub use calculate::{BesideFloat, Calculate};
pub use case::{Case, CaseWhen, case};
pub use column::Column;
pub use condition::{Cond, IntoCond, and_, not, or_};
pub use count::Countable;
pub use default::{DEFAULT, DefaultValue};
pub use dynamic::{AnyColumn, ModelColumns};
pub use each::{Each, EachNode, EachOf, all, any};
pub use excluded::excluded;
pub use expression::{Expr, Literal, Scalar, lit};
pub use frame::{Edge, Frame, IntoFrame};
pub use group::{GroupKey, Grouping, GroupingList, GroupingSets, cube, grouping_sets, rollup};
pub(crate) use group::{groups_of, push_set};
#[cfg(feature = "serde_json")]
pub use json::JsonKey;
pub use list::{IntoValue, List, ListItem, ListNode, ListOf, Mixed, SelectNode, Valued};
pub use old::old;
pub use operand::{Operand, TypeOf};
pub(crate) use order::keys_of;
pub use order::{Order, OrderBy, OrderKey};
pub use range::{InRange, ValueOrRange};
pub use tuple::{Tuple, TupleList, TupleNode, TupleOperand, TupleValue};
pub use window::{IntoOver, Over, WindowFunction, order_by, partition_by};
