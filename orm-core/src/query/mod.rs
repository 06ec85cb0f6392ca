//! Statements, without any I/O.

mod expr;

pub use expr::Column;
