//! Checks of bulletins at the end of the line.

use chrono::{DateTime, NaiveTime, Utc};
use sqlx::QueryBuilder;

use super::{Connection, Db, claims, documents, push_in};
use crate::error::Doing;
use crate::rechecks::next_check;
use crate::rows::{RawBulletin, number};
use crate::{ClaimedBulletin, Recheck, Rechecked, StoreError};

pub(crate) async fn claim(
    connection: &mut Connection,
    sources: Option<&[String]>,
    worker: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<RawBulletin>, StoreError> {
    let mut query = QueryBuilder::<Db>::new("UPDATE bulletins SET lease_owner = ");
    query.push_bind(worker.to_owned()).push(", lease_until = ").push_bind(until);
    query.push(
        ", lease_number = lease_number + 1 WHERE id = (SELECT id FROM bulletins \
         WHERE stage = 'flagged' AND recheck_at <= ",
    );
    query.push_bind(now);
    claims::push_first_free(&mut query, sources, now, "recheck_at, id");
    query.build_query_as().fetch_optional(connection).await.doing("claiming a check")
}

pub(crate) async fn complete(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    found: &Recheck,
    now: DateTime<Utc>,
) -> Result<Rechecked, StoreError> {
    let bulletin = claim.bulletin.id.0;
    match found {
        Recheck::Got(fetch) if claim.bulletin.document != Some(fetch.sha256) => {
            // It also plans the next check.
            documents::complete_fetch(connection, claim, fetch, now).await?;
            set_withdrawn(connection, bulletin, None).await?;
            return Ok(Rechecked::Changed);
        }
        Recheck::Got(fetch) => {
            claims::settle(connection, claim).await?;
            documents::upsert_fetch(connection, bulletin, fetch, now).await?;
        }
        Recheck::NotModified => {
            let document = claims::settle(connection, claim).await?;
            if let Some(document) = document {
                documents::seen_again(connection, bulletin, document, now).await?;
            }
        }
        Recheck::Gone | Recheck::NoAnswer => {
            claims::settle(connection, claim).await?;
        }
    }
    plan(connection, claim, now).await?;
    match (found, claim.bulletin.withdrawn_at) {
        (Recheck::Gone, None) => {
            set_withdrawn(connection, bulletin, Some(now)).await?;
            return Ok(Rechecked::Withdrawn);
        }
        (Recheck::Got(_) | Recheck::NotModified, Some(_)) => {
            set_withdrawn(connection, bulletin, None).await?;
        }
        _ => {}
    }
    Ok(Rechecked::Same)
}

async fn set_withdrawn(
    connection: &mut Connection,
    bulletin: i64,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE bulletins SET withdrawn_at = $2 WHERE id = $1")
        .bind(bulletin)
        .bind(at)
        .execute(connection)
        .await
        .doing("marking a bulletin withdrawn")?;
    Ok(())
}

/// Plans the next check: by the age of the bulletin, or of the version that replaced another.
pub(crate) async fn plan(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let versions = documents::versions(connection, claim.bulletin.id.0).await?;
    let published = claim.bulletin.published_on.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let since = match versions.as_slice() {
        [present, _, ..] => present.first_fetched_at,
        _ => published.unwrap_or(claim.bulletin.first_seen_at),
    };
    sqlx::query("UPDATE bulletins SET recheck_at = $2 WHERE id = $1")
        .bind(claim.bulletin.id.0)
        .bind(next_check(since, now))
        .execute(connection)
        .await
        .doing("planning the next check")?;
    Ok(())
}

pub(crate) async fn bring_forward(
    connection: &mut Connection,
    sources: &[String],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut query = QueryBuilder::<Db>::new("UPDATE bulletins SET recheck_at = ");
    query.push_bind(now).push(" WHERE recheck_at > ").push_bind(now);
    push_in(&mut query, "source_code", sources.iter().cloned());
    let result = query.build().persistent(false).execute(connection).await;
    Ok(result.doing("bringing checks forward")?.rows_affected())
}

pub(crate) async fn due(
    connection: &mut Connection,
    sources: Option<&[String]>,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT count(*) FROM bulletins WHERE stage = 'flagged' AND recheck_at <= ",
    );
    query.push_bind(now);
    push_in(&mut query, "source_code", sources.unwrap_or_default().iter().cloned());
    let count: i64 = query
        .build_query_scalar()
        .persistent(false)
        .fetch_one(connection)
        .await
        .doing("counting checks that are due")?;
    number("count", count)
}
