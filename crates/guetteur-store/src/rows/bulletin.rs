//! Rows of bulletins.

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{BulletinId, Stage};
use sqlx::types::Json;

use super::{number, parse, sha256};
use crate::failures::failure;
use crate::from_row::from_row;
use crate::{BulletinRow, StoreError};

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
