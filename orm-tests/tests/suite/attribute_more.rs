//! The further attributes of a model: where its table is, what the insert struct derives, where the crate is found.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(
    schema = "the shop",
    table = "items",
    new(derive(PartialEq, serde::Serialize, serde::Deserialize, Default))
)]
struct Item {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Item.id, relation = parent)]
    parent_id: Option<i64>,
    name: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(schema = "store")]
struct Thing {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Item.id, relation = item)]
    item_id: i64,
    amount: i32,
}

#[tokio::test]
async fn tables_of_other_schemas_are_written_and_read() {
    let fixture = Fixture::new(schema![Thing, Item]).await;
    let mut session = fixture.session();
    let item = session.add(NewItem { name: Some("box".into()), ..NewItem::new() });
    let things = session.add_all([NewThing::new(item, 1), NewThing::new(item, 2), NewThing::new(item, 3)]);
    session.commit().await.unwrap();
    for &thing in &things {
        session[thing].amount *= 10;
    }
    session.delete(things[0]).unwrap();
    session.commit().await.unwrap();
    let rows: Vec<(Option<String>, i32)> = session
        .all(select((Item.name, Thing.amount)).join(Item, Thing.item_id.eq(Item.id)).order_by(Thing.amount))
        .await
        .unwrap();
    assert_eq!(rows, [(Some("box".to_owned()), 20), (Some("box".to_owned()), 30)]);
    session.execute(update(Thing).set(Thing.amount, 5).filter(Thing.amount.eq(20))).await.unwrap();
    assert_eq!(session[things[1]].amount, 5);
    session.commit().await.unwrap();
    let raw = fixture.database.query_text("SELECT sum(amount) FROM store.things, \"the shop\".items").await;
    assert_eq!(raw, [[Some("35".to_owned())]]);
    let loaded: Vec<(Thing, Item)> = fixture.engine.all(select(Thing).with(Thing.item)).await.unwrap();
    assert_eq!(loaded.len(), 2);
}

#[test]
fn the_insert_struct_derives_what_it_is_told_to() {
    let new: NewItem = serde_json::from_str(r#"{"parent_id": 7, "name": "box"}"#).unwrap();
    assert_eq!(new, NewItem { parent_id: Some(7.into()), name: Some("box".into()) });
    assert_eq!(serde_json::to_string(&new).unwrap(), r#"{"parent_id":7,"name":"box"}"#);
    assert_eq!(NewItem::default(), NewItem::new());
}

/// A crate that gives orm-core on under another name.
mod facade {
    pub(crate) mod database {
        pub(crate) use orm_core::*;
    }
}

mod elsewhere {
    use super::facade::database::prelude::*;

    // Hides the crate from everything below.
    mod orm_core {}

    #[derive(Enum, Clone, Debug, PartialEq)]
    #[orm(crate = super::facade::database)]
    pub(super) enum Color {
        Red,
    }

    #[derive(ColumnType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[orm(crate = super::facade::database)]
    pub(super) struct PaintId(pub(super) i64);

    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(crate = super::facade::database)]
    pub(super) struct Paint {
        #[orm(primary_key)]
        pub(super) id: PaintId,
        pub(super) color: Color,
        #[orm(references = Paint.id, relation = base)]
        pub(super) base_id: Option<PaintId>,
    }
}

#[tokio::test]
async fn the_crate_may_be_found_under_another_path() {
    use elsewhere::{Color, NewPaint, Paint, PaintId};
    let fixture = Fixture::new(schema![Paint]).await;
    let new = NewPaint { base_id: Some(PaintId(1).into()), ..NewPaint::new(PaintId(1), Color::Red) };
    fixture.engine.execute(insert(Paint).values(new)).await.unwrap();
    let paint = fixture.engine.one(select(Paint).filter(Paint.color.eq(Color::Red))).await.unwrap();
    assert_eq!(paint, Paint { id: PaintId(1), color: Color::Red, base_id: Some(PaintId(1)) });
}

#[tokio::test]
async fn a_table_with_a_dot_in_its_name_stands_beside_its_schema() {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(schema = "shop", table = "public.things")]
    struct Thing {
        #[orm(primary_key)]
        id: i64,
    }
    assert_eq!(
        select(Thing).to_sql().unwrap().text,
        r#"SELECT "public.things"."id" FROM "shop"."public.things""#
    );
    let fixture = Fixture::new(schema![Thing]).await;
    fixture.engine.execute(insert(Thing).values(NewThing::new(1))).await.unwrap();
    assert_eq!(fixture.engine.all(select(Thing)).await.unwrap(), [Thing { id: 1 }]);
}
