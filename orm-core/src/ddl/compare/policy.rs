//! Compares row policies.

use super::{DifferenceKind, Pair};
use crate::ddl::Difference;
use crate::ddl::live::LivePolicy;
use crate::schema::{Policy, RowSecurity, quoted};

/// Of a model that says nothing of row security nothing is compared.
pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Difference>) {
    let Pair { table, relation, .. } = *pair;
    if table.row_security == RowSecurity::Disabled {
        return;
    }
    if table.row_security != relation.row_security {
        let message = format!(
            "expected row level security of {} to be {}, found it {}",
            table.path(),
            state(table.row_security),
            state(relation.row_security)
        );
        found.push(Difference::of_table(DifferenceKind::RowSecurity, table, &message));
    }
    let mut tell =
        |message: String| found.push(Difference::of_table(DifferenceKind::Policy, table, &message));
    for policy in table.policies {
        let what = format!("the policy {} of {}", quoted(policy.name), table.path());
        match relation.policies.iter().find(|live| live.name == policy.name) {
            None => tell(format!("expected {what}, found none")),
            Some(live) => differences(policy, live).into_iter().for_each(|(expected, found)| {
                tell(format!("expected {what} to be {expected}, found {found}"));
            }),
        }
    }
    // One more lets more rows pass, or fewer.
    for live in &relation.policies {
        if !table.policies.iter().any(|policy| policy.name == live.name) {
            let name = quoted(&live.name);
            tell(format!("expected no policy {name} of {}, found one {}", table.path(), of_live(live)));
        }
    }
}

fn state(security: RowSecurity) -> &'static str {
    match security {
        RowSecurity::Disabled => "disabled",
        RowSecurity::Enabled => "enabled",
        RowSecurity::Forced => "forced for the owner too",
    }
}

/// What was expected, and what is there instead.
fn differences(policy: &Policy, live: &LivePolicy) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let role = policy.role.unwrap_or("public");
    let expected = terms(policy.restrictive, policy.command.sql(), &[role.to_owned()]);
    let there = terms(live.restrictive, &live.command, &live.roles);
    if expected != there {
        found.push((expected, there));
    }
    let conditions = [("USING", policy.using, &live.using), ("WITH CHECK", policy.check, &live.check)];
    for (word, expected, there) in conditions {
        if differs(expected, there.as_deref()) {
            found.push((condition(word, expected), condition(word, there.as_deref())));
        }
    }
    found
}

fn terms(restrictive: bool, command: &str, roles: &[String]) -> String {
    let kind = if restrictive { "RESTRICTIVE" } else { "PERMISSIVE" };
    format!("{kind} FOR {command} TO {}", roles.join(", "))
}

fn of_live(live: &LivePolicy) -> String {
    let terms = terms(live.restrictive, &live.command, &live.roles);
    let conditions = [("USING", &live.using), ("WITH CHECK", &live.check)];
    let conditions = conditions.iter().filter(|(_, sql)| sql.is_some());
    conditions.fold(terms, |text, (word, sql)| format!("{text} {}", condition(word, sql.as_deref())))
}

fn condition(word: &str, sql: Option<&str>) -> String {
    sql.map_or_else(|| format!("without {word}"), |sql| format!("{word} ({sql})"))
}

/// Whether two conditions are surely not the same. PostgreSQL gives them back in other words.
fn differs(expected: Option<&str>, found: Option<&str>) -> bool {
    let (Some(expected), Some(found)) = (expected, found) else { return expected != found };
    constant(expected) != constant(found) || settings(expected) != settings(found)
}

/// `true` or `false`, where it is no more than that.
fn constant(sql: &str) -> Option<bool> {
    let plain = sql.trim().trim_matches(['(', ')']).trim().to_ascii_lowercase();
    plain.parse().ok()
}

/// The settings that are asked for by their names.
fn settings(sql: &str) -> Vec<String> {
    const CALL: &str = "current_setting(";
    let plain: String = sql.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(");
    let mut found = Vec::new();
    let mut rest = plain.as_str();
    while let Some(at) = rest.to_ascii_lowercase().find(CALL) {
        rest = &rest[at + CALL.len()..];
        if let Some((name, _)) = rest.strip_prefix('\'').and_then(|rest| rest.split_once('\'')) {
            found.push(name.to_ascii_lowercase());
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::differs;

    #[test]
    fn what_postgresql_gives_back_is_known_again() {
        for (expected, found) in [
            ("tenant = current_setting( 'app.tenant' )", "(tenant = current_setting('app.tenant'::text))"),
            (
                "tenant = nullif(CURRENT_SETTING('app.tenant', true), '')::bigint",
                "(tenant = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::bigint)",
            ),
            ("TRUE", "true"),
            ("owner = current_user", "(owner = CURRENT_USER)"),
        ] {
            assert!(!differs(Some(expected), Some(found)), "{expected}");
        }
        assert!(!differs(None, None));
    }

    #[test]
    fn what_is_another_is_told_apart() {
        let tenant = "(tenant = current_setting('app.tenant'::text))";
        for (expected, found) in [
            (Some("tenant = current_setting('app.tenant')"), Some("true")),
            (Some("tenant = current_setting('app.owner')"), Some(tenant)),
            (Some("tenant = 1"), Some(tenant)),
            (Some("true"), Some("false")),
            (Some("true"), None),
            (None, Some(tenant)),
        ] {
            assert!(differs(expected, found), "{expected:?}");
        }
    }
}
