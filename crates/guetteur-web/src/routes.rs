//! All addresses of the site.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::error::{no_such_page, show_errors};
use crate::listing::Suffix;
use crate::state::AppState;
use crate::{api, pages, security};

/// The whole site.
pub fn router(state: AppState) -> Router {
    let compress = DefaultPredicate::new()
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/vnd.openxmlformats"));
    site()
        .merge(api_v1())
        .fallback(no_such_page)
        .layer(from_fn_with_state(state.clone(), show_errors))
        .layer(CompressionLayer::new().compress_when(compress))
        .layer(map_response(security::harden))
        .with_state(state)
}

fn site() -> Router<AppState> {
    let mut router = Router::new()
        .route("/", get(pages::home::get))
        .route("/recherche", get(pages::search::get))
        .route("/acte/{id}", get(pages::act::get))
        .route("/recueil/{id}", get(pages::bulletin::get))
        // Their other formats (`/prefecture/34.atom`) arrive here too.
        .route("/prefecture/{code}", get(pages::prefecture::get))
        .route("/commune/{insee}", get(pages::commune::get))
        .route("/prefectures", get(pages::prefectures::get))
        .route("/couverture", get(pages::coverage::get))
        .route("/couverture.json", get(pages::coverage::json))
        .route("/couverture.csv", get(pages::coverage::csv))
        .route("/statistiques", get(pages::statistics::get))
        .route("/methode", get(pages::method::get))
        .route("/donnees", get(pages::data::get))
        .route("/flux.opml", get(pages::opml::get))
        .route("/archive/{name}", get(pages::archive::get))
        .route("/documents/{sha256}/page/{name}", get(pages::sheet::get))
        .route("/sante", get(api::health))
        .route("/health", get(api::health))
        .route("/style.css", get(pages::assets::style))
        .route("/favicon.svg", get(pages::assets::favicon))
        .route("/robots.txt", get(pages::assets::robots));
    for (name, suffix) in Suffix::ALL {
        let handler =
            move |State(state): State<AppState>, RawQuery(query): RawQuery, headers: HeaderMap| {
                pages::search::other_format(state, suffix, query.unwrap_or_default(), headers)
            };
        router = router.route(&format!("/recherche.{name}"), get(handler));
    }
    router
}

/// Open to every site: it holds nothing that is not public.
fn api_v1() -> Router<AppState> {
    let cors = SetResponseHeaderLayer::overriding(
        ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    Router::new()
        .route("/api/v1/search", get(api::search))
        .route("/api/v1/acts/{id}", get(api::act))
        .route("/api/v1/bulletins/{id}", get(api::bulletin))
        .route("/api/v1/sources", get(pages::coverage::json))
        .route("/api/v1/stats", get(api::stats))
        .layer(cors)
}
