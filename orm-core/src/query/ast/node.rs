//! Expressions.

use std::slice;
use std::sync::Arc;

use super::{Binary, GroupingSets, OrderItem, Raw, Select, Source, Window};
use crate::model::Alias;
use crate::schema::ColumnMeta;
use crate::types::{Parameter, PgType};

/// An expression of SQL; its `Debug` is in `render`.
#[derive(Clone)]
pub(crate) enum Node {
    Column(ColumnRef),
    /// A column of the row that an INSERT found no place for.
    Excluded(&'static ColumnMeta),
    /// What a row held in a column before the statement changed it; in RETURNING only.
    Old(&'static ColumnMeta),
    Parameter(Parameter),
    Boolean(bool),
    /// An expression of a model's attribute, in SQL.
    Sql(&'static str),
    /// SQL of the program, with what stands in its braces.
    Raw(Arc<Raw>),
    /// A table, as it stands in FROM; in `Raw` only.
    Table(Source),
    /// A statement, in parentheses: the one value it gives, and in `Raw` its rows.
    Subquery(Arc<Select>),
    /// Whether a statement gives a row.
    Exists(Arc<Select>),
    /// Whether a statement gives the value, or none that is it.
    InSelect {
        operand: Box<Node>,
        select: Arc<Select>,
        negated: bool,
    },
    /// One of the values that a statement gives, or all; on the right of a comparison only.
    Quantified(Quantifier, Arc<Select>),
    /// Several values as one: `(a, b)`.
    Tuple(Vec<Node>),
    /// Whether a list has such a tuple; the list column by column.
    InTuples {
        operand: Box<Node>,
        columns: Vec<Parameter>,
        negated: bool,
    },
    /// Whether the first is one of the others, `a IN (b, c)`, or none of them.
    InList(Vec<Node>, bool),
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
    /// A method of aggregates behind something else, by its name; the checker refuses it.
    NoAggregate(Box<Node>, &'static str),
    /// The first of the values that is not NULL.
    Coalesce(Vec<Node>),
    /// The first value, or NULL where both are equal.
    NullIf(Box<[Node; 2]>),
    Case(Box<Case>),
    Cast(Box<Node>, &'static PgType),
    /// What the caller knows to be never NULL.
    NeverNull(Box<Node>),
    Over(Box<Node>, Box<Window>),
    /// Text under another collation.
    Collate(Box<Node>, &'static str),
    /// An element of an array, by its place.
    Element(Box<[Node; 2]>),
    /// The elements of an array from one place to another.
    Slice(Box<[Node; 3]>),
    /// `ARRAY[..]`.
    Array(Vec<Node>),
    /// Any or all elements of an array, to the right of a comparison.
    Each(Box<Node>, Quantifier),
    /// In GROUP BY only.
    GroupingSets(Box<GroupingSets>),
    /// What the database gives a column by itself; in SET only.
    Default,
}

/// A column of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColumnRef {
    pub(crate) meta: &'static ColumnMeta,
    pub(crate) alias: Option<Alias>,
}

impl ColumnRef {
    pub(crate) fn source(self) -> Source {
        Source { table: self.meta.table, alias: self.alias }
    }
}

/// How conditions are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logical {
    And,
    Or,
}

impl Logical {
    /// One or more conditions as one.
    pub(crate) fn join(self, mut conditions: Vec<Node>) -> Node {
        if conditions.len() == 1 { conditions.remove(0) } else { Node::Logical(self, conditions) }
    }

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
    pub(crate) name: Name,
    /// None for `count(*)`.
    pub(crate) arguments: Vec<Node>,
    pub(crate) role: Role,
    pub(crate) null: NullRule,
    /// Whether an aggregate takes each different value once.
    pub(crate) distinct: bool,
    /// In which order an aggregate takes its values.
    pub(crate) order: Vec<OrderItem>,
    /// Whether the order says what the aggregate is of: `WITHIN GROUP`.
    pub(crate) within_group: bool,
    /// Whether a window function passes over rows in which its argument is NULL.
    pub(crate) ignore_nulls: bool,
    /// Which rows an aggregate takes.
    pub(crate) filter: Option<Node>,
}

/// Which elements of an array a comparison has to be true of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    All,
}

/// The name of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// One of PostgreSQL's own, which may have a syntax of its own: rendered as it is.
    Known(&'static str),
    /// One that the caller names, with its schema where there is a dot: quoted where it must be.
    Custom(&'static str),
}

impl Name {
    /// Whether both call one function; without arguments, an aggregate that is known is of all rows.
    fn is_same(self, other: Name, is_bare: bool) -> bool {
        self == other || !is_bare && self.text() == other.text()
    }

    /// The name as it was written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Name::Known(name) | Name::Custom(name) => name,
        }
    }
}

/// Where a function may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Wherever an expression may: it looks at its arguments only.
    Scalar,
    /// Over the rows of a group, or of a window.
    Aggregate,
    /// Over the rows of a window only.
    Window,
}

/// When a function gives NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NullRule {
    Never,
    /// Where an argument is NULL, and only there.
    Strict,
    /// Where all arguments are NULL.
    Every,
    /// Whatever the arguments are; an aggregate of no rows at all too.
    Possible,
}

/// `CASE WHEN .. THEN .. ELSE .. END`.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Conditions with their values.
    pub(crate) branches: Vec<[Node; 2]>,
    /// NULL if there is none.
    pub(crate) otherwise: Option<Node>,
}

/// The expressions directly below another.
#[derive(Clone, Default)]
pub(crate) struct Children<'a> {
    nodes: slice::Iter<'a, Node>,
    more: slice::Iter<'a, Node>,
    order: slice::Iter<'a, OrderItem>,
    last: slice::Iter<'a, Node>,
}

impl<'a> Iterator for Children<'a> {
    type Item = &'a Node;

    fn next(&mut self) -> Option<&'a Node> {
        let next = self.nodes.next().or_else(|| self.more.next());
        next.or_else(|| self.order.next().map(|item| &item.node)).or_else(|| self.last.next())
    }
}

impl Node {
    /// The expressions directly below this one.
    pub(crate) fn children(&self) -> Children<'_> {
        let nodes = match self {
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
            | Node::Quantified(..) => &[],
            Node::Raw(raw) => &raw.nodes[..],
            Node::Binary(_, operands) | Node::NullIf(operands) | Node::Element(operands) => &operands[..],
            Node::Logical(_, nodes) | Node::Coalesce(nodes) | Node::Array(nodes) | Node::Tuple(nodes) => {
                nodes
            }
            Node::InList(nodes, _) => nodes,
            Node::Between(operands) | Node::Slice(operands) => &operands[..],
            Node::Not(operand)
            | Node::Negate(operand)
            | Node::IsTrue(operand)
            | Node::IsNull { operand, .. }
            | Node::In { operand, .. }
            | Node::InSelect { operand, .. }
            | Node::InTuples { operand, .. }
            | Node::NeverNull(operand)
            | Node::NoAggregate(operand, _)
            | Node::Collate(operand, _)
            | Node::Each(operand, _)
            | Node::Cast(operand, _) => slice::from_ref(&**operand),
            Node::Function(function) => {
                let more = function.filter.as_slice().iter();
                return Children {
                    nodes: function.arguments.iter(),
                    order: function.order.iter(),
                    last: more,
                    ..Children::default()
                };
            }
            Node::Case(case) => {
                let more = case.otherwise.as_slice().iter();
                return Children { nodes: case.branches.as_flattened().iter(), more, ..Children::default() };
            }
            Node::Over(function, window) => {
                return Children {
                    nodes: slice::from_ref(&**function).iter(),
                    more: window.partition.iter(),
                    order: window.order.iter(),
                    last: window.frame.as_ref().map_or(&[][..], |frame| &frame.offsets).iter(),
                };
            }
            Node::GroupingSets(sets) => &sets.nodes,
        };
        Children { nodes: nodes.iter(), ..Children::default() }
    }

    /// The statement that is a part of this expression itself; that of an operand is not.
    pub(crate) fn select(&self) -> Option<&Arc<Select>> {
        match self {
            Node::Subquery(select)
            | Node::Exists(select)
            | Node::InSelect { select, .. }
            | Node::Quantified(_, select) => Some(select),
            _ => None,
        }
    }

    /// The name of the first aggregate in it, over the rows themselves and not those of a window.
    pub(crate) fn aggregate(&self) -> Option<&'static str> {
        match self {
            Node::Function(function) if function.role == Role::Aggregate => Some(function.name.text()),
            Node::Over(call, window) => {
                let order = window.order.iter().map(|item| &item.node);
                call.children().chain(&window.partition).chain(order).find_map(Node::aggregate)
            }
            _ => self.children().find_map(Node::aggregate),
        }
    }

    /// Calls `see` for this expression and all below it, from the outside in; not for columns of tables that SQL of the
    /// program has for itself.
    pub(crate) fn walk<'a>(&'a self, see: &mut dyn FnMut(&'a Node)) {
        see(self);
        let Node::Raw(raw) = self else { return self.children().for_each(|child| child.walk(see)) };
        let mut see = |node: &'a Node| match node {
            Node::Column(column) if raw.has(column.source()) => {}
            _ => see(node),
        };
        raw.nodes.iter().for_each(|child| child.walk(&mut see));
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

    /// The expression as PostgreSQL gets it, without what only the checker wants to know.
    pub(crate) fn bare(&self) -> &Node {
        match self {
            Node::NeverNull(operand) => operand.bare(),
            _ => self,
        }
    }

    /// Whether both are the same expression to PostgreSQL.
    pub(crate) fn is_same(&self, other: &Node) -> bool {
        let (this, other) = (self.bare(), other.bare());
        let alike = match (this, other) {
            (Node::Column(a), Node::Column(b)) => a == b,
            (Node::Excluded(a), Node::Excluded(b)) | (Node::Old(a), Node::Old(b)) => a == b,
            (Node::Parameter(a), Node::Parameter(b)) => a.is_same(b),
            (Node::Boolean(a), Node::Boolean(b)) => a == b,
            (Node::Sql(a), Node::Sql(b)) => a == b,
            (Node::Raw(a), Node::Raw(b)) => a.is_text_of(b),
            (Node::Table(a), Node::Table(b)) => a == b,
            (Node::Subquery(a), Node::Subquery(b)) | (Node::Exists(a), Node::Exists(b)) => a.is_same(b),
            (Node::Quantified(x, a), Node::Quantified(y, b)) => x == y && a.is_same(b),
            (Node::InSelect { select: a, negated: x, .. }, Node::InSelect { select: b, negated: y, .. }) => {
                x == y && a.is_same(b)
            }
            (
                Node::InTuples { columns: a, negated: x, .. },
                Node::InTuples { columns: b, negated: y, .. },
            ) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b)) && x == y,
            (Node::Binary(a, _), Node::Binary(b, _)) => a == b,
            (Node::Logical(a, _), Node::Logical(b, _)) => a == b,
            (Node::IsNull { negated: a, .. }, Node::IsNull { negated: b, .. }) => a == b,
            (Node::In { list: a, negated: x, .. }, Node::In { list: b, negated: y, .. }) => {
                a.is_same(b) && x == y
            }
            (Node::InList(_, x), Node::InList(_, y)) => x == y,
            (Node::Collate(_, a), Node::Collate(_, b)) => a == b,
            (Node::Each(_, a), Node::Each(_, b)) => a == b,
            (Node::Cast(_, a), Node::Cast(_, b)) => std::ptr::eq(*a, *b),
            (Node::Function(a), Node::Function(b)) => {
                a.name.is_same(b.name, a.arguments.is_empty())
                    && (a.distinct, a.within_group, a.ignore_nulls)
                        == (b.distinct, b.within_group, b.ignore_nulls)
                    && a.arguments.len() == b.arguments.len()
                    && a.order.iter().map(OrderItem::sorting).eq(b.order.iter().map(OrderItem::sorting))
            }
            (Node::Over(_, a), Node::Over(_, b)) => a.is_shaped_as(b),
            (Node::GroupingSets(a), Node::GroupingSets(b)) => (a.kind, &a.sizes) == (b.kind, &b.sizes),
            _ => std::mem::discriminant(this) == std::mem::discriminant(other),
        };
        let (mine, others) = (this.children(), other.children());
        alike && mine.clone().count() == others.clone().count() && mine.zip(others).all(|(a, b)| a.is_same(b))
    }
}
