//! An act as one entry of a list on a page.

use guetteur_model::restore_lost_glyphs;
use guetteur_publish::badge::Badge;
use guetteur_publish::{PublishedAct, french};
use guetteur_search::{Hit, Snippet};
use serde::Serialize;

/// A run of text, highlighted or not.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Run {
    text: String,
    marked: bool,
}

fn runs(snippet: &Snippet) -> Vec<Run> {
    snippet
        .pieces()
        .into_iter()
        .map(|(text, marked)| Run { text: text.to_owned(), marked })
        .collect()
}

fn plain(text: &str) -> Vec<Run> {
    vec![Run { text: text.to_owned(), marked: false }]
}

/// An act in a list, as a page shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ListedAct {
    path: String,
    title: Vec<Run>,
    extract: Vec<Run>,
    /// Page of the PDF that the extract stands on, when it is evidence.
    extract_page: Option<u32>,
    badges: Vec<Badge>,
    to_check: bool,
    /// What has become of it, where it is not as it was told.
    mark: Option<&'static str>,
    prefecture_code: String,
    prefecture: String,
    published: Option<String>,
    published_iso: Option<String>,
    period: Option<String>,
    notice: Option<String>,
    short_notice: bool,
    communes: Vec<String>,
    more_communes: usize,
    beneficiary: Option<String>,
    number: Option<String>,
    pdf: Option<String>,
}

impl ListedAct {
    /// The entry of an act; with `hit`, the words found are highlighted.
    #[must_use]
    pub(crate) fn new(act: &PublishedAct, hit: Option<&Hit>) -> Self {
        let title = match hit {
            Some(hit) if !hit.title.text.is_empty() => runs(&hit.title),
            _ => plain(&act.title),
        };
        let (extract, extract_page) = extract(act, hit);
        let facts = &act.facts;
        let names: Vec<String> = facts.communes.iter().map(|c| c.name.clone()).collect();
        Self {
            path: act.path(),
            title,
            extract,
            extract_page,
            badges: Badge::of(act),
            to_check: act.to_check(),
            mark: act.state().mark(),
            prefecture_code: act.prefecture.code.clone(),
            prefecture: act.prefecture.name.clone(),
            published: act.published_on().map(french::day),
            published_iso: act.published_on().map(|day| day.to_string()),
            period: french::period(facts.valid_from.as_ref(), facts.valid_to.as_ref()),
            notice: facts.notice_hours.map(french::notice),
            short_notice: facts.notice_hours.is_some_and(|hours| hours < 48.0),
            more_communes: names.len().saturating_sub(4),
            communes: names.into_iter().take(4).collect(),
            beneficiary: facts.beneficiary.clone(),
            number: act.cited_number().map(str::to_owned),
            pdf: act.pdf_path(),
        }
    }

    /// Entries without a search behind them.
    #[must_use]
    pub(crate) fn all(acts: &[PublishedAct]) -> Vec<Self> {
        acts.iter().map(|act| Self::new(act, None)).collect()
    }
}

/// The words found where some were searched, the evidence otherwise.
fn extract(act: &PublishedAct, hit: Option<&Hit>) -> (Vec<Run>, Option<u32>) {
    if let Some(hit) = hit.filter(|hit| !hit.snippet.marks.is_empty()) {
        return (runs(&hit.snippet), None);
    }
    match act.lead_evidence() {
        Some(span) => {
            let text = restore_lost_glyphs(&span.text).into_owned();
            (vec![Run { text, marked: true }], Some(span.page))
        }
        None => (hit.map(|hit| runs(&hit.snippet)).unwrap_or_default(), None),
    }
}
