//! A filled database of before the first release is brought up in place and keeps its data.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use guetteur_model::{FailureKind, Stage};
use guetteur_store::{BulletinFilter, Fate, MigrationTrouble, SourceStatus, Store, StoreError};
use guetteur_testkit::db::TestDatabase;
use sqlx::{ConnectOptions, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

use crate::schema::{Schema, of_postgres, of_sqlite};
use crate::support::{at, claim};

const ROWS: &str = include_str!("old/rows.sql");

async fn on_sqlite(url: &str, statements: &'static [&'static str]) {
    let options = SqliteConnectOptions::from_str(url).expect("address").create_if_missing(true);
    let mut connection = options.connect().await.expect("connects");
    for sql in statements {
        sqlx::raw_sql(*sql).execute(&mut connection).await.expect("runs");
    }
    sqlx::Connection::close(connection).await.expect("closed");
}

async fn on_postgres(url: &str, statements: &'static [&'static str]) {
    let options = PgConnectOptions::from_str(url).expect("address");
    let mut connection = options.connect().await.expect("connects");
    for sql in statements {
        sqlx::raw_sql(*sql).execute(&mut connection).await.expect("runs");
    }
}

#[tokio::test]
async fn a_filled_sqlite_file_is_brought_up() {
    let (old, new) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    on_sqlite(old.url(), &[include_str!("old/sqlite.sql"), ROWS]).await;
    let earlier = format!("{}.avant-migration-20260101000000", file(old.url()));
    std::fs::write(&earlier, b"of an earlier upgrade").expect("written");
    keeps_its_data(old.url()).await;
    let copies = copies_of(old.url());
    assert_eq!(copies.len(), 1, "the newest is kept: {copies:?}");
    // What was copied is as it was, and can be brought up again.
    let again = TestDatabase::sqlite();
    std::fs::copy(&copies[0], file(again.url())).expect("copied back");
    keeps_its_data(again.url()).await;
    Store::open(new.url()).await.expect("opens").close().await;
    assert!(copies_of(new.url()).is_empty(), "a new database has nothing to lose");
    same(&of_sqlite(old.url()).await, &of_sqlite(new.url()).await);
}

#[tokio::test]
async fn a_filled_postgres_database_is_brought_up_by_two_machines_at_once() {
    let (old, new) = (TestDatabase::postgres(), TestDatabase::postgres());
    on_postgres(old.url(), &[include_str!("old/postgres.sql"), ROWS]).await;
    let (one, two) = tokio::join!(Store::open(old.url()), Store::open(old.url()));
    one.expect("opens").close().await;
    two.expect("opens").close().await;
    keeps_its_data(old.url()).await;
    Store::open(new.url()).await.expect("opens").close().await;
    same(&of_postgres(old.url()).await, &of_postgres(new.url()).await);
}

fn file(url: &str) -> &str {
    url.trim_start_matches("sqlite:")
}

fn copies_of(url: &str) -> Vec<PathBuf> {
    let folder = Path::new(file(url)).parent().expect("a folder");
    let start = format!("{}.avant-migration-", file(url));
    let files =
        std::fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path());
    files.filter(|path| path.to_string_lossy().starts_with(&start)).collect()
}

#[tokio::test]
async fn without_space_for_a_copy_nothing_is_migrated() {
    let old = TestDatabase::sqlite();
    on_sqlite(old.url(), &[include_str!("old/sqlite.sql"), ROWS]).await;
    let folder = tempfile::tempdir().expect("folder");
    // A name as long as a name may be: the copy's is longer.
    let long = folder.path().join("d".repeat(230));
    std::fs::copy(file(old.url()), &long).expect("copied");
    let error = Store::open(&long.display().to_string()).await.expect_err("refused").to_string();
    assert!(
        error.contains("the copy before the migration") && error.contains("could not be made"),
        "{error}"
    );
    keeps_its_data(old.url()).await;
}

#[tokio::test]
async fn the_database_of_another_program_is_left_alone() {
    let other = TestDatabase::sqlite();
    on_sqlite(other.url(), &["CREATE TABLE invoices (id INTEGER PRIMARY KEY, due TEXT)"]).await;
    let error = Store::open(other.url()).await.expect_err("refused");
    let foreign = matches!(error, StoreError::Migrate { trouble: MigrationTrouble::Foreign, .. });
    assert!(foreign, "{error}");
    on_sqlite(other.url(), &["CREATE TABLE acts (id INTEGER)"]).await;
}

fn same(old: &Schema, new: &Schema) {
    let only = |one: &Schema, other: &Schema| one.difference(other).cloned().collect::<Vec<_>>();
    assert_eq!(only(old, new), only(new, old), "left: of the old one alone");
}

async fn keeps_its_data(url: &str) {
    let store = Store::open(url).await.expect("brought up");
    assert_eq!(store.check().await.expect("check").pending_migrations, 0);
    let totals = store.totals().await.expect("totals");
    assert_eq!((totals.bulletins, totals.documents), (2, 1));
    let mut rows =
        store.list_bulletins(&BulletinFilter::default(), 10, 0).await.expect("bulletins");
    rows.sort_by_key(|row| row.id);
    assert_eq!((rows[0].stage, rows[0].failure.clone()), (Stage::Flagged, None));
    let failed = rows[1].failure.clone().expect("a reason");
    assert_eq!(failed.kind, FailureKind::Other);
    assert!(failed.detail.starts_with("introuvable (404)"), "its words are kept: {failed:?}");
    let acts = store.acts_of_bulletin(rows[0].id).await.expect("acts");
    assert_eq!(acts.len(), 2);
    assert_eq!(acts[0].flags.len(), 1);
    let document = rows[0].document.expect("a document");
    assert_eq!(store.pages(document).await.expect("pages").len(), 2);
    let states = store.source_states().await.expect("states");
    assert_eq!(SourceStatus::of(Some(&states[0]), at(0)), SourceStatus::Broken, "until it is read");
    assert!(!store.acts_changed_since(0, 10).await.expect("changes").is_empty());

    // Work goes on where it was.
    assert_eq!(store.retry_failed(&BulletinFilter::default()).await.expect("retried"), 1);
    let claimed = claim(&store, Stage::Found, 0).await;
    assert_eq!(claimed.bulletin.id, rows[1].id);
    store.release(&claimed).await.expect("released");
    store
        .fail(&claim(&store, Stage::Found, 1).await, &failed, Fate::GivenUp(None), at(2))
        .await
        .expect("failed");
    store.close().await;
}

#[tokio::test]
async fn one_that_is_older_still_says_what_to_do() {
    const CUT: &str = "DELETE FROM _sqlx_migrations WHERE version > 20260910000000";
    let old = TestDatabase::sqlite();
    on_sqlite(old.url(), &[include_str!("old/sqlite.sql"), CUT]).await;
    let error = Store::open(old.url()).await.expect_err("too old");
    let too_old = matches!(
        error,
        StoreError::Migrate {
            trouble: MigrationTrouble::TooOld { version: 20_260_910_000_000, .. },
            ..
        }
    );
    assert!(too_old, "{error}");
}
