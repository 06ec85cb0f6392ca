//! Text that matches a pattern, or has a given part.

use super::condition::join;
use super::expression::node_of;
use super::{ArgumentNode, Column, Cond, Contains, Expr, Operand};
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

fn like(operator: Binary, text: Node, pattern: String) -> Cond {
    Cond(join(operator, text, Node::Parameter(Parameter::new(pattern))))
}

#[diagnostic::do_not_recommend]
impl<B: Text, C: AsRef<str>> Contains<C> for B {
    fn contained(whole: ArgumentNode, part: C) -> Cond {
        like(Binary::Like, whole.0, format!("%{}%", escaped(part.as_ref())))
    }
}

macro_rules! patterns {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType> $ty {
            /// Matches a pattern, in which `%` stands for any text and `_` for any character.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let users = select(User).filter(User.name.like("A%n_"));
            /// ```
            pub fn like(&self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                Cond(join(Binary::Like, node_of(self), pattern.operand().node))
            }

            /// As `like`, and small letters match capital ones.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let users = select(User).filter(User.name.ilike("a%"));
            /// ```
            pub fn ilike(&self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                Cond(join(Binary::ILike, node_of(self), pattern.operand().node))
            }

            /// Does not match a pattern, as the opposite of `like`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let users = select(User).filter(User.name.not_like("A%"));
            /// ```
            pub fn not_like(&self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                !self.like(pattern)
            }

            /// Does not match a pattern, as the opposite of `ilike`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let users = select(User).filter(User.name.not_ilike("a%"));
            /// ```
            pub fn not_ilike(&self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                !self.ilike(pattern)
            }

            /// Starts with this text; `%` and `_` stand for themselves in it.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let users = select(User).filter(User.name.starts_with("A"));
            /// ```
            pub fn starts_with(&self, text: impl AsRef<str>) -> Cond
            where
                T::Base: Text,
            {
                like(Binary::Like, node_of(self), escaped(text.as_ref()) + "%")
            }

            /// Ends with this text; `%` and `_` stand for themselves in it.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let shares = select(Post).filter(Post.title.ends_with("%")); // a percent sign
            /// ```
            pub fn ends_with(&self, text: impl AsRef<str>) -> Cond
            where
                T::Base: Text,
            {
                like(Binary::Like, node_of(self), format!("%{}", escaped(text.as_ref())))
            }

            /// As `starts_with`, and small letters match capital ones.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let users = select(User).filter(User.name.istarts_with("a"));
            /// ```
            pub fn istarts_with(&self, text: impl AsRef<str>) -> Cond
            where
                T::Base: Text,
            {
                like(Binary::ILike, node_of(self), escaped(text.as_ref()) + "%")
            }

            /// As `ends_with`, and small letters match capital ones.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let users = select(User).filter(User.name.iends_with("SON"));
            /// ```
            pub fn iends_with(&self, text: impl AsRef<str>) -> Cond
            where
                T::Base: Text,
            {
                like(Binary::ILike, node_of(self), format!("%{}", escaped(text.as_ref())))
            }

            /// As `contains` of a text, and small letters match capital ones.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let posts = select(Post).filter(Post.title.icontains("rust"));
            /// ```
            pub fn icontains(&self, text: impl AsRef<str>) -> Cond
            where
                T::Base: Text,
            {
                like(Binary::ILike, node_of(self), format!("%{}%", escaped(text.as_ref())))
            }

            /// Has a place that matches a regular expression of PostgreSQL: `~`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let numbered = select(Post).filter(Post.title.regexp("[0-9]+$"));
            /// ```
            pub fn regexp(&self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                Cond(join(Binary::Regexp, node_of(self), pattern.operand().node))
            }

            /// As `regexp`, and small letters match capital ones: `~*`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let posts = select(Post).filter(Post.title.iregexp("^(rust|sql)"));
            /// ```
            pub fn iregexp(&self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                Cond(join(Binary::IRegexp, node_of(self), pattern.operand().node))
            }

            /// Matches a pattern of SQL as a whole, in which `%` and `_` are as in `like`, and `|`, `*`, `(..)` as in a regular
            /// expression.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let posts = select(Post).filter(Post.title.similar_to("(Rust|SQL)%"));
            /// ```
            pub fn similar_to(&self, pattern: impl Operand<String>) -> Cond
            where
                T::Base: Text,
            {
                Cond(join(Binary::SimilarTo, node_of(self), pattern.operand().node))
            }

            /// The text under a collation, for comparisons and orders: `User.name.collate("C").asc()`. A dot stands between a
            /// schema and a name.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let users = select(User).order_by(User.name.collate("C").asc());
            /// ```
            pub fn collate(&self, collation: &'static str) -> Expr<T>
            where
                T::Base: Text,
            {
                Expr::new(Node::Collate(Box::new(node_of(self)), collation))
            }
        }
    };
}
patterns!([M,] Column<M, T>);
patterns!([] Expr<T>);
