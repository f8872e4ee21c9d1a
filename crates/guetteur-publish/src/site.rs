//! The site that answers link to, whoever sends them.

use std::fmt::Display;

use serde::Serialize;

/// Where the site stands and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Public address of the site, without a slash at its end: `https://guetteur.example`.
    pub base_url: String,
    /// Name of the site.
    pub title: String,
    /// The hub (WebSub) that is told of changes, where the operator chose one.
    pub hub: Option<String>,
    /// Hour of the day, in Paris, at which digests are sent.
    pub digest_hour: u32,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8080".to_owned(),
            title: "Guetteur".to_owned(),
            hub: None,
            digest_hour: 7,
        }
    }
}

impl Site {
    /// An address of the site in full, from its path.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// An identifier that outlives changes of address: a `tag:` URI (RFC 4151).
    #[must_use]
    pub fn tag(&self, kind: &str, what: impl Display) -> String {
        format!("tag:{},2026:{kind}:{what}", self.host())
    }

    /// The host of the public address, for identifiers that must not change.
    #[must_use]
    pub fn host(&self) -> String {
        url::Url::parse(&self.base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "localhost".to_owned())
    }
}
