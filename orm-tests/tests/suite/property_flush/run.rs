//! Runs a case through a session, and compares rows, objects and what was said.

use orm_core::prelude::*;
use orm_tests::{Fixture, Random};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::case::{Case, Operation, Say, Target};
use super::generate::is_system;
use super::meaning::hides_an_order;
use super::oracle::Orders;
use super::schema::TestSchema;
use super::state::{Line, line};
use super::table::{AnyHandle, Cell, Given, value_of};

/// What is wrong with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An order passes, and the flush does not.
    Refused,
    /// Ok, and objects are not what rows are.
    WrongMemory,
    /// Ok, and objects are not what rows are only where a trigger of another table has written.
    BehindTrigger,
    /// Ok, and rows are not what any order leaves.
    WrongRows,
    /// An error, and something is written, or objects are not what rows are after `rollback`.
    NotClean,
}

pub struct Fault {
    pub kind: Kind,
    pub why: String,
    pub touched: Vec<String>,
    pub sent: Vec<String>,
}

/// How a run that is right has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Ok,
    Error,
    /// Ok, though no order passes; the rows are what the program says.
    OkAllTheSame,
    /// An error where both are right.
    ErrorAllTheSame,
}

/// How the objects are read, and what ends the flush.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// All of a table at once; `flush`, then `rollback`.
    Tables,
    /// Row by row, not all of those that the program does nothing with; `flush`, then `rollback`. One of each table at least: of
    /// a model that it has never seen a session knows no foreign keys.
    Rows,
    /// Some rows, then tables; `commit`.
    Commit,
}

/// The view of all rows.
#[derive(Model, Clone, Debug)]
#[orm(table = "flush_lines", view)]
struct FlushLine {
    line: String,
    writer: Option<String>,
}

pub struct Runner<'a> {
    pub schema: &'a TestSchema,
    pub fixture: &'a Fixture,
    pub client: &'a Client,
    pub case: &'a Case,
    pub orders: &'a Orders,
    /// An error is right too.
    pub may_fail: bool,
}

/// The objects of a session.
pub struct Objects {
    pub session: Session,
    /// By the tags of their rows.
    pub old: Vec<(usize, AnyHandle)>,
    /// By the numbers of their operations.
    pub new: Vec<(usize, AnyHandle)>,
    pub touched: Vec<String>,
}

pub type Result<T> = std::result::Result<T, (Kind, String)>;

impl Runner<'_> {
    /// Gives the objects for more.
    pub async fn run(&self, way: Way, random: &mut Random) -> std::result::Result<(Ended, Objects), Fault> {
        self.fixture.recorder.take();
        let mut objects = self.load(way, random).await;
        let ended = self.go_on(&mut objects, way, random).await?;
        Ok((ended, objects))
    }

    /// With objects that are there.
    pub async fn go_on(
        &self,
        objects: &mut Objects,
        way: Way,
        random: &mut Random,
    ) -> std::result::Result<Ended, Fault> {
        let result = self.flush(objects, way, random).await;
        result.map_err(|(kind, why)| {
            let sent = self.fixture.recorder.take().statements;
            Fault { kind, why, touched: std::mem::take(&mut objects.touched), sent }
        })
    }

    async fn load(&self, way: Way, random: &mut Random) -> Objects {
        let session = SessionMaker::new(self.fixture.engine.clone()).session();
        let mut objects = Objects { session, old: Vec::new(), new: Vec::new(), touched: Vec::new() };
        if !matches!(way, Way::Tables) {
            for number in shuffled(self.case.rows.len(), random) {
                let row = &self.case.rows[number];
                let is_chosen = random.once_in(2);
                let is_first = !objects.old.iter().any(|(tag, _)| self.case.row(*tag).table == row.table);
                if is_chosen || matches!(way, Way::Rows) && (is_first || self.case.needs(row.tag)) {
                    let table = self.schema.tables[row.table];
                    let key: Vec<Cell> =
                        table.meta().primary_key.iter().map(|place| row.cells[*place].clone()).collect();
                    let found = table.find(&mut objects.session, &key).await.unwrap().unwrap();
                    objects.touched.push(format!("find row {}", row.tag));
                    objects.old.push((row.tag, found));
                }
            }
        }
        if !matches!(way, Way::Rows) {
            for number in shuffled(self.schema.tables.len(), random) {
                let table = self.schema.tables[number];
                // There is no order of `xid`.
                let ordered = table.meta().columns.iter().filter(|column| !is_system(column));
                let ordered: Vec<usize> = ordered.map(|column| column.place).collect();
                let (place, descends) = (*random.pick(&ordered), random.once_in(2));
                let column = &table.meta().columns[place];
                let direction = if descends { " descending" } else { "" };
                objects.touched.push(format!("select {} by {}{direction}", table.meta().entity, column.name));
                let loaded = table.load(&mut objects.session, place, descends).await.unwrap();
                for (cells, handle) in loaded {
                    let key = table.meta().primary_key;
                    let mut rows = self.case.rows.iter().filter(|row| row.table == number);
                    let row =
                        rows.find(|row| key.iter().all(|place| row.cells[*place] == cells[*place])).unwrap();
                    if !objects.old.iter().any(|(tag, _)| *tag == row.tag) {
                        objects.old.push((row.tag, handle));
                    }
                }
            }
        }
        objects
    }

    async fn flush(&self, objects: &mut Objects, way: Way, random: &mut Random) -> Result<Ended> {
        // With `xmin`, which differs each time.
        let first = self.lines().await;
        self.touch(objects, random);
        let commits = matches!(way, Way::Commit);
        let result = match commits {
            true => objects.session.commit().await,
            false => objects.session.flush().await,
        };
        let ended = match &result {
            Ok(()) => {
                let lines = match commits {
                    true => self.lines().await,
                    false => lines_of(&mut objects.session).await,
                };
                let ended = self.judge(objects, lines)?;
                if commits {
                    return Ok(ended);
                }
                ended
            }
            Err(_) if self.may_fail => Ended::ErrorAllTheSame,
            Err(error) if error.is_foreign_key_violation() && self.hides_an_order(objects) => {
                Ended::ErrorAllTheSame
            }
            Err(error) if !self.orders.passing.is_empty() => return Err((Kind::Refused, error.to_string())),
            Err(_) => Ended::Error,
        };
        objects.session.rollback().await.map_err(|error| (Kind::NotClean, format!("rollback: {error}")))?;
        let now = self.lines().await;
        let text = |lines: &[Line]| {
            let mut lines: Vec<_> = lines.iter().map(|line| format!("{line:?}")).collect();
            lines.sort();
            lines
        };
        if text(&first) != text(&now) {
            return Err((Kind::NotClean, "rows differ from before".to_owned()));
        }
        let compared = self.compare(objects, &first);
        compared.map_err(|(_, why)| (Kind::NotClean, format!("after rollback: {why}")))?;
        Ok(ended)
    }

    fn hides_an_order(&self, objects: &Objects) -> bool {
        let loaded: Vec<usize> = objects.old.iter().map(|(tag, _)| *tag).collect();
        hides_an_order(self.schema, self.case, &loaded)
    }

    /// Does what the operations say to the objects, in any order.
    fn touch(&self, objects: &mut Objects, random: &mut Random) {
        for place in shuffled(self.case.operations.len(), random) {
            let (number, operation) = &self.case.operations[place];
            objects.touched.push(format!("operation {number}"));
            let handle = |tag: &usize| objects.old.iter().find(|(other, _)| other == tag).unwrap().1.clone();
            match operation {
                Operation::Delete { tag } => {
                    let handle = handle(tag);
                    self.schema.tables[self.case.row(*tag).table]
                        .delete(&mut objects.session, &handle)
                        .unwrap();
                }
                Operation::Update { tag, changes } => {
                    let handle = handle(tag);
                    let table = self.schema.tables[self.case.row(*tag).table];
                    let mut changes = changes.clone();
                    if random.once_in(2) {
                        changes.reverse();
                    }
                    for (place, cell) in changes {
                        let value = value_of(&table.meta().columns[place], &cell);
                        table.change(&mut objects.session, &handle, place, &*value);
                    }
                }
                Operation::Insert { table, given } => {
                    let table = self.schema.tables[*table];
                    let is_later = |say: &Say| matches!(say, Say::Handle(Target::New(other)) if !objects.new.iter().any(|(new, _)| new == other));
                    let waits = given.iter().any(|(_, say)| is_later(say));
                    let (old, new) = (&objects.old, &objects.new);
                    let added =
                        table.add(&mut objects.session, &mut |name| self.give(old, new, *number, name));
                    objects.new.push((*number, added.clone()));
                    if waits {
                        objects.touched.push(format!("(handles of operation {number} follow)"));
                    }
                }
            }
        }
        for (number, handle) in objects.new.clone() {
            let Some(Operation::Insert { table, .. }) = self.case.operation(number) else { continue };
            let (old, new) = (&objects.old, &objects.new);
            let give = &mut |name: &'static str| self.give(old, new, number, name);
            self.schema.tables[*table].amend(&mut objects.session, &handle, give);
        }
    }

    fn give(
        &self,
        old: &[(usize, AnyHandle)],
        new: &[(usize, AnyHandle)],
        number: usize,
        name: &str,
    ) -> Given {
        let Some(Operation::Insert { table, given }) = self.case.operation(number) else {
            return Given::Default;
        };
        let column = self.schema.meta(*table).columns.iter().find(|column| column.field == name).unwrap();
        let say = given.iter().find(|(place, _)| *place == column.place).map(|(_, say)| say);
        let of = |handles: &[(usize, AnyHandle)], number: &usize| {
            handles.iter().find(|(other, _)| other == number).map(|(_, handle)| handle.clone())
        };
        match say {
            None => Given::Default,
            Some(Say::Null) => Given::Null,
            Some(Say::Value(text)) => Given::Value(text.clone()),
            Some(Say::Handle(Target::Old(tag))) => Given::Handle(of(old, tag).unwrap()),
            Some(Say::Handle(Target::New(other))) => match of(new, other) {
                Some(handle) => Given::Handle(handle),
                None => Given::Value("0".to_owned()),
            },
        }
    }

    async fn lines(&self) -> Vec<Line> {
        lines(self.client).await
    }
}

/// All rows.
pub async fn lines(client: &Client) -> Vec<Line> {
    let rows = client.simple_query("SELECT line, writer FROM flush_lines").await.unwrap();
    let lines = rows.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(with_xmin(row.get(0).unwrap(), row.get(1))),
        _ => None,
    });
    lines.collect()
}

async fn lines_of(session: &mut Session) -> Vec<Line> {
    let lines = session.connection().await.unwrap().all(select(FlushLine)).await.unwrap();
    lines.iter().map(|found| with_xmin(&found.line, found.writer.as_deref())).collect()
}

/// A row with its `xmin` where the model has it.
fn with_xmin(text: &str, xmin: Option<&str>) -> Line {
    match xmin {
        Some(xmin) => line(&text.replace("xmin", xmin)),
        None => line(text),
    }
}

fn shuffled(count: usize, random: &mut Random) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    for place in (1..count).rev() {
        places.swap(place, random.below(place + 1));
    }
    places
}
