//! `/recueil/{id}`: one bulletin, how far it was read, its acts.

use axum::extract::{Path, State};
use axum::response::Html;
use chrono::NaiveDate;
use chrono_tz::Tz;
use guetteur_model::{BulletinId, Stage};
use guetteur_publish::failure_words::plain;
use guetteur_publish::published::{WITHHELD, web_address};
use guetteur_publish::{fields, french};
use guetteur_store::{BulletinRow, Version};
use serde::Serialize;

use crate::error::WebError;
use crate::listed_act::ListedAct;
use crate::page::{Head, page};
use crate::page_parts::Detail;
use crate::state::AppState;

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Html<String>, WebError> {
    let absent = || WebError::NotFound("Il n’y a pas de recueil à cette adresse.".to_owned());
    let id: BulletinId = id.parse().map_err(|_| absent())?;
    let bulletin = state.catalogue.store.bulletin(id).await?.ok_or_else(absent)?;
    let publisher = state.catalogue.publisher(&bulletin.source);
    let records = state.catalogue.store.acts_of_bulletin(id).await?;
    let acts = state.catalogue.publish(records).await?;
    let versions = state.catalogue.store.bulletin_versions(id).await?;
    let name = name(bulletin.number.as_deref(), &bulletin.title, bulletin.published_on);
    let mut head = Head::new(&format!("{name} – {}", publisher.name), &format!("/recueil/{id}"));
    head.section = "prefectures";
    head.noindex = true;
    let body = fields! {
        warnings => warnings(&bulletin, publisher.zone),
        pdf => pdf_path(&bulletin),
        source => web_address(&bulletin.url),
        rows => rows(&bulletin, &versions, publisher.zone),
        changes_path => format!("/recueil/{id}/changements"),
        versions => version_links(&versions, bulletin.withheld, publisher.zone),
        acts => ListedAct::all(&acts),
        no_acts => no_acts(&bulletin),
        name, publisher,
    };
    page(&state, "bulletin.html", head, body)
}

/// `Recueil n° 26-2025-040 du 20 février 2025`; the title of the link when there is no number.
pub(crate) fn name(number: Option<&str>, title: &str, published_on: Option<NaiveDate>) -> String {
    match (number, published_on) {
        (Some(number), Some(day)) => format!("Recueil n° {number} du {}", french::day(day)),
        (Some(number), None) => format!("Recueil n° {number}"),
        (None, _) => title.to_owned(),
    }
}

fn warnings(bulletin: &BulletinRow, zone: Tz) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(at) = bulletin.withdrawn_at {
        let at = french::instant_in(at, zone);
        warnings.push(format!(
            "Ce recueil n’est plus sur le site de la préfecture (constaté le {at}). L’archive le \
             garde."
        ));
    }
    if bulletin.failed_at.is_some() {
        let reason = bulletin.failure.as_ref().map(plain).unwrap_or_default();
        warnings.push(format!("Ce recueil n’a pas pu être traité. {reason}"));
    }
    if bulletin.withheld {
        warnings.push(WITHHELD.to_owned());
    }
    if bulletin.duplicate_of.is_some() {
        warnings.push("Le même PDF est publié aussi dans un autre recueil.".to_owned());
    }
    warnings
}

fn rows(bulletin: &BulletinRow, versions: &[Version], zone: Tz) -> Vec<Detail> {
    let row = |label, value: String| Detail { label, value, ..Detail::default() };
    let mut rows = vec![row("Titre sur le site", bulletin.title.clone())];
    rows.extend(bulletin.published_on.map(|day| row("Publié le", french::day(day))));
    rows.push(row("Vu pour la première fois", french::instant_in(bulletin.first_seen_at, zone)));
    rows.push(row("Vu pour la dernière fois", french::instant_in(bulletin.last_seen_at, zone)));
    if let [present, _, ..] = versions {
        let at = french::instant_in(present.first_fetched_at, zone);
        rows.push(row("PDF modifié", at));
    }
    rows.push(row("État", stage(bulletin).to_owned()));
    rows.extend(bulletin.page_count.map(|n| row("Pages", french::number(n.into()))));
    if let Some(original) = bulletin.duplicate_of {
        let href = Some(format!("/recueil/{original}"));
        rows.push(Detail { href, ..row("Même PDF que", format!("recueil {original}")) });
    }
    rows.extend(bulletin.document.map(|sha| Detail {
        mono: true,
        href: pdf_path(bulletin),
        ..row("SHA-256 du PDF", sha.to_string())
    }));
    rows.push(Detail {
        href: web_address(&bulletin.url).map(str::to_owned),
        ..row("Publié à l’adresse", bulletin.url.clone())
    });
    rows
}

/// Where the site serves the PDF.
fn pdf_path(bulletin: &BulletinRow) -> Option<String> {
    let served = bulletin.document.filter(|_| !bulletin.withheld);
    served.map(|sha| format!("/archive/{sha}.pdf"))
}

fn stage(bulletin: &BulletinRow) -> &'static str {
    match (bulletin.failed_at, bulletin.stage) {
        (Some(_), _) => "en échec",
        (None, Stage::Found) => "trouvé, à télécharger",
        (None, Stage::Fetched) if bulletin.awaits_ocr => {
            "lu en partie, des pages numérisées restent à reconnaître"
        }
        (None, Stage::Fetched) => "archivé, à lire",
        (None, Stage::Read) => "lu, à découper",
        (None, Stage::Flagged) => "lu et découpé en actes",
    }
}

fn no_acts(bulletin: &BulletinRow) -> &'static str {
    match bulletin.stage {
        Stage::Flagged => "Aucun acte n’a été reconnu dans ce PDF.",
        _ => "Ce recueil n’est pas encore lu jusqu’au bout : ses actes viendront.",
    }
}

/// A version of the PDF as a link.
#[derive(Serialize)]
pub(crate) struct VersionLink {
    /// `None`: the site does not serve it.
    href: Option<String>,
    short: String,
    seen: String,
    present: bool,
}

pub(crate) fn version_links(versions: &[Version], withheld: bool, zone: Tz) -> Vec<VersionLink> {
    versions
        .iter()
        .enumerate()
        .map(|(rank, version)| {
            let hash = version.document.sha256.to_string();
            VersionLink {
                short: format!("{}…", &hash[..12]),
                href: (!withheld).then(|| format!("/archive/{hash}.pdf")),
                present: rank == 0,
                seen: format!("le {}", french::instant_in(version.first_fetched_at, zone)),
            }
        })
        .collect()
}
