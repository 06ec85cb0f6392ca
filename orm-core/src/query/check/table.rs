//! Checks derived tables and CTEs.

use std::panic::Location;

use super::scope::{Scope, implied, reference};
use super::{called, delete_at, insert_at, raw_at, refuse, select_at, update_at};
use crate::error::Error;
use crate::query::ast::{Body, BodyKind, Content, Select, Source};
use crate::query::resolve::Resolved;

/// Checks what stands in WITH; `may_write` says whether it is known that a CTE of the statement changes rows.
pub(super) fn with(resolved: &Resolved, may_write: bool) -> Result<(), Error> {
    for (nth, (body, level)) in resolved.with.iter().enumerate() {
        if resolved.with[..nth].iter().any(|(other, _)| other.name == body.name) {
            return Err(refuse(
                format!(
                    "two different CTEs of this statement are called \"{0}\": give one another name, or make it once and \
                     use `&{0}` of it twice",
                    body.name
                ),
                body.at,
            ));
        }
        if let Some(hidden) =
            resolved.tables().find(|table| table.schema.is_none() && table.name == body.name)
        {
            return Err(refuse(
                format!(
                    "this CTE is called \"{}\" as the table of `{}`, which the statement uses too and could no longer see: \
                     give it another name",
                    body.name, hidden.entity
                ),
                body.at,
            ));
        }
        if !may_write && matches!(body.content, Content::Insert(_) | Content::Update(_) | Content::Delete(_))
        {
            return Err(refuse(
                format!(
                    "the CTE \"{0}\" changes rows, which an INSERT knows of in its select alone: insert the rows of a select \
                     that reads it, by `.from_select(..)`, or that names it with `.add_cte(&{0})`",
                    body.name
                ),
                body.at,
            ));
        }
        content(body, resolved, *level, None)?;
    }
    Ok(())
}

/// Checks that each name of a table that the statement makes stands for one.
pub(super) fn are_one(select: &Select) -> Result<(), Error> {
    let bodies = select.bodies();
    match bodies
        .iter()
        .enumerate()
        .find(|(nth, (source, _))| bodies[..*nth].iter().any(|(other, _)| other == source))
    {
        None => Ok(()),
        Some((_, (source, body))) => Err(refuse(
            format!(
                "two tables that this statement makes are called \"{}\": give one of them another name",
                source.name()
            ),
            body.at,
        )),
    }
}

/// Checks that a table of which some rows are taken is one of the statement.
pub(super) fn samples(select: &Select, scope: &Scope<'_>) -> Result<(), Error> {
    let mut samples = select.bodies().iter().filter(|(_, body)| body.kind == BodyKind::Sampled);
    samples.try_for_each(|(source, body)| match &body.content {
        Content::Refused(why) => Err(refuse(why.to_string(), body.at)),
        _ if scope.sources().contains(source) => Ok(()),
        _ => Err(scope.missing(*source, "`.table_sample(..)`", body.at)),
    })
}

/// Checks what stands behind the sources of a statement.
pub(super) fn bodies(scope: &Scope<'_>, at: &'static Location<'static>) -> Result<(), Error> {
    for (source, body, level) in scope.own_level().bodies() {
        if let Content::Select(select) = &body.content {
            sees_nothing_beside(body, select, level, scope)?;
        }
        if let Content::Function(_) = &body.content {
            stands_behind(source, level, scope, at)?;
        }
        match body.kind {
            BodyKind::Derived => content(body, scope.resolved(), level, None)?,
            BodyKind::Lateral => content(body, scope.resolved(), level, Some(scope))?,
            BodyKind::Cte(_) | BodyKind::Recursive | BodyKind::Itself | BodyKind::Sampled => {}
        }
        if let Content::Refused(why) = &body.content {
            return Err(refuse(why.to_string(), at));
        }
    }
    Ok(())
}

/// A function in FROM sees the tables before it.
fn stands_behind(
    function: Source,
    level: usize,
    scope: &Scope<'_>,
    at: &'static Location<'static>,
) -> Result<(), Error> {
    let (own, used) = (scope.own_level(), &scope.resolved().level(level).outside);
    let is_before = |source: Source| {
        own.before(function).any(|before| before == source) || !own.has(source) && scope.sees(source)
    };
    let Some(used) = used.iter().copied().find(|used| !is_before(*used)) else { return Ok(()) };
    let (name, table) = (function.name(), reference(used));
    Err(refuse(
        format!(
            "the function \"{name}\" uses {}, which it sees only where that stands before it: `.select_from({table})`, and \
             then `.cross_join(&{name})`",
            called(used)
        ),
        at,
    ))
}

/// A table beside it, or of a statement around that, which only its conditions name would be another one inside, without a word.
fn sees_nothing_beside(body: &Body, select: &Select, level: usize, scope: &Scope<'_>) -> Result<(), Error> {
    if body.is_in_with() {
        return Ok(());
    }
    let inside = implied(select, &scope.resolved().level(level).from);
    let Some(beside) = inside.into_iter().find(|source| scope.sees(*source)) else {
        return Ok(());
    };
    let (name, entity) = (body.name, reference(beside));
    let remedy = match body.kind {
        BodyKind::Lateral => {
            format!("it sees the rows of those before it only: join \"{name}\" behind {entity}")
        }
        _ => format!("with `.lateral(\"{name}\")` it sees the row beside it"),
    };
    Err(refuse(
        format!(
            "\"{name}\" uses {} in its conditions only, which also stands beside it: {remedy}; to have a `{entity}` of its \
             own, add `.join({entity}, ..)` inside",
            called(beside)
        ),
        body.at,
    ))
}

fn content(body: &Body, resolved: &Resolved, level: usize, parent: Option<&Scope<'_>>) -> Result<(), Error> {
    match &body.content {
        Content::Select(select) => select_at(select, resolved, level, parent),
        Content::Recursive(recursive) => {
            let arms = [&recursive.first, &recursive.step].into_iter().zip(&resolved.level(level).arms);
            arms.into_iter().try_for_each(|(arm, level)| select_at(arm, resolved, *level, parent))
        }
        Content::Insert(insert) => insert_at(insert, resolved, level),
        Content::Update(update) => update_at(update, resolved, level),
        Content::Delete(delete) => delete_at(delete, resolved, level),
        Content::Raw(raw) => raw_at(raw, resolved, level, parent),
        Content::Function(function) => match parent {
            Some(scope) => {
                let clause = "the arguments of a function in FROM";
                scope.covers(&function.call, clause, body.at)?;
                super::plain(&function.call, clause, body.at)
            }
            None => Ok(()),
        },
        Content::Refused(why) => Err(refuse(why.to_string(), body.at)),
        Content::Itself | Content::Rows(_) | Content::Sample(_) => Ok(()),
    }
}
