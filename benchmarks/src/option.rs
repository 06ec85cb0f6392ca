//! What the command line asks for.

use std::path::PathBuf;
use std::str::FromStr;

use crate::Result;
use crate::cell::{CELLS, Cell};
use crate::contestant::{ENTRIES, FLOOR, NAMES, PGBENCH, SQLALCHEMY};

/// The text of `--help`.
pub(crate) const HELP: &str = "\
Measures orm-core beside hand-written tokio-postgres and other libraries, and prints the tables.

  --rounds N           how often each cell is measured (5)
  --ms N               milliseconds for a cell and a contestant in a round (700)
  --only CELLS         these cells alone, separated by commas; the beginning of a name stands for all that begin so
  --contestants NAMES  these contestants alone, beside the floor, separated by commas
  --python PATH        an interpreter with sqlalchemy and asyncpg, for the contestant `sqlalchemy`
  --json FILE          keep every measurement
  --from FILE          make the tables again from kept measurements
  --page               write the tables to benchmarks/README.md, and the chart
  --no-instructions    do not count instructions, which needs valgrind
  --no-spin            let idle cores halt";

/// The options, with their defaults filled in.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) rounds: usize,
    pub(crate) milliseconds: u64,
    pub(crate) cells: Vec<&'static Cell>,
    pub(crate) contestants: Vec<&'static str>,
    pub(crate) python: Option<PathBuf>,
    pub(crate) json: Option<PathBuf>,
    pub(crate) from: Option<PathBuf>,
    pub(crate) page: bool,
    pub(crate) instructions: bool,
    pub(crate) spin: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            rounds: 5,
            milliseconds: 700,
            cells: CELLS.iter().collect(),
            contestants: available().collect(),
            python: None,
            json: None,
            from: None,
            page: false,
            instructions: true,
            spin: true,
        }
    }
}

impl Options {
    /// # Errors
    /// If an option is unknown or its value does not fit; the message lists what there is.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Options> {
        let mut options = Options::default();
        let mut arguments = arguments.into_iter();
        while let Some(option) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| format!("expected a value after `{option}`, found none\n\n{HELP}"))
            };
            match option.as_str() {
                "--rounds" => options.rounds = number(&option, &value()?)?,
                "--ms" => options.milliseconds = number(&option, &value()?)?,
                "--only" => options.cells = cells(&value()?)?,
                "--contestants" => options.contestants = contestants(&value()?)?,
                "--python" => options.python = Some(value()?.into()),
                "--json" => options.json = Some(value()?.into()),
                "--from" => options.from = Some(value()?.into()),
                "--page" => options.page = true,
                "--no-instructions" => options.instructions = false,
                "--no-spin" => options.spin = false,
                _ => return Err(format!("expected an option, found `{option}`\n\n{HELP}").into()),
            }
        }
        Ok(options)
    }
}

/// Those that are built in, and those that are programs of their own.
fn available() -> impl Iterator<Item = &'static str> {
    let built =
        |name: &str| name == PGBENCH || name == SQLALCHEMY || ENTRIES.iter().any(|entry| entry.name == name);
    NAMES.iter().copied().filter(move |name| built(name))
}

fn number<T: FromStr + Default + PartialEq>(option: &str, value: &str) -> Result<T> {
    match value.parse::<T>() {
        Ok(number) if number != T::default() => Ok(number),
        _ => Err(format!("expected a whole number above 0 after `{option}`, found `{value}`").into()),
    }
}

fn cells(value: &str) -> Result<Vec<&'static Cell>> {
    let asked: Vec<&str> = value.split(',').collect();
    for begin in &asked {
        if begin.is_empty() || !CELLS.iter().any(|cell| cell.name.starts_with(begin)) {
            let all: Vec<&str> = CELLS.iter().map(|cell| cell.name).collect();
            return Err(format!(
                "expected cells after `--only`, found `{begin}`; there are {}",
                all.join(", ")
            )
            .into());
        }
    }
    // A name that is there whole stands for itself, though others may begin with it.
    let is_asked = |cell: &&Cell| {
        asked.iter().any(|begin| match Cell::find(begin) {
            Some(found) => found.name == cell.name,
            None => cell.name.starts_with(begin),
        })
    };
    Ok(CELLS.iter().filter(is_asked).collect())
}

fn contestants(value: &str) -> Result<Vec<&'static str>> {
    let asked: Vec<&str> = value.split(',').collect();
    for name in &asked {
        if !available().any(|available| available == *name) {
            let all: Vec<&str> = available().collect();
            return Err(format!(
                "expected contestants after `--contestants`, found `{name}`; built in are {} (others are features of \
                 this package: diesel, diesel-async, sqlx, sea-orm, toasty)",
                all.join(", ")
            )
            .into());
        }
    }
    Ok(available().filter(|name| *name == FLOOR || asked.contains(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::Options;
    use crate::Result;

    fn parse(arguments: &str) -> Result<Options> {
        Options::parse(arguments.split_whitespace().map(str::to_owned))
    }

    fn names(options: &Options) -> Vec<&str> {
        options.cells.iter().map(|cell| cell.name).collect()
    }

    #[test]
    fn defaults_are_five_rounds_of_everything() {
        let options = parse("").unwrap();
        assert_eq!((options.rounds, options.milliseconds), (5, 700));
        assert!(options.spin && options.instructions && !options.page);
    }

    #[test]
    fn a_cell_is_named_whole_or_by_its_beginning() {
        assert_eq!(names(&parse("--only load_1").unwrap()), ["load_1"]);
        assert_eq!(
            names(&parse("--only change,by_key_").unwrap()),
            ["by_key_16_tasks", "change", "by_key_5ms"]
        );
    }

    #[test]
    fn the_floor_is_always_there() {
        assert_eq!(parse("--contestants engine").unwrap().contestants, ["raw", "engine"]);
    }

    #[test]
    fn a_mistake_lists_what_there_is() {
        for (arguments, said) in [
            ("--only w1", "found `w1`; there are load_1, load_100"),
            ("--contestants orm", "found `orm`; built in are raw, "),
            ("--rounds 0", "expected a whole number above 0 after `--rounds`, found `0`"),
            ("--ms", "expected a value after `--ms`, found none"),
            ("--round 3", "expected an option, found `--round`\n\nMeasures"),
        ] {
            let error = parse(arguments).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
