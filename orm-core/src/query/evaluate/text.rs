//! Patterns and functions of text, where neither a collation nor the database's encoding has a say.

use super::arithmetic::shared;
use super::{Evaluated, Evaluation, Unevaluated};
use crate::types::Value;

/// A part of a pattern.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Any,
    One,
    Letter(char),
}

fn str_of(value: &dyn Value) -> Option<&str> {
    value.base()?.downcast_ref::<String>().map(String::as_str)
}

/// `text LIKE pattern`.
pub(super) fn like<'a>(text: &dyn Value, pattern: &dyn Value) -> Evaluation<'a> {
    let (Some(text), Some(pattern)) = (str_of(text), str_of(pattern)) else {
        return Err(Unevaluated("LIKE of what is no `String` runs on the server".into()));
    };
    let Some(parts) = parts(pattern) else {
        return Err(Unevaluated(format!(
            "LIKE {pattern:?}, which ends with an escape, is for the server to judge"
        )));
    };
    if !text.is_ascii() && parts.contains(&Part::One) {
        return Err(Unevaluated("what one character is to LIKE depends on the database's encoding".into()));
    }
    let text: Vec<char> = text.chars().collect();
    Ok(Evaluated::Truth(matches(&text, &parts)))
}

/// `None` if nothing stands behind an escape.
fn parts(pattern: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            '%' => Part::Any,
            '_' => Part::One,
            '\\' => Part::Letter(letters.next()?),
            letter => Part::Letter(letter),
        });
    }
    Some(parts)
}

fn matches(text: &[char], parts: &[Part]) -> bool {
    let (mut at, mut part) = (0, 0);
    // Where to go on if what follows the last `%` does not match: that one takes a character more.
    let mut retry = None;
    loop {
        match parts.get(part) {
            Some(Part::Any) => {
                part += 1;
                retry = Some((at, part));
                continue;
            }
            Some(Part::One) if at < text.len() => {}
            Some(Part::Letter(letter)) if text.get(at) == Some(letter) => {}
            None if at == text.len() => return true,
            _ => match retry {
                Some((from, behind)) if from < text.len() => {
                    retry = Some((from + 1, behind));
                    (at, part) = (from + 1, behind);
                    continue;
                }
                _ => return false,
            },
        }
        (at, part) = (at + 1, part + 1);
    }
}

/// `text || text`.
pub(super) fn join<'a>(text: &dyn Value, other: &dyn Value) -> Evaluation<'a> {
    match (str_of(text), str_of(other)) {
        (Some(text), Some(other)) => Ok(shared(format!("{text}{other}"))),
        _ => Err(Unevaluated("|| of what is no `String` runs on the server".into())),
    }
}

/// `length`.
pub(super) fn length<'a>(value: &dyn Value) -> Evaluation<'a> {
    match str_of(value) {
        Some(text) if text.is_ascii() => Ok(shared(i32::try_from(text.len()).unwrap_or(i32::MAX))),
        _ => Err(Unevaluated("the length of a text depends on the database's encoding".into())),
    }
}

/// `trim`: of spaces only.
pub(super) fn trim<'a>(value: &dyn Value) -> Evaluation<'a> {
    match str_of(value) {
        Some(text) => Ok(shared(text.trim_matches(' ').to_owned())),
        None => Err(Unevaluated("`trim` of what is no `String` runs on the server".into())),
    }
}
