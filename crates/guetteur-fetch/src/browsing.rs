//! Pages that only come to a browser: one browser for all such sources, asked with the manners of
//! the client, whose cookies then serve for the PDFs.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use crate::browser::{Browser, BrowserOptions, Shown};
use crate::challenge::{recognise, recognise_aside};
use crate::client::status_error;
use crate::transport::without_credentials;
use crate::{BrowserError, Client, FetchError, HtmlPage, Validators};

/// A browser that nobody asks for so long is closed: it takes hundreds of megabytes.
const IDLE: Duration = Duration::from_mins(2);

/// The browser of a client, when one runs.
#[derive(Clone, Default)]
pub(crate) struct Browsing(Arc<Mutex<Option<Running>>>);

struct Running {
    browser: Browser,
    proxy: Option<String>,
    used: Instant,
}

impl Browsing {
    async fn show(&self, address: &str, options: BrowserOptions) -> Result<Shown, BrowserError> {
        let mut running = self.0.lock().await;
        if running.as_ref().is_none_or(|running| running.proxy != options.proxy) {
            let browser = Browser::start(&options).await?;
            *running = Some(Running { browser, proxy: options.proxy, used: Instant::now() });
        }
        let Some(current) = running.as_mut() else { return Err(BrowserError::Missing) };
        current.used = Instant::now();
        let shown = current.browser.show(address, |html| recognise(html).is_none()).await;
        if shown.is_err() {
            // Whatever state it is in: the next page gets a new one.
            *running = None;
        } else {
            self.close_when_idle();
        }
        shown
    }

    fn close_when_idle(&self) {
        let browsing = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            tokio::time::sleep(IDLE).await;
            let Some(browsing) = browsing.upgrade() else { return };
            let mut running = browsing.lock().await;
            if running.as_ref().is_some_and(|running| running.used.elapsed() >= IDLE) {
                *running = None;
            }
        });
    }
}

impl Client {
    /// Whether a host's pages are fetched with a browser.
    pub(crate) fn browses(&self, url: &Url) -> bool {
        let site = url.host_str().and_then(|host| self.site(host));
        site.is_some_and(|site| site.access.browser)
    }

    pub(crate) async fn page_in_browser(&self, url: &Url) -> Result<HtmlPage, FetchError> {
        let mut turn = self.turn_for(url).await?;
        turn.slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        let outward = self.outward(url);
        self.count_request();
        let shown = self.browsing.show(outward.as_str(), self.browser_options(url)).await;
        self.rest(&mut turn);
        let shown = shown?;
        let arrived = Url::parse(&shown.address).map_or_else(|_| url.clone(), |at| self.inward(at));
        self.allowed_host(&arrived)?;
        for cookie in &shown.cookies {
            self.sockets.keep_cookie(&format!("{cookie}; path=/"), &outward);
        }
        if let Some(by) = recognise_aside(shown.html.clone()).await {
            return Err(FetchError::Challenge { by });
        }
        if !matches!(shown.status, 0 | 200..=299) {
            return Err(status_error(shown.status, &HeaderMap::new(), self.clock.now()));
        }
        Ok(HtmlPage {
            url: arrived,
            text: shown.html,
            // A browser hands over what it has decoded.
            encoding: guetteur_html::UTF_8,
            validators: Validators::default(),
        })
    }

    fn browser_options(&self, url: &Url) -> BrowserOptions {
        let own = url.host_str().and_then(|host| self.site(host));
        let own = own.and_then(|site| Url::parse(site.access.proxy.as_deref()?).ok());
        let proxy = own.or_else(|| self.config.proxy.clone()).map(|proxy| {
            // The browser's SOCKS5 always leaves names to the proxy, and knows no other word for it.
            without_credentials(&proxy).as_str().replacen("socks5h://", "socks5://", 1)
        });
        BrowserOptions {
            user_agent: Some(self.config.user_agent.clone()),
            proxy,
            arguments: Vec::new(),
        }
    }
}
