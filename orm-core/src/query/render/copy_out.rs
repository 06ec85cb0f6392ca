//! Renders COPY of a select to the program, which takes no parameters: their values are settings of the transaction.

use super::{Rendered, Renderer};
use crate::query::lexer::{Piece, pieces, without_end};
use crate::types::Parameter;

/// The form in which COPY gives rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyFormat {
    /// Values between commas.
    Csv,
    /// The same below a line with the names of the columns.
    CsvWithHeader,
    /// Values between tabs, `\N` for NULL.
    Text,
    /// PostgreSQL's binary form.
    Binary,
}

impl CopyFormat {
    fn options(self) -> &'static str {
        match self {
            CopyFormat::Csv => "FORMAT csv",
            CopyFormat::CsvWithHeader => "FORMAT csv, HEADER",
            CopyFormat::Text => "FORMAT text",
            CopyFormat::Binary => "FORMAT binary",
        }
    }
}

/// The settings that values are written as text by, and what each is to be, so that the text is read back as the same value.
const EXACT: [(&str, &str); 3] =
    [("DateStyle", "ISO"), ("IntervalStyle", "postgres"), ("extra_float_digits", "1")];

/// The statements that set the values of a select as settings of the transaction, and the COPY that takes them from there.
pub(crate) fn copy_out(select: &Rendered, format: CopyFormat) -> (Vec<Rendered>, Rendered) {
    let body = with_settings(&select.text.sql, &select.parameters);
    let mut copy = Renderer::new();
    copy.push(&format!("COPY ({body}) TO STDOUT ({})", format.options()));
    copy.out.moments.clone_from(&select.text.moments);
    copy.out.has_secrets = select.text.has_secrets;
    let copy = Rendered { at: select.at, ..copy.finish() };
    if select.parameters.iter().all(Parameter::is_null) {
        // What goes before the first statement of a transaction does not go before COPY.
        return (vec![settings_of(["1".to_owned()].into_iter())], copy);
    }
    let kept = |name: &str| format!("orm.copy_{name}");
    let exact = EXACT.iter().map(|(name, exact)| {
        let keep = format!("set_config('{}', current_setting('{name}'), TRUE)", kept(name));
        format!("{keep}, set_config('{name}', '{exact}', TRUE)")
    });
    let back = EXACT
        .iter()
        .map(|(name, _)| format!("set_config('{name}', current_setting('{}'), TRUE)", kept(name)));
    // Each a statement of its own: how a value is written may be worked out when its statement is planned.
    let statements = [settings_of(exact), settings_of_values(select), settings_of(back)];
    (statements.into(), copy)
}

fn settings_of(settings: impl Iterator<Item = String>) -> Rendered {
    let mut out = Renderer::new();
    out.push("SELECT ");
    out.separated(", ", settings, |this, setting| this.push(&setting));
    out.finish()
}

fn settings_of_values(select: &Rendered) -> Rendered {
    let mut settings = Renderer::new();
    settings.push("SELECT 1");
    for (nth, parameter) in select.parameters.iter().enumerate().filter(|(_, parameter)| !parameter.is_null())
    {
        settings.push(&format!(", set_config('{}', CAST(", setting(nth)));
        settings.push(&format!("${}", settings.parameters.len() + 1));
        settings.parameters.push(parameter.clone());
        settings.push(" AS text), TRUE)");
    }
    settings.out.has_secrets = select.text.has_secrets;
    settings.finish()
}

fn setting(nth: usize) -> String {
    format!("orm.copy_{nth}")
}

/// A statement with the settings in place of its parameters.
fn with_settings(sql: &str, parameters: &[Parameter]) -> String {
    let mut out = String::with_capacity(sql.len() + parameters.len() * 50);
    for piece in pieces(without_end(sql)) {
        match piece {
            Piece::Parameter(text, number) => match number.checked_sub(1) {
                Some(nth) if nth < parameters.len() => out.push_str(&value(nth, &parameters[nth])),
                _ => out.push_str(text),
            },
            piece => out.push_str(piece.text()),
        }
    }
    out
}

/// The value of a parameter from its setting.
fn value(nth: usize, parameter: &Parameter) -> String {
    let ty = parameter.sent_type();
    let ty = ty.sent_as.unwrap_or(ty.name);
    match parameter.is_null() {
        true => format!("CAST(NULL AS {ty})"),
        false => format!("CAST(current_setting('{}') AS {ty})", setting(nth)),
    }
}

#[cfg(test)]
mod tests {
    use super::with_settings;
    use crate::types::Parameter;

    #[test]
    fn a_comment_and_a_semicolon_at_the_end_are_left_out() {
        assert_eq!(with_settings("SELECT /* $1 */ 1; -- it's $1", &[]), "SELECT /* $1 */ 1");
    }

    #[test]
    fn parameters_are_settings_and_quoted_text_stays() {
        let parameters = [Parameter::new(1_i64), Parameter::new(None::<String>)];
        assert_eq!(
            with_settings("SELECT '$1', \"a$2\"\"\" WHERE a = $1 AND b = $2::x", &parameters),
            "SELECT '$1', \"a$2\"\"\" WHERE a = CAST(current_setting('orm.copy_0') AS bigint) AND b = CAST(NULL AS text)::x"
        );
    }
}
