//! What can be counted.

use super::expression::node_of;
use super::{ArgumentNode, Column, Cond, Expr};
use crate::model::{Alias, Model, Table, Writable, each_tuple};
use crate::query::ast::{ColumnRef, Node};
use crate::schema::TableMeta;
use crate::types::SqlType;

/// What [`func::count`](super::func::count) takes: a column, an expression, a tuple of these, or a table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be counted",
    label = "expected a column such as `User.id`, an expression, a tuple of them, or a table such as `User`",
    note = "`count(*)`, the number of all rows, is `func::count_star()`; how many rows a relation leads to is `User.posts.count()`"
)]
pub trait Countable {
    #[doc(hidden)]
    fn counted(self) -> ArgumentNode;
}

// Written out: an impl for whatever is an expression would leave none for tables.
macro_rules! expressions {
    ($([$($generic:tt)*] $ty:ty),* $(,)?) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)*> Countable for $ty {
            fn counted(self) -> ArgumentNode {
                ArgumentNode(node_of(self))
            }
        }
    )* };
}
expressions!(
    [M, T: SqlType] Column<M, T>, [M, T: SqlType] &Column<M, T>, [T: SqlType] Expr<T>, [T: SqlType] &Expr<T>, [] Cond, [] &Cond,
);

macro_rules! tuple {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Countable),*> Countable for ($($part,)*) {
            fn counted(self) -> ArgumentNode {
                ArgumentNode(Node::Tuple(vec![$(self.$place.counted().0),*]))
            }
        }
    };
}
each_tuple!(tuple);

#[diagnostic::do_not_recommend]
impl<T: Table<Model: Model<Kind: Writable>>> Countable for T {
    fn counted(self) -> ArgumentNode {
        ArgumentNode(first_key(T::Model::META, self.named()))
    }
}

/// A column that no row of the table lacks.
fn first_key(table: &'static TableMeta, alias: Option<Alias>) -> Node {
    let [place, ..] = table.primary_key else { unreachable!("a table that is written has a key") };
    Node::Column(ColumnRef { meta: &table.columns[*place], alias })
}
