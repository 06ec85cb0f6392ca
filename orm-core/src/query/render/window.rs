//! Renders windows and grouping sets.

use super::Renderer;
use crate::query::ast::{Edge, Exclude, Frame, FrameMode, GroupingSets, Node, SetKind, Window};

impl Renderer {
    pub(super) fn over(&mut self, function: &Node, window: &Window) {
        let Window { partition, order, frame } = window;
        self.node(function);
        self.push(" OVER (");
        let start = self.out.sql.len();
        if !partition.is_empty() {
            self.push("PARTITION BY ");
            self.separated(", ", partition, Self::node);
        }
        if !order.is_empty() {
            self.space_since(start);
            self.push("ORDER BY ");
            self.separated(", ", order, Self::order_item);
        }
        if let Some(frame) = frame {
            self.space_since(start);
            self.frame(frame);
        }
        self.push(")");
    }

    fn space_since(&mut self, start: usize) {
        if self.out.sql.len() > start {
            self.push(" ");
        }
    }

    fn frame(&mut self, frame: &Frame) {
        self.push(match frame.mode {
            FrameMode::Rows => "ROWS BETWEEN ",
            FrameMode::Range => "RANGE BETWEEN ",
            FrameMode::Groups => "GROUPS BETWEEN ",
        });
        let mut offsets = frame.offsets.iter();
        self.edge(frame.start, &mut offsets);
        self.push(" AND ");
        self.edge(frame.end, &mut offsets);
        self.push(match frame.exclude {
            None => "",
            Some(Exclude::CurrentRow) => " EXCLUDE CURRENT ROW",
            Some(Exclude::Group) => " EXCLUDE GROUP",
            Some(Exclude::Ties) => " EXCLUDE TIES",
        });
    }

    fn edge<'a>(&mut self, edge: Edge, offsets: &mut impl Iterator<Item = &'a Node>) {
        if matches!(edge, Edge::Preceding | Edge::Following)
            && let Some(offset) = offsets.next()
        {
            self.node(offset);
        }
        self.push(match edge {
            Edge::First => "UNBOUNDED PRECEDING",
            Edge::Preceding => " PRECEDING",
            Edge::Current => "CURRENT ROW",
            Edge::Following => " FOLLOWING",
            Edge::Last => "UNBOUNDED FOLLOWING",
        });
    }

    pub(super) fn grouping_sets(&mut self, sets: &GroupingSets) {
        self.push(match sets.kind {
            SetKind::Sets => "GROUPING SETS (",
            SetKind::Rollup => "ROLLUP (",
            SetKind::Cube => "CUBE (",
        });
        self.separated(", ", sets.sets(), |this, set| match set {
            [only] => this.node(only),
            several => {
                this.push("(");
                this.separated(", ", several, Self::node);
                this.push(")");
            }
        });
        self.push(")");
    }
}
