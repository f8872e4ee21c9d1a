//! Which acts another one ends before their time.

use crate::boxed;
use std::collections::{HashMap, HashSet};

use chrono::DateTime;
use guetteur_model::{ActId, ActReference, Change, Facts};
use guetteur_store::{ActRecord, AlertState, Told};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::published::PublishedAct;
use crate::state::{Repeal, State};

/// Whether `changing`, which refers to `act`, repeals, withdraws or suspends it. Where it refers to
/// several acts and names this one by its day alone, only if it does so to all.
fn repeals(changing: &Facts, act: &PublishedAct) -> bool {
    let bare =
        |number: &str| -> String { number.chars().filter(|c| c.is_alphanumeric()).collect() };
    let names = |reference: &&ActReference| {
        let own = act.number.iter().chain(&act.own_number).map(|number| bare(number));
        let meant = reference.number.as_deref().map(bare);
        meant.is_some_and(|meant| own.into_iter().any(|own| own == meant))
    };
    let is_repeal = |reference: &ActReference| reference.change == Change::Repeals;
    match changing.amends.iter().find(names) {
        Some(reference) => is_repeal(reference),
        None => !changing.amends.is_empty() && changing.amends.iter().all(is_repeal),
    }
}

/// The facts do not tell a suspension from a repeal; the title of the act that does it does.
fn suspends(changing: &ActRecord) -> bool {
    let title = changing.act.title.to_lowercase();
    ["suspension", "suspend"].iter().any(|word| title.contains(word)) && !title.contains("abrog")
}

impl Catalogue {
    /// Of acts that `changed` or that those change: which of them another act or a court ends, and how.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn ends_of(&self, changed: &[ActId]) -> Result<HashMap<ActId, Told>, CatalogueError> {
        let mut ids = self.store.acts_changed_by_or_among(changed).await?;
        let judged = self.store.acts_judged_since(DateTime::UNIX_EPOCH).await?;
        let changed: HashSet<&ActId> = changed.iter().collect();
        ids.extend(judged.into_iter().filter(|id| changed.contains(id)));
        ids.sort_unstable();
        ids.dedup();
        let acts = self.acts(&ids).await?;
        let ended = acts.iter().filter(|act| act.is_ended()).filter_map(|act| {
            let told = match act.state() {
                State::Repealed => Told::Repealed,
                State::Suspended => Told::Suspended,
                State::Annulled => Told::Annulled,
                _ => return None,
            };
            Some((act.id, told))
        });
        Ok(ended.collect())
    }

    /// Notes on each act which other one, read and already published, ends it before its time.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn note_repeals(&self, acts: &mut [PublishedAct]) -> Result<(), CatalogueError> {
        let ids: Vec<_> = acts.iter().map(|act| act.id).collect();
        let changing = self.store.changing_acts(&ids).await?;
        if changing.is_empty() {
            return Ok(());
        }
        for act in acts {
            let ends = |by: &&ActRecord| {
                let end = act.facts.valid_to.map(|end| end.date());
                let in_time = by
                    .published_on
                    .is_none_or(|day| day <= self.today() && end.is_none_or(|end| day <= end));
                let read = by.alert.as_ref().is_none_or(|a| a.state != AlertState::ToConfirm);
                in_time && read && repeals(&by.facts, act)
            };
            let others = changing.iter().filter(|(id, _)| *id == act.id).map(|(_, by)| by);
            let first = others.filter(ends).min_by_key(|by| (by.first_seen_at, by.id));
            act.repeal = first.map(|by| Repeal {
                by: by.id,
                suspends: suspends(by),
                seen_at: by.first_seen_at,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::published::sample::act_of as act;

    #[test]
    fn a_change_is_a_repeal_of_the_act_it_means() {
        let reference = |change, number: Option<&str>| ActReference {
            change,
            kind: "arrêté".into(),
            number: number.map(str::to_owned),
            signed_on: None,
        };
        use Change::{Extends, Modifies, Repeals};
        let cases = [
            (vec![(Repeals, Some("34-2026-3"))], true),
            (vec![(Repeals, Some("34 2026/3")), (Modifies, Some("4"))], true),
            (vec![(Modifies, Some("34 2026/3")), (Repeals, Some("4"))], false),
            (vec![(Repeals, None)], true),
            (vec![(Repeals, None), (Extends, None)], false),
            (vec![], false),
        ];
        let mut meant = act(1, &["drone"], Facts::default());
        meant.number = Some("34-2026-3".into());
        for (references, expected) in cases {
            let amends = references.iter().map(|(change, number)| reference(*change, *number));
            let facts = Facts { amends: amends.collect(), ..Facts::default() };
            assert_eq!(repeals(&facts, &meant), expected, "{references:?}");
        }
    }
}
