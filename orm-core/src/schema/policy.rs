//! Which rows a role sees and may write.

/// Whether row policies hold for a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSecurity {
    /// They do not.
    Disabled,
    /// For all but the owner of the table, superusers and roles with BYPASSRLS.
    Enabled,
    /// For the owner too.
    Forced,
}

/// A row policy.
#[derive(Debug)]
pub struct Policy {
    /// Its name.
    pub name: &'static str,
    /// What it is asked for.
    pub command: PolicyCommand,
    /// Whether a row has to fulfil it besides another policy that lets it pass.
    pub restrictive: bool,
    /// The role it holds for; `None` is every role.
    pub role: Option<&'static str>,
    /// A condition, in SQL, for the rows that are there: those that it does not hold for are not seen.
    pub using: Option<&'static str>,
    /// A condition, in SQL, for the rows that are written; without one, that of `using`.
    pub check: Option<&'static str>,
}

/// What a policy is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyCommand {
    /// Every statement.
    All,
    /// What reads rows.
    Select,
    /// An INSERT.
    Insert,
    /// An UPDATE.
    Update,
    /// A DELETE.
    Delete,
}

impl PolicyCommand {
    /// The word of SQL.
    pub fn sql(self) -> &'static str {
        match self {
            PolicyCommand::All => "ALL",
            PolicyCommand::Select => "SELECT",
            PolicyCommand::Insert => "INSERT",
            PolicyCommand::Update => "UPDATE",
            PolicyCommand::Delete => "DELETE",
        }
    }
}
