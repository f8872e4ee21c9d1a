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
        matches!(source, sqlx::Error::PoolTimedOut | sqlx::Error::Io(_))
            || matches!(Trouble::of(source), Some(Trouble::Busy))
    }
}

/// What is wrong with a database, told by the codes of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Another program holds it, or it is going down.
    Busy,
    /// No space is left.
    Full,
    /// It may not be written.
    ReadOnly,
    /// The file is something else.
    NoDatabase,
}

impl Trouble {
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
            _ => None,
        }
    }
}

fn advice(error: &sqlx::Error) -> &'static str {
    match Trouble::of(error) {
        Some(Trouble::Full) => ". The disk is full: free some space, nothing stored was lost",
        Some(Trouble::ReadOnly) => {
            ". The database cannot be written: check the owner and rights of its file and folder"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_understood() {
        let cases = [
            ("5", Some(Trouble::Busy)),
            ("517", Some(Trouble::Busy)),
            ("262", Some(Trouble::Busy)),
            ("13", Some(Trouble::Full)),
            ("1032", Some(Trouble::ReadOnly)),
            ("26", Some(Trouble::NoDatabase)),
            ("1", None),
            ("40P01", Some(Trouble::Busy)),
            ("53100", Some(Trouble::Full)),
            ("25006", Some(Trouble::ReadOnly)),
            ("23505", None),
        ];
        for (code, expected) in cases {
            assert_eq!(Trouble::of_code(code), expected, "{code}");
        }
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
