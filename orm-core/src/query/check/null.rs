//! Checks that what can be NULL is selected into an `Option`.

use super::scope::Scope;
use super::{called, refuse};
use crate::error::Error;
use crate::query::ast::{GroupingSets, Item, Logical, Node, NullRule, Role, Select, Source};

/// What is known of the statement that decides whether an expression can be NULL.
struct Known<'a> {
    scope: &'a Scope<'a>,
    /// Expressions that are missing in some grouping sets: they are NULL in the rows of those sets.
    lacking: Vec<&'a Node>,
}

pub(super) fn select(select: &Select, scope: &Scope<'_>) -> Result<(), Error> {
    let known = Known { scope, lacking: lacking(select) };
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
            Item::Value { node, nullable: false, .. } if can_be_null(node, &known) => format!(
                "item {} of the select list can be NULL, but its Rust type is no Option: select it with \
                 `.optional()`, or `.never_null()` where you know that it is not",
                nth + 1
            ),
            _ => continue,
        };
        return Err(refuse(message, select.at));
    }
    Ok(())
}

/// Whether an expression can be NULL, by the statement and the declarations of the tables.
fn can_be_null(node: &Node, known: &Known<'_>) -> bool {
    match node {
        Node::NeverNull(_) => false,
        _ if known.lacking.iter().any(|lacking| lacking.is_same(node)) => true,
        Node::Column(column) => column.meta.nullable || known.scope.is_outer(column.source()),
        Node::Excluded(column) | Node::Old(column) => column.nullable,
        Node::Parameter(parameter) => parameter.is_null(),
        Node::Boolean(_) | Node::IsNull { .. } | Node::IsTrue(_) => false,
        Node::Binary(operator, _) if operator.null() == NullRule::Never => false,
        Node::Binary(operator, _) if operator.null() == NullRule::Possible => true,
        Node::Function(function) => match function.null {
            NullRule::Never => false,
            NullRule::Strict => function.arguments.iter().any(|argument| can_be_null(argument, known)),
            NullRule::Every => function.arguments.iter().all(|argument| can_be_null(argument, known)),
            NullRule::Possible => true,
        },
        Node::Coalesce(values) => values.iter().all(|value| can_be_null(value, known)),
        // The element may be missing, or be NULL itself.
        Node::Element(_) | Node::Each(..) => true,
        Node::Slice(parts) => can_be_null(&parts[0], known),
        Node::Array(_) => false,
        Node::NullIf(_)
        | Node::Default
        | Node::Sql(_)
        | Node::Raw(_)
        | Node::Table(_)
        | Node::Subquery(_) => true,
        Node::Exists(_) => false,
        Node::InSelect { operand, select, .. } => can_be_null(operand, known) || gives_null(select),
        Node::Quantified(_, select) => gives_null(select),
        Node::Case(case) => {
            let mut values = case.branches.iter().map(|[_, value]| value).chain(&case.otherwise);
            case.otherwise.is_none() || values.any(|value| can_be_null(value, known))
        }
        Node::Over(function, window) => {
            can_be_null(function, known) || window.may_be_empty() && sees_no_row_as_null(function)
        }
        Node::Binary(..)
        | Node::Logical(..)
        | Node::Not(_)
        | Node::Negate(_)
        | Node::In { .. }
        | Node::InTuples { .. }
        | Node::InList(..)
        | Node::Tuple(_)
        | Node::Between(_)
        | Node::NoAggregate(..)
        | Node::GroupingSets(_)
        | Node::Collate(..)
        | Node::Cast(..) => node.children().any(|child| can_be_null(child, known)),
    }
}

fn lacking(select: &Select) -> Vec<&Node> {
    let grouped = |node: &Node| select.group.iter().any(|group| group.content.is_same(node));
    let sets = select.group.iter().filter_map(|group| match &group.content {
        Node::GroupingSets(sets) => Some(sets),
        _ => None,
    });
    let lacking = |sets: &'_ GroupingSets, node: &Node| !sets.always_has(node) && !grouped(node);
    sets.flat_map(|sets| sets.nodes.iter().filter(move |node| lacking(sets, node))).collect()
}

/// Whether the rows of a select can contain NULL.
fn gives_null(select: &Select) -> bool {
    select.items.iter().any(|item| match item {
        Item::Value { nullable, .. } => *nullable,
        Item::Entity { optional, source } => {
            *optional || source.table.columns.iter().any(|column| column.nullable)
        }
    })
}

/// Adds the sources that must have a row for a condition to be true.
pub(super) fn needed_for_truth(condition: &Node, needed: &mut Vec<Source>) {
    match condition {
        Node::Logical(Logical::And, sides) => sides.iter().for_each(|side| needed_for_truth(side, needed)),
        Node::Logical(Logical::Or, _) => {}
        Node::IsTrue(operand) => needed_for_truth(operand, needed),
        Node::IsNull { operand, negated: true } | Node::In { operand, negated: false, .. } => {
            needed_for_value(operand, needed);
        }
        // If one part of the list is NULL, another part can still be equal.
        Node::InList(nodes, false) => {
            nodes.iter().take(1).for_each(|operand| needed_for_value(operand, needed))
        }
        Node::InList(nodes, true) if nodes.len() > 1 => {
            nodes.iter().for_each(|operand| needed_for_value(operand, needed))
        }
        Node::Between(operands) => operands.iter().for_each(|operand| needed_for_value(operand, needed)),
        // NOT NULL is NULL.
        Node::Not(operand) => needed_for_value(operand, needed),
        _ => needed_for_value(condition, needed),
    }
}

/// Adds the sources that must have a row for an expression not to be NULL.
fn needed_for_value(node: &Node, needed: &mut Vec<Source>) {
    match node {
        Node::Column(column) => needed.push(column.source()),
        // `NULL OR true` is true, and `NULL AND false` false.
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

/// Whether a window function gives NULL for an empty frame.
fn sees_no_row_as_null(call: &Node) -> bool {
    matches!(call, Node::Function(function) if matches!(function.name.text(), "first_value" | "last_value"))
}
