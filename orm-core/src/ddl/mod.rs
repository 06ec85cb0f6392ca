//! Tables into the database, and out of it.

mod create;
mod drop;
mod verb;

pub(crate) use create::{constraints, tables};
pub(crate) use drop::drops;
