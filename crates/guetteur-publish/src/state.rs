//! What has become of what is said of an act: the one table that every format answers for.
//!
//! To add one: a variant, its row in [`State::row`], its words in [`note`], and when it holds in
//! [`PublishedAct::state`]. The test `states_and_formats` of the site walks it through every format.

use chrono::{DateTime, Utc};
use guetteur_model::{ActId, Ruling};
use guetteur_store::{AlertState, Outcome, Turn};
use serde::Serialize;

use crate::french;
use crate::published::PublishedAct;

/// What has become of what is said of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Told from the sommaire; the act itself has not been read.
    ToConfirm,
    /// The act has been read and says so, whether a first alert told it before or not.
    Confirmed,
    /// The act, once read, says something else than its first alert.
    Corrected,
    /// The act, once read, or the lack of it, bears nothing out of its first alert.
    Withdrawn,
    /// It was withdrawn or corrected, and is true after all.
    Restored,
    /// Another act repeals or withdraws it, or its author took it back before a court ruled.
    Repealed,
    /// Another act or a court suspends it.
    Suspended,
    /// A new version of its PDF says something else than the one before.
    Changed,
    /// A court annuls it.
    Annulled,
}

/// What a calendar says of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// It may take place (`TENTATIVE`).
    Perhaps,
    /// It takes place (`CONFIRMED`).
    Yes,
    /// It does not, or no longer (`CANCELLED`).
    No,
}

impl Planned {
    /// The value of `STATUS` (RFC 5545, 3.8.1.11).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Perhaps => "TENTATIVE",
            Self::Yes => "CONFIRMED",
            Self::No => "CANCELLED",
        }
    }
}

/// Id, label, mark, what a calendar says.
struct Row(&'static str, &'static str, Option<&'static str>, Planned);

impl State {
    /// All states.
    pub const ALL: [Self; 9] = [
        Self::ToConfirm,
        Self::Confirmed,
        Self::Corrected,
        Self::Withdrawn,
        Self::Restored,
        Self::Repealed,
        Self::Suspended,
        Self::Changed,
        Self::Annulled,
    ];

    fn row(self) -> Row {
        use Planned::{No, Perhaps, Yes};
        match self {
            Self::ToConfirm => Row("to_confirm", "à confirmer", Some("À confirmer"), Perhaps),
            Self::Confirmed => Row("confirmed", "lu", None, Yes),
            Self::Corrected => Row("corrected", "corrigé", Some("Corrigé"), Yes),
            Self::Withdrawn => Row("withdrawn", "alerte retirée", Some("Alerte retirée"), No),
            Self::Restored => Row("restored", "alerte rétablie", Some("Alerte rétablie"), Yes),
            Self::Repealed => Row("repealed", "abrogé", Some("Abrogé"), No),
            Self::Suspended => Row("suspended", "suspendu", Some("Suspendu"), No),
            Self::Changed => Row("changed", "modifié", Some("Modifié"), Yes),
            Self::Annulled => Row("annulled", "annulé", Some("Annulé"), No),
        }
    }

    /// Its id in JSON and exports: `to_confirm`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().0
    }

    /// Its name for readers: `à confirmer`.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.row().1
    }

    /// The word before the title of an entry, a letter, a post; none where all is as it was told.
    #[must_use]
    pub fn mark(self) -> Option<&'static str> {
        self.row().2
    }

    /// What a calendar says of the event.
    #[must_use]
    pub fn planned(self) -> Planned {
        self.row().3
    }

    /// What the state of an alert means that was `before`.
    #[must_use]
    pub fn after(before: Option<AlertState>, state: AlertState) -> Self {
        match (before, state) {
            (_, AlertState::ToConfirm) => Self::ToConfirm,
            (_, AlertState::Withdrawn) => Self::Withdrawn,
            (Some(AlertState::Withdrawn), _) => Self::Restored,
            (Some(AlertState::Corrected), AlertState::Confirmed) => Self::Restored,
            (_, AlertState::Corrected) => Self::Corrected,
            (_, AlertState::Confirmed) => Self::Confirmed,
        }
    }
}

/// That another act ends this one before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repeal {
    /// The act that does so.
    pub by: ActId,
    /// Whether it suspends only.
    pub suspends: bool,
    /// When Guetteur first held that act.
    pub seen_at: DateTime<Utc>,
}

/// Something that became of an act, of which those who were told of it hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What became of it.
    pub state: State,
    /// When.
    pub at: DateTime<Utc>,
    /// What tells it from other events of the act; it does not change.
    pub key: String,
}

impl PublishedAct {
    /// What has become of what is said of it. That nothing of it is true weighs more than that
    /// another act ends it.
    #[must_use]
    pub fn state(&self) -> State {
        let alert = self.alert.as_ref().map(|alert| {
            let before = alert.turns.iter().rev().nth(1).map(|turn| turn.state);
            State::after(before, alert.state)
        });
        let judged = self.struck_by().map(|outcome| Self::state_after(outcome.ruling));
        let ended = judged.or_else(|| {
            self.repeal.as_ref().map(|repeal| match repeal.suspends {
                true => State::Suspended,
                false => State::Repealed,
            })
        });
        let changed = self.pdf_changes.last().filter(|change| {
            let turn = self.alert.as_ref().and_then(|alert| alert.turns.last());
            turn.is_none_or(|turn| turn.at < change.at)
        });
        match alert {
            Some(state @ (State::ToConfirm | State::Withdrawn)) => state,
            alert => {
                ended.or(changed.map(|_| State::Changed)).or(alert).unwrap_or(State::Confirmed)
            }
        }
    }

    /// What a ruling makes of an act that it ends.
    fn state_after(ruling: Ruling) -> State {
        match ruling {
            Ruling::Annulled => State::Annulled,
            Ruling::Withdrawn => State::Repealed,
            Ruling::Suspended | Ruling::Rejected | Ruling::Lifted => State::Suspended,
        }
    }

    /// What became of it since it was first told, first to last; that it was confirmed is none.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        let turns = self.alert.as_ref().map_or(&[][..], |alert| &alert.turns);
        let mut before = None;
        let mut events = Vec::new();
        for (i, Turn { state, at }) in turns.iter().enumerate() {
            let state_after = State::after(before.replace(*state), *state);
            if state_after != State::Confirmed {
                events.push(Event { state: state_after, at: *at, key: format!("suite:{}", i + 1) });
            }
        }
        // A reading that gave a turn is told by the turn.
        let by_pdf = self.pdf_changes.iter().zip(1..);
        let by_pdf = by_pdf.filter(|(change, _)| turns.iter().all(|turn| turn.at != change.at));
        events.extend(by_pdf.map(|(change, nth)| Event {
            state: State::Changed,
            at: change.at,
            key: format!("version:{nth}"),
        }));
        if matches!(self.state(), State::ToConfirm | State::Withdrawn) {
            return events;
        }
        if let Some(repeal) = &self.repeal {
            let state = if repeal.suspends { State::Suspended } else { State::Repealed };
            events.push(Event { state, at: repeal.seen_at, key: format!("fin:{}", repeal.by) });
        }
        // What leaves all as it was is none.
        let mut struck = false;
        for outcome in &self.outcomes {
            let state = match outcome.ruling {
                Ruling::Lifted if struck => State::Confirmed,
                Ruling::Rejected | Ruling::Lifted => continue,
                ruling => Self::state_after(ruling),
            };
            struck = outcome.ruling.ends_the_act();
            let key = format!("juge:{}", outcome.id);
            events.push(Event { state, at: outcome.recorded_at, key });
        }
        events.sort_by_key(|event| event.at);
        events
    }

    /// Whether the act itself, read, ever bore out what is said of it.
    #[must_use]
    pub fn was_confirmed(&self) -> bool {
        let Some(alert) = &self.alert else { return true };
        alert.state == AlertState::Confirmed
            || alert.turns.iter().any(|turn| turn.state == AlertState::Confirmed)
    }

    /// Second in which what is said of it last changed: a number that grows with each change, also where
    /// something is taken back.
    #[must_use]
    pub fn sequence(&self) -> i64 {
        let ended_at = self.repeal.as_ref().map(|repeal| repeal.seen_at);
        ended_at.into_iter().fold(self.updated_at, DateTime::max).timestamp()
    }
}

/// The word before the title of an act that is told to be suspended or annulled no more.
pub const UPHELD: &str = "Maintenu";

/// What is to be said beside the act of its state, in one sentence or two.
#[must_use]
pub fn note(act: &PublishedAct) -> Option<String> {
    if let (Some(outcome), State::Repealed | State::Suspended | State::Annulled) =
        (act.struck_by(), act.state())
    {
        return Some(judged(outcome));
    }
    match (act.state(), &act.repeal) {
        (State::Repealed, Some(repeal)) => Some(format!(
            "Abrogé : un autre acte, vu le {}, l’abroge ou le retire.",
            french::instant_in(repeal.seen_at, act.prefecture.zone)
        )),
        (State::Suspended, Some(repeal)) => Some(format!(
            "Suspendu : un autre acte, vu le {}, le suspend.",
            french::instant_in(repeal.seen_at, act.prefecture.zone)
        )),
        (State::Changed, _) => act.pdf_changes.last().map(|change| {
            format!(
                "Modifié : la préfecture a remplacé le PDF du recueil ; lue le {}, la nouvelle \
                 version de l’acte dit autre chose que la précédente.",
                french::instant_in(change.at, act.prefecture.zone)
            )
        }),
        (state, _) => alert_note(act, state),
    }
}

/// What a court decided, in a sentence: « Suspendu : Tribunal administratif de Nîmes, 14 août 2026,
/// n° 2603001 (durée excessive). »
#[must_use]
pub fn judged(outcome: &Outcome) -> String {
    let ground = outcome.ground.map(|ground| format!(" ({})", ground.label()));
    format!(
        "{} : {}, {}, n°\u{a0}{}{}.",
        french::capitalised(outcome.ruling.label()),
        outcome.court,
        french::day(outcome.decided_on),
        outcome.number,
        ground.unwrap_or_default()
    )
}

/// What is to be said of an act that was suspended or annulled and is so no more: a court ruled again,
/// or the decision was recorded by mistake.
#[must_use]
pub fn upheld(act: &PublishedAct) -> String {
    let last = act.outcomes.iter().max_by_key(|outcome| (outcome.decided_on, outcome.id));
    let last = last.map(|outcome| format!(" {}", judged(outcome))).unwrap_or_default();
    format!("{UPHELD} : l’acte n’est plus ni suspendu ni annulé.{last}")
}

fn alert_note(act: &PublishedAct, state: State) -> Option<String> {
    let alert = act.alert.as_ref()?;
    let raised = french::instant_in(alert.raised_at, act.prefecture.zone);
    let flags = alert.flags.join(", ");
    Some(match state {
        State::ToConfirm => format!(
            "À confirmer : cet acte est annoncé par le sommaire du recueil, ses pages n’ont pas \
             encore été lues. Première alerte le {raised}."
        ),
        State::Corrected => format!(
            "Corrigé à la lecture de l’acte : le sommaire annonçait le {raised} « {flags} »."
        ),
        State::Withdrawn => format!(
            "Alerte retirée : le sommaire annonçait le {raised} « {flags} », ce que la lecture \
             du recueil n’a pas confirmé."
        ),
        State::Restored => format!(
            "Alerte rétablie : annoncée d’après le sommaire le {raised}, retirée ou corrigée \
             depuis, elle est confirmée à la relecture de l’acte."
        ),
        State::Confirmed
        | State::Repealed
        | State::Suspended
        | State::Changed
        | State::Annulled => {
            format!("Annoncé d’après le sommaire le {raised}, confirmé à la lecture de l’acte.")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_has_one_id_in_json_and_exports() {
        for (nth, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(nth, state as usize, "ALL has all of them");
            assert_eq!(serde_json::to_value(state).expect("JSON"), state.id());
        }
    }

    #[test]
    fn what_was_taken_back_is_restored_by_what_bears_it_out() {
        use AlertState::{Confirmed, Corrected, ToConfirm, Withdrawn};
        let cases = [
            (None, ToConfirm, State::ToConfirm),
            (None, Confirmed, State::Confirmed),
            (None, Corrected, State::Corrected),
            (Some(Confirmed), Corrected, State::Corrected),
            (Some(Confirmed), Withdrawn, State::Withdrawn),
            (Some(Corrected), Confirmed, State::Restored),
            (Some(Withdrawn), Confirmed, State::Restored),
            (Some(Withdrawn), Corrected, State::Restored),
        ];
        for (before, state, expected) in cases {
            assert_eq!(State::after(before, state), expected, "{before:?} → {state:?}");
        }
    }
}
