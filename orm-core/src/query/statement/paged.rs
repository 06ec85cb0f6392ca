//! Refuses pages by keyset of statements whose rows do not stay the same ones from page to page.

use crate::error::Error;
use crate::query::ast::{self, Item, Node};

pub(super) fn refuse_other_shapes(query: &ast::Select) -> Result<(), Error> {
    let refuse = |message: &str| Err(Error::statement_invalid(message.to_owned()).located(query.at));
    if query.limit.is_some() || query.offset.is_some() {
        return refuse(
            "a page has a limit of its own: remove `.limit(..)` and `.offset(..)` of the statement",
        );
    }
    if query.distinct || !query.distinct_on().is_empty() || query.set().is_some() || !query.keep().is_empty()
    {
        return refuse(
            "`page_after` goes from row to row of tables, and DISTINCT, unions and `.keep(..)` make others: use `page`, or make \
             the statement a table with `.derived(\"name\")` and select from that with an order that is unique",
        );
    }
    let values = query.items.iter().filter_map(|item| match item {
        Item::Value { node, .. } => Some(node),
        Item::Entity { .. } => None,
    });
    let mut sorted = values.clone().chain(query.order.iter().map(|order| &order.content.node));
    if let Some(function) = query.order.iter().find_map(|order| order.content.node.volatile()) {
        return refuse(&format!(
            "rows sorted by `{function}` have another order each time, so that no page follows another: sort by columns"
        ));
    }
    if sorted.any(|node| contains(node, &|node| matches!(node, Node::Over(..)))) {
        return refuse(
            "a window function looks at all rows, and a page has only those behind its cursor: make the statement a table \
             with `.derived(\"name\")` and select from that with an order that is unique, or use `page`",
        );
    }
    if query.group.iter().any(|group| matches!(group.content, Node::GroupingSets(_))) {
        return refuse(
            "`page_after` tells groups apart by what they are grouped by, and the totals of `rollup`, `cube` and grouping \
             sets have NULL there as groups can: use `page`, or make the statement a table with `.derived(\"name\")` and \
             select from that with an order that is unique",
        );
    }
    let mut values = values.chain(query.having.iter().map(|having| &having.content));
    if query.group.is_empty() && (!query.having.is_empty() || values.any(|node| node.aggregate().is_some())) {
        return refuse(
            "an aggregate without GROUP BY gives one row, which has no pages: read it with `one`, or add `.group_by(..)`",
        );
    }
    Ok(())
}

/// Whether it is true of the expression, or of one below it.
fn contains(node: &Node, is: &dyn Fn(&Node) -> bool) -> bool {
    is(node) || node.children().any(|child| contains(child, is))
}
