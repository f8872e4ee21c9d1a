//! Table `subscriber_links`, and what subscribers change of their subscriptions.

use chrono::{DateTime, Utc};
use guetteur_model::Sha256;

use super::{Connection, messages, revisions, sign_ups, subscriptions};
use crate::StoreError;
use crate::clean::clean;
use crate::error::Doing;
use crate::messages::{MessageKind, NewMessage, Payload};
use crate::subscriptions::{Channel, Subscription, Wish};

pub(crate) async fn change(
    connection: &mut Connection,
    token: &str,
    wish: &Wish<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Subscription>, StoreError> {
    let revision = revisions::settled(connection).await?;
    let changed = sqlx::query(
        "UPDATE subscriptions SET query = $2, frequency = $3, note = $4, next_due_at = $5, \
         told_revision = CASE WHEN paused_at IS NOT NULL AND NOT $6 THEN $7 ELSE told_revision END, \
         paused_at = CASE WHEN $6 THEN COALESCE(paused_at, $8) ELSE NULL END, renewals = $9, \
         still_watching = $10 \
         WHERE token = $1 AND confirmed_at IS NOT NULL AND NOT EXISTS (SELECT 1 \
         FROM subscriptions o WHERE o.channel = subscriptions.channel \
         AND o.target = subscriptions.target AND o.query = $2 AND o.id <> subscriptions.id)",
    )
    .bind(clean(token))
    .bind(clean(wish.query))
    .bind(wish.frequency.as_str())
    .bind(wish.note.map(clean))
    .bind(wish.next_due_at)
    .bind(wish.paused)
    .bind(revision)
    .bind(now)
    .bind(wish.renewals)
    .bind(wish.still_watching)
    .execute(&mut *connection)
    .await
    .doing("changing a subscription")?;
    match changed.rows_affected() {
        0 => Ok(None),
        _ => subscriptions::one(connection, "token", token).await,
    }
}

pub(crate) async fn send(
    connection: &mut Connection,
    address: &str,
    secret: &str,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let all = subscriptions::of_address(connection, address).await?;
    let Some(first) = all.first() else { return Ok(()) };
    if !sign_ups::may_write_to(connection, address, now).await? {
        return Ok(());
    }
    let hash = Sha256::of(secret.as_bytes()).to_string();
    sqlx::query(
        "INSERT INTO subscriber_links (secret_sha256, address, expires_at) VALUES ($1, $2, $3)",
    )
    .bind(&hash)
    .bind(address)
    .bind(expires_at)
    .execute(&mut *connection)
    .await
    .doing("noting a link")?;
    let message = NewMessage {
        dedupe_key: format!("link:{hash}"),
        payload: Payload { confirm: Some(secret.to_owned()), ..Payload::default() },
    };
    let (id, kind) = (first.id.0, MessageKind::Link);
    messages::queue(connection, id, Channel::Mail, kind, &message, now).await
}

pub(crate) async fn subscriptions(
    connection: &mut Connection,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Subscription>, StoreError> {
    let address: Option<String> = sqlx::query_scalar(
        "SELECT address FROM subscriber_links WHERE secret_sha256 = $1 AND expires_at > $2",
    )
    .bind(Sha256::of(secret.as_bytes()).to_string())
    .bind(now)
    .fetch_optional(&mut *connection)
    .await
    .doing("reading a link")?;
    match address {
        Some(address) => subscriptions::of_address(connection, &address).await,
        None => Ok(Vec::new()),
    }
}

/// Forgets links of addresses that follow nothing any more and, at `now`, those that are over.
pub(super) async fn forget(
    connection: &mut Connection,
    now: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM subscriber_links WHERE expires_at < $1 OR NOT EXISTS (SELECT 1 \
         FROM subscriptions s WHERE s.channel = 'mail' AND s.target = subscriber_links.address)",
    )
    .bind(now)
    .execute(connection)
    .await
    .doing("forgetting links")?;
    Ok(())
}
