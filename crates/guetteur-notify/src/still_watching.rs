//! The letter of a week in which nothing came: what was watched, when each source of it was last read, and
//! which cannot be read, so that silence is not taken for « nothing was published ».

use std::collections::BTreeSet;

use guetteur_publish::address::Filters;
use guetteur_publish::health::{self, Health};
use guetteur_publish::subscribing::week_end;
use guetteur_publish::{Catalogue, french};
use guetteur_store::{AlarmKind, Channel, Frequency, SourceState, Subscription};
use serde::Serialize;

use crate::NotifyError;

/// Sources told one by one; of more, those that were not read lately.
const TOLD: usize = 20;

/// Queues a letter for each subscriber who asked for it and had a quiet week; gives how many.
pub(crate) async fn queue(catalogue: &Catalogue) -> Result<usize, NotifyError> {
    let (store, now) = (&catalogue.store, catalogue.now());
    let week = week_end(catalogue.site.digest_hour, now);
    let mut queued = 0;
    for subscription in store.confirmed_subscriptions().await? {
        if subscription.still_watching
            && subscription.channel == Channel::Mail
            && !is_due(&subscription, catalogue)
            && store.tell_still_watching(subscription.id, week, now).await?
        {
            queued += 1;
        }
    }
    Ok(queued)
}

/// Whether a digest is about to be made: it may hold acts of the week.
fn is_due(subscription: &Subscription, catalogue: &Catalogue) -> bool {
    subscription.frequency != Frequency::Immediate && subscription.next_due_at <= catalogue.now()
}

/// The sources that cannot be read.
pub(crate) async fn blind(catalogue: &Catalogue) -> Result<BTreeSet<String>, NotifyError> {
    let alarms = catalogue.store.alarms(catalogue.now()).await?;
    let lasting = alarms
        .into_iter()
        .filter(|alarm| alarm.kind == AlarmKind::Blind && alarm.over_at.is_none());
    Ok(lasting.map(|alarm| alarm.subject).collect())
}

/// What the letter says of sources.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Watched {
    /// How many, in words.
    count: String,
    /// Those told one by one.
    sources: Vec<WatchedSource>,
    /// How many more were all read lately, in words.
    others: Option<String>,
    /// Whether any is blind.
    blind: bool,
}

#[derive(Debug, Serialize)]
struct WatchedSource {
    name: String,
    /// When it was last read.
    read: String,
    blind: bool,
}

impl Watched {
    /// Of the sources that a list covers; `states` is what is known of all, `blind` those that cannot be
    /// read.
    pub(crate) fn of(
        catalogue: &Catalogue,
        filters: &Filters,
        states: &[SourceState],
        blind: &BTreeSet<String>,
    ) -> Self {
        let now = catalogue.now();
        let covered = catalogue.covered(filters);
        let count = french::count(covered.len() as u64, "source surveillée", "sources surveillées");
        let all = covered.len();
        let told = covered.into_iter().filter_map(|source| {
            let state = states.iter().find(|state| state.code == source.code);
            let fresh = Health::of(state, now).is_fresh();
            let blind = blind.contains(&source.code);
            (all <= TOLD || blind || !fresh).then(|| WatchedSource {
                name: source.name.clone(),
                read: health::sentence(state, now),
                blind,
            })
        });
        let mut sources: Vec<WatchedSource> = told.collect();
        sources.sort_by_key(|source| !source.blind);
        let others = (all - sources.len()) as u64;
        let others = (others > 0).then(|| french::count(others, "autre source", "autres sources"));
        let blind = sources.iter().any(|source| source.blind);
        Self { count, sources, others, blind }
    }
}
