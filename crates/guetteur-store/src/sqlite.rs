//! What is SQLite's own; the statements are shared.

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Connection = sqlx::SqliteConnection;

/// One writer at a time: nothing to skip.
pub(crate) const CLAIM_LOCK: &str = "";
/// The transaction that writes is alone already.
pub(crate) const LOCK_COUNTS: &str = "SELECT 1";
pub(crate) const VERSION: &str = "SELECT 'SQLite ' || sqlite_version()";
pub(crate) const SIZE: &str =
    "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
/// Whether any migration was ever applied.
pub(crate) const HAS_HISTORY: &str =
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
pub(crate) const BEFORE_RELEASE: &str =
    include_str!("../../../migrations/sqlite/before_release/20260924000000.sql");

#[path = "statements/mod.rs"]
pub(crate) mod statements;
