//! Expressions.

use std::slice;

use super::{OrderItem, Source};
use crate::schema::ColumnMeta;
use crate::types::{Parameter, PgType};

/// An expression of SQL.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Column(ColumnRef),
    Parameter(Parameter),
    Boolean(bool),
    Binary(Binary, Box<[Node; 2]>),
    /// Two or more conditions; a list, for programs join thousands in a loop.
    Logical(Logical, Vec<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    IsNull {
        operand: Box<Node>,
        negated: bool,
    },
    IsTrue(Box<Node>),
    /// `operand = ANY(list)`, or `<> ALL`.
    In {
        operand: Box<Node>,
        list: Parameter,
        negated: bool,
    },
    Between(Box<[Node; 3]>),
    Function(Box<Function>),
    Cast(Box<Node>, &'static PgType),
    Over(Box<Node>, Box<Window>),
}

/// A column of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColumnRef {
    pub(crate) meta: &'static ColumnMeta,
    pub(crate) alias: Option<&'static str>,
}

impl ColumnRef {
    pub(crate) fn source(self) -> Source {
        Source { table: self.meta.table, alias: self.alias }
    }
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Like,
}

impl Binary {
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Binary::Equal => "=",
            Binary::NotEqual => "<>",
            Binary::Less => "<",
            Binary::LessEqual => "<=",
            Binary::Greater => ">",
            Binary::GreaterEqual => ">=",
            Binary::Add => "+",
            Binary::Subtract => "-",
            Binary::Multiply => "*",
            Binary::Divide => "/",
            Binary::Like => "LIKE",
        }
    }
}

/// How conditions are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logical {
    And,
    Or,
}

impl Logical {
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Logical::And => " AND ",
            Logical::Or => " OR ",
        }
    }
}

/// A call of a function.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// None for `count(*)`.
    pub(crate) arguments: Vec<Node>,
    pub(crate) role: Role,
    pub(crate) null: NullRule,
}

/// Where a function may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Over the rows of a group, or of a window.
    Aggregate,
    /// Over the rows of a window only.
    Window,
}

/// When a function gives NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NullRule {
    Never,
    /// Also for no rows at all.
    Possible,
}

/// The rows a window function looks at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    pub(crate) partition: Vec<Node>,
    pub(crate) order: Vec<OrderItem>,
}

/// The expressions directly below another.
#[derive(Clone, Default)]
pub(crate) struct Children<'a> {
    nodes: slice::Iter<'a, Node>,
    partition: slice::Iter<'a, Node>,
    order: slice::Iter<'a, OrderItem>,
}

impl<'a> Iterator for Children<'a> {
    type Item = &'a Node;

    fn next(&mut self) -> Option<&'a Node> {
        let next = self.nodes.next().or_else(|| self.partition.next());
        next.or_else(|| self.order.next().map(|item| &item.node))
    }
}

impl Node {
    /// The expressions directly below this one.
    pub(crate) fn children(&self) -> Children<'_> {
        let nodes = match self {
            Node::Column(_) | Node::Parameter(_) | Node::Boolean(_) => &[],
            Node::Binary(_, operands) => &operands[..],
            Node::Logical(_, conditions) => conditions,
            Node::Between(operands) => &operands[..],
            Node::Not(operand)
            | Node::Negate(operand)
            | Node::IsTrue(operand)
            | Node::IsNull { operand, .. }
            | Node::In { operand, .. }
            | Node::Cast(operand, _) => slice::from_ref(&**operand),
            Node::Function(function) => &function.arguments,
            Node::Over(function, window) => {
                return Children {
                    nodes: slice::from_ref(&**function).iter(),
                    partition: window.partition.iter(),
                    order: window.order.iter(),
                };
            }
        };
        Children { nodes: nodes.iter(), ..Children::default() }
    }

    /// Calls `see` for this expression and all below it, from the outside in.
    pub(crate) fn walk<'a>(&'a self, see: &mut dyn FnMut(&'a Node)) {
        see(self);
        self.children().for_each(|child| child.walk(see));
    }

    /// Adds each source whose columns are used here, once.
    pub(crate) fn collect_sources(&self, sources: &mut Vec<Source>) {
        self.walk(&mut |node| {
            if let Node::Column(column) = node
                && !sources.contains(&column.source())
            {
                sources.push(column.source());
            }
        });
    }

    /// Whether both are the same expression to PostgreSQL.
    pub(crate) fn is_same(&self, other: &Node) -> bool {
        let alike = match (self, other) {
            (Node::Column(a), Node::Column(b)) => a == b,
            (Node::Parameter(a), Node::Parameter(b)) => a.is_same(b),
            (Node::Boolean(a), Node::Boolean(b)) => a == b,
            (Node::Binary(a, _), Node::Binary(b, _)) => a == b,
            (Node::Logical(a, _), Node::Logical(b, _)) => a == b,
            (Node::IsNull { negated: a, .. }, Node::IsNull { negated: b, .. }) => a == b,
            (Node::In { list: a, negated: x, .. }, Node::In { list: b, negated: y, .. }) => {
                a.is_same(b) && x == y
            }
            (Node::Cast(_, a), Node::Cast(_, b)) => std::ptr::eq(*a, *b),
            (Node::Function(a), Node::Function(b)) => a.name == b.name,
            (Node::Over(_, a), Node::Over(_, b)) => {
                a.partition.len() == b.partition.len()
                    && a.order.iter().map(|item| item.direction).eq(b.order.iter().map(|item| item.direction))
            }
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        };
        let (mine, others) = (self.children(), other.children());
        alike && mine.clone().count() == others.clone().count() && mine.zip(others).all(|(a, b)| a.is_same(b))
    }
}
