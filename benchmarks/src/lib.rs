//! orm-core beside hand-written tokio-postgres and other libraries, measured.

mod cell;
mod child;
mod command;
mod contestant;
mod data;
mod digest;
mod instruction;
mod kept;
mod machine;
mod measure;
mod option;
mod pgbench;
mod report;
mod round;
mod stage;
mod statistic;
mod target;
mod usage;

pub use command::run;
pub use instruction::instruction_ratio;
pub use target::{
    BY_KEY_INSTRUCTIONS_HELD, INSERT_INSTRUCTIONS, LOAD_INSTRUCTIONS, RELATED_INSTRUCTIONS_HELD,
};

/// Anything that ends a run.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The outcome of what may end a run.
pub type Result<T> = std::result::Result<T, Failure>;
