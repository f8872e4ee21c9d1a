//! The copy of an SQLite file that is made before migrations rewrite what it holds.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::migrate::{Migration, Migrator};
use sqlx::{AssertSqlSafe, SqlitePool};

use crate::MigrationTrouble;

const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
/// Statements that change or drop rows that are there.
const REWRITING: [&str; 4] = ["UPDATE", "DELETE", "DROP", "INSERT"];

/// Makes `PATH.avant-migration-VERSION` where `path` holds data that pending migrations rewrite, unless
/// it is there, and removes those of earlier versions.
///
/// # Errors
/// When the file is another program's, or the copy cannot be made.
pub(crate) async fn copy(
    write: &SqlitePool,
    path: &Path,
    migrator: &Migrator,
) -> Result<(), MigrationTrouble> {
    let pending = pending(write, migrator).await?;
    let Some(last) = pending.iter().rev().find(|migration| rewrites(migration)) else {
        return Ok(());
    };
    let to = with_suffix(path, &format!("{SUFFIX}{}", last.version));
    if to.exists() {
        return Ok(());
    }
    make(write, path, &to).await.map_err(|why| MigrationTrouble::Copy { to, why })
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
) -> Result<Vec<&'m Migration>, MigrationTrouble> {
    let failed = |error: sqlx::Error| MigrationTrouble::Other(error.to_string());
    let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(write).await.map_err(failed)?;
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    if !tables.iter().any(|table| table == "_sqlx_migrations") {
        return Err(MigrationTrouble::Foreign);
    }
    let applied = sqlx::query_scalar("SELECT version FROM _sqlx_migrations");
    let done: Vec<i64> = applied.fetch_all(write).await.map_err(failed)?;
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
    forget_all_but(path, Some(to));
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

/// Removes the copies that were made of `path`. What cannot be removed costs space alone.
pub fn forget_copies_before_migrations(path: &Path) {
    forget_all_but(path, None);
}

fn forget_all_but(path: &Path, kept: Option<&Path>) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut start = name.to_owned();
    start.push(SUFFIX);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_copy = entry.file_name().as_encoded_bytes().starts_with(start.as_encoded_bytes());
        if is_copy && kept.and_then(Path::file_name) != Some(&entry.file_name()) {
            drop(std::fs::remove_file(entry.path()));
        }
    }
}
