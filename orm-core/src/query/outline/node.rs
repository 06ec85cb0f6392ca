//! Writes expressions down.

use super::{DEEPEST, Outline, SUBQUERY, Tree};
use crate::model::Alias;
use crate::query::ast::{
    Case, ColumnRef, Frame, Function, GroupingSets, Name, Node, OrderItem, Placed, Raw, Source, SqlText,
    Window,
};

impl Outline {
    pub(super) fn source(&mut self, source: Source) {
        let Source { table, alias } = source;
        self.address(table);
        self.alias(alias);
    }

    fn alias(&mut self, alias: Option<Alias>) {
        // The lengths of texts fall short of these numbers.
        self.number(alias.map_or(0, |alias| if alias.is_derived() { usize::MAX } else { usize::MAX - 1 }));
        if let Some(alias) = alias {
            self.text(alias.name());
        }
    }

    pub(super) fn conditions(&mut self, conditions: &[Placed<Node>]) {
        self.list(conditions, |this, condition| this.node(&condition.content));
    }

    fn nodes(&mut self, nodes: &[Node]) {
        self.list(nodes, Self::node);
    }

    pub(super) fn optional_node(&mut self, node: Option<&Node>) {
        self.number(usize::from(node.is_some()));
        node.into_iter().for_each(|node| self.node(node));
    }

    pub(super) fn node(&mut self, node: &Node) {
        let weight = if node.select().is_some() { SUBQUERY } else { 1 };
        self.depth += weight;
        if self.depth > DEEPEST {
            self.is_too_deep = true;
        } else {
            self.shallow_node(node);
        }
        self.depth -= weight;
    }

    fn shallow_node(&mut self, node: &Node) {
        match node {
            Node::Column(ColumnRef { meta, alias }) => {
                self.number(1);
                self.address(*meta);
                self.alias(*alias);
            }
            Node::Excluded(meta) => {
                self.number(2);
                self.address(*meta);
            }
            Node::Old(meta) => {
                self.number(45);
                self.address(*meta);
            }
            Node::Parameter(parameter) => {
                self.number(3);
                self.parameter(parameter);
            }
            Node::Boolean(value) => {
                self.number(4);
                self.number(usize::from(*value));
            }
            Node::Default => self.number(0),
            Node::Sql(sql) => {
                self.number(5);
                self.text(sql);
            }
            Node::Binary(operator, operands) => {
                self.number(6 | (*operator as usize) << 8);
                operands.iter().for_each(|operand| self.node(operand));
            }
            Node::Logical(logical, conditions) => {
                self.number(7 | (*logical as usize) << 8);
                self.nodes(conditions);
            }
            Node::Not(operand) => self.above(8, operand),
            Node::Negate(operand) => self.above(9, operand),
            Node::IsNull { operand, negated } => self.above(10 | usize::from(*negated) << 8, operand),
            Node::IsTrue(operand) => self.above(11, operand),
            Node::In { operand, list, negated } => {
                self.above(12 | usize::from(*negated) << 8, operand);
                self.parameter(list);
            }
            Node::Between(operands) => {
                self.number(13);
                operands.iter().for_each(|operand| self.node(operand));
            }
            Node::Function(function) => self.function(function),
            Node::NoAggregate(operand, method) => {
                self.above(15, operand);
                self.text(method);
            }
            Node::Coalesce(values) => {
                self.number(16);
                self.nodes(values);
            }
            Node::NullIf(values) => {
                self.number(17);
                values.iter().for_each(|value| self.node(value));
            }
            Node::Case(case) => self.case(case),
            Node::Cast(operand, ty) => {
                self.above(19, operand);
                self.ty(ty);
            }
            Node::NeverNull(operand) => self.above(20, operand),
            Node::Raw(raw) => {
                self.number(22);
                self.raw(raw);
            }
            Node::Table(source) => {
                self.number(23);
                self.source(*source);
            }
            Node::Subquery(select) => {
                self.number(24);
                select.outline(self);
            }
            Node::Exists(select) => {
                self.number(25);
                select.outline(self);
            }
            Node::InSelect { operand, select, negated } => {
                self.above(26 | usize::from(*negated) << 8, operand);
                select.outline(self);
            }
            Node::Quantified(quantifier, select) => {
                self.number(27 | (*quantifier as usize) << 8);
                select.outline(self);
            }
            Node::Tuple(nodes) => {
                self.number(28);
                self.nodes(nodes);
            }
            Node::InTuples { operand, columns, negated } => {
                self.above(29 | usize::from(*negated) << 8, operand);
                self.list(columns, Self::parameter);
            }
            Node::InList(nodes, negated) => {
                self.number(47 | usize::from(*negated) << 8);
                self.nodes(nodes);
            }
            Node::Over(function, window) => {
                self.above(21, function);
                self.window(window);
            }
            Node::Collate(operand, collation) => {
                self.above(40, operand);
                self.text(collation);
            }
            Node::Element(parts) => {
                self.number(41);
                parts.iter().for_each(|part| self.node(part));
            }
            Node::Slice(parts) => {
                self.number(46);
                parts.iter().for_each(|part| self.node(part));
            }
            Node::Array(nodes) => {
                self.number(42);
                self.nodes(nodes);
            }
            Node::Each(array, quantifier) => self.above(43 | (*quantifier as usize) << 8, array),
            Node::GroupingSets(sets) => {
                let GroupingSets { kind, nodes, sizes } = &**sets;
                self.number(44 | (*kind as usize) << 8);
                self.list(sizes, |this, size| this.number(*size));
                self.nodes(nodes);
            }
        }
    }

    pub(super) fn raw(&mut self, raw: &Raw) {
        let Raw { texts, nodes, at: _ } = raw;
        self.list(texts, |this, text| match text {
            SqlText::Static(text) => this.text(text),
            SqlText::Made(text) => this.made_text(text),
        });
        self.nodes(nodes);
    }

    fn above(&mut self, kind: usize, operand: &Node) {
        self.number(kind);
        self.node(operand);
    }

    fn function(&mut self, function: &Function) {
        let Function { name, arguments, role, null, distinct, order, within_group, ignore_nulls, filter } =
            function;
        let flags =
            [matches!(name, Name::Custom(_)), *distinct, *within_group, *ignore_nulls].map(usize::from);
        let kinds =
            [flags[0] | flags[1] << 1 | flags[2] << 2 | flags[3] << 3, *role as usize, *null as usize];
        self.number(kinds.into_iter().rev().fold(0, |number, kind| number << 8 | kind) << 8 | 14);
        self.text(name.text());
        self.nodes(arguments);
        self.list(order, Self::order_item);
        self.optional_node(filter.as_ref());
    }

    fn case(&mut self, case: &Case) {
        let Case { branches, otherwise } = case;
        self.number(18);
        self.list(branches, |this, branch| branch.iter().for_each(|part| this.node(part)));
        self.optional_node(otherwise.as_ref());
    }

    fn window(&mut self, window: &Window) {
        let Window { name, partition, order, frame } = window;
        if let Some(name) = name {
            self.text(name);
            if self.windows.contains(name) {
                return;
            }
            self.windows.push(name);
        }
        self.number(partition.len() << 1 | usize::from(name.is_some()));
        partition.iter().for_each(|node| self.node(node));
        self.list(order, Self::order_item);
        let Some(Frame { mode, start, end, offsets, exclude }) = frame else { return self.number(0) };
        let exclude = exclude.map_or(0, |exclude| 1 + exclude as usize);
        self.number(1 | (*mode as usize) << 8 | (*start as usize) << 16 | (*end as usize) << 24);
        self.number(exclude);
        self.nodes(offsets);
    }

    pub(super) fn order_item(&mut self, item: &OrderItem) {
        self.node(&item.node);
        self.sorting(item);
    }

    pub(super) fn sorting(&mut self, item: &OrderItem) {
        let OrderItem { node: _, direction, nulls } = item;
        self.number(*direction as usize | nulls.map_or(0, |nulls| 1 + nulls as usize) << 8);
    }
}
