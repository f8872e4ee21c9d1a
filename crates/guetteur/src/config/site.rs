//! `[site]`: the site.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::values::{Secret, optional};

/// The site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Site {
    pub listen: String,
    #[serde(with = "optional")]
    pub metrics_listen: Option<String>,
    #[serde(with = "optional")]
    pub base_url: Option<Url>,
    #[serde(with = "optional")]
    pub websub_hub: Option<Url>,
    pub title: String,
    #[serde(with = "optional")]
    pub contact: Option<String>,
    #[serde(with = "optional")]
    pub report: Option<Url>,
    pub index_unflagged: bool,
    pub requests_per_minute: u32,
    #[serde(with = "optional")]
    pub client_header: Option<String>,
    #[serde(with = "optional")]
    pub operator_token: Option<Secret>,
    pub pictures_mb: u64,
    #[serde(with = "optional")]
    pub letters_dir: Option<PathBuf>,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            metrics_listen: None,
            base_url: None,
            websub_hub: None,
            title: "Guetteur".to_owned(),
            contact: None,
            report: None,
            index_unflagged: false,
            requests_per_minute: 600,
            client_header: None,
            operator_token: None,
            pictures_mb: 1000,
            letters_dir: None,
        }
    }
}
