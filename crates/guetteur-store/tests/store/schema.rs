//! Both databases have the same tables with the same columns.

use std::collections::BTreeSet;
use std::str::FromStr;

use guetteur_store::Store;
use guetteur_testkit::db::TestDatabase;
use sqlx::{ConnectOptions, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

type Columns = BTreeSet<(String, String, bool)>;

#[tokio::test]
async fn both_schemas_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (TestDatabase::sqlite(), TestDatabase::postgres());
    for database in [&sqlite, &postgres] {
        Store::open(database.url()).await.expect("migrated from empty").close().await;
    }
    let columns = sqlite_columns(sqlite.url()).await;
    assert!(columns.iter().any(|(table, column, _)| table == "acts" && column == "revision"));
    assert_eq!(columns, postgres_columns(postgres.url()).await);
    for (table, _, _) in &columns {
        assert!(table.ends_with('s'), "tables are plural: {table}");
    }
}

async fn sqlite_columns(url: &str) -> Columns {
    let options = SqliteConnectOptions::from_str(url).expect("address");
    let mut connection = options.connect().await.expect("connects");
    let rows: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT m.name, c.name, c.\"notnull\" FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx%'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("columns");
    rows.into_iter().map(normal).collect()
}

async fn postgres_columns(url: &str) -> Columns {
    let options = PgConnectOptions::from_str(url).expect("address");
    let mut connection = options.connect().await.expect("connects");
    let rows: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, is_nullable = 'NO' \
         FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("columns");
    rows.into_iter().map(normal).collect()
}

/// SQLite does not report the primary key `id` as NOT NULL.
fn normal((table, column, required): (String, String, bool)) -> (String, String, bool) {
    let required = required || column == "id";
    (table, column, required)
}
