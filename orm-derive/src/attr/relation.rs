//! Reads the relations of a model that other models' foreign keys make.

use syn::Path;
use syn::parse::Parser;

use super::item::{Item, ItemValue, split};
use super::value;
use crate::ast::{Related, RelatedKind, Target};
use crate::mistake::Mistakes;

/// `has_many(posts = Post.user_id, ..)`.
pub(super) fn has_many(item: Item, mistakes: &mut Mistakes) -> Vec<Related> {
    by_key(item, "has_many(posts = Post.user_id)", RelatedKind::Many, mistakes)
}

/// `has_one(profile = Profile.user_id, ..)`.
pub(super) fn has_one(item: Item, mistakes: &mut Mistakes) -> Vec<Related> {
    by_key(item, "has_one(profile = Profile.user_id)", RelatedKind::One, mistakes)
}

fn by_key(item: Item, form: &str, kind: fn(Target) -> RelatedKind, mistakes: &mut Mistakes) -> Vec<Related> {
    let ItemValue::List(list) = item.value else {
        mistakes.on(item, format!("expected a list of relations: write `{form}`"));
        return Vec::new();
    };
    let relations = split(list, mistakes);
    if relations.is_empty() {
        mistakes.on(&item.key, format!("expected a relation: write `{form}`"));
    }
    let relation = |relation: Item| {
        let key = value::target(&relation, mistakes)?;
        Some(Related { name: relation.key, kind: kind(key) })
    };
    relations.into_iter().filter_map(relation).collect()
}

/// `many_to_many(tags = Tag, through = PostTag)`, with `from = PostTag.post_id, to = PostTag.tag_id` where that is not clear.
pub(super) fn many_to_many(item: Item, mistakes: &mut Mistakes) -> Option<Related> {
    const FORM: &str =
        "expected a relation and the model between: write `many_to_many(tags = Tag, through = PostTag)`";
    let ItemValue::List(list) = item.value else {
        mistakes.on(item, FORM);
        return None;
    };
    let (mut relation, mut through, mut from, mut to) = (None, None, None, None);
    for part in split(list, mistakes) {
        match part.key.to_string().as_str() {
            "through" => through = model(&part, FORM, mistakes),
            "from" => from = value::target(&part, mistakes),
            "to" => to = value::target(&part, mistakes),
            _ if relation.is_none() => relation = Some((model(&part, FORM, mistakes)?, part.key)),
            _ => {
                mistakes.on(
                    &part.key,
                    "one relation a `many_to_many`: write `many_to_many(..)` again for another",
                );
            }
        }
    }
    let named = match (from, to) {
        (Some(from), Some(to)) => Some((from, to)),
        (None, None) => None,
        _ => {
            mistakes.on(
                &item.key,
                "`from` and `to` go together: write `from = PostTag.post_id, to = PostTag.tag_id`",
            );
            return None;
        }
    };
    match (relation, through) {
        (Some((model, name)), Some(through)) => {
            Some(Related { name, kind: RelatedKind::Through { model, through, named } })
        }
        _ => {
            mistakes.on(&item.key, FORM);
            None
        }
    }
}

fn model(item: &Item, form: &str, mistakes: &mut Mistakes) -> Option<Path> {
    if let ItemValue::Equals(value) = &item.value
        && let Ok(path) = Path::parse_mod_style.parse2(value.clone())
    {
        return Some(path);
    }
    value::wrong(item, mistakes, form);
    None
}
