//! Renders expressions.

use super::Renderer;
use crate::query::ast::{
    Binary, Case, ColumnRef, Direction, Function, Logical, Name, Node, Nulls, OrderItem, Quantifier, Raw,
};
use crate::query::lexer::{ends_in_comment, without_end};
use crate::types::PgType;

impl Renderer {
    pub(super) fn node(&mut self, node: &Node) {
        match node {
            Node::Column(column) => self.column(*column),
            Node::Excluded(column) => {
                self.meets(column);
                self.push("excluded.");
                self.name(column.name);
            }
            Node::Old(column) => {
                self.meets(column);
                self.push("old.");
                self.name(column.name);
            }
            Node::Parameter(parameter) => self.parameter(parameter),
            Node::Sql(sql) => self.sql(sql),
            Node::Raw(raw) => self.raw(raw),
            Node::Table(source) => {
                // In SQL of the program its columns may stand without braces.
                source.table.columns.iter().for_each(|column| self.meets(column));
                self.source(*source);
            }
            Node::Subquery(select) => self.subquery(select),
            Node::Exists(select) => {
                self.push("EXISTS ");
                self.subquery(select);
            }
            Node::InSelect { operand, select, negated } => {
                self.operand(operand);
                self.push(if *negated { " NOT IN " } else { " IN " });
                self.subquery(select);
            }
            Node::Quantified(quantifier, select) => {
                self.push(match quantifier {
                    Quantifier::Any => "ANY ",
                    Quantifier::All => "ALL ",
                });
                self.subquery(select);
            }
            Node::Tuple(nodes) => self.call("", nodes),
            Node::InTuples { operand, columns, negated } => {
                self.operand(operand);
                self.push(if *negated {
                    " NOT IN (SELECT * FROM unnest("
                } else {
                    " IN (SELECT * FROM unnest("
                });
                self.separated(", ", columns, Self::parameter);
                self.push("))");
            }
            Node::InList(nodes, negated) => {
                let [operand, list @ ..] = &nodes[..] else { return };
                // `IN ()` is no SQL.
                if list.is_empty() {
                    return self.push(if *negated { "TRUE" } else { "FALSE" });
                }
                self.operand(operand);
                self.push(if *negated { " NOT IN " } else { " IN " });
                self.call("", list);
            }
            Node::Default => self.push("DEFAULT"),
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
            Node::Coalesce(values) => self.call("coalesce", values),
            Node::NullIf(values) => self.call("nullif", &values[..]),
            Node::Case(case) => self.case(case),
            Node::NeverNull(operand) | Node::NoAggregate(operand, _) => self.node(operand),
            Node::Cast(operand, ty) => self.cast(operand, ty),
            Node::Over(function, window) => self.over(function, window),
            Node::GroupingSets(sets) => self.grouping_sets(sets),
            Node::Collate(operand, collation) => {
                self.operand(operand);
                self.push(" COLLATE ");
                self.separated(".", collation.split('.'), Self::name);
            }
            Node::Element(parts) => {
                self.push("(");
                self.node(&parts[0]);
                self.push(")[");
                self.node(&parts[1]);
                self.push("]");
            }
            Node::Slice(parts) => {
                let [array, first, last] = &**parts;
                self.push("(");
                self.node(array);
                self.push(")[");
                self.node(first);
                self.push(":");
                self.node(last);
                self.push("]");
            }
            Node::Array(nodes) => {
                self.push("ARRAY[");
                self.separated(", ", nodes, Self::node);
                self.push("]");
            }
            Node::Each(array, quantifier) => {
                self.push(match quantifier {
                    Quantifier::Any => "ANY(",
                    Quantifier::All => "ALL(",
                });
                self.node(array);
                self.push(")");
            }
        }
    }

    fn sql(&mut self, sql: &str) {
        self.push("(");
        self.push(sql);
        self.push(")");
    }

    fn cast(&mut self, operand: &Node, ty: &PgType) {
        self.push("CAST(");
        self.node(operand);
        self.push(" AS ");
        self.push(ty.name);
        self.push(")");
    }

    pub(super) fn column(&mut self, column: ColumnRef) {
        self.meets(column.meta);
        if column.alias.is_none_or(|alias| !alias.is_derived()) {
            self.moment(column.meta);
        }
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
        match node.bare() {
            Node::Logical(inner, _) if *inner == logical => self.node(node),
            Node::Binary(..)
            | Node::IsNull { .. }
            | Node::IsTrue(_)
            | Node::In { .. }
            | Node::InSelect { .. }
            | Node::InTuples { .. }
            | Node::InList(..)
            | Node::Between(_) => self.node(node),
            _ => self.operand(node),
        }
    }

    /// An expression in a place where an operator binds tighter.
    fn operand(&mut self, node: &Node) {
        match node.bare() {
            Node::Column(_)
            | Node::Excluded(_)
            | Node::Old(_)
            | Node::Parameter(_)
            | Node::Boolean(_)
            | Node::Default
            | Node::Sql(_)
            | Node::Table(_)
            | Node::Subquery(_)
            | Node::Exists(_)
            | Node::Quantified(..)
            | Node::Tuple(_)
            | Node::Function(_)
            | Node::Coalesce(_)
            | Node::NullIf(_)
            | Node::Case(_)
            | Node::Cast(..)
            | Node::Over(..)
            | Node::Element(_)
            | Node::Slice(_)
            | Node::Array(_)
            | Node::Each(..) => self.node(node),
            _ => {
                self.push("(");
                self.node(node);
                self.push(")");
            }
        }
    }

    /// SQL of the program within other text, which no comment of it reaches into.
    pub(super) fn raw(&mut self, raw: &Raw) {
        let start = self.out.sql.len();
        self.raw_statement(raw);
        if ends_in_comment(&self.out.sql[start..]) {
            self.push("\n");
        }
    }

    /// A statement of the program in the place of a table.
    pub(super) fn raw_rows(&mut self, raw: &Raw) {
        let start = self.out.sql.len();
        self.raw_statement(raw);
        let length = without_end(&self.out.sql[start..]).len();
        self.out.sql.truncate(start + length);
    }

    /// SQL of the program as it stands; what is in its braces stands as an operand would.
    pub(super) fn raw_statement(&mut self, raw: &Raw) {
        let mut nodes = raw.nodes.iter();
        for text in &raw.texts {
            self.push(text.as_str());
            match nodes.next() {
                Some(Node::Raw(inner)) => self.raw(inner),
                Some(node) => self.operand(node),
                None => {}
            }
        }
    }

    fn function(&mut self, function: &Function) {
        match function.name {
            Name::Known(name) => self.push(name),
            Name::Custom(name) => self.separated(".", name.split('.'), Self::name_where_needed),
        }
        self.push(if function.distinct { "(DISTINCT " } else { "(" });
        if function.arguments.is_empty() && function.name == Name::Known("count") {
            self.push("*");
        }
        self.separated(", ", &function.arguments, Self::node);
        match (&function.order[..], function.within_group) {
            ([], false) => self.push(")"),
            (order, false) => {
                self.push(" ORDER BY ");
                self.separated(", ", order, Self::order_item);
                self.push(")");
            }
            (order, true) => {
                self.push(") WITHIN GROUP (ORDER BY ");
                self.separated(", ", order, Self::order_item);
                self.push(")");
            }
        }
        if let Some(condition) = &function.filter {
            self.filter(condition);
        }
    }

    /// A name, quoted only if it is no plain one: some of PostgreSQL's functions are words of its grammar, which quotes
    /// would hide.
    fn name_where_needed(&mut self, name: &str) {
        let plain = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if plain { self.push(name) } else { self.name(name) }
    }

    fn filter(&mut self, condition: &Node) {
        self.push(" FILTER (WHERE ");
        self.node(condition);
        self.push(")");
    }

    fn call(&mut self, name: &str, arguments: &[Node]) {
        self.push(name);
        self.push("(");
        self.separated(", ", arguments, Self::node);
        self.push(")");
    }

    fn case(&mut self, case: &Case) {
        self.push("CASE");
        for [condition, value] in &case.branches {
            self.push(" WHEN ");
            self.node(condition);
            self.push(" THEN ");
            self.node(value);
        }
        if let Some(value) = &case.otherwise {
            self.push(" ELSE ");
            self.node(value);
        }
        self.push(" END");
    }

    pub(super) fn order_item(&mut self, item: &OrderItem) {
        self.node(&item.node);
        self.sorting(item);
    }

    /// In which direction a key sorts.
    pub(super) fn sorting(&mut self, item: &OrderItem) {
        if item.direction == Direction::Desc {
            self.push(" DESC");
        }
        match item.nulls {
            None => {}
            Some(Nulls::First) => self.push(" NULLS FIRST"),
            Some(Nulls::Last) => self.push(" NULLS LAST"),
        }
    }
}
