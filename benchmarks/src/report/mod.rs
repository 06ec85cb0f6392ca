//! What was measured, as tables to read.

mod chart;
mod number;
mod page;
mod table;

use std::fmt::Write;

use crate::cell::{CELLS, Cell};
use crate::contestant::NAMES;
use crate::kept::{Figure, Kept};
use crate::statistic::Spread;
use crate::target::{NOISE, Standing, TARGETS, ahead};
use number::{count, memory, micros, ratio};
pub(crate) use page::write_page;
use table::table;

/// Every table, in Markdown.
pub(crate) fn text(kept: &Kept) -> String {
    let mut text = machine(kept);
    for (title, body) in sections(kept) {
        // Into a `String` nothing fails.
        let _ = write!(text, "\n### {title}\n\n{body}");
    }
    text
}

fn sections(kept: &Kept) -> Vec<(String, String)> {
    let median = |show: fn(f64) -> String| move |spread: Spread| show(spread.median);
    let noise = |spread: Spread| format!("{}..{}", ratio(spread.least), ratio(spread.most));
    let ratios = |figure| move |cell: &Cell, name: &str| kept.ratios(cell, name, figure);
    let values = |figure| {
        move |cell: &Cell, name: &str| {
            kept.values(cell.name, name, figure).into_iter().map(|(_, value)| value).collect::<Vec<f64>>()
        }
    };
    let (wall, cpu, instructions) = (Figure::Wall, Figure::Cpu, Figure::Instructions);
    let sections = [
        ("Targets", targets(kept)),
        ("Peers ahead of ours by more than the noise", peers_ahead(kept)),
        ("Wall time, ratio to hand-written", matrix(ratios(wall), median(ratio))),
        ("Client CPU time, ratio to hand-written", matrix(ratios(cpu), median(ratio))),
        ("Client instructions, ratio to hand-written", matrix(ratios(instructions), median(ratio))),
        ("Peak memory of the client, MiB", matrix_of(is_single, values(Figure::Memory), median(memory))),
        ("Wall time of an operation, microseconds", matrix(values(wall), median(micros))),
        ("Client CPU time of an operation, microseconds", matrix(values(cpu), median(micros))),
        ("Client instructions of an operation", matrix(values(instructions), median(count))),
        ("Noise: least and most of the ratio of wall time", matrix(ratios(wall), noise)),
        ("Noise: least and most of the ratio of client CPU time", matrix(ratios(cpu), noise)),
        ("Failures", list(&kept.failures)),
        ("Left out", list(&kept.notes)),
    ];
    let there = sections.into_iter().filter(|(_, body)| !body.is_empty());
    there.map(|(title, body)| (title.to_owned(), body)).collect()
}

fn machine(kept: &Kept) -> String {
    let machine = &kept.machine;
    let versions: Vec<String> =
        machine.versions.iter().map(|(package, version)| format!("{package} {version}")).collect();
    let cores = if machine.awake { "kept awake" } else { "may halt" };
    format!(
        "Measured on {}: {} cores of {} ({cores}), {}, PostgreSQL {}; medians of {} rounds, {} ms for a cell and a \
         contestant in each.\n{}.\n",
        machine.date,
        machine.cores,
        machine.processor,
        machine.system,
        machine.postgres,
        kept.rounds,
        kept.milliseconds,
        versions.join(", ")
    )
}

fn is_single(cell: &Cell) -> bool {
    cell.workload.is_single()
}

fn matrix(numbers: impl Fn(&Cell, &str) -> Vec<f64>, show: impl Fn(Spread) -> String) -> String {
    matrix_of(|_| true, numbers, show)
}

/// A row for each cell and a column for each contestant that have numbers; empty where none has.
fn matrix_of(
    shown: impl Fn(&Cell) -> bool,
    numbers: impl Fn(&Cell, &str) -> Vec<f64>,
    show: impl Fn(Spread) -> String,
) -> String {
    let cells: Vec<&Cell> = CELLS.iter().filter(|cell| shown(cell)).collect();
    let spread = |cell: &Cell, name: &str| Spread::of(numbers(cell, name));
    let names: Vec<&str> =
        NAMES.iter().copied().filter(|name| cells.iter().any(|cell| spread(cell, name).is_some())).collect();
    let mut rows = Vec::new();
    for cell in cells {
        let spreads: Vec<Option<Spread>> = names.iter().map(|name| spread(cell, name)).collect();
        if spreads.iter().any(Option::is_some) {
            let mut row = vec![cell.title.to_owned()];
            row.extend(spreads.into_iter().map(|spread| spread.map_or_else(|| "-".to_owned(), &show)));
            rows.push(row);
        }
    }
    let mut head = vec![String::new()];
    head.extend(names.into_iter().map(str::to_owned));
    table(&head, &rows)
}

fn title_of(cell: &str) -> String {
    Cell::find(cell).map_or(cell, |cell| cell.title).to_owned()
}

fn name_of(figure: Figure) -> &'static str {
    match figure {
        Figure::Wall => "wall time",
        Figure::Cpu => "client CPU",
        Figure::Instructions => "instructions",
        Figure::Memory => "memory",
    }
}

fn targets(kept: &Kept) -> String {
    let rows: Vec<Vec<String>> = TARGETS
        .iter()
        .map(|target| {
            let (found, mark) = match target.standing(kept) {
                Standing::Met(found) => (ratio(found), "met"),
                Standing::Short(found) => (ratio(found), "short"),
                Standing::NotMeasured => ("-".to_owned(), "not measured"),
            };
            let what =
                [title_of(target.cell), target.contestant.to_owned(), name_of(target.figure).to_owned()];
            what.into_iter().chain([ratio(target.limit), found, mark.to_owned()]).collect()
        })
        .collect();
    table(&["", "", "figure", "target", "found", ""].map(str::to_owned), &rows)
}

fn peers_ahead(kept: &Kept) -> String {
    let found = ahead(kept);
    if found.is_empty() {
        return format!("None by more than {:.0} %.\n", (NOISE - 1.0) * 100.0);
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|ahead| {
            let what = [title_of(ahead.cell), name_of(ahead.figure).to_owned(), ahead.peer.to_owned()];
            what.into_iter().chain([ratio(ahead.of_peer), ratio(ahead.of_ours)]).collect()
        })
        .collect();
    table(&["", "figure", "peer", "of the peer", "of ours"].map(str::to_owned), &rows)
}

fn list(lines: &[String]) -> String {
    lines.iter().map(|line| format!("- {}\n", line.replace('\n', "\n  "))).collect()
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::kept::tests::kept;

    #[test]
    fn tables_have_what_was_measured_and_no_more() {
        let kept = kept(&[("load_1", "raw", &[10.0, 20.0]), ("load_1", "engine", &[15.0, 20.0])]);
        let text = text(&kept);
        assert!(text.contains("| load 1 row | 1.00 |   1.25 |"), "{text}");
        assert!(text.contains("1.00..1.50"), "{text}");
        assert!(text.contains("not measured"), "{text}");
        assert!(!text.contains("instructions, ratio") && !text.contains("sqlx"), "{text}");
    }
}
