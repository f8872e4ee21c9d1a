//! What is SQLite's own; the statements are shared.

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Connection = sqlx::SqliteConnection;

/// One writer at a time: nothing to skip.
pub(crate) const CLAIM_LOCK: &str = "";
/// The transaction that writes is alone already.
pub(crate) const LOCK_COUNTS: &str = "SELECT 1";
/// The first of so many numbers for changes of acts: with one writer they are committed in order.
pub(crate) const NEXT_REVISIONS: &str = "UPDATE counters SET value = value + $1 \
     WHERE name = 'act_revision' RETURNING value - $1 + 1";
pub(crate) const SETTLED_REVISION: &str = "SELECT value FROM counters WHERE name = 'act_revision'";
/// `guetteur restore` throws the index away that belongs to the file before.
pub(crate) const LINEAGE: &str = "SELECT ''";
/// Goes on after every number that the database knows.
pub(crate) const CONTINUE_REVISIONS: &str = "UPDATE counters SET value = known.value FROM \
     (SELECT max(COALESCE((SELECT max(revision) FROM acts), 0), \
             COALESCE((SELECT max(told_revision) FROM subscriptions), 0)) AS value) AS known \
     WHERE name = 'act_revision' AND counters.value < known.value";
pub(crate) const VERSION: &str = "SELECT 'SQLite ' || sqlite_version()";
pub(crate) const SIZE: &str =
    "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
/// Whether any migration was ever applied.
pub(crate) const HAS_HISTORY: &str =
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
pub(crate) const BEFORE_RELEASE: &str =
    include_str!("../../../migrations/sqlite/before_release/20260924000000.sql");

/// Columns of all tables: table, name, type, place in the primary key or 0.
pub(crate) const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.pk \
     FROM sqlite_master m, pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND m.name <> 'moves_under_way' \
     ORDER BY m.name, c.cid";
/// References between tables: table, column, table it refers to.
pub(crate) const REFERENCES: &str = "SELECT m.name, f.\"from\", f.\"table\" \
     FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
/// AUTOINCREMENT does it.
pub(crate) const CONTINUE_NUMBERS: &str = "SELECT 1";

#[path = "statements/mod.rs"]
pub(crate) mod statements;
