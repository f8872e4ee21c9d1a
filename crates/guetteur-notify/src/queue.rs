//! From what changed to messages: the subscriptions that are due, the acts above their marks, and
//! the step that moves both. All subscriptions are looked at together: the acts that changed are read
//! once and sieved by each distinct list ([`guetteur_search::Sieve`]).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{ActId, SubscriptionId};
use guetteur_publish::address::Filters;
use guetteur_publish::subscribing::next_due;
use guetteur_publish::{Catalogue, french};
use guetteur_store::{
    ActChange, Channel, Frequency, Known, NewMessage, Payload, Subscription, Telling, Told,
};

use crate::decide::{Changed, decide, decide_ended, is_news, news_since};
use crate::{NotifyError, websub};

/// Acts of one message; further ones are in the next.
const MOST_ACTS: usize = 50;
/// Changes read at a time.
const BATCH: u32 = 1000;
/// A hub is told of entries that changed in place, and of nothing new, so often at most: when rules are
/// better all of them change, piece by piece.
const BETWEEN_PINGS: TimeDelta = TimeDelta::minutes(1);
/// Subscriptions moved on in one transaction: others write meanwhile.
const TOGETHER: usize = 1000;

/// Queues what is to be told of all that the index holds by now. Gives how many messages.
///
/// The mark is the revision of the index, not the time: what is indexed late is told late, not never.
pub(crate) async fn queue_due(catalogue: &Catalogue) -> Result<usize, NotifyError> {
    let now = catalogue.now();
    let mut due = catalogue.store.due_subscriptions(now).await?;
    let waiting = catalogue.store.waiting_subscriptions(now).await?;
    if due.is_empty() && waiting.is_empty() {
        return Ok(0);
    }
    let to = indexed(catalogue).await?;
    let due_now: HashSet<SubscriptionId> = due.iter().map(|subscription| subscription.id).collect();
    due.extend(waiting);
    due.retain(|subscription| {
        subscription.told_revision < to || subscription.frequency != Frequency::Immediate
    });
    let Some(from) = due.iter().map(|subscription| subscription.told_revision).min() else {
        return Ok(0);
    };
    let news = Arc::new(News::read(catalogue, from, to).await?);
    // Whoever was told just now waits, unless something starts before they could act.
    let urgent = news.urgent(now);
    due.retain(|subscription| due_now.contains(&subscription.id) || !urgent.is_empty());
    let (asked, lists) = (Arc::clone(&news), catalogue.clone());
    let queries: Vec<String> = due.iter().map(|one| one.query.clone()).collect();
    let held = tokio::task::spawn_blocking(move || asked.held_by(&lists, &queries)).await??;
    let mut queued = 0;
    for together in due.chunks(TOGETHER) {
        let tellings = together.iter().map(|one| news.telling(catalogue, one, &held, to, now));
        let in_time = |telling: &Telling| {
            due_now.contains(&telling.subscription)
                || telling.told.iter().any(|(id, what)| *what == Told::New && urgent.contains(id))
        };
        let tellings: Vec<Telling> = tellings.filter(in_time).collect();
        let moved = catalogue.store.tell(&tellings, now).await?;
        let told = tellings.iter().filter(|telling| moved.contains(&telling.subscription));
        queued += told.map(|telling| telling.messages.len()).sum::<usize>();
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

/// Acts that lists hold, by the query string of the list.
type Held = HashMap<String, Vec<ActId>>;

/// What happened since the mark that is furthest behind.
struct News {
    changes: BTreeMap<ActId, ActChange>,
    /// Acts that another one ends, changed themselves or not.
    ended: HashMap<ActId, Told>,
    /// What was told of all of them.
    known: guetteur_store::KnownOf,
    since: chrono::NaiveDate,
}

impl News {
    async fn read(catalogue: &Catalogue, from: i64, to: i64) -> Result<Self, NotifyError> {
        let since = news_since(catalogue.today());
        let (mut changes, mut after) = (BTreeMap::new(), from);
        loop {
            let batch = catalogue.store.act_changes(after, to, since, BATCH).await?;
            let Some(last) = batch.last() else { break };
            after = last.revision;
            changes.extend(batch.into_iter().map(|change| (change.id, change)));
        }
        let mut ids: Vec<ActId> = changes.keys().copied().collect();
        let ended = catalogue.ends_of(&ids).await?;
        ids.extend(ended.keys().filter(|id| !changes.contains_key(id)));
        let known = catalogue.store.told(&ids).await?;
        Ok(Self { changes, ended, known, since })
    }

    /// Acts that start within a day of `now`, or started in the day before.
    fn urgent(&self, now: DateTime<Utc>) -> HashSet<ActId> {
        let today = french::today(now);
        let soon = |act: &&ActChange| {
            act.valid_from
                .as_ref()
                .is_some_and(|start| (-1..=1).contains(&(start.date() - today).num_days()))
        };
        self.changes.values().filter(soon).map(|act| act.id).collect()
    }

    /// Which of the acts that changed each list holds, by the search engine itself.
    fn held_by(&self, catalogue: &Catalogue, queries: &[String]) -> Result<Held, NotifyError> {
        let ids: Vec<ActId> = self.changes.keys().copied().collect();
        let mut held = Held::new();
        let mut sieve = catalogue.index.sieve(&ids)?;
        for query in queries {
            if !held.contains_key(query) {
                let acts = match Filters::kept(query) {
                    Some(list) => sieve.of(&catalogue.request(&list.for_alerts()))?,
                    None => {
                        tracing::warn!(query, "a list is followed that is no longer understood");
                        Vec::new()
                    }
                };
                held.insert(query.clone(), acts);
            }
        }
        Ok(held)
    }

    fn telling(
        &self,
        catalogue: &Catalogue,
        subscription: &Subscription,
        held: &Held,
        to: i64,
        now: DateTime<Utc>,
    ) -> Telling {
        let nothing = HashMap::new();
        let known = self.known.get(&subscription.id).unwrap_or(&nothing);
        let mut acts: BTreeMap<ActId, bool> = known.keys().map(|id| (*id, false)).collect();
        let list = held.get(&subscription.query).into_iter().flatten();
        acts.extend(list.map(|id| (*id, true)));
        let (mut said, mut noted) = (Vec::new(), Vec::new());
        let (of_hub, mut rewritten) = (websub::is_ping(subscription), false);
        let unknown = Known::new();
        for (id, matches) in acts {
            let known = known.get(&id).unwrap_or(&unknown);
            let told = self.decided(subscription, id, matches, known, now);
            rewritten |= of_hub && self.is_rewritten(subscription, id, matches, known);
            said.extend(told.first().map(|what| (id, *what)));
            noted.extend(told.into_iter().map(|what| (id, what)));
        }
        let due = match subscription.frequency {
            Frequency::Immediate if rewritten && said.is_empty() => now + BETWEEN_PINGS,
            // Nothing was said: the next act need not wait.
            Frequency::Immediate if said.is_empty() || subscription.channel != Channel::Mail => now,
            frequency => next_due(frequency, catalogue.site.digest_hour, now),
        };
        Telling {
            subscription: subscription.id,
            from_revision: subscription.told_revision,
            to_revision: to.max(subscription.told_revision),
            next_due_at: due,
            messages: match of_hub {
                true => ping(subscription, rewritten || !said.is_empty(), to),
                false => messages(subscription, &said, to),
            },
            told: noted,
        }
    }

    /// Whether the entry of an act in the feeds of a list is another than it was, also where nobody is told.
    fn is_rewritten(
        &self,
        subscription: &Subscription,
        id: ActId,
        matches: bool,
        known: &Known,
    ) -> bool {
        let stands = |act: &ActChange| {
            known.contains_key(&Told::New) || (matches && is_news(act, self.since))
        };
        self.changes
            .get(&id)
            .is_some_and(|act| act.revision > subscription.told_revision && stands(act))
    }

    fn decided(
        &self,
        subscription: &Subscription,
        id: ActId,
        matches: bool,
        known: &Known,
        now: DateTime<Utc>,
    ) -> Vec<Told> {
        let ended = self.ended.get(&id).copied();
        match self.changes.get(&id).filter(|act| act.revision > subscription.told_revision) {
            Some(change) => {
                let since = subscription.confirmed_at.unwrap_or(now);
                decide(Changed { change, ended }, matches, known, since, self.since)
            }
            None => ended.and_then(|ended| decide_ended(ended, known)).into_iter().collect(),
        }
    }
}

/// A hub is told that something changed, not what.
fn ping(subscription: &Subscription, is_due: bool, to: i64) -> Vec<NewMessage> {
    let (id, from) = (subscription.id, subscription.told_revision);
    let message = || NewMessage {
        dedupe_key: format!("alert:{id}:{from}-{to}:0"),
        payload: Payload::default(),
    };
    Vec::from_iter(is_due.then(message))
}

fn messages(subscription: &Subscription, said: &[(ActId, Told)], to: i64) -> Vec<NewMessage> {
    let per_message = if subscription.channel == Channel::Mastodon { 1 } else { MOST_ACTS };
    let message = |(nth, acts): (usize, &[(ActId, Told)])| NewMessage {
        dedupe_key: format!("alert:{}:{}-{to}:{nth}", subscription.id, subscription.told_revision),
        payload: Payload { acts: acts.to_vec(), ..Payload::default() },
    };
    said.chunks(per_message).enumerate().map(message).collect()
}
