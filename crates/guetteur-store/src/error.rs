//! The one error type of this crate.

use std::path::PathBuf;

use sqlx::migrate::MigrateError;

/// What went wrong with the database. Not found is never an error: it is `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A database could not be moved into another.
    #[error("moving the database failed: {reason}")]
    Move {
        /// Why, and what to do.
        reason: String,
    },
    /// The address is of no database that Guetteur knows.
    #[error(
        "« {given} » is not a database address: {reason}. Give a file path, sqlite:PATH or \
         postgres://user@host/name"
    )]
    Address {
        /// The address, passwords removed.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database could not be opened.
    #[error("opening the database {location} failed: {reason}. {}", to_open(*.trouble, .location))]
    Open {
        /// Path or address, passwords removed.
        location: String,
        /// The system's words.
        reason: String,
        /// What is wrong, where that is known.
        trouble: Option<DatabaseTrouble>,
    },
    /// The schema could not be brought to this version.
    #[error("bringing the database {location} to this version's schema failed: {trouble}")]
    Migrate {
        /// Path or address, passwords removed.
        location: String,
        /// Why.
        trouble: MigrationTrouble,
    },
    /// A statement failed.
    #[error("{doing} failed in the database: {source}{}", advice(.source))]
    Query {
        /// What was being done.
        doing: &'static str,
        /// The driver's error.
        source: sqlx::Error,
    },
    /// A row holds a value that this version cannot read.
    #[error("the database holds « {value} » in {column}, which is not valid: {reason}")]
    Inconsistent {
        /// `table.column`.
        column: &'static str,
        /// The value found.
        value: String,
        /// Why it cannot be read.
        reason: String,
    },
    /// A value could not be written as JSON.
    #[error("writing {what} as JSON failed: {source}")]
    Json {
        /// What was being written.
        what: &'static str,
        /// The serialiser's error.
        source: serde_json::Error,
    },
    /// Another worker has taken the bulletin over; nothing was written.
    #[error(
        "bulletin {bulletin} is no longer leased to {worker}: the lease ran out and another worker \
         took it; its work is dropped, the other's counts"
    )]
    LeaseLost {
        /// Id of the bulletin.
        bulletin: i64,
        /// Who believed to hold it.
        worker: String,
    },
    /// A stage was completed that the bulletin does not stand at, or without its document.
    #[error("bulletin {bulletin} cannot be marked {stage}: {reason}")]
    WrongStage {
        /// Id of the bulletin.
        bulletin: i64,
        /// The stage that was to be marked.
        stage: guetteur_model::Stage,
        /// Why not.
        reason: &'static str,
    },
    /// The database is not what it was written as.
    #[error("{location} is damaged: {said}")]
    Damaged {
        /// Which.
        location: String,
        /// What it says of itself.
        said: String,
    },
    /// The copy could not be made.
    #[error("backing up to {} failed: {trouble}", path.display())]
    Backup {
        /// Where the copy was to go.
        path: PathBuf,
        /// Why not.
        trouble: BackupTrouble,
    },
}

/// Why a schema cannot be brought to this version.
#[derive(Debug, thiserror::Error)]
pub enum MigrationTrouble {
    /// A newer program has migrated it.
    #[error("it holds migration {0}, which this program does not know: update the program")]
    Newer(i64),
    /// A migration is not the one that was applied.
    #[error("migration {0} differs from the one that was applied")]
    Edited(i64),
    /// It was made by a program of before the first release.
    #[error(
        "it stands at migration {version}; only databases at {least} can be brought up to date"
    )]
    TooOld {
        /// Where it stands.
        version: i64,
        /// Where it should at least.
        least: i64,
    },
    /// It is another program's.
    #[error("it holds tables, and none of ours: it is another program's")]
    Foreign,
    /// The copy before the migration could not be made.
    #[error("the copy before the migration, {}, could not be made: {why}", to.display())]
    Copy {
        /// Where the copy was to go.
        to: PathBuf,
        /// The system's words.
        why: String,
    },
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<MigrateError> for MigrationTrouble {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => Self::Newer(version),
            MigrateError::VersionMismatch(version) => Self::Edited(version),
            MigrateError::VersionTooOld(version, least) => Self::TooOld { version, least },
            other => Self::Other(other.to_string()),
        }
    }
}

/// Why a copy of a database could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BackupTrouble {
    /// PostgreSQL has its own tool.
    #[error("a PostgreSQL database is copied by pg_dump")]
    PostgreSql {
        /// Which, passwords removed.
        location: String,
    },
    /// Nothing is overwritten.
    #[error("the file exists already")]
    Exists,
    /// Its name cannot be given to SQLite.
    #[error("its name is not UTF-8")]
    NotUtf8,
    /// SQLite could not write it.
    #[error("{0}")]
    Failed(String),
}

impl StoreError {
    /// What is wrong with the database, where its codes tell.
    #[must_use]
    pub fn trouble(&self) -> Option<DatabaseTrouble> {
        match self {
            Self::Query { source, .. } => DatabaseTrouble::of(source),
            Self::Open { trouble, .. } => *trouble,
            _ => None,
        }
    }

    /// Whether the same call may succeed a little later: the database was busy, out of reach, or
    /// chose this transaction to end a deadlock.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let Self::Query { source, .. } = self else { return false };
        matches!(source, sqlx::Error::PoolTimedOut | sqlx::Error::Io(_))
            || matches!(DatabaseTrouble::of(source), Some(DatabaseTrouble::Busy))
    }
}

/// What is wrong with a database, told by the codes of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseTrouble {
    /// Another program holds it, or it is going down.
    Busy,
    /// No space is left.
    Full,
    /// It may not be written.
    ReadOnly,
    /// The file is something else.
    NoDatabase,
    /// The server has no database of this name.
    Missing,
    /// User or password are wrong.
    Credentials,
    /// The server has no connection left.
    Crowded,
    /// A pooler in transaction mode stands before it.
    Pooled,
}

impl DatabaseTrouble {
    /// From the driver's error.
    pub(crate) fn of(error: &sqlx::Error) -> Option<Self> {
        let code = error.as_database_error()?.code()?;
        Self::of_code(&code)
    }

    /// SQLite's codes are numbers whose last byte is the primary one; PostgreSQL's have five
    /// characters.
    fn of_code(code: &str) -> Option<Self> {
        if code.len() < 5
            && let Ok(extended) = code.parse::<u32>()
        {
            // Failed writes, and a WAL that finds no room for its index, are full disks nearly always.
            if matches!(extended, 778 | 4874) {
                return Some(Self::Full);
            }
            return match extended & 0xff {
                5 | 6 => Some(Self::Busy),
                8 => Some(Self::ReadOnly),
                13 => Some(Self::Full),
                26 => Some(Self::NoDatabase),
                _ => None,
            };
        }
        match code {
            "40001" | "40P01" | "57P01" | "57P03" => Some(Self::Busy),
            "53100" => Some(Self::Full),
            "25006" => Some(Self::ReadOnly),
            "3D000" => Some(Self::Missing),
            "28P01" | "28000" => Some(Self::Credentials),
            "53300" => Some(Self::Crowded),
            _ => None,
        }
    }
}

fn to_open(trouble: Option<DatabaseTrouble>, location: &str) -> &'static str {
    match trouble {
        Some(DatabaseTrouble::NoDatabase) => {
            "The file is there but is not an SQLite database: give another path"
        }
        Some(DatabaseTrouble::Full) => "The disk is full: free some space",
        Some(DatabaseTrouble::Busy) => {
            "Another program holds it: stop that one, or give another path"
        }
        Some(DatabaseTrouble::Missing) => "Create the database first: createdb -O USER NAME",
        Some(DatabaseTrouble::Credentials) => "Check user and password",
        Some(DatabaseTrouble::Crowded) => {
            "The server has no connection left: raise max_connections"
        }
        Some(DatabaseTrouble::Pooled) => {
            "Give the server's own address, or one with pool_mode = session"
        }
        _ if location.starts_with("postgres") => {
            "Check that PostgreSQL runs there and that this machine may connect"
        }
        _ => "Check that the folder exists, and that this user may write to it and to the file",
    }
}

fn advice(error: &sqlx::Error) -> &'static str {
    match DatabaseTrouble::of(error) {
        Some(DatabaseTrouble::Full) => {
            ". The disk is full: free some space, nothing stored was lost"
        }
        Some(DatabaseTrouble::ReadOnly) => {
            ". The database cannot be written: check the owner and rights of its file and folder"
        }
        _ => "",
    }
}

/// Names what was being done when the driver failed.
pub(crate) trait Doing<T> {
    /// Wraps the error with `doing`.
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Query { doing, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_understood() {
        let cases = [
            ("5", Some(DatabaseTrouble::Busy)),
            ("517", Some(DatabaseTrouble::Busy)),
            ("262", Some(DatabaseTrouble::Busy)),
            ("13", Some(DatabaseTrouble::Full)),
            ("4874", Some(DatabaseTrouble::Full)),
            ("1032", Some(DatabaseTrouble::ReadOnly)),
            ("26", Some(DatabaseTrouble::NoDatabase)),
            ("1", None),
            ("40P01", Some(DatabaseTrouble::Busy)),
            ("53100", Some(DatabaseTrouble::Full)),
            ("25006", Some(DatabaseTrouble::ReadOnly)),
            ("23505", None),
        ];
        for (code, expected) in cases {
            assert_eq!(DatabaseTrouble::of_code(code), expected, "{code}");
        }
    }
}
