//! Random statements that write.

use orm_core::Transaction;
use orm_core::prelude::*;
use orm_core::query::{Delete, Insert, Returning, Sql, Update, Upsert};

use super::expression::limit;
use super::statement::Maker;
use super::table::{Known, Line, One, Two};

/// A statement that writes, and gives what it wrote.
pub enum Write {
    Insert(Returning<Insert<One>, Line>),
    Upsert(Returning<Upsert<One>, Line>),
    Update(Returning<Update<One>, Line>),
    UpdateTwo(Returning<Update<Two>, Line>),
    Delete(Returning<Delete<Two>, Line>),
}

impl Write {
    pub fn to_sql(&self) -> Result<Sql, Error> {
        match self {
            Write::Insert(write) => write.to_sql(),
            Write::Upsert(write) => write.to_sql(),
            Write::Update(write) => write.to_sql(),
            Write::UpdateTwo(write) => write.to_sql(),
            Write::Delete(write) => write.to_sql(),
        }
    }

    pub async fn run(self, transaction: &mut Transaction) -> Result<Vec<Line>, Error> {
        match self {
            Write::Insert(write) => transaction.all(write).await,
            Write::Upsert(write) => transaction.all(write).await,
            Write::Update(write) => transaction.all(write).await,
            Write::UpdateTwo(write) => transaction.all(write).await,
            Write::Delete(write) => transaction.all(write).await,
        }
    }
}

/// The columns that a statement gives back.
type Given = (Expr<i64>, Expr<Option<i64>>, Expr<String>, Expr<Option<String>>);

impl Maker<'_> {
    /// A statement that writes.
    pub fn write(&mut self) -> Write {
        match self.random.below(6) {
            0 => Write::Insert(self.insert().returning(self.given(&[Known::one(One)]))),
            1 | 2 => self.upsert(),
            3 => self.update(),
            4 => self.update_two(),
            _ => self.delete(),
        }
    }

    fn given(&mut self, sight: &[Known]) -> Given {
        (self.number(sight, 1), self.maybe(sight, 1), self.name(sight, 1), self.note(sight, 1))
    }

    /// Rows that a select gives; those of an upsert, by keys that are there and others.
    fn insert(&mut self) -> Insert<One> {
        let inner = self.inner(&[], 1);
        let sight = &inner.sight()[..];
        let rows = (
            self.number(sight, 1),
            self.maybe(sight, 1),
            self.name(sight, 1),
            self.note(sight, 1),
            self.day(sight, 1),
            self.tags(sight, 1),
        );
        let columns = (One.number, One.maybe, One.name, One.note, One.day, One.tags);
        insert(One).from_select(columns, inner.from(select(rows)).limit(3))
    }

    fn upsert(&mut self) -> Write {
        let numbers = func::generate_series(1_i64, 12_i64).step(1 + limit(self.random)).derived("keys");
        let sight = [Known::series(numbers.clone())];
        let rows = (
            numbers.columns(),
            self.number(&sight, 1),
            self.maybe(&sight, 1),
            self.name(&sight, 1),
            self.note(&sight, 1),
            self.day(&sight, 1),
            self.tags(&sight, 1),
        );
        let columns = (One.id, One.number, One.maybe, One.name, One.note, One.day, One.tags);
        let insert = insert(One).from_select(columns, select(rows).select_from(&numbers));
        let seen = [Known::one(One), Known::excluded()];
        let upsert = insert.on_conflict(One.id).do_update().set(One.number, self.number(&seen, 2));
        let upsert = match self.random.below(4) {
            0 => upsert.set(One.note, self.note(&seen, 2)).filter(self.condition(&seen, 2)),
            1 => upsert.set(One.maybe, self.maybe(&seen, 2)).if_distinct(),
            2 => upsert.set(One.name, self.name(&seen, 1)).set(One.tags, self.tags(&seen, 1)),
            _ => upsert.set(One.day, self.day(&seen, 1)).set(One.maybe, None::<i64>),
        };
        Write::Upsert(upsert.returning(self.given(&[Known::one(One)])))
    }

    fn update(&mut self) -> Write {
        let (mut sight, joined) = (vec![Known::one(One)], self.random.once_in(2));
        let mut update = update(One);
        if joined {
            sight.push(Known::two(Two));
            update = update.from(Two).filter(Two.one_id.eq(One.id));
        }
        let update = update.set(One.number, self.number(&sight, 2)).set(One.note, self.note(&sight, 2));
        let update = match self.random.below(3) {
            0 => update.set(One.maybe, self.maybe(&sight, 1)).filter(self.condition(&sight, 2)),
            1 => update.set(One.name, self.name(&sight, 1)).filter(self.condition(&sight, 1)),
            _ => update.set(One.day, self.day(&sight, 1)).set(One.tags, self.tags(&sight, 1)).all_rows(),
        };
        Write::Update(update.returning(self.given(&sight)))
    }

    fn update_two(&mut self) -> Write {
        let sight = [Known::two(Two)];
        let update = update(Two).set(Two.maybe, self.maybe(&sight, 2)).filter(self.condition(&sight, 2));
        let update = match self.random.below(3) {
            0 => update.set(Two.one_id, select(func::max(One.id))),
            1 => update.set(Two.number, self.number(&sight, 1)),
            _ => update.set(Two.note, None::<String>),
        };
        Write::UpdateTwo(update.returning(self.given(&sight)))
    }

    fn delete(&mut self) -> Write {
        let (mut sight, joined) = (vec![Known::two(Two)], self.random.once_in(2));
        let mut delete = delete(Two);
        if joined {
            sight.push(Known::one(One));
            delete = delete.using(One).filter(Two.one_id.eq(One.id));
        }
        Write::Delete(delete.filter(self.condition(&sight, 2)).returning(self.given(&sight)))
    }
}
