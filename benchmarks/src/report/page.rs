//! The page of this package: its tables and its charts are written between two marks.

use std::fs;
use std::path::Path;

use super::{chart, text};
use crate::Result;
use crate::kept::Kept;

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// Writes the tables to `README.md`, and the charts to `chart.svg` and `summary.svg`, of this package.
///
/// # Errors
/// If the page has lost its marks, or a file cannot be read or written.
pub(crate) fn write_page(kept: &Kept) -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = folder.join("README.md");
    let page =
        fs::read_to_string(&path).map_err(|error| format!("could not read {}: {error}", path.display()))?;
    let measured = format!("![Wall time as a ratio to hand-written code](chart.svg)\n\n{}", text(kept));
    fs::write(&path, replace(&page, &measured)?)?;
    fs::write(folder.join("chart.svg"), chart::svg(kept))?;
    fs::write(folder.join("summary.svg"), chart::summary(kept))?;
    Ok(())
}

fn replace(page: &str, measured: &str) -> Result<String> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("expected the page to have `{BEGIN}` and `{END}`"))?;
    Ok(format!("{before}{BEGIN}\n\n{measured}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, replace};

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let page = format!("# Title\n{BEGIN}\nold\n{END}\nend\n");
        let replaced = replace(&page, "new\n").unwrap();
        assert_eq!(replaced, format!("# Title\n{BEGIN}\n\nnew\n\n{END}\nend\n"));
        assert_eq!(replace(&replaced, "new\n").unwrap(), replaced);
        assert!(replace("# Title\n", "new").is_err());
    }

    #[test]
    fn the_page_has_its_marks() {
        assert!(replace(include_str!("../../README.md"), "").is_ok());
    }
}
