//! A statement as it would be sent, for people to look at.

use std::fmt;

use crate::query::render::Rendered;
use crate::types::Parameter;

/// The text and parameters of a statement.
#[derive(Clone, Debug)]
pub struct Sql {
    /// The text, with `$1`, `$2`, .. for the parameters.
    pub text: String,
    /// The parameters, in order.
    pub parameters: Vec<Parameter>,
}

impl From<Rendered> for Sql {
    fn from(rendered: Rendered) -> Self {
        Sql { text: rendered.sql, parameters: rendered.parameters }
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
