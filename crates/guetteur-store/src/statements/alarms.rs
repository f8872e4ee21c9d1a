//! Tables `alarms` and `told_alarms`.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{AlarmId, BulletinId, SubscriptionId};
use sqlx::QueryBuilder;

use super::{Connection, Db, messages, push_in};
use crate::StoreError;
use crate::alarms::{Alarm, AlarmKind, AlarmTold, Wrong};
use crate::error::Doing;
use crate::from_row::from_row;
use crate::messages::{MessageKind, NewMessage, Payload};
use crate::rows::{convert, parse};
use crate::subscriptions::Channel;

/// Ids of one IN list: thousands of bulletins may be given up at once.
const CHUNK: usize = 500;

pub(crate) async fn set(
    connection: &mut Connection,
    kinds: &[AlarmKind],
    wrong: &[Wrong],
    now: DateTime<Utc>,
) -> Result<(u64, u64), StoreError> {
    let (mut raised, mut over) = (0, 0);
    for kind in kinds {
        let of_kind: HashMap<&str, &Wrong> = wrong
            .iter()
            .filter(|wrong| wrong.kind == *kind)
            .map(|wrong| (&*wrong.subject, wrong))
            .collect();
        let open: Vec<(i64, String)> =
            sqlx::query_as("SELECT id, subject FROM alarms WHERE kind = $1 AND over_at IS NULL")
                .bind(kind.as_str())
                .fetch_all(&mut *connection)
                .await
                .doing("reading alarms")?;
        for (id, _) in open.iter().filter(|(_, subject)| !of_kind.contains_key(&**subject)) {
            let ended =
                sqlx::query("UPDATE alarms SET over_at = $2 WHERE id = $1 AND over_at IS NULL")
                    .bind(id)
                    .bind(now)
                    .execute(&mut *connection)
                    .await;
            over += ended.doing("ending an alarm")?.rows_affected();
        }
        let known: HashSet<&str> = open.iter().map(|(_, subject)| &**subject).collect();
        for (subject, wrong) in of_kind.iter().filter(|(subject, _)| !known.contains(*subject)) {
            // Another machine may have raised it meanwhile.
            let begun = sqlx::query(
                "INSERT INTO alarms (kind, subject, since_at, raised_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (kind, subject) WHERE over_at IS NULL DO NOTHING",
            )
            .bind(kind.as_str())
            .bind(*subject)
            .bind(wrong.since)
            .bind(now)
            .execute(&mut *connection)
            .await;
            raised += begun.doing("raising an alarm")?.rows_affected();
        }
    }
    Ok((raised, over))
}

struct RawAlarm {
    id: i64,
    kind: String,
    subject: String,
    since_at: DateTime<Utc>,
    raised_at: DateTime<Utc>,
    over_at: Option<DateTime<Utc>>,
}

from_row!(RawAlarm { id, kind, subject, since_at, raised_at, over_at });

impl TryFrom<RawAlarm> for Alarm {
    type Error = StoreError;

    fn try_from(raw: RawAlarm) -> Result<Self, StoreError> {
        Ok(Self {
            id: AlarmId(raw.id),
            kind: parse("alarms.kind", &raw.kind)?,
            subject: raw.subject,
            since: raw.since_at,
            raised_at: raw.raised_at,
            over_at: raw.over_at,
        })
    }
}

pub(crate) async fn since(
    connection: &mut Connection,
    since: DateTime<Utc>,
) -> Result<Vec<Alarm>, StoreError> {
    let rows: Vec<RawAlarm> = sqlx::query_as(
        "SELECT id, kind, subject, since_at, raised_at, over_at FROM alarms \
         WHERE over_at IS NULL OR over_at >= $1 ORDER BY raised_at DESC, id DESC",
    )
    .bind(since)
    .fetch_all(connection)
    .await
    .doing("reading alarms")?;
    convert(rows)
}

pub(crate) async fn by_ids(
    connection: &mut Connection,
    ids: &[AlarmId],
) -> Result<Vec<Alarm>, StoreError> {
    let mut rows: Vec<RawAlarm> = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT id, kind, subject, since_at, raised_at, over_at FROM alarms WHERE true",
        );
        push_in(&mut query, "id", chunk.iter().map(|id| id.0));
        let found = query.build_query_as().persistent(false).fetch_all(&mut *connection).await;
        rows.extend(found.doing("reading alarms")?);
    }
    rows.sort_by_key(|raw| raw.id);
    convert(rows)
}

pub(crate) async fn given_up(
    connection: &mut Connection,
) -> Result<Vec<(BulletinId, DateTime<Utc>)>, StoreError> {
    let rows: Vec<(i64, DateTime<Utc>)> = sqlx::query_as(
        "SELECT id, failed_at FROM bulletins WHERE failed_at IS NOT NULL UNION \
         SELECT id, COALESCE(failed_at, stage_at) FROM bulletins \
         WHERE failure IS NOT NULL AND id IN (SELECT CAST(subject AS BIGINT) FROM alarms \
         WHERE kind = $1 AND over_at IS NULL) ORDER BY id",
    )
    .bind(AlarmKind::GivenUp.as_str())
    .fetch_all(connection)
    .await
    .doing("reading what was given up")?;
    Ok(rows.into_iter().map(|(id, at)| (BulletinId(id), at)).collect())
}

pub(crate) async fn told(
    connection: &mut Connection,
    alarms: &[AlarmId],
) -> Result<HashMap<SubscriptionId, HashSet<(AlarmId, AlarmTold)>>, StoreError> {
    let mut told: HashMap<SubscriptionId, HashSet<_>> = HashMap::new();
    for chunk in alarms.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT subscription_id, alarm_id, what FROM told_alarms WHERE true",
        );
        push_in(&mut query, "alarm_id", chunk.iter().map(|id| id.0));
        let rows: Vec<(i64, i64, String)> = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .doing("reading which alarms were told")?;
        for (subscription, alarm, what) in rows {
            let what = parse("told_alarms.what", &what)?;
            told.entry(SubscriptionId(subscription)).or_default().insert((AlarmId(alarm), what));
        }
    }
    Ok(told)
}

pub(crate) async fn tell(
    connection: &mut Connection,
    subscription: SubscriptionId,
    alarms: &[(AlarmId, AlarmTold)],
    pause: TimeDelta,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    // Locks the subscription: two machines do not tell it the same.
    let channel: Option<String> = sqlx::query_scalar(
        "UPDATE subscriptions SET about = about WHERE id = $1 AND suspended_at IS NULL \
         RETURNING channel",
    )
    .bind(subscription.0)
    .fetch_optional(&mut *connection)
    .await
    .doing("telling an alarm")?;
    let Some(channel) = channel else { return Ok(false) };
    let channel: Channel = parse("subscriptions.channel", &channel)?;
    let known: Vec<(i64, String, DateTime<Utc>)> = sqlx::query_as(
        "SELECT alarm_id, what, told_at FROM told_alarms WHERE subscription_id = $1",
    )
    .bind(subscription.0)
    .fetch_all(&mut *connection)
    .await
    .doing("reading which alarms were told")?;
    let is_new = |(alarm, told): &&(AlarmId, AlarmTold)| {
        let known_as = |what: AlarmTold| {
            known.iter().any(|(id, word, _)| *id == alarm.0 && word == what.as_str())
        };
        let alike = |word: &str| channel == Channel::Mastodon || word == told.as_str();
        let lately = known.iter().any(|(_, word, at)| alike(word) && now - *at < pause);
        // That something is over concerns those who heard that it began.
        !lately && !known_as(*told) && (*told == AlarmTold::Raised || known_as(AlarmTold::Raised))
    };
    let left: Vec<(AlarmId, AlarmTold)> = alarms.iter().filter(is_new).copied().collect();
    let Some((first, what)) = left.first() else { return Ok(false) };
    let dedupe_key = format!("alarm:{subscription}:{first}:{}", what.as_str());
    for (alarm, told) in &left {
        sqlx::query(
            "INSERT INTO told_alarms (subscription_id, alarm_id, what, told_at) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(subscription.0)
        .bind(alarm.0)
        .bind(told.as_str())
        .bind(now)
        .execute(&mut *connection)
        .await
        .doing("noting what is told")?;
    }
    let message =
        NewMessage { dedupe_key, payload: Payload { alarms: left, ..Payload::default() } };
    let kind = MessageKind::Alarm;
    messages::queue(connection, subscription.0, channel, kind, &message, now).await?;
    Ok(true)
}

/// Forgets alarms that were over by then.
pub(crate) async fn forget(
    connection: &mut Connection,
    before: DateTime<Utc>,
) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM told_alarms WHERE alarm_id IN (SELECT id FROM alarms WHERE over_at < $1)",
        "DELETE FROM alarms WHERE over_at < $1",
    ] {
        let forgotten = sqlx::query(statement).bind(before).execute(&mut *connection).await;
        forgotten.doing("forgetting old alarms")?;
    }
    Ok(())
}
