//! The one error type of this crate.

use std::path::PathBuf;

/// What went wrong with the database. Not found is never an error: it is `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
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
    #[error("opening the database {location} failed: {reason}. {advice}")]
    Open {
        /// Path or address, passwords removed.
        location: String,
        /// The system's words.
        reason: String,
        /// What to do.
        advice: String,
    },
    /// The schema could not be brought to this version.
    #[error("bringing the database {location} to this version's schema failed: {reason}")]
    Migrate {
        /// Path or address, passwords removed.
        location: String,
        /// What the migration said.
        reason: String,
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
    /// The copy could not be made.
    #[error("backing up to {} failed: {reason}", path.display())]
    Backup {
        /// Where the copy was to go.
        path: PathBuf,
        /// Why not, and what to do.
        reason: String,
    },
}

impl StoreError {
    /// Whether the same call may succeed a little later: the database was busy, out of reach, or
    /// chose this transaction to end a deadlock.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let Self::Query { source, .. } = self else { return false };
        match source {
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => true,
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                // SQLITE_BUSY, SQLITE_LOCKED; serialization_failure, deadlock_detected, shutdowns.
                matches!(&*code, "5" | "6" | "261" | "517" | "40001" | "40P01" | "57P01" | "57P03")
            }),
            _ => false,
        }
    }
}

fn advice(error: &sqlx::Error) -> &'static str {
    let text = error.to_string();
    if text.contains("disk is full") || text.contains("No space left") {
        ". The disk is full: free some space, nothing stored was lost"
    } else if text.contains("readonly database") || text.contains("read-only") {
        ". The database cannot be written: check the owner and rights of its file and folder"
    } else {
        ""
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
