//! Reads which rows a role sees and may write.

use proc_macro2::Span;
use syn::Ident;

use super::item::{Item, ItemValue, quoted, split};
use super::value;
use crate::ast::{Command, Policy, RowSecurity};
use crate::mistake::Mistakes;
use crate::name::similar;

const KEYS: &[&str] = &["name", "for", "to", "using", "check", "restrictive"];

/// `policy(name = "own_rows", for = select, to = "web_user", using = "..", check = "..", restrictive)`.
pub(super) fn policy(attribute: Item, mistakes: &mut Mistakes) -> Option<Policy> {
    const FORM: &str = "expected a name and a condition: write `policy(name = \"own_rows\", using = \"owner = current_user\")`";
    let ItemValue::List(list) = attribute.value else {
        mistakes.on(attribute, FORM);
        return None;
    };
    let (mut name, mut named) = (None, false);
    let (mut command, mut restrictive) = (Command::All, false);
    let (mut role, mut using, mut check) = (None, None, None);
    for part in split(list, mistakes) {
        match part.key.to_string().as_str() {
            "name" => {
                named = true;
                name = value::string(&part, "own_rows", mistakes);
            }
            "for" => command = self::command(&part, mistakes).unwrap_or(command),
            "to" => role = value::string(&part, "web_user", mistakes),
            "using" => using = value::string(&part, "owner = current_user", mistakes),
            "check" => check = value::string(&part, "owner = current_user", mistakes),
            "restrictive" => restrictive = value::flag(&part, mistakes).is_some(),
            _ => mistakes.on(&part.key, unknown(&part.key)),
        }
    }
    if !named {
        mistakes.on(&attribute.key, FORM);
    }
    Some(Policy { name: name?, command, restrictive, role, using, check })
}

fn command(part: &Item, mistakes: &mut Mistakes) -> Option<Command> {
    let words = Command::ALL.map(|(word, _)| word);
    if let ItemValue::Equals(value) = &part.value {
        let text = value.to_string();
        if let Some((_, command)) = Command::ALL.iter().find(|(word, _)| *word == text) {
            return Some(*command);
        }
        let plain = text.trim_matches('"').to_lowercase();
        if let Some(word) = words.iter().find(|word| **word == plain) {
            mistakes.on(value, format!("expected a word: write `for = {word}`"));
            return None;
        }
    }
    let message = format!("a policy is for one of {}: write `for = select`", quoted(&words));
    value::wrong(part, mistakes, message);
    None
}

fn unknown(key: &Ident) -> String {
    let meant = similar(&key.to_string(), KEYS);
    let question = meant.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
    format!(
        "{question}a policy has `name = \"..\"`, `for = select`, `to = \"role\"`, `using = \"..\"`, `check = \"..\"` and \
         `restrictive`"
    )
}

/// `row_security`, or `row_security = force`.
pub(super) fn row_security(item: &Item, mistakes: &mut Mistakes) -> Option<(RowSecurity, Span)> {
    let span = item.key.span();
    match &item.value {
        ItemValue::Nothing => return Some((RowSecurity::Enabled, span)),
        ItemValue::Equals(value) if value.to_string() == "force" => return Some((RowSecurity::Forced, span)),
        _ => {}
    }
    value::wrong(
        item,
        mistakes,
        "policies hold for all but the table's owner, or for the owner too: write `row_security` or `row_security = force`",
    );
    None
}
