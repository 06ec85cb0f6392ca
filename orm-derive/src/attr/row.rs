//! Reads the struct of a row with names.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::{DeriveInput, Path};

use super::item::{Item, ItemValue, Place, items};
use super::model::named_fields;
use super::value;
use crate::ast::{Row, RowContent, RowField, RowRelation};
use crate::mistake::Mistakes;

const KEYS: &[&str] = &["of", "crate"];
const FIELD_KEYS: &[&str] = &["column", "relation", "count"];
const PLACE: Place = Place { name: "a row", keys: KEYS, repeated: &[], other: Some(("a field", FIELD_KEYS)) };
const FIELD: Place =
    Place { name: "a field of a row", keys: FIELD_KEYS, repeated: &[], other: Some(("the struct", KEYS)) };

/// The row as written; `None` if it is no struct with named fields.
pub(crate) fn row(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Row> {
    let named = named_fields(input, "Row", mistakes);
    let generic = !input.generics.params.is_empty();
    if generic {
        mistakes.on(
            &input.generics,
            "a row has no type parameters or lifetimes: its fields are of fixed, owned types",
        );
    }
    let (mut root, mut of, mut of_is_unclear) = (value::default_root(), None, false);
    for mut item in items(&input.attrs, &PLACE, mistakes) {
        match PLACE.key(&mut item.key, mistakes) {
            Some("of") => {
                of = model(&item, mistakes);
                of_is_unclear = of.is_none();
            }
            Some(_) => value::set_root(&mut root, &item, mistakes),
            None => {}
        }
    }
    let named = &named?.named;
    if named.is_empty() {
        mistakes.on(&input.ident, "a row has at least one field");
    }
    let fields: Vec<_> = named.iter().filter_map(|source| field(source, of.is_some(), mistakes)).collect();
    let can_be_written = !generic && !fields.is_empty() && !of_is_unclear;
    let (name, visibility) = (input.ident.clone(), input.vis.clone());
    Some(Row { name, visibility, root, of, fields, can_be_written })
}

/// `of = User`.
fn model(item: &Item, mistakes: &mut Mistakes) -> Option<Path> {
    if let ItemValue::Equals(value) = &item.value
        && let Ok(path) = Path::parse_mod_style.parse2(value.clone())
    {
        return Some(path);
    }
    value::wrong(item, mistakes, "expected the model whose columns these are: write `of = User`");
    None
}

/// `posts`, or `posts.order_by(Post.id.desc()).limit(3)`.
fn relation(mut item: Item, mistakes: &mut Mistakes) -> Option<RowRelation> {
    let mut part = TokenStream::new();
    if let ItemValue::Equals(value) = &mut item.value {
        let mut tokens = value.clone().into_iter();
        let name = tokens.next();
        part = tokens.collect();
        let is_method = match part.clone().into_iter().next() {
            Some(TokenTree::Punct(dot)) => dot.as_char() == '.',
            other => other.is_none(),
        };
        if is_method {
            *value = name.into_iter().collect();
        }
    }
    Some(RowRelation { name: value::word(&item, "posts", mistakes)?, part })
}

fn field(source: &syn::Field, of_a_model: bool, mistakes: &mut Mistakes) -> Option<RowField> {
    let name = source.ident.clone()?;
    let (mut column, mut content) = (None, RowContent::Column);
    for mut item in items(&source.attrs, &FIELD, mistakes) {
        let Some(key) = FIELD.key(&mut item.key, mistakes) else { continue };
        match key {
            "column" if of_a_model => mistakes.on(
                &item.key,
                "the columns of a row `of` a model have the names that they have there: remove this",
            ),
            "column" => column = value::string(&item, &name.to_string(), mistakes),
            _ if !of_a_model => mistakes.on(
                &item.key,
                format!("`{key}` is a relation of a model: write `#[orm(of = User)]` on the struct, with the model"),
            ),
            "relation" => {
                let relation = match item.value {
                    ItemValue::Nothing => Some(RowRelation { name: name.clone(), part: TokenStream::new() }),
                    _ => relation(item, mistakes),
                };
                content = relation.map_or(content, RowContent::Related);
            }
            _ => content = relation(item, mistakes).map_or(content, RowContent::Count),
        }
    }
    Some(RowField { name, visibility: source.vis.clone(), ty: source.ty.clone(), column, content })
}
