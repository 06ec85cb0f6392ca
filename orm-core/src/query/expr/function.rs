//! A call of a function, as the tree has it.

use crate::query::ast::{Function, Name, Node, NullRule, Role};

pub(super) fn node(name: Name, arguments: Vec<Node>, role: Role, null: NullRule) -> Node {
    Node::Function(Box::new(Function {
        name,
        arguments,
        role,
        null,
        distinct: false,
        order: Vec::new(),
        within_group: false,
        ignore_nulls: false,
        filter: None,
    }))
}
