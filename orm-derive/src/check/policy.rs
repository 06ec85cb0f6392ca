//! Checks what is said of who sees and writes which rows.

use super::{name, twice};
use crate::ast::{Command, Model, Policy, Text};
use crate::mistake::Mistakes;

pub(super) fn check(model: &Model, mistakes: &mut Mistakes) {
    for policy in &model.policies {
        name("policy", &policy.name, mistakes);
        if let Some(role) = &policy.role {
            name("role", role, mistakes);
        }
        conditions(policy, mistakes);
    }
    twice(model.policies.iter().map(|policy| &policy.name), "policy", mistakes);
}

fn conditions(policy: &Policy, mistakes: &mut Mistakes) {
    let Policy { command, using, check, .. } = policy;
    match (command, using, check) {
        (Command::Insert, Some(using), _) => mistakes.at(
            using.span,
            "a policy for `insert` is about rows that are not there yet: write this condition as `check = \"..\"`",
        ),
        (Command::Select | Command::Delete, _, Some(check)) => mistakes.at(
            check.span,
            "a policy for `select` or `delete` is about rows that are there: write this condition as `using = \"..\"`",
        ),
        (_, None, None) => mistakes.at(
            policy.name.span,
            "a policy has a condition for the rows that are there, those that are written, or both: write `using = \"..\"` \
             or `check = \"..\"`",
        ),
        _ => {}
    }
    for Text { value, span } in [using, check].into_iter().flatten() {
        if value.trim().is_empty() {
            mistakes.at(*span, "expected an SQL condition: write, for example, `owner = current_user`");
        }
    }
}
