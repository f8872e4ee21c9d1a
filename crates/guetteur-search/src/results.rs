//! What the index answers.

use guetteur_model::ActId;
use serde::Serialize;

use crate::{Place, Subject};

/// The answer to a [`crate::SearchRequest`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SearchResults {
    /// Acts found, on all pages.
    pub total: usize,
    /// The page asked for.
    pub hits: Vec<Hit>,
    /// Counts over all acts found; empty unless asked for.
    pub facets: Facets,
    /// The query with its misspelt words mended, when few acts were found and it finds more.
    pub suggestion: Option<String>,
    /// Which words were understood as more than themselves.
    pub expanded: Vec<Expansion>,
    /// How the query was read, where that may surprise; French, for the reader.
    pub notes: Vec<String>,
}

/// One act found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// The act.
    pub act_id: ActId,
    /// Where it stands among acts published last first.
    #[serde(skip)]
    pub place: Place,
    /// Whether it is the act itself that was found.
    pub subject: Subject,
    /// Higher is better; comparable within one answer only. 0 unless sorted by relevance.
    pub score: f32,
    /// The title with the words found.
    pub title: Snippet,
    /// A passage of the text around the words found.
    pub snippet: Snippet,
}

/// Plain text (to be escaped like any other) and the characters of it to highlight.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// Text, single spaces.
    pub text: String,
    /// Ranges of Unicode characters of `text`: from, one past the end. Ascending, not overlapping.
    pub marks: Vec<(usize, usize)>,
}

impl Snippet {
    /// The text in pieces, each with whether it is to be highlighted.
    #[must_use]
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        let starts: Vec<usize> = self.text.char_indices().map(|(i, _)| i).collect();
        let byte_of = |at: usize| starts.get(at).copied().unwrap_or(self.text.len());
        let mut pieces = Vec::new();
        let mut last = 0;
        for &(from, to) in &self.marks {
            let from = byte_of(from);
            let to = byte_of(to);
            if last < from {
                pieces.push((&self.text[last..from], false));
            }
            pieces.push((&self.text[from..to], true));
            last = to;
        }
        if last < self.text.len() {
            pieces.push((&self.text[last..], false));
        }
        pieces
    }
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// Value as [`crate::Filters`] takes it.
    pub value: String,
    /// Name for readers, where the index knows one (prefecture, commune).
    pub label: Option<String>,
    /// Acts found that have it.
    pub count: usize,
}

/// Counts by value, most frequent first, at most [`Facets::MAX_VALUES`] each. Years and months: latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// By source code.
    pub prefecture: Vec<FacetCount>,
    /// By category id, of flags at the levels asked for; without any, mentions are not counted.
    pub category: Vec<FacetCount>,
    /// By level id, of flags of the categories asked for; without any, of all.
    pub level: Vec<FacetCount>,
    /// By category and level (`drone/authorises`), whatever is asked for.
    pub flag: Vec<FacetCount>,
    /// By year of publication.
    pub year: Vec<FacetCount>,
    /// By month of publication (`2026-08`).
    pub month: Vec<FacetCount>,
    /// By INSEE code.
    pub commune: Vec<FacetCount>,
    /// By beneficiary.
    pub beneficiary: Vec<FacetCount>,
    /// By purpose (kebab-case id of [`guetteur_model::Purpose`]).
    pub purpose: Vec<FacetCount>,
    /// By doubt of law (id of [`guetteur_model::LegalDoubtKind`]).
    pub doubt: Vec<FacetCount>,
}

impl Facets {
    /// Values kept of each facet.
    pub const MAX_VALUES: usize = 120;
}

/// A word of the query that was understood as more than itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expansion {
    /// As typed.
    pub asked: String,
    /// As searched beside it, in the query language.
    pub meant: Vec<String>,
    /// Whether the words as typed were *not* searched (they would find other things); quotation
    /// marks force them.
    pub instead: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        let snippet = Snippet { text: "l'été des drones".into(), marks: vec![(2, 5), (10, 16)] };
        let expected = vec![("l'", false), ("été", true), (" des ", false), ("drones", true)];
        assert_eq!(snippet.pieces(), expected);
        assert_eq!(Snippet { text: "été".into(), marks: vec![] }.pieces(), [("été", false)]);
        let adjacent = Snippet { text: "éa".into(), marks: vec![(0, 1), (1, 2)] };
        assert_eq!(adjacent.pieces(), [("é", true), ("a", true)]);
    }
}
