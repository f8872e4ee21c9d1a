//! Table `messages`: the outbox.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use sqlx::types::Json;

use super::{CLAIM_LOCK, Connection, Db, push_in, subscriptions};
use guetteur_model::MessageId;

use crate::StoreError;
use crate::clean::clean;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::messages::{
    ClaimedMessage, MessageKind, MessageNote, MessageState, NewMessage, Payload, Settled, Trouble,
};
use crate::rows::{number, parse};
use crate::subscriptions::Channel;

pub(super) async fn queue(
    connection: &mut Connection,
    subscription: i64,
    channel: Channel,
    kind: MessageKind,
    message: &NewMessage,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO messages (subscription_id, channel, kind, dedupe_key, payload, state, \
         next_due_at, created_at) VALUES ($1, $2, $3, $4, $5, 'pending', $6, $6)",
    )
    .bind(subscription)
    .bind(channel.as_str())
    .bind(kind.as_str())
    .bind(&message.dedupe_key)
    .bind(Json(&message.payload))
    .bind(now)
    .execute(connection)
    .await
    .doing("queueing a message")?;
    Ok(())
}

struct RawMessage {
    id: i64,
    subscription_id: i64,
    kind: String,
    dedupe_key: String,
    payload: Json<Payload>,
    attempts: i64,
    created_at: DateTime<Utc>,
    sending_at: Option<DateTime<Utc>>,
    lease_number: i64,
    next_due_at: DateTime<Utc>,
}

from_row!(RawMessage {
    id,
    subscription_id,
    kind,
    dedupe_key,
    payload,
    attempts,
    created_at,
    sending_at,
    lease_number,
    next_due_at
});

/// Takes messages with one statement; the try counts from here.
pub(crate) async fn claim(
    connection: &mut Connection,
    channels: &[Channel],
    worker: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<ClaimedMessage>, StoreError> {
    let mut query = QueryBuilder::<Db>::new("UPDATE messages SET lease_owner = ");
    query.push_bind(worker.to_owned()).push(", lease_until = ").push_bind(until);
    query.push(
        ", lease_number = lease_number + 1, attempts = attempts + 1 WHERE id IN \
         (SELECT id FROM messages WHERE state IN ('pending', 'sending') AND next_due_at <= ",
    );
    query.push_bind(now).push(" AND (lease_until IS NULL OR lease_until <= ").push_bind(now);
    query.push(")");
    push_in(&mut query, "channel", channels.iter().map(|channel| channel.as_str()));
    query.push(" ORDER BY next_due_at, id LIMIT ").push_bind(i64::from(limit));
    query.push(CLAIM_LOCK).push(
        ") RETURNING id, subscription_id, kind, dedupe_key, payload, attempts, created_at, \
         sending_at, lease_number, next_due_at",
    );
    let mut rows: Vec<RawMessage> =
        query.build_query_as().fetch_all(&mut *connection).await.doing("claiming messages")?;
    rows.sort_by_key(|raw| (raw.next_due_at, raw.id));
    let of: Vec<i64> = rows.iter().map(|raw| raw.subscription_id).collect();
    let subscriptions = subscriptions::by_ids(connection, &of).await?;
    let claimed = |raw: RawMessage| {
        let subscription = subscriptions.get(&raw.subscription_id).cloned();
        Ok(ClaimedMessage {
            id: MessageId(raw.id),
            kind: parse("messages.kind", &raw.kind)?,
            dedupe_key: raw.dedupe_key,
            payload: raw.payload.0,
            attempts: number("messages.attempts", raw.attempts)?,
            created_at: raw.created_at,
            sending_at: raw.sending_at,
            subscription: subscription.ok_or_else(|| StoreError::Inconsistent {
                column: "messages.subscription_id",
                value: raw.subscription_id.to_string(),
                reason: "there is no such subscription".to_owned(),
            })?,
            lease: raw.lease_number,
            worker: worker.to_owned(),
        })
    };
    rows.into_iter().map(claimed).collect()
}

pub(crate) async fn give_back(
    connection: &mut Connection,
    message: &ClaimedMessage,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let result = sqlx::query(
        "UPDATE messages SET lease_owner = NULL, lease_until = NULL, attempts = attempts - 1, \
         next_due_at = $4 WHERE id = $1 AND lease_number = $2 AND lease_owner = $3",
    )
    .bind(message.id.0)
    .bind(message.lease)
    .bind(&message.worker)
    .bind(at)
    .execute(connection)
    .await;
    result.doing("giving a message back").map(drop)
}

pub(crate) async fn note(
    connection: &mut Connection,
    notes: &[MessageNote<'_>],
) -> Result<Vec<bool>, StoreError> {
    let mut noted = Vec::with_capacity(notes.len());
    for MessageNote { message, settled, at } in notes {
        noted.push(match settled {
            None => mark_sending(connection, message, *at).await?,
            Some(settled) => settle(connection, message, settled, *at).await?,
        });
    }
    Ok(noted)
}

async fn mark_sending(
    connection: &mut Connection,
    message: &ClaimedMessage,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE messages SET state = 'sending', sending_at = COALESCE(sending_at, $4) \
         WHERE id = $1 AND lease_number = $2 AND lease_owner = $3",
    )
    .bind(message.id.0)
    .bind(message.lease)
    .bind(&message.worker)
    .bind(now)
    .execute(connection)
    .await;
    Ok(result.doing("marking a message")?.rows_affected() == 1)
}

async fn settle(
    connection: &mut Connection,
    message: &ClaimedMessage,
    settled: &Settled,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (state, error, again, may_have_left) = match settled {
        Settled::Sent => (MessageState::Sent, None, None, true),
        Settled::Again { error, at, may_have_left } => {
            (MessageState::Pending, Some(error), Some(*at), *may_have_left)
        }
        Settled::Failed(error) => (MessageState::Failed, Some(error), None, false),
        Settled::Unsure(error) => (MessageState::Unsure, Some(error), None, true),
    };
    // The secret of a link to confirm is not kept beside its hash once the letter is out.
    let kept = match state {
        MessageState::Sent => Payload { confirm: None, ..message.payload.clone() },
        _ => message.payload.clone(),
    };
    let result = sqlx::query(
        "UPDATE messages SET state = $4, last_error = $5, next_due_at = $6, settled_at = $7, \
         payload = $8, sending_at = CASE WHEN $9 THEN sending_at ELSE NULL END, \
         lease_owner = NULL, lease_until = NULL \
         WHERE id = $1 AND lease_number = $2 AND lease_owner = $3",
    )
    .bind(message.id.0)
    .bind(message.lease)
    .bind(&message.worker)
    .bind(state.as_str())
    .bind(error.map(|error| clean(error).into_owned()))
    .bind(again.unwrap_or(now))
    .bind(again.is_none().then_some(now))
    .bind(Json(kept))
    .bind(may_have_left)
    .execute(connection)
    .await;
    Ok(result.doing("settling a message")?.rows_affected() == 1)
}

pub(super) async fn release_worker(
    connection: &mut Connection,
    worker: &str,
) -> Result<u64, StoreError> {
    let result = sqlx::query(
        "UPDATE messages SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1",
    )
    .bind(worker)
    .execute(connection)
    .await;
    Ok(result.doing("releasing the leases of a former run")?.rows_affected())
}

struct RawTrouble {
    id: i64,
    target: String,
    channel: String,
    state: String,
    attempts: i64,
    last_error: Option<String>,
    next_due_at: DateTime<Utc>,
}

from_row!(RawTrouble { id, target, channel, state, attempts, last_error, next_due_at });

pub(crate) async fn troubled(connection: &mut Connection) -> Result<Vec<Trouble>, StoreError> {
    let rows: Vec<RawTrouble> = sqlx::query_as(
        "SELECT m.id, s.target, m.channel, m.state, m.attempts, m.last_error, m.next_due_at \
         FROM messages m JOIN subscriptions s ON s.id = m.subscription_id \
         WHERE m.state IN ('failed', 'unsure') \
         OR (m.state = 'pending' AND m.last_error IS NOT NULL) ORDER BY m.id DESC",
    )
    .fetch_all(connection)
    .await
    .doing("reading troubled messages")?;
    let trouble = |raw: RawTrouble| {
        Ok(Trouble {
            id: MessageId(raw.id),
            target: raw.target,
            channel: parse("messages.channel", &raw.channel)?,
            state: parse("messages.state", &raw.state)?,
            attempts: number("messages.attempts", raw.attempts)?,
            error: raw.last_error.unwrap_or_default(),
            next_due_at: raw.next_due_at,
        })
    };
    rows.into_iter().map(trouble).collect()
}

pub(crate) async fn send_again(
    connection: &mut Connection,
    id: i64,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE messages SET state = 'pending', attempts = 0, next_due_at = $2, sending_at = NULL, \
         settled_at = NULL WHERE id = $1 AND state IN ('failed', 'unsure')",
    )
    .bind(id)
    .bind(now)
    .execute(connection)
    .await;
    Ok(result.doing("sending a message again")?.rows_affected() == 1)
}

pub(crate) async fn count(
    connection: &mut Connection,
) -> Result<Vec<(MessageState, u64)>, StoreError> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT state, count(*) FROM messages GROUP BY state")
            .fetch_all(connection)
            .await
            .doing("counting messages")?;
    let of = |state: &MessageState| {
        let counted = rows.iter().find(|(word, _)| word == state.as_str());
        Ok((*state, number("count", counted.map_or(0, |(_, count)| *count))?))
    };
    MessageState::ALL.iter().map(of).collect()
}
