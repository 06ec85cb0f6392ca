//! Random deletions and changes in a tree of which only some rows are objects: what goes along is found through the others.

use std::collections::HashMap;

use orm_core::prelude::*;
use orm_core::{Session, TransactionConnection};
use orm_tests::{Fixture, Random};

const STEPS: usize = 150;

#[derive(Model, Clone, Debug, PartialEq)]
struct Part {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Part.id, relation = whole, on_delete = cascade)]
    part_of: Option<i64>,
    #[orm(references = Part.id, relation = second, on_delete = set_null)]
    twin: Option<i64>,
    name: String,
    #[orm(computed = "coalesce(twin, 0) + 1")]
    next: i64,
}

/// Hangs on two parts, and on another label.
#[derive(Model, Clone, Debug, PartialEq)]
struct Label {
    #[orm(primary_key)]
    part_id: i64,
    #[orm(primary_key)]
    number: i32,
    #[orm(references = Part.id, relation = owner, on_delete = cascade)]
    own: i64,
    #[orm(references = Part.id, relation = further, on_delete = set_default, default = "0")]
    other: i64,
}

#[derive(Default)]
struct Known {
    parts: HashMap<i64, Handle<Part>>,
    labels: HashMap<(i64, i32), Handle<Label>>,
}

/// Parts under any made before, each with a label; made without the session.
async fn grow(fixture: &Fixture, random: &mut Random, next: &mut i64) {
    let mut there: Vec<i64> = fixture.engine.all(select(Part.id)).await.unwrap();
    let (mut parts, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        *next += 1;
        let part_of = (!random.once_in(10)).then(|| (*random.pick(&there)).into());
        let twin = random.once_in(3).then(|| (*random.pick(&there)).into());
        parts.push(NewPart { part_of, twin, ..NewPart::new(*next, "part") });
        there.push(*next);
        let (own, other) = (*random.pick(&there), *random.pick(&there));
        labels.push(NewLabel { other: Some(other.into()), ..NewLabel::new(*next, 1, own) });
    }
    fixture.engine.execute(insert(Part).values(parts)).await.unwrap();
    fixture.engine.execute(insert(Label).values(labels)).await.unwrap();
}

/// About two rows of three become objects.
async fn load(session: &mut Session, random: &mut Random) -> Known {
    session.expunge_all();
    let rest = random.below(3) as i64;
    let kept = |id: i64| id % 3 != rest;
    let parts: Vec<i64> = session.all(select(Part.id)).await.unwrap();
    let parts: Vec<i64> = parts.into_iter().filter(|id| kept(*id)).collect();
    let handles = session.all(select(Part).filter(Part.id.in_(&parts))).await.unwrap();
    let parts = handles.into_iter().map(|part| (session[part].id, part)).collect();
    let labels: Vec<i64> = session.all(select(Label.part_id)).await.unwrap();
    let labels: Vec<i64> = labels.into_iter().filter(|id| kept(id + 1)).collect();
    let handles = session.all(select(Label).filter(Label.part_id.in_(&labels))).await.unwrap();
    let labels = handles.into_iter().map(|label| ((session[label].part_id, session[label].number), label));
    Known { parts, labels: labels.collect() }
}

async fn statement(session: &mut Session, random: &mut Random, next: i64) -> Result<u64, Error> {
    let ids = random.some(6, |random| random.below(next as usize + 1) as i64);
    match random.below(6) {
        0 | 1 => session.execute(delete(Part).filter(Part.id.in_(&ids) & Part.id.gt(3))).await,
        2 => session.execute(delete(Part).filter(Part.part_of.in_(&ids) & Part.id.gt(3))).await,
        3 => session.execute(update(Part).set(Part.name, "new").filter(Part.id.gt(next - 30))).await,
        4 => {
            let twin = ids.first().copied();
            session.execute(update(Part).set(Part.twin, twin).filter(Part.id.in_(&ids))).await
        }
        _ => session.execute(update(Label).set(Label.own, Label.other).filter(Label.own.in_(&ids))).await,
    }
}

async fn hold(session: &mut Session, known: &Known, step: usize) {
    let connection: &mut TransactionConnection = session.connection().await.unwrap();
    let parts = connection.all(select(Part)).await.unwrap();
    let labels = connection.all(select(Label)).await.unwrap();
    let parts: HashMap<i64, Part> = parts.into_iter().map(|part| (part.id, part)).collect();
    let labels: HashMap<_, Label> =
        labels.into_iter().map(|label| ((label.part_id, label.number), label)).collect();
    for (id, part) in &known.parts {
        assert_eq!(session.get(*part).ok(), parts.get(id), "part {id} in step {step}");
    }
    for (key, label) in &known.labels {
        assert_eq!(session.get(*label).ok(), labels.get(key), "label {key:?} in step {step}");
    }
}

#[tokio::test]
async fn objects_of_a_tree_hold_what_their_rows_hold_after_random_statements() {
    let fixture = Fixture::new(schema![Part, Label]).await;
    let roots = [0, 1, 2, 3].map(|id| NewPart::new(id, "root"));
    fixture.engine.execute(insert(Part).values(roots)).await.unwrap();
    let (mut random, mut next) = (Random::new(5), 3);
    let mut session = fixture.session();
    let mut known = Known::default();
    let (mut held, mut gone) = (0, 0);
    for step in 0..STEPS {
        if step % 10 == 0 {
            session.commit().await.unwrap();
            grow(&fixture, &mut random, &mut next).await;
            known = load(&mut session, &mut random).await;
        }
        let there = known.parts.values().filter(|part| session.contains(**part)).count();
        match statement(&mut session, &mut random, next).await {
            Ok(_) => {
                hold(&mut session, &known, step).await;
                held += 1;
            }
            Err(error) => {
                assert!(error.is_foreign_key_violation(), "{error}");
                session.rollback().await.unwrap();
            }
        }
        gone += there - known.parts.values().filter(|part| session.contains(**part)).count().min(there);
        if random.once_in(4) {
            session.rollback().await.unwrap();
            hold(&mut session, &known, step).await;
        } else if random.once_in(2) {
            session.commit().await.unwrap();
        }
    }
    println!("{held} of {STEPS} statements held, {gone} objects went");
    assert!(held * 10 > STEPS * 7 && gone > STEPS, "{held} held, {gone} went");
}
