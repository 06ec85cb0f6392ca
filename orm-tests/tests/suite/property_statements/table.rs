//! The tables that random statements are made of, and their rows.

use chrono::{Days, NaiveDate};
use orm_core::model::Model as Rows;
use orm_core::prelude::*;
use orm_core::query::{Derived, IntoSource, Scalar};
use orm_tests::Random;

#[derive(Model, Clone, Debug)]
#[orm(table = "ones", has_many(twos = Two.one_id))]
pub struct One {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub number: i64,
    pub maybe: Option<i64>,
    pub name: String,
    pub note: Option<String>,
    pub day: NaiveDate,
    pub tags: Vec<String>,
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
    pub day: NaiveDate,
    pub tags: Vec<String>,
    #[orm(references = One.id, relation = one)]
    pub one_id: Option<i64>,
}

/// What every statement here gives, so that each can stand in others.
pub type Line = (i64, Option<i64>, String, Option<String>);

/// A table of a statement.
#[derive(Clone)]
pub enum Base {
    One(<One as Rows>::Table),
    Two(<Two as Rows>::Table),
    Made(Derived<Line>),
    Series(Derived<i64>),
    Tags(Derived<(String, i64)>),
}

/// A table with its columns, by their types.
#[derive(Clone)]
pub struct Known {
    pub base: Base,
    pub numbers: Vec<Expr<i64>>,
    pub maybes: Vec<Expr<Option<i64>>>,
    pub names: Vec<Expr<String>>,
    pub notes: Vec<Expr<Option<String>>>,
    pub days: Vec<Expr<NaiveDate>>,
    pub tags: Vec<Expr<Vec<String>>>,
    /// What can be asked of its relations.
    pub asked: Vec<Cond>,
    /// Whether it uses the tables before it in FROM.
    pub looks_back: bool,
}

pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 27).unwrap()
}

impl Known {
    pub fn one(one: <One as Rows>::Table) -> Known {
        let big = || Two.number.gt(2);
        Known {
            numbers: vec![one.id.into_expr(), one.number.into_expr()],
            maybes: vec![one.maybe.into_expr()],
            names: vec![one.name.into_expr()],
            notes: vec![one.note.into_expr()],
            days: vec![one.day.into_expr()],
            tags: vec![one.tags.into_expr()],
            asked: vec![one.twos.any(big()), one.twos.all(big()), one.twos.none(big()), one.twos.exists()],
            ..Known::of(Base::One(one))
        }
    }

    /// The row of `One` that an INSERT found no place for.
    pub fn excluded() -> Known {
        Known {
            numbers: vec![excluded(One.id), excluded(One.number)],
            maybes: vec![excluded(One.maybe)],
            names: vec![excluded(One.name)],
            notes: vec![excluded(One.note)],
            days: vec![excluded(One.day)],
            tags: vec![excluded(One.tags)],
            ..Known::of(Base::One(One))
        }
    }

    pub fn two(two: <Two as Rows>::Table) -> Known {
        Known {
            numbers: vec![two.id.into_expr(), two.number.into_expr()],
            maybes: vec![two.maybe.into_expr(), two.one_id.into_expr()],
            names: vec![two.name.into_expr()],
            notes: vec![two.note.into_expr()],
            days: vec![two.day.into_expr()],
            tags: vec![two.tags.into_expr()],
            asked: vec![two.one.is(One.number.gt(2)), two.one.is(One.twos.any(Two.maybe.is_null()))],
            ..Known::of(Base::Two(two))
        }
    }

    pub fn made(made: Derived<Line>) -> Known {
        let (number, maybe, name, note) = made.columns();
        Known {
            numbers: vec![number.into_expr()],
            maybes: vec![maybe.into_expr()],
            names: vec![name.into_expr()],
            notes: vec![note.into_expr()],
            ..Known::of(Base::Made(made))
        }
    }

    pub fn series(series: Derived<i64>) -> Known {
        Known {
            numbers: vec![series.columns().into_expr()],
            maybes: vec![func::nullif(series.columns(), 2)],
            looks_back: true,
            ..Known::of(Base::Series(series))
        }
    }

    pub fn tags(tags: Derived<(String, i64)>) -> Known {
        Known {
            numbers: vec![tags.1.into_expr()],
            names: vec![tags.0.into_expr()],
            looks_back: true,
            ..Known::of(Base::Tags(tags))
        }
    }

    /// A table of whose columns nothing is known yet.
    fn of(base: Base) -> Known {
        Known {
            base,
            numbers: vec![lit(1_i64)],
            maybes: vec![lit(None::<i64>)],
            names: vec![lit("n".to_owned())],
            notes: vec![lit(None::<String>)],
            days: vec![lit(first_day())],
            tags: vec![lit(vec!["a".to_owned()])],
            asked: vec![lit(true).into_cond()],
            looks_back: false,
        }
    }

    /// As it is where an outer join may find no row.
    pub fn outer(&self) -> Known {
        let number = |number: &Expr<i64>| func::coalesce(number.optional(), 7);
        let name = |name: &Expr<String>| func::coalesce(name.optional(), "none");
        let day = |day: &Expr<NaiveDate>| func::coalesce(day.optional(), first_day());
        let tags = |tags: &Expr<Vec<String>>| func::coalesce(tags.optional(), Vec::<String>::new());
        Known {
            numbers: self.numbers.iter().map(number).collect(),
            names: self.names.iter().map(name).collect(),
            days: self.days.iter().map(day).collect(),
            tags: self.tags.iter().map(tags).collect(),
            ..self.clone()
        }
    }

    pub fn first<R>(&self, select: Select<R>) -> Select<R> {
        match &self.base {
            Base::One(one) => select.select_from(*one),
            Base::Two(two) => select.select_from(*two),
            Base::Made(made) => select.select_from(made),
            Base::Series(series) => select.select_from(series),
            Base::Tags(tags) => select.select_from(tags),
        }
    }

    pub fn joined<R>(&self, select: Select<R>, kind: Kind, on: Cond) -> Select<R> {
        match &self.base {
            Base::One(one) => join(select, kind, *one, on),
            Base::Two(two) => join(select, kind, *two, on),
            Base::Made(made) => join(select, kind, made, on),
            Base::Series(series) => join(select, kind, series, on),
            Base::Tags(tags) => join(select, kind, tags, on),
        }
    }

    pub fn sampled<R>(&self, select: Select<R>) -> Select<R> {
        match &self.base {
            Base::One(one) => select.table_sample(*one, func::bernoulli(60.0).repeatable(3.0)),
            Base::Two(two) => select.table_sample(*two, func::system(100.0)),
            _ => select,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Inner,
    Left,
    Right,
    Full,
    Cross,
}

fn join<R>(select: Select<R>, kind: Kind, table: impl IntoSource, on: Cond) -> Select<R> {
    match kind {
        Kind::Inner => select.join(table, on),
        Kind::Left => select.outer_join(table, on),
        Kind::Right => select.right_join(table, on),
        Kind::Full => select.full_join(table, on),
        Kind::Cross => select.cross_join(table).filter(on),
    }
}

/// Some rows of each table.
pub async fn fill(engine: &Engine, random: &mut Random) {
    let row = |random: &mut Random| {
        let (number, maybe) = (random.below(6) as i64, random.below(9) as i64);
        let (name, note) = (["a", "b", "c"][random.below(3)], ["x", "y", "z", "a"][random.below(4)]);
        let note = (!random.once_in(3)).then(|| note.to_owned());
        let day = first_day() + Days::new(random.below(4) as u64);
        let tags = ["a", "b", "x"][..random.below(4)].iter().map(|&tag| tag.to_owned()).collect();
        (number, (maybe < 6).then_some(maybe), name.to_owned(), note, day, tags)
    };
    for nth in 0..8 {
        let (number, maybe, name, note, day, tags) = row(random);
        engine.execute(insert(One).values(NewOne { number, maybe, name, note, day, tags })).await.unwrap();
        if nth < 6 {
            let (number, maybe, name, note, day, tags) = row(random);
            let one_id = (nth < 4).then_some(1 + nth / 2);
            let two = NewTwo { number, maybe, name, note, day, tags, one_id: one_id.map(Into::into) };
            engine.execute(insert(Two).values(two)).await.unwrap();
        }
    }
}
