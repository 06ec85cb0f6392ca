//! Random statements beside triggers, cascades and another writer: tracked objects hold what their rows hold.
//!
//! What another writer has committed is seen in rows that a statement touches; in others it may be, or not.

mod table;
mod tree;

use std::collections::HashSet;

use orm_core::Transaction;
use orm_core::prelude::*;
use orm_core::query::Column;
use orm_tests::{Fixture, Random};
use table::{
    Item, NewItem, NewRegion, NewShop, NewTag, OTHER_TRIGGERS, Region, Rows, Shop, TRIGGERS_OF_ITEMS, Tag,
    of_item, of_region, of_shop, of_tag, rows,
};

const STEPS: usize = 300;

#[derive(Default)]
struct Handles {
    regions: Vec<(i64, Handle<Region>)>,
    shops: Vec<(i64, Handle<Shop>)>,
    items: Vec<(i64, Handle<Item>)>,
    tags: Vec<(i64, Handle<Tag>)>,
}

struct Run {
    random: Random,
    session: Session,
    handles: Handles,
    next: i64,
    /// The rows that another has written since their objects were read, or a trigger after a flush.
    stale: HashSet<i64>,
    /// Those that were read since in the transaction.
    read: HashSet<i64>,
}

/// A condition on some of the rows.
fn some<M>(random: &mut Random, mark: Column<M, i64>, next: i64) -> Cond {
    let marks = random.some(4, |random| random.below(next as usize) as i64);
    match random.below(4) {
        0 => mark.lt(marks.first().copied().unwrap_or(0) / 4),
        1 => mark.not_in(&marks) & mark.gt(next - 8),
        _ => mark.in_(&marks),
    }
}

impl Run {
    fn mark(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// New rows of each table; what they refer to is theirs.
    async fn grow(&mut self) {
        for _ in 0..2 {
            let marks = [self.mark(), self.mark(), self.mark(), self.mark(), self.mark(), self.mark()];
            let session = &mut self.session;
            let code = format!("r{}", marks[0]);
            let region = session.add(NewRegion::new(&*code, marks[0], "note", 0));
            let number = marks[1] as i32;
            let shop = session.add(NewShop::new(region, number, marks[1], "shop", 0));
            let items = [2, 3].map(|at| session.add(NewItem::new(marks[at], shop, shop, marks[at] as i32)));
            let tags = [4, 5].map(|at| {
                let item_id = Some(items[at - 4].into());
                session.add(NewTag { item_id, ..NewTag::new(marks[at], 0) })
            });
            self.handles.regions.push((marks[0], region));
            self.handles.shops.push((marks[1], shop));
            self.handles.items.extend([(marks[2], items[0]), (marks[3], items[1])]);
            self.handles.tags.extend([(marks[4], tags[0]), (marks[5], tags[1])]);
        }
        self.commit().await;
        // What triggers do after a flush it does not see.
        let rows = self.rows().await.unwrap();
        let objects = self.objects(3).into_iter();
        self.stale
            .extend(objects.filter(|(mark, object)| object.as_ref() != rows.get(mark)).map(|(mark, _)| mark));
        self.commit().await;
    }

    /// Some objects leave, and their rows stay.
    fn expunge(&mut self) {
        let Run { random, session, handles, .. } = self;
        handles.regions.retain(|(_, handle)| stays(session, random, *handle));
        handles.shops.retain(|(_, handle)| stays(session, random, *handle));
        handles.items.retain(|(_, handle)| stays(session, random, *handle));
        handles.tags.retain(|(_, handle)| stays(session, random, *handle));
    }

    async fn commit(&mut self) {
        self.session.commit().await.unwrap();
        self.read.clear();
    }

    async fn roll_back(&mut self) {
        self.session.rollback().await.unwrap();
        self.stale.extend(self.read.drain());
    }

    /// A key of a shop that is there.
    fn shop(&mut self) -> Option<(String, i32)> {
        let there: Vec<&Shop> =
            self.handles.shops.iter().filter_map(|(_, shop)| self.session.get(*shop).ok()).collect();
        let shop = there.get(self.random.below(there.len().max(1)))?;
        Some((shop.region_code.clone(), shop.number))
    }

    fn item(&mut self) -> Option<i64> {
        let there: Vec<i64> = self
            .handles
            .items
            .iter()
            .filter_map(|(_, item)| Some(self.session.get(*item).ok()?.id))
            .collect();
        there.get(self.random.below(there.len().max(1))).copied()
    }

    /// A random statement of the session; says how far above tags it was, for so far objects are read again.
    async fn statement(&mut self) -> Result<usize, Error> {
        let next = self.next;
        let shop = self.shop().unwrap_or_default();
        let item = self.item();
        let random = &mut self.random;
        let how = *random.pick(&[Synchronize::Auto, Synchronize::Fetch]);
        let session = &mut self.session;
        let table = random.below(4);
        let deletes = random.once_in(12);
        let what = random.below(3);
        match table {
            3 => {
                let filter = some(random, Region.mark, next);
                if deletes {
                    session.execute(delete(Region).filter(filter).synchronize(how)).await?;
                    return Ok(table);
                }
                let code = func::concat((Region.code, "'"));
                let change = match what {
                    0 => update(Region).set(Region.note, func::concat((Region.note, Region.code))),
                    1 => update(Region).set(Region.code, code).set(Region.note, Region.code),
                    _ => update(Region).set(Region.code, code),
                };
                session.execute(change.filter(filter).synchronize(how)).await?;
            }
            2 => {
                let filter = some(random, Shop.mark, next);
                if deletes {
                    session.execute(delete(Shop).filter(filter).synchronize(how)).await?;
                    return Ok(table);
                }
                let change = match what {
                    0 => update(Shop).set(Shop.name, func::concat((Shop.name, Shop.number))),
                    1 => update(Shop).set(Shop.number, Shop.number + 1_000),
                    _ => update(Shop).set(Shop.region_code, shop.0).set(Shop.name, Shop.region_code),
                };
                session.execute(change.filter(filter).synchronize(how)).await?;
            }
            1 => {
                let filter = some(random, Item.mark, next);
                if deletes {
                    session.execute(delete(Item).filter(filter).synchronize(how)).await?;
                    return Ok(table);
                }
                let change = match what {
                    0 => update(Item).set(Item.price, Item.price + 3),
                    1 => update(Item).set(Item.id, Item.id + 100_000),
                    _ => update(Item).set(Item.region_code, shop.0).set(Item.shop, shop.1),
                };
                session.execute(change.filter(filter).synchronize(how)).await?;
            }
            _ => {
                let filter = some(random, Tag.mark, next);
                if deletes {
                    session.all(delete(Tag).filter(filter).synchronize(how).returning(Tag.id)).await?;
                    return Ok(table);
                }
                let change = match what {
                    0 => update(Tag).set(Tag.hits, Tag.hits + 1),
                    1 => update(Tag).set(Tag.id, Tag.id + 100_000).set(Tag.item_id, item),
                    _ => update(Tag).set(Tag.item_id, item),
                };
                session.all(change.filter(filter).synchronize(how).returning(Tag)).await?;
            }
        }
        Ok(table)
    }

    /// Changes an object; it goes out with the next statement.
    fn touch(&mut self) {
        let there: Vec<Handle<Shop>> = self
            .handles
            .shops
            .iter()
            .map(|(_, shop)| *shop)
            .filter(|shop| self.session.contains(*shop))
            .collect();
        if !there.is_empty() {
            let shop = *self.random.pick(&there);
            self.session[shop].name.push('.');
        }
    }

    async fn rows(&mut self) -> Result<Rows, Error> {
        Ok(rows(self.session.connection().await?).await)
    }

    /// The objects that a statement can have changed: of its own table, those above whose keys it has, and all below.
    fn objects(&self, statement_on: usize) -> Vec<(i64, Option<String>)> {
        let Run { session, handles, .. } = self;
        let mut objects = texts(session, &handles.tags, of_tag);
        objects.extend(texts(session, &handles.items, of_item));
        if statement_on >= 1 {
            objects.extend(texts(session, &handles.shops, of_shop));
        }
        if statement_on >= 2 {
            objects.extend(texts(session, &handles.regions, of_region));
        }
        objects
    }

    /// Each object that a statement can have changed holds what its row holds, and is there if its row is.
    async fn hold(&mut self, statement_on: usize, step: usize, before: &Rows) {
        let rows = self.rows().await.unwrap();
        for (mark, object) in self.objects(statement_on) {
            let row = rows.get(&mark);
            if object.as_ref() == row {
                if self.stale.remove(&mark) {
                    self.read.insert(mark);
                }
                continue;
            }
            let untouched = self.stale.contains(&mark) && before.get(&mark) == row;
            assert!(untouched, "step {step}: object {object:?}, row {row:?}, before {:?}", before.get(&mark));
        }
    }
}

fn stays<M: orm_core::model::Model>(session: &mut Session, random: &mut Random, handle: Handle<M>) -> bool {
    !random.once_in(8) || session.expunge(handle).is_err()
}

/// Objects by their marks, as text; `None` where the object is gone.
fn texts<M: orm_core::model::Model>(
    session: &Session,
    handles: &[(i64, Handle<M>)],
    text: fn(&M) -> String,
) -> Vec<(i64, Option<String>)> {
    handles.iter().map(|(mark, handle)| (*mark, session.get(*handle).ok().map(text))).collect()
}

/// Another writer, who does not wait for the session's locks; gives the rows that it changed.
async fn write(fixture: &Fixture, random: &mut Random, next: i64) -> Vec<i64> {
    let mut transaction = fixture.engine.begin().await.unwrap();
    let timeout = func::call::<Option<String>>("set_config", ("lock_timeout", "5ms", true));
    transaction.one(select(timeout)).await.unwrap();
    let before = rows(&mut transaction).await;
    match write_in(&mut transaction, random, next).await {
        Ok(_) => {
            let after = rows(&mut transaction).await;
            transaction.commit().await.unwrap();
            before.iter().filter(|(mark, row)| after.get(mark) != Some(row)).map(|(mark, _)| *mark).collect()
        }
        Err(error) => {
            assert_eq!(error.code(), Some("55P03"), "{error}");
            transaction.rollback().await.unwrap();
            Vec::new()
        }
    }
}

async fn write_in(transaction: &mut Transaction, random: &mut Random, next: i64) -> Result<u64, Error> {
    match random.below(7) {
        0 => transaction.execute(delete(Tag).filter(some(random, Tag.mark, next))).await,
        1 => transaction.execute(delete(Item).filter(Item.mark.eq(random.below(next as usize) as i64))).await,
        2 => transaction.execute(delete(Shop).filter(Shop.mark.eq(random.below(next as usize) as i64))).await,
        3 => {
            let filter = some(random, Region.mark, next);
            transaction.execute(update(Region).set(Region.note, "theirs").filter(filter)).await
        }
        4 => {
            let filter = some(random, Shop.mark, next);
            transaction.execute(update(Shop).set(Shop.name, "theirs").filter(filter)).await
        }
        5 => {
            let filter = some(random, Item.mark, next);
            transaction.execute(update(Item).set(Item.price, 77).filter(filter)).await
        }
        _ => {
            let filter = some(random, Tag.mark, next);
            transaction.execute(update(Tag).set(Tag.hits, 5).filter(filter)).await
        }
    }
}

async fn run(seed: u64, triggers: &[&str], leave: bool) {
    let fixture = Fixture::new(schema![Region, Shop, Item, Tag]).await;
    for triggers in triggers {
        fixture.database.execute(triggers).await;
    }
    let session = fixture.session();
    let (stale, read) = (HashSet::new(), HashSet::new());
    let mut run =
        Run { random: Random::new(seed), session, handles: Handles::default(), next: 0, stale, read };
    let (mut held, mut written, mut in_full) = (0, 0, 0);
    for step in 0..STEPS {
        if step % 10 == 0 {
            run.grow().await;
        }
        if run.random.once_in(3) {
            let changed = write(&fixture, &mut run.random, run.next).await;
            written += usize::from(!changed.is_empty());
            run.stale.extend(changed);
        }
        if leave && run.random.once_in(9) {
            run.expunge();
        }
        if run.random.once_in(6) {
            run.touch();
        }
        // Where no other has written, every object has to be exact.
        let before = match run.stale.is_empty() {
            true => Ok(Rows::new()),
            false => run.rows().await,
        };
        let done = match before {
            Ok(before) => {
                fixture.recorder.take();
                run.statement().await.map(|table| (table, before))
            }
            Err(error) => Err(error),
        };
        match done {
            Ok((table, before)) => {
                let statements = fixture.recorder.take().statements;
                in_full += usize::from(statements.iter().any(|sql| sql.contains("WITH ORDINALITY")));
                run.hold(table, step, &before).await;
                held += 1;
            }
            Err(error) => {
                // Of what is gone meanwhile, or was changed by the other.
                assert!(error.is_foreign_key_violation() || error.is_stale(), "{error}");
                run.roll_back().await;
            }
        }
        match run.random.below(6) {
            0 | 1 => run.commit().await,
            2 => run.roll_back().await,
            _ => {}
        }
    }
    println!(
        "{held} of {STEPS} statements held, {in_full} read again, {written} of another writer between them"
    );
    assert!(held * 10 > STEPS * 7 && written > STEPS / 20, "{held} held, {written} written");
    assert!(in_full > STEPS / 20 && in_full < STEPS, "{in_full} read again");
}

#[tokio::test]
async fn objects_hold_what_their_rows_hold_after_random_statements() {
    run(21, &[TRIGGERS_OF_ITEMS, OTHER_TRIGGERS], false).await;
}

#[tokio::test]
async fn objects_hold_what_their_rows_hold_where_only_some_tables_have_triggers() {
    run(22, &[TRIGGERS_OF_ITEMS], true).await;
}

#[tokio::test]
async fn objects_hold_what_their_rows_hold_where_no_table_has_triggers() {
    run(23, &[], true).await;
}
