//! From what changed to messages: the subscriptions that are due, the acts above their marks, and
//! the step that moves both.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use guetteur_publish::Catalogue;
use guetteur_publish::address::Filters;
use guetteur_publish::subscribing::next_due;
use guetteur_search::IdOrder;
use guetteur_store::{
    ActChange, Channel, Frequency, NewMessage, Payload, Subscription, Telling, Told,
};

use crate::NotifyError;
use crate::decide::{decide, news_since};

/// Acts of one message; further ones are in the next.
const MOST_ACTS: usize = 50;
/// Changes read, and acts asked of the index, at a time.
const BATCH: u32 = 1000;

/// Queues what is to be told of all that the index holds by now. Gives how many messages.
///
/// The mark is the revision of the index, not the time: what is indexed late is told late, not never.
pub(crate) async fn queue_due(catalogue: &Catalogue) -> Result<usize, NotifyError> {
    let now = catalogue.now();
    let due = catalogue.store.due_subscriptions(now).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let to = indexed(catalogue).await?;
    let mut read: Option<(i64, Vec<ActChange>)> = None;
    let mut queued = 0;
    for subscription in due {
        let from = subscription.told_revision;
        if from >= to && subscription.frequency == Frequency::Immediate {
            continue;
        }
        // Those with the same mark come one after the other.
        let changes = match read.take().filter(|(of, _)| *of == from) {
            Some((_, changes)) => changes,
            None => changes(catalogue, from, to).await?,
        };
        queued += tell(catalogue, &subscription, &changes, to, now).await?;
        read = Some((from, changes));
    }
    Ok(queued)
}

/// The revision up to which the index is searched. Its mark is read before it is looked at anew: it
/// holds at least that.
async fn indexed(catalogue: &Catalogue) -> Result<i64, NotifyError> {
    let index = Arc::clone(&catalogue.index);
    let looked = tokio::task::spawn_blocking(move || {
        let cursor = index.cursor()?;
        index.refresh()?;
        Ok::<_, NotifyError>(cursor)
    });
    looked.await?
}

async fn changes(catalogue: &Catalogue, from: i64, to: i64) -> Result<Vec<ActChange>, NotifyError> {
    let recent = news_since(catalogue.today());
    let (mut all, mut after) = (Vec::new(), from);
    loop {
        let batch = catalogue.store.act_changes(after, to, recent, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(all) };
        after = last.revision;
        all.extend(batch);
    }
}

async fn tell(
    catalogue: &Catalogue,
    subscription: &Subscription,
    changes: &[ActChange],
    to: i64,
    now: DateTime<Utc>,
) -> Result<usize, NotifyError> {
    let ids: Vec<i64> = changes.iter().map(|change| change.id).collect();
    let matching = matching(catalogue, &subscription.query, &ids).await?;
    let mut known = std::collections::HashMap::new();
    for batch in ids.chunks(BATCH as usize) {
        known.extend(catalogue.store.told(subscription.id, batch).await?);
    }
    let since = subscription.confirmed_at.unwrap_or(now);
    let (mut said, mut noted) = (Vec::new(), Vec::new());
    let nothing = BTreeSet::new();
    for change in changes {
        let known = known.get(&change.id).unwrap_or(&nothing);
        let matches = matching.contains(&change.id);
        let told = decide(change, matches, known, since, news_since(catalogue.today()));
        said.extend(told.first().map(|what| (change.id, *what)));
        noted.extend(told.into_iter().map(|what| (change.id, what)));
    }
    let due = match subscription.frequency {
        // Nothing was said: the next act need not wait.
        Frequency::Immediate if said.is_empty() || subscription.channel != Channel::Mail => now,
        frequency => next_due(frequency, catalogue.site.digest_hour, now),
    };
    let telling = Telling {
        subscription: subscription.id,
        from_revision: subscription.told_revision,
        to_revision: to.max(subscription.told_revision),
        next_due_at: due,
        messages: messages(subscription, &said, to),
        told: noted,
    };
    let told = catalogue.store.tell(&telling, now).await?;
    Ok(if told { telling.messages.len() } else { 0 })
}

/// Which of these acts the list holds, by the search engine itself.
async fn matching(
    catalogue: &Catalogue,
    query: &str,
    ids: &[i64],
) -> Result<HashSet<i64>, NotifyError> {
    let filters = Filters::parse(query).for_alerts();
    let mut matching = HashSet::new();
    for batch in ids.chunks(BATCH as usize) {
        let mut request = catalogue.request(&filters);
        request.relax = false;
        request.filters.acts = batch.to_vec();
        let index = Arc::clone(&catalogue.index);
        let found = tokio::task::spawn_blocking(move || index.ids(&request, IdOrder::ActId));
        matching.extend(found.await??);
    }
    Ok(matching)
}

fn messages(subscription: &Subscription, said: &[(i64, Told)], to: i64) -> Vec<NewMessage> {
    let per_message = if subscription.channel == Channel::Mastodon { 1 } else { MOST_ACTS };
    let message = |(nth, acts): (usize, &[(i64, Told)])| NewMessage {
        dedupe_key: format!("alert:{}:{}-{to}:{nth}", subscription.id, subscription.told_revision),
        payload: Payload { confirm: None, acts: acts.to_vec() },
    };
    said.chunks(per_message).enumerate().map(message).collect()
}
