//! The client: a request with all its manners.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{
    ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Method, Response};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use crate::circuit::Circuits;
use crate::error::FetchError;
use crate::host::{Hosts, Resolver, Turn, system_resolver};
use crate::retry::{parse_retry_after, wait_before};
use crate::robots::Rules;
use crate::{FetchConfig, Mirror, Validators};

/// robots.txt is read again after a day (RFC 9309, 2.4).
const ROBOTS_TTL: Duration = Duration::from_hours(24);
/// The pause between two requests to an address is this part of that to a host: several hosts
/// share it.
const ADDRESS_SHARE: u32 = 4;
/// RFC 9309, 2.5: at least 500 KiB must be read.
const ROBOTS_BYTES: u64 = 512 << 10;

/// Asks sites politely. Cheap to share behind an `Arc`; all users of one client share its pacing.
pub struct Client {
    pub(crate) config: FetchConfig,
    http: reqwest::Client,
    mirror: Option<Mirror>,
    hosts: Hosts,
    circuits: Circuits,
    slots: Semaphore,
    requests: AtomicU64,
}

/// A request to make, redirects and retries included.
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a Url,
    pub(crate) form: Option<&'a [(String, String)]>,
    pub(crate) validators: Option<&'a Validators>,
}

/// An answer whose body has not been read, with the turn at its host: the host is asked nothing
/// else until the body is in.
pub(crate) struct Answer {
    pub(crate) response: Response,
    /// The address as the site knows it, after redirects.
    pub(crate) url: Url,
    pub(crate) turn: Turn,
}

impl Client {
    /// A client with these settings.
    ///
    /// # Errors
    /// When the proxy's address or the TLS set-up is wrong.
    pub fn new(config: FetchConfig) -> Result<Self, FetchError> {
        // Only the first call in a process can succeed; a provider is there either way.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder()
            .user_agent(&config.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(config.timeout)
            .read_timeout(config.read_timeout)
            .connect_timeout(config.timeout.min(Duration::from_secs(20)))
            .cookie_store(true)
            .gzip(true);
        http = match &config.proxy {
            Some(proxy) => http.proxy(
                reqwest::Proxy::all(proxy.as_str())
                    .map_err(|e| FetchError::Client(format!("proxy {proxy} : {e}")))?,
            ),
            None => http.no_proxy(),
        };
        Ok(Self {
            http: http.build().map_err(|e| FetchError::Client(e.to_string()))?,
            mirror: config.mirror.clone().map(Mirror::new),
            // Behind a mirror or a proxy the address is not the site's.
            hosts: Hosts::new(
                (config.mirror.is_none() && config.proxy.is_none()).then(system_resolver),
            ),
            circuits: Circuits::default(),
            slots: Semaphore::new(config.max_concurrent.max(1)),
            requests: AtomicU64::new(0),
            config,
        })
    }

    /// Looks names up by `resolver` instead of the machine's name service.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        Self { hosts: Hosts::new(Some(resolver)), ..self }
    }

    /// Requests sent so far, robots.txt and redirects included.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Sends `ask`, following redirects, trying again what may pass.
    pub(crate) async fn send(&self, ask: &Ask<'_>) -> Result<Answer, FetchError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let error = match self.send_once(ask).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if !self.pause_before_retry(attempt, &error).await {
                self.note_failure(ask.url, &error);
                return Err(error);
            }
        }
    }

    /// One call that ends in a refusal counts once, however often it tried.
    fn note_failure(&self, url: &Url, error: &FetchError) {
        let Some(host) = url.host_str() else { return };
        if error.is_refusal() {
            let (asked, patience) = (error.retry_after(), self.config.max_wait);
            self.circuits.refused(host, asked, patience, Instant::now());
        } else if matches!(error, FetchError::NotFound { .. } | FetchError::Status { .. }) {
            self.circuits.answered(host);
        }
    }

    /// Waits for the next try; `false` when there should be none.
    pub(crate) async fn pause_before_retry(&self, attempt: u32, error: &FetchError) -> bool {
        if attempt > self.config.retries || !error.worth_a_retry() {
            return false;
        }
        let wait = wait_before(attempt, self.config.backoff, error.retry_after());
        if wait > self.config.max_wait {
            return false;
        }
        tracing::debug!(%error, wait_ms = wait.as_millis() as u64, "trying again");
        tokio::time::sleep(wait).await;
        true
    }

    async fn send_once(&self, ask: &Ask<'_>) -> Result<Answer, FetchError> {
        let mut url = ask.url.clone();
        let mut method = ask.method.clone();
        let mut form = ask.form;
        for _ in 0..=self.config.max_redirects {
            let answer = self.hop(&method, &url, form, ask.validators).await?;
            let status = answer.response.status();
            if !status.is_redirection() || status.as_u16() == 304 {
                if status.is_success() || status.as_u16() == 304 {
                    self.circuits.answered(ask.url.host_str().unwrap_or_default());
                }
                return self.judge(answer);
            }
            let location = header(answer.response.headers(), &LOCATION);
            let target = location.as_deref().and_then(|location| url.join(location).ok());
            let Some(target) = target else {
                return Err(FetchError::Status { url: url.to_string(), status: status.as_u16() });
            };
            url = match &self.mirror {
                Some(mirror) => mirror.inward(target),
                None => target,
            };
            if !matches!(status.as_u16(), 307 | 308) {
                method = Method::GET;
                form = None;
            }
        }
        Err(FetchError::Redirects { url: ask.url.to_string() })
    }

    /// One request to one host, in turn.
    async fn hop(
        &self,
        method: &Method,
        url: &Url,
        form: Option<&[(String, String)]>,
        validators: Option<&Validators>,
    ) -> Result<Answer, FetchError> {
        let host = self.allowed_host(url)?;
        self.not_resting(&host)?;
        let mut turn = self.hosts.turn(&host).await;
        // Those who queued while the host refused the others.
        self.not_resting(&host)?;
        if !self.robots(&mut turn, url).await?.allows(url) {
            return Err(FetchError::Robots { url: url.to_string() });
        }
        let mut request = self.http.request(method.clone(), self.outward(url));
        if let Some(form) = form {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(encode_form(form));
        }
        for (name, value) in validators.into_iter().flat_map(conditions) {
            request = request.header(name, value);
        }
        let response = self.execute(&mut turn, url, request).await?;
        Ok(Answer { response, url: url.clone(), turn })
    }

    fn not_resting(&self, host: &str) -> Result<(), FetchError> {
        let Some(wait) = self.circuits.resting(host, Instant::now()) else { return Ok(()) };
        let until = hour_in_paris(now() + wait);
        Err(FetchError::Resting { host: host.to_owned(), until, wait })
    }

    async fn execute(
        &self,
        turn: &mut Turn,
        url: &Url,
        request: reqwest::RequestBuilder,
    ) -> Result<Response, FetchError> {
        let slot = self.slots.acquire().await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let result = request.send().await;
        drop(slot);
        self.rest(turn);
        result.map_err(|error| FetchError::from_reqwest(url, &error))
    }

    /// The pause that every request owes its host.
    pub(crate) fn rest(&self, turn: &mut Turn) {
        let asked = turn.host.robots.as_ref().map(|(rules, _)| rules.delay()).unwrap_or_default();
        // A mirror is ours: Crawl-delay is for the real site.
        let asked = if self.mirror.is_some() { Duration::ZERO } else { asked };
        turn.rest(self.config.delay.max(asked), self.config.delay / ADDRESS_SHARE);
    }

    fn outward(&self, url: &Url) -> Url {
        self.mirror.as_ref().map_or_else(|| url.clone(), |mirror| mirror.outward(url))
    }

    /// Sites redirect; none may send us to this machine or its network.
    fn allowed_host(&self, url: &Url) -> Result<String, FetchError> {
        let refuse = |why| FetchError::Address { url: url.to_string(), why };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("ni http ni https"));
        }
        match url.host() {
            Some(url::Host::Domain("localhost") | url::Host::Ipv4(_) | url::Host::Ipv6(_))
                if self.mirror.is_none() =>
            {
                Err(refuse("adresse numérique ou locale"))
            }
            Some(host) => Ok(host.to_string()),
            None => Err(refuse("sans nom de site")),
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
        let request = self.http.get(self.outward(&robots_url));
        let response = self.execute(turn, &robots_url, request).await?;
        let status = response.status();
        let rules = if status.is_success() {
            let body = read_body(response, &robots_url, ROBOTS_BYTES).await?;
            Rules::parse(&self.config.user_agent, &body)
        } else if status.is_server_error() {
            // RFC 9309, 2.3.1.4: unreachable means « do not crawl », for now.
            return Err(status_error(&robots_url, status.as_u16(), response.headers()));
        } else {
            Rules::allow_all()
        };
        turn.host.robots = Some((rules.clone(), Instant::now()));
        tokio::time::sleep(turn.wait()).await;
        Ok(rules)
    }

    fn judge(&self, mut answer: Answer) -> Result<Answer, FetchError> {
        let status = answer.response.status();
        if status.is_success() || status.as_u16() == 304 {
            return Ok(answer);
        }
        let error = status_error(&answer.url, status.as_u16(), answer.response.headers());
        if let Some(asked) = error.retry_after() {
            // The whole host is asked to wait, not this request alone.
            answer.turn.rest(asked.min(self.config.max_wait), Duration::ZERO);
        }
        Err(error)
    }
}

fn conditions(validators: &Validators) -> Vec<(reqwest::header::HeaderName, &str)> {
    let etag = validators.etag.as_deref().map(|value| (IF_NONE_MATCH, value));
    let modified = validators.last_modified.as_deref().map(|value| (IF_MODIFIED_SINCE, value));
    etag.into_iter().chain(modified).collect()
}

fn encode_form(form: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

pub(crate) fn header(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    // Old servers send Location in raw UTF-8.
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

pub(crate) fn validators(headers: &HeaderMap) -> Validators {
    Validators { etag: header(headers, &ETAG), last_modified: header(headers, &LAST_MODIFIED) }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an HTTP date in Retry-After can only be compared with the machine's clock"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// `14 h 30`, with the day when it is not today's.
fn hour_in_paris(at: SystemTime) -> String {
    let paris = |at| DateTime::<Utc>::from(at).with_timezone(&chrono_tz::Europe::Paris);
    let local = paris(at);
    let pattern = if local.date_naive() == paris(now()).date_naive() {
        "%-H h %M"
    } else {
        "%-H h %M le %d/%m"
    };
    local.format(pattern).to_string()
}

fn status_error(url: &Url, status: u16, headers: &HeaderMap) -> FetchError {
    let url = url.to_string();
    let retry_after =
        header(headers, &RETRY_AFTER).and_then(|value| parse_retry_after(&value, now()));
    match status {
        404 | 410 => FetchError::NotFound { url, status },
        401 | 403 | 429 | 451 => FetchError::Blocked { url, status, retry_after },
        500.. => FetchError::Server { url, status, retry_after },
        _ => FetchError::Status { url, status },
    }
}

/// Reads a body of at most `limit` bytes, counted after decompression.
pub(crate) async fn read_body(
    mut response: Response,
    url: &Url,
    limit: u64,
) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| FetchError::from_reqwest(url, &e))? {
        if (body.len() + chunk.len()) as u64 > limit {
            return Err(FetchError::TooLarge { url: url.to_string(), limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
