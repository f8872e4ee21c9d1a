//! Style sheet, icon, robots.txt: what pages load, and what crawlers ask.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const STYLE: &str = include_str!("../../assets/style.css");
const FAVICON: &str = include_str!("../../assets/favicon.svg");
/// Exports and feeds are for readers who ask; facets multiply addresses without end.
const ROBOTS: &str = "User-agent: *\nDisallow: /recherche\nDisallow: /api/\nDisallow: /archive/\n";

fn asset(media: &'static str, body: &'static str) -> Response {
    ([(CONTENT_TYPE, media), (CACHE_CONTROL, "public, max-age=3600")], body).into_response()
}

pub(crate) async fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

pub(crate) async fn favicon() -> Response {
    asset("image/svg+xml", FAVICON)
}

pub(crate) async fn robots() -> Response {
    asset("text/plain; charset=utf-8", ROBOTS)
}
