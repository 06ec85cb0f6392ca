//! SELECT.

use std::panic::Location;
use std::sync::Arc;

use super::{Body, Node, OneOrMany, Refused, SetOperation};
use crate::model::Alias;
use crate::schema::TableMeta;
use crate::types::{Parameter, PgType};

/// A table in FROM, under its own name or another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    pub(crate) table: &'static TableMeta,
    pub(crate) alias: Option<Alias>,
}

/// A table that the statement makes is known by its name alone.
impl PartialEq for Source {
    fn eq(&self, other: &Source) -> bool {
        self.alias == other.alias && (self.table == other.table || self.alias.is_some_and(Alias::is_derived))
    }
}

impl Source {
    /// The name its columns are qualified with.
    pub(crate) fn name(self) -> &'static str {
        self.alias.map_or(self.table.name, Alias::name)
    }
}

/// Something with the place in the caller's source that wrote it.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    pub(crate) content: T,
    pub(crate) at: &'static Location<'static>,
}

/// What a row is made of.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// One value.
    Value {
        node: Node,
        label: Option<&'static str>,
        ty: &'static PgType,
        /// Whether the Rust type it is read into can hold NULL.
        nullable: bool,
    },
    /// All columns of a source.
    Entity {
        source: Source,
        /// Whether the row may be missing.
        optional: bool,
    },
}

impl Item {
    /// How many columns of the result it is.
    pub(crate) fn width(&self) -> usize {
        match self {
            Item::Value { .. } => 1,
            Item::Entity { source, .. } => source.table.columns.len(),
        }
    }

    /// Whether it is a row of this source.
    pub(crate) fn is_entity_of(&self, of: Source) -> bool {
        matches!(self, Item::Entity { source, .. } if *source == of)
    }

    /// How many of its columns have this name in the result.
    fn outputs_named(&self, name: &str) -> usize {
        let own = match self {
            Item::Entity { source, .. } => {
                return source.table.columns.iter().filter(|column| column.name == name).count();
            }
            Item::Value { label: Some(label), .. } => label,
            Item::Value { node, .. } => match node.bare() {
                Node::Column(column) => column.meta.name,
                Node::Function(function) => function.name.text(),
                _ => return 0,
            },
        };
        usize::from(own == name)
    }

    pub(crate) fn collect_sources(&self, sources: &mut Vec<Source>) {
        match self {
            Item::Value { node, .. } => node.collect_sources(sources),
            Item::Entity { source, .. } => {
                if !sources.contains(source) {
                    sources.push(*source);
                }
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
    Cross,
}

#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) kind: JoinKind,
    pub(crate) source: Source,
    /// None for a cross join.
    pub(crate) on: Option<Node>,
    /// Whether the join that follows belongs to its source: an outer join finds both or neither.
    pub(crate) with_next: bool,
}

/// In which direction rows are sorted, as a value: `User.age.sorted(direction)`. `"desc".parse()` makes one of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the smallest; NULLs last.
    Asc,
    /// From the greatest; NULLs first.
    Desc,
}

/// Where NULLs stand in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    First,
    Last,
}

#[derive(Clone, Debug)]
pub(crate) struct OrderItem {
    pub(crate) node: Node,
    pub(crate) direction: Direction,
    /// As if NULL were greater than any value, if none is said.
    pub(crate) nulls: Option<Nulls>,
}

impl OrderItem {
    /// How it sorts.
    pub(crate) fn sorting(&self) -> (Direction, Option<Nulls>) {
        (self.direction, self.nulls)
    }
}

/// How many rows there may be.
#[derive(Clone, Debug)]
pub(crate) enum Limit {
    /// As the user says: a parameter, so that the text stays one.
    Parameter(Parameter),
    /// As a verb needs: part of the text, so that PostgreSQL plans for it.
    Fixed(u8),
}

/// How strongly rows are locked; from what lets others do least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    Update,
    NoKeyUpdate,
    Share,
    KeyShare,
}

/// What becomes of rows that somebody else has locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Locked {
    #[default]
    Wait,
    Refuse,
    Skip,
}

/// A lock on the rows that are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lock {
    pub(crate) strength: Option<Strength>,
    /// The sources whose rows are locked; all where empty.
    pub(crate) of: Vec<Placed<Source>>,
    pub(crate) locked: Locked,
}

#[derive(Clone, Debug)]
pub(crate) struct Select {
    pub(crate) at: &'static Location<'static>,
    pub(crate) distinct: bool,
    pub(crate) items: OneOrMany<Item>,
    /// What `select_from` gave; inferred where empty.
    pub(crate) from: Vec<Source>,
    pub(crate) joins: Vec<Placed<Join>>,
    pub(crate) filter: OneOrMany<Placed<Node>>,
    pub(crate) group: Vec<Placed<Node>>,
    pub(crate) having: Vec<Placed<Node>>,
    pub(crate) order: Vec<Placed<OrderItem>>,
    pub(crate) limit: Option<Limit>,
    pub(crate) offset: Option<Parameter>,
    pub(crate) lock: Option<Placed<Lock>>,
    pub(crate) more: Option<Box<More>>,
}

/// What few statements have.
#[derive(Clone, Debug, Default)]
pub(crate) struct More {
    /// What stands behind sources that are no tables of the database.
    pub(crate) bodies: Vec<(Source, Arc<Body>)>,
    /// CTEs that stand in WITH whether something reads them or not.
    pub(crate) with: Vec<Arc<Body>>,
    /// Sources that are those of a statement around this one.
    pub(crate) correlated: Vec<Source>,
    /// Of the rows that have the same of these, the first alone.
    pub(crate) distinct_on: Vec<Placed<Node>>,
    /// WITH TIES: whether rows that sort as the last one come too, beyond the limit.
    pub(crate) with_ties: bool,
    /// The selects that this is a union of; then nothing but order and limit is its own.
    pub(crate) set: Option<SetOperation>,
    /// Conditions that windows can stand in.
    pub(crate) keep: Vec<Placed<Node>>,
    /// The filters of models that are left out, by name.
    pub(crate) without: Vec<&'static str>,
    /// Whether the server is to plan it for its values each time.
    pub(crate) plan_each_time: bool,
    /// Whether the statements that follow from its rows are sent with it.
    pub(crate) together: bool,
    /// What no statement can mean.
    pub(crate) refused: Option<Placed<Refused>>,
}

impl Select {
    #[inline]
    pub(crate) fn new(at: &'static Location<'static>, items: OneOrMany<Item>) -> Select {
        Select {
            at,
            distinct: false,
            items,
            from: Vec::new(),
            joins: Vec::new(),
            filter: OneOrMany::None,
            group: Vec::new(),
            having: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: None,
            lock: None,
            more: None,
        }
    }

    /// All its expressions.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        let items = self.items.iter().filter_map(|item| match item {
            Item::Value { node, .. } => Some(node),
            Item::Entity { .. } => None,
        });
        let on = self.joins.iter().filter_map(|join| join.content.on.as_ref());
        let conditions = self.filter.iter().chain(&self.group).chain(&self.having);
        let more = self.distinct_on().iter().chain(self.keep());
        let conditions = conditions.chain(more).map(|placed| &placed.content);
        items.chain(on).chain(conditions).chain(self.order.iter().map(|order| &order.content.node))
    }

    /// The name of the first aggregate that is selected, over the rows themselves and not those of a window.
    pub(crate) fn aggregate(&self) -> Option<&'static str> {
        self.items.iter().find_map(|item| match item {
            Item::Value { node, .. } => node.aggregate(),
            Item::Entity { .. } => None,
        })
    }

    /// The name of the only output that is this expression: ORDER BY can say it instead.
    pub(crate) fn label_of(&self, node: &Node) -> Option<&'static str> {
        let label = self.items.iter().find_map(|item| match item {
            Item::Value { node: selected, label: Some(label), .. } if selected.is_same(node) => Some(*label),
            _ => None,
        })?;
        let names = self.items.iter().map(|item| item.outputs_named(label));
        (names.sum::<usize>() == 1).then_some(label)
    }

    /// Which of its items is this expression, and whether that can be NULL.
    pub(crate) fn column_of(&self, node: &Node) -> Option<(usize, bool)> {
        self.items.iter().enumerate().find_map(|(place, item)| match item {
            Item::Value { node: value, nullable, .. } if value.is_same(node.bare()) => {
                Some((place, *nullable))
            }
            _ => None,
        })
    }

    /// Where in a row an expression stands, from 1.
    pub(crate) fn place_of(&self, node: &Node) -> Option<usize> {
        let mut place = 1;
        for item in &self.items {
            match (item, node.bare()) {
                (Item::Value { node: value, .. }, _) if value.is_same(node) => return Some(place),
                (Item::Entity { source, .. }, Node::Column(column)) if *source == column.source() => {
                    return Some(place + column.meta.place);
                }
                _ => place += item.width(),
            }
        }
        None
    }

    /// What it has that few statements have, to be changed.
    pub(crate) fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// What it was given that no statement can mean.
    pub(crate) fn refused(&self) -> Option<&Placed<Refused>> {
        self.more.as_ref()?.refused.as_ref()
    }

    /// Notes what no statement can mean; the first is told.
    pub(crate) fn refuse(&mut self, refused: Placed<Refused>) {
        self.more().refused.get_or_insert(refused);
    }

    /// The selects that this is a union of.
    pub(crate) fn set(&self) -> Option<&SetOperation> {
        self.more.as_ref()?.set.as_ref()
    }

    /// What stands behind its sources.
    pub(crate) fn bodies(&self) -> &[(Source, Arc<Body>)] {
        self.more.as_ref().map_or(&[], |more| &more.bodies)
    }

    /// The CTEs that stand in WITH though nothing reads them.
    pub(crate) fn with(&self) -> &[Arc<Body>] {
        self.more.as_ref().map_or(&[], |more| &more.with)
    }

    /// Which rows are the same, where that is not all of them.
    pub(crate) fn distinct_on(&self) -> &[Placed<Node>] {
        self.more.as_ref().map_or(&[], |more| &more.distinct_on)
    }

    /// Conditions that windows can stand in.
    pub(crate) fn keep(&self) -> &[Placed<Node>] {
        self.more.as_ref().map_or(&[], |more| &more.keep)
    }

    /// The filters of models that are left out.
    pub(crate) fn without(&self) -> &[&'static str] {
        self.more.as_ref().map_or(&[], |more| &more.without)
    }

    /// The sources that are those of a statement around it.
    pub(crate) fn correlated(&self) -> &[Source] {
        self.more.as_ref().map_or(&[], |more| &more.correlated)
    }

    /// What stands behind a source.
    pub(crate) fn body(&self, source: Source) -> Option<&Arc<Body>> {
        self.bodies().iter().find(|(other, _)| *other == source).map(|(_, body)| body)
    }

    pub(crate) fn is_joined(&self, source: Source) -> bool {
        self.joins.iter().any(|join| join.content.source == source)
    }

    /// Whether which of its parameters are equal makes a difference.
    pub(crate) fn shares(&self) -> bool {
        self.distinct || !self.group.is_empty() || !self.distinct_on().is_empty()
    }
}
