//! The typed face of the tree.

mod column;

pub use column::Column;
