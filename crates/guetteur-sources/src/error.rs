//! What can go wrong with the registry, and before a walk has begun.

/// Errors of this crate. A page that fails during a walk is not one: it is recorded in
/// [`crate::Discovery::failures`] and the walk goes on.
#[derive(Debug, thiserror::Error)]
pub enum SourcesError {
    /// The operator's registry file could not be read.
    #[error("cannot read the registry {file}: {source}; check the path and its permissions")]
    ReadRegistry {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A registry file is not valid.
    #[error("the registry {file} is not valid: {source}")]
    ParseRegistry {
        /// The file.
        file: String,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// An entry of a registry file is not valid.
    #[error("the registry {file} has a bad entry for {code}: {why}")]
    BadEntry {
        /// The file.
        file: String,
        /// The entry.
        code: String,
        /// What is wrong with it.
        why: String,
    },
    /// No source has this code.
    #[error(
        "no source has the code {code}; did you mean {nearest}? (`guetteur sources` lists all)"
    )]
    UnknownCode {
        /// What was asked.
        code: String,
        /// Sources that resemble it.
        nearest: String,
    },
    /// A source's root is not an address.
    #[error("cannot walk {code}: its root {root} is not an address: {why}")]
    BadRoot {
        /// The source.
        code: String,
        /// The root.
        root: String,
        /// Why.
        why: String,
    },
}
