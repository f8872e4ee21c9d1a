//! Rows of documents, their versions and their pages.

use chrono::{DateTime, Utc};
use guetteur_model::{Method, Page, PageOrigin, TracedPage};

use super::{inconsistent, number, parse, sha256};
use crate::from_row::from_row;
use crate::{DocumentRow, DocumentStatus, StoreError, Version};

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
