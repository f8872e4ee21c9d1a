//! What an operator can set.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use guetteur_model::Access;
use url::Url;

/// How the hosts of one source are asked.
#[derive(Debug, Clone)]
pub struct SiteAccess {
    /// Hours, proxy, browser.
    pub access: Access,
    /// The clock on which the hours are read.
    pub timezone: Tz,
}

/// Settings of the [`crate::Client`]. They cannot be printed: a proxy's address may hold a password.
#[derive(Clone)]
pub struct FetchConfig {
    /// `User-Agent`: names the tool and gives a contact address.
    pub user_agent: String,
    /// Pause between the end of a request to a host and the next one to it.
    pub delay: Duration,
    /// Longest time for one request, body included.
    pub timeout: Duration,
    /// Longest silence while a body comes in.
    pub read_timeout: Duration,
    /// Largest HTML page, in bytes after decompression.
    pub max_page_bytes: u64,
    /// Largest PDF, in bytes.
    pub max_pdf_bytes: u64,
    /// Further tries after a 429, 503, other 5xx, time-out or broken connection.
    pub retries: u32,
    /// First back-off; doubles at each try.
    pub backoff: Duration,
    /// Longest wait within one call; a longer `Retry-After` is handed to the caller.
    pub max_wait: Duration,
    /// Redirects followed for one request.
    pub max_redirects: u32,
    /// Requests under way at once, over all hosts.
    pub max_concurrent: usize,
    /// Send everything to this address instead (`URL/HOST/PATH`).
    pub mirror: Option<Url>,
    /// HTTP or SOCKS5 proxy, `socks5h://127.0.0.1:9050` for Tor.
    pub proxy: Option<Url>,
    /// Addresses of this machine and of private networks may be asked. A mirror, and proxies of the
    /// settings, are reached in any case.
    pub private_addresses: bool,
    /// Hosts that are asked in a way of their own, by name.
    pub sites: HashMap<String, SiteAccess>,
    /// Folder in which the processes of this machine keep their pauses together.
    pub pauses: Option<PathBuf>,
}

impl Default for FetchConfig {
    fn default() -> Self {
        Self {
            user_agent: concat!(
                "Guetteur/",
                env!("CARGO_PKG_VERSION"),
                " (veille citoyenne des recueils des actes administratifs; \
                 contact non configure)"
            )
            .to_owned(),
            delay: Duration::from_secs(2),
            timeout: Duration::from_mins(5),
            read_timeout: Duration::from_secs(30),
            max_page_bytes: 8 << 20,
            max_pdf_bytes: 400 << 20,
            retries: 3,
            backoff: Duration::from_secs(5),
            max_wait: Duration::from_mins(2),
            max_redirects: 8,
            max_concurrent: 16,
            mirror: None,
            proxy: None,
            private_addresses: false,
            sites: HashMap::new(),
            pauses: None,
        }
    }
}
