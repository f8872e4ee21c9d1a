//! Rows as the drivers give them, and their change into the types of the API.

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{
    Act, ActId, Basis, BulletinId, Category, Facts, Flag, Level, Method, Page, PageOrigin,
    PageSpan, Sha256, Span, Stage, TracedPage,
};
use sqlx::types::Json;

use crate::act_records::Sighting;
use crate::failures::failure;
use crate::from_row::from_row;
use crate::{
    ActRecord, Alert, AlertState, Announcement, BulletinRow, DocumentRow, DocumentStatus,
    PdfChange, StoreError, Version,
};

/// Columns of [`RawBulletin`].
macro_rules! bulletin_columns {
    () => {
        "id, source_code, url, title, number, series, published_on, via, first_seen_at, \
         last_seen_at, withdrawn_at, stage, stage_at, attempts, next_attempt_at, lease_number, \
         failure, last_error, failed_at, document_sha256, page_count, duplicate_of, outside_pages, \
         rules_version, ocr_rank"
    };
}
pub(crate) use bulletin_columns;

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

fn inconsistent(column: &'static str, value: &str, reason: impl ToString) -> StoreError {
    StoreError::Inconsistent { column, value: value.to_owned(), reason: reason.to_string() }
}

pub(crate) fn parse<T>(column: &'static str, value: &str) -> Result<T, StoreError>
where
    T: std::str::FromStr<Err: ToString>,
{
    value.parse().map_err(|error: T::Err| inconsistent(column, value, error))
}

/// A count or a number that the schema keeps as a 64-bit integer.
pub(crate) fn number<T: TryFrom<i64>>(column: &'static str, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| inconsistent(column, &value.to_string(), "out of range"))
}

/// The category of a flag.
pub(crate) fn category(id: &str) -> Result<Category, StoreError> {
    Category::new(id).map_err(|error| inconsistent("flags.category", id, error))
}

/// A hash column.
pub(crate) fn sha256(column: &'static str, value: &str) -> Result<Sha256, StoreError> {
    parse(column, value)
}

pub(crate) struct RawBulletin {
    id: i64,
    source_code: String,
    url: String,
    title: String,
    number: Option<String>,
    series: Option<String>,
    published_on: Option<NaiveDate>,
    via: String,
    first_seen_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
    stage: String,
    stage_at: DateTime<Utc>,
    attempts: i64,
    next_attempt_at: Option<DateTime<Utc>>,
    pub(crate) lease_number: i64,
    failure: Option<String>,
    last_error: Option<String>,
    failed_at: Option<DateTime<Utc>>,
    document_sha256: Option<String>,
    page_count: Option<i64>,
    duplicate_of: Option<i64>,
    outside_pages: Json<Vec<u32>>,
    rules_version: Option<String>,
    ocr_rank: i64,
}

from_row!(RawBulletin {
    id,
    source_code,
    url,
    title,
    number,
    series,
    published_on,
    via,
    first_seen_at,
    last_seen_at,
    withdrawn_at,
    stage,
    stage_at,
    attempts,
    next_attempt_at,
    lease_number,
    failure,
    last_error,
    failed_at,
    document_sha256,
    page_count,
    duplicate_of,
    outside_pages,
    rules_version,
    ocr_rank
});

impl TryFrom<RawBulletin> for BulletinRow {
    type Error = StoreError;

    fn try_from(raw: RawBulletin) -> Result<Self, StoreError> {
        Ok(Self {
            id: BulletinId(raw.id),
            source: raw.source_code,
            url: raw.url,
            title: raw.title,
            number: raw.number,
            series: raw.series,
            published_on: raw.published_on,
            via: raw.via,
            first_seen_at: raw.first_seen_at,
            last_seen_at: raw.last_seen_at,
            withdrawn_at: raw.withdrawn_at,
            stage: parse::<Stage>("bulletins.stage", &raw.stage)?,
            stage_at: raw.stage_at,
            attempts: number("bulletins.attempts", raw.attempts)?,
            next_attempt_at: raw.next_attempt_at,
            failure: failure("bulletins.failure", raw.failure, raw.last_error)?,
            failed_at: raw.failed_at,
            document: raw
                .document_sha256
                .map(|hex| sha256("bulletins.document_sha256", &hex))
                .transpose()?,
            page_count: raw
                .page_count
                .map(|count| number("bulletins.page_count", count))
                .transpose()?,
            duplicate_of: raw.duplicate_of.map(BulletinId),
            outside_pages: raw.outside_pages.0,
            rules_version: raw.rules_version,
            withheld: false,
            awaits_ocr: raw.ocr_rank > 0,
        })
    }
}

pub(crate) struct RawDocument {
    sha256: String,
    size_bytes: i64,
    page_count: Option<i64>,
    ocr_pages: i64,
    status: String,
    cut_short: bool,
    note: Option<String>,
    first_seen_at: DateTime<Utc>,
    reader_version: Option<String>,
}

from_row!(RawDocument {
    sha256,
    size_bytes,
    page_count,
    ocr_pages,
    status,
    cut_short,
    note,
    first_seen_at,
    reader_version
});

impl TryFrom<RawDocument> for DocumentRow {
    type Error = StoreError;

    fn try_from(raw: RawDocument) -> Result<Self, StoreError> {
        let status =
            DocumentStatus::ALL
                .into_iter()
                .find(|status| status.as_str() == raw.status)
                .ok_or_else(|| inconsistent("documents.status", &raw.status, "unknown status"))?;
        Ok(Self {
            sha256: sha256("documents.sha256", &raw.sha256)?,
            size_bytes: number("documents.size_bytes", raw.size_bytes)?,
            page_count: raw
                .page_count
                .map(|count| number("documents.page_count", count))
                .transpose()?,
            ocr_pages: number("documents.ocr_pages", raw.ocr_pages)?,
            status,
            cut_short: raw.cut_short,
            note: raw.note,
            first_seen_at: raw.first_seen_at,
            reader_version: raw.reader_version,
        })
    }
}

pub(crate) struct RawVersion {
    document: RawDocument,
    first_fetched_at: DateTime<Utc>,
    last_fetched_at: DateTime<Utc>,
    final_url: String,
    http_status: i64,
    etag: Option<String>,
    last_modified: Option<String>,
}

from_row!(RawVersion { ..document, first_fetched_at, last_fetched_at, final_url, http_status, etag, last_modified });

impl TryFrom<RawVersion> for Version {
    type Error = StoreError;

    fn try_from(raw: RawVersion) -> Result<Self, StoreError> {
        Ok(Self {
            document: raw.document.try_into()?,
            first_fetched_at: raw.first_fetched_at,
            last_fetched_at: raw.last_fetched_at,
            final_url: raw.final_url,
            http_status: number("fetches.http_status", raw.http_status)?,
            etag: raw.etag,
            last_modified: raw.last_modified,
        })
    }
}

pub(crate) struct RawPage {
    number: i64,
    method: String,
    confidence: f32,
    text: String,
    duration_ms: i64,
    note: Option<String>,
}

from_row!(RawPage { number, method, confidence, text, duration_ms, note });

impl TryFrom<RawPage> for Page {
    type Error = StoreError;

    fn try_from(raw: RawPage) -> Result<Self, StoreError> {
        Ok(Self {
            number: number("pages.number", raw.number)?,
            method: parse::<Method>("pages.method", &raw.method)?,
            text: raw.text,
            confidence: raw.confidence,
            ms: number("pages.duration_ms", raw.duration_ms)?,
            note: raw.note,
        })
    }
}

pub(crate) struct RawTracedPage {
    page: RawPage,
    text_version: Option<i64>,
    judge_version: Option<i64>,
    ocr_version: Option<i64>,
    ocr_reason: Option<String>,
}

from_row!(RawTracedPage { ..page, text_version, judge_version, ocr_version, ocr_reason });

impl TryFrom<RawTracedPage> for TracedPage {
    type Error = StoreError;

    fn try_from(raw: RawTracedPage) -> Result<Self, StoreError> {
        let version =
            |column, value: Option<i64>| value.map(|value| number(column, value)).transpose();
        let origin = PageOrigin {
            text: version("pages.text_version", raw.text_version)?,
            judge: version("pages.judge_version", raw.judge_version)?,
            ocr: version("pages.ocr_version", raw.ocr_version)?,
            ocr_reason: raw.ocr_reason,
        };
        Ok(Self { page: raw.page.try_into()?, origin })
    }
}

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
    announced: Option<Json<Announcement>>,
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
    announced: Option<Json<Announcement>>,
    announced_at: Option<DateTime<Utc>>,
    state: Option<&str>,
) -> Result<Option<Alert>, StoreError> {
    let (Some(Json(announcement)), Some(announced_at), Some(state)) =
        (announced, announced_at, state)
    else {
        return Ok(None);
    };
    let state = parse::<AlertState>("acts.alert", state)?;
    Ok(Some(Alert { state, announced_at, announcement }))
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

/// The word stored for a basis.
pub(crate) fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Sommaire => "sommaire",
        Basis::Title => "title",
        Basis::Body => "body",
    }
}

impl TryFrom<RawFlag> for Flag {
    type Error = StoreError;

    fn try_from(raw: RawFlag) -> Result<Self, StoreError> {
        let basis = [Basis::Sommaire, Basis::Title, Basis::Body]
            .into_iter()
            .find(|basis| basis_word(*basis) == raw.basis)
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

/// Changes rows one by one.
pub(crate) fn convert<R, T: TryFrom<R, Error = StoreError>>(
    rows: Vec<R>,
) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(T::try_from).collect()
}
