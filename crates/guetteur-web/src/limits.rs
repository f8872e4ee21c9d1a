//! How often one address may ask for what is dear: the API, exports, pictures of pages.
//!
//! Windows of a minute (sign-ups by mail: of an hour), counted in memory. Pages, feeds and the archive are not counted: reading and
//! following must never be refused.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use crate::error::WebError;
use crate::listing::Suffix;
use crate::state::AppState;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// Addresses counted apart; further ones share one count.
const MOST_ADDRESSES: usize = 100_000;

/// Requests of this minute, and sign-ups of this hour.
#[derive(Default)]
pub struct RequestCounts {
    dear: Mutex<Window>,
    sign_ups: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    nth: i64,
    counts: HashMap<IpAddr, u32>,
}

/// What an address may still ask.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    limit: u32,
    remaining: u32,
    /// Seconds until all is forgiven.
    reset: i64,
    refused: bool,
}

impl RequestCounts {
    fn count(&self, address: IpAddr, limit: u32, now: DateTime<Utc>) -> Standing {
        let mut window = self.dear.lock().unwrap_or_else(PoisonError::into_inner);
        window.count(address, limit, MINUTE, now)
    }

    /// Counts a sign-up; gives the seconds to wait when there were more than `limit` in this hour.
    pub(crate) fn sign_up(&self, client: IpAddr, limit: u32, now: DateTime<Utc>) -> Option<i64> {
        let mut window = self.sign_ups.lock().unwrap_or_else(PoisonError::into_inner);
        let standing = window.count(client, limit, HOUR, now);
        standing.refused.then_some(standing.reset)
    }
}

impl Window {
    /// Counts one more in the window of `seconds` that `now` is in.
    fn count(&mut self, address: IpAddr, limit: u32, seconds: i64, now: DateTime<Utc>) -> Standing {
        let nth = now.timestamp().div_euclid(seconds);
        if self.nth != nth {
            *self = Self { nth, counts: HashMap::new() };
        }
        let known = self.counts.contains_key(&address);
        let shared = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        let key = if known || self.counts.len() < MOST_ADDRESSES { address } else { shared };
        let asked = self.counts.entry(key).or_default();
        *asked = asked.saturating_add(1);
        Standing {
            limit,
            remaining: limit.saturating_sub(*asked),
            reset: seconds - now.timestamp().rem_euclid(seconds),
            refused: *asked > limit,
        }
    }
}

/// Counts the request, and refuses it when there were too many.
pub(crate) async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limit = state.site.requests_per_minute;
    if limit == 0 || !is_dear(request.uri().path()) {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let header = state.site.client_header.as_deref();
    let address = client(request.headers(), header, peer);
    let standing = state.counts.count(address, limit, state.now());
    let mut response = if standing.refused {
        WebError::TooMany(standing.reset).into_response()
    } else {
        next.run(request).await
    };
    tell(&standing, response.headers_mut());
    response
}

/// The names of the IETF's draft, as most clients know them.
fn tell(standing: &Standing, headers: &mut HeaderMap) {
    let mut add = |name: &'static str, value: i64| {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    };
    add("ratelimit-limit", standing.limit.into());
    add("ratelimit-remaining", standing.remaining.into());
    add("ratelimit-reset", standing.reset);
    if standing.refused {
        add("retry-after", standing.reset);
    }
}

fn is_dear(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/api/v1/")
        || path.starts_with("/documents/")
        || last.ends_with(".png")
        || matches!(Suffix::split(last).1, Some(Suffix::Export(_)))
}

/// Who asks: the last address in the header of the operator's proxy, the peer otherwise. Of IPv6 the
/// network of 64 bits, which is what one subscriber has.
pub(crate) fn client(headers: &HeaderMap, header: Option<&str>, peer: Option<IpAddr>) -> IpAddr {
    let told = header.and_then(|name| headers.get_all(name).iter().next_back());
    let told = told.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    match told.or(peer).unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)).to_canonical() {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_its_count() {
        let counts = RequestCounts::default();
        let at = |text: &str| text.parse().expect("instant");
        let one: IpAddr = "192.0.2.1".parse().expect("address");
        let ask = |now| counts.count(one, 2, at(now));
        let first = ask("2026-08-14T10:00:15Z");
        assert_eq!(first, Standing { limit: 2, remaining: 1, reset: 45, refused: false });
        assert!(!ask("2026-08-14T10:00:16Z").refused);
        assert!(ask("2026-08-14T10:00:59Z").refused);
        let other = "192.0.2.2".parse().expect("address");
        assert!(!counts.count(other, 2, at("2026-08-14T10:00:59Z")).refused);
        assert!(!ask("2026-08-14T10:01:00Z").refused, "a new minute");
    }

    #[test]
    fn the_proxy_is_believed_only_where_the_operator_says_so() {
        let peer = Some("::ffff:192.0.2.1".parse().expect("address"));
        let headers = HeaderMap::from_iter([(
            HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_static("203.0.113.9, 198.51.100.7"),
        )]);
        assert_eq!(client(&headers, None, peer).to_string(), "192.0.2.1");
        assert_eq!(client(&headers, Some("x-forwarded-for"), peer).to_string(), "198.51.100.7");
        assert_eq!(client(&headers, Some("x-real-ip"), peer).to_string(), "192.0.2.1");
        let six = "2001:db8:1:2:3:4:5:6".parse().ok();
        assert_eq!(client(&headers, None, six).to_string(), "2001:db8:1:2::");
    }

    #[test]
    fn reading_and_following_are_free() {
        for dear in ["/api/v1/search", "/recherche.csv", "/acte/3.zip", "/carte/carte.png"] {
            assert!(is_dear(dear), "{dear}");
        }
        for free in ["/", "/recherche", "/recherche.atom", "/acte/3", "/archive/a.pdf", "/api"] {
            assert!(!is_dear(free), "{free}");
        }
    }
}
