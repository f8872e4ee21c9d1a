//! The letter of a week in which nothing came.

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::SubscriptionId;

use super::{Connection, messages};
use crate::StoreError;
use crate::error::Doing;
use crate::messages::{MessageKind, NewMessage, Payload};
use crate::subscriptions::Channel;

/// The row of the subscription is locked first: of two machines one tells.
pub(crate) async fn tell(
    connection: &mut Connection,
    subscription: SubscriptionId,
    week_end: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let week_begin = week_end - TimeDelta::days(7);
    let asked = sqlx::query(
        "UPDATE subscriptions SET still_watching = still_watching WHERE id = $1 AND still_watching \
         AND channel = 'mail' AND about = 'acts' AND paused_at IS NULL AND suspended_at IS NULL \
         AND confirmed_at <= $2 AND NOT EXISTS (SELECT 1 FROM messages m \
         WHERE m.subscription_id = subscriptions.id AND ((m.kind = $3 AND m.created_at > $2) \
         OR (m.kind = $4 AND m.created_at >= $5)))",
    )
    .bind(subscription.0)
    .bind(week_begin)
    .bind(MessageKind::Alert.as_str())
    .bind(MessageKind::StillWatching.as_str())
    .bind(week_end)
    .execute(&mut *connection)
    .await
    .doing("looking for a quiet week")?;
    if asked.rows_affected() == 0 {
        return Ok(false);
    }
    let kind = MessageKind::StillWatching;
    let message = NewMessage {
        dedupe_key: format!("{}:{subscription}:{}", kind.as_str(), week_end.timestamp()),
        payload: Payload::default(),
    };
    messages::queue(connection, subscription.0, Channel::Mail, kind, &message, now).await?;
    Ok(true)
}
