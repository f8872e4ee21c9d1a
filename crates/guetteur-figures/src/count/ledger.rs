//! All acts that count, and what they do to each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use guetteur_model::ActId;

use super::act::{Manner, last_day};
use super::{CountedAct, Footing, Reason};

/// `changer` names `changed` as an act that it modifies, extends or repeals.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct ChangeLink {
    /// Id of the act that does it.
    pub changer: ActId,
    /// Id of the act that it is done to.
    pub changed: ActId,
}

/// Calendar days, both ends included, on the clock of the prefecture.
pub type Span = (NaiveDate, NaiveDate);

/// Acts by id, with the days on which each was in force.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    acts: BTreeMap<ActId, Arc<CountedAct>>,
    /// Who changes an act, and whom it changes.
    changed_by: BTreeMap<ActId, BTreeSet<ActId>>,
    changes: BTreeMap<ActId, BTreeSet<ActId>>,
    /// Days in force; `None` for an act that was repealed before it began.
    in_force: BTreeMap<ActId, Result<Option<Span>, Reason>>,
}

impl Ledger {
    /// Enters acts, in the place of those with the same id.
    pub fn enter(&mut self, acts: impl IntoIterator<Item = CountedAct>) {
        self.acts.extend(acts.into_iter().map(|act| (act.id, Arc::new(act))));
    }

    /// Strikes out acts.
    pub fn strike(&mut self, ids: &[ActId]) {
        for id in ids {
            self.acts.remove(id);
        }
    }

    /// Works out who was in force when, of all acts and with all links.
    pub fn settle(&mut self, links: &[ChangeLink]) {
        (self.changed_by, self.changes) = (BTreeMap::new(), BTreeMap::new());
        self.link(links);
        let days = |act: &Arc<CountedAct>| (act.id, self.days(act));
        self.in_force = self.acts.values().map(days).collect();
    }

    /// The same after these acts alone were entered or struck out; `links` are all in which they have
    /// a part.
    pub fn settle_some(&mut self, ids: &[ActId], links: &[ChangeLink]) {
        let mut touched: BTreeSet<ActId> = ids.iter().copied().collect();
        for id in ids {
            let changers = self.changed_by.remove(id).unwrap_or_default();
            let changed = self.changes.remove(id).unwrap_or_default();
            for (others, names) in
                [(&changers, &mut self.changes), (&changed, &mut self.changed_by)]
            {
                for other in others {
                    names.entry(*other).and_modify(|named| named.retain(|known| known != id));
                }
            }
            touched.extend(changers.into_iter().chain(changed));
        }
        self.link(links);
        touched.extend(links.iter().flat_map(|link| [link.changer, link.changed]));
        for id in touched {
            match self.acts.get(&id).map(|act| self.days(act)) {
                Some(days) => self.in_force.insert(id, days),
                None => self.in_force.remove(&id),
            };
        }
    }

    fn link(&mut self, links: &[ChangeLink]) {
        for link in links.iter().filter(|link| link.changer != link.changed) {
            self.changed_by.entry(link.changed).or_default().insert(link.changer);
            self.changes.entry(link.changer).or_default().insert(link.changed);
        }
    }

    fn days(&self, act: &CountedAct) -> Result<Option<Span>, Reason> {
        let known = |ids: &BTreeMap<ActId, BTreeSet<ActId>>| -> Vec<Arc<CountedAct>> {
            let ids = ids.get(&act.id).into_iter().flatten();
            ids.filter_map(|id| self.acts.get(id).cloned()).collect()
        };
        let (from, mut to) = said(act, &known(&self.changes))?;
        if let Some(last) = act.struck_on.and_then(|day| day.pred_opt()) {
            to = to.min(last);
        }
        cut((from, to), &known(&self.changed_by))
    }

    /// All acts, by id.
    pub fn acts(&self) -> impl Iterator<Item = &CountedAct> {
        self.acts.values().map(|act| &**act)
    }

    /// Which act changes which.
    pub fn links(&self) -> impl Iterator<Item = ChangeLink> {
        let of = |(&changer, changed): (&ActId, &BTreeSet<ActId>)| {
            changed.iter().map(move |&changed| ChangeLink { changer, changed }).collect::<Vec<_>>()
        };
        self.changes.iter().flat_map(of)
    }

    /// The days on which an act was in force, or why that is not known. `Ok(None)`: it was repealed
    /// before it began.
    ///
    /// # Errors
    /// The reason for which it is not known.
    pub fn in_force(&self, id: ActId) -> Result<Option<Span>, Reason> {
        self.in_force.get(&id).copied().unwrap_or(Err(Reason::NoPeriod))
    }
}

/// The days that an act gives itself. One that extends another and says only until when goes on
/// from the start of the other.
fn said(act: &CountedAct, changed: &[Arc<CountedAct>]) -> Result<Span, Reason> {
    if let Some(days) = act.own_days() {
        return Ok(days);
    }
    if let Some(reason) = act.doubt {
        return Err(reason);
    }
    match (act.valid_from, act.valid_to) {
        // Both are said, and the end comes first.
        (Some(_), Some(_)) => Err(Reason::Doubted),
        _ if act.manner == Manner::Modifies => Err(Reason::Modifies),
        (Some(_), None) => Err(Reason::NoEnd),
        (None, None) => Err(Reason::NoPeriod),
        (None, Some(end)) => {
            let [extended] = changed else { return Err(Reason::NoStart) };
            let from = extended.own_days().map(|(from, _)| from);
            let days = from.zip(last_day(end)).filter(|(from, to)| from <= to);
            days.filter(|_| act.manner == Manner::Extends).ok_or(Reason::NoStart)
        }
    }
}

/// `span` up to the day before a repeal.
fn cut(span: Span, changers: &[Arc<CountedAct>]) -> Result<Option<Span>, Reason> {
    let (from, mut to) = span;
    for changer in changers.iter().filter(|changer| changer.footing == Footing::Read) {
        match changer.manner {
            Manner::Mixed => return Err(Reason::PerhapsRepealed),
            Manner::Repeals => {
                let day = changer.takes_effect_on().ok_or(Reason::RepealedSometime)?;
                to = to.min(day.pred_opt().unwrap_or(day));
            }
            Manner::Alone | Manner::Modifies | Manner::Extends => {}
        }
    }
    Ok((from <= to).then_some((from, to)))
}
