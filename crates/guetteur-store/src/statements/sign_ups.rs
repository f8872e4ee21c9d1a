//! How a subscription begins: by the form, by a program, and by the letter that confirms it.

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::Sha256;

use super::{Connection, messages, revisions, subscriptions};
use crate::StoreError;
use crate::clean::clean;
use crate::error::Doing;
use crate::messages::{MessageKind, NewMessage, Payload};
use crate::subscriptions::{
    Channel, Created, LETTERS_A_DAY, LETTERS_A_DAY_TO_ALL, NewSubscription, SignUp, Subscription,
};

/// Whether a mailbox may get one more letter today because somebody typed its address.
pub(super) async fn may_write_to(
    connection: &mut Connection,
    address: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (letters, of_all): (i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE COALESCE(s.mailbox, s.target) = $1), count(*) \
         FROM messages m JOIN subscriptions s ON s.id = m.subscription_id WHERE s.channel = 'mail' \
         AND m.kind NOT IN ('alert', 'alarm', 'still-watching') AND m.created_at > $2",
    )
    .bind(mailbox(address))
    .bind(now - TimeDelta::days(1))
    .fetch_one(connection)
    .await
    .doing("counting letters")?;
    Ok(letters < LETTERS_A_DAY && of_all < LETTERS_A_DAY_TO_ALL)
}

pub(crate) async fn sign_up(
    connection: &mut Connection,
    new: SignUp<'_>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let mailbox = mailbox(new.address);
    if !may_write_to(connection, new.address, now).await? {
        return Ok(false);
    }
    let confirm = Sha256::of(new.confirm.as_bytes()).to_string();
    // One that stands keeps its tokens: the links in letters sent must go on working.
    let (id, stands): (i64, bool) = sqlx::query_as(
        "INSERT INTO subscriptions (channel, target, query, frequency, token, confirm_sha256, \
         created_at, told_revision, next_due_at, mailbox, renewals, still_watching) \
         VALUES ('mail', $1, $2, $3, $4, $5, $6, 0, $6, $7, $8, $9) \
         ON CONFLICT (channel, target, query) DO UPDATE SET \
         renewals = CASE WHEN subscriptions.confirmed_at IS NULL THEN excluded.renewals \
             ELSE subscriptions.renewals END, \
         still_watching = CASE WHEN subscriptions.confirmed_at IS NULL \
             THEN excluded.still_watching ELSE subscriptions.still_watching END, \
         frequency = CASE WHEN subscriptions.confirmed_at IS NULL THEN excluded.frequency \
             ELSE subscriptions.frequency END, \
         confirm_sha256 = CASE WHEN subscriptions.confirmed_at IS NULL \
             OR subscriptions.suspended_at IS NOT NULL THEN excluded.confirm_sha256 \
             ELSE subscriptions.confirm_sha256 END, \
         created_at = CASE WHEN subscriptions.confirmed_at IS NULL THEN excluded.created_at \
             ELSE subscriptions.created_at END \
         RETURNING id, confirmed_at IS NOT NULL AND suspended_at IS NULL",
    )
    .bind(new.address)
    .bind(clean(new.query))
    .bind(new.frequency.as_str())
    .bind(new.token)
    .bind(&confirm)
    .bind(now)
    .bind(&mailbox)
    .bind(new.renewals)
    .bind(new.still_watching)
    .fetch_one(&mut *connection)
    .await
    .doing("noting a sign-up")?;
    let (kind, secret) = match stands {
        true => (MessageKind::Reminder, None),
        false => (MessageKind::Confirmation, Some(new.confirm.to_owned())),
    };
    let message = NewMessage {
        dedupe_key: format!("{}:{id}:{confirm}", kind.as_str()),
        payload: Payload { confirm: secret, ..Payload::default() },
    };
    messages::queue(connection, id, Channel::Mail, kind, &message, now).await?;
    Ok(true)
}

/// A subscription that a program makes; `None` where the list is followed there already.
pub(crate) async fn create(
    connection: &mut Connection,
    new: &NewSubscription<'_>,
    now: DateTime<Utc>,
) -> Result<Created, StoreError> {
    let by_letter = new.confirm.is_some();
    let revision = revisions::settled(connection).await?;
    let confirm = new.confirm.map(|secret| Sha256::of(secret.as_bytes()).to_string());
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO subscriptions (channel, target, query, frequency, token, confirm_sha256, \
         created_at, told_revision, next_due_at, mailbox, renewals, still_watching, note, api_key, \
         secret, confirmed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
         ON CONFLICT (channel, target, query) DO NOTHING RETURNING id",
    )
    .bind(new.channel.as_str())
    .bind(new.target)
    .bind(clean(new.query))
    .bind(new.frequency.as_str())
    .bind(new.token)
    .bind(confirm.as_deref())
    .bind(now)
    .bind(revision)
    .bind(new.next_due_at)
    .bind((new.channel == Channel::Mail).then(|| mailbox(new.target)))
    .bind(new.renewals)
    .bind(new.still_watching)
    .bind(new.note.map(clean))
    .bind(new.api_key)
    .bind(new.secret)
    .bind((!by_letter).then_some(now))
    .fetch_optional(&mut *connection)
    .await
    .doing("noting a subscription")?;
    let Some(id) = id else { return Ok(Created::Exists) };
    if let (Some(secret), Some(hash)) = (new.confirm, confirm) {
        if !may_write_to(connection, new.target, now).await? {
            subscriptions::delete(connection, &[id]).await?;
            return Ok(Created::TooManyLetters);
        }
        let kind = MessageKind::Confirmation;
        let message = NewMessage {
            dedupe_key: format!("{}:{id}:{hash}", kind.as_str()),
            payload: Payload { confirm: Some(secret.to_owned()), ..Payload::default() },
        };
        messages::queue(connection, id, Channel::Mail, kind, &message, now).await?;
    }
    match subscriptions::by_ids(connection, &[id]).await?.remove(&id) {
        Some(made) => Ok(Created::Made(Box::new(made))),
        None => Ok(Created::Exists),
    }
}

/// The mailbox that an address with a tag ends in: many providers deliver `a+b` to `a`.
fn mailbox(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            format!("{}@{domain}", local.split_once('+').map_or(local, |(name, _)| name))
        }
        None => address.to_owned(),
    }
}

pub(crate) async fn confirm(
    connection: &mut Connection,
    hash: &str,
    next_due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<Subscription>, StoreError> {
    let revision = revisions::settled(connection).await?;
    sqlx::query(
        "UPDATE subscriptions SET confirmed_at = $2, told_revision = $3, next_due_at = $4, \
         suspended_at = NULL, suspended_for = NULL \
         WHERE confirm_sha256 = $1 AND (confirmed_at IS NULL OR suspended_at IS NOT NULL)",
    )
    .bind(hash)
    .bind(now)
    .bind(revision)
    .bind(next_due_at)
    .execute(&mut *connection)
    .await
    .doing("confirming a subscription")?;
    subscriptions::one(connection, "confirm_sha256", hash).await
}
