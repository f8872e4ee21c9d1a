//! `/couverture`: what was looked at, when, and what failed. Also as CSV and JSON.

use axum::Json;
use axum::extract::State;
use axum::response::{Html, Response};
use chrono::{DateTime, Utc};
use guetteur_model::{FailureKind, Source};
use guetteur_publish::export::{Cell, write_csv};
use guetteur_publish::health::{Health, Tally};
use guetteur_publish::{failure_words, fields, french};
use guetteur_store::SourceState;
use serde::Serialize;

use super::news::TROUBLES;
use crate::error::WebError;
use crate::figures::attachment;
use crate::page::{Head, page};
use crate::state::AppState;

/// A source with its state, as programs read it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SourceReport {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) status: &'static str,
    pub(crate) status_label: &'static str,
    pub(crate) last_ok_at: Option<DateTime<Utc>>,
    pub(crate) last_full_at: Option<DateTime<Utc>>,
    pub(crate) last_new_at: Option<DateTime<Utc>>,
    pub(crate) last_published_on: Option<chrono::NaiveDate>,
    /// Last quick look at its newest list.
    pub(crate) looked_at: Option<DateTime<Utc>>,
    /// Usual days from one day of publication to the next.
    pub(crate) usual_days: Option<u32>,
    /// Set, as the next two, only while the last pass is a failed one.
    pub(crate) failure: Option<FailureKind>,
    /// With the page's address.
    pub(crate) last_error: Option<String>,
    /// The same for readers.
    pub(crate) reason: Option<String>,
    pub(crate) last_error_at: Option<DateTime<Utc>>,
    pub(crate) bulletins: u64,
    pub(crate) pending: u64,
    pub(crate) failed: u64,
    pub(crate) acts: u64,
    pub(crate) flagged: u64,
    /// Numbers of this year's sequence that no bulletin has.
    pub(crate) missing: Vec<String>,
    /// Bulletins of the national index that the site never listed.
    pub(crate) only_indexed: u64,
    /// Bulletins of the site that the national index lacks.
    pub(crate) only_listed: u64,
    /// Documents that it lists and that were not taken for bulletins; its own page names them.
    pub(crate) left_out: u64,
    /// Since when a list of it is read whole each time, for it had changed unsaid.
    pub(crate) distrusted_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub(crate) health: Health,
}

/// All sources of the registry with their state, the registry's order.
pub(crate) async fn reports(state: &AppState) -> Result<Vec<SourceReport>, WebError> {
    let rows = state.catalogue.store.source_states().await?;
    let mut missing = state.missing.of(&state.catalogue, &rows).await?;
    let report = |source: &Source| {
        let row = rows.iter().find(|row| row.code == source.code);
        let missing = missing.remove(&source.code).unwrap_or_default();
        SourceReport { missing: missing.to_vec(), ..report(source, row, state.catalogue.now()) }
    };
    Ok(state.catalogue.registry.iter().map(report).collect())
}

/// Numbers of this year's sequence that no bulletin has: each is a bulletin that nobody saw.
pub(crate) async fn missing(
    state: &AppState,
    source: Option<&SourceState>,
) -> Result<Vec<String>, WebError> {
    let Some(source) = source else { return Ok(Vec::new()) };
    let found = state.missing.of(&state.catalogue, [source]).await?;
    Ok(found.values().flat_map(|numbers| numbers.iter().cloned()).collect())
}

fn report(source: &Source, row: Option<&SourceState>, now: DateTime<Utc>) -> SourceReport {
    let health = Health::of(row, now);
    let row = row.cloned().unwrap_or_default();
    let failing = health.is_failing();
    let failed = row.failure(now).filter(|_| failing);
    SourceReport {
        code: source.code.clone(),
        name: source.name.clone(),
        region: source.region.clone(),
        status: health.id(),
        status_label: health.label(),
        last_ok_at: row.last_ok_at,
        last_full_at: row.last_full_at,
        last_new_at: row.last_new_at,
        last_published_on: row.last_published_on,
        looked_at: row.looked_at,
        usual_days: row.rhythm.map(|rhythm| rhythm.usual_days),
        failure: failed.map(|failed| failed.failure.kind),
        reason: failed.map(|failed| failure_words::plain(&failed.failure)),
        last_error: failed.map(failure_words::of_source),
        last_error_at: row.last_error_at.max(row.failing_since).filter(|_| failing),
        bulletins: row.bulletins,
        pending: row.pending,
        failed: row.failed,
        acts: row.acts,
        flagged: row.flagged,
        missing: Vec::new(),
        only_indexed: row.only_indexed,
        only_listed: row.only_listed,
        left_out: row.left_out,
        distrusted_at: row.distrusted_at,
        health,
    }
}

#[derive(Serialize)]
struct TableRow {
    code: String,
    name: String,
    health: &'static str,
    label: &'static str,
    reason: Option<String>,
    last_ok: String,
    last_full: Option<String>,
    looked: Option<String>,
    last_new: String,
    rhythm: Option<String>,
    bulletins: u64,
    pending: u64,
    failed: u64,
    acts: u64,
    flagged: u64,
    missing: Vec<String>,
    only_indexed: u64,
    only_listed: u64,
    left_out: u64,
    distrusted: Option<String>,
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let now = state.catalogue.now();
    let reports = reports(&state).await?;
    let healths: Vec<Health> = reports.iter().map(|report| report.health).collect();
    let rows: Vec<TableRow> = reports.into_iter().map(|report| table_row(report, now)).collect();
    let mut head = Head::new("Couverture", "/couverture");
    head.section = "couverture";
    head.alternates = TROUBLES.alternates();
    head.description = "Quand chaque préfecture a été lue pour la dernière fois.".to_owned();
    let damaged = state.catalogue.store.damaged_documents().await?.len();
    let states = Tally::of(&healths);
    let body = fields! { rows, states, damaged, now => french::instant(now) };
    page(&state, "coverage.html", head, body)
}

fn table_row(report: SourceReport, now: DateTime<Utc>) -> TableRow {
    let ago = |at: Option<DateTime<Utc>>| at.map_or("jamais".to_owned(), |at| french::ago(now, at));
    let new_day = report.last_published_on.map(french::day);
    TableRow {
        health: report.status,
        label: report.status_label,
        reason: report.reason,
        last_ok: ago(report.last_ok_at),
        last_full: report.last_full_at.map(|at| french::ago(now, at)),
        looked: report.looked_at.map(|at| french::ago(now, at)),
        rhythm: report.usual_days.map(|days| match days {
            1 => "d’ordinaire chaque jour".to_owned(),
            days => format!("d’ordinaire tous les {days} jours"),
        }),
        last_new: new_day.unwrap_or_else(|| "aucun".to_owned()),
        code: report.code,
        name: report.name,
        bulletins: report.bulletins,
        pending: report.pending,
        failed: report.failed,
        acts: report.acts,
        flagged: report.flagged,
        missing: report.missing,
        only_indexed: report.only_indexed,
        only_listed: report.only_listed,
        left_out: report.left_out,
        distrusted: report.distrusted_at.map(french::instant),
    }
}

pub(crate) async fn json(
    State(state): State<AppState>,
) -> Result<Json<Vec<SourceReport>>, WebError> {
    Ok(Json(reports(&state).await?))
}

pub(crate) async fn csv(State(state): State<AppState>) -> Result<Response, WebError> {
    let names = COLUMNS.map(|(name, _)| name);
    let reports = reports(&state).await?;
    let rows = reports.iter().map(|report| COLUMNS.map(|(_, cell)| cell(report)));
    let mut out = Vec::new();
    write_csv(&names, rows, &mut out)?;
    Ok(attachment("couverture", "csv", "text/csv; charset=utf-8", out))
}

/// A column of the CSV: its heading, and what a source has in it.
type Column = (&'static str, fn(&SourceReport) -> Cell);

/// The columns of the CSV.
const COLUMNS: [Column; 19] = [
    ("code", |report| text(&report.code)),
    ("nom", |report| text(&report.name)),
    ("region", |report| text(&report.region)),
    ("etat", |report| text(report.status_label)),
    ("dernier_passage", |report| instant(report.last_ok_at)),
    ("derniere_lecture_complete", |report| instant(report.last_full_at)),
    ("dernier_coup_d_oeil", |report| instant(report.looked_at)),
    ("dernier_recueil", |report| report.last_published_on.map_or(Cell::Empty, Cell::Day)),
    ("rythme_jours", |report| report.usual_days.map_or(Cell::Empty, integer)),
    ("dernier_echec", |report| report.reason.as_deref().map_or(Cell::Empty, text)),
    ("recueils", |report| integer(report.bulletins)),
    ("en_attente", |report| integer(report.pending)),
    ("en_echec", |report| integer(report.failed)),
    ("actes", |report| integer(report.acts)),
    ("signales", |report| integer(report.flagged)),
    ("numeros_manquants", |report| text(&report.missing.join(" | "))),
    ("seulement_index_national", |report| integer(report.only_indexed)),
    ("seulement_site", |report| integer(report.only_listed)),
    ("laisses_de_cote", |report| integer(report.left_out)),
];

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn integer(number: impl Into<u64>) -> Cell {
    Cell::Integer(number.into() as i64)
}

/// In UTC, to the second.
fn instant(at: Option<DateTime<Utc>>) -> Cell {
    at.map_or(Cell::Empty, |at| text(&at.format("%Y-%m-%dT%H:%M:%SZ").to_string()))
}
