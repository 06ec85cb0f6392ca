//! The tree of a statement: plain data, no types of the user.

mod batch;
mod few;
mod node;
mod raw;
mod select;
mod window;
mod write;

pub(crate) use batch::{Cells, DeleteBatch, InsertBatch, Part, Together, UpdateBatch};
pub(crate) use few::Few;
pub(crate) use node::{Binary, Case, ColumnRef, Function, Logical, Name, Node, NullRule, Role};
pub(crate) use raw::{Raw, SqlText};
pub(crate) use select::{
    Direction, Item, Join, JoinKind, Limit, Lock, Locked, Nulls, OrderItem, Placed, Select, Source, Strength,
};
pub(crate) use window::{Edge, Exclude, Frame, FrameMode, GroupingSets, SetKind, Window};
pub(crate) use write::{Conflict, ConflictTarget, ConflictUpdate, Delete, Insert, Rows, Set, Update};
