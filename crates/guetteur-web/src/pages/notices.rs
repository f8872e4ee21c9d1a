//! `/couverture.atom`, `.rss`: sources in trouble (`.json` is the state of all).
//! `/modifications` (`.atom`, `.rss`, `.json`): PDFs that changed or went.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use axum::response::{Html, IntoResponse, Response};
use guetteur_publish::feeds::{Notice, Notices};
use guetteur_publish::published::WITHHELD;
use guetteur_publish::{fields, french};
use guetteur_store::ChangedPdf;
use serde::Serialize;

use super::coverage::{SourceReport, reports};
use crate::caching::unmodified_since;
use crate::error::WebError;
use crate::page::{Head, notice_feeds, page};
use crate::state::AppState;

const CHANGES: &str = "/modifications";
/// Changes shown.
const SHOWN: u32 = 100;

pub(crate) async fn troubles(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let notices =
        reports(&state).await?.iter().filter_map(|report| trouble(&state, report)).collect();
    let feed = Notices {
        title: format!("Couverture – {}", state.catalogue.site.title),
        about: "Les sources qui ne sont plus lues, ou se taisent : ce qu’elles publient peut \
                manquer."
            .to_owned(),
        site: state.catalogue.site.title.clone(),
        page: format!("{}/couverture", state.catalogue.site.base_url),
        address: format!("{}{}", state.catalogue.site.base_url, uri.path()),
        notices,
    };
    Ok(written(&feed, uri.path(), &headers))
}

fn trouble(state: &AppState, report: &SourceReport) -> Option<Notice> {
    if report.health.is_fresh() && report.status != "silent" {
        return None;
    }
    // While it fails, the last success stays where it is: one trouble, one notice.
    let since = report.last_ok_at.map_or(0, |at| at.timestamp());
    let at = report.last_error_at.or(report.last_ok_at)?;
    let last = report.last_ok_at.map_or_else(
        || "Aucun passage n’a encore réussi.".to_owned(),
        |at| format!("Dernier passage réussi le {}.", french::instant(at)),
    );
    let reason = report.reason.as_ref().map(|reason| format!("{reason}. ")).unwrap_or_default();
    Some(Notice {
        id: format!(
            "tag:{},2026:source:{}:{}:{since}",
            state.catalogue.site.host(),
            report.code,
            report.status
        ),
        title: format!("{} : {}", report.name, report.status_label),
        text: format!("{reason}{last}"),
        page: format!("{}/prefecture/{}", state.catalogue.site.base_url, report.code),
        at,
    })
}

pub(crate) async fn changes(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let changed = state.catalogue.store.changed_pdfs(SHOWN).await?;
    let feed = Notices {
        title: format!("PDF modifiés ou retirés – {}", state.catalogue.site.title),
        about:
            "Les recueils dont le PDF a changé sous la même adresse, ou qui ont disparu du site \
                de la préfecture. L’archive garde chaque version."
                .to_owned(),
        site: state.catalogue.site.title.clone(),
        page: format!("{}{CHANGES}", state.catalogue.site.base_url),
        address: format!("{}{}", state.catalogue.site.base_url, uri.path()),
        notices: changed.iter().map(|change| notice(&state, change)).collect(),
    };
    Ok(written(&feed, uri.path(), &headers))
}

fn notice(state: &AppState, change: &ChangedPdf) -> Notice {
    let base = &state.catalogue.site.base_url;
    let name = super::bulletin::name(change.number.as_deref(), &change.title, change.published_on);
    let what = if change.present.is_some() { "PDF modifié" } else { "recueil retiré du site" };
    let present = match change.present {
        Some(sha) => format!("À présent : {base}/archive/{sha}.pdf"),
        None => "Il n’est plus à son adresse.".to_owned(),
    };
    Notice {
        id: format!(
            "tag:{},2026:recueil:{}:{}",
            state.catalogue.site.host(),
            change.bulletin,
            change.present.map_or_else(|| "retire".to_owned(), |sha| sha.to_string())
        ),
        title: format!("{} : {what}, {name}", state.catalogue.publisher(&change.source).name),
        text: match change.withheld {
            true => WITHHELD.to_owned(),
            false => format!("Avant : {base}/archive/{}.pdf. {present}", change.former),
        },
        page: format!("{base}/recueil/{}", change.bulletin),
        at: change.changed_at,
    }
}

#[derive(Serialize)]
struct ChangeRow {
    when: String,
    prefecture_code: String,
    prefecture: String,
    bulletin: String,
    href: String,
    withdrawn: bool,
    withheld: bool,
    former: String,
    present: Option<String>,
}

pub(crate) async fn page_of_changes(
    State(state): State<AppState>,
) -> Result<Html<String>, WebError> {
    let row = |change: &ChangedPdf| {
        let publisher = state.catalogue.publisher(&change.source);
        ChangeRow {
            when: french::instant_in(change.changed_at, publisher.zone),
            bulletin: super::bulletin::name(
                change.number.as_deref(),
                &change.title,
                change.published_on,
            ),
            href: format!("/recueil/{}", change.bulletin),
            withdrawn: change.present.is_none(),
            withheld: change.withheld,
            former: format!("/archive/{}.pdf", change.former),
            present: change.present.map(|sha| format!("/archive/{sha}.pdf")),
            prefecture_code: publisher.code,
            prefecture: publisher.name,
        }
    };
    let rows: Vec<ChangeRow> =
        state.catalogue.store.changed_pdfs(SHOWN).await?.iter().map(row).collect();
    let mut head = Head::new("PDF modifiés ou retirés", CHANGES);
    head.section = "couverture";
    head.alternates = notice_feeds([
        ("Atom", "application/atom+xml", "/modifications.atom"),
        ("RSS", "application/rss+xml", "/modifications.rss"),
    ]);
    page(&state, "changes.html", head, fields! { rows })
}

fn written(feed: &Notices, path: &str, headers: &HeaderMap) -> Response {
    if unmodified_since(headers, feed.updated()) {
        return axum::http::StatusCode::NOT_MODIFIED.into_response();
    }
    let (media, body) = match path.rsplit('.').next() {
        Some("atom") => ("application/atom+xml; charset=utf-8", feed.to_atom()),
        Some("rss") => ("application/rss+xml; charset=utf-8", feed.to_rss()),
        _ => ("application/feed+json; charset=utf-8", feed.to_json().to_string()),
    };
    ([(CONTENT_TYPE, media)], body).into_response()
}
