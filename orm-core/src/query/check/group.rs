//! Checks that what stands beside an aggregate is grouped, and that aggregates stand where they may.

use std::panic::Location;

use super::scope::Scope;
use super::{called, refuse};
use crate::error::Error;
use crate::query::ast::{ColumnRef, Function, Item, Node, Role, Select, Source};

pub(super) fn select(select: &Select, scope: &Scope<'_>) -> Result<(), Error> {
    for condition in &select.filter {
        super::plain(&condition.content, "WHERE", condition.at)?;
    }

    for group in &select.group {
        super::plain(&group.content, "GROUP BY", group.at)?;
    }
    let outputs = select.items.iter().filter_map(|item| match item {
        Item::Value { node, .. } => Some((node, select.at)),
        Item::Entity { .. } => None,
    });
    let outputs = outputs.chain(select.order.iter().map(|order| (&order.content.node, order.at)));
    let more = select.distinct_on().iter().chain(select.keep());
    let outputs = outputs.chain(more.map(|condition| (&condition.content, condition.at)));
    for (node, at) in outputs.clone() {
        calls_are_nested(node).map_err(|message| refuse(message, at))?;
    }
    for having in &select.having {
        calls_are_nested(&having.content)
            .and_then(|()| no_window(&having.content, "HAVING, which comes before windows"))
            .map_err(|message| refuse(message, having.at))?;
    }
    if scope.is_inside() {
        let having = select.having.iter().map(|having| (&having.content, having.at));
        outputs.clone().chain(having).try_for_each(|(node, at)| aggregates_here(node, scope, at))?;
    }
    let aggregated = outputs.clone().any(|(node, _)| node.aggregate().is_some());
    if aggregated && scope.own_level().own().next().is_none() {
        let message = "there is no table whose rows could be aggregated: name it with `.select_from(..)`";
        return Err(refuse(message.to_owned(), select.at));
    }
    if select.group.is_empty() && select.having.is_empty() && !aggregated {
        return Ok(());
    }
    let groups = Groups::of(select, scope);
    for item in &select.items {
        if let Item::Entity { source, .. } = item
            && let Some(meta) = source
                .table
                .columns
                .iter()
                .find(|meta| !groups.always_hold(ColumnRef { meta, alias: source.alias }))
        {
            return Err(refuse(ungrouped(ColumnRef { meta, alias: source.alias }), select.at));
        }
    }
    for (node, at) in outputs.chain(select.having.iter().map(|having| (&having.content, having.at))) {
        if let Some(column) = groups.first_outside(node) {
            return Err(refuse(ungrouped(column), at));
        }
    }
    Ok(())
}

/// Refuses an aggregate of outer columns alone: PostgreSQL evaluates it in the outer statement, which would be grouped.
fn aggregates_here(node: &Node, scope: &Scope<'_>, at: &'static Location<'static>) -> Result<(), Error> {
    if let Node::Over(call, window) = node {
        let order = window.order.iter().map(|item| &item.node);
        let mut parts = call.children().chain(&window.partition).chain(order);
        return parts.try_for_each(|part| aggregates_here(part, scope, at));
    }
    if let Node::Function(function) = node
        && function.role == Role::Aggregate
    {
        let used = scope.used(node);
        if let Some(outside) =
            used.first().filter(|_| !used.iter().any(|source| scope.own_level().has(*source)))
        {
            let message = format!(
                "`{}` takes only columns of {}, which the statement around this subquery has, and would aggregate the rows \
                 there: give it a column of the subquery's own, or select it in the statement around",
                function.name.text(),
                called(*outside)
            );
            return Err(refuse(message, at));
        }
    }
    node.children().try_for_each(|child| aggregates_here(child, scope, at))
}

fn ungrouped(column: ColumnRef) -> String {
    format!(
        "`{0:?}` stands beside an aggregate or a GROUP BY and is not grouped: add `.group_by({0:?})`, or put it into \
         an aggregate such as `func::max({0:?})`",
        column.meta
    )
}

/// What a statement is grouped by.
struct Groups<'a> {
    /// Grouped in at least one grouping set.
    nodes: Vec<&'a Node>,
    /// Grouped in every grouping set.
    always: Vec<&'a Node>,
    /// Sources that a filter of their model turns into subqueries: the server does not know the primary key of those.
    inside: Vec<Source>,
    scope: &'a Scope<'a>,
}

impl<'a> Groups<'a> {
    fn of(select: &'a Select, scope: &'a Scope<'a>) -> Groups<'a> {
        let (mut nodes, mut always) = (Vec::new(), Vec::new());
        for group in &select.group {
            match &group.content {
                Node::GroupingSets(sets) => {
                    nodes.extend(&sets.nodes);
                    always.extend(sets.nodes.iter().filter(|node| sets.always_has(node)));
                }
                node => {
                    nodes.push(node);
                    always.push(node);
                }
            }
        }
        let inside = select.default_filters(&scope.own_level().from).inside;
        Groups { nodes, always, inside, scope }
    }

    /// Whether a column has one value in each group: it is grouped, or the whole primary key of its table is.
    fn hold(&self, column: ColumnRef) -> bool {
        contain(&self.nodes, column) || self.always_hold(column)
    }

    /// The same for every grouping set.
    fn always_hold(&self, column: ColumnRef) -> bool {
        let source = column.source();
        let key = source.table.primary_key;
        let whole_key = || {
            let mut key = source.table.key().map(|meta| ColumnRef { meta, alias: source.alias });
            key.all(|column| contain(&self.always, column))
        };
        let is_known = !key.is_empty() && !self.inside.contains(&source);
        contain(&self.always, column) || is_known && whole_key()
    }

    /// The first column that is neither grouped nor inside an aggregate.
    fn first_outside(&self, node: &Node) -> Option<ColumnRef> {
        if self.nodes.iter().any(|group| group.is_same(node)) {
            return None;
        }
        if let Some(select) = node.select()
            && let Some(column) = self.first_inside(select, self.scope.inner(select))
        {
            return Some(column);
        }
        match node {
            // An outer column has one value for the whole subquery.
            Node::Column(column) if !self.own(*column) => None,
            Node::Column(column) => (!self.hold(*column)).then_some(*column),
            Node::Function(function) if function.role == Role::Aggregate => None,
            // Only the server knows whether it is an aggregate.
            Node::Raw(_) => None,
            // A window function runs over the groups, so its arguments follow the same rule.
            Node::Over(function, window) => function
                .children()
                .chain(&window.partition)
                .chain(window.order.iter().map(|item| &item.node))
                .find_map(|child| self.first_outside(child)),
            _ => node.children().find_map(|child| self.first_outside(child)),
        }
    }

    fn own(&self, column: ColumnRef) -> bool {
        self.scope.own_level().has(column.source())
    }

    /// The first column of this statement that a subquery uses and that is not grouped.
    fn first_inside(&self, select: &Select, number: usize) -> Option<ColumnRef> {
        let level = self.scope.resolved().level(number);
        if let Some(set) = select.set() {
            let mut arms = set.arms.iter().zip(&level.arms);
            return arms.find_map(|(arm, number)| self.first_inside(arm, *number));
        }
        let mut found = None;
        let mut see = |node: &Node| match node {
            Node::Column(column)
                if self.own(*column) && !level.has(column.source()) && !self.hold(*column) =>
            {
                found.get_or_insert(*column);
            }
            _ => {
                if let Some(select) = node.select()
                    && found.is_none()
                {
                    let inside = self.first_inside(select, self.scope.resolved().inner(number, select));
                    // A source of the subquery with the same name is another one.
                    found = inside.filter(|column| !level.has(column.source()));
                }
            }
        };
        select.nodes().for_each(|node| node.walk(&mut see));
        found
    }
}

fn contain(nodes: &[&Node], column: ColumnRef) -> bool {
    nodes.iter().any(|node| matches!(node.bare(), Node::Column(grouped) if *grouped == column))
}

/// The first call of an aggregate or a window function.
pub(super) fn first_call(node: &Node) -> Option<&Node> {
    match node {
        Node::Function(function) if function.role != Role::Scalar => Some(node),
        Node::Over(..) | Node::NoAggregate(..) => Some(node),
        _ => node.children().find_map(first_call),
    }
}

/// The name of a call, for messages.
pub(super) fn name(call: &Node) -> &'static str {
    match call {
        Node::Function(function) => function.name.text(),
        Node::Over(function, _) => name(function),
        Node::NoAggregate(_, method) => method,
        _ => "over",
    }
}

/// Refuses window functions without `.over(..)`, `.over(..)` of what is no function, and aggregates inside of aggregates.
fn calls_are_nested(node: &Node) -> Result<(), String> {
    match node {
        Node::Over(call, window) => {
            let function = over_rows(call)?;
            let order = window.order.iter().map(|item| &item.node);
            for part in call.children().chain(&window.partition).chain(order) {
                calls_are_nested(part)?;
                no_window(part, "a window")?;
            }
            let refused = match function {
                Function { distinct: true, .. } => "of different values",
                Function { within_group: true, .. } => "within a group",
                Function { order, .. } if !order.is_empty() => "in an order of its own",
                _ => return Ok(()),
            };
            Err(format!("PostgreSQL has no `{}` {refused} over a window", name(call)))
        }
        Node::NoAggregate(_, method) => Err(format!(
            "`.{method}(..)` follows something that is no aggregate: it stands right behind one, before `.over(..)` and \
             whatever is done with its value"
        )),
        Node::Function(function) if function.role == Role::Window => {
            Err(format!("`{}` is a window function: say over which rows with `.over(..)`", name(node)))
        }
        Node::Function(function) if function.role == Role::Aggregate => {
            match node.children().find_map(first_call) {
                Some(inner) => Err(format!(
                    "`{}` stands inside `{}`: an aggregate cannot take what looks at several rows itself",
                    name(inner),
                    name(node)
                )),
                None => Ok(()),
            }
        }
        Node::Raw(_) => Ok(()),
        _ => node.children().try_for_each(calls_are_nested),
    }
}

/// The function that is evaluated over a window.
fn over_rows(call: &Node) -> Result<&Function, String> {
    match call {
        Node::Function(function) if function.role != Role::Scalar => Ok(function),
        _ => Err("`.over(..)` follows something that is no aggregate and no window function".to_owned()),
    }
}

fn no_window(node: &Node, place: &str) -> Result<(), String> {
    match node {
        Node::Over(call, _) => Err(format!("`{}` over a window cannot stand in {place}", name(call))),
        _ => node.children().try_for_each(|child| no_window(child, place)),
    }
}
