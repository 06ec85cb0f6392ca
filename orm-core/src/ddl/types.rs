//! Enum and composite types, and domains, that tables use.

use super::literal;
use super::live::{Live, LiveKind};
use crate::error::Error;
use crate::schema::{ColumnMeta, Schema, quoted};
use crate::types::{Domain, PgType};

/// The types the tables use that are no types of PostgreSQL's own, each once, and behind those it is made of.
pub(super) fn own_types(schema: &Schema) -> Vec<&'static PgType> {
    let mut found = Vec::new();
    columns(schema).for_each(|column| collect(column.ty, &mut found));
    found
}

fn collect(ty: &'static PgType, found: &mut Vec<&'static PgType>) {
    let ty = ty.element.unwrap_or(ty);
    let fields = ty.fields.unwrap_or_default();
    if (ty.labels.is_empty() && fields.is_empty()) || found.iter().any(|other| other.name == ty.name) {
        return;
    }
    fields.iter().for_each(|field| collect(field.ty, found));
    found.push(ty);
}

/// The domains that columns are of, each once.
pub(super) fn domains(schema: &Schema) -> Vec<&'static Domain> {
    let mut found: Vec<&'static Domain> = Vec::new();
    for domain in columns(schema).filter_map(|column| column.domain) {
        if !found.iter().any(|other| other.name == domain.name) {
            found.push(domain);
        }
    }
    found
}

/// The names of all of them.
pub(super) fn names(schema: &Schema) -> Vec<&'static str> {
    let types = own_types(schema).into_iter().map(|ty| ty.name);
    types.chain(domains(schema).into_iter().map(|domain| domain.name)).collect()
}

pub(super) fn create_domain(domain: &Domain) -> String {
    let check = domain.check.map(|check| format!(" CHECK ({check})")).unwrap_or_default();
    format!("CREATE DOMAIN {} AS {}{check}", domain.name, domain.base.name)
}

/// What a domain is, as it is compared with what is there: what it is over, and whether it checks.
pub(super) fn domain_content(domain: &Domain) -> String {
    with_base(&domain.base.name.replace('"', ""), domain.check.is_some())
}

fn with_base(base: &str, checks: bool) -> String {
    format!("a domain over {base} {} a check", if checks { "with" } else { "without" })
}

fn columns(schema: &Schema) -> impl Iterator<Item = &'static ColumnMeta> {
    schema.tables().iter().flat_map(|table| table.columns)
}

pub(super) fn create(ty: &PgType) -> String {
    let Some(fields) = ty.fields else {
        let labels: Vec<_> = ty.labels.iter().copied().map(literal).collect();
        return format!("CREATE TYPE {} AS ENUM ({})", ty.name, labels.join(", "));
    };
    let fields: Vec<_> =
        fields.iter().map(|field| format!("{} {}", quoted(field.name), field.ty.name)).collect();
    format!("CREATE TYPE {} AS ({})", ty.name, fields.join(", "))
}

/// A type is made once: another enum of its name would find labels it does not know, another struct other fields.
pub(super) fn one_of_a_name(schema: &Schema) -> Result<(), Error> {
    let made = own_types(schema);
    for column in columns(schema) {
        let mut used = Vec::new();
        collect(column.ty, &mut used);
        let other =
            domains(schema).into_iter().find(|other| column.domain.is_some_and(|own| own.name == other.name));
        if let (Some(other), Some(own)) = (other, column.domain)
            && (domain_content(own) != domain_content(other) || own.check != other.check)
        {
            return Err(Error::schema(format!(
                "`{column:?}` is of the domain {0} over {1}, and another type of the schema is of a domain {0} that is not the \
                 same: give one of them another name",
                own.name, own.base.name
            )));
        }
        for ty in used {
            let other = made.iter().find(|other| other.name == ty.name && content(other) != content(ty));
            if let Some(other) = other {
                return Err(Error::schema(format!(
                    "`{column:?}` is of the type {0}, {1}, and another type {0} is {2}: give one of them another name",
                    ty.name,
                    content(ty),
                    content(other)
                )));
            }
        }
    }
    Ok(())
}

/// A name means the first type that has it, and those of PostgreSQL itself come first.
pub(super) fn check(schema: &Schema, live: &Live) -> Result<(), Error> {
    for ty in own_types(schema) {
        let Some(found) = live.find_type(ty.name) else { continue };
        let what = match (&found.kind, ty.is_composite()) {
            (LiveKind::Enum(_), false) | (LiveKind::Composite(_), true) => continue,
            (_, false) => "enum",
            (_, true) => "composite",
        };
        return Err(Error::schema(format!(
            "the {what} type {} has the name of a type that is there and is not this {what}: write another with \
             `#[orm(name = \"..\")]`",
            ty.name
        )));
    }
    for domain in domains(schema) {
        let Some(found) = live.find_type(domain.name) else { continue };
        if !matches!(found.kind, LiveKind::Domain { .. }) {
            return Err(Error::schema(format!(
                "the domain {} has the name of a type that is there and is no domain: write another with \
                 `#[orm(domain = \"..\")]`",
                domain.name
            )));
        }
    }
    Ok(())
}

/// What a type is made of, as it is compared with what is there: labels, or the names of fields.
pub(super) fn content(ty: &PgType) -> String {
    match ty.fields {
        Some(fields) => with_fields(fields.iter().map(|field| field.name)),
        None => with_labels(ty.labels.iter().copied()),
    }
}

/// What a type of the database is made of.
pub(super) fn live_content(kind: &LiveKind) -> String {
    match kind {
        LiveKind::Enum(labels) => with_labels(labels.iter().map(String::as_str)),
        LiveKind::Composite(fields) => with_fields(fields.iter().map(String::as_str)),
        LiveKind::Domain { base, checks } => with_base(&base.replace('"', ""), *checks),
        LiveKind::Other => "a type that is neither an enum nor composite".to_owned(),
    }
}

fn with_labels<'a>(labels: impl Iterator<Item = &'a str>) -> String {
    format!("an enum type with the labels ({})", labels.map(literal).collect::<Vec<_>>().join(", "))
}

fn with_fields<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    format!("a composite type with the fields ({})", fields.collect::<Vec<_>>().join(", "))
}
