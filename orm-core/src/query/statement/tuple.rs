//! Tuples in clauses: each part in its turn.

use super::{Conflicting, Items, Selectable};
use crate::error::Error;
use crate::model::{Model, each_tuple};
use crate::query::expr::func::Candidates;
use crate::query::expr::{
    ArgumentNode, ArgumentTuple, Arguments, GroupKey, Grouping, GroupingList, Operand, OrderBy, OrderKey,
    Scalar, push_set,
};
use crate::row::Cells;
use crate::schema::IndexPart;
use crate::types::SqlType;

macro_rules! candidates {
    ($first:ident $zero:tt $(, $part:ident $place:tt)*) => {
        impl<$first: Scalar, $($part: Operand<<$first::Type as SqlType>::Base>),*> Candidates for ($first, $($part,)*) {
            type Base = <$first::Type as SqlType>::Base;

            fn candidates(self) -> Vec<ArgumentNode> {
                vec![
                    ArgumentNode::of(self.$zero.into_expr()),
                    $(ArgumentNode::of(self.$place.operand())),*
                ]
            }
        }
    };
}

macro_rules! tuple {
    ($($part:ident $place:tt),*) => {
        impl<$($part: Selectable),*> Selectable for ($($part,)*) {
            type Row = ($($part::Row,)*);

            fn items(self, items: &mut Items) {
                $(self.$place.items(items);)*
            }

            fn decode(cells: &mut Cells<'_>) -> Result<Self::Row, Error> {
                Ok(($($part::decode(cells)?,)*))
            }

            fn width() -> usize {
                0 $(+ $part::width())*
            }
        }

        impl<$($part: OrderBy),*> OrderBy for ($($part,)*) {
            fn collect(self, keys: &mut Vec<OrderKey>) {
                $(self.$place.collect(keys);)*
            }
        }

        impl<$($part: Arguments),*> Arguments for ($($part,)*) {
            fn collect(self, arguments: &mut Vec<ArgumentNode>) {
                $(self.$place.collect(arguments);)*
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($part: Arguments),*> ArgumentTuple for ($($part,)*) {}

        impl<TABLE: Model, $($part: Conflicting<TABLE>),*> Conflicting<TABLE> for ($($part,)*) {
            fn collect(self, parts: &mut Vec<IndexPart>) {
                $(self.$place.collect(parts);)*
            }
        }

        candidates!($($part $place),*);

        #[diagnostic::do_not_recommend]
        impl<$($part: Grouping),*> GroupingList for ($($part,)*) {
            fn collect_sets(self, sets: &mut Vec<Vec<GroupKey>>) {
                $(push_set(self.$place, sets);)*
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($part: Grouping),*> Grouping for ($($part,)*) {
            fn collect(self, keys: &mut Vec<GroupKey>) {
                $(self.$place.collect(keys);)*
            }
        }
    };
}
each_tuple!(tuple);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, L 10, M 11, N 12, O 13, P 14, Q 15);
