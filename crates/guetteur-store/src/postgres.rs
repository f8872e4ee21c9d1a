//! What is PostgreSQL's own; the statements are shared.

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Connection = sqlx::PgConnection;

/// Claims run side by side: each passes over the rows that another is taking.
pub(crate) const CLAIM_LOCK: &str = " FOR UPDATE SKIP LOCKED";
pub(crate) const VERSION: &str = "SELECT 'PostgreSQL ' || current_setting('server_version')";
pub(crate) const SIZE: &str = "SELECT pg_database_size(current_database())";

#[path = "statements/mod.rs"]
pub(crate) mod statements;
