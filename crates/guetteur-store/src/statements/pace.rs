//! Whether the line moves.

use chrono::{DateTime, Utc};

use super::Connection;
use crate::error::Doing;
use crate::rows::number;
use crate::{Pace, StoreError};

pub(crate) async fn pace(
    connection: &mut Connection,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<Pace, StoreError> {
    let row: (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE stage <> 'flagged' AND failed_at IS NULL AND ocr_rank = 0 \
         AND stage_at <= $2 AND (next_attempt_at IS NULL OR next_attempt_at <= $2) \
         AND (lease_until IS NULL OR lease_until <= $1)), \
         count(*) FILTER (WHERE lease_until > $1), \
         count(*) FILTER (WHERE stage <> 'found' AND stage_at > $2) FROM bulletins",
    )
    .bind(now)
    .bind(since)
    .fetch_one(connection)
    .await
    .doing("looking whether work moves")?;
    Ok(Pace {
        due: number("count", row.0)?,
        held: number("count", row.1)?,
        advanced: number("count", row.2)?,
    })
}
