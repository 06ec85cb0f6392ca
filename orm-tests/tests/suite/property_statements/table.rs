//! The tables that random statements are made of, and their rows.

use orm_core::model::Model as Rows;
use orm_core::prelude::*;
use orm_core::query::{Derived, Scalar};
use orm_tests::Random;

#[derive(Model, Clone, Debug)]
#[orm(table = "ones")]
pub struct One {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub number: i64,
    pub maybe: Option<i64>,
    pub name: String,
    pub note: Option<String>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "twos")]
pub struct Two {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub number: i64,
    pub maybe: Option<i64>,
    pub name: String,
    pub note: Option<String>,
}

/// What every statement here gives, so that each can stand in others.
pub type Line = (i64, Option<i64>, String, Option<String>);

/// A table of a statement.
#[derive(Clone)]
pub enum Base {
    One(<One as Rows>::Table),
    Two(<Two as Rows>::Table),
    Made(Derived<Line>),
}

/// A table with its columns, by their types.
#[derive(Clone)]
pub struct Known {
    pub base: Base,
    pub numbers: Vec<Expr<i64>>,
    pub maybes: Vec<Expr<Option<i64>>>,
    pub names: Vec<Expr<String>>,
    pub notes: Vec<Expr<Option<String>>>,
}

impl Known {
    pub fn one(one: <One as Rows>::Table) -> Known {
        Known {
            base: Base::One(one),
            numbers: vec![one.id.into_expr(), one.number.into_expr()],
            maybes: vec![one.maybe.into_expr()],
            names: vec![one.name.into_expr()],
            notes: vec![one.note.into_expr()],
        }
    }

    pub fn two(two: <Two as Rows>::Table) -> Known {
        Known {
            base: Base::Two(two),
            numbers: vec![two.id.into_expr(), two.number.into_expr()],
            maybes: vec![two.maybe.into_expr()],
            names: vec![two.name.into_expr()],
            notes: vec![two.note.into_expr()],
        }
    }

    pub fn made(made: Derived<Line>) -> Known {
        let (number, maybe, name, note) = made.columns();
        Known {
            base: Base::Made(made),
            numbers: vec![number.into_expr()],
            maybes: vec![maybe.into_expr()],
            names: vec![name.into_expr()],
            notes: vec![note.into_expr()],
        }
    }

    pub fn first<R>(&self, select: Select<R>) -> Select<R> {
        match &self.base {
            Base::One(one) => select.select_from(*one),
            Base::Two(two) => select.select_from(*two),
            Base::Made(made) => select.select_from(made),
        }
    }

    pub fn joined<R>(&self, select: Select<R>, kind: usize, on: Cond) -> Select<R> {
        match &self.base {
            Base::One(one) => join(select, kind, *one, on),
            Base::Two(two) => join(select, kind, *two, on),
            Base::Made(made) => join(select, kind, made, on),
        }
    }
}

fn join<R>(select: Select<R>, kind: usize, table: impl orm_core::query::IntoSource, on: Cond) -> Select<R> {
    match kind {
        0 => select.outer_join(table, on),
        1 => select.right_join(table, on),
        // FULL JOIN takes only what can be hashed or merged, which the server finds out.
        2 => select.cross_join(table).filter(on),
        _ => select.join(table, on),
    }
}

/// Some rows of each table.
pub async fn fill(engine: &Engine, random: &mut Random) {
    let row = |random: &mut Random| {
        let (number, maybe) = (random.below(6) as i64, random.below(9) as i64);
        let (name, note) = (["a", "b", "c"][random.below(3)], ["x", "y", "z", "a"][random.below(4)]);
        let note = (!random.once_in(3)).then(|| note.to_owned());
        (number, (maybe < 6).then_some(maybe), name.to_owned(), note)
    };
    for nth in 0..8 {
        let (number, maybe, name, note) = row(random);
        engine.execute(insert(One).values(NewOne { number, maybe, name, note })).await.unwrap();
        if nth < 6 {
            let (number, maybe, name, note) = row(random);
            engine.execute(insert(Two).values(NewTwo { number, maybe, name, note })).await.unwrap();
        }
    }
}
