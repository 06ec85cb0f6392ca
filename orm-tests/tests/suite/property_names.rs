//! Random names of everything that has one, on their way into a database and through statements.

use std::cell::Cell;

use orm_core::codegen::{self, ColumnType};
use orm_core::model::Alias;
use orm_core::prelude::*;
use orm_core::query::Column;
use orm_core::schema::{Action, ColumnMeta, Deferrable, ForeignKey, Schema, TableMeta, Target};
use orm_core::types::{BaseType, PgType};
use orm_tests::{Database, Random};

const ROUNDS: usize = 8;
const TABLES: usize = 6;

/// What the tables of the test take from a derived one: all but their names.
#[derive(Model, Clone, Debug)]
#[orm(table = "patterns")]
struct Pattern {
    #[orm(primary_key, generated)]
    id: i64,
    text: String,
    parent_id: Option<i64>,
}

thread_local! {
    /// The key that foreign keys point to; they are asked for it while the tables are made.
    static TARGET: Cell<Option<&'static ColumnMeta>> = const { Cell::new(None) };
}

fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// A name of this test alone, for a process keeps them all.
fn name(random: &mut Random, used: &mut Vec<&'static str>) -> &'static str {
    loop {
        let name: &'static str = String::leak(random.name());
        if !used.contains(&name) && !name.starts_with("pg_") {
            used.push(name);
            return name;
        }
    }
}

struct Table {
    meta: &'static TableMeta,
    id: Column<Pattern, i64>,
    text: Column<Pattern, String>,
    mood: Column<Pattern, String>,
    parent: Column<Pattern, Option<i64>>,
}

/// An enum type with random labels.
fn enumeration(random: &mut Random, used: &mut Vec<&'static str>) -> &'static PgType {
    let mut labels = Vec::new();
    for _ in 0..1 + random.below(4) {
        name(random, &mut labels);
    }
    let ty = quoted(name(random, used)).leak();
    let labels = labels.leak();
    leaked(PgType {
        name: ty,
        labels,
        sent_as: Some("text"),
        array: None,
        element: None,
        wire: String::TYPE.wire.clone(),
        fields: None,
    })
}

fn table(random: &mut Random, used: &mut Vec<&'static str>) -> Table {
    let mood = enumeration(random, used);
    let (entity, mut columns) = (name(random, used), Vec::new());
    let names = [(); 4].map(|()| name(random, &mut columns));
    let on_delete = *random.pick(&[Action::Cascade, Action::Restrict, Action::SetNull]);
    let target = || {
        let column = TARGET.get().expect("a target");
        Target { table: column.table, places: std::slice::from_ref(&column.place) }
    };
    let keys = leaked([ForeignKey {
        columns: &[3],
        target,
        on_delete,
        on_update: Action::Cascade,
        deferrable: Deferrable::No,
    }]);
    let columns = |table| {
        let column = |place, field, kind| codegen::column(table, place, field, names[place], kind);
        let mut label = column(2, "text", <String as ColumnType>::KIND);
        label.ty = mood;
        [
            codegen::identity(column(0, "id", <i64 as ColumnType>::KIND)),
            column(1, "text", <String as ColumnType>::KIND),
            label,
            column(3, "parent_id", <Option<i64> as ColumnType>::KIND),
        ]
    };
    let of = |columns| leaked(codegen::table("Pattern", entity, columns, &[0]).foreign_keys(keys));
    // Without `unsafe`, two things cannot point at each other: the columns of a table are made twice.
    let meta = of(leaked(columns(of(&[]))));
    let columns = leaked(columns(meta));
    Table {
        meta,
        id: Column::new(&columns[0]),
        text: Column::new(&columns[1]),
        mood: Column::new(&columns[2]),
        parent: Column::new(&columns[3]),
    }
}

/// What the test itself takes for SQL's rules, beside what it tests.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

async fn texts(database: &Database, sql: &str) -> Vec<String> {
    database.query_text(sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
}

async fn columns(database: &Database, table: &Table) -> Vec<String> {
    let sql = format!(
        "SELECT attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid AND relname = {} \
         WHERE attnum > 0 ORDER BY attnum",
        literal(table.meta.name)
    );
    texts(database, &sql).await
}

/// A row and its child, written by the test itself, come back under aliases and labels.
async fn reads_back(engine: &Engine, database: &Database, table: &Table, random: &mut Random) {
    let text = random.text(12);
    let label = *random.pick(table.mood.meta().ty.labels);
    let names = table.meta.columns.iter().map(|column| quoted(column.name)).collect::<Vec<_>>().join(", ");
    let (into, mood) = (quoted(table.meta.name), literal(label));
    let row = |id, parent| format!("({id}, {}, {mood}, {parent})", literal(&text));
    let insert = format!("INSERT INTO {into} ({names}) VALUES {}, {}", row(1, "NULL"), row(2, "1"));
    database.execute(&insert).await;

    let mut used = vec![table.meta.name];
    let [alias, first, second] = [(); 3].map(|()| name(random, &mut used));
    let (id, of) = (table.id.aliased(Alias::new(alias)), table.text.aliased(Alias::new(alias)));
    let rows = select((table.text.label(first), table.mood.cast::<String>().label(second), id, of))
        .filter(table.parent.eq(id) & table.text.eq(&text) & of.in_([&text]))
        .order_by(of.desc());
    let found = engine.one(rows).await.unwrap();
    assert_eq!(found, (text.clone(), label.to_owned(), 1, text));
    // The server tells the name of a column whose value does not fit.
    let wrong = Column::<Pattern, i64>::new(table.text.meta()).label(first);
    let error = engine.all(select(wrong)).await.unwrap_err().to_string();
    assert!(error.contains(&format!("column 1 (\"{first}\") has the type text")), "{error}");
}

#[tokio::test]
async fn random_names_are_those_of_the_database_and_of_statements() {
    let mut random = Random::new(1);
    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    for _ in 0..ROUNDS {
        let mut used = Vec::new();
        let tables: Vec<Table> = (0..TABLES).map(|_| table(&mut random, &mut used)).collect();
        let schema = Schema::new(tables.iter().map(|table| table.meta).collect::<Vec<_>>().leak());
        // Foreign keys of every table point at rows of this one.
        let target = random.pick(&tables);
        TARGET.set(Some(target.id.meta()));
        engine.create_all(schema).await.unwrap();
        engine.create_all(schema).await.expect("a second time");
        let keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'";
        assert_eq!(texts(&database, keys).await, [TABLES.to_string()]);
        for table in &tables {
            let names: Vec<_> = table.meta.columns.iter().map(|column| column.name).collect();
            assert_eq!(columns(&database, table).await, names);
            let ty = table.mood.meta().ty;
            let labels = format!("SELECT unnest(enum_range(NULL::{}))", ty.name);
            assert_eq!(texts(&database, &labels).await, ty.labels);
        }
        reads_back(&engine, &database, target, &mut random).await;
        engine.drop_all(schema).await.unwrap();
        assert_eq!(columns(&database, &tables[0]).await, Vec::<String>::new());
    }
}
