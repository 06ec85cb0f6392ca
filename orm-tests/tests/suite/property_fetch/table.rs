//! The tables of the random statements, their triggers, and their rows as text.

use std::collections::HashMap;

use orm_core::TransactionConnection;
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub(super) struct Region {
    #[orm(primary_key)]
    pub(super) code: String,
    /// Never changes: the row, whatever its key becomes.
    pub(super) mark: i64,
    pub(super) note: String,
    /// Kept by a trigger of shops.
    pub(super) shops: i64,
    #[orm(version)]
    pub(super) version: i32,
}

#[derive(Model, Clone, Debug)]
pub(super) struct Shop {
    #[orm(primary_key, references = Region.code, relation = region, on_update = cascade, on_delete = cascade)]
    pub(super) region_code: String,
    #[orm(primary_key)]
    pub(super) number: i32,
    pub(super) mark: i64,
    pub(super) name: String,
    #[orm(computed = "name || '!'")]
    pub(super) sign: String,
    /// Kept by a trigger of items.
    pub(super) stock: i64,
    #[orm(version)]
    pub(super) version: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(region_code, shop = Shop, on_update = cascade, on_delete = cascade))]
pub(super) struct Item {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) mark: i64,
    pub(super) region_code: String,
    pub(super) shop: i32,
    /// Made even before it is stored.
    pub(super) price: i32,
    #[orm(computed = "price * 2")]
    pub(super) double: i32,
}

#[derive(Model, Clone, Debug)]
pub(super) struct Tag {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) mark: i64,
    #[orm(references = Item.id, relation = item, on_update = cascade, on_delete = set_null)]
    pub(super) item_id: Option<i64>,
    pub(super) hits: i32,
    #[orm(on_update = "clock_timestamp()::text")]
    pub(super) changed: Option<String>,
}

/// Of items: what they store, and what their shop says of them.
pub(super) const TRIGGERS_OF_ITEMS: &str = "
    CREATE FUNCTION even() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.price := NEW.price / 2 * 2; RETURN NEW; END $$;
    CREATE TRIGGER even BEFORE INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION even();
    CREATE FUNCTION stock() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE shops SET stock = (SELECT coalesce(sum(price), 0) FROM items i
        WHERE (i.region_code, i.shop) = (shops.region_code, shops.number))
        WHERE (region_code, number) IN (SELECT OLD.region_code, OLD.shop UNION SELECT NEW.region_code, NEW.shop);
        RETURN NULL; END $$;
    CREATE TRIGGER stock AFTER INSERT OR UPDATE OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION stock()";

/// Of all others: what their region says of shops, and tags that change once more.
pub(super) const OTHER_TRIGGERS: &str = "
    CREATE FUNCTION shops() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE regions SET shops = (SELECT count(*) FROM shops WHERE region_code = regions.code)
        WHERE code IN (OLD.region_code, NEW.region_code); RETURN NULL; END $$;
    CREATE TRIGGER shops AFTER INSERT OR UPDATE OF region_code OR DELETE ON shops FOR EACH ROW EXECUTE FUNCTION shops();
    CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE tags SET hits = hits + 1 WHERE id = NEW.id AND hits % 2 = 1; RETURN NULL; END $$;
    CREATE TRIGGER again AFTER UPDATE ON tags FOR EACH ROW EXECUTE FUNCTION again()";

/// All rows of all tables, by their marks, as text.
pub(super) type Rows = HashMap<i64, String>;

pub(super) fn of_region(region: &Region) -> String {
    format!("{:?}", (&region.code, &region.note, region.shops, region.version))
}

pub(super) fn of_shop(shop: &Shop) -> String {
    let Shop { region_code, number, name, sign, stock, version, .. } = shop;
    format!("{:?}", (region_code, number, name, sign, stock, version))
}

pub(super) fn of_item(item: &Item) -> String {
    format!("{:?}", (item.id, &item.region_code, item.shop, item.price, item.double))
}

pub(super) fn of_tag(tag: &Tag) -> String {
    format!("{:?}", (tag.id, tag.item_id, tag.hits, &tag.changed))
}

pub(super) async fn rows(executor: &mut TransactionConnection) -> Rows {
    let mut rows = Rows::new();
    let regions = executor.all(select(Region)).await.unwrap();
    rows.extend(regions.iter().map(|region| (region.mark, of_region(region))));
    let shops = executor.all(select(Shop)).await.unwrap();
    rows.extend(shops.iter().map(|shop| (shop.mark, of_shop(shop))));
    let items = executor.all(select(Item)).await.unwrap();
    rows.extend(items.iter().map(|item| (item.mark, of_item(item))));
    let tags = executor.all(select(Tag)).await.unwrap();
    rows.extend(tags.iter().map(|tag| (tag.mark, of_tag(tag))));
    rows
}
