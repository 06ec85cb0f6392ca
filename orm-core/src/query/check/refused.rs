//! Says what is wrong with what a builder was given.

use super::scope::reference;
use super::{called, refuse};
use crate::error::Error;
use crate::query::ast::{Placed, Refused, Source};

pub(super) fn error(refused: &Placed<Refused>) -> Error {
    let message = match refused.content {
        Refused::RelationOf(source) => format!(
            "`.with(..)` is given a relation of {}, and no row of that is selected: take the relation of what is, such as \
             `other.posts` of `let other = User.alias(\"other\")`, or select {} too",
            called(source),
            written(source)
        ),
        Refused::RelationOfOptional(source) => format!(
            "`.with(..)` is given a relation of {}, which is selected with `.optional()` and may be missing: begin the row \
             with it, or read its relation by `load` for the rows that are there",
            called(source)
        ),
        Refused::RelatedBy(source) => format!(
            "related rows are read by a statement of their own, and {} is not in it: select a condition that compares both \
             beside the model, such as `User.posts.any(..)` or a count, or read the rows of a join",
            called(source)
        ),
        Refused::RelatedAggregate(name) => format!(
            "`.only(..)` reads something of each related row, and `{name}` is one value of many: select a subquery beside \
             the model, such as `select(func::max(Post.id)).filter(Post.user_id.eq(User.id)).scalar()`"
        ),
        Refused::LimitWithoutKey(source) => format!(
            "rows behind `.limit(..)` are asked for by their primary key, and {} has none: ask a derived table for them",
            called(source)
        ),
        Refused::JoinedPart(part) => format!(
            "a relation is joined with its `filter` alone, and this one has `.{part}(..)`: say it of the select itself, or read the \
             relation by `.with(..)`; the first rows of each are joined as a table by `.lateral(..)`"
        ),
        Refused::EmptyList => {
            "the list of what to select is empty: select one column at least, or ask `exists` or `count` for rows".to_owned()
        }
        Refused::ListBeforeOthers => "a list of what to select takes the rest of a row: write it last, `(User.id, list)`, and only \
                                     one"
            .to_owned(),
        Refused::Limit(rows) => format!("a limit of {rows} rows cannot be: it is zero or more"),
    };
    refuse(message, refused.at)
}

fn written(source: Source) -> String {
    match source.alias {
        Some(alias) if !alias.is_derived() => format!("`{}`", alias.name()),
        _ => format!("`{}`", reference(source)),
    }
}
