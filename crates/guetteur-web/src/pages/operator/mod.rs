//! `/operateur`: what is left to do, what failed, what each rule flags, what is masked, what
//! courts decided, what towns were asked, what was reviewed. Behind the operator's token; the forms are in
//! `actions`, `judged`, `registered` and `reviewed`.

mod actions;
mod judged;
mod registered;
mod reviewed;

pub(crate) use actions::{mask, retry, unmask};
pub(crate) use judged::{forget, record, record_all};
pub(crate) use registered::{enter, enter_all, strike};
pub(crate) use reviewed::{review, unreview};

use std::collections::HashMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{BulletinId, Stage};
use guetteur_store::{
    Backlog, BulletinFilter, BulletinRow, ConcealingDocument, Mask, REVIEW_RULE, RuleTally,
    StoreError,
};
use serde::Serialize;

use self::actions::Done;
use super::coverage::{SourceReport, reports};
use crate::error::WebError;
use crate::operator::Operator;
use crate::page::{Head, page};
use crate::rule_sheet::Measure;
use crate::state::AppState;
use guetteur_publish::{failure_words, fields, french};

const PATH: &str = "/operateur";
/// Bulletins shown of each kind.
const SHOWN: u32 = 50;
/// Of the flags « CATEGORY/citation », which no pattern gives.
const CITED: &str = "l’acte cite un texte de la catégorie, sans plus";
/// Of a rule that no file has any more.
const FORMER: &str = "absente des règles d’aujourd’hui : lancer « guetteur reclassify »";
/// Of the flags that the operator added.
const BY_HAND: &str = "ajouté par l’exploitant";
/// A flag is recent for so long.
const RECENT: TimeDelta = TimeDelta::days(30);

pub(crate) async fn get(
    State(state): State<AppState>,
    operator: Operator,
    done: Result<Query<Done>, QueryRejection>,
) -> Result<Response, WebError> {
    let (store, now) = (&state.catalogue.store, state.catalogue.now());
    let given_up = BulletinFilter { failed: Some(true), ..BulletinFilter::default() };
    let to_retry = BulletinFilter { to_retry: true, ..BulletinFilter::default() };
    let names: HashMap<&str, &str> =
        state.catalogue.registry.iter().map(|source| (&*source.code, &*source.name)).collect();
    let rows = |bulletins: Vec<BulletinRow>| -> Vec<Trouble> {
        bulletins.into_iter().map(|row| trouble(row, &names, now)).collect()
    };
    let body = fields! {
        form_key => operator.form_key(),
        done => done.ok().and_then(|Query(done)| done.sentence()),
        queue => queue(store.backlog(None, now).await?),
        ocr => ocr(&state, now).await?,
        given_up_count => store.count_bulletins(&given_up).await?,
        given_up => rows(store.list_bulletins(&given_up, SHOWN, 0).await?),
        to_retry_count => store.count_bulletins(&to_retry).await?,
        to_retry => rows(store.list_bulletins(&to_retry, SHOWN, 0).await?),
        concealing_count => store.count_concealing_documents().await?,
        concealing => store
            .concealing_documents(SHOWN)
            .await?
            .into_iter()
            .map(|document| concealing(document, &names))
            .collect::<Vec<_>>(),
        sources => sources_in_trouble(reports(&state).await?, now),
        rules => rules(&state, store.rule_tallies(now - RECENT).await?),
        outcomes => store.outcomes().await?.into_iter().map(judged::row).collect::<Vec<_>>(),
        rulings => judged::rulings(),
        grounds => judged::grounds(),
        courts => judged::courts(),
        town_steps => store.steps().await?.into_iter().map(registered::row).collect::<Vec<_>>(),
        steps => registered::steps(),
        today => state.catalogue.today().to_string(),
        reviews => store.reviews().await?.into_iter().map(reviewed::row).collect::<Vec<_>>(),
        subjects => reviewed::subjects(),
        answers => reviewed::answers(),
        masks => store.masks().await?.into_iter().map(mask_row).collect::<Vec<_>>(),
    };
    let mut head = Head::new("Exploitation", PATH);
    head.noindex = true;
    Ok(([(CACHE_CONTROL, "no-store")], page(&state, "operator.html", head, body)?).into_response())
}

#[derive(Serialize)]
struct Figure {
    value: u64,
    label: &'static str,
}

fn queue(backlog: Backlog) -> Vec<Figure> {
    [
        (backlog.found, "à télécharger"),
        (backlog.fetched, "à lire"),
        (backlog.read, "à découper et signaler"),
        (backlog.leased, "en cours"),
        (backlog.waiting, "en attente d’un nouvel essai"),
        (backlog.failed, "abandonnés"),
        (backlog.flagged, "terminés"),
    ]
    .map(|(value, label)| Figure { value, label })
    .into()
}

/// Pages that wait for OCR, and those recognised today.
#[derive(Serialize)]
struct Ocr {
    pages: u64,
    bulletins: u64,
    since: Option<String>,
    today: u64,
    per_day: u32,
}

async fn ocr(state: &AppState, now: DateTime<Utc>) -> Result<Ocr, StoreError> {
    let queue = state.catalogue.store.ocr_queue(state.site.ocr_version).await?;
    Ok(Ocr {
        pages: queue.pages,
        bulletins: queue.bulletins,
        since: queue.oldest_at.map(|at| french::day(french::today(at))),
        today: state.catalogue.store.ocr_pages_on(now.date_naive()).await?,
        per_day: state.site.ocr_pages_per_day,
    })
}

/// A bulletin that failed.
#[derive(Serialize)]
struct Trouble {
    id: BulletinId,
    title: String,
    source_code: String,
    source: String,
    /// What was being done.
    doing: &'static str,
    attempts: u32,
    error: String,
    /// Since when it is given up, or when it is tried again.
    when: String,
}

fn trouble(row: BulletinRow, names: &HashMap<&str, &str>, now: DateTime<Utc>) -> Trouble {
    let next = row.next_attempt_at;
    Trouble {
        id: row.id,
        title: row.title,
        source: names.get(&*row.source).map_or_else(String::new, |&name| name.to_owned()),
        source_code: row.source,
        doing: match row.stage {
            Stage::Found => "téléchargement",
            Stage::Fetched => "lecture",
            Stage::Read => "découpage",
            Stage::Flagged => "vérification",
        },
        attempts: row.attempts,
        error: row.failure.as_ref().map(failure_words::sentence).unwrap_or_default(),
        when: match (row.failed_at, next) {
            (Some(at), _) => french::ago(now, at),
            (None, Some(at)) if at > now => french::instant(at),
            _ => "dès que possible".to_owned(),
        },
    }
}

/// A PDF that hides words; the words themselves are shown nowhere.
#[derive(Serialize)]
struct Concealing {
    bulletin: BulletinId,
    title: String,
    source_code: String,
    source: String,
    pages: String,
    words: u64,
}

fn concealing(document: ConcealingDocument, names: &HashMap<&str, &str>) -> Concealing {
    let pages: Vec<String> = document.pages.iter().map(u32::to_string).collect();
    Concealing {
        bulletin: document.bulletin,
        title: document.title,
        source: names.get(&*document.source).map_or_else(String::new, |&name| name.to_owned()),
        source_code: document.source,
        pages: pages.join(", "),
        words: document.words,
    }
}

#[derive(Serialize)]
struct SourceRow {
    #[serde(flatten)]
    report: SourceReport,
    since: String,
}

/// Those whose last pass failed, those not looked at, and those with bulletins given up.
fn sources_in_trouble(reports: Vec<SourceReport>, now: DateTime<Utc>) -> Vec<SourceRow> {
    let row = |report: SourceReport| SourceRow {
        since: report.last_ok_at.map_or("jamais".to_owned(), |at| french::ago(now, at)),
        report,
    };
    reports
        .into_iter()
        .filter(|report| report.failed > 0 || !report.health.is_fresh())
        .map(row)
        .collect()
}

/// What a rule flags here, and what it is worth on labelled acts.
#[derive(Serialize)]
struct RuleRow {
    id: String,
    /// What to know of it when no rule file of today has it.
    note: Option<&'static str>,
    acts: u64,
    to_check: u64,
    recent: u64,
    measure: Option<Measure>,
}

/// Rules that flag most first; those that flag nothing are listed too.
fn rules(state: &AppState, tallies: Vec<RuleTally>) -> Vec<RuleRow> {
    let mut tallies: HashMap<String, RuleTally> =
        tallies.into_iter().map(|tally| (tally.rule.clone(), tally)).collect();
    let row = |id: String, note, tally: Option<RuleTally>, measure| RuleRow {
        id,
        note,
        acts: tally.as_ref().map_or(0, |tally| tally.acts),
        to_check: tally.as_ref().map_or(0, |tally| tally.to_check),
        recent: tally.as_ref().map_or(0, |tally| tally.recent),
        measure,
    };
    let mut rows: Vec<RuleRow> = state
        .rules
        .iter()
        .map(|sheet| row(sheet.id.clone(), None, tallies.remove(&sheet.id), sheet.measure))
        .collect();
    rows.extend(tallies.into_iter().map(|(id, tally)| {
        let note = match &*id {
            REVIEW_RULE => BY_HAND,
            id if id.ends_with("/citation") => CITED,
            _ => FORMER,
        };
        row(id, Some(note), Some(tally), None)
    }));
    rows.sort_by(|a, b| b.acts.cmp(&a.acts).then_with(|| a.id.cmp(&b.id)));
    rows
}

#[derive(Serialize)]
struct MaskRow {
    #[serde(flatten)]
    mask: Mask,
    day: String,
}

fn mask_row(mask: Mask) -> MaskRow {
    MaskRow { day: french::day(french::today(mask.created_at)), mask }
}
