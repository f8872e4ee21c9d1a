//! What became of an act, as entries of their own: most readers of feeds tell nobody that an entry
//! they know has changed.

use guetteur_store::Outcome;
use serde_json::json;

use super::{Content, Entry, clean};
use crate::badge::Badge;
use crate::french;
use crate::published::PublishedAct;
use crate::site::Site;
use crate::state::{Event, State, judged};

impl Entry {
    /// The entries of what became of `act` since it was first told.
    #[must_use]
    pub fn of_events(act: &PublishedAct, site: &Site) -> Vec<Self> {
        act.events().iter().map(|event| Self::of_event(act, event, site)).collect()
    }

    fn of_event(act: &PublishedAct, event: &Event, site: &Site) -> Self {
        let mark = match (event.state.mark(), decided(act, event)) {
            (None, Some(outcome)) => french::capitalised(outcome.ruling.label()),
            (mark, _) => mark.unwrap_or_else(|| event.state.label()).to_owned(),
        };
        let page = site.absolute(&act.path());
        let told = act.alert.as_ref().map_or(&*act.title, |alert| &*alert.title);
        let first = site.tag("acte", act.id);
        let text = format!(
            "{}\nL’acte, et ce qu’il en est à présent : {page}\nPremière entrée : {first}",
            words(act, event)
        );
        let categories = act.categories().into_iter();
        let categories = categories.map(|(c, _)| (c.to_string(), c.label().to_owned()));
        Self {
            categories: categories.collect(),
            author: Some(act.prefecture.name.clone()),
            summary: Some(clean(&words(act, event))),
            content: Content::Text(text),
            follows_up: Some(first.clone()),
            data: Some(json!({ "state": event.state, "act": page, "first_entry": first })),
            ..Self::of_text(
                site.tag("acte", format!("{}:{}", act.id, event.key)),
                clean(&format!("[{mark}] {told} — {}", act.prefecture.name)),
                String::new(),
                // feed2imap takes entries with one link for one entry.
                format!("{page}#{}", event.key.replace(':', "-")),
                event.at,
            )
        }
    }
}

/// The decision of a court that an event is.
fn decided<'a>(act: &'a PublishedAct, event: &Event) -> Option<&'a Outcome> {
    act.outcomes.iter().find(|outcome| event.key == format!("juge:{}", outcome.id))
}

/// What happened, in a sentence or two.
fn words(act: &PublishedAct, event: &Event) -> String {
    let zone = act.prefecture.zone;
    let at = french::instant_in(event.at, zone);
    let told = act.alert.as_ref().map(|alert| {
        let raised = french::instant_in(alert.raised_at, zone);
        format!("Le sommaire du recueil annonçait le {raised} « {} ».", alert.flags.join(", "))
    });
    let told = told.unwrap_or_else(|| format!("Annoncé : « {} ».", act.title));
    let now: Vec<String> = Badge::of(act).iter().map(Badge::words).collect();
    let now = match now.is_empty() || act.state() == State::Withdrawn {
        true => "rien de ce qui est suivi ici".to_owned(),
        false => now.join(", "),
    };
    if let Some(outcome) = decided(act, event) {
        return format!("{} {told}", judged(outcome));
    }
    match event.state {
        State::Withdrawn => {
            format!("Alerte retirée le {at}. {told} La lecture du recueil ne l’a pas confirmé.")
        }
        State::Restored => {
            format!("Alerte rétablie le {at}. {told} La relecture de l’acte le confirme : {now}.")
        }
        State::Repealed => {
            format!("Abrogé : un autre acte, vu le {at}, l’abroge ou le retire. {told}")
        }
        State::Suspended => format!("Suspendu : un autre acte, vu le {at}, le suspend. {told}"),
        State::Changed => format!(
            "Modifié le {at} : la préfecture a remplacé le PDF du recueil, et la nouvelle version \
             de l’acte dit autre chose. {told} La nouvelle version donne : {now}."
        ),
        State::Annulled | State::Corrected | State::Confirmed | State::ToConfirm => {
            format!("Corrigé le {at}. {told} La lecture de l’acte donne : {now}.")
        }
    }
}
