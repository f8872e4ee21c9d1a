//! Addresses of databases: which kind, and how to show one without its password.

use std::path::PathBuf;

use crate::StoreError;

/// Where the database is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server: the whole URL.
    Postgres(String),
}

impl Address {
    /// Reads a path, `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`.
    pub(crate) fn parse(given: &str) -> Result<Self, StoreError> {
        let error =
            |reason: &str| StoreError::Address { given: redact(given), reason: reason.to_owned() };
        if given.starts_with("postgres://") || given.starts_with("postgresql://") {
            return Ok(Self::Postgres(given.to_owned()));
        }
        let path = match given.strip_prefix("sqlite:") {
            Some(rest) => rest.strip_prefix("//").unwrap_or(rest),
            None if given.contains("://") => return Err(error("its scheme is not known")),
            None => given,
        };
        if path.is_empty() {
            return Err(error("the path is empty"));
        }
        if path.contains(":memory:") {
            return Err(error("a database in memory would be another one for each connection"));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// The address with passwords replaced by `***`.
pub(crate) fn redact(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    // A password may hold an unescaped `/` or `?`: the last `@` decides.
    let (authority, tail) = match rest.rfind('@') {
        Some(at) if at > authority_end => (&rest[..=at], &rest[at + 1..]),
        _ => rest.split_at(authority_end),
    };
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user =
                user.split_once(':').map_or(user.to_owned(), |(name, _)| format!("{name}:***"));
            format!("{user}@{host}")
        }
        None => authority.to_owned(),
    };
    format!("{scheme}://{authority}{}", redact_query(tail))
}

fn redact_query(tail: &str) -> String {
    let Some((path, query)) = tail.split_once('?') else { return tail.to_owned() };
    let query: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key.eq_ignore_ascii_case("password") => format!("{key}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses() {
        let sqlite = |path: &str| Address::Sqlite(PathBuf::from(path));
        let cases = [
            ("data/guetteur.db", sqlite("data/guetteur.db")),
            ("/srv/g.db", sqlite("/srv/g.db")),
            ("sqlite:g.db", sqlite("g.db")),
            ("sqlite:///srv/g.db", sqlite("/srv/g.db")),
            ("postgres://u@h/d", Address::Postgres("postgres://u@h/d".to_owned())),
            ("postgresql:///d", Address::Postgres("postgresql:///d".to_owned())),
        ];
        for (given, expected) in cases {
            assert_eq!(Address::parse(given).expect(given), expected, "{given}");
        }
        for bad in ["", "sqlite:", "sqlite::memory:", "mysql://u:secret@h/d"] {
            let error = Address::parse(bad).expect_err(bad).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn hides_passwords() {
        let cases = [
            (
                "postgres://u:secret@h:5432/d?sslmode=require",
                "postgres://u:***@h:5432/d?sslmode=require",
            ),
            ("postgres://u:se/cr@et@h/d", "postgres://u:***@h/d"),
            ("postgres://u@h/d", "postgres://u@h/d"),
            ("postgres:///d?user=u&password=secret", "postgres:///d?user=u&password=***"),
            ("data/guetteur.db", "data/guetteur.db"),
        ];
        for (url, expected) in cases {
            assert_eq!(redact(url), expected);
        }
    }
}
