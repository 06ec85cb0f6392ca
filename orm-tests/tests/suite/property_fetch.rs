//! Random statements beside triggers, cascades and another writer: tracked objects hold what their rows hold.

use std::collections::HashMap;
use std::fmt::Debug;

use orm_core::Transaction;
use orm_core::prelude::*;
use orm_tests::{Fixture, Random};

const STEPS: usize = 300;

#[derive(Model, Clone, Debug)]
struct Region {
    #[orm(primary_key)]
    code: String,
    /// Never changes: the row, whatever its key becomes.
    mark: i64,
    note: String,
    /// Kept by a trigger of shops.
    shops: i64,
    #[orm(version)]
    version: i32,
}

#[derive(Model, Clone, Debug)]
struct Shop {
    #[orm(primary_key, references = Region.code, relation = region, on_update = cascade, on_delete = cascade)]
    region_code: String,
    #[orm(primary_key)]
    number: i32,
    mark: i64,
    name: String,
    #[orm(computed = "name || '!'")]
    sign: String,
    /// Kept by a trigger of items.
    stock: i64,
    #[orm(version)]
    version: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(region_code, shop = Shop, on_update = cascade, on_delete = cascade))]
struct Item {
    #[orm(primary_key, generated)]
    id: i64,
    mark: i64,
    region_code: String,
    shop: i32,
    /// Made even before it is stored.
    price: i32,
    #[orm(computed = "price * 2")]
    double: i32,
}

#[derive(Model, Clone, Debug)]
struct Tag {
    #[orm(primary_key, generated)]
    id: i64,
    mark: i64,
    #[orm(references = Item.id, relation = item, on_update = cascade, on_delete = set_null)]
    item_id: Option<i64>,
    hits: i32,
    #[orm(on_update = "clock_timestamp()::text")]
    changed: Option<String>,
}

const TRIGGERS: &str = "
    CREATE FUNCTION even() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.price := NEW.price / 2 * 2; RETURN NEW; END $$;
    CREATE TRIGGER even BEFORE INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION even();
    CREATE FUNCTION stock() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE shops SET stock = (SELECT coalesce(sum(price), 0) FROM items i
        WHERE (i.region_code, i.shop) = (shops.region_code, shops.number))
        WHERE (region_code, number) IN (SELECT OLD.region_code, OLD.shop UNION SELECT NEW.region_code, NEW.shop);
        RETURN NULL; END $$;
    CREATE TRIGGER stock AFTER INSERT OR UPDATE OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION stock();
    CREATE FUNCTION shops() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE regions SET shops = (SELECT count(*) FROM shops WHERE region_code = regions.code)
        WHERE code IN (OLD.region_code, NEW.region_code); RETURN NULL; END $$;
    CREATE TRIGGER shops AFTER INSERT OR UPDATE OF region_code OR DELETE ON shops FOR EACH ROW EXECUTE FUNCTION shops();
    CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE tags SET hits = hits + 1 WHERE id = NEW.id AND hits % 2 = 1; RETURN NULL; END $$;
    CREATE TRIGGER again AFTER UPDATE ON tags FOR EACH ROW EXECUTE FUNCTION again()";

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
        self.session.commit().await.unwrap();
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

    /// Each object that was read again holds what its row holds, and is there if its row is.
    async fn hold(&mut self, statement_on: usize, step: usize) {
        let session = &mut self.session;
        // Its own table, those above whose keys it has, and all below.
        let read_again = statement_on + 1;
        let tags = select((Tag.mark, (Tag.id, Tag.item_id, Tag.hits, Tag.changed)));
        let tags = session.all(tags).await.unwrap();
        compare(session, step, &self.handles.tags, tags, |tag| {
            (tag.id, tag.item_id, tag.hits, tag.changed.clone())
        });
        let items = select((Item.mark, (Item.id, Item.region_code, Item.shop, Item.price, Item.double)));
        let items = session.all(items).await.unwrap();
        compare(session, step, &self.handles.items, items, |item| {
            (item.id, item.region_code.clone(), item.shop, item.price, item.double)
        });
        if read_again >= 2 {
            let shop = (Shop.region_code, Shop.number, Shop.name, Shop.sign, Shop.stock, Shop.version);
            let shops = session.all(select((Shop.mark, shop))).await.unwrap();
            compare(session, step, &self.handles.shops, shops, |shop| {
                let Shop { region_code, number, name, sign, stock, version, .. } = shop.clone();
                (region_code, number, name, sign, stock, version)
            });
        }
        if read_again >= 3 {
            let region = (Region.code, Region.note, Region.shops, Region.version);
            let regions = session.all(select((Region.mark, region))).await.unwrap();
            compare(session, step, &self.handles.regions, regions, |region| {
                (region.code.clone(), region.note.clone(), region.shops, region.version)
            });
        }
    }
}

fn compare<M: orm_core::model::Model, V: Debug>(
    session: &Session,
    step: usize,
    handles: &[(i64, Handle<M>)],
    rows: Vec<(i64, V)>,
    values: impl Fn(&M) -> V,
) {
    let mut rows: HashMap<i64, String> =
        rows.into_iter().map(|(mark, row)| (mark, format!("{row:?}"))).collect();
    for (mark, handle) in handles {
        let object = session.get(*handle).ok().map(|object| format!("{:?}", values(object)));
        assert_eq!(object, rows.remove(mark), "object {mark} of {} in step {step}", M::META.entity);
    }
}

/// Another writer, who does not wait for the session's locks.
async fn write(fixture: &Fixture, random: &mut Random, next: i64) -> bool {
    let mut transaction = fixture.engine.begin().await.unwrap();
    let timeout = func::call::<Option<String>>("set_config", ("lock_timeout", "5ms", true));
    transaction.one(select(timeout)).await.unwrap();
    match write_in(&mut transaction, random, next).await {
        Ok(_) => transaction.commit().await.is_ok(),
        Err(error) => {
            assert_eq!(error.code(), Some("55P03"), "{error}");
            transaction.rollback().await.unwrap();
            false
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

#[tokio::test]
async fn objects_hold_what_their_rows_hold_after_random_statements() {
    let fixture = Fixture::new(schema![Region, Shop, Item, Tag]).await;
    fixture.database.execute(TRIGGERS).await;
    let session = fixture.session();
    let mut run = Run { random: Random::new(21), session, handles: Handles::default(), next: 0 };
    let (mut held, mut written) = (0, 0);
    for step in 0..STEPS {
        if step % 10 == 0 {
            run.grow().await;
        }
        if run.random.once_in(3) && write(&fixture, &mut run.random, run.next).await {
            written += 1;
        }
        if run.random.once_in(6) {
            run.touch();
        }
        match run.statement().await {
            Ok(table) => {
                run.hold(table, step).await;
                held += 1;
            }
            Err(error) => {
                // Of what is gone meanwhile, or was changed by the other.
                assert!(error.is_foreign_key_violation() || error.is_stale(), "{error}");
                run.session.rollback().await.unwrap();
            }
        }
        match run.random.below(6) {
            0 | 1 => run.session.commit().await.unwrap(),
            2 => run.session.rollback().await.unwrap(),
            _ => {}
        }
    }
    println!("{held} of {STEPS} statements held, {written} of another writer between them");
    assert!(held * 10 > STEPS * 8 && written > STEPS / 20, "{held} held, {written} written");
}
