//! Renders expressions.

use super::Renderer;
use crate::query::ast::{Binary, ColumnRef, Direction, Function, Logical, Node, OrderItem, Window};

impl Renderer {
    pub(super) fn node(&mut self, node: &Node) {
        match node {
            Node::Column(column) => self.column(*column),
            Node::Parameter(parameter) => self.parameter(parameter),
            Node::Boolean(value) => self.push(if *value { "TRUE" } else { "FALSE" }),
            Node::Binary(operator, operands) => self.binary(*operator, operands),
            Node::Logical(logical, conditions) => {
                self.separated(logical.sql(), conditions, |this, condition| {
                    this.condition(*logical, condition)
                });
            }
            Node::Not(operand) => {
                self.push("NOT ");
                self.operand(operand);
            }
            Node::Negate(operand) => {
                self.push("- ");
                self.operand(operand);
            }
            Node::IsNull { operand, negated } => {
                self.operand(operand);
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Node::IsTrue(operand) => {
                self.operand(operand);
                self.push(" IS TRUE");
            }
            Node::In { operand, list, negated } => {
                self.operand(operand);
                self.push(if *negated { " <> ALL(" } else { " = ANY(" });
                self.parameter(list);
                self.push(")");
            }
            Node::Between(operands) => {
                let [operand, low, high] = &**operands;
                self.operand(operand);
                self.push(" BETWEEN ");
                self.operand(low);
                self.push(" AND ");
                self.operand(high);
            }
            Node::Function(function) => self.function(function),
            Node::Cast(operand, ty) => {
                self.push("CAST(");
                self.node(operand);
                self.push(" AS ");
                self.push(ty.name);
                self.push(")");
            }
            Node::Over(function, window) => self.over(function, window),
        }
    }

    pub(super) fn column(&mut self, column: ColumnRef) {
        self.name(column.source().name());
        self.push(".");
        self.name(column.meta.name);
    }

    fn binary(&mut self, operator: Binary, [left, right]: &[Node; 2]) {
        self.operand(left);
        self.push(" ");
        self.push(operator.sql());
        self.push(" ");
        self.operand(right);
    }

    /// A condition beside others that AND, or OR, joins; NOT and OR inside AND are easier to read in parentheses.
    pub(super) fn condition(&mut self, logical: Logical, node: &Node) {
        match node {
            Node::Logical(inner, _) if *inner == logical => self.node(node),
            Node::Binary(..) | Node::IsNull { .. } | Node::IsTrue(_) | Node::In { .. } | Node::Between(_) => {
                self.node(node);
            }
            _ => self.operand(node),
        }
    }

    /// An expression in a place where an operator binds tighter.
    fn operand(&mut self, node: &Node) {
        match node {
            Node::Column(_)
            | Node::Parameter(_)
            | Node::Boolean(_)
            | Node::Function(_)
            | Node::Cast(..)
            | Node::Over(..) => self.node(node),
            _ => {
                self.push("(");
                self.node(node);
                self.push(")");
            }
        }
    }

    fn function(&mut self, function: &Function) {
        self.push(function.name);
        self.push("(");
        if function.arguments.is_empty() && function.name == "count" {
            self.push("*");
        }
        self.separated(", ", &function.arguments, Self::node);
        self.push(")");
    }

    fn over(&mut self, function: &Node, window: &Window) {
        self.node(function);
        self.push(" OVER (");
        if !window.partition.is_empty() {
            self.push("PARTITION BY ");
            self.separated(", ", &window.partition, Self::node);
        }
        if !window.order.is_empty() {
            self.push(if window.partition.is_empty() { "ORDER BY " } else { " ORDER BY " });
            self.separated(", ", &window.order, Self::order_item);
        }
        self.push(")");
    }

    pub(super) fn order_item(&mut self, item: &OrderItem) {
        self.node(&item.node);
        if item.direction == Direction::Descending {
            self.push(" DESC");
        }
    }
}
