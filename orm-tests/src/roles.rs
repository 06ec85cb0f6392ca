//! Roles beside that of the URL, which belong to the whole server.

use crate::Database;

/// A role without login that the role of the URL is a member of.
pub const MEMBER: &str = "orm_tests_member";

/// A role that it is no member of, unless it is a superuser.
pub const STRANGER: &str = "orm_tests_stranger";

// Tests of several programs may make them at the same moment.
const MAKE: &str = "DO $$ DECLARE made text; BEGIN \
    FOREACH made IN ARRAY ARRAY['orm_tests_member', 'orm_tests_stranger'] LOOP \
        BEGIN \
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = made) THEN EXECUTE 'CREATE ROLE ' || made; END IF; \
        EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL; END; \
    END LOOP; \
    BEGIN \
        IF NOT pg_has_role('orm_tests_member', 'MEMBER') THEN \
            EXECUTE 'GRANT orm_tests_member TO ' || quote_ident(current_user); \
        END IF; \
    EXCEPTION WHEN insufficient_privilege OR undefined_object OR unique_violation THEN NULL; END; \
    END $$";

const THERE: &str = "SELECT FROM pg_roles WHERE rolname = 'orm_tests_stranger' \
    AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'orm_tests_member' AND pg_has_role(oid, 'MEMBER'))";

impl Database {
    /// Whether there are [`MEMBER`] and [`STRANGER`], made here if that is allowed.
    ///
    /// # Panics
    ///
    /// With the server's words, when it refuses something else.
    pub async fn has_roles(&self) -> bool {
        self.execute(MAKE).await;
        !self.query_text(THERE).await.is_empty()
    }

    /// Whether the role of the URL is a superuser, who has every right, and for whom no row policy holds.
    pub async fn is_superuser(&self) -> bool {
        self.query_text("SELECT current_setting('is_superuser')").await == [[Some("on".to_owned())]]
    }
}
