//! Shows expressions to people: as text, without the values that it is sent with.

use std::fmt;

use super::raw;
use crate::query::ast::{Node, Raw, SqlText};
use crate::query::resolve;

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let raw_text = Raw { texts: vec![SqlText::Static(""); 2], nodes: vec![self.clone()], at: None };
        f.write_str(&raw(&raw_text, resolve::raw(&raw_text)).text.sql)
    }
}
