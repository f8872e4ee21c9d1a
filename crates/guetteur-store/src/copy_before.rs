//! The copy of an SQLite file that is made before migrations rewrite what it holds.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::migrate::{Migration, Migrator};
use sqlx::{AssertSqlSafe, SqlitePool};

use crate::sqlite::HAS_HISTORY;

/// Statements that change or drop rows that are there.
const REWRITING: [&str; 4] = ["UPDATE", "DELETE", "DROP", "INSERT"];

/// Makes `PATH.avant-migration-VERSION` where `path` holds data that pending migrations rewrite, unless
/// it is there, and removes those of earlier versions.
///
/// # Errors
/// When the copy cannot be made, with what to do.
pub(crate) async fn copy(
    write: &SqlitePool,
    path: &Path,
    migrator: &Migrator,
) -> Result<(), String> {
    let pending = pending(write, migrator).await.map_err(|error| error.to_string())?;
    let Some(last) = pending.iter().rev().find(|migration| rewrites(migration)) else {
        return Ok(());
    };
    let to = with_suffix(path, &format!("{SUFFIX}{}", last.version));
    if to.exists() {
        return Ok(());
    }
    make(write, path, &to).await.map_err(|why| {
        format!(
            "the copy before the migration, {}, could not be made: {why}. Free some space there; or \
             copy the database elsewhere and put an empty file at that name",
            to.display()
        )
    })
}

const SUFFIX: &str = ".avant-migration-";

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Migrations that a database with data still lacks; none of a new one.
async fn pending<'m>(
    write: &SqlitePool,
    migrator: &'m Migrator,
) -> Result<Vec<&'m Migration>, sqlx::Error> {
    let has_history: i64 = sqlx::query_scalar(HAS_HISTORY).fetch_one(write).await?;
    if has_history == 0 {
        return Ok(Vec::new());
    }
    let done: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations").fetch_all(write).await?;
    Ok(migrator.iter().filter(|migration| !done.contains(&migration.version)).collect())
}

fn rewrites(migration: &Migration) -> bool {
    let lines = migration.sql.as_str().lines();
    lines.filter_map(|line| line.split_whitespace().next()).any(|word| REWRITING.contains(&word))
}

/// Written under another name first: half a copy never passes for one. Of two processes that start
/// together the first one's stands, which was made before either migrated.
async fn make(write: &SqlitePool, path: &Path, to: &Path) -> Result<(), String> {
    let part = with_suffix(to, &format!(".{}", std::process::id()));
    // What a process of that number left half-made.
    drop(std::fs::remove_file(&part));
    let text = part.to_str().ok_or("its name is not UTF-8")?.replace('\'', "''");
    let sql = AssertSqlSafe(format!("VACUUM INTO '{text}'"));
    let copied = sqlx::raw_sql(sql).execute(write).await.map_err(|error| error.to_string());
    let kept = copied.and_then(|_| keep(&part, to).map_err(|error| error.to_string()));
    drop(std::fs::remove_file(&part));
    kept?;
    forget_older(path, to);
    Ok(())
}

fn keep(part: &Path, to: &Path) -> io::Result<()> {
    std::fs::File::open(part)?.sync_all()?;
    match std::fs::hard_link(part, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Not every disk has links.
        Err(_) => std::fs::rename(part, to),
        Ok(()) => Ok(()),
    }
}

/// One copy is kept: the newest. What cannot be removed costs space alone.
fn forget_older(path: &Path, newest: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut start = name.to_owned();
    start.push(SUFFIX);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_copy = entry.file_name().as_encoded_bytes().starts_with(start.as_encoded_bytes());
        if is_copy && Some(entry.file_name().as_os_str()) != newest.file_name() {
            drop(std::fs::remove_file(entry.path()));
        }
    }
}
