//! Carries requests to sites: over sockets, straight or through a proxy; or, in tests, to where the
//! test says.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::cookie::Jar;
use reqwest::{Request, Response};
use url::Url;

use crate::names::Names;
use crate::{FetchConfig, FetchError};

/// Answers requests in the place of sockets. Cookies are then its own matter.
pub type Transport = Arc<
    dyn Fn(Request) -> Pin<Box<dyn Future<Output = Result<Response, reqwest::Error>> + Send>>
        + Send
        + Sync,
>;

/// The HTTP clients of a process: one a way out, with one jar of cookies.
pub(crate) struct Sockets {
    straight: reqwest::Client,
    /// By host.
    proxied: HashMap<String, reqwest::Client>,
    jar: Arc<Jar>,
}

impl Sockets {
    pub(crate) fn new(config: &FetchConfig) -> Result<Self, FetchError> {
        // Only the first call in a process can succeed; a provider is there either way.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let jar = Arc::new(Jar::default());
        let straight = build(config, config.proxy.as_ref(), &jar)?;
        let mut proxied = HashMap::new();
        for (host, site) in &config.sites {
            let Some(proxy) = &site.access.proxy else { continue };
            let proxy = Url::parse(proxy)
                .map_err(|e| FetchError::Client(format!("proxy of {host}: {e}")))?;
            proxied.insert(host.clone(), build(config, Some(&proxy), &jar)?);
        }
        Ok(Self { straight, proxied, jar })
    }

    /// The client for a host.
    pub(crate) fn to(&self, host: &str) -> &reqwest::Client {
        self.proxied.get(host).unwrap_or(&self.straight)
    }

    /// Keeps a cookie (`name=value; path=/`) that `url` gave to a browser.
    pub(crate) fn keep_cookie(&self, cookie: &str, url: &Url) {
        self.jar.add_cookie_str(cookie, url);
    }
}

fn build(
    config: &FetchConfig,
    proxy: Option<&Url>,
    jar: &Arc<Jar>,
) -> Result<reqwest::Client, FetchError> {
    let http = reqwest::Client::builder()
        .user_agent(&config.user_agent)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(config.timeout)
        .read_timeout(config.read_timeout)
        .connect_timeout(config.timeout.min(Duration::from_secs(20)))
        .cookie_provider(Arc::clone(jar))
        .dns_resolver(Arc::new(Names))
        .gzip(true);
    let http = match proxy {
        Some(proxy) => http.proxy(reqwest::Proxy::all(proxy.as_str()).map_err(|e| {
            FetchError::Client(format!("proxy {}: {e}", without_credentials(proxy)))
        })?),
        None => http.no_proxy(),
    };
    http.build().map_err(|e| FetchError::Client(e.to_string()))
}

/// A proxy's address without name and password, to be shown or handed on a command line.
pub(crate) fn without_credentials(proxy: &Url) -> Url {
    let mut shown = proxy.clone();
    // Both fail only for addresses that can have no user.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown
}
