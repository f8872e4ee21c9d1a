//! Bulletins with more than one row in `fetches`, and withdrawn ones.

use chrono::{DateTime, NaiveDate, Utc};

use super::Connection;
use guetteur_model::BulletinId;

use crate::StoreError;
use crate::changed_pdfs::ChangedPdf;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::{convert, sha256};

struct RawChange {
    id: i64,
    source_code: String,
    title: String,
    number: Option<String>,
    published_on: Option<NaiveDate>,
    former: String,
    present: Option<String>,
    changed_at: DateTime<Utc>,
}

from_row!(RawChange { id, source_code, title, number, published_on, former, present, changed_at });

impl TryFrom<RawChange> for ChangedPdf {
    type Error = StoreError;

    fn try_from(raw: RawChange) -> Result<Self, StoreError> {
        let present = raw.present.map(|hex| sha256("fetches.document_sha256", &hex));
        Ok(Self {
            bulletin: BulletinId(raw.id),
            source: raw.source_code,
            title: raw.title,
            number: raw.number,
            published_on: raw.published_on,
            former: sha256("fetches.document_sha256", &raw.former)?,
            present: present.transpose()?,
            changed_at: raw.changed_at,
            withheld: false,
        })
    }
}

/// At most `limit` of each kind.
pub(crate) async fn latest(
    connection: &mut Connection,
    limit: u32,
) -> Result<Vec<ChangedPdf>, StoreError> {
    let replaced: Vec<RawChange> = sqlx::query_as(
        "SELECT b.id, b.source_code, b.title, b.number, b.published_on, \
         (SELECT o.document_sha256 FROM fetches o WHERE o.bulletin_id = f.bulletin_id \
          AND o.first_fetched_at < f.first_fetched_at \
          ORDER BY o.first_fetched_at DESC LIMIT 1) AS former, \
         f.document_sha256 AS present, f.first_fetched_at AS changed_at \
         FROM fetches f JOIN bulletins b ON b.id = f.bulletin_id \
         WHERE EXISTS (SELECT 1 FROM fetches o WHERE o.bulletin_id = f.bulletin_id \
          AND o.first_fetched_at < f.first_fetched_at) \
         ORDER BY f.first_fetched_at DESC LIMIT $1",
    )
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await
    .doing("reading changed PDFs")?;
    let withdrawn: Vec<RawChange> = sqlx::query_as(
        "SELECT id, source_code, title, number, published_on, document_sha256 AS former, \
         CAST(NULL AS TEXT) AS present, withdrawn_at AS changed_at FROM bulletins \
         WHERE withdrawn_at IS NOT NULL AND document_sha256 IS NOT NULL \
         ORDER BY withdrawn_at DESC LIMIT $1",
    )
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .doing("reading withdrawn bulletins")?;
    convert(replaced.into_iter().chain(withdrawn).collect())
}
