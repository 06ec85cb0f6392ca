//! The tree of a statement: plain data, no types of the user.

mod batch;
mod binary;
mod body;
mod default_filter;
mod merge;
mod node;
mod one_or_many;
mod raw;
mod refused;
mod same;
mod select;
mod set_operation;
mod volatile;
mod window;
mod write;
mod writing;

pub(crate) use batch::{BatchValues, DeleteBatch, InsertBatch, Part, Together, UpdateBatch};
pub(crate) use binary::Binary;
pub(crate) use body::{
    Body, BodyKind, Content, Cycle, FunctionColumns, JsonColumn, Materialized, Recursive, Sample, Search,
    TableFunction,
};
pub(crate) use default_filter::{DefaultFilters, default_filters, filter_names, has_filter, soft_delete};
pub(crate) use merge::{Merge, MergeAction, MergeClause, MergeWhen};
pub(crate) use node::{Case, ColumnRef, Function, Logical, Name, Node, NullRule, Quantifier, Role};
pub(crate) use one_or_many::OneOrMany;
pub(crate) use raw::{Raw, SqlText};
pub(crate) use refused::Refused;
pub use select::Direction;
pub(crate) use select::{
    Item, Join, JoinKind, Limit, Lock, Locked, More, Nulls, OrderItem, Placed, Select, Source, Strength,
};
pub(crate) use set_operation::{SetOperation, SetOperator};
pub(crate) use window::{Edge, Exclude, Frame, FrameMode, GroupingSets, SetKind, Window};
pub(crate) use write::{
    Beside, Conflict, ConflictTarget, ConflictUpdate, Delete, Insert, InsertSource, Set, Update,
};
