//! Authorisations of vidéoprotection that end soon, told to whoever asked for it: a renewal is asked for
//! before, and so are a balance and a debate.

use guetteur_law::Library;
use guetteur_publish::address::Filters;
use guetteur_publish::{Catalogue, reminders};
use guetteur_store::Channel;

use crate::NotifyError;

/// Acts of a list that are looked at, and told in one letter.
const LOOKED_AT: usize = 2_000;
const MOST_ACTS: usize = 50;

/// Queues a letter for each subscriber whose list has authorisations that end soon and were not told
/// yet; gives how many.
pub(crate) async fn queue(catalogue: &Catalogue, law: &Library) -> Result<usize, NotifyError> {
    let (store, now, today) = (&catalogue.store, catalogue.now(), catalogue.today());
    let mut queued = 0;
    for subscription in store.confirmed_subscriptions().await? {
        if !subscription.renewals || subscription.channel != Channel::Mail {
            continue;
        }
        let list = Filters::kept(&subscription.query).map(|list| list.on_page(1));
        let list = list.and_then(|list| reminders::ending_soon(&list, law, today));
        let Some(list) = list else { continue };
        let acts = catalogue.newest(&list, LOOKED_AT).await?;
        let mut ending = reminders::ending(&acts, law, today);
        let known = store.told(&ending).await?;
        let told = known.get(&subscription.id);
        ending.retain(|act| {
            let told = told.and_then(|acts| acts.get(act));
            !told.is_some_and(|told| told.contains_key(&guetteur_store::Told::Ending))
        });
        ending.truncate(MOST_ACTS);
        if !ending.is_empty() && store.tell_endings(subscription.id, &ending, now).await? {
            queued += 1;
        }
    }
    Ok(queued)
}
