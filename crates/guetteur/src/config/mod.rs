//! Settings: flags, then environment, then file, then defaults.
//!
//! To add a setting: a field with its default in the struct of its section below, and a row in
//! [`SETTINGS`] that says what it is for. Its variable (`GUETTEUR_SECTION_KEY`) and its place in
//! `docs/config.md` follow from that; a test fails when the two disagree.

mod load;
mod settings;

use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use guetteur_fetch::FetchConfig;
use serde::{Deserialize, Serialize};
use url::Url;

pub use load::{Overrides, load};
pub use settings::{SETTINGS, Setting, markdown, unknown_variables};

/// The SQLite database in the data folder.
pub const DATABASE: &str = "guetteur.sqlite";

pub(crate) const WEB: &[&str] = &["http", "https"];
const PROXY: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// All settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of the archive, the index and the SQLite database.
    pub data: PathBuf,
    /// `postgres://…`, a path, or empty: SQLite in `data`.
    pub database_url: String,
    /// `--mirror`.
    pub mirror: String,
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
    /// Alerts on Mastodon.
    pub mastodon: Mastodon,
}

/// Asking sites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Fetch {
    pub contact: String,
    pub delay_ms: u64,
    pub timeout_s: u64,
    pub retries: u32,
    pub max_pdf_mb: u64,
    pub concurrency: usize,
    pub proxy: String,
    pub private_addresses: bool,
}

/// Reading PDFs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Read {
    pub languages: String,
    pub jobs: usize,
    pub page_timeout_s: u64,
    pub ocr_pages_per_day: u32,
}

/// Rule files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Rules {
    pub dir: PathBuf,
}

/// Texts of law.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Law {
    pub dir: PathBuf,
}

/// The registry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Sources {
    pub registry: PathBuf,
    pub only: Vec<String>,
}

/// The scheduler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Watch {
    pub schedule: String,
    pub full_schedule: String,
    pub jitter_minutes: u64,
    pub look_minutes: u64,
    pub look_hours: String,
}

impl Watch {
    /// The hours of `look_hours`.
    ///
    /// # Errors
    /// When they are not written as `7-21`.
    pub fn look_hours(&self) -> Result<Range<u32>> {
        let hours = self.look_hours.split_once('-').and_then(|(from, to)| {
            let hours = from.trim().parse().ok()?..to.trim().parse().ok()?;
            (hours.start < hours.end && hours.end <= 24).then_some(hours)
        });
        hours.with_context(|| {
            format!("watch.look_hours = « {} » : attendu de la forme 7-21", self.look_hours)
        })
    }
}

/// The workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Work {
    pub fetchers: usize,
    pub lease_s: u64,
    pub max_attempts: u32,
    pub min_free_mb: u64,
}

/// The site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Site {
    pub listen: String,
    pub base_url: String,
    pub title: String,
    pub contact: String,
    pub report: String,
    pub index_unflagged: bool,
    pub requests_per_minute: u32,
    pub client_header: String,
    pub operator_token: String,
    pub pictures_mb: u64,
    pub letters_dir: PathBuf,
}

/// Alerts by mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Mail {
    pub server: String,
    pub port: u16,
    pub tls: String,
    pub user: String,
    pub password: String,
    pub authority: PathBuf,
    pub from: String,
    pub digest_hour: u32,
}

/// Alerts by webhook.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhook {
    /// What it is called; what it was told is noted under this name.
    pub name: String,
    /// Where messages are posted.
    pub url: String,
    /// What they are signed with.
    pub secret: String,
    /// The list it follows: what stands behind `?` in the address of a search.
    pub query: String,
}

/// Alerts on Mastodon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Mastodon {
    pub instance: String,
    pub token: String,
    pub query: String,
    pub visibility: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("./data"),
            database_url: String::new(),
            mirror: String::new(),
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
            mastodon: Mastodon::default(),
        }
    }
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            contact: String::new(),
            delay_ms: 2000,
            timeout_s: 300,
            retries: 3,
            max_pdf_mb: 400,
            concurrency: 16,
            proxy: String::new(),
            private_addresses: false,
        }
    }
}

impl Default for Read {
    fn default() -> Self {
        Self { languages: "fra".to_owned(), jobs: 0, page_timeout_s: 60, ocr_pages_per_day: 0 }
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            schedule: "0 0 3 * * *".to_owned(),
            full_schedule: "0 0 1 * * Sun".to_owned(),
            jitter_minutes: 60,
            look_minutes: 15,
            look_hours: "7-22".to_owned(),
        }
    }
}

impl Default for Work {
    fn default() -> Self {
        Self { fetchers: 8, lease_s: 60, max_attempts: 6, min_free_mb: 300 }
    }
}

impl Default for Site {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            base_url: String::new(),
            title: "Guetteur".to_owned(),
            contact: String::new(),
            report: String::new(),
            index_unflagged: false,
            requests_per_minute: 600,
            client_header: String::new(),
            operator_token: String::new(),
            pictures_mb: 1000,
            letters_dir: PathBuf::new(),
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            server: String::new(),
            port: 0,
            tls: "starttls".to_owned(),
            user: String::new(),
            password: String::new(),
            authority: PathBuf::new(),
            from: String::new(),
            digest_hour: 7,
        }
    }
}

impl Default for Mastodon {
    fn default() -> Self {
        Self {
            instance: String::new(),
            token: String::new(),
            query: String::new(),
            visibility: "unlisted".to_owned(),
        }
    }
}

impl Config {
    /// Where the database is.
    #[must_use]
    pub fn database(&self) -> String {
        if self.database_url.is_empty() {
            self.data.join(DATABASE).to_string_lossy().into_owned()
        } else {
            self.database_url.clone()
        }
    }

    /// Public address of the site, without a slash at its end.
    #[must_use]
    pub fn site_url(&self) -> String {
        match self.site.base_url.trim_end_matches('/') {
            "" => format!("http://{}", self.site.listen),
            base => base.to_owned(),
        }
    }

    /// Settings that only make sense together.
    ///
    /// # Errors
    /// Names the setting, and what to write instead.
    pub fn validate(&self) -> Result<()> {
        if self.fetch.delay_ms == 0 && self.mirror.is_empty() {
            bail!(
                "fetch.delay_ms = 0 n'est accepté qu'avec --mirror : \
                 un site public ne se laisse pas interroger sans pause (par exemple 2000)"
            );
        }
        for (name, value, range) in self.bounded() {
            if !range.contains(&value) {
                bail!("{name} = {value} : attendu de {} à {}", range.start(), range.end());
            }
        }
        if matches!(self.site.operator_token.chars().count(), 1..16) {
            bail!(
                "site.operator_token : au moins 16 caractères \
                 (par exemple ce que donne « openssl rand -hex 16 »)"
            );
        }
        if self.fetch.contact.contains(char::is_control) {
            bail!("fetch.contact : une seule ligne, sans caractère de commande");
        }
        for (name, value) in [
            ("watch.schedule", &self.watch.schedule),
            ("watch.full_schedule", &self.watch.full_schedule),
        ] {
            crate::schedule::parse(value).with_context(|| format!("{name} = « {value} »"))?;
        }
        self.watch.look_hours()?;
        optional_url("site.base_url", &self.site.base_url, WEB)?;
        optional_url("site.report", &self.site.report, WEB)?;
        crate::alerts::settings(self)?;
        self.fetch_config().map(drop)
    }

    /// Numbers outside of which nothing would ever be done, or time would overflow.
    fn bounded(&self) -> [(&'static str, u64, RangeInclusive<u64>); 10] {
        const DAY_S: u64 = 24 * 60 * 60;
        [
            ("fetch.delay_ms", self.fetch.delay_ms, 0..=DAY_S * 1000),
            ("fetch.timeout_s", self.fetch.timeout_s, 1..=DAY_S),
            ("fetch.max_pdf_mb", self.fetch.max_pdf_mb, 1..=1 << 20),
            ("fetch.concurrency", self.fetch.concurrency as u64, 1..=1024),
            ("read.page_timeout_s", self.read.page_timeout_s, 1..=DAY_S),
            ("watch.look_minutes", self.watch.look_minutes, 0..=DAY_S / 60),
            ("watch.jitter_minutes", self.watch.jitter_minutes, 0..=DAY_S / 60),
            ("work.fetchers", self.work.fetchers as u64, 1..=1024),
            ("work.lease_s", self.work.lease_s, 5..=DAY_S),
            ("work.max_attempts", self.work.max_attempts.into(), 1..=1000),
        ]
    }

    /// Settings of the HTTP client.
    ///
    /// # Errors
    /// When the mirror or the proxy is no address.
    pub fn fetch_config(&self) -> Result<FetchConfig> {
        let contact = if self.fetch.contact.is_empty() {
            "contact non configuré"
        } else {
            &self.fetch.contact
        };
        // HTTP headers are ASCII.
        let contact: String = contact.chars().map(|c| if c == 'é' { 'e' } else { c }).collect();
        let defaults = FetchConfig::default();
        Ok(FetchConfig {
            user_agent: format!(
                "Guetteur/{} (veille citoyenne des recueils des actes administratifs; {contact})",
                env!("CARGO_PKG_VERSION")
            ),
            delay: Duration::from_millis(self.fetch.delay_ms),
            timeout: Duration::from_secs(self.fetch.timeout_s),
            retries: self.fetch.retries,
            private_addresses: self.fetch.private_addresses,
            max_pdf_bytes: self.fetch.max_pdf_mb << 20,
            max_concurrent: self.fetch.concurrency,
            mirror: optional_url("mirror", &self.mirror, WEB)?,
            proxy: optional_url("fetch.proxy", &self.fetch.proxy, PROXY)?,
            // Waiting politely for a simulated site teaches nothing.
            backoff: if self.mirror.is_empty() {
                defaults.backoff
            } else {
                Duration::from_millis(50)
            },
            ..defaults
        })
    }
}

pub(crate) fn optional_url(name: &str, value: &str, schemes: &[&str]) -> Result<Option<Url>> {
    if value.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(value)
        .with_context(|| format!("{name} = « {value} » n'est pas une adresse (http://…)"))?;
    if !schemes.contains(&url.scheme()) {
        bail!("{name} = « {value} » : attendu une adresse en {}", schemes.join(", "));
    }
    Ok(Some(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid() {
        Config::default().validate().expect("valid");
    }

    #[test]
    fn no_pause_only_with_a_mirror() {
        let mut config = Config::default();
        config.fetch.delay_ms = 0;
        let error = config.validate().expect_err("no mirror").to_string();
        assert!(error.contains("fetch.delay_ms"), "{error}");
        config.mirror = "http://127.0.0.1:1".to_owned();
        config.validate().expect("with a mirror");
    }

    #[test]
    fn bad_values_name_their_setting() {
        let bad = |adjust: fn(&mut Config)| {
            let mut config = Config::default();
            adjust(&mut config);
            format!("{:#}", config.validate().expect_err("bad"))
        };
        assert!(bad(|c| c.mirror = "là-bas".into()).contains("mirror"));
        assert!(bad(|c| c.mirror = "ftp://la-bas/".into()).contains("mirror"));
        assert!(bad(|c| c.fetch.proxy = ":".into()).contains("fetch.proxy"));
        assert!(bad(|c| c.fetch.contact = "a\nb".into()).contains("fetch.contact"));
        assert!(bad(|c| c.fetch.concurrency = 0).contains("fetch.concurrency"));
        assert!(bad(|c| c.work.fetchers = 0).contains("work.fetchers"));
        assert!(bad(|c| c.work.lease_s = u64::MAX).contains("work.lease_s"));
        assert!(bad(|c| c.watch.jitter_minutes = u64::MAX).contains("watch.jitter_minutes"));
        assert!(bad(|c| c.site.operator_token = "sésame".into()).contains("site.operator_token"));
        assert!(bad(|c| c.site.base_url = "guetteur.fr".into()).contains("site.base_url"));
        assert!(bad(|c| c.watch.schedule = "tous les jours".into()).contains("watch.schedule"));
    }
}
