//! The schema's history, embedded: `migrations/sqlite` and `migrations/postgres`, same version
//! and name on both sides. Their folders `before_release` lead there from databases made before.

use include_dir::{Dir, include_dir};
use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

static SQLITE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations/sqlite");
static POSTGRES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations/postgres");

/// Migrations of SQLite.
pub(crate) fn sqlite() -> Result<Migrator, MigrateError> {
    migrator(&SQLITE)
}

/// Migrations of PostgreSQL.
pub(crate) fn postgres() -> Result<Migrator, MigrateError> {
    migrator(&POSTGRES)
}

fn migrator(folder: &'static Dir<'static>) -> Result<Migrator, MigrateError> {
    let migrations = folder.files().map(|file| {
        let name = file.path().to_string_lossy();
        let parsed = name.strip_suffix(".sql").and_then(|stem| stem.split_once('_'));
        let (version, description) = parsed
            .and_then(|(version, rest)| Some((version.parse().ok()?, rest.replace('_', " "))))
            .ok_or_else(|| MigrateError::Source(format!("bad migration name: {name}").into()))?;
        let sql = file.contents_utf8().ok_or_else(|| {
            MigrateError::Source(format!("migration not in UTF-8: {name}").into())
        })?;
        let kind = MigrationType::Simple;
        Ok(Migration::new(version, description.into(), kind, sql.into_sql_str(), false))
    });
    Ok(Migrator::with_migrations(migrations.collect::<Result<_, MigrateError>>()?))
}

/// The migration that makes the tables.
pub(crate) fn schema(migrator: &Migrator) -> Result<&Migration, MigrateError> {
    migrator.iter().next().ok_or_else(|| MigrateError::Source("no migrations".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_have_the_same_versions_and_names() {
        let names = |migrator: Migrator| -> Vec<(i64, String)> {
            migrator.iter().map(|m| (m.version, m.description.to_string())).collect()
        };
        let sqlite = names(sqlite().expect("sqlite"));
        assert_eq!(sqlite, names(postgres().expect("postgres")));
        assert!(!sqlite.is_empty());
        for (version, _) in sqlite {
            assert_eq!(version.to_string().len(), 14, "YYYYMMDDHHMMSS: {version}");
        }
    }
}
