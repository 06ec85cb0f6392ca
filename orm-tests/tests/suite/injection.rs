//! Names and values that try to become SQL: each stays what it is.

use orm_core::prelude::*;
use orm_tests::{Database, Fixture};
use serde_json::json;

/// Texts that would mean something inside a statement.
const TEXTS: [&str; 18] = [
    "'; DROP TABLE notes; --",
    "\"; DROP TABLE notes; --",
    "') OR 1 = 1 --",
    "' OR ''='",
    "\\'; DELETE FROM notes; --",
    "\\",
    "$1",
    "$$; DROP TABLE notes; $$",
    "$orm$; DROP TABLE notes; $orm$",
    "/* ",
    " */ --",
    "NULL",
    "DEFAULT",
    "%_\\%",
    "{\"a\",NULL}",
    "E'\\x27'",
    "\u{2019}\u{02bc}\u{ff07} \u{202e}\u{feff}",
    "\n\r\t\u{1}\u{7f}",
];

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key, generated)]
    id: i64,
    text: String,
    list: Vec<String>,
    json: serde_json::Value,
}

fn note(text: &str) -> NewNote {
    NewNote::new(text, vec![text.to_owned(); 2], json!({ text: [text] }))
}

/// The tables and types of the database, the ones of tables and arrays left out.
async fn made(database: &Database) -> Vec<String> {
    let sql = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
               UNION ALL SELECT typname FROM pg_type WHERE typtype = 'e' ORDER BY 1";
    database.query_text(sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
}

/// One model whose names are all hostile, and a test that takes it through every statement.
macro_rules! hostile {
    ($($test:ident: $name:literal, $other:literal, $third:literal;)*) => { $(
        #[tokio::test]
        async fn $test() {
            #[derive(Enum, Clone, Copy, Debug, PartialEq)]
            #[orm(name = $other)]
            enum Mood {
                #[orm(label = $name)]
                First,
                #[orm(label = $other)]
                Second,
            }

            #[derive(Model, Clone, Debug, PartialEq)]
            #[orm(table = $name, has_many(children = Thing.parent))]
            struct Thing {
                #[orm(primary_key, generated, column = $name)]
                id: i64,
                #[orm(column = $other)]
                mood: Mood,
                #[orm(column = $third, references = Thing.id, relation = above, on_delete = cascade)]
                parent: Option<i64>,
                moods: Vec<Mood>,
            }

            let new = |mood| NewThing { mood, parent: None, moods: vec![mood, Mood::First] };
            let fixture = Fixture::new(schema![Thing]).await;
            let engine = &fixture.engine;
            engine.create_all(schema![Thing]).await.expect("a second time");
            let mut names = vec![$name, $other];
            names.sort_unstable();
            assert_eq!(made(&fixture.database).await, names);

            let first = engine.one(insert(Thing).values(new(Mood::First)).returning(Thing)).await.unwrap();
            let child = NewThing { parent: Some(first.id.into()), ..new(Mood::Second) };
            engine.execute(insert(Thing).values([child.clone(), child])).await.unwrap();
            let other = Thing.alias($other);
            let rows = select((Thing.mood.label($name), other.id.label($third), func::count(Thing.id)))
                .join(other, Thing.parent.eq(other.id))
                .filter(Thing.mood.eq(Mood::Second) & other.mood.in_([Mood::First]))
                .group_by(Thing.mood)
                .group_by(other.id)
                .order_by(other.id.desc());
            assert_eq!(engine.all(rows).await.unwrap(), [(Mood::Second, first.id, 2)]);
            let change = update(Thing).set(Thing.mood, Mood::First).filter(Thing.parent.is_not_null());
            assert_eq!(engine.execute(change).await.unwrap(), 2);
            let family = engine.one(select(Thing).with(Thing.children).filter(Thing.parent.is_null())).await;
            assert_eq!(family.unwrap().1.len(), 2);

            let mut session = fixture.session();
            let alone = session.add(new(Mood::Second));
            session.commit().await.unwrap();
            let several = session.add_all(vec![NewThing { parent: Some(alone.into()), ..new(Mood::Second) }; 3]);
            session.commit().await.unwrap();
            session[alone].mood = Mood::First;
            session.commit().await.unwrap();
            for handle in &several {
                session[*handle].mood = Mood::First;
                session[*handle].parent = None;
            }
            session.commit().await.unwrap();
            assert_eq!(session.find::<Thing>(session[alone].id).await.unwrap(), Some(alone));
            session.refresh(several[2]).await.unwrap();
            assert_eq!((session[several[2]].mood, session[several[2]].parent), (Mood::First, None));
            for handle in several {
                session.delete(handle).unwrap();
            }
            session.commit().await.unwrap();
            session.delete(alone).unwrap();
            session.commit().await.unwrap();
            assert_eq!(engine.execute(delete(Thing).filter(Thing.mood.eq(Mood::First))).await.unwrap(), 3);

            engine.drop_all(schema![Thing]).await.unwrap();
            assert_eq!(made(&fixture.database).await, Vec::<String>::new());
        }
    )* };
}

hostile! {
    names_with_quotes_are_names: "a\"b'c", "'\"", "\"\"\"";
    names_that_end_a_statement_are_names: "x\"; DROP TABLE notes; --", "x'; DROP TABLE notes; --", ";";
    names_of_comments_are_names: "/* x", "*/", "--";
    names_of_backslashes_are_names: "\\", "\\'", "E'\\x27'";
    names_of_dollar_quotes_are_names: "$orm$", "$$", "$1";
    names_of_keywords_are_names: "select", "user", "order";
    names_of_more_keywords_are_names: "table", "null", "default";
    names_of_upper_case_and_spaces_are_names: "Upper Case", " leading", "trailing ";
    names_of_white_space_are_names: "\n", "\t", " ";
    names_of_other_scripts_are_names: "表", "naïve 🦀", "\u{202e}abc\u{feff}";
    names_in_composed_and_decomposed_form_differ: "\u{e9}", "e\u{301}", "E\u{301}";
    names_of_types_and_functions_are_names: "bigint", "integer", "now()";
    names_of_placeholders_are_names: "{}", "%s", "?";
    names_with_dots_are_names: "users", "public.users", "a.b.c";
    names_of_escapes_are_names: "U&\"\\0041\"", "&#39;", "%27";
    names_the_engine_uses_itself_are_names: "o", "v", "c0";
    names_the_engine_uses_in_many_rows_are_names: "c0", "w", "o";
    names_of_its_other_parts_are_names: "w", "g", "m";
    names_of_its_first_parts_are_names: "v", "t", "u";
    names_of_its_arrays_are_names: "u", "n", "a3";
    names_of_its_own_columns_are_names: "orm:o", "e", "c1";
    names_of_the_keys_it_makes_are_names: "k0", "k1", "orm:o";
    names_of_63_bytes_are_names:
        "a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_123",
        "a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_12b",
        "a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_12c";
    names_of_63_bytes_in_fewer_letters_are_names:
        "表表表表表表表表表表表表表表表表表表表表表",
        "表表表表表表表表表表表表表表表表表表表aé",
        "🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀表";
}

#[tokio::test]
async fn names_with_backslashes_stay_where_backslashes_escape() {
    #[derive(Enum, Clone, Copy, Debug, PartialEq)]
    #[orm(name = "\\mood")]
    enum Mood {
        #[orm(label = "\\'")]
        Good,
    }
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "\\'thing")]
    struct Thing {
        #[orm(primary_key, generated, column = "\\'id")]
        id: i64,
        mood: Mood,
    }

    let database = Database::create().await;
    let setting = format!("ALTER DATABASE \"{}\" SET standard_conforming_strings = off", database.name());
    database.execute(&setting).await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    engine.create_all(schema![Thing]).await.unwrap();
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add_all([NewThing::new(Mood::Good), NewThing::new(Mood::Good)]);
    session.commit().await.unwrap();
    assert_eq!(engine.all(select(Thing.mood)).await.unwrap(), [Mood::Good; 2]);
    engine.drop_all(schema![Thing]).await.unwrap();
}

#[tokio::test]
async fn names_that_mean_something_of_postgresql_first_are_refused() {
    #[derive(Enum, Clone, Copy, Debug)]
    enum Text {
        A,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "things")]
    struct Thing {
        #[orm(primary_key)]
        id: i64,
        text: Text,
    }
    #[derive(Model, Clone, Debug)]
    #[orm(table = "pg_class")]
    struct Class {
        #[orm(primary_key)]
        id: i64,
    }

    let database = Database::create().await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    let error = engine.create_all(schema![Thing]).await.unwrap_err();
    let expected = "the enum type \"text\" has the name of a type that is there and is not this enum: write another with \
                    `#[orm(name = \"..\")]`";
    assert!(error.to_string().starts_with(expected), "{error}");
    let error = engine.create_all(schema![Class]).await.unwrap_err();
    let expected = "`Class` is the table \"pg_class\": names that begin with `pg_`";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert_eq!(made(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn values_come_back_as_they_were_sent() {
    let fixture = Fixture::new(schema![Note]).await;
    let engine = &fixture.engine;
    for text in TEXTS {
        let sent = engine.one(insert(Note).values(note(text)).returning(Note)).await.unwrap();
        let expected = note(text);
        assert_eq!((&sent.text, &sent.list, &sent.json), (&expected.text, &expected.list, &expected.json));
    }
    engine.execute(insert(Note).values(TEXTS.map(note).to_vec())).await.unwrap();
    let mut session = fixture.session();
    session.add_all(TEXTS.map(note));
    session.commit().await.unwrap();
    let texts = engine.all(select(Note.text).order_by(Note.id)).await.unwrap();
    assert_eq!(texts, [TEXTS, TEXTS, TEXTS].concat());
}

#[tokio::test]
async fn values_in_conditions_find_what_they_name() {
    let fixture = Fixture::new(schema![Note]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Note).values(TEXTS.map(note).to_vec())).await.unwrap();
    for text in TEXTS {
        let conditions = [
            Note.text.eq(text),
            Note.text.in_([text]),
            Note.text.between(text, text),
            Note.text.starts_with(text) & Note.text.ends_with(text) & Note.text.contains(text),
            Note.text.ilike(text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")),
            Note.list.eq(vec![text.to_owned(); 2]),
            Note.json.eq(json!({ text: [text] })),
            case().when(Note.text.eq(text), text).otherwise("").eq(text),
            func::coalesce(func::nullif(Note.text, text), text).eq(text),
            func::call::<Option<String>>("concat", (Note.text, text)).eq(format!("{text}{text}")),
        ];
        for condition in conditions {
            let found = engine.all(select(Note.text).filter(condition.clone())).await;
            assert_eq!(found.unwrap(), [text], "{condition:?}");
        }
    }
}

#[tokio::test]
async fn values_in_updates_and_deletes_touch_only_what_they_name() {
    let fixture = Fixture::new(schema![Note]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Note).values(note("bystander"))).await.unwrap();
    for text in TEXTS {
        engine.execute(insert(Note).values(note("x"))).await.unwrap();
        let change = update(Note).set(Note.text, text).filter(Note.text.eq("x")).returning(Note.text);
        assert_eq!(engine.all(change).await.unwrap(), [text]);
        assert_eq!(engine.execute(delete(Note).filter(Note.text.eq(text))).await.unwrap(), 1);
    }
    assert_eq!(engine.all(select(Note.text)).await.unwrap(), ["bystander"]);
}

#[tokio::test]
async fn names_of_functions_are_names() {
    const NAMES: [&str; 7] =
        ["Upper", "f\"; DROP TABLE notes; --", "f'(", "odd name", "f(1), g", "$f$", "f)--"];
    let fixture = Fixture::new(schema![Note]).await;
    fixture.engine.execute(insert(Note).values(note("a"))).await.unwrap();
    for name in NAMES {
        let call = || func::call::<Option<String>>(name, (Note.text, "'"));
        let error = fixture.engine.all(select(call())).await.unwrap_err();
        assert_eq!(error.code(), Some("42883"), "{error}");
        let quoted = name.replace('"', "\"\"");
        let sql = "(a text, b text) RETURNS text LANGUAGE sql AS $x$ SELECT a || b $x$";
        fixture.database.execute(&format!("CREATE FUNCTION \"{quoted}\"{sql}")).await;
        assert_eq!(fixture.engine.one(select(call().label(name))).await.unwrap(), Some("a'".to_owned()));
    }
    let error =
        fixture.engine.all(select(func::call::<Option<String>>("select", Note.text))).await.unwrap_err();
    assert_eq!(error.code(), Some("42601"), "{error}");
}

#[tokio::test]
async fn names_of_savepoints_are_names() {
    let fixture = Fixture::new(schema![Note]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    let long = ["a".repeat(63), format!("{}b", "a".repeat(63)), "表".repeat(40)];
    for name in TEXTS.into_iter().chain(["a\"b", ""]).chain(long.iter().map(String::as_str)) {
        if name.is_empty() {
            continue;
        }
        transaction.savepoint(name);
        transaction.execute(insert(Note).values(note("lost"))).await.unwrap();
        transaction.rollback_to(name).await.unwrap();
        transaction.execute(insert(Note).values(note("kept"))).await.unwrap();
        transaction.release(name);
    }
    assert_eq!(transaction.all(select(Note.text)).await.unwrap(), vec!["kept"; TEXTS.len() + 4]);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn long_names_that_begin_alike_stay_apart() {
    const LONG: &str = "the same first sixty-three letters, and then the names differ: 1, 2";
    const OTHER: &str = "the same first sixty-three letters, and then the names differ: 2, 1";
    let fixture = Fixture::new(schema![Note]).await;
    fixture.engine.execute(insert(Note).values([note("a"), note("b")])).await.unwrap();
    let (long, other) = (Note.alias(LONG), Note.alias(OTHER));
    let pairs = select((long.text.label(LONG), other.text.label(OTHER)))
        .join(other, other.id.gt(long.id))
        .filter(long.text.ne(other.text));
    assert_eq!(fixture.engine.one(pairs).await.unwrap(), ("a".to_owned(), "b".to_owned()));

    let mut transaction = fixture.engine.begin().await.unwrap();
    for name in [LONG, OTHER] {
        transaction.savepoint(name);
        transaction.execute(insert(Note).values(note(name))).await.unwrap();
    }
    transaction.rollback_to(LONG).await.unwrap();
    assert_eq!(transaction.one(select(func::count(Note.id))).await.unwrap(), 2);
}

#[tokio::test]
async fn names_with_a_zero_byte_are_refused_and_the_connection_stays() {
    let fixture = Fixture::new(schema![Note]).await;
    let engine = &fixture.engine;
    let alias = Note.alias("a\0b");
    let statements = [
        select(alias.text),
        select(Note.text.label("a\0b")),
        select(func::call::<String>("a\0b", ()).never_null()),
    ];
    for statement in statements {
        let error = engine.all(statement).await.unwrap_err();
        assert!(error.to_string().contains("the character NUL"), "{error}");
    }
    let mut transaction = engine.begin().await.unwrap();
    transaction.savepoint("a\0b");
    let error = transaction.execute(insert(Note).values(note("alone"))).await.unwrap_err();
    assert!(error.to_string().contains("the character NUL"), "{error}");
    drop(transaction);
    assert_eq!(engine.all(select(Note.text)).await.unwrap(), Vec::<String>::new());
}

/// A setting as the server shows it to the engine.
async fn setting(engine: &Engine, name: &str) -> String {
    let shown = func::call::<Option<String>>("current_setting", name);
    engine.one(select(shown)).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_application_name_is_no_statement() {
    let database = Database::create().await;
    let ascii = |text: &&str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    for name in TEXTS.iter().filter(|text| ascii(text)) {
        let engine = Engine::builder(database.url()).application_name(*name).connect().await.unwrap();
        assert_eq!(setting(&engine, "application_name").await, *name);
    }
    for name in ["表", "\n", &"a".repeat(64)] {
        let engine = Engine::builder(database.url()).application_name(name).connect().await.unwrap();
        assert!(setting(&engine, "application_name").await.is_ascii());
    }
    let error = Engine::builder(database.url()).application_name("a\0b").connect().await.unwrap_err();
    assert_eq!(error.to_string(), "the application name cannot hold the character NUL: remove it");
}

#[tokio::test]
async fn the_search_path_of_the_url_is_no_statement() {
    let database = Database::create().await;
    let schema = "a \"b' ; --";
    database.execute("CREATE SCHEMA \"a \"\"b' ; --\"").await;
    // A backslash keeps a space inside the option.
    let options = "-csearch_path%3D%22a%5C%20%22%22b'%5C%20%3B%5C%20--%22";
    let separator = if database.url().contains('?') { '&' } else { '?' };
    let url = format!("{}{separator}options={options}", database.url());
    let engine = Engine::builder(&url).connect().await.unwrap();
    engine.create_all(schema![Note]).await.unwrap();
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add_all([note("a"), note("b")]);
    session.commit().await.unwrap();
    let found = database.query_text("SELECT schemaname FROM pg_tables WHERE tablename = 'notes'").await;
    assert_eq!(found, [[Some(schema.to_owned())]]);
}
