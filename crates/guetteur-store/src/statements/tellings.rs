//! Table `told_acts`, and the step that moves subscriptions on: many at a time, since all of them are
//! looked at when an act changes.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use guetteur_model::{ActId, SubscriptionId};
use sqlx::QueryBuilder;

use super::{Connection, Db, messages, push_in};
use crate::StoreError;
use crate::error::Doing;
use crate::messages::{MessageKind, NewMessage, Payload};
use crate::rows::parse;
use crate::subscriptions::Channel;
use crate::tellings::{KnownOf, Telling, Told};

/// Ids of one IN list, rows of one INSERT.
const CHUNK: usize = 500;

pub(crate) async fn known(
    connection: &mut Connection,
    acts: &[i64],
) -> Result<KnownOf, StoreError> {
    let mut known = KnownOf::new();
    for chunk in acts.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT subscription_id, act_id, what, told_at FROM told_acts WHERE true",
        );
        push_in(&mut query, "act_id", chunk.iter().copied());
        let rows: Vec<(i64, i64, String, DateTime<Utc>)> = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .doing("reading what was told")?;
        for (subscription, act, word, at) in rows {
            let of = known.entry(SubscriptionId(subscription)).or_default();
            of.entry(ActId(act)).or_default().insert(parse("told_acts.what", &word)?, at);
        }
    }
    Ok(known)
}

pub(crate) async fn tell(
    connection: &mut Connection,
    tellings: &[Telling],
    now: DateTime<Utc>,
) -> Result<HashSet<SubscriptionId>, StoreError> {
    let channels = move_on(connection, tellings).await?;
    let moved = || {
        let of = |telling: &'_ Telling| channels.get(&telling.subscription).copied();
        tellings.iter().filter_map(move |telling| Some((telling, of(telling)?)))
    };
    let told: Vec<(i64, ActId, Told)> = moved()
        .flat_map(|(telling, _)| {
            telling.told.iter().map(|(act, what)| (telling.subscription.0, *act, *what))
        })
        .collect();
    note(connection, &told, now).await?;
    for (telling, channel) in moved() {
        for message in &telling.messages {
            let (id, kind) = (telling.subscription.0, MessageKind::Alert);
            messages::queue(connection, id, channel, kind, message, now).await?;
        }
    }
    Ok(channels.into_keys().collect())
}

/// The row of the subscription is locked first: of two machines one tells.
pub(crate) async fn tell_endings(
    connection: &mut Connection,
    subscription: SubscriptionId,
    acts: &[ActId],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let channel: Option<String> = sqlx::query_scalar(
        "UPDATE subscriptions SET renewals = renewals WHERE id = $1 AND renewals \
         AND paused_at IS NULL AND suspended_at IS NULL RETURNING channel",
    )
    .bind(subscription.0)
    .fetch_optional(&mut *connection)
    .await
    .doing("reading a subscription")?;
    let Some(channel) = channel else { return Ok(false) };
    let ids: Vec<i64> = acts.iter().map(|act| act.0).collect();
    let known = known(connection, &ids).await?;
    let is_new = |act: &&ActId| {
        let told = known.get(&subscription).and_then(|acts| acts.get(*act));
        !told.is_some_and(|told| told.contains_key(&Told::Ending))
    };
    let new: Vec<ActId> = acts.iter().filter(is_new).copied().collect();
    let Some(first) = new.first() else { return Ok(false) };
    let told: Vec<_> = new.iter().map(|act| (subscription.0, *act, Told::Ending)).collect();
    note(connection, &told, now).await?;
    let message = NewMessage {
        dedupe_key: format!("ending:{subscription}:{first}-{}", new.len()),
        payload: Payload {
            acts: new.iter().map(|act| (*act, Told::Ending)).collect(),
            ..Payload::default()
        },
    };
    let channel = parse("subscriptions.channel", &channel)?;
    messages::queue(connection, subscription.0, channel, MessageKind::Alert, &message, now).await?;
    Ok(true)
}

/// Moves the marks of those whose mark is where it was, those of one step in one statement.
async fn move_on(
    connection: &mut Connection,
    tellings: &[Telling],
) -> Result<BTreeMap<SubscriptionId, Channel>, StoreError> {
    let mut steps: BTreeMap<(i64, i64, DateTime<Utc>), Vec<i64>> = BTreeMap::new();
    for telling in tellings {
        let step = (telling.from_revision, telling.to_revision, telling.next_due_at);
        steps.entry(step).or_default().push(telling.subscription.0);
    }
    let mut moved = BTreeMap::new();
    for ((from, to, due), ids) in steps {
        for chunk in ids.chunks(CHUNK) {
            let mut query = QueryBuilder::<Db>::new("UPDATE subscriptions SET told_revision = ");
            query.push_bind(to).push(", next_due_at = ").push_bind(due);
            query.push(" WHERE told_revision = ").push_bind(from);
            push_in(&mut query, "id", chunk.iter().copied());
            query.push(" RETURNING id, channel");
            let rows: Vec<(i64, String)> = query
                .build_query_as()
                .persistent(false)
                .fetch_all(&mut *connection)
                .await
                .doing("moving subscriptions on")?;
            for (id, channel) in rows {
                moved.insert(SubscriptionId(id), parse("subscriptions.channel", &channel)?);
            }
        }
    }
    Ok(moved)
}

/// What is told again, because it happened again, is known as told now.
async fn note(
    connection: &mut Connection,
    told: &[(i64, ActId, Told)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for chunk in told.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO told_acts (subscription_id, act_id, what, told_at) ",
        );
        query.push_values(chunk, |mut row, (subscription, act, what)| {
            row.push_bind(*subscription).push_bind(act.0);
            row.push_bind(what.as_str()).push_bind(now);
        });
        query.push(
            " ON CONFLICT (subscription_id, act_id, what) DO UPDATE SET told_at = excluded.told_at",
        );
        let noted = query.build().persistent(false).execute(&mut *connection).await;
        noted.doing("noting what is told")?;
    }
    Ok(())
}
