//! Whether and when a host may be asked: address, hours, refusals, turn, robots.txt.

use std::sync::Arc;
use std::time::Duration;

use chrono::SecondsFormat;
use reqwest::{RequestBuilder, Response};
use tokio::time::Instant;
use url::Url;

use crate::body::read_body;
use crate::circuit::{Rest, Why};
use crate::client::status_error;
use crate::config::SiteAccess;
use crate::host::{Turn, spread};
use crate::robots::Rules;
use crate::{Client, FetchError};

/// robots.txt is read again after a day (RFC 9309, 2.4).
const ROBOTS_TTL: Duration = Duration::from_hours(24);
/// The pause between two requests to an address is this part of that to a host: several hosts
/// share it.
const ADDRESS_SHARE: u32 = 4;
/// RFC 9309, 2.5: at least 500 KiB must be read.
const ROBOTS_BYTES: u64 = 512 << 10;

impl Client {
    /// How long until a host's hours begin; `None` when it may be asked now.
    #[must_use]
    pub fn closed_for(&self, url: &Url) -> Option<Duration> {
        let site = self.site(url.host_str()?)?;
        let wait = site.access.hours.as_ref()?.closed_for(self.clock.now(), site.timezone)?;
        wait.to_std().ok()
    }

    /// The way in which a host is asked, when it has one of its own.
    pub(crate) fn site(&self, host: &str) -> Option<&SiteAccess> {
        self.config.sites.get(host)
    }

    /// Waits for our turn at a host that lets us ask for this address.
    pub(crate) async fn turn_for(&self, url: &Url) -> Result<Turn, FetchError> {
        let host = self.allowed_host(url)?;
        self.open(&host, url)?;
        let proxied = self.site(&host).is_some_and(|site| site.access.proxy.is_some());
        let mut turn = self.hosts.turn(&host, proxied).await;
        // Those who queued while the host refused the others, or while its hours ended.
        self.open(&host, url)?;
        if !self.robots(&mut turn, url).await?.allows(url) {
            return Err(FetchError::Robots);
        }
        Ok(turn)
    }

    fn open(&self, host: &str, url: &Url) -> Result<(), FetchError> {
        let until =
            |wait: Duration| (self.clock.now() + wait).to_rfc3339_opts(SecondsFormat::Secs, true);
        if let Some(Rest { left: wait, why }) = self.circuits.resting(host, Instant::now()) {
            let until = until(wait);
            return Err(match why {
                Why::Refused => FetchError::Resting { until, wait },
                Why::Unanswered => FetchError::Unanswered { until, wait },
            });
        }
        if let Some(wait) = self.closed_for(url) {
            return Err(FetchError::Closed { until: until(wait), wait });
        }
        Ok(())
    }

    /// Sends a request as one of those that may be under way at once; `turn` keeps the place until
    /// the body is in.
    pub(crate) async fn execute(
        &self,
        turn: &mut Turn,
        request: RequestBuilder,
    ) -> Result<Response, FetchError> {
        if turn.slot.is_none() {
            turn.slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        }
        self.count_request();
        let result = self.carry(request).await;
        self.rest(turn);
        result.map_err(|error| FetchError::from_reqwest(&error))
    }

    /// The pause that every request owes its host.
    pub(crate) fn rest(&self, turn: &mut Turn) {
        let asked = turn.host.robots.as_ref().map(|(rules, _)| rules.delay()).unwrap_or_default();
        // A mirror is ours: Crawl-delay is for the real site.
        let asked = if self.config.mirror.is_some() { Duration::ZERO } else { asked };
        let pause = spread(self.config.delay.max(asked), self.requests());
        turn.rest(pause, self.config.delay / ADDRESS_SHARE);
    }

    /// Sites redirect; none may send us to this machine or its network.
    pub(crate) fn allowed_host(&self, url: &Url) -> Result<String, FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Address("neither http nor https"));
        }
        let open = self.config.private_addresses || self.config.mirror.is_some();
        match url.host() {
            // No site is a number. Names are looked at when they are connected to.
            Some(url::Host::Domain("localhost") | url::Host::Ipv4(_) | url::Host::Ipv6(_))
                if !open =>
            {
                Err(FetchError::Address("a number or a local name"))
            }
            Some(host) => Ok(host.to_string()),
            None => Err(FetchError::Address("without a host")),
        }
    }

    async fn robots(&self, turn: &mut Turn, url: &Url) -> Result<Rules, FetchError> {
        if let Some((rules, read_at)) = &turn.host.robots
            && read_at.elapsed() < ROBOTS_TTL
        {
            return Ok(rules.clone());
        }
        let mut robots_url = url.clone();
        robots_url.set_path("/robots.txt");
        robots_url.set_query(None);
        let request = self.request(reqwest::Method::GET, &robots_url);
        let response = self.execute(turn, request).await?;
        let status = response.status();
        let rules = if status.is_success() {
            let body = read_body(response, ROBOTS_BYTES).await?;
            Rules::parse(&self.config.user_agent, &body)
        } else if status.is_server_error() {
            // RFC 9309, 2.3.1.4: unreachable means « do not crawl », for now.
            let now = self.clock.now();
            return Err(status_error(status.as_u16(), response.headers(), now));
        } else {
            Rules::allow_all()
        };
        turn.host.robots = Some((rules.clone(), Instant::now()));
        // What robots.txt asks for holds from now on.
        self.rest(turn);
        turn.slot = None;
        tokio::time::sleep(turn.wait()).await;
        Ok(rules)
    }
}
