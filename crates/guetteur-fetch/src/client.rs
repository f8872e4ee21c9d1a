//! The client: a request with its redirects and tries.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use guetteur_model::{Clock, SystemClock};
use reqwest::header::{
    ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Method, RequestBuilder, Response};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use crate::browsing::Browsing;
use crate::circuit::Circuits;
use crate::error::FetchError;
use crate::host::{Hosts, Resolver, Turn, system_resolver};
use crate::retry::{parse_retry_after, wait_before};
use crate::transport::{Sockets, Transport};
use crate::{FetchConfig, Mirror, Validators};

/// Asks sites politely. Cheap to share behind an `Arc`; all users of one client share its pacing.
pub struct Client {
    pub(crate) config: FetchConfig,
    pub(crate) sockets: Sockets,
    transport: Option<Transport>,
    pub(crate) mirror: Option<Mirror>,
    pub(crate) hosts: Hosts,
    pub(crate) circuits: Circuits,
    pub(crate) slots: Arc<Semaphore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) browsing: Browsing,
    requests: AtomicU64,
}

/// A request to make, redirects and retries included.
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a Url,
    pub(crate) form: Option<&'a str>,
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
    /// When a proxy's address or the TLS set-up is wrong.
    pub fn new(config: FetchConfig) -> Result<Self, FetchError> {
        Ok(Self {
            sockets: Sockets::new(&config)?,
            transport: None,
            mirror: config.mirror.clone().map(Mirror::new),
            // Behind a mirror or a proxy the address is not the site's.
            hosts: Hosts::new(
                (config.mirror.is_none() && config.proxy.is_none()).then(system_resolver),
                config.pauses.clone(),
            ),
            circuits: Circuits::default(),
            slots: Arc::new(Semaphore::new(config.max_concurrent.max(1))),
            clock: Arc::new(SystemClock),
            browsing: Browsing::default(),
            requests: AtomicU64::new(0),
            config,
        })
    }

    /// Looks names up by `resolver` instead of the machine's name service.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        // Only the first one counts, as the sockets keep it.
        let _ = self.sockets.names.other.set(Arc::clone(&resolver));
        let hosts = Hosts::new(Some(resolver), self.config.pauses.clone());
        Self { hosts, ..self }
    }

    /// Reads the hours of sources, and what sites ask to wait, on this clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Hands requests to `transport` instead of sockets.
    #[must_use]
    pub fn with_transport(self, transport: Transport) -> Self {
        Self { transport: Some(transport), ..self }
    }

    /// Requests sent so far, robots.txt and redirects included.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn request(&self, method: Method, url: &Url) -> RequestBuilder {
        let host = url.host_str().unwrap_or_default();
        self.sockets.to(host).request(method, self.outward(url))
    }

    pub(crate) async fn carry(&self, request: RequestBuilder) -> Result<Response, reqwest::Error> {
        match &self.transport {
            Some(transport) => transport(request.build()?).await,
            None => request.send().await,
        }
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
                return Err(error);
            }
        }
    }

    /// Remembers how a whole call ended: one that ends in a refusal counts once, however often it
    /// tried.
    pub(crate) fn note<T>(&self, url: &Url, result: &Result<T, FetchError>) {
        let Some(host) = url.host_str() else { return };
        match result {
            Ok(_) => self.circuits.answered(host),
            Err(error) if error.is_answer() => self.circuits.answered(host),
            Err(FetchError::Timeout) => self.circuits.unanswered(host, Instant::now()),
            Err(error) => {
                if let Some(refusal) = error.refusal() {
                    self.circuits.refused(host, &refusal, self.config.max_wait, Instant::now());
                }
            }
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
                return self.judge(answer);
            }
            let location = answer.response.headers().get(LOCATION);
            let target = location.and_then(|location| url.join(&escaped(location.as_bytes())).ok());
            let Some(target) = target else {
                return Err(FetchError::Status { status: status.as_u16(), retry_after: None });
            };
            url = self.inward(target);
            if !matches!(status.as_u16(), 307 | 308) {
                method = Method::GET;
                form = None;
            }
        }
        Err(FetchError::Redirects)
    }

    /// One request to one host, in turn.
    async fn hop(
        &self,
        method: &Method,
        url: &Url,
        form: Option<&str>,
        validators: Option<&Validators>,
    ) -> Result<Answer, FetchError> {
        let mut turn = self.turn_for(url).await?;
        let mut request = self.request(method.clone(), url);
        if let Some(form) = form {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form.to_owned());
        }
        for (name, value) in validators.into_iter().flat_map(conditions) {
            request = request.header(name, value);
        }
        let response = self.execute(&mut turn, request).await?;
        Ok(Answer { response, url: url.clone(), turn })
    }

    /// Where an address of a site is asked for.
    pub(crate) fn outward(&self, url: &Url) -> Url {
        self.mirror.as_ref().map_or_else(|| url.clone(), |mirror| mirror.outward(url))
    }

    /// What an address means that the site, or the mirror in its place, gave.
    pub(crate) fn inward(&self, url: Url) -> Url {
        match &self.mirror {
            Some(mirror) => mirror.inward(url),
            None => url,
        }
    }

    fn judge(&self, mut answer: Answer) -> Result<Answer, FetchError> {
        let status = answer.response.status();
        if status.is_success() || status.as_u16() == 304 {
            return Ok(answer);
        }
        let headers = answer.response.headers();
        let error = status_error(status.as_u16(), headers, self.clock.now());
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

/// A `Location` as an address: old servers send raw UTF-8 or raw Latin-1, and mean these very bytes.
fn escaped(location: &[u8]) -> String {
    location.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii() {
            text.push(char::from(*byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}

pub(crate) fn header(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

pub(crate) fn validators(headers: &HeaderMap) -> Validators {
    Validators { etag: header(headers, &ETAG), last_modified: header(headers, &LAST_MODIFIED) }
}

/// The error that a status other than success is.
pub(crate) fn status_error(status: u16, headers: &HeaderMap, now: DateTime<Utc>) -> FetchError {
    let retry_after = header(headers, &RETRY_AFTER)
        .and_then(|value| parse_retry_after(&value, SystemTime::from(now)));
    FetchError::Status { status, retry_after }
}
