//! Table `subscriptions`. What was told, and how marks move: `tellings.rs`.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use guetteur_model::{ActId, Level, Sha256, SubscriptionId, When};
use sqlx::QueryBuilder;
use sqlx::types::Json;

use super::{Connection, Db, messages, push_in, subscriber_links};
use crate::Told;
use crate::clean::clean;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::messages::{MessageKind, NewMessage, Payload};
use crate::rows::parse;
use crate::subscriptions::{
    ActChange, Channel, Created, FORGOTTEN_AFTER, Frequency, LETTERS_A_DAY, LETTERS_A_DAY_TO_ALL,
    NewSubscription, Receiver, SignUp, Subscription,
};
use crate::{PdfChange, StoreError};

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
    let revision = present_revision(connection).await?;
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
            delete(connection, &[id]).await?;
            return Ok(Created::TooManyLetters);
        }
        let kind = MessageKind::Confirmation;
        let message = NewMessage {
            dedupe_key: format!("{}:{id}:{hash}", kind.as_str()),
            payload: Payload { confirm: Some(secret.to_owned()), ..Payload::default() },
        };
        messages::queue(connection, id, Channel::Mail, kind, &message, now).await?;
    }
    match by_ids(connection, &[id]).await?.remove(&id) {
        Some(made) => Ok(Created::Made(Box::new(made))),
        None => Ok(Created::Exists),
    }
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
    let revision = present_revision(connection).await?;
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
    one(connection, "confirm_sha256", hash).await
}

/// The number of the last change.
pub(super) async fn present_revision(connection: &mut Connection) -> Result<i64, StoreError> {
    sqlx::query_scalar("SELECT value FROM counters WHERE name = 'act_revision'")
        .fetch_one(connection)
        .await
        .doing("reading the last revision")
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

async fn delete(connection: &mut Connection, ids: &[i64]) -> Result<(), StoreError> {
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
    address: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let suspended = sqlx::query(
        "UPDATE subscriptions SET suspended_at = $2, suspended_for = $3 \
         WHERE channel = 'mail' AND target = $1 AND suspended_at IS NULL",
    )
    .bind(address)
    .bind(now)
    .bind(clean(reason))
    .execute(&mut *connection)
    .await
    .doing("suspending a mailbox")?;
    sqlx::query(
        "UPDATE messages SET state = 'failed', last_error = $2, settled_at = $3 \
         WHERE state = 'pending' AND subscription_id IN \
         (SELECT id FROM subscriptions WHERE channel = 'mail' AND target = $1)",
    )
    .bind(address)
    .bind(clean(reason))
    .bind(now)
    .execute(connection)
    .await
    .doing("suspending a mailbox")?;
    Ok(suspended.rows_affected())
}

pub(crate) async fn configure(
    connection: &mut Connection,
    channel: Channel,
    receivers: &[Receiver],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let revision = present_revision(connection).await?;
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
