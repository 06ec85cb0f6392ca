//! Finds subqueries that most likely do not mean what was intended.

use std::panic::Location;
use std::sync::Arc;

use super::scope::Scope;
use super::{called, refuse, select_at};
use crate::error::Error;
use crate::query::ast::{ColumnRef, Item, Logical, Node, Placed, Quantifier, Select, Source};

/// Checks the subqueries of an expression.
pub(super) fn inner(
    node: &Node,
    scope: &Scope<'_>,
    line: Option<&'static Location<'static>>,
) -> Result<(), Error> {
    match node {
        Node::Raw(raw) => {
            // Subqueries in its braces see the tables that the text itself names.
            let inside = Scope::within_raw(raw, scope);
            return raw.nodes.iter().try_for_each(|node| inner(node, &inside, line));
        }
        Node::Binary(operator, operands) if operator.compares() => {
            if let [Node::Column(left), Node::Column(right)] = &**operands
                && let Some(line) = line.filter(|_| scope.is_inside())
                && left.meta == right.meta
                && left.alias == right.alias
            {
                return Err(with_itself(left, line));
            }
            if let [left, Node::Quantified(_, select)] = &**operands {
                inner(left, scope, line)?;
                return at(select, scope);
            }
        }
        Node::Quantified(quantifier, select) => return Err(misplaced(*quantifier, select)),
        _ => {}
    }
    if let Some(select) = node.select() {
        at(select, scope)?;
        match node {
            Node::Exists(select) => exists(select, scope)?,
            Node::InSelect { select, negated: true, .. } => not_in(select)?,
            _ => {}
        }
    }
    node.children().try_for_each(|child| inner(child, scope, line))
}

fn at(select: &Arc<Select>, scope: &Scope<'_>) -> Result<(), Error> {
    select_at(select, scope.resolved(), scope.inner(select), Some(scope))
}

/// Refuses a subquery that compares a column with itself: the outer and the inner row of one table need two names.
fn with_itself(column: &ColumnRef, at: &'static Location<'static>) -> Error {
    let entity = column.meta.table.entity;
    refuse(
        format!(
            "this subquery compares `{:?}` with itself: where the row of the statement around it is meant on one side, give \
             the table inside another name, `let inner = {entity}.alias(\"inner\")`, and use its columns",
            column.meta
        ),
        at,
    )
}

/// Refuses `any` and `all` anywhere but on the right of a comparison: they are no values.
fn misplaced(quantifier: Quantifier, select: &Select) -> Error {
    let name = match quantifier {
        Quantifier::Any => "any",
        Quantifier::All => "all",
    };
    let message =
        format!("`{name}(..)` stands on the right of a comparison only, such as `.gt({name}(select(..)))`");
    refuse(message, select.at)
}

/// Refuses an EXISTS over a table that the outer statement has too, if no condition connects the two.
fn exists(select: &Arc<Select>, scope: &Scope<'_>) -> Result<(), Error> {
    let level = scope.resolved().level(scope.inner(select));
    if !level.outside.is_empty() {
        return Ok(());
    }
    match level.own().find(|source| scope.sees(*source)) {
        None => Ok(()),
        Some(both) => Err(refuse(
            format!(
                "nothing connects this EXISTS to the statement around it, and {} is in both, so that inside it is another \
                 row: give one of them another name with `.alias(\"..\")`, or say `.correlate({})` if the row outside is \
                 meant",
                called(both),
                both.table.entity
            ),
            select.at,
        )),
    }
}

fn not_in(select: &Select) -> Result<(), Error> {
    let Some(null) = select.items.iter().find_map(|item| can_be_null(item, select)) else { return Ok(()) };
    Err(refuse(
        format!(
            "this `not_in` takes a select that can give NULL, and one NULL leaves no row at all: add \
             `.filter({null}.is_not_null())` to the select, or use `!exists(..)`"
        ),
        select.at,
    ))
}

/// The name of an item that can be NULL, for messages.
fn can_be_null(item: &Item, select: &Select) -> Option<String> {
    let Item::Value { node, nullable: true, .. } = item else { return None };
    let is_known = |condition: &Node| match condition {
        Node::IsNull { operand, negated: true } => operand.is_same(node),
        _ => false,
    };
    let known = select.filter.iter().any(|condition| match &condition.content {
        Node::Logical(Logical::And, conditions) => conditions.iter().any(is_known),
        condition => is_known(condition),
    });
    (!known).then(|| match node {
        Node::Column(column) => match column.alias {
            Some(alias) => format!("{}.{}", alias.name(), column.meta.field),
            None => format!("{:?}", column.meta),
        },
        _ => "..".to_owned(),
    })
}

/// Refuses a condition of a subquery that uses outer tables only: it restricts none of the subquery's own rows.
pub(super) fn is_told_apart(select: &Select, scope: &Scope<'_>) -> Result<(), Error> {
    for condition in &select.filter {
        conjuncts(&condition.content, "WHERE", condition, select, scope)?;
    }
    for join in &select.joins {
        if let Some(on) = &join.content.on {
            conjuncts(on, "ON", join, select, scope)?;
        }
    }
    for condition in &select.having {
        conjuncts(&condition.content, "HAVING", condition, select, scope)?;
    }
    Ok(())
}

fn conjuncts<T>(
    node: &Node,
    clause: &str,
    placed: &Placed<T>,
    select: &Select,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    if let Node::Logical(Logical::And, operands) = node {
        return operands.iter().try_for_each(|operand| conjuncts(operand, clause, placed, select, scope));
    }
    let used = scope.used(node);
    let is_meant = |source: &Source| scope.own_level().has(*source) || select.correlated().contains(source);
    let Some(outside) = used.first().filter(|_| !used.iter().any(is_meant)) else { return Ok(()) };
    let entity = outside.table.entity;
    Err(refuse(
        format!(
            "a condition in {clause} of this subquery names only {}, which the statement around it has: if the subquery is \
             to have a `{entity}` of its own, add `.join({entity}, ..)` or `.select_from(..)` to it; if the outer one is \
             meant, say `.correlate({entity})`",
            called(*outside)
        ),
        placed.at,
    ))
}
