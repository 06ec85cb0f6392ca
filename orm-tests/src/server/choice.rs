//! Decides where the PostgreSQL server comes from.

use std::path::PathBuf;

use super::ServerError;
use super::compose;
use super::find::installed_programs;

/// What the choice of a server depends on.
#[derive(Default)]
pub(super) struct Environment {
    /// `DATABASE_URL`, where it is set and not empty.
    pub database_url: Option<String>,
    /// The folder of the installed PostgreSQL server programs.
    pub programs: Option<PathBuf>,
    /// Whether Docker answers and has Compose.
    pub docker: bool,
}

impl Environment {
    /// Asks Docker only where nothing else is there, for its answer takes long.
    pub(super) fn look() -> Environment {
        let database_url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        let programs = installed_programs();
        let docker = database_url.is_none() && programs.is_none() && compose::answers();
        Environment { database_url, programs, docker }
    }
}

/// Where the server comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// It runs already and has this URL.
    Given(String),
    /// It is started from the programs in this folder.
    Private(PathBuf),
    /// Docker Compose starts it.
    Compose,
}

pub(super) fn choose(environment: Environment) -> Result<Choice, ServerError> {
    match environment {
        Environment { database_url: Some(url), .. } => Ok(Choice::Given(url)),
        Environment { programs: Some(programs), .. } => Ok(Choice::Private(programs)),
        Environment { docker: true, .. } => Ok(Choice::Compose),
        Environment { .. } => Err(ServerError(NO_SERVER.to_owned())),
    }
}

const NO_SERVER: &str = "no PostgreSQL server to use: install the PostgreSQL server programs (initdb, pg_ctl, \
    postgres; on Debian `apt-get install postgresql`) or start Docker, and a server is started by itself; or set \
    DATABASE_URL to a server of your own, with a role that may create databases";

#[cfg(test)]
mod tests {
    use super::{Choice, Environment, choose};
    use std::path::PathBuf;

    fn everything() -> Environment {
        Environment {
            database_url: Some("postgresql://there/db".to_owned()),
            programs: Some(PathBuf::from("/programs")),
            docker: true,
        }
    }

    #[test]
    fn database_url_comes_first() {
        assert_eq!(choose(everything()), Ok(Choice::Given("postgresql://there/db".to_owned())));
    }

    #[test]
    fn installed_programs_come_before_docker() {
        let environment = Environment { database_url: None, ..everything() };
        assert_eq!(choose(environment), Ok(Choice::Private(PathBuf::from("/programs"))));
    }

    #[test]
    fn docker_comes_last() {
        let environment = Environment { docker: true, ..Environment::default() };
        assert_eq!(choose(environment), Ok(Choice::Compose));
    }

    #[test]
    fn without_a_server_the_error_names_both_ways_out() {
        let error = choose(Environment::default()).expect_err("there is no server");
        assert_eq!(
            error.to_string(),
            "no PostgreSQL server to use: install the PostgreSQL server programs (initdb, pg_ctl, postgres; on \
             Debian `apt-get install postgresql`) or start Docker, and a server is started by itself; or set \
             DATABASE_URL to a server of your own, with a role that may create databases"
        );
    }
}
