use guetteur_store::{Store, StoreError};

use crate::support::record;

pub(crate) async fn check_tells_version_and_schema(store: Store) {
    let check = store.check().await.expect("check");
    let name = if store.is_postgres() { "PostgreSQL 1" } else { "SQLite 3." };
    assert!(check.version.starts_with(name), "{}", check.version);
    assert!(check.schema_version >= 20_261_130_000_000);
    assert_eq!((check.pending_migrations, check.write_error), (0, None));
    assert!(check.size_bytes > 10_000);
}

/// Two processes that start together on an existing database, and one that finds it migrated.
pub(crate) async fn two_openings_at_once(store: Store) {
    let url = store.location().to_owned();
    let (one, two) = tokio::join!(Store::open(&url), Store::open(&url));
    record(&one.expect("opens"), 1).await;
    assert_eq!(two.expect("opens").totals().await.expect("totals").bulletins, 1);
}

pub(crate) async fn backup(store: Store) {
    record(&store, 3).await;
    let folder = tempfile::tempdir().expect("folder");
    let copy = folder.path().join("l'été.db");
    let result = store.backup(&copy).await;
    if store.is_postgres() {
        let error = result.expect_err("not by us").to_string();
        assert!(error.contains("pg_dump"), "{error}");
        return;
    }
    result.expect("copied");
    let restored = Store::open(&copy.display().to_string()).await.expect("opens");
    assert_eq!(restored.totals().await.expect("totals").bulletins, 3);
    let error = store.backup(&copy).await.expect_err("exists").to_string();
    assert!(error.contains("exists already"), "{error}");
    let nowhere = folder.path().join("none/copy.db");
    let error = store.backup(&nowhere).await.expect_err("no folder").to_string();
    assert!(error.contains("none/copy.db"), "{error}");
}

#[tokio::test]
async fn a_fresh_sqlite_file_may_be_opened_twice_at_once() {
    let folder = tempfile::tempdir().expect("folder");
    let url = folder.path().join("new/guetteur.db").display().to_string();
    let (one, two) = tokio::join!(Store::open(&url), Store::open(&url));
    one.expect("opens");
    two.expect("opens");
}

#[tokio::test]
async fn a_fresh_postgres_may_be_opened_twice_at_once() {
    let database = guetteur_testkit::db::TestDatabase::postgres();
    let (one, two) = tokio::join!(Store::open(database.url()), Store::open(database.url()));
    one.expect("opens").close().await;
    two.expect("opens").close().await;
}

#[tokio::test]
async fn failures_to_open_name_the_place_and_what_to_do() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "this is no database, but long enough to look like one".repeat(99))
        .expect("written");
    let below = file.join("below.db");
    let cases = [
        (file.display().to_string(), "not an SQLite database"),
        (below.display().to_string(), "below.db"),
        (folder.path().display().to_string(), "Check that"),
        ("postgres://u:secret@127.0.0.1:1/none".to_owned(), "Check that PostgreSQL runs"),
        ("http://example.org".to_owned(), "scheme"),
    ];
    for (url, expected) in cases {
        let error = Store::open(&url).await.expect_err(&url).to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
    let database = guetteur_testkit::db::TestDatabase::postgres();
    let missing = database.url().replace("guetteur_test_", "missing_");
    let error = Store::open(&missing).await.expect_err("missing");
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
    assert!(error.to_string().contains("createdb"), "{error}");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let database = guetteur_testkit::db::TestDatabase::sqlite();
    Store::open(database.url()).await.expect("opens").close().await;
    let path = database.url().trim_start_matches("sqlite:");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("connects");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (29990101000000, 'later', true, x'00', 0)",
    )
    .execute(&mut connection)
    .await
    .expect("inserted");
    let error = Store::open(database.url()).await.expect_err("newer").to_string();
    assert!(error.contains("does not know: update"), "{error}");
}
