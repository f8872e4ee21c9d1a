//! Both databases have the same tables: columns with their types and defaults, keys, indexes.

use std::collections::BTreeSet;
use std::str::FromStr;

use guetteur_store::Store;
use guetteur_testkit::db::TestDatabase;
use sqlx::{ConnectOptions, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

/// What a schema consists of, a line each, in words that are those of both databases.
pub(crate) type Schema = BTreeSet<String>;

/// Where each table is described.
const TABLES: &str = include_str!("../../../../docs/database.md");

#[tokio::test]
async fn both_schemas_are_the_same() {
    let (sqlite, postgres) = (TestDatabase::sqlite(), TestDatabase::postgres());
    for database in [&sqlite, &postgres] {
        Store::open(database.url()).await.expect("migrated from empty").close().await;
    }
    let (sqlite, postgres) = (of_sqlite(sqlite.url()).await, of_postgres(postgres.url()).await);
    let only = |one: &Schema, other: &Schema| one.difference(other).cloned().collect::<Vec<_>>();
    // PostgreSQL numbers the changes of acts by a sequence.
    let mut of_sqlite_alone = only(&sqlite, &postgres);
    of_sqlite_alone
        .retain(|line| !line.starts_with("counters.") && line != "unique counters (name)");
    assert_eq!(of_sqlite_alone, only(&postgres, &sqlite), "left: SQLite's alone");
    for line in [
        "acts.revision number not null",
        "passes.failed_pages number not null default 0",
        "unique bulletins (url)",
        "unique fetches (bulletin_id, document_sha256)",
        "index fetches_by_document on fetches (document_sha256)",
    ] {
        assert!(sqlite.contains(line), "{line}: {sqlite:#?}");
    }
    for line in &sqlite {
        let table = line.split(['.', ' ']).next().unwrap_or_default();
        let is_table = !matches!(table, "unique" | "index");
        assert!(!is_table || table.ends_with('s'), "tables are plural: {line}");
        let told = TABLES.contains(&format!("| `{table}` |"));
        assert!(!is_table || told, "docs/database.md does not name {table}");
    }
}

/// The schema of an SQLite file.
pub(crate) async fn of_sqlite(url: &str) -> Schema {
    let options = SqliteConnectOptions::from_str(url).expect("address");
    let mut connection = options.connect().await.expect("connects");
    let columns: Vec<(String, String, String, bool, Option<String>)> = sqlx::query_as(
        "SELECT m.name, c.name, c.type, c.\"notnull\" OR c.pk, c.dflt_value \
         FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx%'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("columns");
    let unique: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, columns FROM (SELECT m.name, i.name, group_concat(c.name, ', ') AS columns \
         FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c \
         WHERE m.type = 'table' AND i.\"unique\" AND m.name NOT LIKE '_sqlx%' \
         GROUP BY m.name, i.name) UNION SELECT m.name, c.name FROM sqlite_master m, \
         pragma_table_info(m.name) c WHERE m.type = 'table' AND c.pk AND c.name = 'id'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("keys");
    let indexes: Vec<(String,)> = sqlx::query_as(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("indexes");
    lines(columns, unique, indexes)
}

/// The schema of a PostgreSQL database.
pub(crate) async fn of_postgres(url: &str) -> Schema {
    let options = PgConnectOptions::from_str(url).expect("address");
    let mut connection = options.connect().await.expect("connects");
    let columns: Vec<(String, String, String, bool, Option<String>)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'NO', \
         column_default::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("columns");
    let unique: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.relname::text, string_agg(a.attname, ', ' ORDER BY k.nth) FROM pg_index i \
         JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace, \
         unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, nth) \
         JOIN pg_attribute a ON a.attnum = k.attnum \
         WHERE a.attrelid = i.indrelid AND i.indisunique AND n.nspname = 'public' \
         AND t.relname NOT LIKE '\\_sqlx%' GROUP BY i.indexrelid, t.relname",
    )
    .fetch_all(&mut connection)
    .await
    .expect("keys");
    let indexes: Vec<(String,)> = sqlx::query_as(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
         AND indexdef NOT LIKE 'CREATE UNIQUE%'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("indexes");
    lines(columns, unique, indexes)
}

fn lines(
    columns: Vec<(String, String, String, bool, Option<String>)>,
    unique: Vec<(String, String)>,
    indexes: Vec<(String,)>,
) -> Schema {
    let column = |(table, column, kind, required, default): (String, String, String, bool, _)| {
        let kind = kind_of(&table, &column, &kind);
        let required = if required { " not null" } else { "" };
        let default: Option<String> = default;
        let default = default.map(|value| format!(" default {}", plain(&value)));
        format!("{table}.{column} {kind}{required}{}", default.unwrap_or_default())
    };
    let columns = columns.into_iter().map(column);
    let unique = unique.into_iter().map(|(table, columns)| format!("unique {table} ({columns})"));
    let indexes = indexes.into_iter().map(|(sql,)| index(&sql));
    columns.chain(unique).chain(indexes).collect()
}

/// What a column holds. SQLite keeps times, days and JSON as text: names and this list tell them.
fn kind_of(table: &str, column: &str, kind: &str) -> &'static str {
    const JSON: [&str; 10] = [
        "acts.title_span",
        "acts.segments",
        "acts.facts",
        "acts.announced",
        "acts.pdf_changes",
        "flags.evidence",
        "bulletins.outside_pages",
        "messages.payload",
        "reviews.value",
        "reviews.was",
    ];
    const BOOLEAN: [&str; 7] = [
        "acts.flagged",
        "flags.to_check",
        "bulletins.awaited",
        "masks.keeps_pdf",
        "documents.cut_short",
        "subscriptions.renewals",
        "subscriptions.still_watching",
    ];
    let name = format!("{table}.{column}");
    let is_json = JSON.contains(&name.as_str());
    let is_boolean = BOOLEAN.contains(&name.as_str());
    match kind.to_lowercase().as_str() {
        "timestamp with time zone" => "time",
        "date" => "day",
        "jsonb" => "json",
        "boolean" => "boolean",
        "text" if is_json => "json",
        "text" if ["_at", "_until", "_since"].iter().any(|end| column.ends_with(end)) => "time",
        "text" if column.ends_with("_on") => "day",
        "text" => "text",
        "integer" if is_boolean => "boolean",
        "integer" | "bigint" => "number",
        "real" => "real",
        "blob" | "bytea" => "bytes",
        other => panic!("{name} is {other}"),
    }
}

/// A default without its cast; PostgreSQL's FALSE is SQLite's 0.
fn plain(value: &str) -> String {
    let value = value.split("::").next().unwrap_or_default();
    if value.eq_ignore_ascii_case("false") { "0".to_owned() } else { value.to_owned() }
}

/// An index in the words of neither database.
fn index(sql: &str) -> String {
    let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let sql = sql.replace("CREATE INDEX", "index").replace(" ON ", " on ");
    let sql = sql.replace("public.", "").replace(" USING btree", "").replace(" NULLS LAST", "");
    let (head, condition) = sql.split_once(" WHERE ").unwrap_or((&sql, ""));
    let condition = condition.replace("= ANY", "IN").replace("ARRAY", "").replace("::text", "");
    let condition: String = condition.chars().filter(|c| !"()[]".contains(*c)).collect();
    let condition = condition.split_whitespace().collect::<Vec<_>>().join(" ");
    if condition.is_empty() { head.to_owned() } else { format!("{head} where {condition}") }
}
