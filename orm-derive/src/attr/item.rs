//! Splits the attributes of one struct, field or variant into items: `key`, `key = value`, `key(..)`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Meta};

use crate::mistake::Mistakes;
use crate::name::{advice, similar};

/// One item of an attribute.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) key: Ident,
    pub(super) value: ItemValue,
}

/// What stands behind the key.
#[derive(Debug)]
pub(super) enum ItemValue {
    /// `key`
    Nothing,
    /// `key = value`
    Equals(TokenStream),
    /// `key(..)`
    List(TokenStream),
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.key.to_tokens(tokens);
        match &self.value {
            ItemValue::Nothing => {}
            ItemValue::Equals(value) | ItemValue::List(value) => value.to_tokens(tokens),
        }
    }
}

/// Where attributes stand, and which keys are known there.
pub(super) struct Place {
    /// `a model`, `a field`.
    pub(super) name: &'static str,
    pub(super) keys: &'static [&'static str],
    /// Those that may be given several times.
    pub(super) repeated: &'static [&'static str],
    /// Another place, and its keys, for keys that went astray.
    pub(super) other: Option<(&'static str, &'static [&'static str])>,
}

impl Place {
    /// The key as it is known here; one that is not is reported, and taken for what was probably meant.
    pub(super) fn key(&self, written: &mut Ident, mistakes: &mut Mistakes) -> Option<&'static str> {
        let text = written.to_string();
        if let Some(known) = self.keys.iter().find(|known| **known == text) {
            return Some(known);
        }
        if let Some((other, _)) = self.other.filter(|(_, keys)| keys.contains(&text.as_str())) {
            mistakes.on(&*written, format!("`{text}` belongs on {other}, not on {}", self.name));
            return None;
        }
        let advice = advice(&text);
        let meant = if advice.is_some() { None } else { similar(&text, self.keys) };
        let question = meant.map(|name| format!("did you mean `{name}`?"));
        let hint = question.as_deref().or(advice).map(|hint| format!(": {hint}"));
        mistakes.on(
            &*written,
            format!(
                "{} has no attribute `{text}`{} (known here: {})",
                self.name,
                hint.unwrap_or_default(),
                quoted(self.keys)
            ),
        );
        // What is said of its value shows the right name.
        *written = Ident::new(meant?, written.span());
        meant
    }
}

/// Names as an error shows them.
pub(super) fn quoted(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// The items of all `#[orm(..)]` among some attributes; each key once, unless it may be repeated there.
pub(super) fn items(attributes: &[Attribute], place: &Place, mistakes: &mut Mistakes) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("orm")) {
        match &attribute.meta {
            Meta::List(list) => {
                for item in split(list.tokens.clone(), mistakes) {
                    let repeated = place.repeated.iter().any(|key| item.key == key);
                    if !repeated && found.iter().any(|earlier| earlier.key == item.key) {
                        mistakes.on(&item.key, format!("`{}` is given twice: keep one", item.key));
                    } else {
                        found.push(item);
                    }
                }
            }
            other => mistakes.on(other, "expected a list of attributes: write `#[orm(..)]`"),
        }
    }
    found
}

/// The items of a list, divided by commas.
pub(super) fn split(tokens: TokenStream, mistakes: &mut Mistakes) -> Vec<Item> {
    let parts = commas(tokens, mistakes);
    parts.into_iter().filter_map(|part| item(part, mistakes)).collect()
}

/// The parts of a list, divided by commas.
pub(super) fn commas(tokens: TokenStream, mistakes: &mut Mistakes) -> Vec<Vec<TokenTree>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                if part.is_empty() {
                    mistakes.on(comma, "expected an attribute before this comma");
                } else {
                    parts.push(std::mem::take(&mut part));
                }
            }
            token => part.push(token),
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

pub(super) fn item(tokens: Vec<TokenTree>, mistakes: &mut Mistakes) -> Option<Item> {
    let mut tokens = tokens.into_iter();
    let key = match tokens.next()? {
        TokenTree::Ident(key) => key,
        other => {
            mistakes.on(other, "expected the name of an attribute");
            return None;
        }
    };
    let value = match tokens.next() {
        None => ItemValue::Nothing,
        Some(TokenTree::Punct(equals)) if equals.as_char() == '=' => {
            let value: TokenStream = tokens.by_ref().collect();
            if value.is_empty() {
                mistakes.on(equals, format!("expected a value after `{key} =`"));
                return None;
            }
            ItemValue::Equals(value)
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            ItemValue::List(group.stream())
        }
        Some(other) => {
            mistakes.on(other, format!("expected a comma after `{key}`"));
            return None;
        }
    };
    if let Some(rest) = tokens.next() {
        mistakes.on(rest, "expected a comma before this");
    }
    Some(Item { key, value })
}
