//! Doubts of law as pages show them.

use guetteur_model::LegalDoubt;
use guetteur_publish::PublishedAct;
use guetteur_publish::published::pdf_page_path;
use serde::Serialize;

use crate::state::AppState;

/// A doubt of law as the page shows it.
#[derive(Serialize)]
pub(crate) struct DoubtView {
    label: &'static str,
    says: String,
    dispelled_by: String,
    /// The text of law: how it is cited, and where anyone can read it.
    text: String,
    source: Option<String>,
    words: Vec<WordsView>,
}

#[derive(Serialize)]
struct WordsView {
    page: u32,
    text: String,
    href: Option<String>,
}

/// What in an act may lack a basis in law, with its words and the text.
pub(crate) fn doubts(state: &AppState, act: &PublishedAct) -> Vec<DoubtView> {
    let view = |doubt: &LegalDoubt| {
        let text = state.letters.law().text(&doubt.text);
        DoubtView {
            label: doubt.kind.label(),
            says: doubt.says.clone(),
            dispelled_by: doubt.dispelled_by.clone(),
            text: text.map_or_else(|| doubt.text.clone(), |text| text.in_full()),
            source: text
                .filter(|text| text.source.starts_with("https://"))
                .map(|text| text.source.clone()),
            words: doubt
                .evidence
                .iter()
                .map(|span| WordsView {
                    page: span.page,
                    text: span.text.split_whitespace().collect::<Vec<_>>().join(" "),
                    href: act.served_pdf().map(|sha| pdf_page_path(sha, span.page)),
                })
                .collect(),
        }
    };
    act.facts.legal_doubts.iter().map(view).collect()
}
