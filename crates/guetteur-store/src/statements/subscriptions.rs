//! Table `subscriptions`. What was told, and how marks move: `tellings.rs`.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::SubscriptionId;
use sqlx::QueryBuilder;

use super::{Connection, Db, push_in, revisions, subscriber_links};
use crate::StoreError;
use crate::clean::clean;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::parse;
use crate::subscriptions::{Channel, FORGOTTEN_AFTER, Frequency, Receiver, Subscription};

/// Ids of one IN list.
const CHUNK: usize = 500;

/// Columns of [`RawSubscription`].
macro_rules! subscription_columns {
    () => {
        "id, channel, target, query, about, frequency, token, confirmed_at, suspended_at, \
         told_revision, next_due_at, paused_at, note, renewals, still_watching, api_key, \
         secret"
    };
}

struct RawSubscription {
    id: i64,
    channel: String,
    target: String,
    query: String,
    about: String,
    frequency: String,
    token: Option<String>,
    confirmed_at: Option<DateTime<Utc>>,
    suspended_at: Option<DateTime<Utc>>,
    told_revision: i64,
    next_due_at: DateTime<Utc>,
    paused_at: Option<DateTime<Utc>>,
    note: Option<String>,
    renewals: bool,
    still_watching: bool,
    api_key: Option<String>,
    secret: Option<String>,
}

from_row!(RawSubscription {
    id,
    channel,
    target,
    query,
    about,
    frequency,
    token,
    confirmed_at,
    suspended_at,
    told_revision,
    next_due_at,
    paused_at,
    note,
    renewals,
    still_watching,
    api_key,
    secret
});

impl TryFrom<RawSubscription> for Subscription {
    type Error = StoreError;

    fn try_from(raw: RawSubscription) -> Result<Self, StoreError> {
        Ok(Self {
            id: SubscriptionId(raw.id),
            channel: parse("subscriptions.channel", &raw.channel)?,
            target: raw.target,
            query: raw.query,
            about: parse("subscriptions.about", &raw.about)?,
            frequency: parse("subscriptions.frequency", &raw.frequency)?,
            token: raw.token,
            confirmed_at: raw.confirmed_at,
            suspended_at: raw.suspended_at,
            told_revision: raw.told_revision,
            paused_at: raw.paused_at,
            note: raw.note,
            renewals: raw.renewals,
            still_watching: raw.still_watching,
            api_key: raw.api_key,
            secret: raw.secret,
            next_due_at: raw.next_due_at,
        })
    }
}

/// The subscription with this value in `column`, one of ours.
pub(crate) async fn one(
    connection: &mut Connection,
    column: &'static str,
    value: &str,
) -> Result<Option<Subscription>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(concat!(
        "SELECT ",
        subscription_columns!(),
        " FROM subscriptions WHERE "
    ));
    query.push(column).push(" = ").push_bind(clean(value).into_owned());
    let row: Option<RawSubscription> =
        query.build_query_as().fetch_optional(connection).await.doing("reading a subscription")?;
    row.map(Subscription::try_from).transpose()
}

/// Subscriptions by id.
pub(super) async fn by_ids(
    connection: &mut Connection,
    ids: &[i64],
) -> Result<HashMap<i64, Subscription>, StoreError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(concat!(
            "SELECT ",
            subscription_columns!(),
            " FROM subscriptions WHERE true"
        ));
        push_in(&mut query, "id", chunk.iter().copied());
        let rows: Vec<RawSubscription> = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .doing("reading subscriptions")?;
        for raw in rows {
            found.insert(raw.id, raw.try_into()?);
        }
    }
    Ok(found)
}

/// Those that a program made with a key, the oldest first.
pub(crate) async fn of_key(
    connection: &mut Connection,
    api_key: &str,
) -> Result<Vec<Subscription>, StoreError> {
    let rows: Vec<RawSubscription> = sqlx::query_as(concat!(
        "SELECT ",
        subscription_columns!(),
        " FROM subscriptions WHERE api_key = $1 ORDER BY id"
    ))
    .bind(api_key)
    .fetch_all(connection)
    .await
    .doing("reading subscriptions")?;
    rows.into_iter().map(Subscription::try_from).collect()
}

pub(crate) async fn one_of_key(
    connection: &mut Connection,
    api_key: &str,
    id: i64,
) -> Result<Option<Subscription>, StoreError> {
    let found = by_ids(connection, &[id]).await?.remove(&id);
    Ok(found.filter(|one| one.api_key.as_deref() == Some(api_key)))
}

pub(crate) async fn unsubscribe(
    connection: &mut Connection,
    token: &str,
) -> Result<bool, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM subscriptions WHERE token = $1")
        .bind(clean(token))
        .fetch_all(&mut *connection)
        .await
        .doing("ending a subscription")?;
    delete(connection, &ids).await?;
    subscriber_links::forget(connection, None).await?;
    Ok(!ids.is_empty())
}

pub(super) async fn delete(connection: &mut Connection, ids: &[i64]) -> Result<(), StoreError> {
    for id in ids {
        for statement in [
            "DELETE FROM messages WHERE subscription_id = $1",
            "DELETE FROM told_acts WHERE subscription_id = $1",
            "DELETE FROM told_alarms WHERE subscription_id = $1",
            "DELETE FROM subscriptions WHERE id = $1",
        ] {
            let deleted = sqlx::query(statement).bind(id).execute(&mut *connection).await;
            deleted.doing("forgetting a subscription")?;
        }
    }
    Ok(())
}

pub(crate) async fn suspend(
    connection: &mut Connection,
    channel: Channel,
    target: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let suspended = sqlx::query(
        "UPDATE subscriptions SET suspended_at = $2, suspended_for = $3 \
         WHERE channel = $4 AND target = $1 AND suspended_at IS NULL",
    )
    .bind(target)
    .bind(now)
    .bind(clean(reason))
    .bind(channel.as_str())
    .execute(&mut *connection)
    .await
    .doing("suspending a subscriber")?;
    sqlx::query(
        "UPDATE messages SET state = 'failed', last_error = $2, settled_at = $3 \
         WHERE state = 'pending' AND subscription_id IN \
         (SELECT id FROM subscriptions WHERE channel = $4 AND target = $1)",
    )
    .bind(target)
    .bind(clean(reason))
    .bind(now)
    .bind(channel.as_str())
    .execute(connection)
    .await
    .doing("suspending a subscriber")?;
    Ok(suspended.rows_affected())
}

pub(crate) async fn configure(
    connection: &mut Connection,
    channel: Channel,
    receivers: &[Receiver],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let revision = revisions::settled(connection).await?;
    let known: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT id, target, about FROM subscriptions \
         WHERE channel = $1 AND api_key IS NULL AND (channel <> 'mail' OR about = 'alarms')",
    )
    .bind(channel.as_str())
    .fetch_all(&mut *connection)
    .await
    .doing("reading the receivers of the settings")?;
    let is = |receiver: &Receiver, (_, target, about): &(i64, String, String)| {
        receiver.target == *target && receiver.about.as_str() == about
    };
    let named = |row: &&(i64, String, String)| receivers.iter().any(|of| is(of, row));
    let gone: Vec<i64> = known.iter().filter(|row| !named(row)).map(|(id, ..)| *id).collect();
    delete(connection, &gone).await?;
    for receiver in receivers {
        let Receiver { target, query, about } = receiver;
        let written = match known.iter().find(|row| is(receiver, row)) {
            // Whoever starts anew wants to be told, also where a mailbox refused once.
            Some((id, ..)) => {
                let update = "UPDATE subscriptions SET query = $2, suspended_at = NULL \
                              WHERE id = $1 AND (query <> $2 OR suspended_at IS NOT NULL)";
                sqlx::query(update).bind(id).bind(query).execute(&mut *connection).await
            }
            None => {
                sqlx::query(
                    "INSERT INTO subscriptions (channel, target, query, about, frequency, \
                     created_at, confirmed_at, told_revision, next_due_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $6)",
                )
                .bind(channel.as_str())
                .bind(target)
                .bind(query)
                .bind(about.as_str())
                .bind(Frequency::Immediate.as_str())
                .bind(now)
                .bind(revision)
                .execute(&mut *connection)
                .await
            }
        };
        written.doing("noting a receiver of the settings")?;
    }
    Ok(())
}

/// All that are told something now.
pub(crate) async fn confirmed(
    connection: &mut Connection,
) -> Result<Vec<Subscription>, StoreError> {
    let rows: Vec<RawSubscription> = sqlx::query_as(concat!(
        "SELECT ",
        subscription_columns!(),
        " FROM subscriptions WHERE confirmed_at IS NOT NULL AND suspended_at IS NULL \
         AND paused_at IS NULL ORDER BY id"
    ))
    .fetch_all(connection)
    .await
    .doing("reading subscriptions")?;
    rows.into_iter().map(Subscription::try_from).collect()
}

pub(crate) async fn due(
    connection: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Vec<Subscription>, StoreError> {
    let rows: Vec<RawSubscription> = sqlx::query_as(concat!(
        "SELECT ",
        subscription_columns!(),
        " FROM subscriptions WHERE confirmed_at IS NOT NULL AND suspended_at IS NULL \
         AND about = 'acts' AND paused_at IS NULL AND next_due_at <= $1 ORDER BY told_revision, id"
    ))
    .bind(now)
    .fetch_all(connection)
    .await
    .doing("reading subscriptions")?;
    rows.into_iter().map(Subscription::try_from).collect()
}

pub(crate) async fn waiting(
    connection: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Vec<Subscription>, StoreError> {
    let rows: Vec<RawSubscription> = sqlx::query_as(concat!(
        "SELECT ",
        subscription_columns!(),
        " FROM subscriptions WHERE confirmed_at IS NOT NULL AND suspended_at IS NULL AND about = 'acts' \
         AND paused_at IS NULL AND next_due_at > $1 AND channel = $2 AND frequency = $3 ORDER BY id"
    ))
    .bind(now)
    .bind(Channel::Mail.as_str())
    .bind(Frequency::Immediate.as_str())
    .fetch_all(connection)
    .await
    .doing("reading subscriptions")?;
    rows.into_iter().map(Subscription::try_from).collect()
}

/// The confirmed subscriptions of a mailbox.
pub(super) async fn of_address(
    connection: &mut Connection,
    address: &str,
) -> Result<Vec<Subscription>, StoreError> {
    let rows: Vec<RawSubscription> = sqlx::query_as(concat!(
        "SELECT ",
        subscription_columns!(),
        " FROM subscriptions WHERE confirmed_at IS NOT NULL AND token IS NOT NULL AND channel = $1 \
         AND target = $2 \
         ORDER BY id"
    ))
    .bind(Channel::Mail.as_str())
    .bind(address)
    .fetch_all(connection)
    .await
    .doing("reading subscriptions")?;
    rows.into_iter().map(Subscription::try_from).collect()
}

pub(crate) async fn forget(
    connection: &mut Connection,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let month = now - TimeDelta::days(30);
    sqlx::query("DELETE FROM messages WHERE state = 'sent' AND settled_at < $1")
        .bind(month)
        .execute(&mut *connection)
        .await
        .doing("forgetting what was sent")?;
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT id FROM subscriptions WHERE (confirmed_at IS NULL AND created_at < $1) \
         OR suspended_at < $2",
    )
    .bind(now - FORGOTTEN_AFTER)
    .bind(month)
    .fetch_all(&mut *connection)
    .await
    .doing("forgetting old subscriptions")?;
    delete(connection, &ids).await?;
    subscriber_links::forget(connection, Some(now)).await?;
    Ok(ids.len() as u64)
}
