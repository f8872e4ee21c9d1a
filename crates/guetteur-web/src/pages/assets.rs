//! Style sheet, icon, robots.txt: what pages load, and what crawlers ask.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::state::AppState;
use crate::templates;

/// Exports and feeds are for readers who ask; facets multiply addresses without end.
const ROBOTS: &str = "User-agent: *\nDisallow: /recherche\nDisallow: /api/\nDisallow: /archive/\n\
                      Disallow: /documents/\nDisallow: /abonnement\nDisallow: /dossier\nDisallow: /carte?\n";

fn asset(media: &'static str, body: &'static str) -> Response {
    ([(CONTENT_TYPE, media), (CACHE_CONTROL, "public, max-age=3600")], body).into_response()
}

pub(crate) async fn style() -> Response {
    asset("text/css; charset=utf-8", templates::asset("style.css"))
}

pub(crate) async fn favicon() -> Response {
    asset("image/svg+xml", templates::asset("favicon.svg"))
}

pub(crate) async fn robots(State(state): State<AppState>) -> Response {
    let text = format!("{ROBOTS}\nSitemap: {}/sitemap.xml\n", state.catalogue.site.base_url);
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
