//! Which rows are in a partial index, where its predicate compares columns with constants: `deleted_at IS NULL`, `active`,
//! `status = 'open' AND place > 2`.

use std::cmp::Ordering;

use bytes::BytesMut;
use tokio_postgres::types::Type;

use crate::error::Error;
use crate::model::NewValue;
use crate::schema::{ColumnDefault, ColumnMeta, TableMeta};
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::identity::AnyArena;
use crate::types::{Value, integer};

/// What is true of each row of the index.
#[derive(Debug, PartialEq)]
pub(super) struct Predicate(Vec<Condition>);

#[derive(Debug, PartialEq)]
struct Condition {
    place: usize,
    test: Test,
}

#[derive(Debug, PartialEq)]
enum Test {
    IsNull,
    IsNotNull,
    /// A truth value, or an integer, that compares so.
    Number(&'static [Ordering], i64),
    /// A text, or a label, that is the same or not.
    Text {
        is_same: bool,
        text: String,
    },
}

/// Operators, those that begin as others behind them first, and what may come of a comparison.
const OPERATORS: [(&str, &[Ordering]); 7] = [
    ("<=", &[Ordering::Less, Ordering::Equal]),
    (">=", &[Ordering::Greater, Ordering::Equal]),
    ("<>", NOT_EQUAL),
    ("!=", NOT_EQUAL),
    ("=", EQUAL),
    ("<", &[Ordering::Less]),
    (">", &[Ordering::Greater]),
];
const EQUAL: &[Ordering] = &[Ordering::Equal];
const NOT_EQUAL: &[Ordering] = &[Ordering::Less, Ordering::Greater];

impl Predicate {
    /// That of conditions joined by AND; `None` for any other SQL.
    pub(super) fn of(table: &'static TableMeta, sql: &str) -> Option<Predicate> {
        let lower = sql.to_ascii_lowercase();
        let mut conditions = Vec::new();
        let mut start = 0;
        for end in lower.match_indices(" and ").map(|(at, _)| at).chain([sql.len()]) {
            conditions.push(Condition::of(table, &sql[start..end])?);
            start = (end + " and ".len()).min(sql.len());
        }
        Some(Predicate(conditions))
    }

    /// Whether the row of an object is in the index before the flush.
    pub(super) fn holds_before(&self, arena: &dyn AnyArena, slot: u32) -> Result<bool, Error> {
        self.holds(|place| arena.stored_value(slot, place))
    }

    /// Whether it is when all is done.
    pub(super) fn holds_now(&self, arena: &dyn AnyArena, slot: u32) -> Result<bool, Error> {
        self.holds(|place| arena.value(slot, place))
    }

    fn holds<'a>(&self, read: impl Fn(usize) -> Result<&'a dyn Value, Error>) -> Result<bool, Error> {
        for condition in &self.0 {
            if !condition.test.holds(read(condition.place)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a row of a batch is in the index after the flush; true where only the database knows.
    pub(super) fn holds_after(
        &self,
        arena: &dyn AnyArena,
        batch: &RowBatch,
        nth: usize,
    ) -> Result<bool, Error> {
        let slot = batch.slots[nth];
        if !matches!(batch.operation, Operation::Insert | Operation::Replace) {
            return self.holds_now(arena, slot);
        }
        for Condition { place, test } in &self.0 {
            let holds = match arena.new_value(slot, *place) {
                NewValue::Value(value) => test.holds(value),
                NewValue::Null => *test == Test::IsNull,
                NewValue::Pending(_) => *test != Test::IsNull,
                NewValue::Default => match batch.table.columns[*place].default {
                    ColumnDefault::None => *test == Test::IsNull,
                    _ => true,
                },
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Condition {
    fn of(table: &'static TableMeta, sql: &str) -> Option<Condition> {
        let sql = without_parentheses(sql);
        let lower = sql.to_ascii_lowercase();
        let column = |name: &str| {
            let name = name.trim().trim_matches('"').to_lowercase();
            table.columns.iter().find(|column| column.name.to_lowercase() == name)
        };
        let test = |column: &ColumnMeta, test: Test| Some(Condition { place: column.place, test });
        if let Some(name) = lower.strip_suffix(" is not null") {
            return test(column(name)?, Test::IsNotNull);
        }
        if let Some(name) = lower.strip_suffix(" is null") {
            return test(column(name)?, Test::IsNull);
        }
        if let Some(found) =
            OPERATORS.iter().find_map(|(sign, orders)| Some((lower.find(sign)?, sign, orders)))
        {
            let (at, sign, orders) = found;
            let column = column(&sql[..at])?;
            return test(column, Test::of(column, orders, sql[at + sign.len()..].trim())?);
        }
        let (name, number) = lower.strip_prefix("not ").map_or((&*lower, 1), |name| (name, 0));
        let column = column(without_parentheses(name)).filter(|column| column.ty.wire == Type::BOOL)?;
        test(column, Test::Number(EQUAL, number))
    }
}

impl Test {
    /// A comparison of a column with a constant; `None` if it is none that can be made here.
    fn of(column: &ColumnMeta, orders: &'static [Ordering], constant: &str) -> Option<Test> {
        let ty = column.ty;
        let is_text = ty.wire == Type::TEXT && (ty.name == "text" || !ty.labels.is_empty());
        if ty.wire == Type::BOOL {
            return Some(Test::Number(orders, bool::into(constant.to_ascii_lowercase().parse().ok()?)));
        }
        if is_text && (orders == EQUAL || orders == NOT_EQUAL) {
            let text = constant.strip_prefix('\'')?;
            // With its cast, as the catalogue has it.
            let (text, cast) = text.split_once('\'')?;
            let is_whole = cast.is_empty() || cast.starts_with("::");
            return is_whole.then(|| Test::Text { is_same: orders == EQUAL, text: text.to_owned() });
        }
        let is_integer = [Type::INT2, Type::INT4, Type::INT8].contains(&ty.wire);
        is_integer.then(|| constant.parse().ok()).flatten().map(|number| Test::Number(orders, number))
    }

    fn holds(&self, value: &dyn Value) -> bool {
        let is_null = value.is_null();
        let mut bytes = BytesMut::new();
        match self {
            Test::IsNull => is_null,
            Test::IsNotNull => !is_null,
            _ if is_null => false,
            // Such a value is an error when it is sent.
            _ if value.write_canonical(&mut bytes).is_err() => true,
            Test::Number(orders, number) => {
                let found = match bytes[..] {
                    [truth] => Some(i64::from(truth)),
                    _ => integer(&value.pg_type().wire, &bytes),
                };
                found.is_none_or(|found| orders.contains(&found.cmp(number)))
            }
            Test::Text { is_same, text } => (&bytes[..] == text.as_bytes()) == *is_same,
        }
    }
}

fn without_parentheses(sql: &str) -> &str {
    let sql = sql.trim();
    match sql.strip_prefix('(').and_then(|sql| sql.strip_suffix(')')) {
        Some(inner) => without_parentheses(inner),
        None => sql,
    }
}
