//! What is SQLite's own; the statements are shared.

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Connection = sqlx::SqliteConnection;

/// One writer at a time: nothing to skip.
pub(crate) const CLAIM_LOCK: &str = "";
pub(crate) const VERSION: &str = "SELECT 'SQLite ' || sqlite_version()";
pub(crate) const SIZE: &str =
    "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";

#[path = "statements/mod.rs"]
pub(crate) mod statements;
