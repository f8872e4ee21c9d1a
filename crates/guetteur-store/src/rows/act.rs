//! Rows of acts and their flags.

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{Act, ActId, Basis, BulletinId, Facts, Flag, Level, PageSpan, Span};
use sqlx::types::Json;

use super::{category, inconsistent, number, parse, sha256};
use crate::act_records::Sighting;
use crate::from_row::from_row;
use crate::{ActRecord, Alert, AlertContent, AlertState, PdfChange, StoreError};

/// Columns of [`RawAct`], `a` being the act and `b` its bulletin.
macro_rules! act_columns {
    () => {
        "a.id, a.bulletin_id, a.source_code, b.url AS bulletin_url, b.title AS bulletin_title, \
         b.number AS bulletin_number, a.document_sha256, a.position, a.number, a.own_number, \
         a.title, a.title_raw, a.title_span, a.kind, a.service, a.signed_on, a.signed_by, \
         a.capacity, a.page_from, a.page_to, a.confidence, a.segments, a.facts, a.published_on, \
         a.first_seen_at, a.updated_at, a.removed_at, a.revision, a.announced, a.announced_at, \
         a.alert, a.repeats, a.pdf_changes"
    };
}
pub(crate) use act_columns;

/// Where a piece of an act's text stands: page, offset and length in characters.
pub(crate) type Segment = (u32, u32, u32);

pub(crate) struct RawAct {
    pub(crate) id: i64,
    pub(crate) bulletin_id: i64,
    source_code: String,
    bulletin_url: String,
    bulletin_title: String,
    bulletin_number: Option<String>,
    document_sha256: String,
    position: i64,
    number: Option<String>,
    own_number: Option<String>,
    title: String,
    title_raw: String,
    title_span: Option<Json<Span>>,
    kind: Option<String>,
    service: Option<String>,
    signed_on: Option<NaiveDate>,
    signed_by: Option<String>,
    capacity: Option<String>,
    page_from: i64,
    page_to: i64,
    confidence: f32,
    pub(crate) segments: Json<Vec<Segment>>,
    facts: Json<Facts>,
    published_on: Option<NaiveDate>,
    first_seen_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    removed_at: Option<DateTime<Utc>>,
    revision: i64,
    announced: Option<Json<AlertContent>>,
    announced_at: Option<DateTime<Utc>>,
    alert: Option<String>,
    repeats: Option<i64>,
    pdf_changes: Option<Json<Vec<PdfChange>>>,
}

from_row!(RawAct {
    id,
    bulletin_id,
    source_code,
    bulletin_url,
    bulletin_title,
    bulletin_number,
    document_sha256,
    position,
    number,
    own_number,
    title,
    title_raw,
    title_span,
    kind,
    service,
    signed_on,
    signed_by,
    capacity,
    page_from,
    page_to,
    confidence,
    segments,
    facts,
    published_on,
    first_seen_at,
    updated_at,
    removed_at,
    revision,
    announced,
    announced_at,
    alert,
    repeats,
    pdf_changes
});

impl TryFrom<RawAct> for ActRecord {
    type Error = StoreError;

    fn try_from(raw: RawAct) -> Result<Self, StoreError> {
        Ok(Self {
            id: ActId(raw.id),
            bulletin_id: BulletinId(raw.bulletin_id),
            source: raw.source_code,
            also_sources: Vec::new(),
            bulletin_url: raw.bulletin_url,
            bulletin_title: raw.bulletin_title,
            bulletin_number: raw.bulletin_number,
            document: sha256("acts.document_sha256", &raw.document_sha256)?,
            position: number("acts.position", raw.position)?,
            act: Act {
                number: raw.number,
                own_number: raw.own_number,
                title: raw.title,
                title_raw: raw.title_raw,
                title_span: raw.title_span.map(|span| span.0),
                kind: raw.kind,
                service: raw.service,
                signed_on: raw.signed_on,
                signed_by: raw.signed_by,
                capacity: raw.capacity,
                pages: PageSpan {
                    from: number("acts.page_from", raw.page_from)?,
                    to: number("acts.page_to", raw.page_to)?,
                },
                text: Vec::new(),
                confidence: raw.confidence,
            },
            facts: raw.facts.0,
            flags: Vec::new(),
            flagged_at: Vec::new(),
            published_on: raw.published_on,
            first_seen_at: raw.first_seen_at,
            updated_at: raw.updated_at,
            removed_at: raw.removed_at,
            revision: raw.revision,
            alert: alert(raw.announced, raw.announced_at, raw.alert.as_deref())?,
            repeats: raw.repeats.map(ActId),
            pdf_changes: raw.pdf_changes.map(|changes| changes.0).unwrap_or_default(),
            withheld: false,
            outcomes: Vec::new(),
            sighting: Sighting::default(),
            reviews: Vec::new(),
        })
    }
}

pub(crate) fn alert(
    announced: Option<Json<AlertContent>>,
    announced_at: Option<DateTime<Utc>>,
    state: Option<&str>,
) -> Result<Option<Alert>, StoreError> {
    let (Some(Json(content)), Some(raised_at), Some(state)) = (announced, announced_at, state)
    else {
        return Ok(None);
    };
    let state = parse::<AlertState>("acts.alert", state)?;
    Ok(Some(Alert { state, raised_at, content }))
}

pub(crate) struct RawFlag {
    pub(crate) act_id: i64,
    category: String,
    level: String,
    rule: String,
    to_check: bool,
    basis: String,
    evidence: Json<Vec<Span>>,
    pub(crate) created_at: DateTime<Utc>,
}

from_row!(RawFlag { act_id, category, level, rule, to_check, basis, evidence, created_at });

impl TryFrom<RawFlag> for Flag {
    type Error = StoreError;

    fn try_from(raw: RawFlag) -> Result<Self, StoreError> {
        let basis = Basis::ALL
            .into_iter()
            .find(|basis| basis.as_str() == raw.basis)
            .ok_or_else(|| inconsistent("flags.basis", &raw.basis, "unknown basis"))?;
        Ok(Self {
            category: category(&raw.category)?,
            level: parse::<Level>("flags.level", &raw.level)?,
            rule: raw.rule,
            to_check: raw.to_check,
            basis,
            evidence: raw.evidence.0,
        })
    }
}
