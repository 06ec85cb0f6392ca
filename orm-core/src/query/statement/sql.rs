//! A statement as it would be sent, for people to look at.

use std::fmt;
use std::sync::Arc;

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
        let text = Arc::try_unwrap(rendered.text).map_or_else(|text| text.sql.clone(), |text| text.sql);
        Sql { text, parameters: rendered.parameters }
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
