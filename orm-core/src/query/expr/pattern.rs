//! Text that matches a pattern, or has a given part.

use super::condition::join;
use super::expression::node_of;
use super::{Column, Cond, Expr, Operand};
use crate::query::ast::{Binary, Node};
use crate::types::{Parameter, SqlType, Text};

/// A pattern that stands for the text itself.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

fn like(text: Node, pattern: String) -> Cond {
    Cond(join(Binary::Like, text, Node::Parameter(Parameter::new(pattern))))
}

macro_rules! patterns {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType> $ty {
            /// Matches a pattern, in which `%` stands for any text and `_` for any character.
            pub fn like(self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                Cond(join(Binary::Like, node_of(self), pattern.operand().node))
            }

            /// As `like`, and small letters match capital ones.
            pub fn ilike(self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                Cond(join(Binary::ILike, node_of(self), pattern.operand().node))
            }

            /// Starts with this text; `%` and `_` stand for themselves in it.
            pub fn starts_with(self, text: impl AsRef<str>) -> Cond
            where
                T::Base: Text,
            {
                like(node_of(self), escaped(text.as_ref()) + "%")
            }

            /// Ends with this text; `%` and `_` stand for themselves in it.
            pub fn ends_with(self, text: impl AsRef<str>) -> Cond
            where
                T::Base: Text,
            {
                like(node_of(self), format!("%{}", escaped(text.as_ref())))
            }

            /// Has this text somewhere; `%` and `_` stand for themselves in it.
            pub fn contains(self, text: impl AsRef<str>) -> Cond
            where
                T::Base: Text,
            {
                like(node_of(self), format!("%{}%", escaped(text.as_ref())))
            }
        }
    };
}
patterns!([M,] Column<M, T>);
patterns!([] Expr<T>);
