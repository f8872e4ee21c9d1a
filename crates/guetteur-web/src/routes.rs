//! All addresses of the site.

use axum::Router;
use axum::extract::{MatchedPath, RawQuery, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use guetteur_publish::formats::FORMATS;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

use crate::api::{Access, OPERATIONS};
use crate::error::no_such_page;
use crate::error_page::show_errors;
use crate::pages::news::{CHANGES, TROUBLES};
use crate::state::AppState;
use crate::{api, caching, limits, pages, probes, security};

/// The whole site.
pub fn router(state: AppState) -> Router {
    let compress = DefaultPredicate::new()
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/vnd.sqlite3"))
        .and(NotForContentType::const_new("application/vnd.openxmlformats"));
    site()
        .merge(api_v1())
        .fallback(|| async { no_such_page() })
        .layer(from_fn_with_state(state.clone(), limits::limit))
        .layer(from_fn_with_state(state.clone(), show_errors))
        .layer(from_fn(caching::conditional))
        .layer(CompressionLayer::new().compress_when(compress))
        .layer(map_response(security::harden))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_response(()).on_failure(()))
        .with_state(state)
}

/// What is logged during a request bears its route; an address may hold a secret.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

fn site() -> Router<AppState> {
    let mut router = Router::new()
        .route("/", get(pages::home::get))
        .route("/commencer", get(pages::start::index))
        .route("/commencer/{reader}", get(pages::start::get))
        .route("/recherche", get(pages::search::get))
        .route("/acte/{id}", get(pages::act::get))
        .route("/acte/{id}/refere", get(pages::refere::get).post(pages::refere::edited))
        .route("/recueil/{id}", get(pages::bulletin::get))
        .route("/recueil/{id}/changements", get(pages::version_changes::get))
        // Their other formats (`/prefecture/34.atom`) arrive here too.
        .route("/prefecture/{code}", get(pages::prefecture::get))
        .route("/commune/{insee}", get(pages::commune::get))
        .route(
            "/commune/{insee}/lettre",
            get(pages::letter::letter).post(pages::letter::edited_letter),
        )
        .route(
            "/commune/{insee}/voeu",
            get(pages::letter::motion).post(pages::letter::edited_motion),
        )
        .route("/commune/{insee}/affiche.pdf", get(pages::poster::to_hang_up))
        .route("/commune/{insee}/tract.pdf", get(pages::poster::to_hand_out))
        .route("/commune/{insee}/presse", get(pages::press::of_town))
        .route("/prefecture/{code}/presse", get(pages::press::of_prefecture))
        .route("/commune/{insee}/rappel.ics", get(pages::letter::reminder))
        .route("/commune/{insee}/renouvellements.ics", get(pages::renewals::get))
        .route("/dossier", get(pages::dossier::get))
        .route("/dossier.csv", get(pages::dossier::csv))
        .route("/dossier.zip", get(pages::dossier::zip))
        .route("/communes", get(pages::communes::get))
        .route("/prefectures", get(pages::prefectures::get))
        .route("/abonnement", get(pages::subscription::get).post(pages::subscription::sign_up))
        .route(
            "/abonnement/confirmer/{secret}",
            get(pages::subscription::to_confirm).post(pages::subscription::confirm),
        )
        .route("/abonnement/{token}", get(pages::subscription::see).post(pages::subscription::stop))
        .route("/abonnement/{token}/changer", post(pages::subscriber::change))
        .route(
            "/abonnement/{token}/sauf/{act}",
            get(pages::subscriber::ask_except).post(pages::subscriber::except),
        )
        .route("/abonnements", get(pages::subscriber::ask_link).post(pages::subscriber::send_link))
        .route("/abonnements/{secret}", get(pages::subscriber::all))
        .route("/couverture", get(pages::coverage::get))
        .route("/couverture.json", get(pages::coverage::json))
        .route("/couverture.csv", get(pages::coverage::csv))
        .route("/modifications", get(pages::news_feeds::page_of_changes))
        .route("/statistiques", get(pages::statistics::get))
        .route("/statistiques/{file}", get(pages::statistics::file))
        .route("/carte", get(pages::map::get))
        .route("/carte/{file}", get(pages::map::file))
        .route("/enquetes", get(pages::investigations::index))
        .route("/enquetes/{name}", get(pages::investigations::get))
        .route("/enquetes/{name}/{file}", get(pages::investigations::file))
        .route("/precedents", get(pages::precedents::get))
        .route("/precedents.csv", get(pages::precedents::csv))
        .route("/registre", get(pages::register::get))
        .route("/registre.csv", get(pages::register::csv))
        .route("/techniques", get(pages::techniques::index))
        .route("/techniques/{name}", get(pages::techniques::get))
        .route("/methode", get(pages::method::get))
        .route("/donnees", get(pages::data::get))
        .route("/donnees/ouvrir", get(pages::opening::get))
        .route(pages::database::PATH, get(pages::database::get))
        .route("/api", get(pages::api::get))
        .route("/flux.opml", get(pages::opml::get))
        .route("/archive/{name}", get(pages::archive::get))
        .route("/documents/{sha256}/page/{name}", get(pages::sheet::get))
        .route("/operateur", get(pages::operator::get))
        .route("/operateur/relancer", post(pages::operator::retry))
        .route("/operateur/masquer", post(pages::operator::mask))
        .route("/operateur/demasquer", post(pages::operator::unmask))
        .route("/operateur/juger", post(pages::operator::record))
        .route("/operateur/decisions", post(pages::operator::record_all))
        .route("/operateur/oublier", post(pages::operator::forget))
        .route("/operateur/inscrire", post(pages::operator::enter))
        .route("/operateur/registre", post(pages::operator::enter_all))
        .route("/operateur/rayer", post(pages::operator::strike))
        .route("/operateur/verifier", post(pages::operator::review))
        .route("/operateur/deverifier", post(pages::operator::unreview))
        .route("/healthz", get(probes::alive))
        .route("/readyz", get(probes::ready))
        .route("/sante", get(api::health))
        .route("/health", get(api::health))
        .route("/style.css", get(pages::assets::style))
        .route("/favicon.svg", get(pages::assets::favicon))
        .route("/sitemap.xml", get(pages::sitemap::index))
        .route("/sitemap/{name}", get(pages::sitemap::part))
        .route("/robots.txt", get(pages::assets::robots));
    for format in &FORMATS {
        let handler =
            move |State(state): State<AppState>, RawQuery(query): RawQuery, headers: HeaderMap| {
                pages::search::other_format(state, format, query.unwrap_or_default(), headers)
            };
        router = router.route(&format!("/recherche.{}", format.suffix), get(handler));
    }
    for format in TROUBLES.formats() {
        let address = format!("{}.{}", TROUBLES.path, format.suffix);
        router = router.route(&address, get(pages::news_feeds::troubles));
    }
    for format in CHANGES.formats() {
        let address = format!("{}.{}", CHANGES.path, format.suffix);
        router = router.route(&address, get(pages::news_feeds::changes));
    }
    router
}

/// Open to every site: it holds nothing that is not public.
fn api_v1() -> Router<AppState> {
    let add = |name: HeaderName, value| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let exposed = "etag, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after";
    OPERATIONS
        .iter()
        .fold(Router::new(), |router, operation| {
            let handler = (operation.handler)();
            // Pages of other sites have no key to give.
            router.route(
                operation.path,
                match operation.access {
                    Access::Open => handler.options(preflight),
                    Access::Keyed { .. } => handler,
                },
            )
        })
        .layer(add(ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .layer(add(ACCESS_CONTROL_EXPOSE_HEADERS, exposed))
}

/// A browser asks before a script may send a header such as `If-None-Match`.
async fn preflight() -> impl IntoResponse {
    let allowed = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, allowed)
}
