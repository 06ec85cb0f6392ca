//! Finds the columns of a table in an SQL condition, so that they can be written with the name of the table.

mod token;
mod word;

use token::{is_text, name, token};
use word::{follows_operand, is_reserved, wants_operand};

/// An SQL condition, taken apart at the columns of the table: `texts` is one longer than `places`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) texts: Vec<String>,
    /// The places of the columns.
    pub(crate) places: Vec<usize>,
}

/// Takes a condition apart; `columns` are the names of the table's columns.
///
/// # Errors
/// If it is no condition on the row's own columns.
pub(crate) fn condition(sql: &str, columns: &[&str]) -> Result<Condition, String> {
    let mut found = Condition { texts: vec![String::new()], places: Vec::new() };
    let mut walk = Walk::default();
    let mut rest = sql;
    while !rest.is_empty() {
        let (token, behind) = rest.split_at(token(rest)?);
        rest = behind;
        let name = walk.step(token, behind.trim_start())?;
        match name.and_then(|name| columns.iter().position(|column| *column == name)) {
            Some(place) => {
                found.places.push(place);
                found.texts.push(String::new());
            }
            None => found.texts.last_mut().expect("there is one").push_str(token),
        }
    }
    walk.end()?;
    Ok(found)
}

/// How far a condition was read: what stands where an operand is expected can be a column.
#[derive(Default)]
struct Walk {
    /// What stands before, without blanks.
    before: String,
    /// The last word, if nothing else stands behind it.
    last_word: String,
    /// Whether the last token ends an operand, or belongs to one that began before.
    has_operand: bool,
    /// For each open parenthesis, whether an operand ends with it.
    open: Vec<bool>,
}

impl Walk {
    /// Takes a token; gives the name that it is, if that can be a column's.
    fn step(&mut self, token: &str, behind: &str) -> Result<Option<String>, String> {
        let first = token.chars().next().unwrap_or_default();
        if first.is_whitespace() {
            return Ok(None);
        }
        let word = std::mem::take(&mut self.last_word);
        let mut can_be_column = None;
        match (first, name(token)) {
            (_, Some(name)) => {
                can_be_column = self.name(token, &name, behind)?.then(|| name.clone());
                self.last_word = name;
            }
            ('(', _) => {
                self.open.push(word != "operator");
                // The part of a moment is a word.
                self.has_operand = word == "extract";
            }
            (')', _) => {
                let ends_operand = self.open.pop();
                self.has_operand = ends_operand.ok_or("a parenthesis is closed that was never opened")?;
            }
            (';', _) => return Err("a filter is one condition: leave out the `;`".to_owned()),
            ('$', _) if token == "$" => {
                return Err("a filter has no parameters: write the value itself".to_owned());
            }
            ('.', _) => {}
            // Behind `::` a type stands.
            (':', _) => self.has_operand = self.before.ends_with(':'),
            (']' | '\'' | '$', _) => self.has_operand = true,
            _ => self.has_operand = first.is_alphanumeric() || is_text(token),
        }
        self.before.push_str(token);
        Ok(can_be_column)
    }

    /// Takes a name or a word; says whether it can be a column.
    fn name(&mut self, token: &str, name: &str, behind: &str) -> Result<bool, String> {
        let is_word = !token.starts_with('"');
        if is_word && name == "select" {
            return Err(
                "a filter is a condition on the columns of the row itself, without a subquery".to_owned()
            );
        }
        let is_qualified = self.before.ends_with('.');
        if is_word && !is_qualified && (self.has_operand || is_reserved(name)) {
            self.has_operand = !wants_operand(name).unwrap_or(!self.has_operand);
            return Ok(false);
        }
        if self.has_operand || is_qualified {
            self.has_operand = true;
            return Ok(false);
        }
        // `date '2000-01-01'`, `double precision '1'`
        let is_type =
            is_word && (is_text(behind) || next_word(behind).is_some_and(|next| !follows_operand(&next)));
        self.has_operand = !is_type && !behind.starts_with('(');
        Ok(self.has_operand
            && !behind.starts_with(['.'])
            && !behind.starts_with("=>")
            && !behind.starts_with(":="))
    }

    /// # Errors
    /// If something is missing.
    fn end(&self) -> Result<(), String> {
        if !self.open.is_empty() {
            return Err("a parenthesis is never closed".to_owned());
        }
        if self.before.is_empty() {
            return Err(
                "expected an SQL condition: write, for example, `filter(active = \"deleted_at IS NULL\")`"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// The name that a text begins with.
fn next_word(text: &str) -> Option<String> {
    name(&text[..token(text).ok()?])
}

#[cfg(test)]
mod tests {
    use super::condition;

    const COLUMNS: [&str; 3] = ["deleted_at", "state", "Nick"];

    /// The condition with places in braces.
    fn apart(sql: &str) -> Result<String, String> {
        apart_at(sql, &COLUMNS)
    }

    fn apart_at(sql: &str, columns: &[&str]) -> Result<String, String> {
        let found = condition(sql, columns)?;
        let mut out = found.texts[0].clone();
        for (place, text) in found.places.iter().zip(&found.texts[1..]) {
            out.push_str(&format!("{{{place}}}{text}"));
        }
        Ok(out)
    }

    #[test]
    fn columns_are_found_and_nothing_else_is_taken_for_one() {
        for (sql, expected) in [
            ("deleted_at IS NULL", "{0} IS NULL"),
            ("Deleted_At is null AND state <> 'state'", "{0} is null AND {1} <> 'state'"),
            ("\"Nick\" = E'state\\'state' OR nick = ''''", "{2} = E'state\\'state' OR nick = ''''"),
            (
                "state(1) AND x.state AND state.x AND 1::state = state",
                "state(1) AND x.state AND state.x AND 1::state = {1}",
            ),
            (
                "lower(state) = $$state$$ AND statement = state2",
                "lower({1}) = $$state$$ AND statement = state2",
            ),
        ] {
            assert_eq!(apart(sql), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn a_word_of_sql_is_no_column_of_that_name() {
        const WORDS: [&str; 15] = [
            "at",
            "time",
            "zone",
            "year",
            "date",
            "text",
            "double",
            "timestamp",
            "end",
            "unknown",
            "day",
            "days",
            "escape",
            "user",
            "operator",
        ];
        for (sql, expected) in [
            (
                "at AT TIME ZONE 'UTC' > timestamp '2000-01-01'",
                "{0} AT TIME ZONE 'UTC' > timestamp '2000-01-01'",
            ),
            ("at at time zone zone < time", "{0} at time zone {2} < {1}"),
            ("extract(year FROM date) = year", "extract(year FROM {4}) = {3}"),
            ("CAST(date AS text) = text", "CAST({4} AS text) = {5}"),
            ("date > date '2000-01-01' AND date", "{4} > date '2000-01-01' AND {4}"),
            ("date > DATE E'2000-01-01'", "{4} > DATE E'2000-01-01'"),
            (
                "double = double precision '1' OR double::double precision > 1.5",
                "{6} = double precision '1' OR {6}::double precision > 1.5",
            ),
            (
                "at > timestamp with time zone '2000-01-01' AND timestamp < at",
                "{0} > timestamp with time zone '2000-01-01' AND {7} < {0}",
            ),
            (
                "at::timestamp without time zone = date::text::date",
                "{0}::timestamp without time zone = {4}::text::date",
            ),
            ("CASE WHEN at THEN text ELSE date END = \"end\"", "CASE WHEN {0} THEN {5} ELSE {4} END = {8}"),
            ("(year > 1) IS NOT UNKNOWN AND unknown", "({3} > 1) IS NOT UNKNOWN AND {9}"),
            ("at > now() - interval '1' day - day", "{0} > now() - interval '1' day - {10}"),
            ("at > make_interval(days => days)", "{0} > make_interval(days => {11})"),
            ("text LIKE escape ESCAPE escape", "{5} LIKE {12} ESCAPE {12}"),
            ("text COLLATE \"at\" NOT IN (text, at)", "{5} COLLATE \"at\" NOT IN ({5}, {0})"),
            ("text = user AND \"user\" IS DISTINCT FROM at", "{5} = user AND {13} IS DISTINCT FROM {0}"),
            ("at OPERATOR(pg_catalog.=) operator", "{0} OPERATOR(pg_catalog.=) {14}"),
            ("time between year and day", "{1} between {3} and {10}"),
            (
                "substring(text from day for year) = date[at:day]",
                "substring({5} from {10} for {3}) = {4}[{0}:{10}]",
            ),
            ("(text).year = at AND x.at AND at", "({5}).year = {0} AND x.at AND {0}"),
        ] {
            assert_eq!(apart_at(sql, &WORDS), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn what_is_no_condition_of_the_row_is_refused() {
        for (sql, expected) in [
            ("", "expected an SQL condition"),
            ("state = 1; DROP TABLE x", "one condition"),
            ("EXISTS (SELECT 1)", "without a subquery"),
            ("state = 'a", "never closed"),
            ("(state", "never closed"),
            ("state)", "never opened"),
            ("state -- x", "no comments"),
            ("state = $1", "no parameters"),
        ] {
            assert!(apart(sql).is_err_and(|message| message.contains(expected)), "{sql}");
        }
    }
}
