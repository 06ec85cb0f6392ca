//! Checks that what can be NULL is selected into an `Option`.

use super::scope::Scope;
use super::{called, refuse};
use crate::error::Error;
use crate::query::ast::{Item, Logical, Node, NullRule, Role, Select, Source};

pub(super) fn select(select: &Select, scope: &Scope) -> Result<(), Error> {
    for (nth, item) in select.items.iter().enumerate() {
        let message = match item {
            Item::Entity { source, optional: false } if scope.is_outer(*source) => format!(
                "{} is selected as a row that is always there, but an outer join may find none: select \
                 `{}.optional()`",
                called(*source),
                source.table.entity
            ),
            Item::Value { node: Node::Column(column), nullable: false, .. }
                if scope.is_outer(column.source()) =>
            {
                format!(
                    "`{0:?}` is selected as a value that is always there, but {1} is on the outer side of a join: \
                     select `{0:?}.optional()`",
                    column.meta,
                    called(column.source())
                )
            }
            Item::Value { node, nullable: false, .. } if can_be_null(node, scope) => format!(
                "item {} of the select list can be NULL, but its Rust type is no Option: select it with \
                 `.optional()`",
                nth + 1
            ),
            _ => continue,
        };
        return Err(refuse(message, select.at));
    }
    Ok(())
}

/// Whether an expression can be NULL, as far as the statement and the tables' declarations tell.
fn can_be_null(node: &Node, scope: &Scope) -> bool {
    match node {
        Node::Column(column) => column.meta.nullable || scope.is_outer(column.source()),
        Node::Excluded(column) => column.nullable,
        Node::Parameter(parameter) => parameter.is_null(),
        Node::Boolean(_) | Node::IsNull { .. } | Node::IsTrue(_) | Node::NeverNull(_) => false,
        Node::Binary(operator, _) if !operator.is_strict() => false,
        Node::Function(function) => match function.null {
            NullRule::Never => false,
            NullRule::Strict => function.arguments.iter().any(|argument| can_be_null(argument, scope)),
            NullRule::Possible => true,
        },
        Node::Coalesce(values) => values.iter().all(|value| can_be_null(value, scope)),
        Node::NullIf(_) | Node::Sql(_) | Node::Raw(_) | Node::Table(_) | Node::Subquery(_) => true,
        Node::Case(case) => {
            let mut values = case.branches.iter().map(|[_, value]| value).chain(&case.otherwise);
            case.otherwise.is_none() || values.any(|value| can_be_null(value, scope))
        }
        Node::Over(function, _) => can_be_null(function, scope),
        Node::Binary(..)
        | Node::Logical(..)
        | Node::Not(_)
        | Node::Negate(_)
        | Node::In { .. }
        | Node::Between(_)
        | Node::Filter(_)
        | Node::Cast(..) => node.children().any(|child| can_be_null(child, scope)),
    }
}

/// The sources without whose row a condition cannot be true.
pub(super) fn needed_for_truth(condition: &Node, needed: &mut Vec<Source>) {
    match condition {
        Node::Logical(Logical::And, sides) => sides.iter().for_each(|side| needed_for_truth(side, needed)),
        Node::Logical(Logical::Or, _) => {}
        Node::IsTrue(operand) => needed_for_truth(operand, needed),
        Node::IsNull { operand, negated: true } | Node::In { operand, negated: false, .. } => {
            needed_for_value(operand, needed);
        }
        Node::Between(operands) => operands.iter().for_each(|operand| needed_for_value(operand, needed)),
        // The opposite of unknown is unknown.
        Node::Not(operand) => needed_for_value(operand, needed),
        _ => needed_for_value(condition, needed),
    }
}

/// The sources without whose row an expression is NULL.
fn needed_for_value(node: &Node, needed: &mut Vec<Source>) {
    match node {
        Node::Column(column) => needed.push(column.source()),
        // One side can decide alone.
        Node::Logical(..) => {}
        Node::Binary(operator, operands) if operator.is_strict() => {
            operands.iter().for_each(|operand| needed_for_value(operand, needed));
        }
        Node::Function(function) if function.role == Role::Scalar && function.null == NullRule::Strict => {
            function.arguments.iter().for_each(|argument| needed_for_value(argument, needed));
        }
        Node::NullIf(values) => needed_for_value(&values[0], needed),
        Node::Not(operand) | Node::Negate(operand) | Node::Cast(operand, _) | Node::NeverNull(operand) => {
            needed_for_value(operand, needed);
        }
        _ => {}
    }
}
