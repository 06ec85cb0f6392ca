//! Parses the value of an item; where it does not fit, says what to write instead.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ExprPath, Lit, LitStr, Path, Token};

use super::item::{Item, ItemValue, quoted};
use crate::ast::{Action, Deferrable, Generated, Target, Text};
use crate::mistake::Mistakes;
use crate::name::{similar, snake};

/// A key that stands alone.
pub(super) fn flag(item: &Item, mistakes: &mut Mistakes) -> Option<Span> {
    if let ItemValue::Nothing = item.value {
        return Some(item.key.span());
    }
    let key = &item.key;
    mistakes.on(item, format!("`{key}` takes no value: write `{key}`"));
    None
}

/// A string in quotes; `example` is shown where nothing fits better.
pub(super) fn string(item: &Item, example: &str, mistakes: &mut Mistakes) -> Option<Text> {
    if let ItemValue::Equals(value) = &item.value
        && let Ok(literal) = syn::parse2::<LitStr>(value.clone())
    {
        return Some(Text { value: literal.value(), span: literal.span() });
    }
    let meant = match &item.value {
        ItemValue::Equals(value) if !value.to_string().contains('"') => text(value),
        ItemValue::List(value) => text(value).trim_matches('"').to_owned(),
        _ => example.to_owned(),
    };
    let meant = if meant.is_empty() { example } else { &meant };
    wrong(item, mistakes, format!("expected a string: write `{} = \"{meant}\"`", item.key));
    None
}

/// SQL in quotes, or a number or truth value as it is.
pub(super) fn default(item: &Item, mistakes: &mut Mistakes) -> Option<Text> {
    if let ItemValue::Equals(value) = &item.value
        && plain_value.parse2(value.clone()).is_ok()
    {
        let span = value.clone().into_iter().next().map_or_else(|| item.key.span(), |token| token.span());
        return Some(Text { value: text(value).replace(' ', ""), span });
    }
    string(item, "now()", mistakes)
}

/// A number, also a negative one, or a truth value, without a type behind it.
fn plain_value(input: ParseStream<'_>) -> syn::Result<()> {
    let negative = input.parse::<Option<Token![-]>>()?.is_some();
    let suffix = match input.parse::<Lit>()? {
        Lit::Int(number) => number.suffix().to_owned(),
        Lit::Float(number) => number.suffix().to_owned(),
        Lit::Bool(_) if !negative => String::new(),
        other => return Err(syn::Error::new_spanned(other, "no plain value")),
    };
    if suffix.is_empty() { Ok(()) } else { Err(input.error("a type behind a number")) }
}

/// A name without quotes.
pub(super) fn word(item: &Item, example: &str, mistakes: &mut Mistakes) -> Option<Ident> {
    if let ItemValue::Equals(value) = &item.value {
        if let Ok(name) = syn::parse2::<Ident>(value.clone()) {
            return Some(name);
        }
        if let Ok(literal) = syn::parse2::<LitStr>(value.clone())
            && syn::parse_str::<Ident>(&literal.value()).is_ok()
        {
            let message =
                format!("expected a name without quotes: write `{} = {}`", item.key, literal.value());
            mistakes.on(value, message);
            return None;
        }
    }
    wrong(item, mistakes, format!("expected a name: write `{} = {example}`", item.key));
    None
}

/// A column of a model, `User.id`.
pub(super) fn target(item: &Item, mistakes: &mut Mistakes) -> Option<Target> {
    let key = &item.key;
    let written = match &item.value {
        ItemValue::Equals(value) => match parse_target.parse2(value.clone()) {
            Ok(target) => return Some(target),
            Err(_) => value,
        },
        ItemValue::List(value) => value,
        ItemValue::Nothing => {
            mistakes.on(key, format!("expected a column of a model: write `{key} = User.id`"));
            return None;
        }
    };
    let target_text = match syn::parse2::<LitStr>(written.clone()) {
        Ok(literal) => literal.value(),
        Err(_) => text(written),
    };
    let meant = meant_target(&target_text);
    let shown = meant.as_deref().unwrap_or("User.id");
    wrong(item, mistakes, format!("expected a column of a model: write `{key} = {shown}`"));
    parse_target.parse_str(&meant?).ok()
}

fn parse_target(input: ParseStream<'_>) -> syn::Result<Target> {
    let model = Path::parse_mod_style(input)?;
    input.parse::<Token![.]>()?;
    Ok(Target { model, column: input.parse()? })
}

/// `User.id` for `User`, `User::id`, `"User.id"` and `User(id)`.
fn meant_target(written: &str) -> Option<String> {
    let dotted = written.replace('(', ".").replace(')', "");
    if parse_target.parse_str(&dotted).is_ok() {
        return Some(dotted);
    }
    Path::parse_mod_style.parse_str(written).ok()?;
    Some(match written.rsplit_once("::") {
        Some((model, column)) if column.starts_with(char::is_lowercase) => format!("{model}.{column}"),
        _ => format!("{written}.id"),
    })
}

/// What happens when the referenced row changes.
pub(super) fn action(item: &Item, mistakes: &mut Mistakes) -> Option<(Action, Span)> {
    let key = &item.key;
    let written = match &item.value {
        ItemValue::Equals(value) => value,
        _ => {
            wrong(item, mistakes, format!("expected what happens: write `{key} = cascade`"));
            return None;
        }
    };
    if let Ok(word) = syn::parse2::<Ident>(written.clone())
        && let Some((_, action)) = Action::ALL.iter().find(|(name, _)| word == name)
    {
        return Some((*action, word.span()));
    }
    let names = Action::ALL.map(|(name, _)| name);
    let plain = text(written).trim_matches('"').replace(' ', "_");
    let plain = if plain.chars().any(char::is_lowercase) { snake(&plain) } else { plain.to_lowercase() };
    let message = match similar(&plain, &names) {
        Some(name) => format!("expected what happens: write `{key} = {name}`"),
        None => format!("`{key}` is one of {}, not `{}`", quoted(&names), text(written)),
    };
    wrong(item, mistakes, message);
    None
}

/// `generated`, `generated = by_default`, or `generated = always`.
pub(super) fn generated(item: &Item, mistakes: &mut Mistakes) -> Option<(Generated, Span)> {
    const WORDS: [(&str, Generated); 2] =
        [("always", Generated::Always), ("by_default", Generated::ByDefault)];
    if let ItemValue::Nothing = item.value {
        return Some((Generated::ByDefault, item.key.span()));
    }
    if let ItemValue::Equals(value) = &item.value
        && let Ok(word) = syn::parse2::<Ident>(value.clone())
        && let Some((_, found)) = WORDS.iter().find(|(name, _)| word == name)
    {
        return Some((*found, item.key.span()));
    }
    wrong(
        item,
        mistakes,
        "an identity is numbered by the database: write `generated` or `generated = always`; SQL is a `default` or \
         `computed`",
    );
    None
}

/// `deferrable`, or `deferrable = initially_deferred`.
pub(super) fn deferrable(item: &Item, mistakes: &mut Mistakes) -> Option<(Deferrable, Span)> {
    let written = match &item.value {
        ItemValue::Nothing => return Some((Deferrable::InitiallyImmediate, item.key.span())),
        ItemValue::Equals(value) | ItemValue::List(value) => value,
    };
    if let ItemValue::Equals(_) = item.value
        && let Ok(word) = syn::parse2::<Ident>(written.clone())
        && let Some((_, found)) = Deferrable::ALL.iter().find(|(name, _)| word == name)
    {
        return Some((*found, item.key.span()));
    }
    let message = "a constraint is checked at the end of a transaction that says so, or of every transaction: write \
                   `deferrable` or `deferrable = initially_deferred`";
    wrong(item, mistakes, message);
    None
}

/// A function, by its path.
pub(super) fn function(item: &Item, mistakes: &mut Mistakes) -> Option<ExprPath> {
    let ItemValue::Equals(value) = &item.value else {
        wrong(item, mistakes, format!("expected a function: write `{} = Uuid::now_v7`", item.key));
        return None;
    };
    if let Ok(path) = syn::parse2(value.clone()) {
        return Some(path);
    }
    let written = text(value);
    let bare = written.trim_matches('"').trim_end_matches("()");
    let meant = if syn::parse_str::<ExprPath>(bare).is_ok() { bare } else { "Uuid::now_v7" };
    wrong(
        item,
        mistakes,
        format!("expected a function without arguments, by its name: write `{} = {meant}`", item.key),
    );
    None
}

/// Where generated code finds orm-core, if nothing is said.
pub(super) fn default_root() -> TokenStream {
    quote!(::orm_core)
}

/// `crate = path`.
pub(super) fn set_root(root: &mut TokenStream, item: &Item, mistakes: &mut Mistakes) {
    if let ItemValue::Equals(value) = &item.value {
        if let Ok(path) = Path::parse_mod_style.parse2(value.clone()) {
            *root = path.to_token_stream();
            return;
        }
        if let Ok(literal) = syn::parse2::<LitStr>(value.clone())
            && Path::parse_mod_style.parse_str(&literal.value()).is_ok()
        {
            let message = format!("expected a path without quotes: write `crate = {}`", literal.value());
            return mistakes.on(value, message);
        }
    }
    wrong(item, mistakes, "expected the path of orm-core: write `crate = my_crate::orm_core`");
}

/// Reports a value that does not fit, on the value if there is one.
pub(super) fn wrong(item: &Item, mistakes: &mut Mistakes, message: impl std::fmt::Display) {
    match &item.value {
        ItemValue::Equals(value) => mistakes.on(value, message),
        ItemValue::Nothing | ItemValue::List(_) => mistakes.on(item, message),
    }
}

/// Tokens as a person would write them.
pub(super) fn text(tokens: &TokenStream) -> String {
    let spaced = tokens.to_string();
    let close =
        [(" :: ", "::"), (":: ", "::"), (" . ", "."), (". ", "."), (" (", "("), ("( ", "("), (" )", ")")];
    close.iter().fold(spaced, |text, (from, to)| text.replace(from, to))
}

/// An identifier's name, without `r#`.
pub(super) fn plain(name: &Ident) -> Text {
    Text { value: name.unraw().to_string(), span: name.span() }
}

/// What is documented.
pub(super) fn docs(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect()
}
