//! Acts that changed, and may concern a subscription: the select list of [`ActChange`].

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use guetteur_model::{ActId, Level, When};
use sqlx::types::Json;

use super::Connection;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::parse;
use crate::{ActChange, PdfChange, StoreError, Told};

struct RawChange {
    id: i64,
    revision: i64,
    published_on: Option<NaiveDate>,
    signed_on: Option<NaiveDate>,
    first_seen_at: DateTime<Utc>,
    appeared_at: Option<DateTime<Utc>>,
    flagged_at: Option<DateTime<Utc>>,
    alert: Option<String>,
    pdf_changes: Option<Json<Vec<PdfChange>>>,
    valid_from: Option<String>,
}

from_row!(RawChange {
    id,
    revision,
    published_on,
    signed_on,
    first_seen_at,
    appeared_at,
    flagged_at,
    alert,
    pdf_changes,
    valid_from
});

/// So many old bulletins may come to light in one pass under a wrong day; more are a back-fill.
const WRONGLY_DATED: i64 = 3;

/// So many bulletins without a day, single acts as a rule, may come to light in one pass; more are a
/// back-fill.
const UNDATED: i64 = 50;

pub(crate) async fn changes(
    connection: &mut Connection,
    after: i64,
    to: i64,
    recent: NaiveDate,
    limit: u32,
) -> Result<Vec<ActChange>, StoreError> {
    let rows: Vec<RawChange> = sqlx::query_as(
        "SELECT id, revision, published_on, signed_on, first_seen_at, alert, appeared_at, flagged_at, \
         pdf_changes, valid_from FROM (SELECT a.id, a.revision, a.published_on, a.signed_on, \
         a.first_seen_at, a.alert, a.announced_at, a.pdf_changes, a.valid_from, \
         (SELECT max(f.created_at) FROM flags f WHERE f.act_id = a.id AND f.level IN ($5, $6)) \
         AS flagged_at, \
         (SELECT b.listed_at FROM bulletins b WHERE b.id = a.bulletin_id AND b.listed_at >= $7 \
         AND b.listed_at > (SELECT min(p.finished_at) FROM passes p \
         WHERE p.source_code = b.source_code AND p.status = 'ok' AND p.kind = 'full') \
         AND (SELECT count(*) FROM bulletins o WHERE o.source_code = b.source_code \
         AND o.listed_at = b.listed_at AND o.published_on < $3) <= $8 \
         AND (b.published_on IS NOT NULL OR (SELECT count(*) FROM bulletins o \
         WHERE o.source_code = b.source_code AND o.listed_at = b.listed_at \
         AND o.published_on IS NULL) <= $9)) AS appeared_at \
         FROM acts a WHERE a.revision > $1 AND a.revision <= $2) AS changed \
         WHERE published_on >= $3 OR published_on IS NULL OR announced_at IS NOT NULL \
         OR appeared_at IS NOT NULL OR pdf_changes IS NOT NULL \
         OR EXISTS (SELECT 1 FROM outcomes o WHERE o.act_id = changed.id) \
         OR EXISTS (SELECT 1 FROM told_acts t WHERE t.act_id = changed.id AND t.what IN ($10, $11)) \
         ORDER BY revision LIMIT $4",
    )
    .bind(after)
    .bind(to)
    .bind(recent)
    .bind(i64::from(limit))
    .bind(Level::Authorises.as_str())
    .bind(Level::Restricts.as_str())
    .bind(recent.and_time(NaiveTime::MIN).and_utc())
    .bind(WRONGLY_DATED)
    .bind(UNDATED)
    .bind(Told::Suspended.as_str())
    .bind(Told::Annulled.as_str())
    .fetch_all(connection)
    .await
    .doing("reading changed acts")?;
    let change = |raw: RawChange| {
        Ok(ActChange {
            id: ActId(raw.id),
            revision: raw.revision,
            published_on: raw.published_on,
            signed_on: raw.signed_on,
            first_seen_at: raw.first_seen_at,
            appeared_at: raw.appeared_at,
            flagged_at: raw.flagged_at,
            alert: raw.alert.map(|word| parse("acts.alert", &word)).transpose()?,
            valid_from: raw.valid_from.as_deref().and_then(When::parse),
            pdf_changed_at: raw.pdf_changes.and_then(|changes| Some(changes.0.last()?.at)),
        })
    };
    rows.into_iter().map(change).collect()
}
