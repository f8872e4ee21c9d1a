//! How often one address may ask for what is dear: the API, exports, pictures of pages.
//!
//! Pages, feeds and the archive are not counted: reading and following must never be refused.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use guetteur_publish::formats::ListFormat;

use crate::error::WebError;
use crate::request_counts::Allowance;
use crate::state::AppState;

/// Counts the request, and refuses it when there were too many.
pub(crate) async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limit = state.site.requests_per_minute;
    if limit == 0 || !is_dear(request.uri().path()) {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let header = state.site.client_header.as_deref();
    let address = client(request.headers(), header, peer);
    let allowance = state.counts.count(address, limit, state.catalogue.now());
    let mut response = if allowance.refused {
        WebError::TooMany(allowance.reset).into_response()
    } else {
        next.run(request).await
    };
    tell(&allowance, response.headers_mut());
    response
}

/// The names of the IETF's draft, as most clients know them.
fn tell(allowance: &Allowance, headers: &mut HeaderMap) {
    let mut add = |name: &'static str, value: i64| {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    };
    add("ratelimit-limit", allowance.limit.into());
    add("ratelimit-remaining", allowance.remaining.into());
    add("ratelimit-reset", allowance.reset);
    if allowance.refused {
        add("retry-after", allowance.reset);
    }
}

fn is_dear(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/api/v1/")
        || path.starts_with("/documents/")
        || last.ends_with(".png")
        || path == crate::pages::database::PATH
        || ListFormat::split(last).1.is_some_and(|format| format.export().is_some())
}

/// Who asks: the last address in the header of the operator's proxy, the peer otherwise.
pub(crate) fn client(headers: &HeaderMap, header: Option<&str>, peer: Option<IpAddr>) -> IpAddr {
    let told = header.and_then(|name| headers.get_all(name).iter().next_back());
    let told = told.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    network(told.or(peer).unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)))
}

/// The address under which a client is counted: of IPv6 the network of 64 bits, which is what one
/// subscriber has.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
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
