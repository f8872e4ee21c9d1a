//! What is PostgreSQL's own; the statements are shared.

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Connection = sqlx::PgConnection;

/// Claims run side by side: each passes over the rows that another is taking.
pub(crate) const CLAIM_LOCK: &str = " FOR UPDATE SKIP LOCKED";
/// Waits for those who noted a change, and makes others wait.
pub(crate) const LOCK_COUNTS: &str =
    "LOCK TABLE source_count_changes, source_counts IN SHARE ROW EXCLUSIVE MODE";
/// The first of so many numbers for changes of acts. Those of two transactions may be committed in
/// either order: [`SETTLED_REVISION`].
pub(crate) const NEXT_REVISIONS: &str = "SELECT take_act_revisions($1)";
/// Up to which number all changes are committed; to be asked in a statement of its own, before that
/// which reads them.
pub(crate) const SETTLED_REVISION: &str = "SELECT settled_act_revision()";
/// Which life of the database its numbers belong to.
pub(crate) const LINEAGE: &str = "SELECT act_lineage()";
/// Goes on after every number that the database knows.
pub(crate) const CONTINUE_REVISIONS: &str = "SELECT continue_act_revisions()";
pub(crate) const VERSION: &str = "SELECT 'PostgreSQL ' || current_setting('server_version')";
pub(crate) const SIZE: &str = "SELECT pg_database_size(current_database())";
/// Whether any migration was ever applied.
pub(crate) const HAS_HISTORY: &str = "SELECT count(*) FROM pg_tables \
     WHERE schemaname = current_schema() AND tablename = '_sqlx_migrations'";
pub(crate) const BEFORE_RELEASE: &str =
    include_str!("../../../migrations/postgres/before_release/20260924000000.sql");

/// Columns of all tables: table, name, type, place in the primary key or 0.
pub(crate) const COLUMNS: &str = "SELECT c.relname::text, a.attname::text, \
     format_type(a.atttypid, NULL), (COALESCE(array_position(i.indkey::smallint[], a.attnum), -1) + 1)::bigint \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
     WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname NOT LIKE '\\_sqlx%' \
     AND c.relname <> 'moves_under_way' ORDER BY c.relname, a.attnum";
/// References between tables: table, column, table it refers to.
pub(crate) const REFERENCES: &str = "SELECT c.relname::text, a.attname::text, t.relname::text \
     FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid \
     JOIN pg_class t ON t.oid = f.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
     JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] \
     WHERE f.contype = 'f' AND n.nspname = current_schema()";
/// The next number of a table's rows is one that none has.
pub(crate) const CONTINUE_NUMBERS: &str = "SELECT setval(pg_get_serial_sequence('TABLE', 'id'), \
     COALESCE(max(id), 0) + 1, FALSE) FROM TABLE";

#[path = "statements/mod.rs"]
pub(crate) mod statements;
