//! An async ORM for PostgreSQL.
