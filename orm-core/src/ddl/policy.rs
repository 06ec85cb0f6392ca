//! Row policies as SQL text.

use crate::schema::{Policy, RowSecurity, TableMeta, quoted};

/// The statements that give a new table its policies.
pub(super) fn create(table: &TableMeta) -> Vec<String> {
    let path = table.path();
    let security = match table.row_security {
        RowSecurity::Disabled => return Vec::new(),
        RowSecurity::Enabled => "ENABLE ROW LEVEL SECURITY",
        RowSecurity::Forced => "ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    };
    let policies = table.policies.iter().map(|policy| {
        let mut text = format!("CREATE POLICY {} ON {path} {}", quoted(policy.name), terms(policy));
        if let Some(sql) = policy.using {
            text.push_str(&format!(" USING ({sql})"));
        }
        if let Some(sql) = policy.check {
            text.push_str(&format!(" WITH CHECK ({sql})"));
        }
        text
    });
    [format!("ALTER TABLE {path} {security}")].into_iter().chain(policies).collect()
}

/// For what and whom a policy is.
fn terms(policy: &Policy) -> String {
    let kind = if policy.restrictive { "RESTRICTIVE" } else { "PERMISSIVE" };
    let role = policy.role.map_or_else(|| "PUBLIC".to_owned(), quoted);
    format!("AS {kind} FOR {} TO {role}", policy.command.sql())
}
