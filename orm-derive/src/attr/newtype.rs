//! Reads a struct of one field.

use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Index, Member, Type};

use super::item::{Place, items};
use super::value;
use crate::ast::{Domain, Newtype, last_segment};
use crate::mistake::Mistakes;
use crate::name::snake;

const PLACE: Place =
    Place { name: "a column type", keys: &["domain", "check", "crate"], repeated: &[], other: None };

/// The struct as written; `None` if no column type can be made of it.
pub(crate) fn newtype(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Newtype> {
    let name = &input.ident;
    let mut root = value::default_root();
    let (mut domain, mut check) = (None, None);
    for mut item in items(&input.attrs, &PLACE, mistakes) {
        match PLACE.key(&mut item.key, mistakes) {
            Some("domain") => domain = value::string(&item, &snake(&name.unraw().to_string()), mistakes),
            Some("check") => check = value::string(&item, "VALUE > 0", mistakes),
            Some(_) => value::set_root(&mut root, &item, mistakes),
            None => {}
        }
    }
    if let (None, Some(check)) = (&domain, &check) {
        let example = snake(&name.unraw().to_string());
        mistakes.at(check.span, format!("a check is that of a domain: write `domain = \"{example}\"` too"));
    }
    let domain = domain.map(|name| Domain { name, check });
    let generic = !input.generics.params.is_empty();
    if generic {
        mistakes.on(
            &input.generics,
            "a column type has no type parameters or lifetimes: a column holds values of one owned type",
        );
    }
    let Data::Struct(data) = &input.data else {
        let instead = match &input.data {
            Data::Enum(_) => "for an enum of PostgreSQL write `#[derive(Enum)]`".to_owned(),
            _ => format!("write `struct {name}(i64);`"),
        };
        mistakes.on(name, format!("`#[derive(ColumnType)]` needs a struct of one field: {instead}"));
        return None;
    };
    let mut fields = data.fields.iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        mistakes.on(
            name,
            format!(
                "`#[derive(ColumnType)]` needs a struct of one field, and `{name}` has {}: write `struct {name}(i64);`, \
                 or keep it in a `Json` column",
                data.fields.len()
            ),
        );
        return None;
    };
    if is_option(&field.ty) {
        mistakes.on(
            &field.ty,
            format!("a column type is never NULL by itself: write `Option<{name}>` where it is used"),
        );
        return None;
    }
    let member = field.ident.clone().map_or_else(|| Member::Unnamed(Index::from(0)), Member::Named);
    (!generic).then(|| Newtype { name: name.clone(), root, field: member, inner: field.ty.clone(), domain })
}

fn is_option(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last.ident == "Option" && !last.arguments.is_none())
}
