//! An act as messages tell it: mail, posts.

use guetteur_model::restore_lost_glyphs;
use guetteur_store::Told;
use serde::Serialize;

use crate::badge::Badge;
use crate::facts::{self, FactRow};
use crate::french;
use crate::published::{PublishedAct, web_address};
use crate::state::{self, State};

/// What a message says of an act, in French, with absolute addresses.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ToldAct {
    /// Identity.
    pub id: i64,
    /// The word before its title: « À confirmer », « Corrigé », « Alerte retirée »…
    pub mark: Option<&'static str>,
    /// What is to be said of its state.
    pub note: Option<String>,
    /// Title.
    pub title: String,
    /// Name of who published it.
    pub prefecture: String,
    /// `Drones et hélicoptères : autorise`, strongest first.
    pub categories: Vec<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// Period of effect.
    pub period: Option<String>,
    /// Hours between publication and effect, in words.
    pub notice: Option<String>,
    /// Communes.
    pub communes: String,
    /// Number to cite.
    pub number: Option<String>,
    facts: Vec<FactRow>,
    /// The words that made the flag.
    pub quote: Option<String>,
    /// The page of the PDF that they stand on, or the act's first.
    pub page: u32,
    /// The act's page on the site.
    pub url: String,
    /// The archived PDF at that page.
    pub pdf_url: Option<String>,
    /// The original at the prefecture.
    pub source_url: Option<String>,
}

/// Facts that the head of the entry says already, or that a letter can do without.
const ELSEWHERE: [&str; 6] =
    ["valid_from", "notice_hours", "communes", "published_on", "legal_refs", "signed_by"];

/// Without the line breaks of the page.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl ToldAct {
    /// What is said of an act to a subscriber who is told `what`.
    #[must_use]
    pub fn new(act: &PublishedAct, what: Told, base_url: &str) -> Self {
        let mut told = facts::rows(act);
        told.retain(|row| !ELSEWHERE.contains(&row.key));
        let lead = act.lead_evidence();
        let communes = act.facts.communes.iter().map(|commune| commune.name.as_str());
        Self {
            id: act.id.0,
            mark: match what {
                Told::Ending => Some("Prend fin bientôt"),
                Told::Restored => State::Restored.mark(),
                Told::Upheld if !act.is_ended() => Some(state::UPHELD),
                _ => act.state().mark(),
            },
            note: match what {
                Told::Ending => Some(ending(act)),
                Told::Upheld if !act.is_ended() => Some(state::upheld(act)),
                _ => state::note(act),
            },
            title: act.title.clone(),
            prefecture: act.prefecture.name.clone(),
            categories: Badge::of(act).iter().map(Badge::words).collect(),
            published: act.published_on().map(french::day),
            period: french::period(act.facts.valid_from.as_ref(), act.facts.valid_to.as_ref()),
            notice: act.facts.notice_hours.map(french::notice),
            communes: communes.collect::<Vec<_>>().join(", "),
            number: act.cited_number().map(str::to_owned),
            facts: told,
            quote: lead.map(|span| one_line(&restore_lost_glyphs(&span.text))),
            page: lead.map_or(act.pages.from, |span| span.page),
            url: format!("{base_url}{}", act.path()),
            pdf_url: act.pdf_path().map(|path| format!("{base_url}{path}")),
            source_url: web_address(&act.bulletin.url).map(str::to_owned),
        }
    }
}

/// Of an authorisation that ends within [`crate::reminders::ENDING_DAYS`].
fn ending(act: &PublishedAct) -> String {
    let ends = match act.facts.valid_to {
        Some(to) => format!("Cette autorisation prend fin le {}.", french::day(to.date())),
        None => {
            "Cette autorisation ne donne pas de fin qui ait été lue : la durée la plus longue que \
                 permette la loi s’achève dans les quatre mois."
                .to_owned()
        }
    };
    format!(
        "{ends} Un renouvellement se demande avant : c’est le moment de demander un bilan et un débat."
    )
}
