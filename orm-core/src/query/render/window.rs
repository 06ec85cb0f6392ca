//! Renders windows and grouping sets.

use super::Renderer;
use crate::query::ast::{Edge, Exclude, Frame, FrameMode, GroupingSets, Node, SetKind, Window};

impl Renderer {
    pub(super) fn over(&mut self, function: &Node, window: &Window) {
        self.node(function);
        if matches!(function, Node::Function(function) if function.ignore_nulls) {
            self.push(" IGNORE NULLS");
        }
        self.push(" OVER ");
        let Some(name) = window.name else { return self.window(window) };
        self.name(name);
        if !self.windows.iter().any(|(other, _)| *other == name) {
            // Its parameters have their numbers from where it is first named.
            let start = self.out.sql.len();
            self.window(window);
            let text = self.out.sql.split_off(start);
            self.windows.push((name, text));
        }
    }

    /// WINDOW, with the windows named so far, at a place before the end of the text.
    pub(super) fn named_windows(&mut self, place: usize) {
        let behind = self.out.sql.split_off(place);
        for (nth, (name, window)) in std::mem::take(&mut self.windows).into_iter().enumerate() {
            self.push(if nth == 0 { " WINDOW " } else { ", " });
            self.name(name);
            self.push(" AS ");
            self.push(&window);
        }
        self.push(&behind);
    }

    fn window(&mut self, window: &Window) {
        let Window { name: _, partition, order, frame } = window;
        self.push("(");
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
