//! What is measured, table by table.

use chrono::{DateTime, Utc};
use guetteur_model::Stage;

use super::{Connection, counts, maintenance};
use crate::alarms::AlarmKind;
use crate::error::Doing;
use crate::gauges::{FailureGauge, Gauges, MessageGauge, StageGauge};
use crate::rows::{number, parse};
use crate::{MessageState, StoreError};

pub(crate) async fn measure(
    connection: &mut Connection,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<Gauges, StoreError> {
    let stages = stages(connection, now).await?;
    let given_up: i64 =
        sqlx::query_scalar("SELECT count(*) FROM bulletins WHERE failed_at IS NOT NULL")
            .fetch_one(&mut *connection)
            .await
            .doing("counting what was given up")?;
    let messages = messages(connection).await?;
    let failures = failures(connection, since).await?;
    let alarms = alarms(connection).await?;
    let (pages, ms): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(sum(pages), 0) AS BIGINT), \
         CAST(COALESCE(sum(duration_ms), 0) AS BIGINT) FROM ocr_days",
    )
    .fetch_one(&mut *connection)
    .await
    .doing("adding up the days of OCR")?;
    let kept = counts::kept(connection).await?;
    let documents = kept.iter().map(|counts| counts.documents).sum();
    Ok(Gauges {
        stages,
        given_up: number("count", given_up)?,
        messages,
        failures,
        alarms,
        ocr_pages: number("ocr_days.pages", pages)?,
        ocr_ms: number("ocr_days.duration_ms", ms)?,
        documents,
        database_bytes: maintenance::size(connection).await?,
    })
}

async fn stages(
    connection: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Vec<StageGauge>, StoreError> {
    let rows: Vec<(String, i64, Option<DateTime<Utc>>)> = sqlx::query_as(
        "SELECT stage, count(*), min(stage_at) FROM bulletins WHERE failed_at IS NULL \
         AND stage <> 'flagged' AND ocr_rank = 0 \
         AND (next_attempt_at IS NULL OR next_attempt_at <= $1) GROUP BY stage",
    )
    .bind(now)
    .fetch_all(connection)
    .await
    .doing("measuring the line")?;
    let gauge = |stage: Stage| {
        let row = rows.iter().find(|(word, ..)| word == stage.as_str());
        let (due, oldest_at) = row.map_or((0, None), |(_, due, at)| (*due, *at));
        Ok(StageGauge { stage, due: number("count", due)?, oldest_at })
    };
    [Stage::Found, Stage::Fetched, Stage::Read].into_iter().map(gauge).collect()
}

async fn messages(connection: &mut Connection) -> Result<Vec<MessageGauge>, StoreError> {
    let rows: Vec<(String, i64, Option<DateTime<Utc>>)> =
        sqlx::query_as("SELECT state, count(*), min(created_at) FROM messages GROUP BY state")
            .fetch_all(connection)
            .await
            .doing("measuring the outbox")?;
    let gauge = |state: &MessageState| {
        let row = rows.iter().find(|(word, ..)| word == state.as_str());
        let (count, oldest_at) = row.map_or((0, None), |(_, count, at)| (*count, *at));
        Ok(MessageGauge { state: *state, count: number("count", count)?, oldest_at })
    };
    MessageState::ALL.iter().map(gauge).collect()
}

async fn failures(
    connection: &mut Connection,
    since: DateTime<Utc>,
) -> Result<Vec<FailureGauge>, StoreError> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT source_code, failure, count(*) FROM passes WHERE status = 'failed' \
         AND finished_at > $1 AND failure IS NOT NULL GROUP BY source_code, failure \
         ORDER BY source_code, failure",
    )
    .bind(since)
    .fetch_all(connection)
    .await
    .doing("counting passes that failed")?;
    let gauge = |(source, kind, passes): (String, String, i64)| {
        let kind = parse("passes.failure", &kind)?;
        Ok(FailureGauge { source, kind, passes: number("count", passes)? })
    };
    rows.into_iter().map(gauge).collect()
}

async fn alarms(connection: &mut Connection) -> Result<Vec<(AlarmKind, u64)>, StoreError> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT kind, count(*) FROM alarms WHERE over_at IS NULL GROUP BY kind")
            .fetch_all(connection)
            .await
            .doing("counting alarms")?;
    let gauge = |kind: &AlarmKind| {
        let row = rows.iter().find(|(word, _)| word == kind.as_str());
        Ok((*kind, number("count", row.map_or(0, |(_, count)| *count))?))
    };
    AlarmKind::ALL.iter().map(gauge).collect()
}
