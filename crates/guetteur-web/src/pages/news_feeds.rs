//! What is told of sources in trouble, and of PDFs that changed or went, in feeds and on a page.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{Html, Response};
use guetteur_model::Sha256;
use guetteur_publish::feeds::Entry;
use guetteur_publish::published::WITHHELD;
use guetteur_publish::{Catalogue, Site, fields, french};
use guetteur_store::ChangedPdf;
use serde::Serialize;

use super::coverage::{SourceReport, reports};
use super::news::{CHANGES, TROUBLES};
use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

/// Changes shown.
const SHOWN: u32 = 100;

pub(crate) async fn troubles(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let reports = reports(&state).await?;
    let site = &state.catalogue.site;
    let entries = reports.iter().filter_map(|report| trouble(site, report)).collect();
    TROUBLES.written(site, entries, uri.path(), &headers)
}

fn trouble(site: &Site, report: &SourceReport) -> Option<Entry> {
    if report.health.is_fresh() && report.status != "silent" {
        return None;
    }
    // While it fails, the last success stays where it is: one trouble, one entry.
    let since = report.last_ok_at.map_or(0, |at| at.timestamp());
    let at = report.last_error_at.or(report.last_ok_at)?;
    let last = report.last_ok_at.map_or_else(
        || "Aucun passage n’a encore réussi.".to_owned(),
        |at| format!("Dernier passage réussi le {}.", french::instant(at)),
    );
    let reason = report.reason.as_ref().map(|reason| format!("{reason}. ")).unwrap_or_default();
    Some(Entry::of_text(
        site.tag("source", format!("{}:{}:{since}", report.code, report.status)),
        format!("{} : {}", report.name, report.status_label),
        format!("{reason}{last}"),
        site.absolute(&format!("/prefecture/{}", report.code)),
        at,
    ))
}

pub(crate) async fn changes(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let changed = state.catalogue.store.changed_pdfs(SHOWN).await?;
    let entries = changed.iter().map(|change| change_entry(&state.catalogue, change)).collect();
    CHANGES.written(&state.catalogue.site, entries, uri.path(), &headers)
}

fn change_entry(catalogue: &Catalogue, change: &ChangedPdf) -> Entry {
    let site = &catalogue.site;
    let archived = |sha: Sha256| site.absolute(&format!("/archive/{sha}.pdf"));
    let name = super::bulletin::name(change.number.as_deref(), &change.title, change.published_on);
    let what = if change.present.is_some() { "PDF modifié" } else { "recueil retiré du site" };
    let present = match change.present {
        Some(sha) => format!("À présent : {}", archived(sha)),
        None => "Il n’est plus à son adresse.".to_owned(),
    };
    let version = change.present.map_or_else(|| "retire".to_owned(), |sha| sha.to_string());
    let text = match change.withheld {
        true => WITHHELD.to_owned(),
        false => format!("Avant : {}. {present}", archived(change.former)),
    };
    Entry::of_text(
        site.tag("recueil", format!("{}:{version}", change.bulletin)),
        format!("{} : {what}, {name}", catalogue.publisher(&change.source).name),
        text,
        site.absolute(&format!("/recueil/{}", change.bulletin)),
        change.changed_at,
    )
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
    let mut head = Head::new(CHANGES.title, CHANGES.path);
    head.section = "couverture";
    head.alternates = CHANGES.alternates();
    page(&state, "changes.html", head, fields! { rows })
}
