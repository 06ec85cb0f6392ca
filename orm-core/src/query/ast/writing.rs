//! Whether a CTE somewhere in a statement changes rows: it stands in the outermost WITH, whatever reads it.

use super::{Body, Content, Delete, Item, Node, Placed, Raw, Select, Set, Update};

impl Select {
    /// Whether a CTE that it, or a part of it, reads changes rows.
    #[inline]
    pub(crate) fn has_writing_cte(&self) -> bool {
        // Each statement is looked at each time it runs, and most have none of this.
        let has_more = || {
            let bodies = self.bodies().iter().map(|(_, body)| body).chain(self.with());
            bodies.into_iter().any(|body| body.changes_rows())
                || self.set().is_some_and(|set| set.arms.iter().any(Select::has_writing_cte))
                || any(self.distinct_on().iter().chain(self.keep()).map(content))
        };
        any(self.items.iter().filter_map(selected))
            || any(self.joins.iter().filter_map(|join| join.content.on.as_ref()))
            || any(self.filter.iter().map(content))
            || any(self.group.iter().map(content))
            || any(self.having.iter().map(content))
            || any(self.order.iter().map(|order| &order.content.node))
            || self.more.is_some() && has_more()
    }
}

impl Body {
    /// Whether it changes rows, or something that it reads does.
    fn changes_rows(&self) -> bool {
        match &self.content {
            Content::Insert(_) | Content::Update(_) | Content::Delete(_) => true,
            Content::Select(select) => select.has_writing_cte(),
            Content::Recursive(recursive) => {
                [&recursive.first, &recursive.step].into_iter().any(Select::has_writing_cte)
            }
            Content::Function(function) => function.call.has_writing_cte(),
            Content::Raw(raw) => raw.has_writing_cte(),
            Content::Itself | Content::Rows(_) | Content::Sample(_) | Content::Refused(_) => false,
        }
    }
}

impl Node {
    fn has_writing_cte(&self) -> bool {
        self.select().is_some_and(|select| select.has_writing_cte()) || any(self.children())
    }

    /// Whether nothing stands below it, as below most nodes.
    #[inline]
    fn is_leaf(&self) -> bool {
        matches!(self, Node::Column(_) | Node::Parameter(_))
    }
}

impl Raw {
    /// Whether a CTE of a statement in its braces changes rows.
    pub(crate) fn has_writing_cte(&self) -> bool {
        self.nodes.iter().any(Node::has_writing_cte)
    }
}

impl Update {
    /// Whether a CTE that it, or a part of it, reads changes rows.
    pub(crate) fn has_writing_cte(&self) -> bool {
        self.beside.as_ref().is_some_and(|beside| beside.changes_rows())
            || any(self.set.iter().map(value))
            || any(self.filter.iter().map(content))
            || any(self.returning.iter().filter_map(selected))
    }
}

impl Delete {
    /// Whether a CTE that it, or a part of it, reads changes rows.
    pub(crate) fn has_writing_cte(&self) -> bool {
        self.beside.as_ref().is_some_and(|beside| beside.changes_rows())
            || any(self.filter.iter().map(content))
            || any(self.returning.iter().filter_map(selected))
    }
}

impl super::Beside {
    fn changes_rows(&self) -> bool {
        self.bodies.iter().map(|(_, body)| body).chain(&self.with).any(|body| body.changes_rows())
    }
}

#[inline]
fn any<'a>(mut nodes: impl Iterator<Item = &'a Node>) -> bool {
    nodes.any(|node| match node {
        Node::Binary(_, operands) if operands.iter().all(Node::is_leaf) => false,
        node => !node.is_leaf() && node.has_writing_cte(),
    })
}

fn value(set: &Placed<Set>) -> &Node {
    &set.content.value
}

fn content(condition: &Placed<Node>) -> &Node {
    &condition.content
}

fn selected(item: &Item) -> Option<&Node> {
    match item {
        Item::Value { node, .. } => Some(node),
        Item::Entity { .. } => None,
    }
}
