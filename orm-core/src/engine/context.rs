//! Settings and a role that are set at the start of each transaction of an engine.

use crate::error::Error;
use crate::schema::{LONGEST_NAME, literal, quoted};

/// Settings and a role that statements run with; for [`Engine::with`](super::Engine::with).
///
/// It is made for row policies: `current_setting('app.tenant')` in a policy reads what was set here.
///
/// ```
/// use orm_core::engine::Context;
///
/// let context = Context::new().set("app.tenant", 42).role("web_user");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "`engine.with(context)` gives the engine that uses it"]
pub struct Context {
    settings: Vec<(String, String)>,
    role: Option<String>,
}

impl Context {
    /// A context that changes nothing.
    ///
    /// ```
    /// use orm_core::engine::Context;
    /// let nothing = Context::new();
    /// ```
    pub fn new() -> Context {
        Context::default()
    }

    /// Sets a setting: one of your own, whose name has a dot (`app.tenant`), or one of the server's that the login may
    /// change (`search_path`, `statement_timeout`, `TimeZone`). `None` is the empty text. If a name is set twice, the last
    /// value counts.
    ///
    /// The value is sent as a quoted literal, so that any text is safe.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// use orm_core::engine::Context;
    /// let tenant = engine.with(Context::new().set("app.tenant", 42));
    /// let users = tenant.all(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(mut self, name: impl Into<String>, value: impl SettingValue) -> Context {
        let (name, value) = (name.into(), value.into_setting());
        // Names of settings are case-insensitive.
        match self.settings.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(&name)) {
            Some((_, old)) => *old = value,
            None => self.settings.push((name, value)),
        }
        self
    }

    /// Runs statements as this role, with its rights and its row policies; the login has to be a member of it. `none` is
    /// the login itself. Settings are set by the login, before the role.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// use orm_core::engine::Context;
    /// let web = engine.with(Context::new().role("web_user"));
    /// let users = web.all(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn role(mut self, name: impl Into<String>) -> Context {
        self.role = Some(name.into());
        self
    }

    /// This context, overridden by another.
    pub(super) fn and(self, other: Context) -> Context {
        let role = other.role.or(self.role);
        let settings = self.settings;
        other.settings.into_iter().fold(Context { settings, role }, |all, (name, value)| all.set(name, value))
    }

    /// The role and the search path, on which the database's answers about tables depend.
    pub(super) fn point_of_view(&self) -> Option<(String, String)> {
        let path = self.settings.iter().find(|(name, _)| name.eq_ignore_ascii_case("search_path"));
        let path = path.map(|(_, path)| path.clone());
        if self.role.is_none() && path.is_none() {
            return None;
        }
        Some((self.role.clone().unwrap_or_default(), path.unwrap_or_default()))
    }

    /// The SQL that sets all of it until the end of the transaction; `None` if there is nothing to set.
    pub(super) fn sql(&self) -> Result<Option<String>, Error> {
        let settings = self.settings.iter().map(|(name, value)| {
            check_name(name)?;
            if value.contains('\0') {
                return Err(Error::configuration(format!(
                    "the value of the setting \"{name}\" has the character NUL, which PostgreSQL takes in no text: remove it"
                )));
            }
            Ok(format!("set_config({}, {}, true)", literal(name), literal(value)))
        });
        let settings = settings.collect::<Result<Vec<_>, Error>>()?;
        let settings = (!settings.is_empty()).then(|| format!("SELECT {}", settings.join(", ")));
        let role = self.role.as_deref().map(set_role).transpose()?;
        let parts: Vec<_> = settings.into_iter().chain(role).collect();
        Ok((!parts.is_empty()).then(|| parts.join("; ")))
    }
}

fn set_role(role: &str) -> Result<String, Error> {
    let refused = if role.is_empty() {
        "is empty".to_owned()
    } else if role.contains('\0') {
        "has the character NUL".to_owned()
    } else if role.len() > LONGEST_NAME {
        format!("has {} bytes, PostgreSQL keeps {LONGEST_NAME} of a name", role.len())
    } else {
        return Ok(format!("SET LOCAL ROLE {}", quoted(role)));
    };
    Err(Error::configuration(format!(
        "the role {role:?} of the context {refused}: expected the name of a role"
    )))
}

/// Refuses names that server versions treat differently, and those that have a method of their own.
fn check_name(name: &str) -> Result<(), Error> {
    let is_name = |part: &str| {
        let mut bytes = part.bytes();
        bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii())
            && bytes
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii())
    };
    let lower = name.to_ascii_lowercase();
    let instead = if name.len() > LONGEST_NAME || !name.split('.').all(is_name) {
        "expected letters, digits and `_`, with a dot in a name of your own, such as `app.tenant`"
    } else if lower == "role" {
        "use `Context::role`"
    } else if lower == "session_authorization" {
        "the login stays what it is: use `Context::role`"
    } else if lower.starts_with("transaction_") {
        "use `transaction_mode`, or `begin_with`"
    } else {
        return Ok(());
    };
    Err(Error::configuration(format!("the context cannot set {name:?}: {instead}")))
}

/// What a setting can be set to: text, numbers, `bool`, `Uuid`, and `Option` of these, whose `None` is the empty text.
#[diagnostic::on_unimplemented(
    message = "a setting cannot be set to `{Self}`",
    label = "expected text, a number, `bool`, `Uuid`, or an `Option` of these",
    note = "of another type write the text that the server is to have: `.to_string()`"
)]
pub trait SettingValue {
    /// The text that the server gets.
    fn into_setting(self) -> String;
}

impl<T: SettingValue> SettingValue for Option<T> {
    fn into_setting(self) -> String {
        self.map(SettingValue::into_setting).unwrap_or_default()
    }
}

macro_rules! setting_values {
    ($($ty:ty),*) => {
        $(impl SettingValue for $ty {
            fn into_setting(self) -> String {
                self.to_string()
            }
        })*
    };
}
setting_values!(&str, &String, String, bool, i16, i32, i64, u16, u32, u64, f32, f64);
#[cfg(feature = "uuid")]
setting_values!(uuid::Uuid);

#[cfg(test)]
mod tests {
    use super::Context;

    fn sql(context: Context) -> String {
        context.sql().expect("a context").unwrap_or_default()
    }

    #[test]
    fn settings_are_set_for_the_transaction_and_the_role_behind_them() {
        let context = Context::new().role("web_user").set("app.tenant", 7).set("search_path", "a, b");
        assert_eq!(
            sql(context),
            "SELECT set_config('app.tenant', '7', true), set_config('search_path', 'a, b', true); \
             SET LOCAL ROLE \"web_user\""
        );
        assert_eq!(sql(Context::new()), "");
        assert_eq!(sql(Context::new().role("none")), "SET LOCAL ROLE \"none\"");
    }

    #[test]
    fn values_are_quoted_whatever_is_in_them() {
        let context = Context::new().set("app.a", "it's; \\'").set("app.b", "").set("app.c", None::<i64>);
        assert_eq!(
            sql(context),
            "SELECT set_config('app.a', E'it''s; \\\\''', true), set_config('app.b', '', true), \
             set_config('app.c', '', true)"
        );
        assert_eq!(sql(Context::new().role("a\"b")), "SET LOCAL ROLE \"a\"\"b\"");
    }

    #[test]
    fn the_last_value_of_a_name_counts() {
        let context = Context::new().set("app.a", 1).set("App.A", Some(true));
        assert_eq!(sql(context), "SELECT set_config('app.a', 'true', true)");
        let outer = Context::new().set("app.a", 1).set("app.b", 1).role("one");
        let both = outer.clone().and(Context::new().set("app.b", 2));
        assert_eq!(both, Context::new().set("app.a", 1).set("app.b", 2).role("one"));
        assert_eq!(outer.and(Context::new().role("two")).role.as_deref(), Some("two"));
    }

    #[test]
    fn what_no_context_can_be_is_told() {
        for (context, expected) in [
            (Context::new().set("app tenant", 1), "cannot set \"app tenant\": expected letters"),
            (Context::new().set("", 1), "cannot set \"\""),
            (Context::new().set("app.", 1), "cannot set \"app.\""),
            (Context::new().set("app.'x", 1), "cannot set \"app.'x\""),
            (Context::new().set(format!("app.{}", "x".repeat(60)), 1), "cannot set \"app.xxx"),
            (Context::new().set("Role", "x"), "use `Context::role`"),
            (Context::new().set("session_authorization", "x"), "use `Context::role`"),
            (Context::new().set("transaction_read_only", true), "use `transaction_mode`"),
            (Context::new().set("app.a", "a\0b"), "NUL"),
            (Context::new().role(""), "is empty"),
            (Context::new().role("a\0b"), "NUL"),
            (Context::new().role("x".repeat(64)), "has 64 bytes"),
        ] {
            let error = context.sql().expect_err("refused").to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn what_is_known_of_tables_depends_on_role_and_search_path_alone() {
        assert_eq!(Context::new().set("app.tenant", 1).point_of_view(), None);
        assert!(Context::new().role("a").point_of_view() != Context::new().role("b").point_of_view());
        assert!(Context::new().set("Search_Path", "a").point_of_view().is_some());
    }
}
