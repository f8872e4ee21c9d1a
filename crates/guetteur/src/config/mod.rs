//! Settings: flags, then environment, then file, then defaults.
//!
//! To add a setting: a field with its default in the file of its section, and a row in
//! [`SETTINGS`] that says what it is for. Its variable (`GUETTEUR_SECTION_KEY`) and its place in
//! `docs/config.md` follow from that; a test fails when the two disagree.

mod alerts;
mod archive;
mod fault;
mod fetch;
mod index;
mod law;
mod load;
mod log;
mod read;
mod rules;
mod settings;
mod site;
mod sources;
mod validate;
mod values;
mod watch;
mod work;

use std::path::PathBuf;
use std::time::Duration;

use guetteur_archive::{ArchiveError, Location, Near};
use guetteur_fetch::FetchConfig;
use serde::{Deserialize, Serialize};
use url::Url;

pub use alerts::{ApiKey, Mail, Mastodon, MastodonAccount, Webhook};
pub use archive::Archive;
pub use fault::Fault;
pub use fetch::Fetch;
pub use index::Index;
pub use law::Law;
pub use load::{Overrides, load};
pub use log::{Log, LogFormat};
pub use read::Read;
pub use rules::Rules;
pub use settings::{SETTINGS, Setting, markdown, unknown_variables};
pub use site::Site;
pub use sources::Sources;
pub use values::{Hours, Proxy, Secret, Visibility};
pub use watch::Watch;
pub use work::Work;

use values::optional;

/// The SQLite database in the data folder.
pub const DATABASE: &str = "guetteur.sqlite";

/// All settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of the archive, the index and the SQLite database.
    pub data: PathBuf,
    /// `postgres://…` (with its password) or a path; none: SQLite in `data`.
    #[serde(with = "optional")]
    pub database_url: Option<Secret>,
    /// `--mirror`.
    #[serde(with = "optional")]
    pub mirror: Option<Url>,
    /// Where the PDFs lie.
    pub archive: Archive,
    /// Copies of the search index.
    pub index: Index,
    /// Asking sites.
    pub fetch: Fetch,
    /// Reading PDFs.
    pub read: Read,
    /// Rule files.
    pub rules: Rules,
    /// Texts of law.
    pub law: Law,
    /// The registry.
    pub sources: Sources,
    /// The scheduler.
    pub watch: Watch,
    /// The workers.
    pub work: Work,
    /// The site.
    pub site: Site,
    /// Alerts by mail.
    pub mail: Mail,
    /// Alerts by webhook.
    pub webhook: Vec<Webhook>,
    /// Keys with which programs make subscriptions.
    pub api_key: Vec<ApiKey>,
    /// Alerts on Mastodon.
    pub mastodon: Mastodon,
    /// Alerts by further accounts there.
    pub mastodon_account: Vec<MastodonAccount>,
    /// What goes to stderr.
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("./data"),
            database_url: None,
            mirror: None,
            archive: Archive::default(),
            index: Index::default(),
            fetch: Fetch::default(),
            read: Read::default(),
            rules: Rules::default(),
            law: Law::default(),
            sources: Sources::default(),
            watch: Watch::default(),
            work: Work::default(),
            site: Site::default(),
            mail: Mail::default(),
            webhook: Vec::new(),
            api_key: Vec::new(),
            mastodon: Mastodon::default(),
            mastodon_account: Vec::new(),
            log: Log::default(),
        }
    }
}

impl Config {
    /// Where the database is.
    #[must_use]
    pub fn database(&self) -> String {
        match &self.database_url {
            None => self.data.join(DATABASE).to_string_lossy().into_owned(),
            Some(url) => url.expose().to_owned(),
        }
    }

    /// Where the figures' book is.
    #[must_use]
    pub fn figures_path(&self) -> PathBuf {
        self.data.join("figures.zst")
    }

    /// Where the archive lies.
    ///
    /// # Errors
    /// When `archive.url` is no place for one.
    pub fn archive_location(&self) -> Result<Location, ArchiveError> {
        match &self.archive.url {
            None => Ok(Location::Folder(self.data.join("archive"))),
            Some(url) => Location::parse(url),
        }
    }

    /// What is kept on this machine of an archive that is a store.
    #[must_use]
    pub fn near(&self) -> Near {
        let limit_bytes = self.archive.local_gb.saturating_mul(1_000_000_000);
        Near { folder: self.data.join("near"), limit_bytes }
    }

    /// Public address of the site, without a slash at its end.
    #[must_use]
    pub fn site_url(&self) -> String {
        match &self.site.base_url {
            None => format!("http://{}", self.site.listen),
            Some(base) => base.as_str().trim_end_matches('/').to_owned(),
        }
    }

    /// Settings of the HTTP client.
    #[must_use]
    pub fn fetch_config(&self) -> FetchConfig {
        let contact = self.fetch.contact.as_deref().unwrap_or("contact non configuré");
        // HTTP headers are ASCII.
        let contact: String = contact.chars().map(|c| if c == 'é' { 'e' } else { c }).collect();
        let defaults = FetchConfig::default();
        FetchConfig {
            user_agent: format!(
                "Guetteur/{} (veille citoyenne des recueils des actes administratifs; {contact})",
                env!("CARGO_PKG_VERSION")
            ),
            delay: self.fetch.delay,
            timeout: self.fetch.timeout,
            retries: self.fetch.retries,
            private_addresses: self.fetch.private_addresses,
            max_pdf_bytes: self.fetch.max_pdf_mb << 20,
            max_concurrent: self.fetch.concurrency,
            mirror: self.mirror.clone(),
            proxy: self.fetch.proxy.clone().map(|proxy| proxy.0),
            // Waiting politely for a simulated site teaches nothing.
            backoff: match self.mirror {
                None => defaults.backoff,
                Some(_) => Duration::from_millis(50),
            },
            ..defaults
        }
    }
}
