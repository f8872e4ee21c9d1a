//! What is PostgreSQL's own; the statements are shared.

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Connection = sqlx::PgConnection;

/// Claims run side by side: each passes over the rows that another is taking.
pub(crate) const CLAIM_LOCK: &str = " FOR UPDATE SKIP LOCKED";
/// Waits for those who noted a change, and makes others wait.
pub(crate) const LOCK_COUNTS: &str =
    "LOCK TABLE source_count_changes, source_counts IN SHARE ROW EXCLUSIVE MODE";
pub(crate) const VERSION: &str = "SELECT 'PostgreSQL ' || current_setting('server_version')";
pub(crate) const SIZE: &str = "SELECT pg_database_size(current_database())";
/// Whether any migration was ever applied.
pub(crate) const HAS_HISTORY: &str = "SELECT count(*) FROM pg_tables \
     WHERE schemaname = current_schema() AND tablename = '_sqlx_migrations'";
pub(crate) const BEFORE_RELEASE: &str =
    include_str!("../../../migrations/postgres/before_release/20260924000000.sql");

#[path = "statements/mod.rs"]
pub(crate) mod statements;
