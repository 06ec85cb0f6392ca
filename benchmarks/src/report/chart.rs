//! The charts: wall time of some cells as bars, one a contestant, beside a line for hand-written code.

use std::fmt::Write;

use super::number::ratio;
use crate::cell::Cell;
use crate::contestant::{Kind, NAMES};
use crate::kept::{Figure, Kept};
use crate::statistic::Spread;

const SHOWN: [&str; 11] = [
    "by_key",
    "by_key_16_tasks",
    "load_10000",
    "join_100",
    "related",
    "insert_1",
    "insert_100",
    "insert_10000",
    "change",
    "tpcb",
    "flush_10000",
];

/// What the summary shows: half a screen, for the first page of the project.
const SUMMARY: [&str; 5] = ["by_key", "load_10000", "insert_100", "related", "change"];
const SUMMARY_NAMES: [&str; 5] = ["engine", "session", "diesel-async", "sqlx", "sea-orm"];

const WIDTH: f64 = 860.0;
/// Where bars begin: left of it stand names.
const LEFT: f64 = 130.0;
const BAR: f64 = 11.0;
const STEP: f64 = 14.0;
/// A ratio of one, in pixels.
const ONE: f64 = 150.0;
/// Bars beyond it are cut, and say how long they would be.
const MOST: f64 = 4.0;

/// Colors that are readable on light and on dark pages alike.
const STYLE: &str = "text{font:11px system-ui,sans-serif;fill:#7a828e}.title{font-size:13px;font-weight:600}\
    .ours{fill:#e8590c}.hand{fill:#7a828e}.peer{fill:#4a90c4}.floor{stroke:#7a828e;stroke-dasharray:3 3}";

/// An image of what was measured; of nothing but its title where that is nothing.
pub(super) fn svg(kept: &Kept) -> String {
    draw(kept, &SHOWN, NAMES)
}

/// The same with five workloads and five contestants.
pub(super) fn summary(kept: &Kept) -> String {
    draw(kept, &SUMMARY, &SUMMARY_NAMES)
}

fn draw(kept: &Kept, cells: &[&str], names: &[&'static str]) -> String {
    let mut body = String::new();
    let mut top = 44.0;
    for cell in cells.iter().filter_map(|name| Cell::find(name)) {
        let bars: Vec<(&str, f64)> = names.iter().filter_map(|name| bar(kept, cell, name)).collect();
        if !bars.is_empty() {
            top = group(&mut body, top, cell.title, &bars);
        }
    }
    let line = LEFT + ONE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" role=\"img\">\n<style>{STYLE}</style>\n\
         <text class=\"title\" x=\"8\" y=\"18\">Wall time as a ratio to hand-written tokio-postgres: shorter is better\
         </text>\n<line class=\"floor\" x1=\"{line}\" y1=\"28\" x2=\"{line}\" y2=\"{top}\"/>\n{body}</svg>\n"
    )
}

/// What a contestant takes, unless it is the floor or a variant of it.
fn bar(kept: &Kept, cell: &Cell, name: &'static str) -> Option<(&'static str, f64)> {
    let ratio = Spread::of(kept.ratios(cell, name, Figure::Wall))?.median;
    (!name.starts_with("raw")).then_some((name, ratio))
}

/// Draws the bars of a cell; gives where the next may begin.
fn group(body: &mut String, top: f64, title: &str, bars: &[(&str, f64)]) -> f64 {
    // Into a `String` nothing fails.
    let _ = writeln!(body, "<text class=\"title\" x=\"8\" y=\"{top}\">{title}</text>");
    let mut y = top + 7.0;
    for (name, value) in bars {
        let class = match Kind::of(name) {
            Kind::Hand => "hand",
            Kind::Ours => "ours",
            Kind::Peer => "peer",
        };
        let width = value.min(MOST) * ONE;
        let (base, after) = (y + BAR - 2.0, LEFT + width + 5.0);
        let more = if *value > MOST { " \u{2192}" } else { "" };
        let _ = writeln!(
            body,
            "<text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{name}</text>\
             <rect class=\"{class}\" x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\"/>\
             <text x=\"{after:.1}\" y=\"{base}\">{}{more}</text>",
            LEFT - 6.0,
            ratio(*value),
        );
        y += STEP;
    }
    y + 22.0
}

#[cfg(test)]
mod tests {
    use super::{summary, svg};
    use crate::kept::tests::kept;

    #[test]
    fn bars_are_as_long_as_their_ratio_up_to_a_limit() {
        let kept = kept(&[
            ("by_key", "raw", &[10.0]),
            ("by_key", "engine", &[15.0]),
            ("by_key", "toasty", &[100.0]),
        ]);
        let svg = svg(&kept);
        assert!(svg.contains("class=\"ours\" x=\"130\" y=\"51\" width=\"225.0\""), "{svg}");
        assert!(svg.contains("class=\"peer\" x=\"130\" y=\"65\" width=\"600.0\""), "{svg}");
        assert!(svg.contains("10.00 \u{2192}") && !svg.contains(">raw<"), "{svg}");
    }

    #[test]
    fn the_summary_shows_five_workloads_of_five_contestants() {
        let kept = kept(&[
            ("by_key", "raw", &[10.0]),
            ("by_key", "engine", &[15.0]),
            ("by_key", "toasty", &[100.0]),
            ("tpcb", "raw", &[10.0]),
            ("tpcb", "engine", &[15.0]),
        ]);
        assert_eq!(summary(&kept).matches("<rect").count(), 1, "{}", summary(&kept));
    }

    #[test]
    fn what_was_not_measured_is_not_drawn() {
        assert!(!svg(&kept(&[])).contains("<rect"));
    }
}
