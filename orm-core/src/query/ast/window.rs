//! The rows a window function looks at, and the sets of a GROUP BY.

use super::{Node, OrderItem};

/// The rows a window function looks at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    /// The name under which it stands in WINDOW.
    pub(crate) name: Option<&'static str>,
    pub(crate) partition: Vec<Node>,
    pub(crate) order: Vec<OrderItem>,
    pub(crate) frame: Option<Frame>,
}

/// Those rows of a partition that the function sees from one row.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) mode: FrameMode,
    pub(crate) start: Edge,
    pub(crate) end: Edge,
    /// How far away the edges are, in their order; for those that are `Preceding` or `Following` only.
    pub(crate) offsets: Vec<Node>,
    pub(crate) exclude: Option<Exclude>,
}

/// What the edges of a frame count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameMode {
    Rows,
    Range,
    Groups,
}

/// Where a frame starts or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    First,
    Preceding,
    Current,
    Following,
    Last,
}

/// What a frame leaves out around the row itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exclude {
    CurrentRow,
    Group,
    Ties,
}

impl Window {
    /// Whether some row may see no row at all.
    pub(crate) fn may_be_empty(&self) -> bool {
        self.frame.as_ref().is_some_and(|frame| {
            let around = matches!(frame.start, Edge::First | Edge::Preceding | Edge::Current)
                && matches!(frame.end, Edge::Current | Edge::Following | Edge::Last);
            !around || matches!(frame.exclude, Some(Exclude::CurrentRow | Exclude::Group))
        })
    }

    /// Whether both are the same rows to PostgreSQL.
    pub(crate) fn is_same(&self, other: &Window) -> bool {
        let nodes = |window: &Window| -> Vec<Node> {
            let offsets = window.frame.iter().flat_map(|frame| &frame.offsets);
            let order = window.order.iter().map(|item| &item.node);
            window.partition.iter().chain(order).chain(offsets).cloned().collect()
        };
        let (mine, others) = (nodes(self), nodes(other));
        self.is_shaped_as(other)
            && mine.len() == others.len()
            && mine.iter().zip(&others).all(|(a, b)| a.is_same(b))
    }

    /// What two windows have to have alike beside their expressions.
    pub(super) fn is_shaped_as(&self, other: &Window) -> bool {
        let frame = |window: &Window| {
            window.frame.as_ref().map(|frame| (frame.mode, frame.start, frame.end, frame.exclude))
        };
        self.partition.len() == other.partition.len()
            && self.order.iter().map(OrderItem::sorting).eq(other.order.iter().map(OrderItem::sorting))
            && frame(self) == frame(other)
    }
}

/// Several ways to group rows in one GROUP BY.
#[derive(Clone, Debug)]
pub(crate) struct GroupingSets {
    pub(crate) kind: SetKind,
    /// The expressions of all sets, one set behind the other.
    pub(crate) nodes: Vec<Node>,
    /// How many expressions each set has.
    pub(crate) sizes: Vec<usize>,
}

/// Which sets are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetKind {
    /// Those that are written down.
    Sets,
    /// All, all but the last one, .., none.
    Rollup,
    /// Every choice.
    Cube,
}

impl GroupingSets {
    pub(crate) fn sets(&self) -> impl Iterator<Item = &[Node]> {
        let mut rest = &self.nodes[..];
        self.sizes.iter().map(move |size| {
            let (set, behind) = rest.split_at(*size);
            rest = behind;
            set
        })
    }

    /// Whether an expression is one of every set, so that no row lacks it.
    pub(crate) fn always_has(&self, node: &Node) -> bool {
        self.kind == SetKind::Sets && self.sets().all(|set| set.iter().any(|other| other.is_same(node)))
    }
}
